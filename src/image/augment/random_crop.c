/*
 * Draws a random part of an image, as torchvision's RandomResizedCrop does. The code uses only square roots and
 * products of doubles, because their results are the same on every machine. The results of pow() in the C library
 * differ between machines.
 */
#include "image/augment/random_crop.h"

#include <math.h>

#include "base/option.h"

double lade__power(double base, double x) {
    double result = 1, whole = floor(x);

    for (double i = 0; i < whole; i++)
        result *= base;
    x -= whole;
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

void lade__random_sides_draw(const struct lade__random_sides *sides, struct lade_random *random, int *first,
                             int *second) {
    double area = sides->image * lade_random_uniform(random, sides->from, sides->to);
    double ratio = sides->low * lade__power(sides->high / sides->low, lade_random_double(random));

    *first = rounded(sqrt(area * ratio));
    *second = rounded(sqrt(area / ratio));
}

int lade_crop_check(const struct lade_crop_range *range, struct lade_error *err) {
    const double *scale = range->scale, *ratio = range->ratio;
    if (LADE__RESERVED_CHECK(range, "lade_crop_range", err) < 0)
        return LADE_EINVAL;
    if (!(scale[0] == 0 && scale[1] == 0) && !(scale[0] > 0 && scale[0] <= scale[1] && scale[1] <= 1))
        return lade_error_set_subject(
            err, LADE_EINVAL, "crop_scale",
            "crop_scale is %g, %g: it must be two fractions of the area with 0 < first <= second <= 1", scale[0],
            scale[1]);
    if (!(ratio[0] == 0 && ratio[1] == 0) && !(ratio[0] >= 1e-3 && ratio[0] <= ratio[1] && ratio[1] <= 1e3))
        return lade_error_set_subject(
            err, LADE_EINVAL, "crop_ratio",
            "crop_ratio is %g, %g: it must be two values of width / height with 0.001 <= first <= second <= 1000",
            ratio[0], ratio[1]);
    return LADE_OK;
}

/* Returns the part that is used if none of ten random parts fits into the image. This is the largest centred part whose
   shape is as close to the range of crop_ratio as possible. */
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
    struct lade__random_sides sides = {(double)height * width, from, to, low, high};
    for (int i = 0; i < 10; i++) {
        int w, h;
        lade__random_sides_draw(&sides, random, &w, &h);
        if (w < 1 || w > width || h < 1 || h > height)
            continue;
        int y = (int)lade_random_below(random, (uint64_t)(height - h + 1));
        int x = (int)lade_random_below(random, (uint64_t)(width - w + 1));
        *out = (struct lade_box){x, y, w, h};
        return;
    }
    *out = fallback(low, high, height, width);
}
