/*
 * Copies rows to the upright image. An orientation is described by three numbers: the position of the first stored
 * pixel in the upright image, the step in the upright image from one stored column to the next, and the step from one
 * stored row to the next.
 */
#include "image/color/orient.h"

#include <stddef.h>
#include <string.h>

static inline void copy_pixels(const uint8_t *in, ptrdiff_t in_step, uint8_t *out, ptrdiff_t out_step, int count,
                               size_t channels) {
    for (int i = 0; i < count; i++, in += in_step, out += out_step)
        memcpy(out, in, channels);
}

void lade__orient_rows(int orientation, const uint8_t *rows, size_t stride, int y, int count, int width, int height,
                       const struct lade_image *to) {
    static const bool from_right[] = {0, 0, 1, 1, 0, 0, 0, 1, 1}, from_bottom[] = {0, 0, 0, 1, 1, 0, 1, 1, 0};
    bool swaps = lade__orient_swaps(orientation);
    size_t channels = (size_t)to->channels;
    ptrdiff_t step_x = (ptrdiff_t)(swaps ? to->stride : channels);
    ptrdiff_t step_y = (ptrdiff_t)(swaps ? channels : to->stride);
    uint8_t *start = to->pixels;
    if (from_right[orientation]) {
        start += (width - 1) * step_x;
        step_x = -step_x;
    }
    if (from_bottom[orientation]) {
        start += (height - 1) * step_y;
        step_y = -step_y;
    }
    start += y * step_y;
    if (swaps) /* copy column by column, because the pixels of a stored column are neighbours in the upright image */
        for (int x = 0; x < width; x++)
            copy_pixels(rows + (size_t)x * channels, (ptrdiff_t)stride, start + x * step_x, step_y, count, channels);
    else
        for (int i = 0; i < count; i++)
            copy_pixels(rows + (size_t)i * stride, (ptrdiff_t)channels, start + i * step_y, step_x, width, channels);
}
