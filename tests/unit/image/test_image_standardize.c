/* Tests that the results of the steps of standardisation follow the formulas of the steps. */
#include "support/decoder_case.h"
#include "support/image_samples.h"

#include <math.h>

static double at(const struct lade_image *in, int y, int x, int c) {
    return in->pixels[(size_t)y * in->stride + (size_t)(x * in->channels + c)];
}

static double mean_of(const float *x, size_t n, size_t step) {
    double sum = 0;
    for (size_t i = 0; i < n; i += step)
        sum += (double)x[i];
    return sum / (double)(n / step);
}

static double std_of(const float *x, size_t n, size_t step) {
    double mean = mean_of(x, n, step), sum = 0;
    for (size_t i = 0; i < n; i += step)
        sum += ((double)x[i] - mean) * ((double)x[i] - mean);
    return sqrt(sum / (double)(n / step));
}

START_TEST(samplewise_steps) {
    struct lade_image in = sample_image(31, 17, 3, 7);
    size_t n = 31 * 17 * 3;
    struct lade_output plain = {.rescale = 1 / 255.f}, center = plain, std = plain;
    center.samplewise_center = true;
    std.samplewise_std_normalization = true;
    float *x = transform_image(decoder, &in, NULL, &plain), *c = transform_image(decoder, &in, NULL, &center),
          *s = transform_image(decoder, &in, NULL, &std);
    double mean = mean_of(x, n, 1), deviation = std_of(x, n, 1);
    for (size_t i = 0; i < n; i++) {
        ck_assert(fabs((double)c[i] - ((double)x[i] - mean)) < 1e-6);
        ck_assert(fabs((double)s[i] - ((double)x[i] - mean) / (deviation + 1e-6)) < 1e-5);
    }
    ck_assert(fabs(mean_of(s, n, 1)) < 1e-6 && fabs(std_of(s, n, 1) - 1) < 1e-4);
    free(x);
    free(c);
    free(s);
    free(in.pixels);
}
END_TEST

START_TEST(featurewise_steps) {
    for (int first = 0; first < 2; first++)
        for (int k = 0; k < 3; k++) {
            int channels = (int[]){1, 3, 4}[k];
            struct lade_image in = sample_image(11, 5, channels, 7);
            struct lade_stats stats = {.channels = channels, .mean = {100, 20, -3, 7}, .std = {50, 2, 9, 0}};
            struct lade_output o = {.stats = &stats, .featurewise_std_normalization = true};
            o.data_format = (enum lade_data_format)first;
            float *out = transform_image(decoder, &in, NULL, &o);
            for (int i = 0; i < 55 * channels; i++) {
                int c = first ? i / 55 : i % channels, place = first ? i % 55 : i / channels;
                double want = (at(&in, place / 11, place % 11, c) - stats.mean[c]) / (stats.std[c] + 1e-6);
                ck_assert_msg(fabs((double)out[i] - want) <= 1e-6 * fabs(want), "%d: %g", i, (double)out[i]);
            }
            free(out);
            free(in.pixels);
        }
}
END_TEST

START_TEST(whitening_multiplies_by_the_matrix) {
    enum { N = 3 * 2 * 3 };
    static float matrix[N * N];
    struct lade_image in = sample_image(3, 2, 3, 8);
    struct lade_stats stats = {.channels = 3, .mean = {1, 2, 3}, .zca_values = N, .zca = matrix};
    struct lade_output o = {.stats = &stats, .zca_whitening = true};
    for (int i = 0; i < N * N; i++)
        matrix[i] = (float)(i % 7) - 3;
    float *out = transform_image(decoder, &in, NULL, &o);
    for (int k = 0; k < N; k++) {
        double want = 0;
        for (int i = 0; i < N; i++)
            want += (at(&in, i / 9, i / 3 % 3, i % 3) - stats.mean[i % 3]) * (double)matrix[i * N + k];
        ck_assert(fabs((double)out[k] - want) < 1e-3);
    }
    free(out);
    free(in.pixels);
}
END_TEST

START_TEST(impossible_steps_are_named) {
    static const float matrix[1];
    static const struct lade_stats grey = {.channels = 1}, small = {.channels = 3, .zca_values = 1, .zca = matrix};
    static const struct {
        struct lade_output output;
        int code;
        const char *step;
    } cases[] = {
        {{.uint8 = true, .samplewise_center = true}, LADE_EINVAL, "samplewise_center"},
        {{.uint8 = true, .featurewise_center = true, .stats = &grey}, LADE_EINVAL, "featurewise_center"},
        {{.featurewise_center = true}, LADE_ESTATE, "featurewise_center"},
        {{.featurewise_std_normalization = true}, LADE_ESTATE, "featurewise_std_normalization"},
        {{.featurewise_center = true, .stats = &grey}, LADE_EINVAL, "featurewise_center"},
        {{.zca_whitening = true, .stats = &small}, LADE_EINVAL, "zca_whitening"},
        {{.zca_whitening = true, .featurewise_std_normalization = true}, LADE_EINVAL, "featurewise_std_normalization"},
    };
    struct lade_image in = sample_image(4, 4, 3, 5), large = sample_image(33, 32, 3, 5);
    struct lade_error err = {0};
    static float slot[33 * 32 * 3];
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, &cases[_i].output, slot, &err), cases[_i].code);
    ck_assert_str_eq(err.subject, cases[_i].step);
    struct lade_output white = {.zca_whitening = true, .stats = &small};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &large, NULL, &white, slot, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, "zca_whitening");
    free(in.pixels);
    free(large.pixels);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "standardize");
    tcase_add_test(tcase, samplewise_steps);
    tcase_add_test(tcase, featurewise_steps);
    tcase_add_test(tcase, whitening_multiplies_by_the_matrix);
    tcase_add_loop_test(tcase, impossible_steps_are_named, 0, 7);
}
