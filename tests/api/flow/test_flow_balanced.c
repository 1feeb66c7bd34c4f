/* Tests of balanced and weighted epochs. Each class gets its fraction of the samples of an epoch, and all samples of a
   class are used equally often. The seed and the epoch determine which samples are chosen. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <math.h>

enum { SAMPLES = 40 };

/* Counts how often each sample is used in the next epoch. */
static void count_epoch(lade_flow *flow, int counts[SAMPLES]) {
    memset(counts, 0, SAMPLES * sizeof *counts);
    for (int64_t k = 0; k < lade_flow_steps(flow); k++) {
        struct lade_batch *b = tree_next(flow);
        for (int64_t i = 0; i < b->n; i++)
            counts[b->indices[i]]++;
        lade_batch_unref(b);
    }
}

/* Checks that the samples of class c are used @expected[c] times in total, and that the counts of two samples of a
   class differ by at most 1. */
static void check_classes(const lade_flow *flow, const int counts[SAMPLES], const int expected[3]) {
    for (int c = 0; c < 3; c++) {
        int sum = 0, least = SAMPLES, most = 0;
        for (int i = 0; i < SAMPLES; i++)
            if (lade_flow_class_of(flow, i) == c) {
                sum += counts[i];
                least = counts[i] < least ? counts[i] : least;
                most = counts[i] > most ? counts[i] : most;
            }
        ck_assert_int_eq(sum, expected[c]);
        ck_assert_int_le(most - least, 1);
    }
}

START_TEST(classes_are_used_equally_often) {
    int first[SAMPLES], second[SAMPLES];
    tree_classes(3, (int[]){4, 30, 6});
    struct lade_flow_options o = {.target_size = {2, 2}, .batch_size = 7, .seed = 3, .order = LADE_ORDER_BALANCED};
    lade_flow *flow = tree_flow(&o), *again = tree_flow(&o);
    ck_assert_int_eq(lade_flow_samples(flow), SAMPLES);
    count_epoch(flow, first);
    check_classes(flow, first, (int[]){14, 13, 13}); /* 40 = 3 * 13 + 1, and the first class gets the remainder */
    count_epoch(flow, second);
    check_classes(flow, second, (int[]){14, 13, 13});
    ck_assert_mem_ne(first, second, sizeof first); /* the second epoch uses other samples of the large class */
    count_epoch(again, second);
    ck_assert_mem_eq(first, second, sizeof first);
    lade_flow_free(flow);
    lade_flow_free(again);
}
END_TEST

START_TEST(classes_are_used_by_weight) {
    int counts[SAMPLES];
    tree_classes(3, (int[]){4, 30, 6});
    struct lade_flow_options o = {
        .target_size = {2, 2}, .batch_size = 7, .order = LADE_ORDER_BALANCED, .class_weights = (double[]){1, 0, 3}};
    lade_flow *flow = tree_flow(&o);
    count_epoch(flow, counts);
    check_classes(flow, counts, (int[]){10, 0, 30});
    lade_flow_free(flow);
}
END_TEST

