/* Tests of sources and combinators. The tests pull some of these generators and drain others, use owned and named
   sources, and close some generators before their end. lade/gen.h explains the terms pull, drain, owned and named. */
#include "support/rules.h"

#include <unistd.h>

generator(long, nats)
{
    finally("~nats");
    for (long i = 0;; i++)
        yield(i);
}

generator(long, three)
{
    finally("~three");
    yield(1);
    yield(2);
    yield(3);
}

generator(long, breaks)
{
    yield(1);
    yield(2);
    lade_fail("broken");
}

/* Evaluates the expression twice. Checks the items of the first generator, which is pulled, and of the second
   generator, which is drained into a list. */
#define assert_both(expression, expected)                                                                     \
    do {                                                                                                      \
        assert_items(expression, expected);                                                                   \
        char drained_[512] = "";                                                                              \
        list_auto(lade__item(expression)) l_ = list(expression);                                              \
        for (size_t i_ = 0; i_ < len(l_); i_++)                                                               \
            snprintf(drained_ + strlen(drained_), sizeof drained_ - strlen(drained_), "%s%ld", i_ ? " " : "", \
                     (long)l_[i_]);                                                                           \
        ck_assert_str_eq(drained_, expected);                                                                 \
        trace_text[0] = '\0';                                                                                 \
    } while (0)

generator_over_static(long, doubled, long, source) {
    finally("~doubled");
    for_each (x, source)
        yield(2 * x);
}
generator_over_static(double, scaled, long, source, double, by, double, plus) {
    for_each (x, source)
        yield((double)x * by + plus);
}
genexpr_over_static(long, odd_ones, x, each(x, g) if (x % 2), long, g)

START_TEST(generators_over_another_own_it) {
    assert_both(doubled(three()), "2 4 6");
    assert_both(odd_ones(doubled(three())), "");
    assert_both(odd_ones(range(6)), "1 3 5");
    double total = sum(scaled(doubled(three()), 0.5, 1));
    ck_assert_double_eq(total, 1 + 2 + 3 + 3);
    trace_text[0] = '\0';
    gen_auto(long) g = doubled(nats());
    assert_next(g, 0);
    gen_close(g);
    traced("~doubled ~nats ");
    gen_auto(long) never = doubled(doubled(nats())); /* a leak checker reports an error if one of the two generators is
                                                        not freed */
    ck_assert_int_eq(gen_state(never), LADE_GEN_CREATED);
    struct lade_error err = {0};
    ck_assert_int_eq(sum(doubled(breaks()), &err), 0);
    ck_assert_str_eq(err.message, "broken");
    gen_auto(long) named = three();
    assert_next(named, 1);
    assert_items(doubled(gen_move(named)), "4 6");
    named = NULL;
}
END_TEST

static bool odd(long x) {
    return x % 2;
}

static int below_four(long x) {
    return x < 4;
}

static double halved(long x) {
    return (double)x / 2;
}

static const char *named(int x) {
    static const char *const names[] = {"zero", "one", "two"};
    return names[x];
}

static long product(long a, long b) {
    return a * b;
}

