/*
 * The two classical steps: Householder reflections make the matrix tridiagonal, the QL iteration with implicit shifts
 * makes that diagonal (Golub and Van Loan, Matrix Computations, 8.3). Everything works on whole rows, since a matrix of
 * this size is larger than any cache: eigenvectors are rows, and what symmetry would save is not saved.
 */
#include "flow/statistics/eigen.h"

#include <lade/base.h>
#include <math.h>
#include <string.h>

#include "flow/statistics/vectors.h"

/* The reflection that leaves only the first of x[0 .. m-1]: x becomes its vector v, with v v' / (v'v / 2) subtracted
   from
   1. Returns what the first becomes; *factor is 2 / v'v, or 0 where there is nothing to do. */
static double reflect(double *x, size_t m, double *factor) {
    double rest = lade__dot(x + 1, x + 1, m - 1);
    *factor = 0;
    if (rest == 0)
        return x[0];
    double length = sqrt(x[0] * x[0] + rest), left = x[0] > 0 ? -length : length;
    x[0] -= left;
    *factor = 2 / (x[0] * x[0] + rest);
    return left;
}

/* @a becomes tridiagonal: @diagonal, and @beside it; the rows of @a above keep the reflections, @factor theirs. */
static void tridiagonal(double *a, size_t n, double *diagonal, double *beside, double *factor, double *w) {
    for (size_t k = 0; k < n; k++) {
        size_t m = n - k - 1; /* what is left beyond row k */
        double *v = a + k * n + k + 1;
        diagonal[k] = a[k * n + k];
        factor[k] = 0;
        beside[k] = m ? reflect(v, m, &factor[k]) : 0;
        if (factor[k] == 0)
            continue;
        for (size_t i = 0; i < m; i++)
            w[i] = factor[k] * lade__dot(a + (k + 1 + i) * n + k + 1, v, m);
        lade__add_times(w, -factor[k] / 2 * lade__dot(w, v, m), v, m);
        for (size_t i = 0; i < m; i++) {
            double *row = a + (k + 1 + i) * n + k + 1;
            lade__add_times(row, -v[i], w, m);
            lade__add_times(row, -w[i], v, m);
        }
    }
}

/* One step for the block @first .. @last of the tridiagonal matrix; the rows of @vectors turn with it. */
static void step(double *d, double *e, size_t first, size_t last, double *vectors, size_t n) {
    double apart = (d[first + 1] - d[first]) / (2 * e[first]), r = sqrt(apart * apart + 1);
    double g = d[last] - d[first] + e[first] / (apart + (apart < 0 ? -r : r));
    double s = 1, c = 1, p = 0;
    for (size_t i = last; i-- > first;) {
        double f = s * e[i], b = c * e[i];
        r = sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0) { /* the matrix falls apart here */
            d[i + 1] -= p;
            e[last] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        lade__rotate(vectors + i * n, vectors + (i + 1) * n, c, s, n);
    }
    d[first] -= p;
    e[first] = g;
    e[last] = 0;
}

static int diagonalize(double *d, double *e, double *vectors, size_t n) {
    enum { MOST_STEPS = 60 };
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(d[i]) + fabs(e[i]));
    double nothing = 0x1p-52 * largest; /* what is smaller came of rounding, and would never get to zero */
    for (size_t first = 0; first < n; first++)
        for (int steps = 0;; steps++) {
            size_t last = first;
            while (last + 1 < n && fabs(e[last]) > nothing)
                last++;
            if (last == first)
                break;
            if (steps == MOST_STEPS)
                return LADE_ERUNTIME;
            step(d, e, first, last, vectors, n);
        }
    return LADE_OK;
}

/* From eigenvectors of the tridiagonal matrix to those of the one before: the reflections, last one first, some rows at
   a time. */
static void reflect_back(const double *a, const double *factor, double *vectors, size_t n) {
    enum { ROWS = 8 };
    for (size_t top = 0; top < n; top += ROWS)
        for (size_t k = n; k-- > 0;)
            for (size_t i = top; factor[k] != 0 && i < top + ROWS && i < n; i++) {
                const double *v = a + k * n + k + 1;
                double *row = vectors + i * n + k + 1;
                lade__add_times(row, -factor[k] * lade__dot(v, row, n - k - 1), v, n - k - 1);
            }
}

int lade__eigen(double *a, size_t n, double *values, double *vectors, double *scratch) {
    double *beside = scratch, *factor = scratch + n;
    tridiagonal(a, n, values, beside, factor, vectors);
    memset(vectors, 0, n * n * sizeof *vectors);
    for (size_t i = 0; i < n; i++)
        vectors[i * n + i] = 1;
    int status = diagonalize(values, beside, vectors, n);
    if (status == LADE_OK)
        reflect_back(a, factor, vectors, n);
    return status;
}
