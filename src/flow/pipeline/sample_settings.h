/*
 * Declares the settings for making the samples of a flow. The settings are computed once, from the options and the
 * source, and are the same for all samples.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_SAMPLE_SETTINGS_H
#define LADE_SRC_FLOW_PIPELINE_SAMPLE_SETTINGS_H

#include "flow/pipeline/ring.h"
#include "flow/source/samples.h"

struct lade__sample_settings {
    /* options, samples and sampler are borrowed. The defaults of the options are filled in. */
    const struct lade_flow_options *options;
    struct lade__samples *samples;
    const struct lade__sampler *sampler;

    /* lade__sample_settings_init() computes the fields below. */
    struct lade_decode_options decode;
    struct lade_augment augment;
    bool augments;                   /* the options change images at random */
    struct lade_transform unchanged; /* the transform of every image if `augments` is false */
    struct lade_output output;
    struct lade__batch_layout layout;
    bool keep16;        /* 16-bit samples of image files are not reduced to 8 bits before they are stored */
    bool rescale_later; /* preprocessing_function or saved images need the values before rescale */
};

/*
 * lade__sample_settings_init()        - computes the settings from the options and checks them. The caller must set
 *                                       options, samples and sampler first. Returns LADE_OK, or LADE_EINVAL with @err
 *                                       filled.
 * lade__sample_settings_check_stats() - checks that the option stats is set if other options need it, and that the
 *                                       statistics match the images. Returns LADE_OK, or LADE_ESTATE or LADE_EINVAL
 *                                       with @err filled.
 * lade__sample_settings_channels()    - returns the number of channels of a sample.
 */
int lade__sample_settings_init(struct lade__sample_settings *s, struct lade_error *err);
int lade__sample_settings_check_stats(const struct lade__sample_settings *s, struct lade_error *err);
int lade__sample_settings_channels(const struct lade__sample_settings *s);

#endif
