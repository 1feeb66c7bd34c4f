/*
 * The last step of the stream: pixels, moved and flipped, go into their slot of the batch, once, in the type and the
 * order of axes that the batch has. A row at a time: samples that only change places are fetched as bytes; samples
 * that lie between others, or outside, are made as floats.
 */
#include "image/decoder.h"
#include "image/place.h"
#include "image/view.h"

#include <math.h>
#include <string.h>

struct run {
    const struct lade_image *in;
    const struct lade_transform *transform;
    const struct lade_output *output;
    float scale;
    struct lade__place x, y;
    uint8_t *bytes; /* a row, fetched */
    float *floats;  /* a row, made */
    void *slot;
};

size_t lade_output_bytes(const struct lade_output *output, int height, int width, int channels) {
    size_t size = output && output->uint8 ? sizeof(uint8_t) : sizeof(float);
    return (size_t)height * (size_t)width * (size_t)channels * size;
}

/* ---- Rows into the slot ------------------------------------------------------------------------------------------ */

/* Where the samples of channel c of row y go in the slot, counted in elements, and how far apart they are. */
static size_t place_of(const struct run *run, int y, int c, size_t *step) {
    size_t width = (size_t)run->in->width, channels = (size_t)run->in->channels;
    if (run->output->data_format == LADE_CHANNELS_LAST) {
        *step = channels;
        return (size_t)y * width * channels + (size_t)c;
    }
    *step = 1;
    return ((size_t)c * (size_t)run->in->height + (size_t)y) * width;
}

static void scale_bytes(const uint8_t *in, float *out, size_t n, float scale) {
    for (size_t i = 0; i < n; i++)
        out[i] = in[i] * scale;
}

static void store_bytes(const struct run *run, int y, const uint8_t *row) {
    size_t step, width = (size_t)run->in->width, channels = (size_t)run->in->channels;
    if (run->output->data_format == LADE_CHANNELS_LAST || channels == 1) {
        size_t at = place_of(run, y, 0, &step), n = width * channels;
        if (run->output->uint8)
            memcpy((uint8_t *)run->slot + at, row, n);
        else
            scale_bytes(row, (float *)run->slot + at, n, run->scale);
        return;
    }
    for (size_t c = 0; c < channels; c++) {
        size_t at = place_of(run, y, (int)c, &step);
        for (size_t x = 0; x < width; x++) {
            if (run->output->uint8)
                ((uint8_t *)run->slot)[at + x] = row[x * channels + c];
            else
                ((float *)run->slot)[at + x] = row[x * channels + c] * run->scale;
        }
    }
}

static uint8_t to_byte(float v) {
    return (uint8_t)(v <= 0 ? 0 : v >= 255 ? 255 : v + 0.5f);
}

static void store_floats(const struct run *run, int y, const float *row) {
    size_t width = (size_t)run->in->width, channels = (size_t)run->in->channels;
    for (size_t c = 0; c < channels; c++) {
        size_t step, at = place_of(run, y, (int)c, &step);
        for (size_t x = 0; x < width; x++, at += step) {
            if (run->output->uint8)
                ((uint8_t *)run->slot)[at] = to_byte(row[x * channels + c]);
            else
                ((float *)run->slot)[at] = row[x * channels + c] * run->scale;
        }
    }
}

/* ---- Rows out of the image --------------------------------------------------------------------------------------- */

static const uint8_t *source_row(const struct run *run, int y) {
    return run->in->pixels + (size_t)y * run->in->stride;
}

/* Row @y where all samples are samples of the source. */
static const uint8_t *fetch_row(const struct run *run, int y) {
    const uint8_t *in = source_row(run, run->y.near[y]);
    if (run->x.identity)
        return in;
    int channels = run->in->channels;
    uint8_t *out = run->bytes;
    for (int x = 0; x < run->in->width; x++, out += channels) {
        const uint8_t *p = in + (size_t)run->x.near[x] * (size_t)channels;
        for (int c = 0; c < channels; c++)
            out[c] = p[c];
    }
    return run->bytes;
}

static float between(float a, float b, float fraction) {
    return a + (b - a) * fraction;
}

