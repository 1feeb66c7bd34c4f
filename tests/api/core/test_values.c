/*
 * Tests of items of every type in the reducers and combinators: numbers of all types, strings, structs and pointers.
 * Each operation gives the right result or an error. tests/compile_fail contains the operations that are errors at
 * compile time.
 */
#include "support/check_main.h"

#include <lade/lade.h>
#include <string.h>
#include <unistd.h>

#include <lade/short_iter.h>

static void assert_error(const struct lade_error *err, int code, const char *words) {
    ck_assert_int_eq(err->code, code);
    ck_assert_msg(strstr(err->message, words) != NULL, "%s", err->message);
}

/* ---- One test for each number type ------------------------------------------------------------------------------- */

#define NUMBERS(X)                \
    X(char, char)                 \
    X(schar, signed char)         \
    X(uchar, unsigned char)       \
    X(short, short)               \
    X(ushort, unsigned short)     \
    X(int, int)                   \
    X(uint, unsigned)             \
    X(long, long)                 \
    X(ulong, unsigned long)       \
    X(llong, long long)           \
    X(ullong, unsigned long long) \
    X(float, float)               \
    X(double, double)             \
    X(ldouble, long double)

#define TEST_OF_A_TYPE(name, T)                                                                        \
    static bool is_two_##name(T x) {                                                                   \
        return x == 2;                                                                                 \
    }                                                                                                  \
    static T doubled_##name(T x) {                                                                     \
        return (T)(2 * x);                                                                             \
    }                                                                                                  \
    static const char *word_##name(T x) {                                                              \
        return x == 1 ? "one" : "more";                                                                \
    }                                                                                                  \
    static T add_##name(T a, T b) {                                                                    \
        return (T)(a + b);                                                                             \
    }                                                                                                  \
    struct with_##name {                                                                               \
        T a;                                                                                           \
        long b;                                                                                        \
    };                                                                                                 \
    static T member_##name(const struct with_##name *pair) {                                           \
        return pair->a;                                                                                \
    }                                                                                                  \
    START_TEST(items_of_##name) {                                                                      \
        const T items[] = {3, 1, 2};                                                                   \
        ck_assert(sum(from_array(items)) == 6);                                                        \
        ck_assert(min(from_array(items)) == 1);                                                        \
        ck_assert(max(from_array(items)) == 3);                                                        \
        ck_assert(any(from_array(items)) && all(from_array(items)));                                   \
        ck_assert(first(filter(is_two_##name, from_array(items)), 0) == 2);                            \
        ck_assert(last(map(doubled_##name, from_array(items)), 0) == 4);                               \
        ck_assert_str_eq(nth(map(word_##name, from_array(items)), 1, ""), "one");                      \
        ck_assert(last(accumulate(from_array(items)), 0) == 6);                                        \
        ck_assert(last(accumulate_by(add_##name, from_array(items)), 0) == 6);                         \
        ck_assert(reduce(add_##name, from_array(items), 0) == 6);                                      \
        list_auto(T) sorted = set(from_array(items));                                                  \
        ck_assert(sorted[0] == 1 && sorted[2] == 3 && len(sorted) == 3);                               \
        ck_assert(contains(sorted, 2) && !contains(sorted, 7));                                        \
        ck_assert(nth(merge(from_array(sorted, 3), repeat((T)2, 1)), 2, 0) == 2);                      \
        struct lade_error err = {0};                                                                   \
        ck_assert(sum(map(member_##name, zip(struct with_##name, from_array(items), range(3)))) == 6); \
        ck_assert_int_eq(count(zip(struct with_##name, from_array(items), range(3)), &err), 3);        \
    }                                                                                                  \
    END_TEST
NUMBERS(TEST_OF_A_TYPE)

START_TEST(long_doubles_keep_their_precision) {
    const long double items[] = {1.5L, 2.5L}, tiny[] = {1.0L, 0x1p-62L};
    ck_assert(sum(from_array(items)) == 4.0L);
    ck_assert(max(from_array(items)) == 2.5L);
    ck_assert(sum(from_array(tiny)) == 1.0L + 0x1p-62L);
}
END_TEST

START_TEST(narrow_sums_report_overflow) {
    const unsigned char items[] = {200, 100};
    struct lade_error err = {0};
    ck_assert_int_eq(sum(from_array(items)), 300);
    ck_assert_int_eq(count(accumulate(from_array(items)), &err), 0);
    assert_error(&err, LADE_ELIMIT, "accumulate");
}
END_TEST

static double plus(double a, double b) {
    return a + b;
}

START_TEST(reduce_keeps_fractions) {
    const double halves[] = {0.5, 0.5, 0.5};
    ck_assert(reduce(plus, from_array(halves), 0) == 1.5);
}
END_TEST

/* ---- zip --------------------------------------------------------------------------------------------------------- */

struct one_double {
    double a;
};
struct int_and_long {
    int a;
    long b;
};
struct two_longs {
    long a, b;
};
struct three_longs {
    long a, b, c;
};

START_TEST(zip_compares_types) {
    struct lade_error err = {0};
    ck_assert_int_eq(count(zip(struct one_double, range(3)), &err), 0);
    assert_error(&err, LADE_EINVAL, "member 1");
    err = (struct lade_error){0};
    ck_assert_int_eq(count(zip(struct int_and_long, repeat(1L << 33, 1), range(3)), &err), 0);
    assert_error(&err, LADE_EINVAL, "member 1");
    err = (struct lade_error){0};
    ck_assert_int_eq(count(zip(struct int_and_long, repeat((char)1, 1), range(3)), &err), 0);
    assert_error(&err, LADE_EINVAL, "member 1");
    err = (struct lade_error){0};
    ck_assert_int_eq(count(zip(struct two_longs, range(3), repeat(1.5)), &err), 0);
    assert_error(&err, LADE_EINVAL, "member 2");
    err = (struct lade_error){0};
    ck_assert_int_eq(count(zip(struct three_longs, range(3), range(3)), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
}
END_TEST

/* ---- Strings ----------------------------------------------------------------------------------------------------- */

generator(const char *, passing)
{ /* All items have the same address, and each item overwrites the item before it. The generator frees the memory at its
     end. */
    lade_cleanup(lade_freep) char *text = lade_alloc(8);
    for (int i = 0; text && i < 3; i++) {
        strcpy(text, i == 0 ? "beta" : i == 1 ? "alpha" : "gamma");
        yield(text);
    }
}

START_TEST(strings_outlive_their_generator) {
    ck_assert_str_eq(first(passing(), ""), "beta");
    ck_assert_str_eq(nth(passing(), 1, ""), "alpha");
    ck_assert_str_eq(last(passing(), ""), "gamma");
    ck_assert_str_eq(min(passing()), "alpha");
    ck_assert_str_eq(max(passing()), "gamma");
    ck_assert_str_eq(first(take(passing(), 0), "none"), "none");
    tuple_auto(const char *) words = tuple(passing());
    ck_assert_str_eq(words[0], "beta");
    ck_assert_str_eq(words[2], "gamma");
    list_auto(const char *) ordered = set(passing());
    ck_assert_str_eq(ordered[0], "alpha");
    ck_assert_str_eq(ordered[1], "beta");
    list_auto(const char *) chosen = sample(passing(), 2, 1);
    ck_assert_uint_eq(len(chosen), 2);
    ck_assert_uint_ge(strlen(chosen[0]), 4);
    list_auto(const char *) comprehended = list_of(const char *, word, each(word, passing()));
    ck_assert_str_eq(comprehended[1], "alpha");
}
END_TEST

/* ---- Mistakes at run time ---------------------------------------------------------------------------------------- */

START_TEST(sizes_must_be_positive) {
    struct lade_error err = {0};
    ck_assert_int_eq(count(batched(range(3), 0), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    err = (struct lade_error){0};
    ck_assert_int_eq(count(window(range(3), 0), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    err = (struct lade_error){0};
    ck_assert_int_eq(count(step(range(3), -1), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
}
END_TEST

START_TEST(lines_and_nul_bytes) {
    const char text[] = "one\ntwo\0hidden\nthree";
    lade_cleanup(lade_fclose) FILE *f = tmpfile();
    fwrite(text, 1, sizeof text - 1, f);
    rewind(f);
    struct lade_error err = {0};
    ck_assert_int_eq(count(lines_of(f), &err), 0);
    assert_error(&err, LADE_EINVAL, "NUL");
    rewind(f);
    size_t total = 0;
    for_each (line, sized_lines_of(f))
        total += line.length;
    ck_assert_uint_eq(total, 3 + 10 + 5);
}
END_TEST

START_TEST(booleans_are_printed) {
    lade_cleanup(lade_fclose) FILE *f = tmpfile();
    lade_print_to(f, all_of(i < 3, in(i, 3)));
    lade_print_to(f, all(range(3)));
    rewind(f);
    ck_assert_str_eq(first(lines_of(f), ""), "True");
    ck_assert_str_eq(first(lines_of(f), ""), "False");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "values");
#define ADD_TEST_OF(name, T) tcase_add_test(tcase, items_of_##name);
    NUMBERS(ADD_TEST_OF)
    tcase_add_test(tcase, long_doubles_keep_their_precision);
    tcase_add_test(tcase, narrow_sums_report_overflow);
    tcase_add_test(tcase, reduce_keeps_fractions);
    tcase_add_test(tcase, zip_compares_types);
    tcase_add_test(tcase, strings_outlive_their_generator);
    tcase_add_test(tcase, sizes_must_be_positive);
    tcase_add_test(tcase, lines_and_nul_bytes);
    tcase_add_test(tcase, booleans_are_printed);
}
