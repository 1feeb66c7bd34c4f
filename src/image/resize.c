/*
 * Resizing in a stream of rows. Across first, then down, each to 8 bits, as Pillow does it, so that working row by row
 * gives Pillow's bytes; a direction in which nothing changes is passed over.
 */
#include "image/resize.h"

#include "image/color.h"

#include <string.h>

static int max_count(const struct lade__axis *axis) {
    int most = 1;
    for (int i = 0; i < axis->out; i++)
        most = axis->count[i] > most ? axis->count[i] : most;
    return most;
}

int lade__resizer_start(struct lade__resizer *r, enum lade_interpolation interpolation, int in_width, int in_height,
                        const struct lade__box *box, const struct lade_image *out, struct lade_error *err) {
    int rc = lade__axis_set(&r->x, interpolation, in_width, box->x, box->x + box->width, out->width, err);
    if (rc == LADE_OK)
        rc = lade__axis_set(&r->y, interpolation, in_height, box->y, box->y + box->height, out->height, err);
    if (rc < 0)
        return rc;

    r->out = *out;
    r->next_in = r->next_out = 0;
    r->row_bytes = (size_t)out->width * (size_t)out->channels;
    r->window = r->y.pick || r->y.identity ? 0 : max_count(&r->y);
    r->premultiply = out->channels == 4 && interpolation != LADE_NEAREST && !(r->x.identity && r->y.identity);
    if (!r->kernels)
        r->kernels = lade__kernels_best();
    if ((r->window && (!lade__buffer_need(&r->ring, (size_t)r->window, r->row_bytes) ||
                       !lade__buffer_need(&r->rows, (size_t)r->window, sizeof(uint8_t *)))) ||
        (r->premultiply && !lade__buffer_need(&r->wide, (size_t)in_width, 4)))
        return lade_error_set(err, LADE_ENOMEM, "no memory for a window of %d rows of %zu bytes", r->window,
                              r->row_bytes);
    return LADE_OK;
}

bool lade__resizer_needs(const struct lade__resizer *r, int y) {
    return r->next_out < r->y.out && y >= r->y.first[r->next_out];
}

static uint8_t *ring_row(const struct lade__resizer *r, int y) {
    return (uint8_t *)r->ring.data + (size_t)(y % r->window) * r->row_bytes;
}

/* Source row to one row of the output's width: into the ring, or straight into the output. */
static void across(struct lade__resizer *r, const uint8_t *row, uint8_t *to) {
    if (r->premultiply) {
        lade__premultiply_row(row, r->wide.data, r->x.in);
        row = r->wide.data;
    }
    if (r->x.identity)
        memcpy(to, row, r->row_bytes);
    else
        r->kernels->across(&r->x, r->out.channels, row, to);
}

/* All rows of the window of output row @i are in the ring. */
static void down(struct lade__resizer *r, int i, uint8_t *to) {
    const uint8_t **rows = r->rows.data;
    for (int k = 0; k < r->y.count[i]; k++)
        rows[k] = ring_row(r, r->y.first[i] + k);
    r->kernels->down(rows, r->y.weight + (size_t)i * (size_t)r->y.taps, r->y.count[i], r->row_bytes, to);
}

void lade__resizer_feed(struct lade__resizer *r, const uint8_t *row) {
    int y = r->next_in++;
    if (!lade__resizer_needs(r, y))
        return;
    if (r->window)
        across(r, row, ring_row(r, y));
    for (; r->next_out < r->y.out; r->next_out++) {
        int i = r->next_out;
        uint8_t *to = r->out.pixels + (size_t)i * r->out.stride;
        if (r->y.first[i] + r->y.count[i] > y + 1)
            break;
        if (r->window)
            down(r, i, to);
        else if (i > 0 && r->y.first[i] == r->y.first[i - 1])
            memcpy(to, to - r->out.stride, r->row_bytes); /* nearest, enlarging: the same row again */
        else
            across(r, row, to);
        if (r->premultiply)
            lade__unpremultiply_row(to, r->out.width);
    }
}

void lade__resizer_release(struct lade__resizer *r) {
    lade__axis_release(&r->x);
    lade__axis_release(&r->y);
    lade__buffer_release(&r->ring);
    lade__buffer_release(&r->wide);
    lade__buffer_release(&r->rows);
}
