/*
 * Making a flow and asking it what it is. The order of things: options are checked before the directory is touched, the
 * directory is scanned before memory is taken for batches, and threads come with the first batch only.
 */
#define _GNU_SOURCE /* O_DIRECTORY, O_CLOEXEC under any -std */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "flow/options.h"
#include "flow/split.h"
#include "flow/stream.h"

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static int check_classes(const lade_flow *flow, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;

    if (o->class_mode == LADE_BINARY && flow->scan->class_count != 2)
        return lade_error_set(err, LADE_EINVAL,
                              "class_mode is binary, but %s has %d classes: take categorical or sparse, or list two "
                              "folders in `classes`",
                              flow->scan->directory, flow->scan->class_count);
    if (flow->scan->count == 0)
        return lade_error_set(err, LADE_EINVAL,
                              "validation_split is %g: no class of %s has enough images to leave any in subset %s",
                              o->validation_split, flow->scan->directory, lade_subset_name(o->subset));
    return LADE_OK;
}

/* What is derived of the options and the number of samples. */
static int lay_out(lade_flow *flow, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;
    int h = o->target_size[0], w = o->target_size[1], channels = lade_color_mode_channels(o->color_mode);
    bool first = o->data_format == LADE_CHANNELS_FIRST;
    size_t bytes;

    flow->shard = (struct lade__shard){flow->scan->count, o->batch_size, o->rank, o->world};
    flow->decode = (struct lade_decode_options){.color_mode = o->color_mode,
                                                .target_size = {h, w},
                                                .interpolation = o->interpolation,
                                                .keep_aspect_ratio = o->keep_aspect_ratio,
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
        .columns = o->class_mode == LADE_NONE          ? 0
                   : o->class_mode == LADE_CATEGORICAL ? flow->scan->class_count
                                                       : 1,
        .rows = lade__shard_rows(&flow->shard),
    };
    if (__builtin_mul_overflow(flow->layout.row_bytes + (size_t)flow->layout.columns * sizeof(float) + 16,
                               (size_t)flow->layout.rows, &bytes) ||
        bytes > SIZE_MAX / 4)
        return lade_error_set(err, LADE_EINVAL,
                              "batch_size is %lld: a batch of %dx%d images is more than memory can "
                              "ever be; take a smaller one",
                              (long long)o->batch_size, h, w);
    return lade_augment_check(&flow->augment, err);
}

static int open_all(lade_flow *flow, const char *directory, const struct lade_flow_options *given,
                    struct lade_error *err) {
    struct lade_scan_options wanted = {given ? given->classes : NULL, flow->options.follow_links};
    const struct lade_flow_options *o = &flow->options;

    flow->scan = lade_scan_directory(directory, &wanted, err);
    if (!flow->scan)
        return err->code;
    flow->root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (flow->root < 0)
        return lade_error_from_errno(err, errno, "%s cannot be opened", directory);
    lade__split_apply(flow->scan, o->split, o->subset, o->validation_split, o->seed);
    if (check_classes(flow, err) < 0 || lay_out(flow, err) < 0)
        return LADE_EINVAL;
    flow->ring = lade__ring_new(&flow->layout);
    if (!flow->ring)
        return lade_error_set(err, LADE_ENOMEM, "%s: no memory for a stream", directory);
    return LADE_OK;
}

lade_flow *lade_flow_from_directory(const char *directory, const struct lade_flow_options *options,
                                    struct lade_error *err) {
    struct lade_flow_options resolved;
    struct lade_error own = {0};
    lade_flow *flow;

    err = err ? err : &own;
    if (lade__options_resolve(&resolved, options, err) < 0)
        return NULL;
    flow = lade_calloc(1, sizeof *flow);
    if (!flow) {
        lade_error_set(err, LADE_ENOMEM, "%s: no memory for a stream", directory);
        return NULL;
    }
    flow->options = resolved;
    flow->root = -1;
    flow->refs = 1;
    pthread_mutex_init(&flow->starting, NULL); /* with default attributes these cannot fail */
    if (open_all(flow, directory, options, err) == LADE_OK) {
        lade__report_init(&flow->report, flow->scan->count);
        return flow;
    }
    lade_flow_free(flow);
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
    lade_scan_free(flow->scan);
    if (flow->root >= 0)
        close(flow->root);
    pthread_mutex_destroy(&flow->starting);
    flow->closed = true;
    lade__flow_unref(flow);
}

/* ---- Looking ----------------------------------------------------------------------------------------------------- */

int64_t lade_flow_samples(const lade_flow *flow) {
    return flow->shard.samples;
}

int64_t lade_flow_steps(const lade_flow *flow) {
    return lade__shard_steps(&flow->shard);
}

int lade_flow_classes(const lade_flow *flow) {
    return flow->scan->class_count;
}

const char *const *lade_flow_class_names(const lade_flow *flow) {
    return flow->scan->names;
}

int lade_flow_class_index(const lade_flow *flow, const char *name) {
    for (int c = 0; c < flow->scan->class_count; c++)
        if (strcmp(flow->scan->names[c], name) == 0)
            return c;
    return -1;
}

int64_t lade_flow_class_count(const lade_flow *flow, int c) {
    return lade_scan_class_count(flow->scan, c);
}

int lade_flow_class_of(const lade_flow *flow, int64_t i) {
    return lade_scan_class_of(flow->scan, i);
}

void lade_flow_sample_shape(const lade_flow *flow, int64_t shape[3]) {
    memcpy(shape, flow->layout.shape, sizeof flow->layout.shape);
}

int64_t lade_flow_filename(const lade_flow *flow, int64_t i, char *buffer, size_t size) {
    return lade_scan_path(flow->scan, i, buffer, size);
}

int64_t lade_flow_bad_count(lade_flow *flow) {
    return lade__report_count(&flow->report);
}

int lade_flow_bad(lade_flow *flow, int64_t i, struct lade_bad_file *out) {
    return lade__report_get(&flow->report, i, out);
}

void lade_flow_counters(lade_flow *flow, struct lade_flow_counters *out) {
    *out = (struct lade_flow_counters){.batches = __atomic_load_n(&flow->batches, __ATOMIC_RELAXED)};
    pthread_mutex_lock(&flow->starting);
    struct lade__workers *workers = flow->workers;
    pthread_mutex_unlock(&flow->starting);
    if (workers)
        lade__workers_counters(workers, out);
}