/* If an epoch uses a sample several times, each use gets another random augmentation. */
START_TEST(a_repeated_sample_is_augmented_again) {
    tree_classes(2, (int[]){1, 31});
    lade_flow *flow = tree_flow(&(struct lade_flow_options){
        .target_size = {8, 8}, .batch_size = 32, .order = LADE_ORDER_BALANCED, .width_shift_range = .4});
    struct lade_batch *b = tree_next(flow);
    int seen = 0, equal = 0;
    for (int64_t i = 0; i < b->n; i++)
        for (int64_t j = 0; j < i && b->indices[i] == 0; j++)
            if (b->indices[j] == 0) {
                const float *x = lade_tensor_data(b->x);
                seen++;
                equal += memcmp(x + i * 192, x + j * 192, 192 * sizeof *x) == 0;
            }
    ck_assert_int_eq(seen, 120); /* sample 0 is used 16 times, which makes 16 * 15 / 2 = 120 pairs */
    ck_assert_int_eq(equal, 0);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(wrong_weights_are_refused) {
    tree_classes(3, (int[]){4, 3, 6});
    const double rows[][3] = {{1, -1, 1}, {1, 1, (double)NAN}, {0, 0, 0}, {1, (double)INFINITY, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lade_error err = {0};
        struct lade_flow_options o = {.order = LADE_ORDER_BALANCED, .class_weights = rows[i]};
        ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
        check_error(&err, LADE_EINVAL, "class_weights");
    }
}
END_TEST

START_TEST(the_number_of_weights_is_checked) {
    tree_classes(3, (int[]){4, 3, 6});
    for (int count = 1; count <= 4; count++) {
        struct lade_error err = {0};
        struct lade_flow_options o = {
            .order = LADE_ORDER_BALANCED, .class_weights = (const double[]){1, 1, 1, 1}, .class_weights_count = count};
        lade_flow *flow = lade_flow_from_directory(tree_root, &o, &err);
        ck_assert_int_eq(flow != NULL, count == 3);
        if (!flow)
            check_error(&err, LADE_EINVAL, "class_weights");
        lade_flow_free(flow);
    }
}
END_TEST

START_TEST(weights_are_part_of_a_state) {
    struct lade_error err = {0};
    char *state = NULL;
    double weights[] = {1, 2, 3};
    tree_classes(3, (int[]){4, 3, 6});
    struct lade_flow_options o = {
        .target_size = {2, 2}, .batch_size = 4, .order = LADE_ORDER_BALANCED, .class_weights = weights};
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_OK);
    lade_flow_free(flow);
    weights[2] = 4;
    flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_EMISMATCH);
    check_error(&err, LADE_EMISMATCH, "class_weights");
    lade_flow_free(flow);
    lade_free(state);
}
END_TEST

/* ---- Weighted epochs --------------------------------------------------------------------------------------------- */

/* Opens 40 samples with these weights. */
static lade_flow *weighted_flow(const float weights[SAMPLES], const struct lade_flow_options *o,
                                struct lade_error *err) {
    struct lade_tensor *x = lade_tensor_new(LADE_UINT8, 4, (int64_t[]){SAMPLES, 4, 4, 1});
    struct lade_tensor *y = lade_tensor_new(LADE_UINT8, 1, (int64_t[]){SAMPLES});
    struct lade_tensor *w = weights ? lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){SAMPLES}) : NULL;
    for (int i = 0; i < SAMPLES * 16; i++)
        ((uint8_t *)lade_tensor_data(x))[i] = (uint8_t)(i * 37);
    for (int i = 0; i < SAMPLES; i++)
        ((uint8_t *)lade_tensor_data(y))[i] = (uint8_t)(i % 2);
    if (w)
        memcpy(lade_tensor_data(w), weights, SAMPLES * sizeof *weights);
    lade_flow *flow = lade_flow_from_arrays(x, y, w, o, err);
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    lade_tensor_unref(w);
    return flow;
}

/* In each epoch, the number of occurrences of a sample is its weight divided by the mean weight, rounded up or down.
   Over many epochs, the mean number of occurrences is the exact quotient. */
START_TEST(a_weight_is_a_sampling_probability) {
    enum { EPOCHS = 400 };
    float weights[SAMPLES];
    int counts[SAMPLES], sums[SAMPLES] = {0}, first[SAMPLES];
    double mean = 0;
    for (int i = 0; i < SAMPLES; i++) {
        weights[i] = i % 5 == 0 ? 0 : (float)(i * i % 17) + 0.5f;
        mean += (double)weights[i] / SAMPLES;
    }
    struct lade_flow_options o = {.batch_size = 7, .seed = 4, .order = LADE_ORDER_WEIGHTED};
    lade_flow *flow = weighted_flow(weights, &o, NULL);
    ck_assert_ptr_nonnull(flow);
    ck_assert_int_eq(lade_flow_samples(flow), SAMPLES);
    for (int e = 0; e < EPOCHS; e++) {
        count_epoch(flow, counts);
        if (e == 0)
            memcpy(first, counts, sizeof first);
        if (e == 1)
            ck_assert_mem_ne(first, counts, sizeof first);
        for (int i = 0; i < SAMPLES; i++) {
            double expected = (double)weights[i] / mean;
            ck_assert_int_ge(counts[i], (int)floor(expected - 1e-9));
            ck_assert_int_le(counts[i], (int)ceil(expected + 1e-9));
            sums[i] += counts[i];
        }
    }
    for (int i = 0; i < SAMPLES; i++)
        ck_assert(fabs(sums[i] / (double)EPOCHS - (double)weights[i] / mean) < 0.1);
    lade_flow_free(flow);
}
END_TEST

