/*
 * Declares the list of invalid files. A file is added when its batch is delivered, so the list has the order of the
 * batches and does not depend on the threads. A file that is invalid in every epoch is added once.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_ERROR_REPORT_H
#define LADE_SRC_FLOW_PIPELINE_ERROR_REPORT_H

#include <lade/flow.h>

#include "base/monitor.h"

enum { LADE__REPORT_BYTES = 16 << 20 };

struct lade__error_report {
    struct lade__monitor monitor;
    unsigned char *seen; /* one bit for each sample; allocated for the first invalid file */
    int64_t samples;
    int64_t count; /* number of different invalid files */
    struct lade_invalid_file *files;
    int64_t entries, capacity; /* size and capacity of `files` */
    size_t bytes;              /* size of the entries and their messages; no entry is added after LADE__REPORT_BYTES */
};

/*
 * lade__error_report_init()    - returns LADE_OK or LADE_ENOMEM.
 * lade__error_report_release() - frees the memory.
 * lade__error_report_add()     - adds an invalid file. *count is set to the number of different invalid files. Returns
 *                                LADE_OK or LADE_ENOMEM.
 * lade__error_report_count()   - implements lade_flow_invalid_count().
 * lade__error_report_get()     - implements lade_flow_invalid_file().
 *
 * Any thread may call lade__error_report_add(), lade__error_report_count() and lade__error_report_get().
 */
int lade__error_report_init(struct lade__error_report *r, int64_t samples);
void lade__error_report_release(struct lade__error_report *r);
int lade__error_report_add(struct lade__error_report *r, int64_t sample, int64_t epoch, int64_t step,
                           const struct lade_error *error, int64_t *count);
int64_t lade__error_report_count(struct lade__error_report *r);
int lade__error_report_get(struct lade__error_report *r, int64_t i, struct lade_invalid_file *out);

#endif
