/*
 * Tests of long chains of generators. In a chain, each stage is a combinator whose source is the stage before it. All
 * stages of a chain are the same combinator. Each chain is used in four ways: the chain is pulled, drained, closed
 * after two items, or freed before it starts. (lade/gen.h explains the terms pulled and drained.) Each of these tests
 * runs on the stack of the thread, and also in a generator function.
 *
 * The environment variable LADE_DEPTH, for example LADE_DEPTH=1000000, sets the number of stages. If the variable is
 * set, each test also prints its time and memory. LADE_ONLY, for example LADE_ONLY=take, selects one combinator,
 * because a million stages of each combinator take too long for one run with a sanitizer. The default is 20000 stages.
 * If a function of the library called itself once for each stage, 20000 calls would overflow the stack of a generator,
 * which has 64 KiB.
 */
#define _GNU_SOURCE /* clock_gettime */
#include "support/rules.h"

#include <sys/resource.h>
#include <time.h>

typedef gen_owned(long) stage(gen_owned(long) source);

static bool yes(long x) {
    (void)x;
    return true;
}

static bool no(long x) {
    (void)x;
    return false;
}

static long same(long x) {
    return x;
}

static long second(long a, long b) {
    (void)a;
    return b;
}

static void same_at(const long *x, long *y) {
    *y = *x;
}

struct pair {
    long a, b;
};

static void sum_of_pair(const struct pair *pair, long *sum) {
    *sum = pair->a + pair->b;
}

static void b_of_pair(const struct pair *pair, long *b) {
    *b = pair->b;
}

static void first_of_window(const long *const *window, long *first) {
    *first = **window;
}

static void first_of_list(long *const *batch, long *first) {
    *first = (*batch)[0];
}

static void repeat_once(const long *x, gen_owned(long) * result) {
    *result = repeat(*x, 1);
}

generator_over(long, delegates, long, source) {
    yield_from(source);
}

generator_over(long, loops, long, source) {
    for_each (x, source)
        yield(x);
}

/* STAGE(name, expression) defines a function that adds one stage to the chain g. The expression applies a combinator to
   g. */
#define STAGE(name, ...)                                     \
    static gen_owned(long) stage_##name(gen_owned(long) g) { \
        return __VA_ARGS__;                                  \
    }
STAGE(take, take(g, 1000))
STAGE(drop, drop(g, 0))
STAGE(step, step(g, 1))
STAGE(filter, filter(yes, g))
STAGE(take_while, take_while(yes, g))
STAGE(drop_while, drop_while(no, g))
STAGE(map, map(same, g))
STAGE(map_to, map_to(long, same_at, g))
STAGE(accumulate, accumulate_by(second, g))
STAGE(cycle, cycle(g))
STAGE(shuffle, shuffle(g, 1, 5))
STAGE(window, map_to(long, first_of_window, window(g, 1)))
STAGE(batched, map_to(long, first_of_list, batched(g, 1)))
STAGE(flat, flat(map_to(gen_owned(long), repeat_once, g)))
STAGE(chain_first, chain(g, range(0)))
STAGE(chain_last, chain(range(0), g))
STAGE(zip_first, map_to(long, sum_of_pair, zip(struct pair, g, repeat(0L))))
STAGE(enumerate, map_to(long, b_of_pair, enumerate(struct pair, g)))
STAGE(interleave, interleave(g, range(0)))
STAGE(merge, merge(range(0), g))
STAGE(yield_from, delegates(g))
STAGE(for_each, loops(g))
STAGE(prefetch, prefetch(g, 1))
STAGE(parallel_map, parallel_map(same, g, 1))

static gen_owned(long) stage_tee(gen_owned(long) g) {
    gen(long) copies[1];
    if (tee(g, 1, copies))
        ck_abort_msg("no memory");
    return gen_move(copies[0]);
}

/* The most expensive resource that a running stage needs. The values mean memory for its frame, a stack, or a
   thread. */
enum need { FRAMES, A_STACK, A_THREAD };

