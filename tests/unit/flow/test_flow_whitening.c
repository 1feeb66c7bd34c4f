/* Tests of the eigenvectors of a symmetric matrix, and of the matrix for ZCA whitening. */
#include "flow/statistics/eigen.h"
#include "flow/statistics/whitening.h"

#include <math.h>
#include <stdlib.h>

#include "support/check_main.h"

/* Returns a random number with a normal distribution. */
static double normal(struct lade_random *r) {
    return lade_random_normal(r);
}

/* Checks that the eigenvectors of the matrix satisfy the equation of eigenvectors, have the length 1 and are orthogonal
   to each other. */
static void check_eigen(size_t n, const double *symmetric) {
    double *a = malloc(n * n * sizeof *a), *vectors = malloc(n * n * sizeof *a), *values = malloc(n * sizeof *a);
    double largest = 0;
    for (size_t i = 0; i < n * n; i++) {
        a[i] = symmetric[i];
        largest = fmax(largest, fabs(a[i]));
    }
    ck_assert_int_eq(lade__eigen(a, n, values, vectors), LADE_OK);
    for (size_t v = 0; v < n; v++)
        for (size_t i = 0; i < n; i++) {
            double product = 0, across = 0;
            for (size_t k = 0; k < n; k++) {
                product += symmetric[i * n + k] * vectors[v * n + k];
                across += vectors[i * n + k] * vectors[v * n + k];
            }
            ck_assert(fabs(product - values[v] * vectors[v * n + i]) < 1e-12 * (double)n * (largest + 1e-300));
            ck_assert(fabs(across - (i == v)) < 1e-12);
        }
    free(a);
    free(vectors);
    free(values);
}

START_TEST(eigenvectors_satisfy_their_equation) {
    struct lade_random r;
    lade_random_init(&r, 3, 0, 0, LADE_RANDOM_USER);
    for (size_t n = 1; n < 130; n += n < 10 ? 1 : 17) {
        double *a = calloc(n * n, sizeof *a);
        check_eigen(n, a);
        for (size_t i = 0; i < n; i++)
            a[i * n + i] = i % 3 ? 2 : 1;
        check_eigen(n, a); /* a diagonal matrix with many equal eigenvalues */
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k <= i; k++)
                a[i * n + k] = a[k * n + i] = normal(&r);
        check_eigen(n, a);
        for (size_t i = 0; i < n * n; i++)
            a[i] = 5; /* a matrix of rank 1 */
        check_eigen(n, a);
        for (size_t i = 0; i < n; i++) /* a matrix of rank 3 with rounding errors */
            for (size_t k = 0; k <= i; k++)
                a[i * n + k] = a[k * n + i] = sin((double)i) * sin((double)k) +
                                              cos(3. * (double)i) * cos(3. * (double)k) + 1e-9 * (double)i * (double)k;
        check_eigen(n, a);
        free(a);
    }
}
END_TEST

/* If there are more samples than values in a sample, the covariance matrix of the whitened samples is the identity. */
START_TEST(the_whitened_covariance_is_the_identity) {
    enum { N = 12, SAMPLES = 400 };
    static float samples[SAMPLES][N];
    struct lade_random r;
    struct lade_error err = {0};
    double mean[4] = {0}, mixed[N][N];
    float *matrix = NULL;
    lade_random_init(&r, 4, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < N * N; i++)
        mixed[i / N][i % N] = normal(&r);
    for (int k = 0; k < SAMPLES; k++) {
        double own[N];
        for (int i = 0; i < N; i++)
            own[i] = normal(&r);
        for (int i = 0; i < N; i++) {
            double sum = 10 * (_i ? i / 4 : i % 3); /* each channel has a different mean */
            for (int j = 0; j < N; j++)
                sum += mixed[i][j] * own[j];
            samples[k][i] = (float)sum;
            mean[_i ? i / 4 : i % 3] += sum / (SAMPLES * 4);
        }
    }
    struct lade__whitening *w = lade__whitening_new(N, 3, (enum lade_data_format)_i, 0);
    lade__whitening_add(w, samples[0], 150);
    lade__whitening_add(w, samples[150], SAMPLES - 150);
    ck_assert_int_eq(lade__whitening_matrix(w, mean, &matrix, &err), LADE_OK);
    double covariance[N][N] = {{0}};
    for (int k = 0; k < SAMPLES; k++) {
        double white[N] = {0};
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                white[j] += ((double)samples[k][i] - mean[_i ? i / 4 : i % 3]) * (double)matrix[i * N + j];
        for (int i = 0; i < N * N; i++)
            covariance[i / N][i % N] += white[i / N] * white[i % N] / SAMPLES;
    }
    for (int i = 0; i < N * N; i++)
        ck_assert_msg(fabs(covariance[i / N][i % N] - (i / N == i % N)) < 1e-5, "%d: %g", i, covariance[i / N][i % N]);
    lade_free(matrix);
    lade__whitening_free(w);
}
END_TEST

/* If there are fewer samples than values in a sample, the ZCA matrix is finite, and its product with a vector that is
   orthogonal to all samples is 0. */
START_TEST(few_samples_give_a_matrix_of_low_rank) {
    float samples[2][3] = {{1, 2, 3}, {-1, 0, 1}};
    double mean[4] = {0};
    float *matrix = NULL;
    struct lade_error err = {0};
    struct lade__whitening *w = lade__whitening_new(3, 1, LADE_CHANNELS_LAST, 1e-6);
    lade__whitening_add(w, samples[0], 2);
    ck_assert_int_eq(lade__whitening_matrix(w, mean, &matrix, &err), LADE_OK);
    double orthogonal_to_both[3] = {2, -4, 2};
    for (int k = 0; k < 3; k++) {
        double product = 0;
        for (int i = 0; i < 3; i++)
            product += orthogonal_to_both[i] * (double)matrix[i * 3 + k];
        ck_assert(fabs(product) < 1e-5);
    }
    lade_free(matrix);
    lade__whitening_free(w);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "whiten");
    tcase_add_test(tcase, eigenvectors_satisfy_their_equation);
    tcase_add_loop_test(tcase, the_whitened_covariance_is_the_identity, 0, 2);
    tcase_add_test(tcase, few_samples_give_a_matrix_of_low_rank);
}
