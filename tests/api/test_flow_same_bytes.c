/* Same seed, same bytes: over random settings, the digest is the same for any number of workers, for ranks joined, and
 * for a stream that was stopped and resumed at any batch; and it is another one for another seed. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "flow_tree.h"

enum { SETTINGS = 60 };

static uint64_t below(struct lade_random *r, uint64_t n) {
    return lade_random_below(r, n);
}

static struct lade_flow_options random_options(struct lade_random *r) {
    struct lade_flow_options o = {
        .target_size = {1 + (int)below(r, 12), 1 + (int)below(r, 12)},
        .color_mode = (enum lade_color_mode)below(r, LADE_COLOR_MODE_COUNT),
        .class_mode = (enum lade_class_mode[]){LADE_CATEGORICAL, LADE_SPARSE, LADE_NONE}[below(r, 3)],
        .interpolation = (enum lade_interpolation)below(r, 2),
        .keep_aspect_ratio = below(r, 2),
        .dtype = (enum lade_dtype)below(r, 2),
        .data_format = (enum lade_data_format)below(r, 2),
        .horizontal_flip = below(r, 2),
        .vertical_flip = below(r, 2),
        .width_shift_range = (double)below(r, 3) * .15,
        .height_shift_range = (double)below(r, 3) * .15,
        .fill_mode = (enum lade_fill_mode)below(r, LADE_FILL_MODE_COUNT),
        .batch_size = 1 + (int64_t)below(r, 14),
        .order = (enum lade_order)(below(r, 4) == 0),
        .seed = lade_random_u64(r),
        .validation_split = .3,
        .subset = (enum lade_subset)below(r, LADE_SUBSET_COUNT),
        .split = (enum lade_split)below(r, LADE_SPLIT_COUNT),
        .on_error = LADE_SKIP,
    };
    if (!o.keep_aspect_ratio)
        o.crop = (enum lade_crop)below(r, LADE_CROP_COUNT);
    if (o.dtype == LADE_FLOAT32)
        o.rescale = below(r, 2) ? 1 / 255.f : 0;
    return o;
}

static void check_same(const struct lade_digest *a, const struct lade_digest *b, int setting, const char *what) {
    char x[33], y[33];
    lade_digest_text(a, x);
    lade_digest_text(b, y);
    ck_assert_msg(strcmp(x, y) == 0, "setting %d, %s: %s is not %s", setting, what, x, y);
}

static struct lade_digest digest_of(struct lade_flow_options o, int workers, int rank, int world, int64_t epochs) {
    o.workers = workers;
    o.rank = rank;
    o.world = world;
    lade_flow *flow = tree_flow(&o);
    struct lade_digest d = tree_digest(flow, epochs * lade_flow_steps(flow));
    lade_flow_free(flow);
    return d;
}

/* Stops after some batches, with what was decoded ahead dropped on the floor, and goes on in another flow. */
static struct lade_digest digest_resumed(struct lade_flow_options o, struct lade_random *r, int64_t epochs) {
    struct lade_error err = {0};
    char *state = NULL;
    o.workers = 1 + (int)below(r, 3);
    lade_flow *flow = tree_flow(&o);
    int64_t steps = epochs * lade_flow_steps(flow), stop = (int64_t)below(r, (uint64_t)steps + 1);
    struct lade_digest first = tree_digest(flow, stop);
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    lade_flow_free(flow);

    int world = 1 + (int)below(r, 3);
    for (int rank = 0; rank < world; rank++) { /* resumed by another number of ranks, too */
        o.workers = 1 + (int)below(r, 3);
        o.rank = rank;
        o.world = world;
        flow = tree_flow(&o);
        lade_batch_unref(tree_next(flow)); /* one that has begun already */
        int status = lade_flow_resume(flow, state, &err);
        ck_assert_msg(status == LADE_OK, "%s", err.message);
        struct lade_digest rest = tree_digest(flow, steps - stop);
        lade_digest_merge(&first, &rest);
        lade_flow_free(flow);
    }
    lade_free(state);
    return first;
}

START_TEST(a_stream_is_a_function_of_its_options) {
    struct lade_random r;
    tree_classes(3, (int[]){9, 14, 11});
    tree_bytes("c1/005.png", "not a picture", 13); /* one that is skipped */
    lade_random_init(&r, 2026, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < SETTINGS; i++) {
        struct lade_flow_options o = random_options(&r);
        struct lade_digest one = digest_of(o, 1, 0, 1, 2), other, joined = {0};
        other = digest_of(o, 1, 0, 1, 2);
        check_same(&one, &other, i, "again");
        other = digest_of(o, 2, 0, 1, 2);
        check_same(&one, &other, i, "2 workers");
        other = digest_of(o, 4, 0, 1, 2);
        check_same(&one, &other, i, "4 workers");
        for (int rank = 0; rank < 3; rank++) {
            other = digest_of(o, 1 + (int)below(&r, 2), rank, 3, 2);
            lade_digest_merge(&joined, &other);
        }
        check_same(&one, &joined, i, "3 ranks joined");
        other = digest_resumed(o, &r, 2);
        check_same(&one, &other, i, "stopped and resumed");
    }
}
END_TEST

START_TEST(another_seed_is_another_stream) {
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

/* The digest tells an epoch from another, a byte from another, and a place from another. */
START_TEST(the_digest_sees_every_change) {
    struct lade_flow_options o = {.target_size = {8, 8}, .batch_size = 4, .order = LADE_SORTED};
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
    ck_assert(a.low == 1 && a.high == 5); /* the carry */
}
END_TEST

/* An image and its mask, in two trees of the same names, are moved alike. */
START_TEST(two_flows_of_one_seed_make_pairs) {
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
    q.color_mode = LADE_RGBA; /* another kind of picture, the same moves: compare the first three channels */
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

int main(void) {
    const TTest *const tests[] = {
        a_stream_is_a_function_of_its_options,
        another_seed_is_another_stream,
        the_digest_sees_every_change,
        two_flows_of_one_seed_make_pairs,
    };
    return tree_run("flow same bytes", tests, sizeof tests / sizeof *tests);
}
