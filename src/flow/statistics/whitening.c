/*
 * Computes the matrix of ZCA whitening. The matrix X has one row for each of the n samples: the sample minus the means
 * of its channels. X' is the transpose of X. The eigenvalues l and the eigenvectors U of X'X satisfy X'X =
 * U diag(l) U'. The ZCA matrix is U diag(sqrt(n) / (sqrt(l) + epsilon)) U', as in Keras. Keras computes the singular
 * values of X, which are the square roots of l. At most the n largest eigenvalues are used, because n samples have at
 * most n singular values.
 */
#include "flow/statistics/whitening.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flow/statistics/eigen.h"
#include "flow/statistics/vectors.h"

/* Samples are added in groups of this size. The matrix of products is too large for the caches of a CPU, and it is read
   once for each group, instead of once for each sample. */
enum { GROUP = 32 };

struct lade__whitening {
    int values, channels;
    enum lade_data_format format;
    double epsilon;
    int64_t count;   /* number of samples */
    double *sum;     /* (values) sums over the samples */
    double *product; /* (values, values) sums of the products of two values; samples are added to the upper triangle */
    double *samples; /* (GROUP, values) a group of samples as doubles */
};

struct lade__whitening *lade__whitening_new(int values, int channels, enum lade_data_format format, double epsilon) {
    size_t n = (size_t)values;
    struct lade__whitening *w = lade_calloc(1, sizeof *w);
    if (!w)
        return NULL;
    *w = (struct lade__whitening){values,
                                  channels,
                                  format,
                                  epsilon,
                                  0,
                                  lade_calloc(n, sizeof(double)),
                                  lade_calloc(n * n, sizeof(double)),
                                  lade_calloc(GROUP * n, sizeof(double))};
    if (w->sum && w->product && w->samples)
        return w;
    lade__whitening_free(w);
    return NULL;
}

void lade__whitening_free(struct lade__whitening *w) {
    if (!w)
        return;
    lade_free(w->sum);
    lade_free(w->product);
    lade_free(w->samples);
    lade_free(w);
}

int lade__whitening_values(const struct lade__whitening *w) {
    return w->values;
}

static void add_group(struct lade__whitening *w, const float *samples, size_t count) {
    size_t n = (size_t)w->values;
    for (size_t i = 0; i < count * n; i++)
        w->samples[i] = (double)samples[i];
    for (size_t k = 0; k < count; k++)
        lade__add_times(w->sum, 1, w->samples + k * n, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < count; k++) {
            const double *sample = w->samples + k * n;
            lade__add_times(w->product + i * n + i, sample[i], sample + i, n - i);
        }
}

void lade__whitening_add(struct lade__whitening *w, const float *samples, int64_t count) {
    for (int64_t k = 0; k < count; k += GROUP)
        add_group(w, samples + k * w->values, (size_t)(count - k < GROUP ? count - k : GROUP));
    w->count += count;
}

/* ---- The matrix -------------------------------------------------------------------------------------------------- */

/* Computes X'X from the sums of products. lade__whitening_add() cannot subtract the mean, because the mean is known
   only after the last sample. */
static void center(struct lade__whitening *w, const double mean[4]) {
    size_t n = (size_t)w->values, pixels = n / (size_t)w->channels;
    double *means = w->samples; /* this memory is no longer needed */
    for (size_t i = 0; i < n; i++)
        means[i] = mean[w->format == LADE_CHANNELS_FIRST ? i / pixels : i % (size_t)w->channels];
    for (size_t i = 0; i < n; i++)
        for (size_t k = i; k < n; k++)
            w->product[k * n + i] = w->product[i * n + k] +=
                (double)w->count * means[i] * means[k] - w->sum[i] * means[k] - means[i] * w->sum[k];
}

static int larger_first(const void *a, const void *b) {
    const double *x = a, *y = b;
    return (*x < *y) - (*x > *y);
}

/* Replaces each of the @count largest eigenvalues l by sqrt(count) / (sqrt(l) + epsilon), and each other eigenvalue by
   0. @scratch has @n elements. */
static void invert(double *values, size_t n, int64_t count, double epsilon, double *scratch) {
    memcpy(scratch, values, n * sizeof *values);
    qsort(scratch, n, sizeof *values, larger_first);
    double smallest = (uint64_t)count < n ? scratch[count - 1] : scratch[n - 1];
    for (size_t i = 0; i < n; i++) {
        double root = values[i] > 0 ? sqrt(values[i]) : 0;
        values[i] = values[i] < smallest || root + epsilon == 0 ? 0 : sqrt((double)count) / (root + epsilon);
    }
}

/* Computes @out = U diag(values) U', a few rows at a time. The rows of @vectors are the columns of U. */
static void compose(const double *values, const double *vectors, size_t n, double *rows, float *out) {
    enum { ROWS = 8 };
    for (size_t top = 0; top < n; top += ROWS) {
        size_t count = top + ROWS < n ? ROWS : n - top;
        memset(rows, 0, ROWS * n * sizeof *rows);
        for (size_t i = 0; i < n; i++)
            for (size_t r = 0; r < count; r++)
                lade__add_times(rows + r * n, values[i] * vectors[i * n + top + r], vectors + i * n, n);
        for (size_t i = 0; i < count * n; i++)
            out[top * n + i] = (float)rows[i];
    }
}

int lade__whitening_matrix(struct lade__whitening *w, const double mean[4], float **out, struct lade_error *err) {
    size_t n = (size_t)w->values;
    double *vectors = lade_alloc(n * n * sizeof *vectors), *values = lade_alloc(9 * n * sizeof *values);
    float *matrix = lade_alloc(n * n * sizeof *matrix);
    int status = vectors && values && matrix ? LADE_OK : LADE_ENOMEM;

    if (status < 0) {
        lade_error_set(err, status, "no memory for the matrix of zca_whitening of %d values", w->values);
    } else {
        center(w, mean);
        status = lade__eigen(w->product, n, values, vectors);
        if (status == LADE_ENOMEM)
            lade_error_set(err, status, "no memory for the eigenvectors of zca_whitening");
        else if (status < 0)
            lade_error_set_subject(err, status, "zca_whitening",
                                   "zca_whitening: the samples contain values that are not finite");
    }
    if (status == LADE_OK) {
        invert(values, n, w->count, w->epsilon, values + n);
        compose(values, vectors, n, values + n, matrix);
        *out = matrix;
        matrix = NULL;
    }
    lade_free(matrix);
    lade_free(vectors);
    lade_free(values);
    return status;
}
