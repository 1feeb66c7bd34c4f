/* Tests of the sampler. The sampler divides an epoch into batches, and each batch into one slice for each rank. For all
   sizes, the slices together must be the batch, and the batches together must be the epoch. */
#include "flow/order/sampler.h"

#include <lade/base.h>
#include <stdlib.h>

#include "support/check_main.h"

static void check_epoch(int64_t samples, int64_t batch, int world) {
    struct lade__sampler first = {samples, batch, 0, world};
    int64_t steps = lade__sampler_steps(&first), position = 0;

    ck_assert_int_eq(steps, (samples + batch - 1) / batch);
    for (int64_t k = 0; k < steps; k++) {
        int64_t least = INT64_MAX, most = 0, start = position;
        for (int r = 0; r < world; r++) {
            struct lade__sampler s = {samples, batch, r, world};
            int64_t at, n = lade__sampler_slice(&s, k, &at);
            ck_assert_int_eq(lade__sampler_steps(&s), steps);
            ck_assert_int_eq(at, position);
            ck_assert_int_ge(n, 0);
            ck_assert_int_le(n, lade__sampler_max_rows(&s));
            position += n;
            least = n < least ? n : least;
            most = n > most ? n : most;
        }
        ck_assert_int_le(most - least, 1);
        ck_assert_int_le(position - start, batch);
        if (k < steps - 1)
            ck_assert_int_eq(position - start, batch);
    }
    ck_assert_int_eq(position, samples);
}

START_TEST(the_slices_add_up_to_the_epoch) {
    struct lade_random r;
    lade_random_init(&r, 1, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < 400; i++)
        check_epoch(1 + (int64_t)lade_random_below(&r, 200), 1 + (int64_t)lade_random_below(&r, 70),
                    1 + (int)lade_random_below(&r, 9));
}
END_TEST

START_TEST(the_slices_follow_the_documented_rule) {
    struct lade__sampler s = {100, 32, 1, 3};
    int64_t first;
    ck_assert_int_eq(lade__sampler_slice(&s, 0, &first), 32 * 2 / 3 - 32 / 3);
    ck_assert_int_eq(first, 32 / 3);
    ck_assert_int_eq(lade__sampler_slice(&s, 3, &first), 4 * 2 / 3 - 4 / 3); /* the last batch has 4 samples */
    ck_assert_int_eq(first, 96 + 4 / 3);
}
END_TEST

START_TEST(the_largest_sizes_do_not_overflow) {
    struct lade__sampler s = {INT64_MAX / 4, INT32_MAX, INT32_MAX - 1, INT32_MAX};
    int64_t first, last = lade__sampler_steps(&s) - 1, n = lade__sampler_slice(&s, last, &first);
    ck_assert_int_eq(first + n, s.samples);
    ck_assert_int_eq(lade__sampler_max_rows(&s), 1);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "all");
    tcase_add_test(cases, the_slices_add_up_to_the_epoch);
    tcase_add_test(cases, the_slices_follow_the_documented_rule);
    tcase_add_test(cases, the_largest_sizes_do_not_overflow);
}
