/*
 * Plans the crop and the resize of an image. There are three kinds of crop: Keras's keep_aspect_ratio, torchvision's
 * RandomResizedCrop, and torchvision's Resize followed by CenterCrop. Instead of a crop, an image can be padded.
 *
 * RandomResizedCrop crops before it resizes, so the filter of the resize reads no pixel outside of the cropped part.
 * With the other two kinds of crop, the filter may read all pixels of the image.
 */
#include "image/geometry/crop.h"

#include <limits.h>

/* Returns the largest centred part of the image that has the aspect ratio of @target, in whole pixels. */
static struct lade_box centred_box(int width, int height, const struct lade_image *target) {
    int64_t by_width = (int64_t)width * target->height / target->width;
    int64_t by_height = (int64_t)height * target->width / target->height;
    struct lade_box box = {0, 0, by_height < width ? (int)by_height : width,
                           by_width < height ? (int)by_width : height};
    box.width = box.width < 1 ? 1 : box.width;
    box.height = box.height < 1 ? 1 : box.height;
    box.x = (width - box.width) / 2;
    box.y = (height - box.height) / 2;
    return box;
}

/* Computes the size of the whole image after its shorter side is resized to crop->shorter_side. */
static void resized_whole(const struct lade__crop *crop, int *to_width, int *to_height) {
    int width = crop->whole_width, height = crop->whole_height, size = crop->shorter_side;
    int shorter = width < height ? width : height, longer = width < height ? height : width;
    int64_t to_longer = (int64_t)size * longer / shorter;
    to_longer = to_longer < INT_MAX ? to_longer : INT_MAX; /* the resizer returns an error for this size */
    *to_width = width <= height ? size : (int)to_longer;
    *to_height = width <= height ? (int)to_longer : size;
}

/* Returns n / 2. If @n is odd, the result is rounded to the nearest even integer, as in Python's round(). */
static int half(int n) {
    return n / 2 + (n % 4 == 3);
}

/* Returns the position of crop->box in an image that was scaled down to @width x @height. The result is the smallest
   part, in whole pixels, that covers the box. */
static struct lade_box scaled_box(const struct lade__crop *crop, int width, int height) {
    struct lade_box box = crop->box;
    if (width == crop->whole_width && height == crop->whole_height)
        return box;
    int64_t x = box.x, y = box.y, right = x + box.width, bottom = y + box.height;
    box.x = (int)(x * width / crop->whole_width);
    box.y = (int)(y * height / crop->whole_height);
    box.width = (int)((right * width + crop->whole_width - 1) / crop->whole_width) - box.x;
    box.height = (int)((bottom * height + crop->whole_height - 1) / crop->whole_height) - box.y;
    return box;
}

void lade__crop_plan(const struct lade__crop *crop, int width, int height, const struct lade_image *out,
                     struct lade_box *from, struct lade__resize_plan *plan) {
    *from = crop->box.width ? scaled_box(crop, width, height) : (struct lade_box){0, 0, width, height};
    *plan = (struct lade__resize_plan){{0, 0, from->width, from->height}, out->width, out->height, 0, 0};
    if (crop->shorter_side) {
        resized_whole(crop, &plan->width, &plan->height);
        plan->x = half(plan->width - out->width);
        plan->y = half(plan->height - out->height);
    } else if (crop->keep_aspect_ratio) {
        plan->from = centred_box(width, height, out);
    }
}

/* Returns @n * @to / @from, rounded to the nearest integer, and at least 1. */
static int scaled(int n, int to, int from) {
    int64_t size = (2 * (int64_t)n * to + from) / (2 * (int64_t)from);
    return size < 1 ? 1 : (int)size;
}

struct lade_box lade__crop_fit(const struct lade__crop *crop, int out_width, int out_height) {
    struct lade_box fit = {0, 0, out_width, out_height};
    int width = crop->whole_width, height = crop->whole_height;
    if (!crop->pad)
        return fit;
    if ((int64_t)width * out_height >= (int64_t)height * out_width)
        fit.height = scaled(height, out_width, width);
    else
        fit.width = scaled(width, out_height, height);
    fit.x = (out_width - fit.width) / 2;
    fit.y = (out_height - fit.height) / 2;
    return fit;
}

void lade__crop_min_size(const struct lade__crop *crop, int *width, int *height) {
    struct lade_box fit = lade__crop_fit(crop, crop->target_width, crop->target_height);
    *width = fit.width;
    *height = fit.height;
    if (crop->shorter_side)
        resized_whole(crop, width, height);
    if (crop->box.width) {
        int64_t w = (int64_t)*width * crop->whole_width, h = (int64_t)*height * crop->whole_height;
        *width = (int)((w + crop->box.width - 1) / crop->box.width);
        *height = (int)((h + crop->box.height - 1) / crop->box.height);
    }
}
