/*
 * Which files were bad. Added to as batches are delivered, so that the list is in the order of the stream whatever the
 * threads did; a file that is bad in every epoch is one entry.
 */
#ifndef LADE_FLOW_PIPELINE_ERROR_REPORT_H
#define LADE_FLOW_PIPELINE_ERROR_REPORT_H

#include <lade/flow.h>
#include <pthread.h>

enum { LADE__REPORT_KEPT = 10000 };

struct lade__report {
    pthread_mutex_t lock;
    unsigned char *seen; /* a bit per sample, made with the first invalid file */
    int64_t samples;
    int64_t count; /* of different invalid files */
    struct lade_invalid_file *files;
    int64_t kept, room;
};

/*
 * lade__report_init()    - LADE_OK, or LADE_ENOMEM. Give back by lade__report_release().
 * lade__report_add()     - an invalid file. LADE_OK with *count set to how many different ones there are now; LADE_ENOMEM.
 * lade__report_count(), lade__report_get() - as lade_flow_invalid_count(), lade_flow_invalid_file().
 *
 * Any thread.
 */
int lade__report_init(struct lade__report *r, int64_t samples);
void lade__report_release(struct lade__report *r);
int lade__report_add(struct lade__report *r, int64_t sample, int64_t epoch, int64_t step,
                     const struct lade_error *error, int64_t *count);
int64_t lade__report_count(struct lade__report *r);
int lade__report_get(struct lade__report *r, int64_t i, struct lade_invalid_file *out);

#endif
