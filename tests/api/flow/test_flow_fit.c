/* Tests of lade_flow_fit(), which computes the statistics of a data set. The tests also save the statistics, pass them
   to other flows, and check the steps that use the statistics. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <math.h>

static const struct lade_flow_options small = {.target_size = {6, 5}, .batch_size = 4, .rescale = 1 / 255.f};

static const struct lade_stats *fitted(lade_flow *flow) {
    struct lade_error err = {0};
    int status = lade_flow_fit(flow, &err);
    ck_assert_msg(status == LADE_OK, "%s", err.message);
    return lade_flow_stats(flow);
}

/* Returns all rows of an epoch, and stores their number in *@rows. The caller frees the rows with free(). */
static float *collect(const struct lade_flow_options *options, int64_t *rows) {
    lade_flow *flow = tree_flow(options);
    float *all = malloc((size_t)lade_flow_samples(flow) * 90 * sizeof *all);
    *rows = 0;
    for (int64_t step = 0; step < lade_flow_steps(flow); step++) {
        struct lade_batch *b = tree_next(flow);
        memcpy(all + *rows * 90, lade_tensor_data(b->x), (size_t)b->n * 90 * sizeof *all);
        *rows += b->n;
        lade_batch_unref(b);
    }
    lade_flow_free(flow);
    return all;
}

static void channel(const float *x, int64_t count, int c, double *mean, double *std) {
    *mean = *std = 0;
    for (int64_t i = c; i < count; i += 3)
        *mean += (double)x[i] / ((double)count / 3);
    for (int64_t i = c; i < count; i += 3)
        *std += ((double)x[i] - *mean) * ((double)x[i] - *mean) / ((double)count / 3);
    *std = sqrt(*std);
}

START_TEST(mean_and_deviation_of_every_channel) {
    tree_classes(2, (int[]){7, 6});
    struct lade_flow_options augmented = small;
    augmented.rotation_range = 90; /* augmentation does not change the statistics */
    augmented.horizontal_flip = true;
    augmented.brightness_range[1] = 3;
    lade_flow *flow = tree_flow(&augmented);
    ck_assert_ptr_null(lade_flow_stats(flow));
    const struct lade_stats *stats = fitted(flow);
    int64_t rows;
    float *x = collect(&small, &rows);
    ck_assert_int_eq(stats->images, 13);
    ck_assert_int_eq(stats->channels, 3);
    for (int c = 0; c < 3; c++) {
        double mean, std;
        channel(x, rows * 90, c, &mean, &std);
        ck_assert(fabs(stats->mean[c] - mean) < 1e-12 && fabs(stats->std[c] - std) < 1e-12);
    }
    free(x);
    lade_flow_free(flow);
}
END_TEST

START_TEST(the_statistics_do_not_depend_on_the_workers) {
    struct lade_stats first = {0};
    tree_classes(2, (int[]){20, 21});
    for (int workers = 1; workers <= 4; workers++) {
        struct lade_flow_options o = small;
        o.workers = workers;
        o.batch_size = 1 + 5 * workers; /* the batch size and the rank have no effect either */
        o.world = workers;
        o.rank = workers - 1;
        lade_flow *flow = tree_flow(&o);
        const struct lade_stats *stats = fitted(flow);
        if (workers == 1)
            first = *stats;
        ck_assert_int_eq(memcmp(first.mean, stats->mean, sizeof first.mean), 0);
        ck_assert_int_eq(memcmp(first.std, stats->std, sizeof first.std), 0);
        lade_flow_free(flow);
    }
}
END_TEST

/* After the featurewise steps, each channel has the mean 0 and the standard deviation 1. A flow that computes the
 * statistics and a flow that gets them by the option stats deliver the same batches. */
START_TEST(featurewise_steps_normalize_the_data) {
    tree_classes(2, (int[]){7, 6});
    struct lade_flow_options o = small;
    o.featurewise_std_normalization = true;
    o.samplewise_center = true; /* this step comes first, so the statistics include its effect */
    lade_flow *flow = tree_flow(&o);
    fitted(flow);
    struct lade_digest own = tree_digest(flow, lade_flow_steps(flow));
    o.stats = lade_flow_stats(flow);
    int64_t rows;
    float *x = collect(&o, &rows);
    for (int c = 0; c < 3; c++) {
        double mean, std;
        channel(x, rows * 90, c, &mean, &std);
        ck_assert_msg(fabs(mean) < 1e-5 && fabs(std - 1) < 1e-4, "%g %g", mean, std);
    }
    lade_flow *given = tree_flow(&o);
    struct lade_digest other = tree_digest(given, lade_flow_steps(given));
    ck_assert(own.low == other.low && own.high == other.high);
    lade_flow_free(flow);
    lade_flow_free(given);
    free(x);
}
END_TEST

