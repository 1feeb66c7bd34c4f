/*
 * Computes the affine map. The matrices are multiplied in the order of Keras: rotation, shift, shear, zoom, about the
 * centre of the image. So a position of the result is first zoomed, then sheared, then shifted, and turned last.
 * Because the map goes from the result to the image, the user sees the inverse steps in the opposite order: the image
 * is turned first, and then shifted along the axes of the result.
 */
#include "image/geometry/affine.h"

#include <math.h>

#include "image/geometry/angle.h"

static int64_t to_fixed(double v) {
    return (int64_t)floor(v * 0x1p32 + 0.5);
}

static bool within(double v, double most) {
    return fabs(v) <= most; /* false for NaN */
}

int lade__affine_set(struct lade__affine *map, const struct lade_transform *t, int height, int width,
                     struct lade_error *err) {
    struct lade__angle turn = lade__angle_degrees(t->theta), shear = lade__angle_degrees(t->shear);
    double slant = shear.sin / shear.cos, zx = t->zx != 0 ? t->zx : 1, zy = t->zy != 0 ? t->zy : 1;
    double xx = turn.cos * zx, xy = -(turn.cos * slant + turn.sin) * zy;
    double yx = turn.sin * zx, yy = (turn.cos - turn.sin * slant) * zy;
    double cx = (width - 1) / 2., cy = (height - 1) / 2.;
    double x0 = cx + (turn.cos * t->tx - turn.sin * t->ty) - (xx * cx + xy * cy);
    double y0 = cy + (turn.sin * t->tx + turn.cos * t->ty) - (yx * cx + yy * cy);

    double step = fmax(fmax(fabs(xx), fabs(xy)), fmax(fabs(yx), fabs(yy)));
    double reach_x = fabs(x0) + fabs(xx) * width + fabs(xy) * height;
    double reach_y = fabs(y0) + fabs(yx) * width + fabs(yy) * height;
    if (!within(step, 0x1p20) || !within(reach_x, 0x1p30) || !within(reach_y, 0x1p30))
        return lade_error_set_subject(
            err, LADE_EINVAL, "transform",
            "the transform (theta %g, tx %g, ty %g, shear %g, zx %g, zy %g) reads pixels that are "
            "too far outside the image",
            t->theta, t->tx, t->ty, t->shear, zx, zy);
    *map = (struct lade__affine){to_fixed(x0), to_fixed(xx), to_fixed(xy), to_fixed(y0), to_fixed(yx), to_fixed(yy)};
    if (t->flip_horizontal) {
        map->x0 += map->xx * (width - 1);
        map->y0 += map->yx * (width - 1);
        map->xx = -map->xx;
        map->yx = -map->yx;
    }
    if (t->flip_vertical) {
        map->x0 += map->xy * (height - 1);
        map->y0 += map->yy * (height - 1);
        map->xy = -map->xy;
        map->yy = -map->yy;
    }
    return LADE_OK;
}

int64_t lade__affine_reach(const struct lade__affine *map, int height, int width) {
    int64_t most = 0;
    for (int corner = 0; corner < 4; corner++) {
        int64_t x = corner & 1 ? width - 1 : 0, y = corner & 2 ? height - 1 : 0;
        int64_t from_x = (map->x0 + x * map->xx + y * map->xy) >> LADE__FIXED_BITS;
        int64_t from_y = (map->y0 + x * map->yx + y * map->yy) >> LADE__FIXED_BITS;
        from_x = from_x < 0 ? -from_x : from_x;
        from_y = from_y < 0 ? -from_y : from_y;
        most = most > from_x ? most : from_x;
        most = most > from_y ? most : from_y;
    }
    return most;
}
