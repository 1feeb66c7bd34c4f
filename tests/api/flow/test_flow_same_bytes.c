/* Tests that the digest changes if a byte changes, and that two flows with the same seed have the same
 * transformations. tests/unit/flow/test_flow_property.c tests that the batches of a flow are a function of its
 * options. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

static struct lade_digest digest_of(struct lade_flow_options o, int workers, int rank, int world, int64_t epochs) {
    o.workers = workers;
    o.rank = rank;
    o.world = world;
    lade_flow *flow = tree_flow(&o);
    struct lade_digest d = tree_digest(flow, epochs * lade_flow_steps(flow));
    lade_flow_free(flow);
    return d;
}

START_TEST(another_seed_gives_other_batches) {
    struct lade_flow_options o = {.target_size = {4, 4}, .batch_size = 5, .seed = 1};
    tree_classes(2, (int[]){12, 12});
    struct lade_digest first = digest_of(o, 2, 0, 1, 1);
    for (uint64_t seed = 2; seed < 12; seed++) {
        o.seed = seed;
        struct lade_digest other = digest_of(o, 2, 0, 1, 1);
        ck_assert(first.low != other.low && first.high != other.high);
    }
}
END_TEST

/* The digest changes if the epoch changes, or if one byte of a batch changes. */
START_TEST(every_change_changes_the_digest) {
    struct lade_flow_options o = {.target_size = {8, 8}, .batch_size = 4, .order = LADE_ORDER_SORTED};
    tree_classes(2, (int[]){4, 4});
    lade_flow *flow = tree_flow(&o);
    struct lade_digest first = tree_digest(flow, 2), second = tree_digest(flow, 2), changed = {0}, empty = {0};
    ck_assert(first.low != second.low);
    lade_flow_free(flow);

    flow = tree_flow(&o);
    for (int k = 0; k < 2; k++) {
        struct lade_batch *b = tree_next(flow);
        float *x = lade_tensor_data(b->x);
        if (k == 1)
            x[17] += 1;
        ck_assert_int_eq(lade_digest_add(&changed, b), LADE_OK);
        lade_batch_unref(b);
    }
    ck_assert(first.low != changed.low);
    lade_flow_free(flow);

    char text[33];
    lade_digest_text(&empty, text);
    ck_assert_str_eq(text, "00000000000000000000000000000000");
    struct lade_digest a = {UINT64_MAX, 1}, b = {2, 3};
    lade_digest_merge(&a, &b);
    ck_assert(a.low == 1 && a.high == 5); /* a.low overflows, and the carry is added to a.high */
}
END_TEST

/* An image and its mask, in two directories with the same file names, get the same transformations. */
START_TEST(flows_with_the_same_seed_make_pairs) {
    struct lade_flow_options o = {.target_size = {9, 9},
                                  .batch_size = 6,
                                  .seed = 77,
                                  .horizontal_flip = true,
                                  .vertical_flip = true,
                                  .width_shift_range = .3,
                                  .height_shift_range = .2};
    tree_classes(2, (int[]){8, 8});
    struct lade_flow_options q = o;
    q.workers = 3;
    q.color_mode = LADE_COLOR_RGBA; /* the color mode does not change the transformations */
    lade_flow *images = tree_flow(&o), *masks = tree_flow(&q);
    for (int k = 0; k < 6; k++) {
        struct lade_batch *a = tree_next(images), *b = tree_next(masks);
        const float *x = lade_tensor_data(a->x), *y = lade_tensor_data(b->x);
        ck_assert_int_eq(a->n, b->n);
        for (int64_t i = 0; i < a->n * 81; i++)
            for (int c = 0; c < 3; c++)
                ck_assert_float_eq(x[i * 3 + c], y[i * 4 + c]);
        lade_batch_unref(a);
        lade_batch_unref(b);
    }
    lade_flow_free(images);
    lade_flow_free(masks);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow same bytes");
    tcase_add_test(tcase, another_seed_gives_other_batches);
    tcase_add_test(tcase, every_change_changes_the_digest);
    tcase_add_test(tcase, flows_with_the_same_seed_make_pairs);
}
