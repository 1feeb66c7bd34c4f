/*
 * Stores the rows of a transformed image in a slot. If the image is only flipped, or not changed, its rows stay in
 * bytes until they are stored. Otherwise rows are computed in floats. If the slot holds floats and each row is
 * contiguous in the slot, the floats are computed directly in the slot.
 */
#include "image/tensor_rows.h"
#include "image/kernel/rows.h"

#include <string.h>

/* ---- Rows into the slot ------------------------------------------------------------------------------------------ */

/* Returns true if a row is contiguous in the slot. With channels first, a row is split into one part for each plane. */
static bool in_one_piece(const struct lade__tensor_run *run) {
    return run->output->data_format == LADE_CHANNELS_LAST || run->in->channels == 1;
}

/* Stores a row in a slot of uint16. The values of the row, from 0 to 255, are in @floats. If @floats is NULL, the
   values are in @bytes. */
static void store_16(const struct lade__tensor_run *run, int y, const float *floats, const uint8_t *bytes) {
    size_t width = (size_t)run->in->width, plane = width * (size_t)run->in->height;
    size_t at = in_one_piece(run) ? (size_t)y * run->samples : (size_t)y * width;
    lade__row_to_16(floats, bytes, run->samples, in_one_piece(run) ? 1 : run->in->channels, (uint16_t *)run->slot + at,
                    plane);
}

static void store_bytes(const struct lade__tensor_run *run, int y, const uint8_t *row) {
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
static void store_floats(const struct lade__tensor_run *run, int y, const float *row) {
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
static bool to_integers(const struct lade__tensor_run *run) {
    return run->output->uint8 || run->output->uint16;
}

/* Returns row @y of the image. The row is flipped if the transform flips the image. The transform must contain no other
   change. */
static const uint8_t *fetch_row(const struct lade__tensor_run *run, int y) {
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

static void fill(const struct lade__tensor_run *run, float scale, float *row, int begin, int end) {
    float value = (to_integers(run) ? clamp(run->transform->cval) : run->transform->cval) * scale;
    for (int i = begin * run->in->channels; i < end * run->in->channels; i++)
        row[i] = value;
}

static void warp_row(const struct lade__tensor_run *run, int y, float scale, float *row) {
    int begin = 0, end = run->in->width;
    if (run->transform->fill_mode == LADE_FILL_CONSTANT) {
        lade__warp_inside(&run->warp, y, &begin, &end);
        fill(run, scale, row, 0, begin);
    }
    run->kernel->row(&run->warp, y, begin, end, scale, row + begin * run->in->channels);
    fill(run, scale, row, end, run->in->width);
}

/* Computes row @y in floats, multiplied by @scale. */
void lade__tensor_compute_row(const struct lade__tensor_run *run, int y, float scale, float *row) {
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
static const float *make_row(const struct lade__tensor_run *run, int y) {
    bool in_place = !to_integers(run) && in_one_piece(run);
    float *row = in_place ? (float *)run->slot + (size_t)y * run->samples : run->floats;
    if (!run->whole) {
        lade__tensor_compute_row(run, y, run->scale, row);
        return row;
    }
    for (size_t i = 0; i < run->samples; i++)
        row[i] = run->whole[(size_t)y * run->samples + i] * run->scale;
    for (size_t i = 0; to_integers(run) && i < run->samples; i++)
        row[i] = clamp(row[i]);
    return row;
}

/* ---- All rows ---------------------------------------------------------------------------------------------------- */

void lade__tensor_store_rows(struct lade__tensor_run *run) {
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
