/*
 * One sample, from its place in the epoch to its row in the batch. Everything it depends on is in (seed, epoch, sample)
 * and the file; everything it changes is its own row and its thread's bench - so any thread may do any sample.
 */
#define _GNU_SOURCE /* O_CLOEXEC under any -std */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "flow/flow_impl.h"
#include "image/decoder.h"

/* What is made, and where it goes. */
struct task {
    lade_flow *flow;
    struct lade__bench *bench;
    const struct lade__slot *slot;
    int64_t row;
    int64_t sample;
    uint64_t draw; /* the number that its random transformation is drawn by */
    struct lade_flow_counters *counters;
};

void lade__flow_plan(void *ctx, struct lade__slot *slot) {
    const lade_flow *flow = ctx;

    slot->rows = lade__shard_share(&flow->shard, slot->step, &slot->first);
    lade__order_init(&slot->order, flow->options.order, flow->options.seed, slot->epoch, flow->shard.samples,
                     &flow->balance);
}

/* ---- From the file to the row ------------------------------------------------------------------------------------ */

/* Fills @err with "data/train/cat/1.jpg: " and @words. */
static int name_file(const struct task *t, int status, const char *words, struct lade_error *err) {
    const char *path = t->bench->path, *below = *path == '/' ? "" : t->flow->samples.files->directory;

    return lade_error_set(err, status, "%s%s%s: %s", below, *below ? "/" : "", path, words);
}

