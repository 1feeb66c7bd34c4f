/*
 * Making a flow. The order of things: options are checked before the source is touched, the source is listed before
 * memory is taken for batches, and threads come with the first batch only.
 */
#include <string.h>

#include "flow/option/options.h"
#include "flow/statistics/stats.h"
#include "flow/flow_impl.h"
#include "image/color/standardize.h"

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static int check_classes(const lade_flow *flow, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;
    const struct lade__samples *s = &flow->samples;

    if (lade__labelled_by_class(o->class_mode) && !s->class_count)
        return lade_error_set(err, LADE_EINVAL, "class_mode is %s, but %s has no classes: take raw, none or input",
                              lade_class_mode_name(o->class_mode), s->source);
    if (o->class_mode == LADE_CLASS_RAW && !s->values)
        return lade_error_set(err, LADE_EINVAL,
                              "class_mode is raw, but %s has no numbers for labels: take categorical, sparse or none",
                              s->source);
    if (o->class_mode == LADE_CLASS_BINARY && s->class_count != 2)
        return lade_error_set(err, LADE_EINVAL,
                              "class_mode is binary, but %s has %d classes: take categorical or sparse, or list two of "
                              "them in `classes`",
                              s->source, s->class_count);
    if (s->tag_first && o->class_mode != LADE_CLASS_CATEGORICAL)
        return lade_error_set(err, LADE_EINVAL,
                              "class_mode is %s, but a sample of %s can have several classes: take categorical",
                              lade_class_mode_name(o->class_mode), s->source);
    if (s->count == 0)
        return lade_error_set(err, LADE_EINVAL,
                              "validation_split is %g: no class of %s has enough images to leave any in subset %s",
                              o->validation_split, s->source, lade_subset_name(o->subset));
    return LADE_OK;
}

static int64_t label_columns(const lade_flow *flow) {
    switch (flow->options.class_mode) {
    case LADE_CLASS_CATEGORICAL:
        return flow->samples.class_count;
    case LADE_CLASS_RAW:
        return flow->samples.columns;
    case LADE_CLASS_BINARY:
    case LADE_CLASS_SPARSE:
        return 1;
    default:
        return 0;
    }
}

static void set_augment(lade_flow *flow) {
    const struct lade_flow_options *o = &flow->options;

    flow->augment = (struct lade_augment){
        .rotation_range = o->rotation_range,
        .width_shift_range = o->width_shift_range,
        .height_shift_range = o->height_shift_range,
        .shift_unit = o->shift_unit,
        .brightness_range = {o->brightness_range[0], o->brightness_range[1]},
        .shear_range = o->shear_range,
        .zoom_range = {o->zoom_range[0], o->zoom_range[1]},
        .channel_shift_range = o->channel_shift_range,
        .fill_mode = o->fill_mode,
        .cval = o->cval,
        .horizontal_flip = o->horizontal_flip,
        .vertical_flip = o->vertical_flip,
        .interpolation_order = o->interpolation_order,
        .quirks = o->quirks,
    };
}

static bool augments(const struct lade_augment *a) {
    return a->rotation_range != 0 || a->width_shift_range != 0 || a->height_shift_range != 0 ||
           a->brightness_range[1] != 0 || a->shear_range != 0 || a->zoom_range[0] != 0 || a->zoom_range[1] != 0 ||
           a->channel_shift_range != 0 || a->horizontal_flip || a->vertical_flip;
}

static void set_output(lade_flow *flow) {
    const struct lade_flow_options *o = &flow->options;

    flow->output = (struct lade_output){
        .uint8 = o->dtype == LADE_UINT8,
        .data_format = o->data_format,
        .rescale = o->rescale,
        .samplewise_center = o->samplewise_center,
        .samplewise_std_normalization = o->samplewise_std_normalization,
        .featurewise_center = o->featurewise_center,
        .featurewise_std_normalization = o->featurewise_std_normalization,
        .zca_whitening = o->zca_whitening,
        .stats = flow->stats,
    };
}

static int check_standard(const lade_flow *flow, int height, int width, int channels, struct lade_error *err) {
    int status = lade__standardize_steps(&flow->output, height, width, channels, err);
    if (status == LADE_OK && flow->stats)
        status = lade__standardize_stats(&flow->output, height, width, channels, err);
    return status;
}

