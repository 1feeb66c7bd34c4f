/* How deep a text is, before a parser that calls itself for each level sees it. */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

static bool deep(const char *text) {
    return lade__nests_too_deeply(text, strlen(text));
}

/* @before, @levels times @open, @after. */
static bool deep_of(const char *before, char open, int levels, const char *after) {
    char text[256];
    size_t length = strlen(before);
    memcpy(text, before, length);
    memset(text + length, open, (size_t)levels);
    strcpy(text + length + levels, after);
    return deep(text);
}

START_TEST(levels_are_counted_up_to_the_limit) {
    ck_assert(!deep("") && !deep("{}") && !deep("3"));
    for (int i = 0; i < 2; i++) {
        ck_assert(!deep_of("", "[{"[i], LADE__NESTING_LIMIT, ""));
        ck_assert(deep_of("", "[{"[i], LADE__NESTING_LIMIT + 1, ""));
        ck_assert(deep_of("{\"a\":", "[{"[i], LADE__NESTING_LIMIT, ""));
    }
    ck_assert(!lade__nests_too_deeply("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", LADE__NESTING_LIMIT));
}
END_TEST

START_TEST(what_is_closed_does_not_count) {
    char text[4096] = "[";
    for (int i = 0; i < 500; i++)
        strcat(text, i % 2 ? "[]," : "{},");
    ck_assert(!deep(text));
}
END_TEST

START_TEST(strings_do_not_count) {
    ck_assert(!deep_of("\"", '[', 100, "\""));
    ck_assert(!deep_of("\"\\\"", '[', 100, "\""));    /* a quote that ends nothing */
    ck_assert(deep_of("\"\\\\\"", '[', 100, ""));     /* a backslash, then the end */
    ck_assert(deep_of("\"a\", \"]\"", '{', 100, "")); /* two strings */
    ck_assert(!deep("\"\\"));                         /* cut after a backslash */
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "nesting");
    tcase_add_test(tcase, levels_are_counted_up_to_the_limit);
    tcase_add_test(tcase, what_is_closed_does_not_count);
    tcase_add_test(tcase, strings_do_not_count);
}
