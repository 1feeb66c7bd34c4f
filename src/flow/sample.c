/*
 * One sample, from its place in the epoch to its row in the batch. Everything it depends on is in (seed, epoch, sample)
 * and the file; everything it changes is its own row and its thread's bench - so any thread may do any sample.
 */
#define _GNU_SOURCE /* O_CLOEXEC under any -std */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "flow/stream.h"

void lade__flow_plan(void *ctx, struct lade__slot *slot) {
    const lade_flow *flow = ctx;

    slot->rows = lade__shard_share(&flow->shard, slot->step, &slot->first);
    lade__order_init(&slot->order, flow->options.order, flow->options.seed, slot->epoch, flow->shard.samples);
}

/* The label of a sample of class @c, as a row of y. */
static void label(const lade_flow *flow, float *y, int c) {
    int64_t columns = flow->layout.columns;

    if (flow->options.class_mode == LADE_CATEGORICAL)
        for (int64_t k = 0; k < columns; k++)
            y[k] = k == c;
    else if (columns)
        y[0] = (float)c;
}

static int read_sample(const lade_flow *flow, struct lade__bench *bench, int64_t sample, struct lade_error *err,
                       bool *fatal) {
    int64_t length = lade_scan_path(flow->scan, sample, bench->path, sizeof bench->path);
    const char *directory = flow->scan->directory;
    int fd = -1;

    errno = ENAMETOOLONG;
    if (length < (int64_t)sizeof bench->path) /* O_NONBLOCK: what has become a FIFO is not waited for */
        fd = openat(flow->root, bench->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *fatal = errno == EMFILE || errno == ENFILE;
        return lade_error_from_errno(err, errno, "%s/%s: cannot be opened", directory, bench->path);
    }
    struct lade_error cause = {0};
    uint64_t limit = flow->options.limits.max_file_bytes;
    int status = lade__sys_read_fd(fd, bench->path, limit < SIZE_MAX ? (size_t)limit : 0, &bench->file, &cause);
    close(fd);
    if (status < 0)
        lade_error_set(err, status, "%s/%s", directory, cause.message);
    return status;
}

static int decode_sample(const lade_flow *flow, struct lade__bench *bench, struct lade_image *image,
                         struct lade_error *err) {
    struct lade_error cause = {0};
    int status =
        lade_image_decode_resized(bench->decoder, bench->file.data, bench->file.size, &flow->decode, image, &cause);

    if (status < 0)
        lade_error_set(err, status, "%s/%s: %s", flow->scan->directory, bench->path, cause.message);
    return status;
}

static int place_sample(const lade_flow *flow, struct lade__bench *bench, const struct lade_image *image, int64_t epoch,
                        int64_t sample, void *to, struct lade_error *err) {
    struct lade_transform transform;
    struct lade_random random;

    if (!flow->augments)
        return lade_image_to_tensor(bench->decoder, image, NULL, &flow->output, to, err);
    lade_random_init(&random, flow->options.seed, (uint64_t)epoch, (uint64_t)sample, LADE_RANDOM_AUGMENT);
    lade_transform_draw(&flow->augment, &random, image->height, image->width, &transform);
    return lade_image_to_tensor(bench->decoder, image, &transform, &flow->output, to, err);
}

int lade__sample_make(void *ctx, int worker, const struct lade__slot *slot, int64_t row,
                      struct lade_flow_counters *counters, struct lade_error *err, bool *fatal) {
    const lade_flow *flow = ctx;
    struct lade__bench *bench = &flow->benches[worker];
    int64_t position = slot->first + row, sample = lade__order_at(&slot->order, position);
    struct lade_image image;
    double t0 = lade__sys_clock(), t1, t2;

    slot->indices[row] = sample;
    slot->positions[row] = slot->epoch * flow->shard.samples + position;
    label(flow, slot->y + row * flow->layout.columns, lade_scan_class_of(flow->scan, sample));

    int status = read_sample(flow, bench, sample, err, fatal);
    counters->read += (t1 = lade__sys_clock()) - t0;
    if (status == LADE_OK) {
        counters->bytes_read += (int64_t)bench->file.size;
        status = decode_sample(flow, bench, &image, err);
        counters->decode += (t2 = lade__sys_clock()) - t1;
        if (status == LADE_OK) {
            void *to = slot->x + (size_t)row * flow->layout.row_bytes;
            status = place_sample(flow, bench, &image, slot->epoch, sample, to, err);
            counters->transform += lade__sys_clock() - t2;
        }
    }
    counters->images += status == LADE_OK;
    *fatal = *fatal || status == LADE_ENOMEM;
    return status;
}