/* What is derived of the options and the samples. */
static int lay_out(lade_flow *flow, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;
    int h = o->target_size[0], w = o->target_size[1], channels = lade_color_mode_channels(o->color_mode);
    bool first = o->data_format == LADE_CHANNELS_FIRST;
    size_t bytes;

    flow->shard = (struct lade__shard){flow->samples.count, o->batch_size, o->rank, o->world};
    flow->decode = (struct lade_decode_options){.color_mode = o->color_mode,
                                                .target_size = {h, w},
                                                .interpolation = o->interpolation,
                                                .keep_aspect_ratio = o->keep_aspect_ratio,
                                                .crop_resize = o->crop == LADE_CROP_CENTER ? o->crop_resize : 0,
                                                .decode = o->decode,
                                                .exif_orientation = o->exif_orientation,
                                                .limits = o->limits};
    set_augment(flow);
    set_output(flow);
    flow->finishes = o->preprocessing_function.call || o->save_to_dir;
    flow->layout = (struct lade__layout){
        .dtype = o->dtype,
        .shape = {first ? channels : h, first ? h : w, first ? w : channels},
        .row_bytes = lade_output_bytes(&flow->output, h, w, channels),
        .columns = label_columns(flow),
        .rows = lade__shard_rows(&flow->shard),
        .y_is_x = o->class_mode == LADE_CLASS_INPUT,
        .weighted = flow->samples.weights != NULL,
        .saved_bytes = o->save_to_dir ? (size_t)h * (size_t)w * (size_t)channels : 0,
    };
    if (__builtin_mul_overflow(flow->layout.row_bytes * 2 + (size_t)flow->layout.columns * sizeof(float) + 20,
                               (size_t)flow->layout.rows, &bytes) ||
        bytes > SIZE_MAX / 4)
        return lade_error_set(err, LADE_EINVAL,
                              "batch_size is %lld: a batch of %dx%d images is more than memory can "
                              "ever be; take a smaller one",
                              (long long)o->batch_size, h, w);
    if (augments(&flow->augment) && flow->samples.x && flow->samples.x->dtype == LADE_FLOAT32)
        return lade_error_set(err, LADE_EINVAL, "x is float32: augmentation needs uint8, 0 to 255");
    int status = lade_augment_check(&flow->augment, err);
    return status == LADE_OK ? check_standard(flow, h, w, channels, err) : status;
}

/* Classes are drawn by weight: the weights, of the flow's own, and the plan. */
static int balance(lade_flow *flow, struct lade_error *err) {
    struct lade_flow_options *o = &flow->options;
    size_t bytes = (size_t)flow->samples.class_count * sizeof *flow->class_weights;

    if (o->order != LADE_ORDER_BALANCED)
        return LADE_OK;
    if (o->class_weights && flow->samples.class_count) {
        flow->class_weights = lade_alloc(bytes);
        if (!flow->class_weights)
            return lade_error_set(err, LADE_ENOMEM, "no memory for the weights of %d classes",
                                  flow->samples.class_count);
        memcpy(flow->class_weights, o->class_weights, bytes);
    }
    o->class_weights = flow->class_weights;
    return lade__balance_init(&flow->balance, &flow->samples, flow->class_weights, err);
}

static int complete(lade_flow *flow, struct lade_error *err) {
    int status = lade__samples_index(&flow->samples, &flow->options, err);

    if (status == LADE_OK)
        status = check_classes(flow, err);
    if (status == LADE_OK)
        status = balance(flow, err);
    if (status == LADE_OK && lade__flow_use_stats(flow, flow->options.stats) < 0)
        status = lade_error_set(err, LADE_ENOMEM, "no memory for the statistics of a stream");
    if (status == LADE_OK)
        status = lay_out(flow, err);
    if (status == LADE_OK)
        status = lade__flow_describe_preprocessing(flow, err);
    if (status == LADE_OK)
        status = lade__saving_init(&flow->saving, &flow->options, flow->samples.count, err);
    flow->options.save_to_dir = flow->saving.directory;
    flow->options.save_prefix = flow->saving.prefix;
    if (status < 0)
        return status;
    flow->ring = lade__ring_new(&flow->layout);
    return flow->ring ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "%s: no memory for a stream", flow->samples.source);
}

