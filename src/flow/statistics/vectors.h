/*
 * Defines loops over long vectors of doubles. The loops work on blocks, so that compilers can generate vector code. The
 * order of the operations is fixed, so the results are the same on every machine.
 */
#ifndef LADE_SRC_FLOW_STATISTICS_VECTORS_H
#define LADE_SRC_FLOW_STATISTICS_VECTORS_H

#include <stddef.h>

enum { LADE__BLOCK = 16 };

/* Computes y += a x. */
static inline void lade__add_times(double *restrict y, double a, const double *restrict x, size_t n) {
    size_t i = 0;
    for (; i + LADE__BLOCK <= n; i += LADE__BLOCK)
        for (int k = 0; k < LADE__BLOCK; k++)
            y[i + (size_t)k] += a * x[i + (size_t)k];
    for (; i < n; i++)
        y[i] += a * x[i];
}

/* Returns the dot product of x and y. */
static inline double lade__dot(const double *restrict x, const double *restrict y, size_t n) {
    double lane[LADE__BLOCK] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LADE__BLOCK <= n; i += LADE__BLOCK)
        for (int k = 0; k < LADE__BLOCK; k++)
            lane[k] += x[i + (size_t)k] * y[i + (size_t)k];
    for (; i < n; i++)
        lane[i % LADE__BLOCK] += x[i] * y[i];
    for (int k = 0; k < LADE__BLOCK; k++)
        sum += lane[k];
    return sum;
}

/* Rotates two vectors: (x, y) becomes (c x - s y, s x + c y). */
static inline void lade__rotate(double *restrict x, double *restrict y, double c, double s, size_t n) {
    size_t i = 0;
    for (; i + LADE__BLOCK <= n; i += LADE__BLOCK)
        for (int k = 0; k < LADE__BLOCK; k++) {
            double a = x[i + (size_t)k], b = y[i + (size_t)k];
            x[i + (size_t)k] = c * a - s * b;
            y[i + (size_t)k] = s * a + c * b;
        }
    for (; i < n; i++) {
        double a = x[i], b = y[i];
        x[i] = c * a - s * b;
        y[i] = s * a + c * b;
    }
}

#endif
