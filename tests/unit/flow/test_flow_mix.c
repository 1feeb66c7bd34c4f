/* Tests of MixUp and CutMix: the values of mixed samples and labels, the distribution of the proportion, and the
   independence from workers and ranks. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <math.h>

enum { SAMPLES = 22, HEIGHT = 9, WIDTH = 12, CHANNELS = 3, CLASSES = SAMPLES, VALUES = HEIGHT * WIDTH * CHANNELS };

/* Opens samples of random pixels; each sample has its own class. */
static lade_flow *open_flow(struct lade_flow_options o) {
    struct lade_error err = {0};
    struct lade_random random;
    struct lade_tensor *x = lade_tensor_new(LADE_UINT8, 4, (int64_t[]){SAMPLES, HEIGHT, WIDTH, CHANNELS});
    struct lade_tensor *y = lade_tensor_new(LADE_UINT8, 1, (int64_t[]){SAMPLES});
    lade_random_init(&random, 1, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < SAMPLES * VALUES; i++)
        ((uint8_t *)lade_tensor_data(x))[i] = (uint8_t)lade_random_u32(&random);
    for (int i = 0; i < SAMPLES; i++)
        ((uint8_t *)lade_tensor_data(y))[i] = (uint8_t)i;
    lade_flow *flow = lade_flow_from_arrays(x, y, NULL, &o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    return flow;
}

static double value(const struct lade_batch *b, int64_t row, int i) {
    int64_t at = row * VALUES + i;
    return b->x->dtype == LADE_UINT8 ? ((const uint8_t *)lade_tensor_data(b->x))[at]
                                     : (double)((const float *)lade_tensor_data(b->x))[at];
}

/* Returns the weight of class @class in the label of a row. */
static double label(const struct lade_batch *b, int64_t row, int64_t class) {
    return (double)((const float *)lade_tensor_data(b->y))[row * CLASSES + class];
}

/* Checks the labels of a batch. In each row, the class of the row's own sample has the weight w, which is the same in
   all rows. The class of the sample in the row before has the weight 1 - w. Returns w. */
static double check_labels(const struct lade_batch *b) {
    double keep = label(b, 0, b->indices[0]);
    for (int64_t i = 0; i < b->n; i++) {
        int64_t before = b->indices[i ? i - 1 : b->n - 1];
        ck_assert(fabs(label(b, i, b->indices[i]) - keep) < 1e-6);
        ck_assert(fabs(label(b, i, before) - (1 - keep)) < 1e-6);
    }
    return keep;
}

/* Checks that the values of @mixed are blends of the values of @plain. */
static void check_blend(const struct lade_batch *mixed, const struct lade_batch *plain, double keep) {
    double most = mixed->x->dtype == LADE_UINT8 ? 0.51 : 1e-3;
    for (int64_t i = 0; i < mixed->n; i++)
        for (int k = 0; k < VALUES; k++) {
            double want = keep * value(plain, i, k) + (1 - keep) * value(plain, i ? i - 1 : mixed->n - 1, k);
            ck_assert(fabs(value(mixed, i, k) - want) < most);
        }
}

/* Checks that the values of each row of @mixed inside one rectangle come from the sample in the row before. As a
   fraction of the image, the area of the rectangle must be the weight of that sample's label, 1 - @keep. */
static void check_cut(const struct lade_batch *mixed, const struct lade_batch *plain, double keep, bool first) {
    int left = WIDTH, top = HEIGHT, right = 0, bottom = 0, moved[HEIGHT][WIDTH] = {{0}};
    for (int64_t i = 0; i < mixed->n; i++)
        for (int k = 0; k < VALUES; k++) {
            int pixel = first ? k % (HEIGHT * WIDTH) : k / CHANNELS, x = pixel % WIDTH, y = pixel / WIDTH;
            if (value(mixed, i, k) == value(plain, i, k))
                continue;
            ck_assert(value(mixed, i, k) == value(plain, i ? i - 1 : mixed->n - 1, k));
            moved[y][x]++;
            left = x < left ? x : left;
            top = y < top ? y : top;
            right = x + 1 > right ? x + 1 : right;
            bottom = y + 1 > bottom ? y + 1 : bottom;
        }
    int area = right > left ? (right - left) * (bottom - top) : 0;
    ck_assert(fabs(area / (double)(HEIGHT * WIDTH) - (1 - keep)) < 1e-6);
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++)
            ck_assert_int_gt(moved[y][x], 0);
}

/* Each of the tests 0 to 7 is a combination of MixUp or CutMix, dtype and data_format. The last batch has 2 samples. */
START_TEST(samples_and_labels_are_mixed) {
    bool cuts = _i & 1, first = _i & 4;
    struct lade_flow_options o = {.batch_size = 5,
                                  .seed = 3,
                                  .horizontal_flip = true,
                                  .dtype = _i & 2 ? LADE_UINT8 : LADE_FLOAT32,
                                  .data_format = first ? LADE_CHANNELS_FIRST : LADE_CHANNELS_LAST,
                                  .workers = 2};
    lade_flow *plain = open_flow(o);
    *(cuts ? &o.cutmix_alpha : &o.mixup_alpha) = 1;
    lade_flow *mixed = open_flow(o);
    double least = 1, most = 0;
    for (int k = 0; k < 20; k++) {
        struct lade_batch *a = tree_next(mixed), *b = tree_next(plain);
        ck_assert_mem_eq(a->indices, b->indices, (size_t)a->n * sizeof *a->indices);
        double keep = check_labels(a);
        least = fmin(least, keep);
        most = fmax(most, keep);
        if (cuts)
            check_cut(a, b, keep, first);
        else
            check_blend(a, b, keep);
        lade_batch_unref(a);
        lade_batch_unref(b);
    }
    ck_assert(most - least > 0.3);
    lade_flow_free(plain);
    lade_flow_free(mixed);
}
END_TEST

