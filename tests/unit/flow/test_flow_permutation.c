/* Tests of the keyed permutation, which shuffles the samples of an epoch. The permutation must be one-to-one for every
   n, random enough for shuffling, and the same in every version. */
#include "flow/order/sampler.h"
#include "flow/order/permutation.h"

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

static struct lade__permutation permutation(uint64_t seed, uint64_t n) {
    struct lade__permutation p;
    struct lade_random random;
    lade_random_init(&random, seed, 0, 0, LADE_RANDOM_ORDER);
    lade__permutation_init(&p, &random, n);
    return p;
}

static void check_one_to_one(uint64_t seed, uint64_t n) {
    struct lade__permutation p = permutation(seed, n);
    unsigned char *seen = calloc(n, 1);
    uint64_t good = 0;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t to = lade__permutation_at(&p, i);
        if (to < n && !seen[to]) {
            seen[to] = 1;
            good++;
        }
    }
    ck_assert_uint_eq(good, n);
    free(seen);
}

START_TEST(every_small_n_is_one_to_one) {
    for (uint64_t n = 1; n <= 600; n++)
        check_one_to_one(n * 7919, n);
    check_one_to_one(1, 65536);
    check_one_to_one(2, 65537);
    check_one_to_one(3, 100003);
}
END_TEST

START_TEST(values_for_large_n_stay_in_range) {
    const uint64_t sizes[] = {UINT64_C(1) << 32, (UINT64_C(1) << 40) + 12345, UINT64_C(1) << 62};
    for (int k = 0; k < 3; k++) {
        struct lade__permutation p = permutation(9, sizes[k]);
        uint64_t before = UINT64_MAX;
        for (uint64_t i = 0; i < 1000; i++) {
            uint64_t to = lade__permutation_at(&p, sizes[k] - 1 - i);
            ck_assert_uint_lt(to, sizes[k]);
            ck_assert_uint_ne(to, before);
            before = to;
        }
    }
}
END_TEST

/* Does a chi-square test: with 24,000 seeds, each of the 24 orders of 4 items must occur about equally often. With 23
 * degrees of freedom, the chi-square value of random orders is greater than 70 in one of 10^6 runs. */
START_TEST(all_orders_of_four_are_equally_likely) {
    int counts[256] = {0};
    double chi = 0, expected = 24000 / 24.0;
    for (uint64_t seed = 0; seed < 24000; seed++) {
        struct lade__permutation p = permutation(seed, 4);
        int code = 0;
        for (uint64_t i = 0; i < 4; i++)
            code = code * 4 + (int)lade__permutation_at(&p, i);
        counts[code]++;
    }
    int orders = 0;
    for (int i = 0; i < 256; i++)
        if (counts[i]) {
            orders++;
            chi += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
    ck_assert_int_eq(orders, 24);
    ck_assert_msg(chi < 70, "chi-square is %.1f, so the orders are not equally likely", chi);
}
END_TEST

/* Does a chi-square test of the values p(0) and p(1), where p is a permutation of 10 items. In the 10 x 10 table of
 * these two values, the diagonal is empty. All other pairs must be equally likely. */
START_TEST(neighbours_are_independent) {
    int counts[10][10] = {{0}};
    double chi = 0, expected = 22500 / 90.0;
    for (uint64_t seed = 0; seed < 22500; seed++) {
        struct lade__permutation p = permutation(seed + 1000000, 10);
        counts[lade__permutation_at(&p, 0)][lade__permutation_at(&p, 1)]++;
    }
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++) {
            if (i == j)
                ck_assert_int_eq(counts[i][j], 0);
            else
                chi += (counts[i][j] - expected) * (counts[i][j] - expected) / expected;
        }
    /* 89 degrees of freedom */
    ck_assert_msg(chi < 165, "chi-square is %.1f, so the pairs are not equally likely", chi);
}
END_TEST

/* Two samples that are neighbours before the shuffling must be far apart after the shuffling. In a random permutation,
 * the mean distance of two such samples is n / 3. */
START_TEST(shuffled_neighbours_are_far_apart) {
    struct lade__permutation p = permutation(5, 50000);
    double sum = 0;
    for (uint64_t i = 0; i + 1 < 50000; i++) {
        uint64_t a = lade__permutation_at(&p, i), b = lade__permutation_at(&p, i + 1);
        sum += (double)(a > b ? a - b : b - a);
    }
    double mean = sum / 49999 / 50000;
    ck_assert_msg(mean > 0.325 && mean < 0.342, "the mean distance is %.4f n, but n / 3 is expected", mean);
}
END_TEST

/* Returns the index of the sample at this position of the epoch. */
static int64_t sample_at(const struct lade__sampler *sampler, int64_t epoch, int64_t position) {
    struct lade__epoch_order order;
    int64_t repeat;

    lade__epoch_order_init(&order, sampler, epoch);
    return lade__epoch_order_at(&order, position, &repeat);
}

START_TEST(seeds_and_epochs_differ) {
    const struct lade__sampler one = {.samples = 1000, .order = LADE_ORDER_SHUFFLED, .seed = 1};
    const struct lade__sampler two = {.samples = 1000, .order = LADE_ORDER_SHUFFLED, .seed = 2};
    const struct lade__sampler sorted = {.samples = 1000, .order = LADE_ORDER_SORTED, .seed = 1};
    int same_epoch = 0, same_seed = 0;

    for (int64_t i = 0; i < 1000; i++) {
        same_epoch += sample_at(&one, 0, i) == sample_at(&one, 1, i);
        same_seed += sample_at(&one, 0, i) == sample_at(&two, 0, i);
        ck_assert_int_eq(sample_at(&sorted, 0, i), i);
    }
    ck_assert_int_lt(same_epoch, 10); /* in two random orders, about one position has the same sample */
    ck_assert_int_lt(same_seed, 10);
}
END_TEST

/* A seed must give the same bytes in every version. Therefore these numbers must not change. */
START_TEST(the_order_never_changes) {
    static const int64_t ten[] = {5, 8, 9, 7, 3, 4, 0, 6, 1, 2};
    static const int64_t many[] = {856234, 820735, 353940, 636465, 1280069};
    const struct lade__sampler small = {.samples = 10, .order = LADE_ORDER_SHUFFLED, .seed = 1};
    const struct lade__sampler large = {.samples = 1281167, .order = LADE_ORDER_SHUFFLED, .seed = 42};

    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(sample_at(&small, 0, i), ten[i]);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(sample_at(&large, 7, i * 250000), many[i]);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "all");
    tcase_add_test(cases, every_small_n_is_one_to_one);
    tcase_add_test(cases, values_for_large_n_stay_in_range);
    tcase_add_test(cases, all_orders_of_four_are_equally_likely);
    tcase_add_test(cases, neighbours_are_independent);
    tcase_add_test(cases, shuffled_neighbours_are_far_apart);
    tcase_add_test(cases, seeds_and_epochs_differ);
    tcase_add_test(cases, the_order_never_changes);
}
