/* Tests of code that the body of a generator may contain: yields in every kind of expression and statement, jumps
   across yields, arrays of variable length, items and arguments of every type, and bodies that call each other. Each
   generator is pulled and drained (lade/gen.h explains both terms). */
#include "support/rules.h"

#include <alloca.h>
#include <complex.h>
#include <setjmp.h>

/* Checks the items of a generator twice: the first generator is pulled, and the second generator is drained. */
#define assert_both(g, expected)                                                                               \
    do {                                                                                                       \
        assert_items(g, expected);                                                                             \
        char text_[512] = "";                                                                                  \
        list_auto(long) l_ = list(g);                                                                          \
        for (size_t i_ = 0; i_ < len(l_); i_++)                                                                \
            snprintf(text_ + strlen(text_), sizeof text_ - strlen(text_), "%s%ld", *text_ ? " " : "", l_[i_]); \
        ck_assert_str_eq(text_, expected);                                                                     \
    } while (0)

/* ---- Expressions ------------------------------------------------------------------------------------------------- */

generator(long, yields_in_yields)
{
    long last = yield(yield(yield(1) + 2) + 3);
    yield(last);
    yield(({
        long a = yield(10);
        a + 11;
    }));
    yield(({
        long total = 0;
        for_each (x, range(9)) {
            if (x == 2)
                break;
            total += yield(20 + x);
        }
        total + 22;
    }));
    int status = try_yield(try_yield(30) + 31);
    yield(status + 32);
}

generator(long, yields_in_operators)
{
    long a = yield(1) ? yield(-1) : yield(2);
    if (yield(a + 3) || yield(4))
        yield(-1);
    if (yield(5) && yield(-1))
        yield(-1);
    long b[2] = {yield(6), yield(7)};
    yield(((void)yield(8), b[0] + b[1] + 9));
}

START_TEST(yields_in_expressions) {
    assert_both(yields_in_yields(), "1 2 3 0 10 11 20 21 22 30 31 32");
    assert_both(yields_in_operators(), "1 2 3 4 5 6 7 8 9");
    gen_auto(long) g = yields_in_yields();
    assert_next(g, 1);
    ck_assert_int_eq(*gen_send(g, 100), 102);
    ck_assert_int_eq(*gen_send(g, 200), 203);
    ck_assert_int_eq(*gen_send(g, 300), 300);
}
END_TEST

/* ---- Statements -------------------------------------------------------------------------------------------------- */

generator(long, yields_in_loops, long, n)
{
    for (long i = ((void)yield(1), 0); (void)yield(2), i < n; (void)yield(3), i++)
        switch (yield(4)) {
        case 0:
            yield(5);
            break;
        default:
            yield(-1);
        }
    while (yield(6))
        yield(-1);
    do
        yield(7);
    while (yield(8));
}

generator(long, jumps_into_a_loop, int, into)
{
    int i = 0;
    if (into)
        goto inside;
    for (; i < 2; i++) {
        yield(1);
    inside:
        yield(2);
    }
    switch (into) {
        do {
        case 0:
            yield(3);
            break;
        case 1:
            yield(4);
        } while (i++ < 3);
    }
    for (;;) {
        for_each (x, range(5)) {
            finally("~");
            for_each (y, range(5)) {
                yield(10 * x + y);
                if (y == 1)
                    goto out; /* closes both generators */
            }
        }
    }
out:
    yield(5);
}

START_TEST(yields_in_statements) {
    assert_both(yields_in_loops(2), "1 2 4 5 3 2 4 5 3 2 6 7 8");
    assert_both(jumps_into_a_loop(0), "1 2 1 2 3 0 1 5");
    traced("~ ~ ");
    assert_both(jumps_into_a_loop(1), "2 1 2 4 3 0 1 5");
    traced("~ ~ ");
}
END_TEST

generator(long, counts_in_a_static)
{
    static long so_far;
    yield(++so_far);
    yield(++so_far);
}

START_TEST(static_variables_are_shared_by_both_versions) {
    assert_items(counts_in_a_static(), "1 2"); /* pulled */
    ck_assert_int_eq(sum(counts_in_a_static()), 3 + 4);
}
END_TEST