/* Row @y where samples lie between four of the source, or outside of it. */
static const float *make_row(const struct run *run, int y) {
    int width = run->in->width, channels = run->in->channels;
    float *out = run->floats;
    bool outside = run->y.near[y] == LADE__OUTSIDE;
    const uint8_t *above = outside ? NULL : source_row(run, run->y.near[y]);
    const uint8_t *below = outside ? NULL : source_row(run, run->y.far[y]);
    for (int x = 0; x < width; x++, out += channels) {
        if (outside || run->x.near[x] == LADE__OUTSIDE) {
            for (int c = 0; c < channels; c++)
                out[c] = run->transform->cval;
            continue;
        }
        size_t left = (size_t)run->x.near[x] * (size_t)channels, right = (size_t)run->x.far[x] * (size_t)channels;
        for (int c = 0; c < channels; c++) {
            float up = between(above[left + (size_t)c], above[right + (size_t)c], run->x.fraction);
            float low = between(below[left + (size_t)c], below[right + (size_t)c], run->x.fraction);
            out[c] = between(up, low, run->y.fraction);
        }
    }
    return run->floats;
}

/* ---- All of it --------------------------------------------------------------------------------------------------- */

static int check(const lade_decoder *decoder, const struct run *run, struct lade_error *err) {
    const struct lade_transform *t = run->transform;
    const struct lade_output *o = run->output;
    if (!decoder || !run->slot || !lade__image_ok(run->in))
        return lade_error_set(err, LADE_EINVAL,
                              "lade_image_to_tensor: no decoder, no slot, or an image without pixels");
    if (!(fabs(t->tx) <= 0x1p30 && fabs(t->ty) <= 0x1p30))
        return lade_error_set(err, LADE_EINVAL, "a shift by %g, %g pixels: at most 2^30 are possible", t->tx, t->ty);
    if ((unsigned)t->fill_mode >= LADE_FILL_MODE_COUNT)
        return lade_error_set(err, LADE_EINVAL, "fill_mode %d is not known", (int)t->fill_mode);
    if ((unsigned)o->data_format >= LADE_DATA_FORMAT_COUNT)
        return lade_error_set(err, LADE_EINVAL, "data_format %d is not known", (int)o->data_format);
    if (o->uint8 && o->rescale != 0 && o->rescale != 1)
        return lade_error_set(err, LADE_EINVAL, "rescale %g needs dtype float32: uint8 batches hold 0..255",
                              (double)o->rescale);
    return LADE_OK;
}

/* Tables and rows in one piece of the decoder's memory. */
static int allocate(lade_decoder *decoder, struct run *run, struct lade_error *err) {
    size_t width = (size_t)run->in->width, height = (size_t)run->in->height, channels = (size_t)run->in->channels;
    size_t ints = 2 * (width + height) * sizeof(int);
    char *memory = lade__buffer_need(&decoder->places, 1, ints + width * channels * (sizeof(float) + 1));
    if (!memory)
        return lade_error_set(err, LADE_ENOMEM, "no memory to transform an image of %d x %d pixels", run->in->width,
                              run->in->height);
    int *tables = (int *)(void *)memory;
    const struct lade_transform *t = run->transform;
    lade__place_set(&run->x, tables, run->in->width, t->tx, t->flip_horizontal, t->fill_mode);
    lade__place_set(&run->y, tables + 2 * width, run->in->height, t->ty, t->flip_vertical, t->fill_mode);
    run->floats = (float *)(void *)(memory + ints);
    run->bytes = (uint8_t *)(run->floats + width * channels);
    return LADE_OK;
}

int lade_image_to_tensor(lade_decoder *decoder, const struct lade_image *in, const struct lade_transform *transform,
                         const struct lade_output *output, void *slot, struct lade_error *err) {
    static const struct lade_transform no_transform;
    static const struct lade_output no_output;
    struct run run = {.in = in,
                      .transform = transform ? transform : &no_transform,
                      .output = output ? output : &no_output,
                      .slot = slot};
    run.scale = run.output->rescale != 0 ? run.output->rescale : 1;
    int rc = check(decoder, &run, err);
    if (rc == LADE_OK)
        rc = allocate(decoder, &run, err);
    if (rc < 0)
        return rc;
    bool fetch = !run.x.outside && !run.y.outside && run.x.fraction == 0 && run.y.fraction == 0;
    for (int y = 0; y < in->height; y++) {
        if (fetch)
            store_bytes(&run, y, fetch_row(&run, y));
        else
            store_floats(&run, y, make_row(&run, y));
    }
    return LADE_OK;
}
