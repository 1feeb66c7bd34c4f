/*
 * Resizes an image. Rows are resized horizontally first, then vertically, and each of the two results is rounded to
 * 8 bits. Pillow resizes the whole image in the same two steps, so the bytes are the same. A direction in which the
 * size does not change is skipped. Samples of 16 bits are resized in the same steps, and rounded to 16 bits.
 */
#include "image/geometry/resize.h"

#include "image/color/color.h"

#include <string.h>

int lade__resizer_start(struct lade__resizer *r, enum lade_interpolation interpolation, int width, int height,
                        const struct lade__resize_plan *plan, const struct lade_image *out, bool bits16,
                        struct lade_error *err) {
    const struct lade_box *from = &plan->from;
    const struct lade__axis_plan x = {interpolation, width,   from->x,   from->x + from->width,
                                      plan->width,   plan->x, out->width};
    const struct lade__axis_plan y = {interpolation, height,  from->y,    from->y + from->height,
                                      plan->height,  plan->y, out->height};
    int rc = lade__axis_set(&r->x, &x, err);
    if (rc == LADE_OK)
        rc = lade__axis_set(&r->y, &y, err);
    if (rc < 0)
        return rc;

    r->out = *out;
    r->bits16 = bits16;
    r->part = (struct lade_box){r->x.begin, r->y.begin, r->x.in, r->y.in};
    r->next_in = r->next_out = 0;
    r->row_bytes = (size_t)out->width * (size_t)out->channels << bits16;
    r->window = r->y.pick || r->y.identity ? 0 : r->y.most + LADE__ROWS_AT_ONCE - 1;
    r->premultiply =
        out->channels == 4 && interpolation != LADE_INTERPOLATION_NEAREST && !(r->x.identity && r->y.identity);
    r->kernels = bits16 ? &lade__kernels_16 : lade__kernels_best();
    if (r->kernels->pack && r->x.packed_channels != out->channels) {
        if ((rc = r->kernels->pack(&r->x, out->channels, err)) < 0)
            return rc;
        r->x.packed_channels = out->channels;
    }
    if ((r->window && (!lade__buffer_need(&r->ring, (size_t)r->window, r->row_bytes) ||
                       !lade__buffer_need(&r->rows, (size_t)r->window, sizeof(uint8_t *)))) ||
        (r->premultiply && !lade__buffer_need(&r->wide, LADE__ROWS_AT_ONCE, ((size_t)r->x.in * 4) << bits16)))
        return lade_error_set(err, LADE_ENOMEM, "no memory for resizing an image to width %d and height %d",
                              plan->width, plan->height);
    return LADE_OK;
}

bool lade__resizer_needs(const struct lade__resizer *r, int count) {
    return r->next_out < r->y.out && r->next_in + count > r->y.first[r->next_out];
}

static void premultiply(const struct lade__resizer *r, const uint8_t *in, uint8_t *out) {
    if (r->bits16)
        lade__premultiply_row16((const uint16_t *)(const void *)in, (uint16_t *)(void *)out, r->x.in);
    else
        lade__premultiply_row(in, out, r->x.in);
}

static void unpremultiply(const struct lade__resizer *r, uint8_t *row) {
    if (r->bits16)
        lade__unpremultiply_row16((uint16_t *)(void *)row, r->out.width);
    else
        lade__unpremultiply_row(row, r->out.width);
}

static uint8_t *ring_row(const struct lade__resizer *r, int y) {
    return (uint8_t *)r->ring.data + (size_t)(y % r->window) * r->row_bytes;
}

/* Resizes up to LADE__ROWS_AT_ONCE source rows horizontally. */
static void horizontal(struct lade__resizer *r, const uint8_t *rows, size_t stride, int count, uint8_t *const *to) {
    const uint8_t *from[LADE__ROWS_AT_ONCE];
    for (int i = 0; i < count; i++) {
        from[i] = rows + (size_t)i * stride;
        if (r->premultiply) {
            uint8_t *wide = (uint8_t *)r->wide.data + ((size_t)i * (size_t)r->x.in * 4 << r->bits16);
            premultiply(r, from[i], wide);
            from[i] = wide;
        }
        if (r->x.identity)
            memcpy(to[i], from[i], r->row_bytes);
    }
    if (!r->x.identity)
        r->kernels->horizontal(&r->x, r->out.channels, from, to, count);
}

/* Computes output row @i. All rows of its window must be in the ring. */
static void vertical(struct lade__resizer *r, int i, uint8_t *to) {
    const uint8_t **rows = r->rows.data;
    for (int k = 0; k < r->y.count[i]; k++)
        rows[k] = ring_row(r, r->y.first[i] + k);
    r->kernels->vertical(rows, r->y.weight + (size_t)i * (size_t)r->y.taps, r->y.count[i], r->row_bytes, to);
}

/* Stores up to LADE__ROWS_AT_ONCE rows in the ring, then computes all output rows whose window is complete. */
static void feed_window(struct lade__resizer *r, const uint8_t *rows, size_t stride, int count) {
    uint8_t *to[LADE__ROWS_AT_ONCE];
    for (int i = 0; i < count; i++)
        to[i] = ring_row(r, r->next_in + i);
    horizontal(r, rows, stride, count, to);
    for (; r->next_out < r->y.out; r->next_out++) {
        int i = r->next_out;
        uint8_t *out = r->out.pixels + (size_t)i * r->out.stride;
        if (r->y.first[i] + r->y.count[i] > r->next_in + count)
            break;
        vertical(r, i, out);
        if (r->premultiply)
            unpremultiply(r, out);
    }
}

/* This function is used if each output row comes from only one source row. Resizes the source row horizontally, and
   stores the result in all output rows that come from this source row. */
static void feed_row(struct lade__resizer *r, const uint8_t *row) {
    for (; r->next_out < r->y.out && r->y.first[r->next_out] == r->next_in; r->next_out++) {
        int i = r->next_out;
        uint8_t *out = r->out.pixels + (size_t)i * r->out.stride;
        if (i > 0 && r->y.first[i] == r->y.first[i - 1])
            memcpy(out, out - r->out.stride, r->row_bytes);
        else
            horizontal(r, row, 0, 1, &out);
        if (r->premultiply)
            unpremultiply(r, out);
    }
}

void lade__resizer_feed(struct lade__resizer *r, const uint8_t *rows, size_t stride, int count) {
    int most = r->window ? LADE__ROWS_AT_ONCE : 1;
    while (count > 0) {
        int n = count < most ? count : most;
        if (!lade__resizer_needs(r, n))
            ;
        else if (r->window)
            feed_window(r, rows, stride, n);
        else
            feed_row(r, rows);
        r->next_in += n;
        rows += (size_t)n * stride;
        count -= n;
    }
}

void lade__resizer_release(struct lade__resizer *r) {
    lade__axis_release(&r->x);
    lade__axis_release(&r->y);
    lade__buffer_release(&r->ring);
    lade__buffer_release(&r->wide);
    lade__buffer_release(&r->rows);
}