/* ---- Arrays of variable length ----------------------------------------------------------------------------------- */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wvla"

generator(long, arrays_of_growing_length, long, n)
{
    for (long i = 1; i <= n; i++) {
        long a[i];
        for (long j = 0; j < i; j++)
            a[j] = j;
        yield(i);
        long total = 0;
        for (long j = 0; j < i; j++)
            total += a[j];
        yield(total);
        char *p = alloca((size_t)(16 * i));
        memset(p, (int)i, (size_t)(16 * i));
        yield(-i);
        yield(p[16 * i - 1]);
    }
}

/* Has an over-aligned variable and an array of variable length. For such a frame, compilers use a third pointer in
   addition to the stack pointer and the frame pointer. */
generator(long, aligned_locals, long, n)
{
    for (long i = 1; i <= n; i++) {
        _Alignas(64) char aligned[64];
        char a[i];
        memset(a, 1, (size_t)i);
        memset(aligned, 2, sizeof aligned);
        yield((long)((uintptr_t)aligned % 64));
        yield(a[i - 1] + aligned[63]);
    }
}

#pragma GCC diagnostic pop

START_TEST(arrays_of_variable_length) {
    assert_both(arrays_of_growing_length(3), "1 0 -1 1 2 1 -2 2 3 3 -3 3");
    assert_both(aligned_locals(3), "0 3 0 3 0 3");
    gen_auto(long) half_way = arrays_of_growing_length(100);
    assert_next(half_way, 1);
}
END_TEST

/* ---- Types ------------------------------------------------------------------------------------------------------- */

typedef long (*function)(long);
enum colour { RED, GREEN };
union number {
    int i;
    float f;
};
struct point {
    int x, y;
};
struct opaque; /* never defined */

static long twice(long x) {
    return 2 * x;
}

generator(function, functions, function, f)
{
    yield(f);
    yield(twice);
    yield(NULL);
}
generator(bool, bools)
{
    yield(true);
    yield(7);
}
generator(signed char, chars)
{ yield(-1); }
generator(enum colour, colours)
{ yield(GREEN); }
generator(float, floats)
{ yield(2.5); }
generator(long double, long_doubles)
{ yield(2.5L); }
generator(double complex, complexes)
{ yield(1.0 + 2.0 * I); }
generator(__int128, wide)
{ yield((__int128)1 << 100); }
generator(union number, unions)
{ yield((union number){.f = 1.5F}); }
generator(struct opaque *, opaques)
{ yield(NULL); }
generator(lade_gen_owned(long), generators)
{ yield(range(3)); }

/* Returns the first item of a generator. The generator must yield exactly one item. */
#define only(T, g)                 \
    ({                             \
        gen_auto(T) g_ = g;        \
        T item_ = *next(g_);       \
        ck_assert(!gen_error(g_)); \
        item_;                     \
    })

START_TEST(items_of_every_type) {
    gen_auto(function) f = functions(labs);
    ck_assert_int_eq((*next(f))(-4), 4);
    ck_assert_int_eq((*next(f))(4), 8);
    ck_assert_int_eq(count(functions(labs)), 3);
    gen_auto(bool) b = bools();
    ck_assert(*next(b));
    ck_assert_int_eq(*next(b), 1); /* the value is converted as in an assignment */
    ck_assert_int_eq(only(signed char, chars()), -1);
    ck_assert_int_eq(only(enum colour, colours()), GREEN);
    ck_assert(only(float, floats()) == 2.5F);
    ck_assert(only(long double, long_doubles()) == 2.5L);
    ck_assert(cimag(only(double complex, complexes())) == 2.0);
    ck_assert(only(__int128, wide()) >> 100 == 1);
    ck_assert(only(union number, unions()).f == 1.5F);
    ck_assert_ptr_null(only(struct opaque *, opaques()));
    assert_both(flat(generators()), "0 1 2");
}
END_TEST

generator(long, eight_arguments, char, a, short, b, int, c, float, d, double, e, struct point, f, const char *, g,
          function, h)
{
    yield(a + b + c);
    yield((long)(d + e));
    yield(f.x + f.y);
    yield(h(g[0]));
}

START_TEST(arguments_of_every_type) {
    assert_both(eight_arguments(1, 2, 3, 4.5F, 5.5, (struct point){6, 7}, "a", twice), "6 10 13 194");
}
END_TEST

