/* Tests of the names of enum values, and of the check of an option against its description. */
#include "base/option.h"
#include "base/words.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "support/check_main.h"

static const struct lade_word sizes[] = {
    {"small", 0, "not large"}, {"medium", 4, "neither"}, {"large", 7, "not small"}, {"big", 7, NULL}, {NULL, 0, NULL}};

START_TEST(words_and_values) {
    struct lade_error err = {0};
    int value = -1;
    char list[40];

    ck_assert_str_eq(lade__word_name(sizes, 7), "large");
    ck_assert_str_eq(lade__word_name(sizes, 1), "unknown");
    ck_assert_int_eq(lade__word_value(sizes, "size", "big", &value, &err), LADE_OK);
    ck_assert_int_eq(value, 7);
    ck_assert_int_eq(lade__word_value(sizes, "size", "huge", &value, &err), LADE_EINVAL);
    ck_assert_int_eq(value, 7);
    ck_assert_str_eq(err.subject, "size");
    ck_assert_ptr_nonnull(strstr(err.message, "huge"));
    ck_assert_int_eq(lade__word_value(sizes, "size", NULL, &value, NULL), LADE_EINVAL);
    lade__word_list(sizes, INT_MIN, INT_MAX, list, sizeof list);
    ck_assert_str_eq(list, "small, medium or large");
    lade__word_list(sizes, 1, 4, list, sizeof list);
    ck_assert_str_eq(list, "medium");
    lade__word_list(sizes, INT_MIN, INT_MAX, list, 10);
    ck_assert_str_eq(list, "small, me");
}
END_TEST

struct settings {
    int size;      /* one of the values in `sizes` */
    int extent[2]; /* height, width */
    double range[2];
    float ratio;
    uint64_t seed;
};

#define AT(field) offsetof(struct settings, field), sizeof(((struct settings *)0)->field)
static const struct lade_option_info
    size = {"size", "", AT(size), .type = LADE_OPTION_ENUM, .words = sizes, .maximum = 4},
    extent = {"extent", "", AT(extent), .type = LADE_OPTION_INT, .minimum = 1, .maximum = 9, .default_value = {6, 5}},
    range = {"range", "", AT(range), .type = LADE_OPTION_DOUBLE, .maximum = 2, .above_minimum = true, .single = true},
    ratio = {"ratio",
             "",
             AT(ratio),
             .type = LADE_OPTION_FLOAT,
             .maximum = 1,
             .below_maximum = true,
             .can_be_off = true,
             .default_value = {0.5}},
    seed = {"seed", "", AT(seed), .type = LADE_OPTION_UINT64, .maximum = 0x1p64};

static const struct {
    const struct lade_option_info *option;
    struct settings settings;
    bool allowed;
} cases[] = {
    {&size, {0}, true},
    {&size, {.size = 4}, true},
    {&size, {.size = 7}, false},
    {&size, {.size = 1}, false},
    {&size, {.size = -1}, false},
    {&extent, {0}, true},
    {&extent, {.extent = {9, 1}}, true},
    {&extent, {.extent = {9, 0}}, false},
    {&extent, {.extent = {10, 1}}, false},
    {&range, {0}, true},
    {&range, {.range = {0.5, 2}}, true},
    {&range, {.range = {0.5}}, true},
    {&range, {.range = {1}}, false},
    {&range, {.range = {0, 1}}, false},
    {&range, {.range = {2, 1}}, false},
    {&range, {.range = {1, 2.1}}, false},
    {&range, {.range = {1, NAN}}, false},
    {&ratio, {.ratio = 0.9f}, true},
    {&ratio, {.ratio = 1}, false},
    {&ratio, {.ratio = INFINITY}, false},
    {&ratio, {.ratio = (float)LADE_OFF}, true},
    {&seed, {.seed = UINT64_MAX}, true},
};

START_TEST(values_are_checked_against_the_description) {
    struct lade_error err = {0};
    int status = lade__option_check(cases[_i].option, &cases[_i].settings, &err);

    ck_assert_msg(status == (cases[_i].allowed ? LADE_OK : LADE_EINVAL), "case %d: %s", _i, err.message);
    ck_assert_str_eq(err.subject, cases[_i].allowed ? "" : cases[_i].option->name);
}
END_TEST

START_TEST(zero_becomes_the_default) {
    struct settings s = {0}, set = {.extent = {1, 2}, .ratio = (float)LADE_OFF};

    lade__option_default(&extent, &s);
    lade__option_default(&ratio, &s);
    ck_assert(s.extent[0] == 6 && s.extent[1] == 5 && s.ratio == 0.5f);
    lade__option_default(&extent, &set);
    lade__option_default(&ratio, &set);
    ck_assert(set.extent[0] == 1 && set.extent[1] == 2 && set.ratio == (float)LADE_OFF);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "options");
    tcase_add_test(tcase, words_and_values);
    tcase_add_loop_test(tcase, values_are_checked_against_the_description, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, zero_becomes_the_default);
}
