/*
 * The last step of the stream: pixels, moved and flipped, go into their slot of the batch, once, in the type and the
 * order of axes that the batch has. A row at a time: samples that only change places are fetched as bytes; samples
 * that lie between others, or outside, are made as floats.
 */
#include "image/decoder.h"
#include "image/kernels.h"
#include "image/place.h"
#include "image/rows.h"
#include "image/view.h"

#include <math.h>
#include <string.h>

struct run {
    const struct lade_image *in;
    const struct lade_transform *transform;
    const struct lade_output *output;
    const struct lade__kernels *kernels;
    float scale;
    bool past_cache;
    size_t samples; /* of a row */
    struct lade__place x, y;
    uint8_t *bytes; /* four rows, fetched; or one, its channels apart */
    float *floats;  /* a row, made */
    void *slot;
};

/* A slot of this size is written past the cache: before its batch is whole, so much follows that it would be gone from
   there, with what the decoder keeps there. A small one is still there when the batch is used. */
enum { PAST_CACHE = 1 << 17 };

size_t lade_output_bytes(const struct lade_output *output, int height, int width, int channels) {
    size_t size = output && output->uint8 ? sizeof(uint8_t) : sizeof(float);
    return (size_t)height * (size_t)width * (size_t)channels * size;
}

/* ---- Rows into the slot ------------------------------------------------------------------------------------------ */

/* Channels last: a row is one piece of the slot. Channels first: a piece in each plane. */
static bool in_one_piece(const struct run *run) {
    return run->output->data_format == LADE_CHANNELS_LAST || run->in->channels == 1;
}

static void store_bytes(const struct run *run, int y, const uint8_t *row) {
    size_t width = (size_t)run->in->width, plane = width * (size_t)run->in->height;
    if (in_one_piece(run)) {
        size_t at = (size_t)y * run->samples;
        if (run->output->uint8)
            memcpy((uint8_t *)run->slot + at, row, run->samples);
        else
            run->kernels->to_floats(row, run->samples, run->scale, (float *)run->slot + at, run->past_cache);
        return;
    }
    size_t at = (size_t)y * width;
    if (run->output->uint8) {
        lade__row_split(row, width, run->in->channels, (uint8_t *)run->slot + at, plane);
        return;
    }
    uint8_t *apart = run->bytes + 3 * run->samples; /* @row may be the first of the four */
    lade__row_split(row, width, run->in->channels, apart, width);
    for (int c = 0; c < run->in->channels; c++, at += plane, apart += width)
        run->kernels->to_floats(apart, width, run->scale, (float *)run->slot + at, run->past_cache);
}

/* An image that stays as it is and has no gaps is one long row. */
static bool store_whole(struct run *run) {
    const struct lade_transform *t = run->transform;
    size_t row = (size_t)run->in->width * (size_t)run->in->channels;
    if (t->tx != 0 || t->ty != 0 || t->flip_horizontal || t->flip_vertical || !in_one_piece(run) ||
        run->in->stride != row)
        return false;
    run->samples = row * (size_t)run->in->height;
    store_bytes(run, 0, run->in->pixels);
    return true;
}

/* @row is run->floats, or already in the slot. */
static void store_floats(const struct run *run, int y, const float *row) {
    size_t width = (size_t)run->in->width, plane = width * (size_t)run->in->height;
    if (run->output->uint8) {
        lade__row_to_bytes(row, run->samples, run->bytes);
        store_bytes(run, y, run->bytes);
    } else if (!in_one_piece(run)) {
        lade__row_split_floats(row, width, run->in->channels, (float *)run->slot + (size_t)y * width, plane);
    }
}

/* ---- Rows out of the image --------------------------------------------------------------------------------------- */

/* Source row @y, its pixels from where @from says; @to is room for it. */
static const uint8_t *fetch_row(const struct run *run, int y, const int *from, uint8_t *to) {
    const uint8_t *in = run->in->pixels + (size_t)y * run->in->stride;
    if (run->x.identity)
        return in;
    lade__row_pick(from, run->in->width, run->in->channels, in, run->in->width, to);
    return to;
}

