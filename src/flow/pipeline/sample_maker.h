/*
 * Makes samples: reads, decodes, augments and standardises an image and stores it in a row of a batch.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_SAMPLE_MAKER_H
#define LADE_SRC_FLOW_PIPELINE_SAMPLE_MAKER_H

#include "flow/pipeline/saved_images.h"
#include "flow/source/samples.h"

struct lade__sample_buffers;

struct lade__sample_maker {
    /* options, samples and sampler are borrowed. The defaults of the options are filled in. */
    const struct lade_flow_options *options;
    const struct lade__samples *samples;
    const struct lade__sampler *sampler;
    const struct lade__saved_images *saved_images; /* NULL: no images are saved   (borrowed) */

    /* The next fields are computed from the options. */
    struct lade_decode_options decode;
    struct lade_augment augment;
    struct lade_output output;
    struct lade__batch_layout layout;
    bool rescale_later; /* preprocessing_function or saved images need the values before rescale */

    struct lade__sample_buffers *buffers; /* one for each worker */
    int read_ahead; /* how many of the next samples make a request, see read_ahead(); atomic, need not be exact */
};

/*
 * lade__sample_maker_init()    - computes the settings from the options and checks them. The caller must set options,
 *                                samples and sampler first. Returns LADE_OK, or LADE_EINVAL with @err filled.
 * lade__sample_maker_start()   - allocates the buffers of the workers. Returns LADE_OK or LADE_ENOMEM.
 * lade__sample_maker_release() - frees the buffers. @m may be all zero.
 */
int lade__sample_maker_init(struct lade__sample_maker *m, struct lade_error *err);
int lade__sample_maker_start(struct lade__sample_maker *m);
void lade__sample_maker_release(struct lade__sample_maker *m);

/*
 * lade__sample_maker_check_stats() - checks that the statistics that the options need are set and match the images.
 *                                    Returns LADE_OK, or LADE_ESTATE or LADE_EINVAL with @err filled.
 * lade__sample_maker_channels()    - returns the number of channels of a sample.
 * lade__sample_maker_plan()        - is the function plan of struct lade__flow_job; ctx is the sample maker.
 * lade__sample_maker_make()        - is the function make of struct lade__flow_job.
 */
int lade__sample_maker_check_stats(const struct lade__sample_maker *m, struct lade_error *err);
int lade__sample_maker_channels(const struct lade__sample_maker *m);
void lade__sample_maker_plan(void *maker, struct lade__slot *slot);
int lade__sample_maker_make(void *maker, int worker, const struct lade__slot *slot, int64_t row,
                            struct lade_flow_counters *counters, struct lade__failure *failure);

#endif
