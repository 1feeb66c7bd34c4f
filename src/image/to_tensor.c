/*
 * Writes the pixels of an image to a slot of the batch, which is the memory of one sample. First, the pixels are
 * warped, flipped and changed in colour. Then the pixels are written with the element type and the order of axes of the
 * batch.
 *
 * The image is processed row by row. If the image is only flipped, or not changed, its rows stay in bytes until they
 * are stored. Otherwise rows are computed in floats. If a change depends on the whole image, the whole image is
 * computed before the first row is stored. If the slot holds floats and each row is contiguous in the slot, the floats
 * are computed directly in the slot.
 */
#include "image/decoder.h"
#include "image/augment/colors.h"
#include "image/augment/erasing.h"
#include "image/augment/jitter.h"
#include "image/augment/keras.h"
#include "image/augment/tones.h"
#include "image/kernel/kernels.h"
#include "image/kernel/rows.h"
#include "image/color/standardize.h"
#include "image/view.h"
#include "image/geometry/affine.h"

#include <math.h>
#include <string.h>

struct run {
    const struct lade_image *in;
    bool bits16; /* the samples of `in` are uint16_t */
    const struct lade_transform *transform;
    const struct lade_output *output;
    const struct lade__kernels *kernels;
    float scale;
    bool non_temporal;
    size_t samples; /* number of samples in a row */
    bool warps, changes_colors;
    struct lade__warp warp;
    const struct lade__warp_kernel *kernel;
    int *mirrored; /* the columns of a row in reverse order */
    struct lade__colors colors;
    float *floats;      /* a row in floats; the memory is enough for two rows */
    uint8_t *bytes;     /* a row in bytes, or in samples of 16 bits */
    uint8_t *split;     /* a row in bytes, split into its channels */
    const float *whole; /* the whole transformed image if needs_whole() returns true; otherwise NULL */
    void *slot;
};

/* Slots of at least this size are written with stores that bypass the cache. In the cache, a large slot would displace
   the data of the decoder, and would itself be displaced before its batch is complete. A small slot is still in the
   cache when the batch is used. */
enum { NON_TEMPORAL_BYTES = 1 << 17 };

/* ---- Rows into the slot ------------------------------------------------------------------------------------------ */

/* Returns true if a row is contiguous in the slot. With channels first, a row is split into one part for each plane. */
static bool in_one_piece(const struct run *run) {
    return run->output->data_format == LADE_CHANNELS_LAST || run->in->channels == 1;
}

/* Stores a row in a slot of uint16. The values of the row, from 0 to 255, are in @floats. If @floats is NULL, the
   values are in @bytes. */
static void store_16(const struct run *run, int y, const float *floats, const uint8_t *bytes) {
    size_t width = (size_t)run->in->width, plane = width * (size_t)run->in->height;
    size_t at = in_one_piece(run) ? (size_t)y * run->samples : (size_t)y * width;
    lade__row_to_16(floats, bytes, run->samples, in_one_piece(run) ? 1 : run->in->channels, (uint16_t *)run->slot + at,
                    plane);
}

static void store_bytes(const struct run *run, int y, const uint8_t *row) {
    if (run->output->uint16) {
        store_16(run, y, NULL, row);
        return;
    }
    size_t width = (size_t)run->in->width, plane = width * (size_t)run->in->height;
    if (in_one_piece(run)) {
        size_t at = (size_t)y * run->samples;
        if (run->output->uint8)
            memcpy((uint8_t *)run->slot + at, row, run->samples);
        else
            run->kernels->to_floats(row, run->samples, run->scale, (float *)run->slot + at, run->non_temporal);
        return;
    }
    size_t at = (size_t)y * width;
    if (run->output->uint8) {
        lade__row_split(row, width, run->in->channels, (uint8_t *)run->slot + at, plane);
        return;
    }
    const uint8_t *split = run->split;
    lade__row_split(row, width, run->in->channels, run->split, width);
    for (int c = 0; c < run->in->channels; c++, at += plane, split += width)
        run->kernels->to_floats(split, width, run->scale, (float *)run->slot + at, run->non_temporal);
}

/* Stores a row of floats, which is in run->floats or already in the slot. */
static void store_floats(const struct run *run, int y, const float *row) {
    size_t width = (size_t)run->in->width, plane = width * (size_t)run->in->height;
    if (run->output->uint8) {
        lade__row_to_bytes(row, run->samples, run->bytes);
        store_bytes(run, y, run->bytes);
    } else if (run->output->uint16) {
        store_16(run, y, row, NULL);
    } else if (!in_one_piece(run)) {
        lade__row_split_floats(row, width, run->in->channels, (float *)run->slot + (size_t)y * width, plane);
    }
}

/* ---- Rows from the image ----------------------------------------------------------------------------------------- */

/* Returns true if the elements of the slot are integers, which cannot hold values outside of 0..255. */
static bool to_integers(const struct run *run) {
    return run->output->uint8 || run->output->uint16;
}

