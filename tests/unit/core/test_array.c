/* Tests of arrays that grow. The elements keep their values. When the old memory is freed, the pointer and the capacity
   already describe the new memory. */
#include "base/array.h"

#include <stdlib.h>

#include "support/check_main.h"

struct item {
    int64_t number;
    char text[24];
};

static struct item *items;
static int64_t capacity;
static int released;
static bool fails;

static void *resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    return fails ? NULL : realloc(p, size);
}

/* Another thread may call fork() during this function. Therefore `items` and `capacity` must be valid here. */
static void release(void *ctx, void *p) {
    (void)ctx;
    ck_assert_ptr_ne(p, items);
    for (int64_t i = 0; i < capacity / 2 - 2; i++)
        ck_assert_int_eq(items[i].number, i);
    ck_assert_int_eq(items[capacity - 1].number, 0);
    released++;
    free(p);
}

static void set_up(void) {
    items = NULL;
    capacity = released = 0;
    fails = false;
    lade_set_allocator(&(struct lade_allocator){resize, release, NULL});
}

static void tear_down(void) {
    lade_set_allocator(NULL);
    free(items);
}

START_TEST(elements_stay_and_new_elements_are_zero) {
    for (int64_t count = 0; count < 1000; count++) {
        if (count == capacity)
            ck_assert_int_eq(lade__array_grow(&items, &capacity, sizeof *items), LADE_OK);
        ck_assert_int_gt(capacity, count);
        ck_assert_int_eq(items[count].number, 0);
        items[count].number = count;
    }
    for (int64_t i = 0; i < 1000; i++)
        ck_assert_int_eq(items[i].number, i);
    ck_assert_int_eq(released, 7); /* the capacities are 4, 12, 28, 60, 124, 252, 508, 1020 */
}
END_TEST

START_TEST(nothing_changes_if_there_is_no_memory) {
    fails = true;
    ck_assert_int_eq(lade__array_grow(&items, &capacity, sizeof *items), LADE_ENOMEM);
    ck_assert(items == NULL && capacity == 0);
    fails = false;
    ck_assert_int_eq(lade__array_grow(&items, &capacity, sizeof *items), LADE_OK);
    const struct item *before = items;
    int64_t count = capacity;
    fails = true;
    ck_assert_int_eq(lade__array_grow(&items, &capacity, sizeof *items), LADE_ENOMEM);
    ck_assert(items == before && capacity == count && released == 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "array");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, elements_stay_and_new_elements_are_zero);
    tcase_add_test(tcase, nothing_changes_if_there_is_no_memory);
}