static void fill(const struct run *run, float *row, int begin, int end) {
    float cval = run->transform->cval;
    if (run->output->uint8)
        cval = cval < 0 ? 0 : cval > 255 ? 255 : cval;
    for (int i = begin * run->in->channels; i < end * run->in->channels; i++)
        row[i] = cval * run->scale;
}

/* Row @y where samples lie between four of the source, or outside of it. */
static const float *make_row(const struct run *run, int y) {
    bool in_place = !run->output->uint8 && in_one_piece(run);
    float *row = in_place ? (float *)run->slot + (size_t)y * run->samples : run->floats;
    if (y < run->y.begin || y >= run->y.end) {
        fill(run, row, 0, run->in->width);
        return row;
    }
    const uint8_t *abcd[4];
    for (int i = 0; i < 4; i++)
        abcd[i] = fetch_row(run, (i < 2 ? run->y.near : run->y.far)[y], i % 2 ? run->x.far : run->x.near,
                            run->bytes + (size_t)i * run->samples);
    lade__row_mix(abcd, run->x.fraction, run->y.fraction, run->samples, run->scale, row);
    fill(run, row, 0, run->x.begin);
    fill(run, row, run->x.end, run->in->width);
    return row;
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
    size_t width = (size_t)run->in->width, height = (size_t)run->in->height;
    run->samples = width * (size_t)run->in->channels;
    size_t ints = 2 * (width + height) * sizeof(int);
    char *memory = lade__buffer_need(&decoder->places, 1, ints + run->samples * (sizeof(float) + 4));
    if (!memory)
        return lade_error_set(err, LADE_ENOMEM, "no memory to transform an image of %d x %d pixels", run->in->width,
                              run->in->height);
    int *tables = (int *)(void *)memory;
    const struct lade_transform *t = run->transform;
    lade__place_set(&run->x, tables, run->in->width, t->tx, t->flip_horizontal, t->fill_mode);
    lade__place_set(&run->y, tables + 2 * width, run->in->height, t->ty, t->flip_vertical, t->fill_mode);
    run->floats = (float *)(void *)(memory + ints);
    run->bytes = (uint8_t *)(run->floats + run->samples);
    return LADE_OK;
}

static int store_moved(lade_decoder *decoder, struct run *run, struct lade_error *err) {
    int rc = allocate(decoder, run, err);
    if (rc < 0)
        return rc;
    int width = run->in->width, height = run->in->height;
    bool inside = run->x.begin == 0 && run->x.end == width && run->y.begin == 0 && run->y.end == height;
    bool fetch = inside && run->x.fraction == 0 && run->y.fraction == 0;
    for (int y = 0; y < height; y++) {
        if (fetch)
            store_bytes(run, y, fetch_row(run, run->y.near[y], run->x.near, run->bytes));
        else
            store_floats(run, y, make_row(run, y));
    }
    return LADE_OK;
}

int lade_image_to_tensor(lade_decoder *decoder, const struct lade_image *in, const struct lade_transform *transform,
                         const struct lade_output *output, void *slot, struct lade_error *err) {
    static const struct lade_transform no_transform;
    static const struct lade_output no_output;
    struct run run = {.in = in,
                      .transform = transform ? transform : &no_transform,
                      .output = output ? output : &no_output,
                      .kernels = lade__kernels_best(),
                      .slot = slot};
    run.scale = run.output->rescale != 0 ? run.output->rescale : 1;
    int rc = check(decoder, &run, err);
    if (rc < 0)
        return rc;
    run.past_cache =
        lade_output_bytes(run.output, in->height, in->width, in->channels) >= PAST_CACHE && run.kernels->settle;
    if (!store_whole(&run) && (rc = store_moved(decoder, &run, err)) < 0)
        return rc;
    if (run.past_cache)
        run.kernels->settle();
    return LADE_OK;
}
