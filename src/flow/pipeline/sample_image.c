/*
 * Reads and decodes the file of a sample. Files are opened relative to the directory of the source, so they are found
 * even if the program changes its working directory.
 */
#define _GNU_SOURCE /* O_CLOEXEC under any -std */
#include "flow/pipeline/sample_image.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Fills @err with a message of the path of the file and @text, for example "data/train/cat/1.jpg: cannot be opened". */
static int fail(const struct lade__sample_task *t, int status, const char *text, struct lade_error *err) {
    const char *path = t->buffers->path, *below = *path == '/' ? "" : t->maker->samples->files->root;

    lade_error_set(err, status, "%s%s%s: %s", below, *below ? "/" : "", path, text);
    snprintf(err->subject, sizeof err->subject, "%s%s%s", below, *below ? "/" : "", path);
    return status;
}

static int open_file(const struct lade__sample_task *t, int64_t sample) {
    struct lade__sample_buffers *buffers = t->buffers;
    int64_t length = lade__samples_path(t->maker->samples, sample, buffers->path, sizeof buffers->path);

    errno = ENAMETOOLONG;
    if (length >= (int64_t)sizeof buffers->path)
        return -1;
    /* O_NONBLOCK keeps open() from waiting if the file is a FIFO. */
    return openat(t->maker->samples->root, buffers->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/*
 * Asks the system to read the file of a later sample in advance, because reading from a disk takes at least as long as
 * decoding. If the later file is already in the page cache, the request saves no time, and opening the file costs time.
 * Therefore normally only every 64th sample makes the request, for a sample that is at least 64 positions later. If
 * that later file must be read from a disk, each of the next 64 samples makes a request, too.
 */
static void read_ahead(const struct lade__sample_task *t) {
    enum { DISTANCE = 64 };
    const struct lade__sampler *sampler = t->maker->sampler;
    const struct lade__slot *slot = t->slot;
    int64_t here = slot->first + t->row, repeat;
    int left = __atomic_load_n(&t->maker->read_ahead, __ATOMIC_RELAXED);

    if (left == 0 && here % DISTANCE != 0)
        return;
    if (left > 0)
        __atomic_store_n(&t->maker->read_ahead, left - 1, __ATOMIC_RELAXED);
    here += (DISTANCE + slot->rows - 1) / slot->rows * sampler->batch_size;
    int fd = here < sampler->samples ? open_file(t, lade__epoch_order_at(&slot->order, here, &repeat)) : -1;
    if (fd < 0)
        return;
    if (lade__sys_read_ahead(fd))
        __atomic_store_n(&t->maker->read_ahead, DISTANCE, __ATOMIC_RELAXED);
    close(fd);
}

int lade__sample_read_file(const struct lade__sample_task *t, struct lade_error *err, bool *fatal) {
    struct lade__sample_buffers *buffers = t->buffers;
    struct lade_error cause = {0};

    read_ahead(t);
    int fd = open_file(t, t->sample);
    if (fd < 0) {
        *fatal = errno == EMFILE || errno == ENFILE;
        int status = lade_error_from_errno(&cause, errno, NULL, "cannot be opened");
        return fail(t, status, cause.message, err);
    }
    uint64_t limit = t->maker->options->limits.max_file_bytes;
    int status = lade__sys_read_fd(fd, limit < SIZE_MAX ? (size_t)limit : 0, &buffers->file, &cause);
    close(fd);
    return status < 0 ? fail(t, status, cause.message, err) : LADE_OK;
}

/* Draws the part of the image that a random crop keeps. The part depends on the size of the image, which is read from
   the file first. */
static int draw_crop(const struct lade__sample_task *t, struct lade_box *crop, struct lade_error *err) {
    const struct lade_flow_options *o = t->maker->options;
    const struct lade_crop_range range = {{o->crop_scale[0], o->crop_scale[1]}, {o->crop_ratio[0], o->crop_ratio[1]}};
    const struct lade__bytes *file = &t->buffers->file;
    struct lade_random random;
    int height, width;

    int status = lade_image_size(file->data, file->size, o->exif_orientation, &height, &width, err);
    if (status < 0)
        return status;
    lade_random_init(&random, o->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_CROP);
    lade_crop_draw(&range, &random, height, width, crop);
    return LADE_OK;
}

int lade__sample_decode(const struct lade__sample_task *t, struct lade_image *image, struct lade_error *err) {
    struct lade__sample_buffers *buffers = t->buffers;
    struct lade_decode_options options = t->maker->decode;
    struct lade_error cause = {0};
    int status = t->maker->options->crop == LADE_CROP_RANDOM ? draw_crop(t, &options.crop, &cause) : LADE_OK;

    if (status == LADE_OK)
        status = lade_image_decode_resized(buffers->decoder, buffers->file.data, buffers->file.size, &options, image,
                                           &cause);
    return status < 0 ? fail(t, status, cause.message, err) : LADE_OK;
}
