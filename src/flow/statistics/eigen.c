/*
 * Computes eigenvalues and eigenvectors in two steps (Golub and Van Loan, Matrix Computations, 8.3). Householder
 * reflections make the matrix tridiagonal. Then the QL algorithm with implicit shifts makes the matrix diagonal.
 *
 * The matrices are larger than the caches of a CPU, so the order of the loops is chosen such that the data is read from
 * memory as few times as possible. All loops work on rows, and the eigenvectors are rows. The pass that applies a
 * reflection to a row also computes the product that the next reflection needs. The rotations of many QL steps are
 * collected and then applied to a few columns at a time. The operations on each matrix element have the same order on
 * every machine, so the result also has the same bits.
 */
#include "flow/statistics/eigen.h"

#include <lade/base.h>
#include <math.h>
#include <string.h>

#include "flow/statistics/vectors.h"

/* ---- To a tridiagonal matrix ------------------------------------------------------------------------------------- */

struct tridiagonal {
    double *a; /* (n, n); the vectors of the reflections overwrite the upper triangle */
    size_t n;
    double *diagonal, *beside; /* the tridiagonal matrix: its diagonal, and the elements beside the diagonal */
    double *factor;            /* (n) 2 / v'v, where v is the vector of a reflection; 0: no reflection */
};

/*
 * Computes the reflection that sets x[1], ..., x[m-1] to zero. Returns the new value of x[0]. The reflection is
 * 1 - factor v v'; the vector v overwrites @x.
 */
static double reflect(double *x, size_t m, double *factor) {
    double rest = lade__dot(x + 1, x + 1, m - 1);

    *factor = 0;
    if (rest == 0)
        return x[0];
    double length = sqrt(x[0] * x[0] + rest), first = x[0] > 0 ? -length : length;
    x[0] -= first;
    *factor = 2 / (x[0] * x[0] + rest);
    return first;
}

/* Returns the part of row @i to the right of column @k. */
static double *right_of(const struct tridiagonal *t, size_t i, size_t k) {
    return t->a + i * t->n + k + 1;
}

static void begin_row(struct tridiagonal *t, size_t k) {
    size_t m = t->n - k - 1;

    t->diagonal[k] = t->a[k * t->n + k];
    t->factor[k] = 0;
    t->beside[k] = m ? reflect(right_of(t, k, k), m, &t->factor[k]) : 0;
}

/* Returns element @i of factor * A v, where v is the vector of reflection @k. */
static double product(const struct tridiagonal *t, size_t k, size_t i) {
    return t->factor[k] * lade__dot(right_of(t, i, k), right_of(t, k, k), t->n - k - 1);
}

/* Makes the matrix tridiagonal. @w and @next are temporary memory of n elements. */
static void make_tridiagonal(struct tridiagonal *t, double *w, double *next) {
    begin_row(t, 0);
    for (size_t i = 1; i < t->n && t->factor[0] != 0; i++)
        w[i] = product(t, 0, i);
    for (size_t k = 0; k + 1 < t->n; k++) {
        const double *v = right_of(t, k, k);
        size_t m = t->n - k - 1;
        bool reflects = t->factor[k] != 0;
        if (reflects)
            lade__add_times(w + k + 1, -t->factor[k] / 2 * lade__dot(w + k + 1, v, m), v, m);
        for (size_t i = k + 1; i < t->n; i++) {
            if (reflects) {
                lade__add_times(right_of(t, i, k), -v[i - k - 1], w + k + 1, m);
                lade__add_times(right_of(t, i, k), -w[i], v, m);
            }
            if (i == k + 1)
                begin_row(t, i);
            else if (t->factor[k + 1] != 0)
                next[i] = product(t, k + 1, i);
        }
        double *swap = w;
        w = next;
        next = swap;
    }
}

/*
 * Computes the eigenvectors of the original matrix from the eigenvectors of the tridiagonal matrix. For this purpose,
 * the function applies the reflections to each row, the last reflection first. The loops work on a few rows at a time,
 * because all rows use the same reflection vectors.
 */
static void reflect_back(const struct tridiagonal *t, double *vectors) {
    enum { ROWS = 8 };

    for (size_t top = 0; top < t->n; top += ROWS)
        for (size_t k = t->n; k-- > 0;)
            for (size_t i = top; t->factor[k] != 0 && i < top + ROWS && i < t->n; i++) {
                const double *v = right_of(t, k, k);
                double *row = vectors + i * t->n + k + 1;
                lade__add_times(row, -t->factor[k] * lade__dot(v, row, t->n - k - 1), v, t->n - k - 1);
            }
}

