/*
 * The three ways of taking a part of an image: Keras's keep_aspect_ratio, torchvision's RandomResizedCrop,
 * torchvision's CenterCrop after Resize. They differ in what a filter may see: the second crops first, so nothing
 * beyond the part; the others see all of the image.
 */
#include "image/geometry/crop.h"

#include <limits.h>
#include <math.h>

/* The largest centred part with the target's shape, in whole pixels. */
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

/* The shorter side becomes @size. */
static void resize_shorter(int size, int width, int height, int *to_width, int *to_height) {
    int shorter = width < height ? width : height, longer = width < height ? height : width;
    int64_t to_longer = (int64_t)size * longer / shorter;
    to_longer = to_longer < INT_MAX ? to_longer : INT_MAX; /* which is refused as too much */
    *to_width = width <= height ? size : (int)to_longer;
    *to_height = width <= height ? (int)to_longer : size;
}

/* Half of what is too much, rounded as Python's round(). */
static int half(int n) {
    return n / 2 + (n % 4 == 3);
}

/* @crop in an image decoded at a fraction of its size: whole pixels that cover it. */
static struct lade_box scaled(const struct lade__sink *sink, int width, int height) {
    struct lade_box box = sink->crop;
    if (width == sink->whole_width && height == sink->whole_height)
        return box;
    int64_t x = box.x, y = box.y, right = x + box.width, bottom = y + box.height;
    box.x = (int)(x * width / sink->whole_width);
    box.y = (int)(y * height / sink->whole_height);
    box.width = (int)((right * width + sink->whole_width - 1) / sink->whole_width) - box.x;
    box.height = (int)((bottom * height + sink->whole_height - 1) / sink->whole_height) - box.y;
    return box;
}

void lade__crop_plan(const struct lade__sink *sink, int width, int height, struct lade_box *from,
                     struct lade__resize_plan *plan) {
    const struct lade_image *target = &sink->image;
    *from = sink->crop.width ? scaled(sink, width, height) : (struct lade_box){0, 0, width, height};
    *plan = (struct lade__resize_plan){{0, 0, from->width, from->height}, target->width, target->height, 0, 0};
    if (sink->crop_resize) {
        resize_shorter(sink->crop_resize, sink->whole_width, sink->whole_height, &plan->width, &plan->height);
        plan->x = half(plan->width - target->width);
        plan->y = half(plan->height - target->height);
    } else if (sink->keep_aspect_ratio) {
        plan->from = centred_box(width, height, target);
    }
}

void lade__crop_need(const struct lade__sink *sink, int *width, int *height) {
    *width = sink->target_width;
    *height = sink->target_height;
    if (sink->crop_resize)
        resize_shorter(sink->crop_resize, sink->whole_width, sink->whole_height, width, height);
    if (sink->crop.width) {
        int64_t w = (int64_t)*width * sink->whole_width, h = (int64_t)*height * sink->whole_height;
        *width = (int)((w + sink->crop.width - 1) / sink->crop.width);
        *height = (int)((h + sink->crop.height - 1) / sink->crop.height);
    }
}

/* ---- Drawing a random one ---------------------------------------------------------------------------------------- */

/* base to the power of @x, 0 <= x < 1: by square roots and products, which all machines round alike. */
static double power(double base, double x) {
    double result = 1;
    for (int bit = 0; bit < 40; bit++) {
        base = sqrt(base);
        x *= 2;
        if (x >= 1) {
            result *= base;
            x -= 1;
        }
    }
    return result;
}

static int rounded(double x) {
    return (int)fmin(rint(x), 1e9);
}

int lade_crop_check(const struct lade_crop_range *range, struct lade_error *err) {
    const double *scale = range->scale, *ratio = range->ratio;
    if (!(scale[0] == 0 && scale[1] == 0) && !(scale[0] > 0 && scale[0] <= scale[1] && scale[1] <= 1))
        return lade_error_set(err, LADE_EINVAL, "crop_scale %g, %g: must be shares of the area, 0 < from <= to <= 1",
                              scale[0], scale[1]);
    if (!(ratio[0] == 0 && ratio[1] == 0) && !(ratio[0] >= 1e-3 && ratio[0] <= ratio[1] && ratio[1] <= 1e3))
        return lade_error_set(err, LADE_EINVAL,
                              "crop_ratio %g, %g: must be width to height, 0.001 <= from <= to <= 1000", ratio[0],
                              ratio[1]);
    return LADE_OK;
}

/* No part of the wanted shape was found: the largest one in the middle that is nearly so. */
static struct lade_box fallback(double low, double high, int height, int width) {
    struct lade_box box = {0, 0, width, height};
    double shape = (double)width / height;
    if (shape < low)
        box.height = rounded(width / low);
    else if (shape > high)
        box.width = rounded(height * high);
    box.width = box.width < 1 ? 1 : box.width;
    box.height = box.height < 1 ? 1 : box.height;
    box.x = (width - box.width) / 2;
    box.y = (height - box.height) / 2;
    return box;
}

void lade_crop_draw(const struct lade_crop_range *range, struct lade_random *random, int height, int width,
                    struct lade_box *out) {
    bool all_sizes = range->scale[1] == 0, all_shapes = range->ratio[1] == 0;
    double from = all_sizes ? 0.08 : range->scale[0], to = all_sizes ? 1 : range->scale[1];
    double low = all_shapes ? 3. / 4 : range->ratio[0], high = all_shapes ? 4. / 3 : range->ratio[1];
    for (int i = 0; i < 10; i++) {
        double area = (double)height * width * lade_random_uniform(random, from, to);
        double shape = low * power(high / low, lade_random_double(random));
        int w = rounded(sqrt(area * shape)), h = rounded(sqrt(area / shape));
        if (w < 1 || w > width || h < 1 || h > height)
            continue;
        int y = (int)lade_random_below(random, (uint64_t)(height - h + 1));
        int x = (int)lade_random_below(random, (uint64_t)(width - w + 1));
        *out = (struct lade_box){x, y, w, h};
        return;
    }
    *out = fallback(low, high, height, width);
}