START_TEST(ranges_count_as_in_python) {
    assert_both(range(4), "0 1 2 3");
    assert_both(range(2, 5), "2 3 4");
    assert_both(range(10, 0, -3), "10 7 4 1");
    assert_both(range(0), "");
    assert_both(range(5, 2), "");
    assert_both(range(LONG_MAX - 1, LONG_MAX, 5), "9223372036854775806");
    struct lade_error err = {0};
    ck_assert_int_eq(lade_count(range(1, 2, 0), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    assert_both(take(count_from(7, -2), 3), "7 5 3");
}
END_TEST

START_TEST(sources_of_values) {
    assert_both(repeat(5L, 3), "5 5 5");
    assert_both(take(repeat(5L), 2), "5 5");
    static const long items[] = {3, 1, 2};
    assert_both(from_array(items, 3), "3 1 2");
    assert_both(from_array(items, 0), "");
    list_auto(char) s = list(from_string("abc"));
    ck_assert_int_eq(len(s), 3);
    ck_assert_mem_eq(s, "abc", 3);
    double sum_of_repeats = sum(repeat(0.5, 4));
    ck_assert_double_eq(sum_of_repeats, 2.0);
}
END_TEST

START_TEST(slices) {
    assert_both(take(nats(), 3), "0 1 2");
    assert_both(take(three(), 9), "1 2 3");
    assert_both(take(three(), 0), "");
    assert_both(take(three(), -1), "");
    assert_both(drop(three(), 1), "2 3");
    assert_both(drop(three(), 5), "");
    assert_both(take(step(nats(), 5), 3), "0 5 10");
}
END_TEST

START_TEST(take_takes_no_further_item) {
    gen_auto(long) g = nats();
    assert_items(take(g, 2), "0 1");
    ck_assert_int_eq(sum(take(g, 3)), 2 + 3 + 4);
    assert_next(g, 5);
    traced("");
    assert_items(take(three(), 2), "1 2");
    traced("~three ");
}
END_TEST

START_TEST(filters) {
    assert_both(take(filter(odd, nats()), 3), "1 3 5");
    assert_both(take_while(below_four, nats()), "0 1 2 3");
    assert_both(take(drop_while(below_four, nats()), 2), "4 5");
    assert_both(filter(odd, take(nats(), 0)), "");
    gen_auto(long) g = nats();
    assert_items(take_while(below_four, g), "0 1 2 3");
    assert_next(g, 5); /* take_while() has taken the 4 for its test, so the 4 is lost, as in Python */
}
END_TEST

struct point {
    int x, y;
};
generator(struct point, diagonal, int, n)
{
    for (int i = 0; i < n; i++)
        yield((struct point){i, i});
}
static void moved(const struct point *p, struct point *result) {
    *result = (struct point){p->x + 1, p->y};
}
static bool right_of_one(const struct point *p) {
    return p->x > 1;
}
static void weight(const struct point *p, long *result) {
    *result = p->x * 10 + p->y;
}

START_TEST(maps) {
    static const int numbers[] = {2, 0};
    list_auto(double) halves = list(map(halved, three()));
    ck_assert_double_eq(halves[2], 1.5);
    list_auto(const char *) names = list(map(named, from_array(numbers, 2)));
    ck_assert_str_eq(names[0], "two");
    ck_assert_str_eq(names[1], "zero");
    assert_both(map_to(long, weight, filter(right_of_one, map_to(struct point, moved, diagonal(3)))), "21 32");
    ck_assert_double_eq(sum(map(halved, filter(odd, take(nats(), 10)))), 12.5);
}
END_TEST

START_TEST(accumulations) {
    assert_both(accumulate(three()), "1 3 6");
    assert_both(accumulate_by(product, range(1, 6)), "1 2 6 24 120");
    assert_both(accumulate(range(0)), "");
}
END_TEST

typedef lade_gen_owned(long) ranged;
generator(ranged, ranges, long, n)
{
    for (long i = 0; i <= n; i++)
        yield(range(i));
}

START_TEST(flat_runs_generators_of_generators) {
    assert_both(flat(ranges(3)), "0 0 1 0 1 2");
    assert_both(take(flat(ranges(1000)), 4), "0 0 1 0");
}
END_TEST

START_TEST(cycles) {
    assert_both(take(cycle(three()), 7), "1 2 3 1 2 3 1");
    assert_both(cycle(range(0)), "");
}
END_TEST

START_TEST(windows) {
    char text[128] = "";
    for_each (w, window(range(5), 3))
        snprintf(text + strlen(text), sizeof text - strlen(text), "%ld%ld%ld ", w[0], w[1], w[2]);
    ck_assert_str_eq(text, "012 123 234 ");
    ck_assert_int_eq(lade_count(window(range(2), 3)), 0);
    long differences = 0;
    for_each (pair, pairwise(map(halved, range(100))))
        differences += pair[1] - pair[0] == 0.5;
    ck_assert_int_eq(differences, 99);
}
END_TEST

START_TEST(batches) {
    char text[128] = "";
    for_each (b, batched(range(5), 2))
        snprintf(text + strlen(text), sizeof text - strlen(text), "%zu:%ld ", len(b), b[len(b) - 1]);
    ck_assert_str_eq(text, "2:1 2:3 1:4 ");
    struct lade_error err = {0};
    ck_assert_int_eq(lade_count(batched(breaks(), 5), &err), 0);
    ck_assert_str_eq(err.message, "broken");
    long before_the_error = 0;
    for_each (b, batched(breaks(), 5), &err)
        before_the_error += (long)len(b);
    ck_assert_int_eq(before_the_error, 2);
}
END_TEST

generator(const char *, numerals, int, n)
{
    char text[8];
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%d", i);
        yield(text);
    }
    yield(NULL);
    lade_fail("broken");
}

START_TEST(batches_of_strings_have_copies) {
    char text[128] = "";
    struct lade_error err = {0};
    for_each (b, batched(numerals(6), 3), &err)
        for (size_t i = 0; i < len(b); i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", b[i] ? b[i] : "NULL",
                     i + 1 < len(b) ? "," : " ");
    ck_assert_str_eq(text, "0,1,2 3,4,5 NULL ");
    ck_assert_str_eq(err.message, "broken");
    for_each (b, batched(numerals(6), 2))
        break; /* a leak checker reports an error if a copy is not freed, for example a copy in an incomplete list */
    gen_auto(const char *) source = take(numerals(3), 3);
    gen_auto(const char **) g = batched(source, 2);
    ck_assert_str_eq((*next(g))[1], "1");
    ck_assert_str_eq((*next(g))[0], "2");
    ck_assert_ptr_null(next(g));
}
END_TEST

START_TEST(shuffles_are_permutations_that_the_seed_decides) {
    list_auto(long) a = list(shuffle(range(100), 1000, 7));
    list_auto(long) b = list(shuffle(range(100), 1000, 7));
    list_auto(long) c = list(shuffle(range(100), 1000, 8));
    ck_assert_int_eq(len(a), 100);
    ck_assert_mem_eq(a, b, 100 * sizeof *a);
    ck_assert_mem_ne(a, c, 100 * sizeof *a);
    ck_assert_int_eq(len(set(from_array(a, 100))), 100);
    long far = 0;
    gen_auto(long) near = shuffle(range(100), 10, 1);
    for (long i = 0, *p; (p = next(near)); i++)
        far += *p - i > 10; /* with a buffer of 10, an item can come at most 10 positions too early */
    ck_assert_int_eq(far, 0);
}
END_TEST

START_TEST(samples_are_fair) {
    long hits[10] = {0};
    for (unsigned long seed = 0; seed < 3000; seed++) {
        list_auto(long) s = lade_sample(range(10), 3, seed);
        ck_assert_int_eq(len(s), 3);
        for (int i = 0; i < 3; i++)
            hits[s[i]]++;
    }
    for (int i = 0; i < 10; i++) /* the expected count is 900, with a standard deviation of 25 */
        ck_assert(hits[i] > 750 && hits[i] < 1050);
    ck_assert_int_eq(len(lade_sample(range(2), 5, 1)), 2);
}
END_TEST

START_TEST(joins) {
    assert_both(chain(three(), range(2), range(0), range(1)), "1 2 3 0 1 0");
    assert_both(take(chain(three(), nats()), 5), "1 2 3 0 1");
    assert_both(interleave(three(), range(1), range(10, 12)), "1 0 10 2 11 3");
    assert_both(merge(range(0, 10, 3), range(1, 8, 2), range(0)), "0 1 3 3 5 6 7 9");
    gen_auto(long) g = nats();
    assert_items(chain(take(g, 2), take(g, 2)), "0 1 2 3");
}
END_TEST

struct two {
    long a, b;
};

START_TEST(one_generator_as_two_sources) {
    gen_auto(long) paired = range(6); /* if both sources of zip() are the same generator, the pairs are consecutive
                                         items */
    list_auto(struct two) pairs = list(zip(struct two, paired, paired));
    ck_assert_int_eq(len(pairs), 3);
    ck_assert(pairs[2].a == 4 && pairs[2].b == 5);
    gen_auto(long) in_turn = range(6);
    assert_items(interleave(in_turn, in_turn), "0 1 2 3 4 5");
    gen_auto(long) merged = range(6);
    assert_items(merge(merged, merged), "0 1 2 3 4 5");
    gen_auto(long) in_a_row = range(6);
    assert_items(chain(take(in_a_row, 2), in_a_row), "0 1 2 3 4 5");
}
END_TEST

struct row {
    long i;
    char c;
    double d;
};
struct indexed {
    long i;
    const char *name;
};
struct wrong {
    long i, j, k;
};
generator(const char *, fruit)
{
    yield("apple");
    yield("pear");
}

START_TEST(zips) {
    char text[128] = "";
    for_each (r, zip(struct row, nats(), from_string("abc"), map(halved, nats())))
        snprintf(text + strlen(text), sizeof text - strlen(text), "%ld%c%.1f ", r.i, r.c, r.d);
    ck_assert_str_eq(text, "0a0.0 1b0.5 2c1.0 ");
    traced("~nats ~nats ");
    text[0] = '\0';
    for_each (e, enumerate(struct indexed, fruit()))
        snprintf(text + strlen(text), sizeof text - strlen(text), "%ld=%s ", e.i, e.name);
    ck_assert_str_eq(text, "0=apple 1=pear ");
    struct lade_error err = {0};
    ck_assert_int_eq(lade_count(zip(struct wrong, range(2), range(2)), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    struct pair {
        long a, b;
    };
    list_auto(struct pair) pairs = list(zip(struct pair, range(3), range(9)));
    ck_assert_int_eq(len(pairs), 3);
    ck_assert_int_eq(pairs[2].b, 2);
}
END_TEST

START_TEST(tees_share_one_source) {
    gen(long) t[3];
    ck_assert_int_eq(tee(range(200), 3, t), LADE_OK);
    ck_assert_int_eq(sum(t[0]), 199 * 100);
    assert_next(t[1], 0);
    ck_assert_int_eq(sum(t[1]), 199 * 100);
    assert_items(take(t[2], 3), "0 1 2");
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(gen_free(t[i]), LADE_OK);
    gen(long) unused[2];
    ck_assert_int_eq(tee(three(), 2, unused), LADE_OK);
    gen_free(unused[0]);
    assert_next(unused[1], 1);
    gen_free(unused[1]);
    traced("~three ");
}
END_TEST

START_TEST(errors_of_sources_are_errors_of_combinators) {
    struct lade_error err = {0};
    list_auto(double) l = list(take(map(halved, chain(three(), breaks())), 100), &err);
    ck_assert_ptr_null(l);
    ck_assert_str_eq(err.message, "broken");
    gen_auto(long) g = interleave(breaks(), nats());
    assert_next(g, 1);
    assert_next(g, 0);
    assert_next(g, 2);
    assert_next(g, 1);
    ck_assert_ptr_null(next(g));
    ck_assert_str_eq(gen_error(g)->message, "broken");
    assert_ended(g);
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

START_TEST(generators_that_never_started_are_freed) {
    gen_auto(long) unused = take(chain(drop(three(), 1), filter(odd, nats()), cycle(shuffle(nats(), 3, 1))), 4);
    ck_assert_int_eq(gen_state(unused), LADE_GEN_CREATED);
    struct pair {
        long a, b;
    };
    gen_auto(struct pair) zipped = zip(struct pair, nats(), take(three(), 1));
    (void)zipped;
    gen_auto(long) threaded = prefetch(three(), 2);
    (void)threaded;
    traced("");
}
END_TEST

static long slow_square(long x) {
    usleep((useconds_t)(x * 7919 % 13) * 100);
    return x * x;
}

START_TEST(parallel_map_keeps_the_order) {
    for (int workers = 0; workers <= 5; workers++) {
        list_auto(long) squares = list(parallel_map(slow_square, range(60), workers));
        ck_assert_int_eq(len(squares), 60);
        for (long i = 0; i < 60; i++)
            ck_assert_int_eq(squares[i], i * i);
    }
    assert_items(take(parallel_map(slow_square, nats(), 3), 4), "0 1 4 9");
    traced("~nats ");
    struct lade_error err = {0};
    long seen = 0;
    for_each (x, parallel_map(slow_square, breaks(), 2), &err)
        seen += x;
    ck_assert_int_eq(seen, 1 + 4);
    ck_assert_str_eq(err.message, "broken");
}
END_TEST

START_TEST(prefetch_runs_ahead_by_its_limit) {
    assert_both(prefetch(three(), 2), "1 2 3");
    assert_both(take(prefetch(nats(), 4), 3), "0 1 2");
    struct lade_error err = {0};
    long seen = 0;
    for_each (x, prefetch(breaks(), 10), &err)
        seen += x;
    ck_assert_int_eq(seen, 3);
    ck_assert_str_eq(err.message, "broken");
    ck_assert_int_eq(sum(prefetch(range(100000), 100)), 4999950000);
}
END_TEST

START_TEST(lines_and_directories) {
    char dir[] = "/tmp/lade-iter-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/text", dir);
    FILE *f = fopen(path, "w");
    fputs("one\n\nthree", f);
    fclose(f);
    char text[64] = "";
    for_each (line, lines(path))
        snprintf(text + strlen(text), sizeof text - strlen(text), "[%s]", line);
    ck_assert_str_eq(text, "[one][][three]");
    for_each (entry, lade_dir(dir)) {
        ck_assert_str_eq(entry.name, "text");
        ck_assert(entry.is_file && !entry.is_dir);
    }
    for_each (line, lines(path)) {
        ck_assert_str_eq(line, "one");
        break; /* a leak checker reports an error if the file is not closed */
    }
    unlink(path);
    struct lade_error err = {0};
    ck_assert_int_eq(lade_count(lines(path), &err), 0);
    ck_assert_int_eq(err.code, LADE_ENOENT);
    ck_assert_str_eq(err.subject, path);
    rmdir(dir);
    ck_assert_int_eq(lade_count(lade_dir(dir), &err), 0);
    ck_assert_str_eq(err.subject, dir);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "iter");
    tcase_add_test(tcase, generators_over_another_own_it);
    tcase_add_test(tcase, ranges_count_as_in_python);
    tcase_add_test(tcase, sources_of_values);
    tcase_add_test(tcase, slices);
    tcase_add_test(tcase, take_takes_no_further_item);
    tcase_add_test(tcase, filters);
    tcase_add_test(tcase, maps);
    tcase_add_test(tcase, accumulations);
    tcase_add_test(tcase, flat_runs_generators_of_generators);
    tcase_add_test(tcase, cycles);
    tcase_add_test(tcase, windows);
    tcase_add_test(tcase, batches);
    tcase_add_test(tcase, batches_of_strings_have_copies);
    tcase_add_test(tcase, shuffles_are_permutations_that_the_seed_decides);
    tcase_add_test(tcase, samples_are_fair);
    tcase_add_test(tcase, joins);
    tcase_add_test(tcase, one_generator_as_two_sources);
    tcase_add_test(tcase, zips);
    tcase_add_test(tcase, tees_share_one_source);
    tcase_add_test(tcase, errors_of_sources_are_errors_of_combinators);
    tcase_add_test(tcase, generators_that_never_started_are_freed);
    tcase_add_test(tcase, parallel_map_keeps_the_order);
    tcase_add_test(tcase, prefetch_runs_ahead_by_its_limit);
    tcase_add_test(tcase, lines_and_directories);
}
