/*
 * Making a flow. The order of things: options are checked before the source is touched, the source is listed before
 * memory is taken for batches, and threads come with the first batch only.
 */
#include <string.h>

#include "flow/options.h"
#include "flow/stream.h"

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static int check_classes(const lade_flow *flow, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;
    const struct lade__samples *s = &flow->samples;

    if (lade__labelled_by_class(o->class_mode) && !s->class_count)
        return lade_error_set(err, LADE_EINVAL, "class_mode is %s, but %s has no classes: take raw, none or input",
                              lade_class_mode_name(o->class_mode), s->source);
    if (o->class_mode == LADE_RAW && !s->values)
        return lade_error_set(err, LADE_EINVAL,
                              "class_mode is raw, but %s has no numbers for labels: take categorical, sparse or none",
                              s->source);
    if (o->class_mode == LADE_BINARY && s->class_count != 2)
        return lade_error_set(err, LADE_EINVAL,
                              "class_mode is binary, but %s has %d classes: take categorical or sparse, or list two of "
                              "them in `classes`",
                              s->source, s->class_count);
    if (s->tag_first && o->class_mode != LADE_CATEGORICAL)
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
    case LADE_CATEGORICAL:
        return flow->samples.class_count;
    case LADE_RAW:
        return flow->samples.columns;
    case LADE_BINARY:
    case LADE_SPARSE:
        return 1;
    default:
        return 0;
    }
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
    flow->augment =
        (struct lade_augment){o->width_shift_range, o->height_shift_range, o->shift_unit, o->fill_mode, o->cval,
                              o->horizontal_flip,   o->vertical_flip};
    flow->augments = o->horizontal_flip || o->vertical_flip || o->width_shift_range != 0 || o->height_shift_range != 0;
    flow->output = (struct lade_output){o->dtype == LADE_UINT8, o->data_format, o->rescale};
    flow->layout = (struct lade__layout){
        .dtype = o->dtype,
        .shape = {first ? channels : h, first ? h : w, first ? w : channels},
        .row_bytes = lade_output_bytes(&flow->output, h, w, channels),
        .columns = label_columns(flow),
        .rows = lade__shard_rows(&flow->shard),
        .y_is_x = o->class_mode == LADE_INPUT,
        .weighted = flow->samples.weights != NULL,
    };
    if (__builtin_mul_overflow(flow->layout.row_bytes + (size_t)flow->layout.columns * sizeof(float) + 20,
                               (size_t)flow->layout.rows, &bytes) ||
        bytes > SIZE_MAX / 4)
        return lade_error_set(err, LADE_EINVAL,
                              "batch_size is %lld: a batch of %dx%d images is more than memory can "
                              "ever be; take a smaller one",
                              (long long)o->batch_size, h, w);
    if (flow->augments && flow->samples.x && flow->samples.x->dtype == LADE_FLOAT32)
        return lade_error_set(err, LADE_EINVAL, "x is float32: augmentation needs uint8, 0 to 255");
    return lade_augment_check(&flow->augment, err);
}

/* Classes are drawn by weight: the weights, of the flow's own, and the plan. */
static int balance(lade_flow *flow, struct lade_error *err) {
    struct lade_flow_options *o = &flow->options;
    size_t bytes = (size_t)flow->samples.class_count * sizeof *flow->class_weights;

    if (o->order != LADE_BALANCED)
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
    if (status == LADE_OK)
        status = lay_out(flow, err);
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

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

static void free_benches(lade_flow *flow) {
    for (int i = 0; flow->benches && i < flow->options.workers; i++) {
        lade_decoder_free(flow->benches[i].decoder);
        lade__bytes_release(&flow->benches[i].file);
    }
    lade_free(flow->benches);
    flow->benches = NULL;
}

static int make_benches(lade_flow *flow) {
    flow->benches = lade_calloc((size_t)flow->options.workers, sizeof *flow->benches);
    for (int i = 0; flow->benches && i < flow->options.workers; i++)
        if (!(flow->benches[i].decoder = lade_decoder_new()))
            free_benches(flow);
    return flow->benches ? LADE_OK : LADE_ENOMEM;
}

struct lade__workers *lade__flow_start(lade_flow *flow, struct lade_error *err) {
    struct lade__job job = {flow, lade__shard_steps(&flow->shard), lade__flow_plan, lade__sample_make};

    pthread_mutex_lock(&flow->starting);
    if (!flow->workers && make_benches(flow) < 0) {
        lade_error_set(err, LADE_ENOMEM, "no memory for %d workers", flow->options.workers);
    } else if (!flow->workers) {
        flow->workers = lade__workers_new(flow->ring, flow->options.workers, &job, err);
        if (flow->workers)
            lade__workers_seek(flow->workers, flow->epoch, flow->step);
        else
            free_benches(flow);
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
    free_benches(flow);
    if (flow->ring)
        lade__report_release(&flow->report);
    lade__ring_close(flow->ring);
    lade__balance_release(&flow->balance);
    lade__samples_release(&flow->samples);
    lade_free(flow->class_weights);
    pthread_mutex_destroy(&flow->starting);
    flow->closed = true;
    lade__flow_unref(flow);
}