static int open_file(const struct task *t, int64_t sample) {
    struct lade__bench *bench = t->bench;
    int64_t length = lade__samples_path(&t->flow->samples, sample, bench->path, sizeof bench->path);

    errno = ENAMETOOLONG;
    if (length >= (int64_t)sizeof bench->path)
        return -1;
    /* O_NONBLOCK: what has become a FIFO is not waited for */
    return openat(t->flow->samples.root, bench->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/*
 * On a disk, reading takes as long as decoding or far longer, and the order is known: files that are wanted soon are
 * asked for. From the page cache nothing is won and opening a file twice costs much, so every 64th sample looks whether
 * the one 64 or more behind it has to come from a disk, and as long as they do all samples look.
 */
static void read_ahead(const struct task *t) {
    enum { DISTANCE = 64 };
    const struct lade__shard *shard = &t->flow->shard;
    const struct lade__slot *slot = t->slot;
    int64_t here = slot->first + t->row, pass;
    int left = __atomic_load_n(&t->flow->ahead, __ATOMIC_RELAXED);

    if (left == 0 && here % DISTANCE != 0)
        return;
    if (left > 0)
        __atomic_store_n(&t->flow->ahead, left - 1, __ATOMIC_RELAXED);
    here += (DISTANCE + slot->rows - 1) / slot->rows * shard->batch;
    int fd = here < shard->samples ? open_file(t, lade__order_at(&slot->order, here, &pass)) : -1;
    if (fd < 0)
        return;
    if (lade__sys_read_ahead(fd))
        __atomic_store_n(&t->flow->ahead, DISTANCE, __ATOMIC_RELAXED);
    close(fd);
}

static int read_file(const struct task *t, struct lade_error *err, bool *fatal) {
    const lade_flow *flow = t->flow;
    struct lade__bench *bench = t->bench;
    struct lade_error cause = {0};
    int fd = open_file(t, t->sample);

    if (fd < 0) {
        *fatal = errno == EMFILE || errno == ENFILE;
        int status = lade_error_from_errno(&cause, errno, NULL, "cannot be opened");
        return name_file(t, status, cause.message, err);
    }
    uint64_t limit = flow->options.limits.max_file_bytes;
    int status = lade__sys_read_fd(fd, limit < SIZE_MAX ? (size_t)limit : 0, &bench->file, &cause);
    close(fd);
    return status < 0 ? name_file(t, status, cause.message, err) : LADE_OK;
}

/* The random part of the image that is used: its size has to be known for that. */
static int draw_crop(const struct task *t, struct lade_box *crop, struct lade_error *err) {
    const struct lade_flow_options *o = &t->flow->options;
    const struct lade_crop_range range = {{o->crop_scale[0], o->crop_scale[1]}, {o->crop_ratio[0], o->crop_ratio[1]}};
    const struct lade__bytes *file = &t->bench->file;
    struct lade_random random;
    int height, width;

    int status = lade_image_size(file->data, file->size, o->exif_orientation, &height, &width, err);
    if (status < 0)
        return status;
    lade_random_init(&random, o->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_CROP);
    lade_crop_draw(&range, &random, height, width, crop);
    return LADE_OK;
}

static int decode_file(const struct task *t, struct lade_image *image, struct lade_error *err) {
    struct lade__bench *bench = t->bench;
    struct lade_decode_options options = t->flow->decode;
    struct lade_error cause = {0};
    int status = t->flow->options.crop == LADE_CROP_RANDOM ? draw_crop(t, &options.crop, &cause) : LADE_OK;

    if (status == LADE_OK)
        status = lade_image_decode_resized(bench->decoder, bench->file.data, bench->file.size, &options, image, &cause);
    return status < 0 ? name_file(t, status, cause.message, err) : LADE_OK;
}

/* Augmented, and all the way into the batch, unless something comes between (finish). */
static int place_image(const struct task *t, const struct lade_image *image, struct lade_error *err) {
    const lade_flow *flow = t->flow;
    const struct lade_output plain = {.uint8 = flow->output.uint8, .data_format = flow->output.data_format};
    void *to = t->slot->x + (size_t)t->row * flow->layout.row_bytes;
    struct lade_transform transform;
    struct lade_random random;

    lade_random_init(&random, flow->options.seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_AUGMENT);
    lade_transform_draw(&flow->augment, &random, image->height, image->width, &transform);
    return lade_image_to_tensor(t->bench->decoder, image, &transform, flow->finishes ? &plain : &flow->output, to, err);
}

/* A row of an array of floats goes as it is. */
static void place_floats(const struct task *t, const float *from) {
    const lade_flow *flow = t->flow;
    const struct lade_tensor *x = flow->samples.x;
    float *to = (float *)(void *)(t->slot->x + (size_t)t->row * flow->layout.row_bytes);
    int64_t channels = x->shape[3], pixels = x->shape[1] * x->shape[2];
    bool last = flow->output.data_format == LADE_CHANNELS_LAST;

    for (int64_t i = 0; i < pixels; i++)
        for (int64_t c = 0; c < channels; c++)
            to[last ? i * channels + c : c * pixels + i] = from[i * channels + c];
}

/* ---- What comes after augmentation where it is not done with it -------------------------------------------------- */

static int preprocess(const struct task *t, void *row, struct lade_error *err) {
    const lade_flow *flow = t->flow;
    const struct lade_preprocessing *p = &flow->options.preprocessing_function;
    struct lade_flow_sample about = {
        .x = row, .dtype = flow->layout.dtype, .index = t->sample, .epoch = t->slot->epoch};
    struct lade_error cause = {0};
    char path[256];

    memcpy(about.shape, flow->layout.shape, sizeof about.shape);
    int status = p->call ? p->call(p->ctx, &about, &cause) : LADE_OK;
    if (status >= 0)
        return LADE_OK;
    lade__samples_path(&flow->samples, t->sample, path, sizeof path);
    return lade_error_set(err, status, "%s: preprocessing_function: %s", path, cause.message);
}

static int finish(const struct task *t, struct lade_error *err) {
    const lade_flow *flow = t->flow;
    void *row = t->slot->x + (size_t)t->row * flow->layout.row_bytes;
    int h = flow->options.target_size[0], w = flow->options.target_size[1];
    int status = preprocess(t, row, err);

    if (status < 0)
        return status;
    if (flow->saving.directory)
        lade__saving_keep(&flow->saving, t->slot, t->row);
    if (flow->output.uint8)
        return LADE_OK;
    float *values = row, scale = flow->output.rescale != 0 ? flow->output.rescale : 1;
    for (size_t i = 0; i < flow->layout.row_bytes / sizeof *values; i++)
        values[i] *= scale;
    return lade__decoder_standardize(t->bench->decoder, &flow->output, h, w,
                                     lade_color_mode_channels(flow->options.color_mode), values, err);
}

/* ---- One sample -------------------------------------------------------------------------------------------------- */

static int make_of_array(const struct task *t, struct lade_error *err) {
    const struct lade_tensor *x = t->flow->samples.x;
    int h = (int)x->shape[1], w = (int)x->shape[2], channels = (int)x->shape[3];
    size_t at = (size_t)lade__samples_row(&t->flow->samples, t->sample) * (size_t)h * (size_t)w * (size_t)channels;
    double start = lade__sys_clock();
    int status = LADE_OK;

    if (x->dtype == LADE_FLOAT32) {
        place_floats(t, (const float *)lade_tensor_data(x) + at);
    } else {
        struct lade_image image = {(uint8_t *)lade_tensor_data(x) + at, w, h, channels, (size_t)w * (size_t)channels};
        status = place_image(t, &image, err);
    }
    if (status == LADE_OK && (t->flow->finishes || x->dtype == LADE_FLOAT32))
        status = finish(t, err);
    t->counters->transform += lade__sys_clock() - start;
    t->counters->images += status == LADE_OK;
    return status;
}

static int make_of_file(const struct task *t, struct lade_error *err, bool *fatal) {
    struct lade_flow_counters *counters = t->counters;
    struct lade_image image;
    double t0 = lade__sys_clock(), t1, t2;

    read_ahead(t);
    int status = read_file(t, err, fatal);
    counters->read += (t1 = lade__sys_clock()) - t0;
    if (status == LADE_OK) {
        counters->bytes_read += (int64_t)t->bench->file.size;
        status = decode_file(t, &image, err);
        counters->decode += (t2 = lade__sys_clock()) - t1;
        if (status == LADE_OK) {
            status = place_image(t, &image, err);
            if (status == LADE_OK && t->flow->finishes)
                status = finish(t, err);
            counters->transform += lade__sys_clock() - t2;
        }
    }
    counters->images += status == LADE_OK;
    return status;
}

static int make(const struct task *t, struct lade_error *err, bool *fatal) {
    int status = t->flow->samples.x ? make_of_array(t, err) : make_of_file(t, err, fatal);

    *fatal = *fatal || status == LADE_ENOMEM;
    return status;
}

/* ---- The row ----------------------------------------------------------------------------------------------------- */

/* A good sample for the row of a bad one, chosen by (seed, epoch, sample). */
static int replace(struct task *t, struct lade__failure *failure) {
    enum { TRIES = 16 };
    const struct lade__samples *s = &t->flow->samples;
    int class = lade__samples_class(s, failure->sample), status = LADE_EFORMAT;
    struct lade_random random;
    struct lade_error err;

    lade_random_init(&random, t->flow->options.seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_REPLACE);
    for (int i = class < 0 ? TRIES : 0; i < 2 * TRIES && status < 0 && !failure->fatal; i++) {
        t->sample =
            i < TRIES
                ? lade__samples_member(s, class, (int64_t)lade_random_below(&random, (uint64_t)s->groups[class].count))
                : (int64_t)lade_random_below(&random, (uint64_t)s->count);
        status = make(t, &err, &failure->fatal);
    }
    failure->replaced = status == LADE_OK;
    if (failure->fatal)
        failure->error = err;
    return status;
}

static void label(const struct task *t) {
    const lade_flow *flow = t->flow;
    const struct lade__slot *slot = t->slot;
    int64_t columns = flow->layout.columns;

    slot->indices[t->row] = t->sample;
    lade__samples_label(&flow->samples, t->sample, flow->options.class_mode, columns, slot->y + t->row * columns);
    if (slot->weights)
        slot->weights[t->row] = flow->samples.weights[lade__samples_row(&flow->samples, t->sample)];
}

int lade__sample_make(void *ctx, int worker, const struct lade__slot *slot, int64_t row,
                      struct lade_flow_counters *counters, struct lade__failure *failure) {
    lade_flow *flow = ctx;
    int64_t position = slot->first + row, pass;
    struct task t = {flow,    &flow->benches[worker], slot, row, lade__order_at(&slot->order, position, &pass), 0,
                     counters};

    t.draw = (uint64_t)(t.sample + pass * flow->shard.samples);
    slot->positions[row] = slot->epoch * flow->shard.samples + position;
    failure->sample = t.sample;
    int status = make(&t, &failure->error, &failure->fatal);
    if (status < 0 && flow->options.on_error == LADE_ERROR_REPLACE && !failure->fatal)
        replace(&t, failure);
    label(&t);
    return status;
}
