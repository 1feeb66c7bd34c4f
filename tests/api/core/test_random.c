/* Tests of random numbers: the published results of Philox4x32-10, separate streams, and distributions. */
#include <lade/base.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

/* Known results from Random123 (kat_vectors, "philox4x32 10"): counter, key, output. */
static const struct {
    uint32_t counter[4], key[2], out[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

START_TEST(philox_gives_the_published_results) {
    struct lade_random r = {.used = 4};
    memcpy(r.key, known[_i].key, sizeof r.key);
    memcpy(r.counter, known[_i].counter, sizeof r.counter);
    for (int i = 0; i < 4; i++)
        ck_assert_uint_eq(lade_random_u32(&r), known[_i].out[i]);
}
END_TEST

START_TEST(init_sets_key_and_counter) {
    struct lade_random r, same;
    lade_random_init(&r, 0, 0, 0, 0); /* the key and the counter are 0, as in the first published result */
    ck_assert_uint_eq(lade_random_u32(&r), 0x6627e8d5);
    ck_assert_uint_eq(lade_random_u64(&r), 0xbc57ac4ce169c58d);

    lade_random_init(&r, 1, 2, 3, 4);
    lade_random_init(&same, 1, 2, 3, 4);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(lade_random_u32(&r), lade_random_u32(&same));
}
END_TEST

START_TEST(each_coordinate_makes_another_stream) {
    static const uint64_t rows[][4] = {{1, 2, 3, 4},
                                       {2, 2, 3, 4},
                                       {1, 3, 3, 4},
                                       {1, 2, 4, 4},
                                       {1, 2, 3, 5},
                                       {1ull << 32 | 1, 2, 3, 4},
                                       {1, 2, 1ull << 32 | 3, 4}};
    enum { ROWS = sizeof rows / sizeof *rows };
    uint64_t first[ROWS];
    for (int i = 0; i < ROWS; i++) {
        struct lade_random r;
        lade_random_init(&r, rows[i][0], rows[i][1], rows[i][2], (uint32_t)rows[i][3]);
        first[i] = lade_random_u64(&r);
        for (int j = 0; j < i; j++)
            ck_assert_uint_ne(first[i], first[j]);
    }
}
END_TEST

START_TEST(a_stream_repeats_after_2_to_the_18_numbers) {
    struct lade_random r, start;
    lade_random_init(&r, 9, 0, 0, LADE_RANDOM_AUGMENT);
    start = r;
    for (int i = 0; i < 1 << 18; i++)
        lade_random_u32(&r);
    for (int i = 0; i < 8; i++)
        ck_assert_uint_eq(lade_random_u32(&r), lade_random_u32(&start));
}
END_TEST

START_TEST(doubles_fill_the_half_open_interval) {
    struct lade_random r;
    lade_random_init(&r, 3, 0, 0, LADE_RANDOM_USER);
    double sum = 0, least = 1, most = 0;
    for (int i = 0; i < 100000; i++) {
        double v = lade_random_double(&r);
        ck_assert(v >= 0 && v < 1);
        sum += v;
        least = fmin(least, v);
        most = fmax(most, v);
    }
    ck_assert_double_eq_tol(sum / 100000, 0.5, 0.005); /* the tolerance is five standard deviations */
    ck_assert(least < 1e-4 && most > 1 - 1e-4);
}
END_TEST

START_TEST(uniform_never_reaches_the_upper_end) {
    struct lade_random r;
    lade_random_init(&r, 3, 0, 0, LADE_RANDOM_USER);
    double low = 1, high = nextafter(1, 2);
    for (int i = 0; i < 1000; i++)
        ck_assert_double_eq(lade_random_uniform(&r, low, high), low);
    for (int i = 0; i < 1000; i++) {
        double v = lade_random_uniform(&r, -3, 5);
        ck_assert(v >= -3 && v < 5);
    }
    ck_assert_double_eq(lade_random_uniform(&r, 2, 2), 2);
}
END_TEST

START_TEST(below_is_in_range_and_uniform) {
    struct lade_random r;
    lade_random_init(&r, 5, 0, 0, LADE_RANDOM_USER);
    ck_assert_uint_eq(lade_random_below(&r, 0), 0);
    ck_assert_uint_eq(lade_random_below(&r, 1), 0);
    int counts[7] = {0};
    for (int i = 0; i < 70000; i++)
        counts[lade_random_below(&r, 7)]++;
    double chi2 = 0;
    for (int i = 0; i < 7; i++)
        chi2 += (counts[i] - 10000.0) * (counts[i] - 10000.0) / 10000.0;
    ck_assert_double_lt(chi2, 30); /* with six degrees of freedom, only one of 25,000 chi-square values is higher */

    /* n is 3 * 2^62. If lade_random_below() returned a 64-bit random number modulo n, the numbers below n / 3 would be
       twice as frequent as the other numbers. */
    uint64_t n = 3ull << 62;
    int lowest = 0;
    for (int i = 0; i < 30000; i++)
        lowest += lade_random_below(&r, n) < n / 3;
    ck_assert_double_eq_tol(lowest / 30000.0, 1.0 / 3, 0.015);
}
END_TEST

START_TEST(normal_has_the_moments_of_a_normal) {
    struct lade_random r;
    lade_random_init(&r, 11, 0, 0, LADE_RANDOM_USER);
    enum { N = 200000 };
    double s1 = 0, s2 = 0, s4 = 0, across = 0, before = 0;
    for (int i = 0; i < N; i++) {
        double v = lade_random_normal(&r);
        s1 += v, s2 += v * v, s4 += v * v * v * v, across += v * before;
        before = v;
    }
    ck_assert_double_eq_tol(s1 / N, 0, 0.012);
    ck_assert_double_eq_tol(s2 / N, 1, 0.016);
    ck_assert_double_eq_tol(s4 / N, 3, 0.11);
    ck_assert_double_eq_tol(across / N, 0, 0.012); /* the numbers are made in pairs; the two numbers of a pair are
                                                      independent */
}
END_TEST

/* Computes the same numbers by the polar method, with the logarithm of the C library. Only the last bits may differ. */
START_TEST(normal_agrees_with_the_formula) {
    struct lade_random r, raw;
    lade_random_init(&r, 12, 0, 0, LADE_RANDOM_USER);
    raw = r;
    for (int i = 0; i < 2000; i++) {
        double x, y, s;
        do {
            x = 2 * lade_random_double(&raw) - 1;
            y = 2 * lade_random_double(&raw) - 1;
            s = x * x + y * y;
        } while (s >= 1 || s == 0);
        double scale = sqrt(-2 * log(s) / s);
        ck_assert_double_eq_tol(lade_random_normal(&r), x * scale, 1e-13);
        ck_assert_double_eq_tol(lade_random_normal(&r), y * scale, 1e-13);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "random");
    tcase_add_loop_test(tcase, philox_gives_the_published_results, 0, 3);
    tcase_add_test(tcase, init_sets_key_and_counter);
    tcase_add_test(tcase, each_coordinate_makes_another_stream);
    tcase_add_test(tcase, a_stream_repeats_after_2_to_the_18_numbers);
    tcase_add_test(tcase, doubles_fill_the_half_open_interval);
    tcase_add_test(tcase, uniform_never_reaches_the_upper_end);
    tcase_add_test(tcase, below_is_in_range_and_uniform);
    tcase_add_test(tcase, normal_has_the_moments_of_a_normal);
    tcase_add_test(tcase, normal_agrees_with_the_formula);
}
