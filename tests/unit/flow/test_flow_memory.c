/* Tests of the memory plan: the numbers of workers and slots that fit into the option memory_limit and into the free
   memory. A slot is the memory of one batch. */
#include "flow/pipeline/memory_plan.h"

#include <limits.h>
#include <string.h>

#include "support/check_main.h"

static struct lade_flow_options options;
static struct lade__batch_layout layout;
static struct lade__memory_plan plan;
static struct lade_error err;

static void begin(void) {
    options = (struct lade_flow_options){.workers = 4, .world = 1};
    layout = (struct lade__batch_layout){
        .dtype = LADE_FLOAT32, .shape = {224, 224, 3}, .row_bytes = 224 * 224 * 3 * 4, .columns = 2, .rows = 32};
    err = (struct lade_error){0};
}

START_TEST(without_a_limit_all_workers_and_slots_are_used) {
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_OK);
    ck_assert_int_eq(plan.workers, 4);
    ck_assert_int_eq(plan.slots, lade__ring_depth(&layout));
    ck_assert_int_eq(plan.most_slots, 2 * lade__ring_depth(&layout));
    ck_assert_int_eq(plan.limit, INT_MAX);
}
END_TEST

START_TEST(first_slots_and_then_workers_are_reduced) {
    layout.rows = 1; /* 600 KB for a batch; without a limit, 8 slots at the start and at most 16 */
    options.memory_limit = 12000000;
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_OK);
    ck_assert_int_eq(plan.workers, 4);
    ck_assert_int_eq(plan.slots, 8);
    ck_assert_int_lt(plan.most_slots, 16);
    options.memory_limit = 7000000;
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_OK);
    ck_assert_int_eq(plan.workers, 4);
    ck_assert_int_ge(plan.slots, 2);
    ck_assert_int_lt(plan.slots, 8);
    options.memory_limit = 3000000;
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_OK);
    ck_assert_int_eq(plan.workers, 1);
    ck_assert_int_eq(plan.slots, 2);
    ck_assert_int_eq(plan.most_slots, 2);
    ck_assert_int_eq(plan.limit, 2);
}
END_TEST

START_TEST(a_large_limit_has_room_for_more_slots) {
    layout.rows = 1; /* 600 KB for a batch */
    options.memory_limit = 64000000;
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_OK);
    ck_assert_int_eq(plan.most_slots, 16);
    ck_assert_int_gt(plan.limit, 90);
    ck_assert_int_lt(plan.limit, 106);
    options.memory_limit = INT64_MAX;
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_OK);
    ck_assert_int_eq(plan.limit, INT_MAX);
}
END_TEST

/* Returns the batch_size that the message of the last error contains. */
static int64_t advised(void) {
    const char *text = strstr(err.message, "batch_size of ");
    ck_assert_msg(text != NULL, "%s", err.message);
    return atoll(text + strlen("batch_size of "));
}

START_TEST(the_error_contains_the_batch_size_that_fits) {
    options.memory_limit = 20000000;
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_ENOMEM);
    ck_assert_str_eq(err.subject, "memory_limit");
    layout.rows = advised();
    ck_assert_int_gt(layout.rows, 0);
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_OK);
    layout.rows++;
    ck_assert_int_eq(lade__memory_plan(&options, &layout, UINT64_MAX, &plan, &err), LADE_ENOMEM);
}
END_TEST

START_TEST(too_little_free_memory_is_an_error) {
    ck_assert_int_eq(lade__memory_plan(&options, &layout, 23000000, &plan, &err), LADE_ENOMEM);
    ck_assert_str_eq(err.subject, "batch_size");
    ck_assert_ptr_nonnull(strstr(err.message, "23000000"));
    ck_assert_int_gt(advised(), 0);
    ck_assert_int_eq(lade__memory_plan(&options, &layout, 1000, &plan, &err), LADE_ENOMEM);
    ck_assert_ptr_nonnull(strstr(err.message, "target_size"));
    options.memory_limit = INT64_MAX; /* the free memory is smaller than this limit */
    ck_assert_int_eq(lade__memory_plan(&options, &layout, 23000000, &plan, &err), LADE_ENOMEM);
    ck_assert_str_eq(err.subject, "batch_size");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "memory");
    tcase_add_checked_fixture(tcase, begin, NULL);
    tcase_add_test(tcase, without_a_limit_all_workers_and_slots_are_used);
    tcase_add_test(tcase, first_slots_and_then_workers_are_reduced);
    tcase_add_test(tcase, a_large_limit_has_room_for_more_slots);
    tcase_add_test(tcase, the_error_contains_the_batch_size_that_fits);
    tcase_add_test(tcase, too_little_free_memory_is_an_error);
}