/* ---- To a diagonal matrix ---------------------------------------------------------------------------------------- */

enum { STEPS = 32, COLUMNS = 32 };

/* The rotations of the QL steps that are not yet applied to the eigenvectors. */
struct rotations {
    double *vectors; /* (n, n) */
    double *block;   /* (n, COLUMNS) a copy of some columns, which fits into a cache */
    size_t n;
    double *c, *s;                    /* (STEPS, n) cosine and sine; rotation i of a step turns the rows i and i+1 */
    size_t first[STEPS], last[STEPS]; /* a step consists of the rotations last-1, last-2, ..., first */
    int steps;
};

static void copy_columns(double *to, size_t to_stride, const double *from, size_t from_stride, size_t rows,
                         size_t columns) {
    for (size_t i = 0; i < rows; i++)
        memcpy(to + i * to_stride, from + i * from_stride, columns * sizeof *to);
}

static void apply_rotations(struct rotations *r) {
    for (size_t left = 0; r->steps && left < r->n; left += COLUMNS) {
        size_t columns = r->n - left < COLUMNS ? r->n - left : COLUMNS;
        copy_columns(r->block, COLUMNS, r->vectors + left, r->n, r->n, columns);
        for (int step = 0; step < r->steps; step++)
            for (size_t i = r->last[step]; i-- > r->first[step];)
                lade__rotate(r->block + i * COLUMNS, r->block + (i + 1) * COLUMNS, r->c[(size_t)step * r->n + i],
                             r->s[(size_t)step * r->n + i], columns);
        copy_columns(r->vectors + left, r->n, r->block, COLUMNS, r->n, columns);
    }
    r->steps = 0;
}

/* Does one QL step for the rows @first .. @last of the tridiagonal matrix. @d is the diagonal, and @e has the elements
   beside the diagonal. */
static void step(double *d, double *e, size_t first, size_t last, struct rotations *out) {
    double apart = (d[first + 1] - d[first]) / (2 * e[first]), r = sqrt(apart * apart + 1);
    double g = d[last] - d[first] + e[first] / (apart + (apart < 0 ? -r : r));
    double s = 1, c = 1, p = 0;
    size_t at = (size_t)out->steps * out->n;

    out->first[out->steps] = first;
    out->last[out->steps] = last;
    for (size_t i = last; i-- > first;) {
        double f = s * e[i], b = c * e[i];
        r = sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0) { /* the matrix splits into two blocks here */
            d[i + 1] -= p;
            e[last] = 0;
            out->first[out->steps++] = i + 1;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        out->c[at + i] = c;
        out->s[at + i] = s;
    }
    d[first] -= p;
    e[first] = g;
    e[last] = 0;
    out->steps++;
}

static int make_diagonal(double *d, double *e, size_t n, struct rotations *rotations) {
    enum { MAX_STEPS = 60 };
    double largest = 0;

    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(d[i]) + fabs(e[i]));
    /* An element of e that is not larger than `zero` counts as 0, because it is a rounding error that never becomes
       exactly 0. */
    double zero = 0x1p-52 * largest;
    for (size_t first = 0; first < n; first++)
        for (int steps = 0;; steps++) {
            size_t last = first;
            while (last + 1 < n && fabs(e[last]) > zero)
                last++;
            if (last == first)
                break;
            if (steps == MAX_STEPS)
                return LADE_ERUNTIME;
            step(d, e, first, last, rotations);
            if (rotations->steps == STEPS)
                apply_rotations(rotations);
        }
    apply_rotations(rotations);
    return LADE_OK;
}

int lade__eigen(double *a, size_t n, double *values, double *vectors) {
    double *memory = lade_alloc((2 + 2 * STEPS + COLUMNS) * n * sizeof *memory);

    if (!memory)
        return LADE_ENOMEM;
    struct tridiagonal t = {.a = a, .n = n, .diagonal = values, .beside = memory, .factor = memory + n};
    struct rotations r = {.vectors = vectors,
                          .block = memory + 2 * n,
                          .n = n,
                          .c = memory + (2 + COLUMNS) * n,
                          .s = memory + (2 + COLUMNS + STEPS) * n};
    make_tridiagonal(&t, r.c, r.s);
    memset(vectors, 0, n * n * sizeof *vectors);
    for (size_t i = 0; i < n; i++)
        vectors[i * n + i] = 1;
    int status = make_diagonal(values, t.beside, n, &r);
    if (status == LADE_OK)
        reflect_back(&t, vectors);
    lade_free(memory);
    return status;
}
