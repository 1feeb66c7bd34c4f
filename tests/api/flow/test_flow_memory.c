/* Tests of the memory of a flow: the option memory_limit, a batch that is larger than the memory of the machine, and
   an allocator that fails. */
#define _GNU_SOURCE /* nftw */
#include "support/flow_tree.h"

static void *small_resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    return size > 1 << 24 ? NULL : realloc(p, size);
}

static void small_release(void *ctx, void *p) {
    (void)ctx;
    free(p);
}

START_TEST(a_batch_larger_than_memory_is_refused) {
    struct lade_error err = {0};
    struct lade_flow_options huge = {.target_size = {65535, 65535}, .color_mode = LADE_COLOR_RGBA};
    tree_classes(1, (int[]){20});
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &huge, &err)); /* two batches need 2.7 TB */
    check_error(&err, LADE_ENOMEM, "batch_size");
    huge.memory_limit = 1000;
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &huge, &err));
    check_error(&err, LADE_ENOMEM, "memory_limit");
}
END_TEST

START_TEST(memory_limit_changes_no_byte) {
    int counts[] = {9};
    struct lade_flow_options options = {.target_size = {64, 64}, .batch_size = 2, .workers = 8};
    tree_classes(1, counts);
    lade_flow *flow = tree_flow(&options);
    struct lade_digest digest = tree_digest(flow, 10);
    lade_flow_free(flow);
    options.memory_limit = 1500000;
    flow = tree_flow(&options);
    ck_assert_int_eq(lade_flow_options_get(flow)->workers, 1);
    struct lade_digest same = tree_digest(flow, 10);
    ck_assert(digest.low == same.low && digest.high == same.high);
    struct lade_flow_counters counters;
    lade_flow_counters(flow, &counters);
    ck_assert_int_eq(counters.workers, 1);
    ck_assert_int_le(counters.ring * 2 * 64 * 64 * 3 * 4, 1500000);
    lade_flow_free(flow);
}
END_TEST

/* Keeps up to 32 batches until the flow returns an error, and returns this error or LADE_OK. */
static int error_of_kept_batches(enum lade_held held, int64_t limit, struct lade_error *err) {
    struct lade_flow_options options = {.target_size = {64, 64},
                                        .batch_size = 2,
                                        .workers = 2,
                                        .memory_limit = limit,
                                        .held = held,
                                        .order = LADE_ORDER_SORTED};
    struct lade_batch *kept[32];
    int count = 0;
    lade_flow *flow = tree_flow(&options);
    *err = (struct lade_error){0};
    while (count < 32 && lade_flow_next(flow, &kept[count], err) == LADE_OK)
        count++;
    ck_assert_int_gt(count, 1);
    while (count > 0)
        lade_batch_unref(kept[--count]);
    lade_flow_free(flow);
    return err->code;
}

START_TEST(kept_batches_stay_below_the_limit) {
    struct lade_error err = {0};
    tree_classes(1, (int[]){9});
    ck_assert_int_eq(error_of_kept_batches(LADE_HELD_REFUSE, 1500000, &err), LADE_EBUSY);
    ck_assert_int_eq(error_of_kept_batches(LADE_HELD_GROW, 1500000, &err), LADE_ENOMEM);
    ck_assert_str_eq(err.subject, "memory_limit");
    ck_assert_int_eq(error_of_kept_batches(LADE_HELD_REFUSE, 64000000, &err), LADE_EBUSY);
    ck_assert_int_eq(error_of_kept_batches(LADE_HELD_GROW, 64000000, &err), LADE_OK);
}
END_TEST

START_TEST(a_batch_that_cannot_be_allocated_is_an_error) {
    struct lade_error err = {0};
    struct lade_batch *b;
    tree_classes(1, (int[]){1});
    lade_set_allocator(&(struct lade_allocator){small_resize, small_release, NULL});
    lade_flow *flow =
        tree_flow(&(struct lade_flow_options){.target_size = {1100, 1100}, .color_mode = LADE_COLOR_RGBA});
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ENOMEM);
    check_error(&err, LADE_ENOMEM, "batch_size");
    ck_assert_ptr_nonnull(strstr(err.message, "1936")); /* the message contains the size in bytes */
    ck_assert_int_eq(lade_flow_batch(flow, 0, 0, &b, &err), LADE_ENOMEM);
    lade_flow_free(flow);
    lade_set_allocator(NULL);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "memory");
    tcase_add_test(tcase, a_batch_larger_than_memory_is_refused);
    tcase_add_test(tcase, memory_limit_changes_no_byte);
    tcase_add_test(tcase, kept_batches_stay_below_the_limit);
    tcase_add_test(tcase, a_batch_that_cannot_be_allocated_is_an_error);
}