struct large {
    char bytes[100 * 1024];
};

generator(struct large, large_items, int, n)
{
    static struct large item;
    for (int i = 0; i < n; i++) {
        memset(item.bytes, i, sizeof item.bytes);
        yield(item);
    }
}

START_TEST(large_items_on_a_large_stack) {
    gen_auto(struct large) g = lade_gen_stack(large_items(3), 1 << 20);
    int n = 0;
    for (struct large *p; (p = next(g)); n++)
        ck_assert(p->bytes[0] == n && p->bytes[sizeof p->bytes - 1] == n);
    ck_assert_int_eq(n, 3);
    list_auto(struct large) l = list(large_items(3));
    ck_assert_int_eq(l[2].bytes[77], 2);
    ck_assert_int_eq(count(take(lade_gen_stack(large_items(3), 1 << 20), 2)), 2);
}
END_TEST

/* ---- Bodies that call each other, and functions that jump -------------------------------------------------------- */

generator_decl(long, odd_steps, long, n);

generator(long, even_steps, long, n)
{
    yield(n);
    if (n)
        yield_from(odd_steps(n - 1));
}

generator(long, odd_steps, long, n)
{
    if (n)
        yield_from(even_steps(n - 1));
    yield(-n);
}

/* Nests generators without delegation. The generator of each level requests the items of the next level with next(), so
   each level has its own stack. */
generator(long, nested_pulls, long, depth)
{
    if (!depth)
        yield(0);
    gen_auto(long) below = depth ? nested_pulls(depth - 1) : range(1, 3);
    for (long *p; (p = next(below));)
        yield(*p + 1);
}

static long jumps(long n) {
    jmp_buf buf;
    volatile long k = n;
    if (setjmp(buf))
        return k;
    k++;
    longjmp(buf, 1);
}

generator(long, calls_what_jumps)
{
    for (long i = 0; i < 3; i++)
        yield(jumps(i));
}

START_TEST(bodies_that_call_each_other) {
    assert_both(even_steps(4), "4 2 0 -1 -3");
    assert_both(nested_pulls(50), "50 52 53");
    assert_both(calls_what_jumps(), "1 2 3");
}
END_TEST

/* ---- A generator that uses itself -------------------------------------------------------------------------------- */

static lade_gen(long) self;

generator(long, uses_itself)
{
    struct lade_error err = {0};
    yield(gen_close(self));
    yield(gen_free(self)); /* gen_free() also passes the error to the hook for unhandled errors */
    ck_assert_int_eq(lade_sum(self, &err), 0);
    yield(err.code);
    err.code = 0;
    for_each (x, self, &err)
        yield(1000);
    yield(err.code);
}

generator(long, delegates_to_itself)
{
    finally("~");
    yield(1);
    yield_from(self);
    yield(2);
}

START_TEST(a_generator_that_uses_itself) {
    self = uses_itself();
    assert_items(self, "-3 -3 -3 -3"); /* each use fails with LADE_ESTATE (-3), and the generator continues */
    gen_free(self);
    self = delegates_to_itself();
    assert_next(self, 1);
    ck_assert_ptr_null(next(self));
    ck_assert_int_eq(gen_error(self)->code, LADE_ESTATE);
    gen_free(self);
    struct lade_error err = {0};
    self = delegates_to_itself();
    ck_assert_int_eq(lade_sum(self, &err), 0);
    ck_assert_int_eq(err.code, LADE_ESTATE);
    gen_free(self);
    traced("unhandled(generator already executing: uses_itself) ~ ~ ");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "bodies");
    tcase_add_test(tcase, yields_in_expressions);
    tcase_add_test(tcase, yields_in_statements);
    tcase_add_test(tcase, static_variables_are_shared_by_both_versions);
    tcase_add_test(tcase, arrays_of_variable_length);
    tcase_add_test(tcase, items_of_every_type);
    tcase_add_test(tcase, arguments_of_every_type);
    tcase_add_test(tcase, large_items_on_a_large_stack);
    tcase_add_test(tcase, bodies_that_call_each_other);
    tcase_add_test(tcase, a_generator_that_uses_itself);
}