START_TEST(whitened_values_are_not_correlated) {
    tree_classes(2, (int[]){60, 60});
    struct lade_flow_options o = {.target_size = {2, 2},
                                  .color_mode = LADE_COLOR_GRAYSCALE,
                                  .batch_size = 120,
                                  .rescale = 1 / 255.f,
                                  .zca_whitening = true};
    for (int first = 0; first < 2; first++) {
        o.data_format = (enum lade_data_format)first;
        lade_flow *flow = tree_flow(&o);
        ck_assert_int_eq(fitted(flow)->zca_values, 4);
        struct lade_batch *b = tree_next(flow);
        const float *x = lade_tensor_data(b->x);
        for (int i = 0; i < 16; i++) {
            double sum = 0;
            for (int k = 0; k < 120; k++)
                sum += (double)x[4 * k + i / 4] * (double)x[4 * k + i % 4] / 120;
            ck_assert_msg(fabs(sum - (i / 4 == i % 4)) < 1e-3, "%d: %g", i, sum);
        }
        lade_batch_unref(b);
        lade_flow_free(flow);
    }
}
END_TEST

START_TEST(saving_and_loading_keeps_all_bits) {
    float matrix[9] = {1, -0.f, 3.5e-20f, 0.1f, 1e30f, -7, 8, 9, 1 / 3.f};
    struct lade_stats stats = {.channels = 3,
                               .mean = {0.1, -2e-17, 1 / 3.},
                               .std = {1, 2e10, 0},
                               .images = 77,
                               .rescale = 1 / 255.f,
                               .zca_values = 3,
                               .zca = matrix,
                               .left_out = 5};
    struct lade_error err = {0};
    ck_assert_int_eq(lade_stats_save(&stats, tree_path("stats.json"), &err), LADE_OK);
    struct lade_stats *loaded = lade_stats_load(tree_path("stats.json"), &err);
    ck_assert_msg(loaded != NULL, "%s", err.message);
    ck_assert_int_eq(memcmp(loaded->mean, stats.mean, sizeof stats.mean), 0);
    ck_assert_int_eq(memcmp(loaded->std, stats.std, sizeof stats.std), 0);
    ck_assert_int_eq(memcmp(loaded->zca, matrix, sizeof matrix), 0);
    ck_assert(loaded->images == 77 && loaded->rescale == stats.rescale && loaded->channels == 3 &&
              loaded->zca_values == 3 && loaded->left_out == 5);
    struct lade_stats *copy = lade_stats_copy(loaded);
    lade_stats_free(loaded);
    ck_assert(copy->images == 77 && copy->rescale == stats.rescale && copy->zca_values == 3);
    ck_assert_int_eq(memcmp(copy->zca, matrix, sizeof matrix), 0);
    lade_stats_free(copy);
    lade_stats_free(NULL);
    ck_assert_int_eq(lade_stats_save(&stats, tree_path("none/stats.json"), &err), LADE_ENOENT);
    check_error(&err, LADE_ENOENT, "none/stats.json");
}
END_TEST

START_TEST(broken_files_are_refused) {
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"lade_stats\": 1}",
        "{\"lade_stats\": 2, \"images\": 1, \"rescale\": 1, \"mean\": [1], \"std\": [1]}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [1, 2], \"std\": [1, 2]}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [1], \"std\": [1, 2, 3]}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [\"1\"], \"std\": [1]}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": 1, \"std\": 1}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [1], \"std\": [1], \"zca_values\": 1, \"zca\": "
        "\"3f80000\"}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [1], \"std\": [1], \"zca_values\": 1, \"zca\": "
        "\"3f80000x\"}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [1], \"std\": [1], \"zca_values\": 1, \"zca\": "
        "\"7f800000\"}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [1], \"std\": [1], \"zca_values\": -1, \"zca\": "
        "\"\"}",
        "{\"lade_stats\": 1, \"images\": 1, \"rescale\": 1, \"mean\": [1], \"std\": [1], \"zca_values\": 4000000000}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", /* nested too deeply */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct lade_error err = {0};
        tree_bytes("broken.json", texts[i], strlen(texts[i]));
        ck_assert_ptr_null(lade_stats_load(tree_path("broken.json"), &err));
        check_error(&err, LADE_EFORMAT, "broken.json");
        ck_assert((strstr(err.message, "nested too deeply") != NULL) == (strncmp(texts[i], "[[", 2) == 0));
    }
    struct lade_error err = {0};
    ck_assert_ptr_null(lade_stats_load(tree_path("missing.json"), &err));
    check_error(&err, LADE_ENOENT, "missing.json");
}
END_TEST

