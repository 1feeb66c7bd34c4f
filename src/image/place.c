/*
 * Positions outside of an image, brought back by the fill mode. On whole positions, after the fraction was split off:
 * so the fill modes hold to the pixel what their pictures promise ("wrap" has the image's size as its period, as
 * Keras documents it; SciPy's, which Keras calls, has one less).
 */
#include "image/place.h"

#include <math.h>

static int modulo(int64_t i, int64_t n) {
    int64_t r = i % n;
    return (int)(r < 0 ? r + n : r);
}

static int bring_back(int64_t i, int n, enum lade_fill_mode fill_mode) {
    if (i >= 0 && i < n)
        return (int)i;
    switch (fill_mode) {
    case LADE_FILL_CONSTANT:
        return LADE__OUTSIDE;
    case LADE_FILL_REFLECT: {
        int m = modulo(i, 2 * (int64_t)n);
        return m < n ? m : 2 * n - 1 - m;
    }
    case LADE_FILL_WRAP:
        return modulo(i, n);
    default:
        return i < 0 ? 0 : n - 1;
    }
}

void lade__place_set(struct lade__place *place, int *tables, int n, double shift, bool flip,
                     enum lade_fill_mode fill_mode) {
    int *near = tables, *far = tables + n;
    double whole = floor(shift);
    bool between = shift != whole;
    *place = (struct lade__place){near, between ? far : near, (float)(shift - whole), shift == 0 && !flip, false};
    for (int i = 0; i < n; i++) {
        int64_t from = (flip ? n - 1 - i : i) + (int64_t)whole;
        near[i] = bring_back(from, n, fill_mode);
        if (between) {
            far[i] = bring_back(from + 1, n, fill_mode);
            if (far[i] == LADE__OUTSIDE)
                near[i] = LADE__OUTSIDE;
        }
        place->outside |= near[i] == LADE__OUTSIDE;
    }
}