/* Returns row @y of the image. The row is flipped if the transform flips the image. The transform must contain no other
   change. */
static const uint8_t *fetch_row(const struct run *run, int y) {
    int from = run->transform->flip_vertical ? run->in->height - 1 - y : y;
    const uint8_t *in = run->in->pixels + (size_t)from * run->in->stride;
    if (!run->transform->flip_horizontal)
        return in;
    if (run->bits16)
        lade__row_pick_16(run->mirrored, run->in->width, run->in->channels, in, run->bytes);
    else
        lade__row_pick(run->mirrored, run->in->width, run->in->channels, in, run->in->width, run->bytes);
    return run->bytes;
}

static float clamp(float v) {
    return v < 0 ? 0 : v > 255 ? 255 : v;
}

static void fill(const struct run *run, float scale, float *row, int begin, int end) {
    float value = (to_integers(run) ? clamp(run->transform->cval) : run->transform->cval) * scale;
    for (int i = begin * run->in->channels; i < end * run->in->channels; i++)
        row[i] = value;
}

static void warp_row(const struct run *run, int y, float scale, float *row) {
    int begin = 0, end = run->in->width;
    if (run->transform->fill_mode == LADE_FILL_CONSTANT) {
        lade__warp_inside(&run->warp, y, &begin, &end);
        fill(run, scale, row, 0, begin);
    }
    run->kernel->row(&run->warp, y, begin, end, scale, row + begin * run->in->channels);
    fill(run, scale, row, end, run->in->width);
}

/* Computes row @y in floats, multiplied by @scale. */
static void compute_row(const struct run *run, int y, float scale, float *row) {
    float early = run->changes_colors ? 1 : scale;
    if (run->warps)
        warp_row(run, y, early, row);
    else if (run->bits16)
        lade__row_from_16(fetch_row(run, y), run->samples, early, row);
    else
        run->kernels->to_floats(fetch_row(run, y), run->samples, early, row, false);
    if (run->changes_colors)
        lade__colors_apply(&run->colors, scale, row);
}

/* Computes row @y in floats, in the slot if possible. Returns the row. */
static const float *make_row(const struct run *run, int y) {
    bool in_place = !to_integers(run) && in_one_piece(run);
    float *row = in_place ? (float *)run->slot + (size_t)y * run->samples : run->floats;
    if (!run->whole) {
        compute_row(run, y, run->scale, row);
        return row;
    }
    for (size_t i = 0; i < run->samples; i++)
        row[i] = run->whole[(size_t)y * run->samples + i] * run->scale;
    for (size_t i = 0; to_integers(run) && i < run->samples; i++)
        row[i] = clamp(row[i]);
    return row;
}

/* ---- The whole image --------------------------------------------------------------------------------------------- */

static int check(const lade_decoder *decoder, const struct run *run, struct lade_error *err) {
    if (!decoder || !run->slot || !lade__image_ok(run->in))
        return lade_error_set(err, LADE_EINVAL,
                              "lade_image_to_tensor: decoder and slot must not be NULL, and the image must have "
                              "pixels");
    return lade__output_check(run->output, run->transform, run->in, err);
}

static int no_memory(const struct run *run, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "no memory to transform an image of %d x %d pixels", run->in->width,
                          run->in->height);
}

/* Sets the tables and the temporary rows of @run. The tables and rows are in one block of the decoder's memory. */
static int allocate(lade_decoder *decoder, struct run *run, struct lade_error *err) {
    size_t width = (size_t)run->in->width;
    run->samples = width * (size_t)run->in->channels;
    char *memory = lade__buffer_need(&decoder->rows, 1, width * sizeof(int) + run->samples * (4 * sizeof(float) + 3));
    if (!memory)
        return no_memory(run, err);
    run->mirrored = (int *)(void *)memory;
    float *add = (float *)(void *)(run->mirrored + width);
    run->colors = (struct lade__colors){run->transform, run->in->channels, run->samples, add, add + run->samples};
    run->floats = run->colors.factor + run->samples;
    run->bytes = (uint8_t *)(run->floats + 2 * run->samples);
    run->split = run->bytes + 2 * run->samples;
    for (int x = 0; x < run->in->width; x++)
        run->mirrored[x] = run->in->width - 1 - x;
    return LADE_OK;
}

/* Returns true if the transform needs an affine map. A transform that only flips the image needs no map. */
static bool moves(const struct lade_transform *t) {
    return t->theta != 0 || t->tx != 0 || t->ty != 0 || t->shear != 0 || (t->zx != 0 && t->zx != 1) ||
           (t->zy != 0 && t->zy != 1);
}

