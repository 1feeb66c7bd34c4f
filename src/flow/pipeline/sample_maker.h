/*
 * Makes samples: reads, decodes, augments and standardises an image and stores it in a row of a batch.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_SAMPLE_MAKER_H
#define LADE_SRC_FLOW_PIPELINE_SAMPLE_MAKER_H

#include "flow/pipeline/sample_image.h"
#include "flow/pipeline/saved_images.h"

struct lade__sample_maker {
    struct lade__sample_settings settings;
    const struct lade__saved_images *saved_images; /* NULL: no images are saved   (borrowed) */
    struct lade__sample_buffers *buffers;          /* one for each worker */
    int hints;                                     /* see struct lade__sample_task */
};

/*
 * lade__sample_maker_start()   - opens the reader and allocates the buffers of the workers. Returns LADE_OK, or
 *                                LADE_ENOMEM or the error of the reader with @err filled.
 * lade__sample_maker_release() - frees the buffers. @m may be all zero.
 */
int lade__sample_maker_start(struct lade__sample_maker *m, struct lade_error *err);
void lade__sample_maker_release(struct lade__sample_maker *m);

/*
 * lade__sample_make() - makes the pixels of the sample of task @t. Returns LADE_OK, or an error with @err filled. If
 *                       the error ends the flow, sets *fatal to true.
 */
int lade__sample_make(const struct lade__sample_maker *m, const struct lade__sample_task *t, struct lade_error *err,
                      bool *fatal);

/*
 * lade__sample_maker_prepare() - implements prepare() of struct lade__flow_job.
 * lade__sample_maker_make()    - implements make() of struct lade__flow_job.
 *
 * @maker is the struct lade__sample_maker.
 */
void lade__sample_maker_prepare(void *maker, struct lade__slot *slot);
int lade__sample_maker_make(void *maker, int worker, const struct lade__slot *slot, int64_t row,
                            struct lade_flow_counters *counters, struct lade__failure *failure);

#endif
