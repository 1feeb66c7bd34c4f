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
        return 0;
    case LADE_FILL_REFLECT: {
        int m = modulo(i, 2 * (int64_t)n);
        return m < n ? m : (int)(2 * (int64_t)n - 1 - m);
    }
    case LADE_FILL_WRAP:
        return modulo(i, n);
    default:
        return i < 0 ? 0 : n - 1;
    }
}

static int within(int64_t i, int n) {
    return (int)(i < 0 ? 0 : i > n ? n : i);
}

void lade__place_set(struct lade__place *place, int *tables, int n, double shift, bool flip,
                     enum lade_fill_mode fill_mode) {
    int *near = tables, *far = tables + n;
    double floored = floor(shift);
    int64_t whole = (int64_t)floored;
    bool between = shift != floored;
    *place = (struct lade__place){near, between ? far : near, (float)(shift - floored), shift == 0 && !flip, 0, n};
    for (int i = 0; i < n; i++) {
        int64_t from = (flip ? n - 1 - i : i) + whole;
        near[i] = bring_back(from, n, fill_mode);
        if (between)
            far[i] = bring_back(from + 1, n, fill_mode);
    }
    if (fill_mode == LADE_FILL_CONSTANT) { /* inside: 0 <= position <= n - 1 */
        int begin = within(-whole, n), end = within(n - whole - between, n);
        place->begin = flip ? n - end : begin;
        place->end = flip ? n - begin : end;
        if (place->end < place->begin)
            place->end = place->begin;
    }
}
