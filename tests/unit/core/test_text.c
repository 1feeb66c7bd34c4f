/* Tests of functions for text from untrusted files. The functions check UTF-8, quote text in messages, parse numbers
   and check the nesting of JSON. */
#include "base/text.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

/* ---- UTF-8 ------------------------------------------------------------------------------------------------------- */

START_TEST(valid_utf8) {
    static const char *const valid[] = {"",
                                        "abc",
                                        "caf\xc3\xa9",
                                        "\xe2\x82\xac",
                                        "\xf0\x9f\x98\x80",
                                        "\x7f\x01",
                                        "\xc2\x80",
                                        "\xdf\xbf",
                                        "\xe0\xa0\x80",
                                        "\xed\x9f\xbf",
                                        "\xee\x80\x80",
                                        "\xef\xbf\xbf",
                                        "\xf0\x90\x80\x80",
                                        "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        ck_assert_msg(lade__is_utf8(valid[i]), "row %zu", i);
}
END_TEST

START_TEST(invalid_utf8) {
    static const char *const invalid[] = {
        "\x80",             /* a continuation byte without a first byte */
        "a\xbf",            /* a continuation byte at the end */
        "caf\xe9",          /* Latin-1 */
        "\xc3",             /* the text ends inside a character */
        "\xe2\x82",         /* the text ends inside a character */
        "\xf0\x9f\x98",     /* the text ends inside a character */
        "\xe2\x82\x61",     /* the letter "a" instead of the last byte */
        "\xc0\xaf",         /* too many bytes for U+002F */
        "\xc1\xbf",         /* too many bytes for U+007F */
        "\xe0\x9f\xbf",     /* too many bytes for U+07FF */
        "\xf0\x8f\xbf\xbf", /* too many bytes for U+FFFF */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xf5\x80\x80\x80", /* above U+10FFFF */
        "\xff",             /* UTF-8 never uses this byte */
    };
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        ck_assert_msg(!lade__is_utf8(invalid[i]), "row %zu", i);
}
END_TEST

/* ---- Quotes ------------------------------------------------------------------------------------------------------ */

static const char *quote(const char *text) {
    static char quoted[LADE__QUOTED];
    return lade__quote(text, strlen(text), quoted);
}

/* Escapes a string, and checks the result for each size of the buffer. */
static const char *escape(const char *text, size_t length, bool backslash) {
    static char escaped[256], cut[256];
    size_t n = lade_text_escape(text, length, backslash, escaped, sizeof escaped);
    ck_assert_uint_lt(n, sizeof escaped);
    ck_assert_uint_eq(strlen(escaped), n);
    ck_assert_uint_eq(lade_text_escape(text, length, backslash, NULL, 0), n);
    for (size_t size = 1; size <= n; size++) {
        ck_assert_uint_eq(lade_text_escape(text, length, backslash, cut, size), n);
        ck_assert_uint_lt(strlen(cut), size);
        ck_assert_int_eq(strncmp(cut, escaped, strlen(cut)), 0);
        ck_assert(lade__is_utf8(cut));
    }
    return escaped;
}

#define ESCAPE(text) escape(text, sizeof(text) - 1, true)

START_TEST(escaped_text_cannot_change_the_terminal) {
    ck_assert_str_eq(ESCAPE("plain caf\xc3\xa9 \xe7\x8c\xab \xf0\x9f\x90\x88"),
                     "plain caf\xc3\xa9 \xe7\x8c\xab \xf0\x9f\x90\x88");
    ck_assert_str_eq(ESCAPE("\x1b[2J\n\t\x7f"), "\\x1b[2J\\x0a\\x09\\x7f");
    ck_assert_str_eq(ESCAPE("a\0b"), "a\\x00b");
    ck_assert_str_eq(ESCAPE("\xc2\x9b|\xc2\xa0"), "\\xc2\\x9b|\xc2\xa0"); /* U+009B, U+00A0 */
    ck_assert_str_eq(ESCAPE("\xd8\x9c|\xd8\x9b"), "\\xd8\\x9c|\xd8\x9b"); /* U+061C, U+061B */
    ck_assert_str_eq(ESCAPE("\xe2\x80\x8e|\xe2\x80\x8f"), "\\xe2\\x80\\x8e|\\xe2\\x80\\x8f");
    ck_assert_str_eq(ESCAPE("\xe2\x80\x8d|\xe2\x80\x90"), "\xe2\x80\x8d|\xe2\x80\x90"); /* U+200D, U+2010 */
    ck_assert_str_eq(ESCAPE("\xe2\x80\xa8|\xe2\x80\xae"), "\\xe2\\x80\\xa8|\\xe2\\x80\\xae");
    ck_assert_str_eq(ESCAPE("\xe2\x80\xa7|\xe2\x80\xaf"), "\xe2\x80\xa7|\xe2\x80\xaf"); /* U+2027, U+202F */
    ck_assert_str_eq(ESCAPE("\xe2\x81\xa6|\xe2\x81\xa9"), "\\xe2\\x81\\xa6|\\xe2\\x81\\xa9");
    ck_assert_str_eq(ESCAPE("\xe2\x81\xa5|\xe2\x81\xaa"), "\xe2\x81\xa5|\xe2\x81\xaa"); /* U+2065, U+206A */
    ck_assert_str_eq(ESCAPE("\xff|\xed\xa0\x80|\xe2\x80"), "\\xff|\\xed\\xa0\\x80|\\xe2\\x80");
}
END_TEST

START_TEST(a_backslash_is_doubled_on_request) {
    ck_assert_str_eq(ESCAPE("a\\x41\\"), "a\\\\x41\\\\");
    ck_assert_str_eq(escape("a\\x41\n", 6, false), "a\\x41\\x0a");
}
END_TEST

START_TEST(messages_are_escaped_and_subjects_are_not) {
    struct lade_error err = {0};
    lade_error_set_subject(&err, LADE_EIO, "\x1b.png", "%s: bad", "\x1b.png");
    ck_assert_str_eq(err.message, "\\x1b.png: bad");
    ck_assert_str_eq(err.subject, "\x1b.png");
    char text[1000];
    memset(text, '\n', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    lade_error_set(&err, LADE_EIO, "%s", text);
    ck_assert_uint_le(strlen(err.message), sizeof err.message - 1);
    ck_assert_uint_gt(strlen(err.message), sizeof err.message - 10);
    ck_assert_str_eq(err.message + strlen(err.message) - 7, "\\x0a...");
}
END_TEST

/* tests/cli/data/test_scan.sh also tests this comparison in a Turkish locale. */
START_TEST(only_the_case_of_ascii_letters_is_ignored) {
    ck_assert(lade__ascii_equal("GiF", "gIf"));
    ck_assert(lade__ascii_equal("", ""));
    ck_assert(!lade__ascii_equal("gif", "gi"));
    ck_assert(!lade__ascii_equal("gi", "gif"));
    ck_assert(!lade__ascii_equal("a[", "a{")); /* '[' and '{' differ only in the bit 0x20, like 'A' and 'a' */
    ck_assert(!lade__ascii_equal("\xc9", "\xe9"));
}
END_TEST

START_TEST(long_quotes_are_shortened) {
    char text[100];
    memset(text, 'a', sizeof text);
    text[65] = 0;
    ck_assert_str_eq(quote(text) + 60, "aaaa...");
    text[64] = 0;
    ck_assert_str_eq(quote(text) + 60, "aaaa");
    memcpy(text + 62, "\xe2\x82\xac", 4); /* the euro sign does not fit, so all its bytes are left out */
    ck_assert_str_eq(quote(text) + 60, "aa...");
}
END_TEST

START_TEST(quotes_cannot_control_a_terminal) {
    ck_assert_str_eq(quote("a\nb\x1b[2J\x7f z"), "a b?[2J? z");
    ck_assert_str_eq(quote("caf\xc3\xa9"), "caf\xc3\xa9");
    ck_assert_str_eq(quote("\xe9\xc2\x9b\xff"), "????"); /* U+009B also begins a control sequence */
    char quoted[LADE__QUOTED];
    ck_assert_str_eq(lade__quote("a\0b", 3, quoted), "a?b");
    ck_assert_str_eq(lade__quote("", 0, quoted), "");
}
END_TEST

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

START_TEST(numbers_have_a_point_in_every_locale) {
    char *end;
    setlocale(LC_ALL, "de_DE.UTF-8"); /* if this locale is not installed, the locale remains "C" */
    ck_assert_double_eq(lade__parse_double("1.5,", &end), 1.5);
    ck_assert_str_eq(end, ",");
    ck_assert_double_eq(lade__parse_double("-2e3", NULL), -2000);
}
END_TEST

/* ---- Nesting ----------------------------------------------------------------------------------------------------- */

/* Returns true if the JSON text nests too deeply. */
static bool deep(const char *text) {
    return lade__nests_too_deeply(text, strlen(text));
}

/* Returns true if a text nests too deeply. The text consists of @before, the character @open @levels times, and
   @after. */
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

START_TEST(closed_brackets_do_not_count) {
    char text[4096] = "[";
    for (int i = 0; i < 500; i++)
        strcat(text, i % 2 ? "[]," : "{},");
    ck_assert(!deep(text));
}
END_TEST

START_TEST(strings_do_not_count) {
    ck_assert(!deep_of("\"", '[', 100, "\""));
    ck_assert(!deep_of("\"\\\"", '[', 100, "\""));    /* an escaped quote does not end the string */
    ck_assert(deep_of("\"\\\\\"", '[', 100, ""));     /* an escaped backslash, so the quote ends the string */
    ck_assert(deep_of("\"a\", \"]\"", '{', 100, "")); /* two strings */
    ck_assert(!deep("\"\\"));                         /* the text ends after a backslash */
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "text");
    tcase_add_test(tcase, valid_utf8);
    tcase_add_test(tcase, invalid_utf8);
    tcase_add_test(tcase, escaped_text_cannot_change_the_terminal);
    tcase_add_test(tcase, a_backslash_is_doubled_on_request);
    tcase_add_test(tcase, messages_are_escaped_and_subjects_are_not);
    tcase_add_test(tcase, only_the_case_of_ascii_letters_is_ignored);
    tcase_add_test(tcase, long_quotes_are_shortened);
    tcase_add_test(tcase, quotes_cannot_control_a_terminal);
    tcase_add_test(tcase, numbers_have_a_point_in_every_locale);
    tcase_add_test(tcase, levels_are_counted_up_to_the_limit);
    tcase_add_test(tcase, closed_brackets_do_not_count);
    tcase_add_test(tcase, strings_do_not_count);
}