lade_flow *lade__flow_new(struct lade__samples *samples, const struct lade_flow_options *options,
                          struct lade_error *err) {
    lade_flow *flow = lade_calloc(1, sizeof *flow);

    if (!flow) {
        lade_error_set(err, LADE_ENOMEM, "%s: no memory for a stream", samples->source);
        lade__samples_release(samples);
        return NULL;
    }
    flow->options = *options;
    flow->samples = *samples;
    flow->refs = 1;
    pthread_mutex_init(&flow->starting, NULL); /* with default attributes these cannot fail */
    if (complete(flow, err) == LADE_OK) {
        lade__report_init(&flow->report, flow->samples.count);
        return flow;
    }
    lade_flow_free(flow);
    return NULL;
}

lade_flow *lade_flow_from_directory(const char *directory, const struct lade_flow_options *options,
                                    struct lade_error *err) {
    struct lade_flow_options resolved;
    struct lade__samples samples;
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__options_resolve(&resolved, options, err) < 0)
        return NULL;
    struct lade_scan_options wanted = {options ? options->classes : NULL, resolved.follow_links};
    if (lade__samples_from_directory(&samples, directory, &wanted, err) == LADE_OK)
        return lade__flow_new(&samples, &resolved, err);
    lade__samples_release(&samples);
    return NULL;
}

int lade__flow_use_stats(lade_flow *flow, const struct lade_stats *stats) {
    struct lade_stats *copy = stats ? lade__stats_copy(stats) : NULL;

    if (stats && !copy)
        return LADE_ENOMEM;
    lade_stats_free(flow->stats);
    flow->options.stats = flow->output.stats = flow->stats = copy;
    return LADE_OK;
}

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

void lade__flow_free_benches(lade_flow *flow) {
    for (int i = 0; flow->benches && i < flow->options.workers; i++) {
        lade_decoder_free(flow->benches[i].decoder);
        lade__bytes_release(&flow->benches[i].file);
    }
    lade_free(flow->benches);
    flow->benches = NULL;
}

int lade__flow_make_benches(lade_flow *flow) {
    flow->benches = lade_calloc((size_t)flow->options.workers, sizeof *flow->benches);
    for (int i = 0; flow->benches && i < flow->options.workers; i++)
        if (!(flow->benches[i].decoder = lade_decoder_new()))
            lade__flow_free_benches(flow);
    return flow->benches ? LADE_OK : LADE_ENOMEM;
}

struct lade__workers *lade__flow_start(lade_flow *flow, struct lade_error *err) {
    struct lade__job job = {flow, lade__shard_steps(&flow->shard), lade__flow_plan, lade__sample_make};

    if (lade__standardize_stats(&flow->output, flow->options.target_size[0], flow->options.target_size[1],
                                lade_color_mode_channels(flow->options.color_mode), err) < 0)
        return NULL; /* there are none yet */
    pthread_mutex_lock(&flow->starting);
    if (!flow->workers && lade__flow_make_benches(flow) < 0) {
        lade_error_set(err, LADE_ENOMEM, "no memory for %d workers", flow->options.workers);
    } else if (!flow->workers) {
        flow->workers = lade__workers_new(flow->ring, flow->options.workers, &job, err);
        if (flow->workers)
            lade__workers_seek(flow->workers, flow->epoch, flow->step);
        else
            lade__flow_free_benches(flow);
    }
    struct lade__workers *workers = flow->workers;
    pthread_mutex_unlock(&flow->starting);
    return workers;
}

void lade__flow_unref(lade_flow *flow) {
    if (__atomic_sub_fetch(&flow->refs, 1, __ATOMIC_ACQ_REL) == 0)
        lade_free(flow);
}

void lade_flow_free(lade_flow *flow) {
    if (!flow)
        return;
    lade__workers_free(flow->workers);
    lade__flow_free_benches(flow);
    if (flow->ring)
        lade__report_release(&flow->report);
    lade__ring_close(flow->ring);
    lade__balance_release(&flow->balance);
    lade__saving_release(&flow->saving);
    lade__samples_release(&flow->samples);
    lade_free(flow->class_weights);
    lade_free(flow->preprocessing);
    lade_stats_free(flow->stats);
    pthread_mutex_destroy(&flow->starting);
    flow->closed = true;
    lade__flow_unref(flow);
}