/* The variance of the distribution Beta(a, a) is 1 / (4 (2 a + 1)), and its mean is 1/2. */
START_TEST(the_proportion_has_a_beta_distribution) {
    enum { BATCHES = 2200 };
    static const float alphas[] = {0.2f, 1, 3};
    double sum = 0, squares = 0, a = (double)alphas[_i];
    lade_flow *flow = open_flow((struct lade_flow_options){.batch_size = 2, .mixup_alpha = alphas[_i], .workers = 2});
    for (int k = 0; k < BATCHES; k++) {
        struct lade_batch *b = tree_next(flow);
        double keep = label(b, 0, b->indices[0]);
        sum += keep;
        squares += (keep - 0.5) * (keep - 0.5);
        lade_batch_unref(b);
    }
    ck_assert(fabs(sum / BATCHES - 0.5) < 0.04);
    ck_assert_msg(fabs(squares / BATCHES * 4 * (2 * a + 1) - 1) < 0.1, "%g", squares / BATCHES);
    lade_flow_free(flow);
}
END_TEST

/* With both options, about half of the batches have a rectangle. */
START_TEST(each_batch_uses_mixup_or_cutmix) {
    int cut = 0;
    lade_flow *plain = open_flow((struct lade_flow_options){.batch_size = 2});
    lade_flow *flow = open_flow((struct lade_flow_options){.batch_size = 2, .mixup_alpha = 2, .cutmix_alpha = 2});
    for (int k = 0; k < 200; k++) {
        struct lade_batch *a = tree_next(flow), *b = tree_next(plain);
        int same = 0;
        for (int i = 0; i < VALUES; i++)
            same += value(a, 0, i) == value(b, 0, i) || value(a, 0, i) == value(b, 1, i);
        cut += same == VALUES;
        lade_batch_unref(a);
        lade_batch_unref(b);
    }
    ck_assert_int_lt(abs(cut - 100), 35);
    lade_flow_free(plain);
    lade_flow_free(flow);
}
END_TEST

static struct lade_digest digest_of(const struct lade_flow_options *o, int steps) {
    struct lade_digest d = {0};
    lade_flow *flow = tree_flow(o);
    for (int k = 0; k < steps; k++) {
        struct lade_batch *b = tree_next(flow);
        ck_assert_int_eq(lade_digest_add(&d, b), LADE_OK);
        lade_batch_unref(b);
    }
    lade_flow_free(flow);
    return d;
}

/* Three ranks mix the same samples as one rank, also if files are invalid and are replaced or left out. */
START_TEST(mixing_does_not_depend_on_workers_and_ranks) {
    tree_classes(2, (int[]){9, 8});
    tree_bytes("c1/003.jpg", "not a picture", 13);
    for (int policy = LADE_ERROR_SKIP; policy <= LADE_ERROR_REPLACE; policy++) {
        struct lade_flow_options o = {.target_size = {8, 7},
                                      .batch_size = 7,
                                      .mixup_alpha = 1,
                                      .cutmix_alpha = 1,
                                      .width_shift_range = 0.3,
                                      .on_error = (enum lade_error_policy)policy,
                                      .workers = 1};
        struct lade_digest one = digest_of(&o, 6), parts = {0};
        o.workers = 4;
        struct lade_digest four = digest_of(&o, 6);
        ck_assert(one.low == four.low && one.high == four.high);
        o.world = 3;
        for (o.rank = 0; o.rank < 3; o.rank++) {
            struct lade_digest d = digest_of(&o, 6);
            lade_digest_merge(&parts, &d);
        }
        ck_assert(one.low == parts.low && one.high == parts.high);
    }
}
END_TEST

START_TEST(mixing_needs_labels_that_can_be_mixed) {
    static const enum lade_class_mode modes[] = {LADE_CLASS_BINARY, LADE_CLASS_SPARSE, LADE_CLASS_RAW};
    tree_classes(2, (int[]){3, 3});
    for (int i = 0; i < 3; i++) {
        struct lade_error err = {0};
        struct lade_flow_options o = {.class_mode = modes[i], .cutmix_alpha = 1};
        ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
        check_error(&err, LADE_EINVAL, "cutmix_alpha");
    }
    struct lade_flow_options none = {.class_mode = LADE_CLASS_NONE, .mixup_alpha = 1, .target_size = {3, 3}};
    lade_flow *flow = tree_flow(&none);
    struct lade_batch *b = tree_next(flow);
    ck_assert_ptr_null(b->y);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow mix");
    tcase_add_loop_test(tcase, samples_and_labels_are_mixed, 0, 8);
    tcase_add_loop_test(tcase, the_proportion_has_a_beta_distribution, 0, 3);
    tcase_add_test(tcase, each_batch_uses_mixup_or_cutmix);
    tcase_add_test(tcase, mixing_does_not_depend_on_workers_and_ranks);
    tcase_add_test(tcase, mixing_needs_labels_that_can_be_mixed);
}