START_TEST(equal_weights_use_each_sample_once) {
    float weights[SAMPLES];
    int counts[SAMPLES];
    for (int i = 0; i < SAMPLES; i++)
        weights[i] = 0.3f;
    struct lade_flow_options o = {.batch_size = 16, .order = LADE_ORDER_WEIGHTED};
    lade_flow *flow = weighted_flow(weights, &o, NULL);
    count_epoch(flow, counts);
    for (int i = 0; i < SAMPLES; i++)
        ck_assert_int_eq(counts[i], 1);
    struct lade_batch *b = tree_next(flow);
    ck_assert_ptr_null(b->sample_weight); /* the sampling has used the weights, so the loss must not use them too */
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

/* Each occurrence of a sample has its own augmentation. Two ranks together use the same samples as one rank. This is
   also true after a saved state is resumed. */
START_TEST(a_weighted_order_does_not_depend_on_ranks) {
    float weights[SAMPLES] = {0};
    struct lade_digest whole = {0}, parts = {0};
    char *state = NULL;
    weights[3] = 5;
    weights[20] = 1;
    weights[39] = 2;
    struct lade_flow_options o = {
        .batch_size = 16, .order = LADE_ORDER_WEIGHTED, .width_shift_range = .4, .workers = 3, .seed = 8};
    lade_flow *flow = weighted_flow(weights, &o, NULL);
    for (int k = 0; k < 3; k++) {
        struct lade_batch *b = tree_next(flow);
        const float *x = lade_tensor_data(b->x);
        for (int64_t i = 0; i < b->n; i++)
            for (int64_t j = 0; j < i; j++)
                if (b->indices[i] == b->indices[j])
                    ck_assert_mem_ne(x + i * 16, x + j * 16, 16 * sizeof *x);
        if (k > 0)
            ck_assert_int_eq(lade_digest_add(&whole, b), LADE_OK);
        if (k == 0)
            ck_assert_int_eq(lade_flow_state(flow, &state, NULL), LADE_OK);
        lade_batch_unref(b);
    }
    lade_flow_free(flow);
    o.world = 2;
    o.workers = 1;
    for (o.rank = 0; o.rank < 2; o.rank++) {
        flow = weighted_flow(weights, &o, NULL);
        ck_assert_int_eq(lade_flow_resume(flow, state, NULL), LADE_OK);
        for (int k = 1; k < 3; k++) {
            struct lade_batch *b = tree_next(flow);
            ck_assert_int_eq(lade_digest_add(&parts, b), LADE_OK);
            lade_batch_unref(b);
        }
        lade_flow_free(flow);
    }
    ck_assert(whole.low == parts.low && whole.high == parts.high);
    lade_free(state);
}
END_TEST

START_TEST(a_weighted_order_needs_weights) {
    float zero[SAMPLES] = {0};
    struct lade_flow_options o = {.order = LADE_ORDER_WEIGHTED};
    for (int i = 0; i < 2; i++) {
        struct lade_error err = {0};
        ck_assert_ptr_null(weighted_flow(i ? zero : NULL, &o, &err));
        check_error(&err, LADE_EINVAL, "order");
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow balanced");
    tcase_add_test(tcase, classes_are_used_equally_often);
    tcase_add_test(tcase, classes_are_used_by_weight);
    tcase_add_test(tcase, a_repeated_sample_is_augmented_again);
    tcase_add_test(tcase, wrong_weights_are_refused);
    tcase_add_test(tcase, the_number_of_weights_is_checked);
    tcase_add_test(tcase, weights_are_part_of_a_state);
    tcase_add_test(tcase, a_weight_is_a_sampling_probability);
    tcase_add_test(tcase, equal_weights_use_each_sample_once);
    tcase_add_test(tcase, a_weighted_order_does_not_depend_on_ranks);
    tcase_add_test(tcase, a_weighted_order_needs_weights);
}