START_TEST(impossible_steps_are_refused) {
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    tree_classes(2, (int[]){3, 3});
    struct lade_flow_options o = small;
    o.featurewise_center = true;
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ESTATE); /* Keras only prints a warning in this case */
    check_error(&err, LADE_ESTATE, "featurewise_center");
    fitted(flow);
    lade_batch_unref(tree_next(flow));
    ck_assert_int_eq(lade_flow_fit(flow, &err), LADE_ESTATE); /* batches have already been read */
    lade_flow_free(flow);

    o = (struct lade_flow_options){.target_size = {64, 64}, .zca_whitening = true};
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "zca_whitening");
    o = (struct lade_flow_options){.dtype = LADE_UINT8, .samplewise_center = true};
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "samplewise_center");
    o = (struct lade_flow_options){.zca_epsilon = -1};
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "zca_epsilon");
    struct lade_stats grey = {.channels = 1};
    o = (struct lade_flow_options){.featurewise_center = true, .stats = &grey};
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "featurewise_center");
    struct lade_stats scaled = {.channels = 3, .rescale = 1 / 255.f};
    o.stats = &scaled;
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "featurewise_center");
}
END_TEST

/* The option on_error decides whether an invalid file is an error, or is left out and reported. A saved state depends
   on the statistics. */
START_TEST(invalid_files_and_states) {
    struct lade_error err = {0};
    char *state = NULL;
    tree_classes(2, (int[]){3, 3});
    tree_bytes("c1/003.png", "no picture", 10);
    struct lade_flow_options o = small;
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_lt(lade_flow_fit(flow, &err), 0);
    check_error(&err, err.code, "c1/003.png");
    lade_flow_free(flow);
    o.on_error = LADE_ERROR_SKIP;
    o.featurewise_center = true;
    flow = tree_flow(&o);
    ck_assert_int_eq(fitted(flow)->images, 6);
    ck_assert_int_eq(lade_flow_stats(flow)->left_out, 1);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 1);
    lade_batch_unref(tree_next(flow));
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);

    struct lade_stats other = *lade_flow_stats(flow);
    o.stats = &other;
    lade_flow *again = tree_flow(&o);
    ck_assert_int_eq(lade_flow_resume(again, state, &err), LADE_OK);
    lade_flow_free(again);
    other.mean[1] += 1e-9;
    again = tree_flow(&o);
    ck_assert_int_eq(lade_flow_resume(again, state, &err), LADE_EMISMATCH);
    check_error(&err, LADE_EMISMATCH, "stats");
    lade_flow_free(again);
    lade_flow_free(flow);
    lade_free(state);
}
END_TEST

START_TEST(statistics_have_names) {
    struct lade_error err = {0};
    const struct lade_stats *stats = lade_stats_named("imagenet", &err);
    ck_assert(stats->channels == 3 && stats->mean[1] == 0.456 && stats->std[2] == 0.225);
    ck_assert_float_eq(stats->rescale, 1 / 255.f);
    tree_classes(1, (int[]){2});
    struct lade_flow_options o = {
        .target_size = {4, 5}, .featurewise_std_normalization = true, .rescale = 1 / 255.f, .stats = stats};
    struct lade_flow_options bare = {.target_size = {4, 5}, .rescale = 1 / 255.f};
    lade_flow *flow = tree_flow(&o), *plain = tree_flow(&bare);
    struct lade_batch *a = tree_next(flow), *b = tree_next(plain);
    const float *x = lade_tensor_data(a->x), *y = lade_tensor_data(b->x);
    for (int i = 0; i < 2 * 4 * 5 * 3; i++)
        ck_assert(fabs((double)x[i] - ((double)y[i] - stats->mean[i % 3]) / stats->std[i % 3]) < 2e-5);
    lade_batch_unref(a);
    lade_batch_unref(b);
    lade_flow_free(flow);
    lade_flow_free(plain);
    ck_assert_ptr_null(lade_stats_named("mnist", &err));
    ck_assert(err.code == LADE_EINVAL && strcmp(err.subject, "mnist") == 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow fit");
    tcase_add_test(tcase, mean_and_deviation_of_every_channel);
    tcase_add_test(tcase, statistics_have_names);
    tcase_add_test(tcase, the_statistics_do_not_depend_on_the_workers);
    tcase_add_test(tcase, featurewise_steps_normalize_the_data);
    tcase_add_test(tcase, whitened_values_are_not_correlated);
    tcase_add_test(tcase, saving_and_loading_keeps_all_bits);
    tcase_add_test(tcase, broken_files_are_refused);
    tcase_add_test(tcase, impossible_steps_are_refused);
    tcase_add_test(tcase, invalid_files_and_states);
}