static const struct row {
    const char *name;
    stage *add;
    enum need need;
} rows[] = {
    {"take", stage_take, FRAMES},
    {"drop", stage_drop, FRAMES},
    {"step", stage_step, FRAMES},
    {"filter", stage_filter, FRAMES},
    {"take_while", stage_take_while, FRAMES},
    {"drop_while", stage_drop_while, FRAMES},
    {"map", stage_map, FRAMES},
    {"map_to", stage_map_to, FRAMES},
    {"accumulate", stage_accumulate, FRAMES},
    {"cycle", stage_cycle, FRAMES},
    {"shuffle", stage_shuffle, FRAMES},
    {"window", stage_window, FRAMES},
    {"batched", stage_batched, FRAMES},
    {"flat", stage_flat, FRAMES},
    {"chain, first", stage_chain_first, FRAMES},
    {"chain, last", stage_chain_last, FRAMES},
    {"zip, first", stage_zip_first, A_STACK},
    {"yield_from", stage_yield_from, FRAMES},
    {"enumerate", stage_enumerate, A_STACK},
    {"interleave", stage_interleave, A_STACK},
    {"merge", stage_merge, A_STACK},
    {"tee", stage_tee, A_STACK},
    {"for_each", stage_for_each, A_STACK},
    {"prefetch", stage_prefetch, A_THREAD},
    {"parallel_map", stage_parallel_map, A_THREAD},
};
enum { ROWS = sizeof rows / sizeof *rows };

static long depth_of(const struct row *row) {
    const char *wanted = getenv("LADE_DEPTH");
    long depth = wanted ? strtol(wanted, NULL, 10) : 20000;
    if (row->need == A_THREAD)
        return depth < 30 ? depth : 30;
    if (wanted)
        return depth;
#ifdef LADE_FORCE_UCONTEXT
    depth = 2000; /* ucontext is slow */
#endif
    if (CHECK_UNDER_TSAN)
        depth = 2000; /* ThreadSanitizer cannot record more nested calls */
    if (check_under_valgrind() || getenv("LADE_EMULATED"))
        depth = 1000;
    return row->need == A_STACK ? depth / 5 : depth;
}

static gen_owned(long) build(const struct row *row) {
    gen(long) g = range(3);
    for (long i = depth_of(row); i > 0; i--)
        g = row->add(gen_move(g));
    return take(gen_move(g), 3); /* without take(), a chain of cycle() would not end */
}

/* ---- Four ways to use a chain ------------------------------------------------------------------------------------ */

static int pulled(const struct row *row) {
    int items = 0;
    struct lade_error err = {0};
    for_each (x, build(row), &err)
        items += x == items;
    return items == 3 && !err.code;
}

static int drained(const struct row *row) {
    struct lade_error err = {0};
    return sum(build(row), &err) == 3 && !err.code;
}

static int closed_half_way(const struct row *row) {
    gen(long) g = build(row);
    const long *item = next(g);
    int ok = item && *item == 0 && (item = next(g)) && *item == 1;
    return ok && gen_close(g) == LADE_OK && gen_free(g) == LADE_OK;
}

static int freed_unstarted(const struct row *row) {
    gen(long) g = build(row);
    return gen_free(g) == LADE_OK;
}

typedef int way(const struct row *row);
static const struct {
    const char *name;
    way *run;
} ways[] = {{"pulled", pulled}, {"drained", drained}, {"closed", closed_half_way}, {"unstarted", freed_unstarted}};

generator(int, inside, way *, run, const struct row *, row)
{ yield(run(row)); }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Tests the chain of one row of the table in all four ways. The test library runs this test in a new process for each
   row. */
START_TEST(a_deep_chain_of) {
    const struct row *row = &rows[_i];
    const char *only = getenv("LADE_ONLY");
    if (only && strcmp(only, row->name) != 0)
        return;
    for (int i = 0; i < 4; i++) {
        double start = now();
        ck_assert_msg(ways[i].run(row), "%s, %s", row->name, ways[i].name);
        gen_auto(int) g = inside(ways[i].run, row);
        const int *ok = next(g);
        ck_assert_msg(ok && *ok, "%s, %s inside of a generator", row->name, ways[i].name);
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        if (getenv("LADE_DEPTH"))
            printf("%-13s %-9s %.2f s, %ld MB\n", row->name, ways[i].name, now() - start, usage.ru_maxrss / 1024);
        lade_release_stacks();
    }
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

/* ---- A deep generator of generators ------------------------------------------------------------------------------ */

generator(gen_owned(long), nested, long, depth)
{ yield(depth ? flat(nested(depth - 1)) : range(3)); }

START_TEST(generators_of_generators) {
    if (getenv("LADE_ONLY"))
        return;
    const long depth = depth_of(&rows[0]);
    ck_assert_int_eq(sum(flat(nested(depth))), 3);
    gen_auto(long) g = flat(nested(depth));
    assert_next(g, 0);
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "depth");
    if (getenv("LADE_DEPTH"))
        tcase_set_timeout(tcase, 1200);
    tcase_add_loop_test(tcase, a_deep_chain_of, 0, ROWS);
    tcase_add_test(tcase, generators_of_generators);
}
