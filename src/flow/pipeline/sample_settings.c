/*
 * Computes the settings of the sample maker, which depend only on the options and are the same for all samples.
 */
#include "flow/option/options.h"
#include "flow/pipeline/sample_image.h"
#include "image/color/standardize.h"

int lade__sample_maker_channels(const struct lade__sample_maker *m) {
    return lade_color_mode_channels(m->options->color_mode);
}

static int64_t label_columns(const struct lade__sample_maker *m) {
    switch (m->options->class_mode) {
    case LADE_CLASS_CATEGORICAL:
        return m->samples->class_count;
    case LADE_CLASS_RAW:
        return m->samples->columns;
    case LADE_CLASS_BINARY:
    case LADE_CLASS_SPARSE:
        return 1;
    default:
        return 0;
    }
}

static void set_output(struct lade__sample_maker *m) {
    const struct lade_flow_options *o = m->options;

    m->output = (struct lade_output){
        .uint8 = o->dtype == LADE_UINT8,
        .data_format = o->data_format,
        .rescale = o->rescale,
        .samplewise_center = o->samplewise_center,
        .samplewise_std_normalization = o->samplewise_std_normalization,
        .featurewise_center = o->featurewise_center,
        .featurewise_std_normalization = o->featurewise_std_normalization,
        .zca_whitening = o->zca_whitening,
        .stats = o->stats,
    };
}

static void set_layout(struct lade__sample_maker *m) {
    const struct lade_flow_options *o = m->options;
    int h = o->target_size[0], w = o->target_size[1], channels = lade__sample_maker_channels(m);
    bool first = o->data_format == LADE_CHANNELS_FIRST;

    m->layout = (struct lade__batch_layout){
        .dtype = o->dtype,
        .shape = {first ? channels : h, first ? h : w, first ? w : channels},
        .row_bytes = lade_output_bytes(&m->output, h, w, channels),
        .columns = label_columns(m),
        .rows = lade__sampler_max_rows(m->sampler),
        .y_is_x = o->class_mode == LADE_CLASS_INPUT,
        .weighted = m->samples->weights != NULL,
        .saved_bytes = o->save_to_dir ? (size_t)h * (size_t)w * (size_t)channels : 0,
    };
}

static int check_standardization(const struct lade__sample_maker *m, struct lade_error *err) {
    const int *size = m->options->target_size;
    int status = lade__standardize_steps(&m->output, size[0], size[1], lade__sample_maker_channels(m), err);

    return status == LADE_OK && m->output.stats ? lade__sample_maker_check_stats(m, err) : status;
}

int lade__sample_maker_check_stats(const struct lade__sample_maker *m, struct lade_error *err) {
    const int *size = m->options->target_size;

    return lade__standardize_stats(&m->output, size[0], size[1], lade__sample_maker_channels(m), err);
}

int lade__sample_maker_init(struct lade__sample_maker *m, struct lade_error *err) {
    const struct lade_flow_options *o = m->options;
    int h = o->target_size[0], w = o->target_size[1];
    size_t bytes;

    m->decode = (struct lade_decode_options){.color_mode = o->color_mode,
                                             .target_size = {h, w},
                                             .interpolation = o->interpolation,
                                             .keep_aspect_ratio = o->keep_aspect_ratio,
                                             .crop_resize = o->crop == LADE_CROP_CENTER ? o->crop_resize : 0,
                                             .decode = o->decode,
                                             .exif_orientation = o->exif_orientation,
                                             .limits = o->limits};
    m->rescale_later = o->preprocessing_function.call || o->save_to_dir;
    bool augments = lade__options_augment(m->options, &m->augment);
    set_output(m);
    set_layout(m);
    if (__builtin_mul_overflow(m->layout.row_bytes * 2 + (size_t)m->layout.columns * sizeof(float) + 20,
                               (size_t)m->layout.rows, &bytes) ||
        bytes > SIZE_MAX / 4)
        return lade_error_set_subject(
            err, LADE_EINVAL, "batch_size",
            "batch_size is %lld: a batch of %dx%d images does not fit in memory; use a smaller "
            "one",
            (long long)o->batch_size, h, w);
    if (augments && m->samples->x && m->samples->x->dtype == LADE_FLOAT32)
        return lade_error_set_subject(err, LADE_EINVAL, "x", "x is float32: augmentation needs uint8, 0 to 255");
    return check_standardization(m, err);
}

/* ---- The buffers of the workers ---------------------------------------------------------------------------------- */

void lade__sample_maker_release(struct lade__sample_maker *m) {
    for (int i = 0; m->buffers && i < m->options->workers; i++) {
        lade_decoder_free(m->buffers[i].decoder);
        lade__bytes_release(&m->buffers[i].file);
    }
    lade_free(m->buffers);
    m->buffers = NULL;
}

int lade__sample_maker_start(struct lade__sample_maker *m) {
    m->buffers = lade_calloc((size_t)m->options->workers, sizeof *m->buffers);
    for (int i = 0; m->buffers && i < m->options->workers; i++)
        if (!(m->buffers[i].decoder = lade_decoder_new()))
            lade__sample_maker_release(m);
    return m->buffers ? LADE_OK : LADE_ENOMEM;
}
