/*
 * Draws the rectangle of random erasing as torchvision's RandomErasing does, and erases it. The rectangle is erased in
 * the finished sample. So the loops that store the rows of a sample do not depend on this augmentation.
 */
#include "image/augment/erasing.h"

#include <string.h>

#include "image/augment/random_crop.h"

/* If ten random rectangles do not fit into the image, the image is not erased. */
void lade__erasing_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                        struct lade_erasing *out) {
    const float *scale = augment->erasing_scale, *ratio = augment->erasing_ratio;
    bool all_sizes = scale[1] == 0, all_shapes = ratio[1] == 0;
    struct lade__random_sides sides = {(double)height * width, (double)(all_sizes ? 0.02f : scale[0]),
                                       (double)(all_sizes ? 0.33f : scale[1]), (double)(all_shapes ? 0.3f : ratio[0]),
                                       (double)(all_shapes ? 3.3f : ratio[1])};

    *out = (struct lade_erasing){0};
    if (lade_random_double(random) >= (double)augment->random_erasing)
        return;
    for (int i = 0; i < 10; i++) {
        int h, w;
        lade__random_sides_draw(&sides, random, &h, &w);
        if (h >= height || w >= width)
            continue;
        out->y = (uint16_t)lade_random_below(random, (uint64_t)(height - h + 1));
        out->x = (uint16_t)lade_random_below(random, (uint64_t)(width - w + 1));
        out->height = (uint16_t)h;
        out->width = (uint16_t)w;
        out->value = augment->erasing_value;
        return;
    }
}

/* Sets @n values, beginning at index @at, to @value. */
static void fill(const struct lade_output *output, void *slot, size_t at, size_t n, float value) {
    if (output->uint8)
        memset((uint8_t *)slot + at, (int)(value + 0.5f), n);
    else if (output->uint16)
        for (size_t i = 0; i < n; i++)
            ((uint16_t *)slot)[at + i] = (uint16_t)(value * 257 + 0.5f);
    else
        for (size_t i = 0; i < n; i++)
            ((float *)slot)[at + i] = value;
}

void lade__erasing_apply(const struct lade_erasing *erasing, const struct lade_image *image,
                         const struct lade_output *output, void *slot) {
    size_t height = (size_t)image->height, width = (size_t)image->width, channels = (size_t)image->channels;
    size_t right = erasing->x + (size_t)erasing->width, bottom = erasing->y + (size_t)erasing->height;
    bool first = output->data_format == LADE_CHANNELS_FIRST;
    size_t planes = first ? channels : 1, step = first ? 1 : channels;
    float scale = output->rescale != 0 ? output->rescale : 1, value = erasing->value;

    value = value < 0 ? 0 : value > 255 ? 255 : value;
    right = right < width ? right : width;
    bottom = bottom < height ? bottom : height;
    for (size_t plane = 0; plane < planes; plane++)
        for (size_t y = erasing->y; y < bottom && erasing->x < right; y++)
            fill(output, slot, ((plane * height + y) * width + erasing->x) * step, (right - erasing->x) * step,
                 value * scale);
}
