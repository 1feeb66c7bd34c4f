/*
 * Tests the descriptions of the options of nets and of training: every field of the structs has one description, and
 * the names and ranges agree with the functions that use the options.
 */
#include <stddef.h>
#include <string.h>

#include <lade/train.h>

#include "support/check_main.h"

typedef const struct lade_option_info *info_function(int i);

/* Marks the bytes of all options in @listed, which has @size bytes, and checks each row. */
static void list_options(info_function *info, unsigned char *listed, size_t size) {
    for (int i = 0; info(i); i++) {
        const struct lade_option_info *o = info(i);
        ck_assert(o->section && o->description && *o->description && o->offset + o->size <= size);
        if (o->type == LADE_OPTION_ENUM)
            ck_assert_ptr_nonnull(o->words);
        else if (o->type != LADE_OPTION_BOOL && o->type < LADE_OPTION_ENUM)
            ck_assert_msg(o->minimum < o->maximum && o->placeholder, "%s has no range or placeholder", o->name);
        for (size_t b = o->offset; b < o->offset + o->size; b++) {
            ck_assert_msg(!listed[b], "%s overlaps another option", o->name);
            listed[b] = 1;
        }
    }
    ck_assert_ptr_null(info(-1));
    ck_assert_ptr_null(info(1000));
}

#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
#define CAN_SEE_PADDING
#endif
#endif
#if defined(__GNUC__) && __GNUC__ >= 11 && !defined(__clang__)
#define CAN_SEE_PADDING
#endif

/* Checks that each byte of struct TAG belongs to an option, except padding, `reserved`, and the @count_size bytes before
   `reserved`, which are the number of elements of an array. */
#ifdef CAN_SEE_PADDING
#define CHECK_STRUCT(tag, info, count_size)                                                                    \
    do {                                                                                                       \
        struct tag all;                                                                                        \
        unsigned char listed[sizeof all] = {0};                                                                \
        list_options(info, listed, sizeof all);                                                                \
        memset(listed + offsetof(struct tag, reserved) - (count_size), 1, sizeof all.reserved + (count_size)); \
        memset(&all, 0xff, sizeof all);                                                                        \
        __builtin_clear_padding(&all);                                                                         \
        for (size_t b = 0; b < sizeof all; b++)                                                                \
            ck_assert_msg(listed[b] || !((const unsigned char *)&all)[b],                                      \
                          "byte %zu of struct " #tag                                                           \
                          " belongs to no row in src/train/options.c: add a row for the new field",            \
                          b);                                                                                  \
    } while (0)
#else
#define CHECK_STRUCT(tag, info, count_size)             \
    do {                                                \
        unsigned char listed[sizeof(struct tag)] = {0}; \
        list_options(info, listed, sizeof(struct tag)); \
    } while (0)
#endif

START_TEST(every_field_has_a_description) {
    CHECK_STRUCT(lade_net_options, lade_net_option_info, sizeof(int)); /* class_names_count */
    CHECK_STRUCT(lade_optimizer, lade_optimizer_option_info, 0);
    CHECK_STRUCT(lade_schedule, lade_schedule_option_info, 0);
    CHECK_STRUCT(lade_fit_options, lade_fit_option_info, 0);
}
END_TEST

START_TEST(the_words_are_the_names) {
    const struct lade_word *losses = lade_net_option_info(1)->words, *optimizers = lade_optimizer_option_info(0)->words,
                           *schedules = lade_schedule_option_info(0)->words;

    for (int i = 0; i < LADE_LOSS_COUNT; i++)
        ck_assert_str_eq(losses[i].word, lade_loss_name((enum lade_loss)i));
    for (int i = 0; i < LADE_OPTIMIZER_COUNT; i++)
        ck_assert_str_eq(optimizers[i].word, lade_optimizer_info((enum lade_optimizer_kind)i)->name);
    for (int i = 0; i < LADE_SCHEDULE_COUNT; i++)
        ck_assert_str_eq(schedules[i].word, lade_schedule_info((enum lade_schedule_kind)i)->name);
    ck_assert(!losses[LADE_LOSS_COUNT].word && !optimizers[LADE_OPTIMIZER_COUNT].word &&
              !schedules[LADE_SCHEDULE_COUNT].word);
}
END_TEST

static bool is_field(info_function *info, const char *name) {
    for (int i = 0; info(i); i++)
        if (strcmp(info(i)->name, name) == 0)
            return true;
    return false;
}

START_TEST(hyperparameters_are_fields) {
    for (int i = 0; i < LADE_OPTIMIZER_COUNT; i++)
        for (const char *const *n = lade_optimizer_info((enum lade_optimizer_kind)i)->hyperparameters; *n; n++)
            ck_assert_msg(is_field(lade_optimizer_option_info, *n), "%s is not a field", *n);
    for (int i = 0; i < LADE_SCHEDULE_COUNT; i++)
        for (const char *const *n = lade_schedule_info((enum lade_schedule_kind)i)->parameters; *n; n++)
            ck_assert_msg(is_field(lade_schedule_option_info, *n), "%s is not a field", *n);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "options");
    tcase_add_test(tcase, every_field_has_a_description);
    tcase_add_test(tcase, the_words_are_the_names);
    tcase_add_test(tcase, hyperparameters_are_fields);
}
