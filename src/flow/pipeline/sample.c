/*
 * Makes the pixels of one sample: reads, decodes, augments and standardises an image, and calls the preprocessing
 * function.
 */
#include "flow/pipeline/sample_maker.h"

#include <string.h>

#include "image/decoder.h"

/* ---- From the image to the row ----------------------------------------------------------------------------------- */

/* Augments the image and writes it to the row. If rescale_later is true, finish() scales and standardises the values
   later. Otherwise, this function scales and standardises the values. */
static int store_image(const struct lade__sample_task *t, const struct lade_image *image, bool bits16,
                       struct lade_error *err) {
    const struct lade__sample_settings *s = t->settings;
    const struct lade_output unscaled = {
        .uint8 = s->output.uint8, .uint16 = s->output.uint16, .data_format = s->output.data_format};
    const struct lade_transform *transform = t->transform ? t->transform : &s->unchanged;
    struct lade_transform drawn;
    struct lade_random random;

    if (!t->transform && s->augments) {
        lade_random_init(&random, t->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_AUGMENT);
        lade_transform_draw(&s->augment, &random, image->height, image->width, &drawn);
        transform = &drawn;
    }
    return lade__image_to_tensor(t->buffers->decoder, image, bits16, transform,
                                 s->rescale_later ? &unscaled : &s->output, t->x, err);
}

/* Copies an image of floats to the row, in the order of axes that data_format selects. */
static void store_floats(const struct lade__sample_task *t, const float *from) {
    const int64_t *shape = t->settings->samples->reader.shape;
    float *to = t->x;
    int64_t channels = shape[2], pixels = shape[0] * shape[1];
    bool last = t->settings->output.data_format == LADE_CHANNELS_LAST;

    for (int64_t i = 0; i < pixels; i++)
        for (int64_t c = 0; c < channels; c++)
            to[last ? i * channels + c : c * pixels + i] = from[i * channels + c];
}

static int call_preprocessing(const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade__sample_settings *s = t->settings;
    const struct lade_preprocessing *p = &s->options->preprocessing_function;
    struct lade_flow_sample sample = {.x = t->x, .dtype = s->layout.dtype, .index = t->sample, .epoch = t->slot->epoch};
    struct lade_error cause = {0};
    char name[256];

    memcpy(sample.shape, s->layout.shape, sizeof sample.shape);
    int status = p->call ? p->call(p->ctx, &sample, &cause) : LADE_OK;
    if (status >= 0)
        return LADE_OK;
    lade__reader_name(&s->samples->reader, lade__sample_index(t, t->sample), name, sizeof name);
    return lade_error_set_subject(err, status, "preprocessing_function", "%s: preprocessing_function: %s", name,
                                  cause.message);
}

/* Does the steps after augmentation for a row that is not scaled yet. */
static int finish(const struct lade__sample_maker *m, const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade__sample_settings *s = t->settings;
    int status = call_preprocessing(t, err);

    if (status < 0)
        return status;
    if (m->saved_images && m->saved_images->directory && !t->is_other)
        lade__saved_images_copy(m->saved_images, t->slot, t->row);
    if (s->layout.dtype != LADE_FLOAT32)
        return LADE_OK;
    float *values = t->x, scale = s->output.rescale != 0 ? s->output.rescale : 1;
    for (size_t i = 0; i < s->layout.row_bytes / sizeof *values; i++)
        values[i] *= scale;
    return lade__decoder_standardize(t->buffers->decoder, &s->output, s->options->target_size[0],
                                     s->options->target_size[1], lade__sample_settings_channels(s), values, err);
}

/* ---- One sample -------------------------------------------------------------------------------------------------- */

/* Stores the sample of a reader whose samples are pixels. */
static int store_pixels(const struct lade__sample_maker *m, const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade_reader *reader = &t->settings->samples->reader;
    const void *pixels = t->buffers->bytes.data;
    int h = (int)reader->shape[0], w = (int)reader->shape[1], channels = (int)reader->shape[2];
    bool floats = reader->dtype == LADE_FLOAT32;
    int status = LADE_OK;

    if (floats) {
        store_floats(t, pixels);
    } else {
        size_t stride = (size_t)w * (size_t)channels * lade_dtype_size(reader->dtype);
        struct lade_image image = {(uint8_t *)pixels, w, h, channels, stride};
        status = store_image(t, &image, reader->dtype == LADE_UINT16, err);
    }
    return status == LADE_OK && (t->settings->rescale_later || floats) ? finish(m, t, err) : status;
}

/* Decodes the sample of a reader whose samples are image files, and stores it. @start is the time of the call. *fatal
   is set to true if the crop of a plan is not inside the image. */
static int store_file(const struct lade__sample_maker *m, const struct lade__sample_task *t, double start,
                      struct lade_error *err, bool *fatal) {
    struct lade_image image;
    bool bits16 = false;
    int status = lade__sample_decode(t, &image, &bits16, err);
    double decoded = lade__sys_clock() - start;

    t->counters->decode += decoded;
    t->counters->transform -= decoded;
    *fatal = *fatal || (status == LADE_EINVAL && t->crop);
    if (status == LADE_OK)
        status = store_image(t, &image, bits16, err);
    return status == LADE_OK && t->settings->rescale_later ? finish(m, t, err) : status;
}

int lade__sample_make(const struct lade__sample_maker *m, const struct lade__sample_task *t, struct lade_error *err,
                      bool *fatal) {
    bool pixels = t->settings->samples->reader.shape[2];
    double start = lade__sys_clock();
    int status = lade__sample_read(t, err, fatal);
    double read = lade__sys_clock();

    t->counters->read += read - start;
    if (status == LADE_OK) {
        status = pixels ? store_pixels(m, t, err) : store_file(m, t, read, err, fatal);
        t->counters->transform += lade__sys_clock() - read;
    }
    t->counters->images += status == LADE_OK;
    *fatal = *fatal || status == LADE_ENOMEM;
    return status;
}