static int plan_warp(struct run *run, struct lade_error *err) {
    const struct lade_transform *t = run->transform;
    run->warps = moves(t);
    if (!run->warps)
        return LADE_OK;
    run->warp = (struct lade__warp){
        .in = run->in, .fill_mode = t->fill_mode, .linear = t->interpolation_order != LADE_OFF, .bits16 = run->bits16};
    int rc = lade__affine_set(&run->warp.map, t, run->in->height, run->in->width, err);
    if (rc < 0)
        return rc;
    run->warp.reach = (int)lade__affine_reach(&run->warp.map, run->in->height, run->in->width);
    run->kernel = lade__warp_best(&run->warp);
    return LADE_OK;
}

/* Computes the whole image before the first row is stored. */
static int compute_whole(lade_decoder *decoder, struct run *run, struct lade_error *err) {
    size_t height = (size_t)run->in->height, width = (size_t)run->in->width;
    float *image = lade__buffer_need(&decoder->image, height, run->samples * sizeof *image);
    if (!image)
        return no_memory(run, err);
    if (run->transform->quirks == LADE_QUIRKS_KERAS3)
        lade__keras_transform(run->in, run->transform, image);
    else
        for (size_t y = 0; y < height; y++)
            compute_row(run, (int)y, 1, image + y * run->samples);
    if (lade__jitter_changes(run->transform))
        lade__jitter_apply(run->transform, height * width, run->in->channels, image);
    if (lade__tones_change(run->transform))
        lade__tones_apply(run->transform, run->in->height, run->in->width, run->in->channels, image, run->floats);
    run->whole = image;
    return LADE_OK;
}

/* Returns true if the whole image must be computed before the first row is stored. */
static bool needs_whole(const struct lade_transform *t) {
    return t->quirks == LADE_QUIRKS_KERAS3 || lade__jitter_changes(t) || lade__tones_change(t);
}

/* Returns true if the slot is written with stores that bypass the cache. The steps of standardize() read the slot
   again, so with such a step the slot is written to the cache. */
static bool is_non_temporal(const struct run *run) {
    const struct lade_output *o = run->output;
    bool again = o->samplewise_center || o->samplewise_std_normalization || o->featurewise_center ||
                 o->featurewise_std_normalization || o->zca_whitening;
    return run->kernels->fence && !again &&
           lade_output_bytes(o, run->in->height, run->in->width, run->in->channels) >= NON_TEMPORAL_BYTES;
}

static int plan(lade_decoder *decoder, struct run *run, struct lade_error *err) {
    int rc = allocate(decoder, run, err);
    if (rc < 0)
        return rc;
    run->non_temporal = is_non_temporal(run);
    bool keras = run->transform->quirks == LADE_QUIRKS_KERAS3;
    if (!keras) {
        run->changes_colors = lade__colors_prepare(&run->colors);
        rc = plan_warp(run, err);
    }
    return rc == LADE_OK && needs_whole(run->transform) ? compute_whole(decoder, run, err) : rc;
}

static void store_all(struct run *run) {
    const struct lade_transform *t = run->transform;
    int height = run->in->height;
    bool bytes = !run->whole && !run->warps && !run->changes_colors && !run->bits16;

    if (bytes && !t->flip_horizontal && !t->flip_vertical && in_one_piece(run) && run->in->stride == run->samples) {
        run->samples *= (size_t)height; /* all rows are contiguous, so they are stored as one row */
        store_bytes(run, 0, run->in->pixels);
        return;
    }
    for (int y = 0; y < height; y++) {
        if (bytes)
            store_bytes(run, y, fetch_row(run, y));
        else
            store_floats(run, y, make_row(run, y));
    }
}

int lade_image_to_tensor(lade_decoder *decoder, const struct lade_image *in, const struct lade_transform *transform,
                         const struct lade_output *output, void *slot, struct lade_error *err) {
    return lade__image_to_tensor(decoder, in, false, transform, output, slot, err);
}

int lade__image_to_tensor(lade_decoder *decoder, const struct lade_image *in, bool bits16,
                          const struct lade_transform *transform, const struct lade_output *output, void *slot,
                          struct lade_error *err) {
    static const struct lade_transform no_transform;
    static const struct lade_output no_output;
    struct run run = {.in = in,
                      .bits16 = bits16,
                      .transform = transform ? transform : &no_transform,
                      .output = output ? output : &no_output,
                      .kernels = lade__kernels_best(),
                      .slot = slot};
    run.scale = run.output->rescale != 0 ? run.output->rescale : 1;
    int rc = check(decoder, &run, err);
    if (rc == LADE_OK)
        rc = plan(decoder, &run, err);
    if (rc < 0)
        return rc;
    store_all(&run);
    if (run.non_temporal)
        run.kernels->fence();
    if (run.transform->erasing.width)
        lade__erasing_apply(&run.transform->erasing, in, run.output, slot);
    return lade__decoder_standardize(decoder, run.output, in->height, in->width, in->channels, slot, err);
}

int lade__decoder_standardize(lade_decoder *decoder, const struct lade_output *output, int height, int width,
                              int channels, float *slot, struct lade_error *err) {
    return lade__standardize(output, height, width, channels, slot, &decoder->image, err);
}
