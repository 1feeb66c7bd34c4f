/* Tests of balanced epochs. Each class gets its fraction of the samples of an epoch, and all samples of a class are
 * used equally often. The seed and the epoch determine which samples are chosen. */
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

/* If an epoch uses a sample several times, each use has another augmentation. */
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
    ck_assert_int_eq(seen, 120); /* 16 uses of the sample make 120 pairs */
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

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow balanced");
    tcase_add_test(tcase, classes_are_used_equally_often);
    tcase_add_test(tcase, classes_are_used_by_weight);
    tcase_add_test(tcase, a_repeated_sample_is_augmented_again);
    tcase_add_test(tcase, wrong_weights_are_refused);
    tcase_add_test(tcase, weights_are_part_of_a_state);
}
