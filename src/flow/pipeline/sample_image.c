/*
 * Reads and decodes the bytes of a sample. The bytes come from a struct lade_reader, so the code is the same for files,
 * databases and archives.
 */
#include "flow/pipeline/sample_image.h"

#include "image/decoder.h"

static const struct lade_reader *reader_of(const struct lade__sample_task *t) {
    return &t->settings->samples->reader;
}

int64_t lade__sample_index(const struct lade__sample_task *t, int64_t sample) {
    const struct lade__samples *s = t->settings->samples;

    return lade__samples_index(s, lade__samples_row(s, sample));
}

static int fail(const struct lade__sample_task *t, const struct lade_error *cause, struct lade_error *err) {
    return lade__reader_fail(reader_of(t), lade__sample_index(t, t->sample), cause, err);
}

/*
 * Calls lade_reader.ahead for a later sample, so that the reader can load its bytes before a worker needs them. The
 * later sample is at least 64 positions after the current sample. If the later sample is already in memory, for example
 * in the page cache, the call wastes time. Therefore normally only every 64th sample causes a call. If a call finds
 * that the later sample is not in memory, each of the next 64 samples causes a call, too.
 */
static void give_hint(const struct lade__sample_task *t) {
    enum { DISTANCE = 64 };
    const struct lade_reader *reader = reader_of(t);
    const struct lade__sampler *sampler = t->settings->sampler;
    const struct lade__slot *slot = t->slot;
    int64_t here = slot->first + t->row, repeat;
    int left = __atomic_load_n(t->hints, __ATOMIC_RELAXED);

    if (!reader->ahead || slot->plan || t->is_other || (left == 0 && here % DISTANCE != 0))
        return;
    if (left > 0)
        __atomic_store_n(t->hints, left - 1, __ATOMIC_RELAXED);
    here += (DISTANCE + slot->rows - 1) / slot->rows * sampler->batch_size;
    if (here >= sampler->samples)
        return;
    int64_t later = lade__sample_index(t, lade__epoch_order_at(&slot->order, here, &repeat));
    if (reader->ahead(reader->ctx, t->worker, later))
        __atomic_store_n(t->hints, DISTANCE, __ATOMIC_RELAXED);
}

int lade__sample_read(const struct lade__sample_task *t, struct lade_error *err, bool *fatal) {
    const struct lade_reader *reader = reader_of(t);
    struct lade_reader_buffer *bytes = &t->buffers->bytes;
    struct lade_error *cause = &t->buffers->cause;

    give_hint(t);
    /* max_file_bytes limits only image files. The size of samples that are pixels is already known. */
    bytes->max_bytes = reader->shape[2] ? UINT64_MAX : t->settings->options->limits.max_file_bytes;
    int status = lade__reader_read(reader, t->worker, lade__sample_index(t, t->sample), bytes, cause);
    *fatal = bytes->end_flow;
    if (status < 0)
        fail(t, cause, err);
    if (cause->code) /* the struct is large, so it is cleared only if it was used */
        *cause = (struct lade_error){0};
    if (status < 0)
        return status;
    if (!reader->shape[2] || bytes->data == bytes->own.data)
        t->counters->bytes_read += bytes->size;
    return LADE_OK;
}

/* Chooses a random part of the image for the random crop. The part depends on the size of the image, so the function
   reads the size first. */
static int draw_crop(const struct lade__sample_task *t, struct lade_box *crop, struct lade_error *err) {
    const struct lade_flow_options *o = t->settings->options;
    const struct lade_crop_range range = {{o->crop_scale[0], o->crop_scale[1]}, {o->crop_ratio[0], o->crop_ratio[1]}};
    const struct lade_reader_buffer *bytes = &t->buffers->bytes;
    struct lade_random random;
    int height, width;

    int status =
        lade_image_size(bytes->data, (size_t)bytes->size, t->settings->decode.exif_orientation, &height, &width, err);
    if (status < 0)
        return status;
    lade_random_init(&random, t->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_CROP);
    lade_crop_draw(&range, &random, height, width, crop);
    return LADE_OK;
}

int lade__sample_decode(const struct lade__sample_task *t, struct lade_image *image, bool *bits16,
                        struct lade_error *err) {
    const struct lade_reader_buffer *bytes = &t->buffers->bytes;
    struct lade_decode_options options = t->settings->decode;
    struct lade_error cause = {0};
    int status = LADE_OK;

    if (t->crop)
        options.crop = *t->crop;
    else if (t->settings->options->crop == LADE_CROP_RANDOM)
        status = draw_crop(t, &options.crop, &cause);
    if (status == LADE_OK)
        status = lade__decoder_decode(t->buffers->decoder, bytes->data, (size_t)bytes->size, &options,
                                      t->settings->keep16, image, bits16, &cause);
    return status < 0 ? fail(t, &cause, err) : LADE_OK;
}
