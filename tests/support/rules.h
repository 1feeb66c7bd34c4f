/* Helpers for the tests of generators. A test appends its events to a text, the trace, and compares this text with the
   expected text. rules_case() counts unhandled errors (see lade_set_unhandled_hook() in lade/base/error.h). */
#ifndef LADE_TESTS_RULES_H
#define LADE_TESTS_RULES_H

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lade/lade.h>
#include <lade/short_iter.h>

#include "support/check_main.h"

static char trace_text[4096];

/* Appends formatted text to the trace. */
__attribute__((unused, format(printf, 1, 2))) static void trace(const char *fmt, ...) {
    size_t used = strlen(trace_text);
    va_list args;
    va_start(args, fmt);
    vsnprintf(trace_text + used, sizeof trace_text - used, fmt, args);
    va_end(args);
}

/* Checks that the trace is equal to @expected, and then clears the trace. */
#define traced(expected)                        \
    do {                                        \
        ck_assert_str_eq(trace_text, expected); \
        trace_text[0] = '\0';                   \
    } while (0)

/* finally(word) appends the word to the trace when the scope ends, like `finally` in Python. */
__attribute__((unused)) static void trace_word(const char **word) {
    trace("%s ", *word);
}
#define finally(word) \
    __attribute__((unused)) lade_cleanup(trace_word) const char *LADE__CAT(finally_, __COUNTER__) = word

/* The number of unhandled errors. count_unhandled() also appends each unhandled error to the trace. */
static int unhandled;
__attribute__((unused)) static void count_unhandled(const struct lade_error *err, void *ctx) {
    (void)ctx;
    unhandled++;
    trace("unhandled(%s) ", err->message);
}

/* Checks that the next item of the generator is @value. */
#define assert_next(g, value)            \
    do {                                 \
        long *item_ = next(g);           \
        ck_assert_ptr_nonnull(item_);    \
        ck_assert_int_eq(*item_, value); \
    } while (0)

/* Checks that the generator has ended without an error. */
#define assert_ended(g)                   \
    do {                                  \
        ck_assert_ptr_null(next(g));      \
        ck_assert_ptr_null(gen_error(g)); \
    } while (0)

/* Checks that the items of a generator of long, written as text, are equal to @expected, for example "1 2 3". */
#define assert_items(g, expected)                                                                                \
    do {                                                                                                         \
        char text_[512] = "";                                                                                    \
        for_each (x_, g)                                                                                         \
            snprintf(text_ + strlen(text_), sizeof text_ - strlen(text_), "%s%ld", *text_ ? " " : "", (long)x_); \
        ck_assert_str_eq(text_, expected);                                                                       \
    } while (0)

/* Adds a test case that counts unhandled errors. */
__attribute__((unused)) static TCase *rules_case(Suite *suite, const char *name) {
    lade_set_unhandled_hook(count_unhandled, NULL);
    return check_case(suite, name);
}

#endif
