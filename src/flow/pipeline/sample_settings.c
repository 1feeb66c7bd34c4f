/*
 * Computes the settings of samples from the options, and checks the options that depend on the source.
 */
#include "flow/pipeline/sample_settings.h"

#include "flow/option/options.h"
#include "image/color/standardize.h"

int lade__sample_settings_channels(const struct lade__sample_settings *s) {
    return lade_color_mode_channels(s->options->color_mode);
}

static int64_t label_columns(const struct lade__sample_settings *s) {
    switch (s->options->class_mode) {
    case LADE_CLASS_CATEGORICAL:
        return s->samples->class_count;
    case LADE_CLASS_RAW:
        return s->samples->columns;
    case LADE_CLASS_BINARY:
    case LADE_CLASS_SPARSE:
        return 1;
    default:
        return 0;
    }
}

static void set_output(struct lade__sample_settings *s) {
    const struct lade_flow_options *o = s->options;

    s->output = (struct lade_output){
        .uint8 = o->dtype == LADE_UINT8,
        .uint16 = o->dtype == LADE_UINT16,
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

static void set_layout(struct lade__sample_settings *s) {
    const struct lade_flow_options *o = s->options;
    int h = o->target_size[0], w = o->target_size[1], channels = lade__sample_settings_channels(s);
    bool first = o->data_format == LADE_CHANNELS_FIRST;

    s->layout = (struct lade__batch_layout){
        .dtype = o->dtype,
        .shape = {first ? channels : h, first ? h : w, first ? w : channels},
        .row_bytes = lade_output_bytes(&s->output, h, w, channels),
        .columns = label_columns(s),
        .rows = lade__sampler_max_rows(s->sampler),
        .y_is_x = o->class_mode == LADE_CLASS_INPUT,
        .weighted = s->samples->weights && o->order != LADE_ORDER_WEIGHTED,
        .saved_bytes = o->save_to_dir ? (size_t)h * (size_t)w * (size_t)channels : 0,
    };
}

static int check_standardization(const struct lade__sample_settings *s, struct lade_error *err) {
    const int *size = s->options->target_size;
    int status = lade__standardize_steps(&s->output, size[0], size[1], lade__sample_settings_channels(s), err);

    return status == LADE_OK && s->output.stats ? lade__sample_settings_check_stats(s, err) : status;
}

int lade__sample_settings_check_stats(const struct lade__sample_settings *s, struct lade_error *err) {
    const int *size = s->options->target_size;

    return lade__standardize_stats(&s->output, size[0], size[1], lade__sample_settings_channels(s), err);
}

int lade__sample_settings_init(struct lade__sample_settings *s, struct lade_error *err) {
    const struct lade_flow_options *o = s->options;
    int h = o->target_size[0], w = o->target_size[1];
    size_t bytes;

    s->decode = (struct lade_decode_options){.color_mode = o->color_mode,
                                             .target_size = {h, w},
                                             .interpolation = o->interpolation,
                                             .keep_aspect_ratio = o->keep_aspect_ratio,
                                             .crop_resize = o->crop == LADE_CROP_CENTER ? o->crop_resize : 0,
                                             .pad_to_aspect_ratio = o->pad_to_aspect_ratio,
                                             .pad_value = (uint8_t)o->pad_value,
                                             .decode = o->decode,
                                             .exif_orientation = lade__options_upright(o),
                                             .clip_grey = o->quirks == LADE_QUIRKS_KERAS3,
                                             .limits = o->limits};
    s->keep16 = o->dtype != LADE_UINT8 && o->quirks != LADE_QUIRKS_KERAS3;
    s->rescale_later = o->preprocessing_function.call || o->save_to_dir;
    s->augments = lade__options_augment(s->options, &s->augment);
    lade_transform_draw(&s->augment, &(struct lade_random){0}, h, w, &s->unchanged);
    set_output(s);
    set_layout(s);
    if (__builtin_mul_overflow(s->layout.row_bytes * 2 + (size_t)s->layout.columns * sizeof(float) + 20,
                               (size_t)s->layout.rows, &bytes) ||
        bytes > SIZE_MAX / 4)
        return lade_error_set_subject(
            err, LADE_EINVAL, "batch_size",
            "batch_size is %lld: a batch of %dx%d images does not fit in memory; use a smaller "
            "batch_size",
            (long long)o->batch_size, h, w);
    const struct lade_reader *reader = &s->samples->reader;
    if (s->augments && reader->shape[2] && reader->dtype == LADE_FLOAT32)
        return lade_error_set_subject(err, LADE_EINVAL, s->samples->source,
                                      "the images of %s are float32: augmentation needs uint8 or uint16",
                                      s->samples->source);
    if (o->quirks == LADE_QUIRKS_KERAS3 && reader->shape[2] && reader->dtype == LADE_UINT16)
        return lade_error_set_subject(err, LADE_EINVAL, "quirks",
                                      "the images of %s are uint16, which the quirks of Keras do not support",
                                      s->samples->source);
    return check_standardization(s, err);
}
