/* Tests of generator functions that are written in C++. */
#include "cpp/generators.h"
#include <lade/lade.hpp>

#include "support/check_main.h"

#include <memory>
#include <string>
#include <vector>

#include <lade/short.hpp>

static int alive; /* number of objects of struct counted that exist */

struct counted {
    long value;
    explicit counted(long v = 0) : value(v) {
        alive++;
    }
    counted(const counted &other) : value(other.value) {
        alive++;
    }
    ~counted() {
        alive--;
    }
};

generator(long, cpp_count, long, n) /* declared in C */
{
    for (long i = 0; i < n; i++)
        yield(i);
}

generator_static(long, lengths, std::vector<std::string>, words, counted, argument) {
    counted local;
    for (const std::string &word : words)
        yield(static_cast<long>(word.size()) + argument.value);
}

generator_static(const std::string *, names, std::unique_ptr<long>, n) {
    for (long i = 0; i < *n; i++) {
        std::string name = std::string(40, 'x') + std::to_string(i);
        yield(&name);
    }
}

generator_over_static(long, doubled, long, source) {
    for (long x : source)
        yield(2 * x);
}

generator_static(long, delegating, int, depth) {
    counted local;
    long result = 0;
    if (depth)
        result = yield_from(delegating(depth - 1));
    yield_from(c_count(2));
    yield_from(lade::take(c_count(100), 1));
    gen_return(result + 1);
}

generator_static(long, echo) {
    counted local;
    long total = 0;
    for (long sent; (sent = yield(total)) >= 0;)
        total += sent;
    gen_return(total);
}

namespace inner {
generator(c_point, points) {
    yield(c_point{1, 2});
    c_point last{3, 4};
    yield(last);
}
} // namespace inner

static std::string joined(lade::generator<long> g) {
    std::string text;
    for (long x : g)
        text += std::to_string(x) + " ";
    return text;
}

static void no_object_is_left(void) {
    ck_assert_int_eq(alive, 0);
}

START_TEST(arguments_and_locals_are_destroyed_at_the_end) {
    ck_assert(joined(lengths({"a", "bcd", ""}, counted(10))) == "11 13 10 ");
    no_object_is_left();
    ck_assert_int_eq(lade::sum(lengths({"a", "bcd", ""}, counted(10))), 34); /* drained */
    no_object_is_left();
}
END_TEST

START_TEST(arguments_and_locals_are_destroyed_by_close) {
    {
        lade::generator<long> g = lengths({"a", "b"}, counted(1));
        g.next();
        ck_assert_int_gt(alive, 0);
        g.close();
        no_object_is_left();
    }
    for (long x : lengths({"a", "b"}, counted(1)))
        if (x)
            break;
    no_object_is_left();
    ck_assert_int_eq(*lade::list(lade::take(lengths({"a", "b"}, counted(1)), 1)).begin(), 2);
    no_object_is_left();
}
END_TEST

START_TEST(arguments_are_destroyed_if_the_function_never_starts) {
    { lade::generator<long> g = lengths({"a"}, counted(1)); }
    no_object_is_left();
    { lade::generator<long> g = lade::take(lengths({"a"}, counted(1)), 2); }
    no_object_is_left();
    lade::generator<long> g = lengths({"a"}, counted(1));
    try {
        g.throw_(LADE_EIO, "before the start");
        ck_abort();
    } catch (const lade::error &) {
    }
    no_object_is_left();
}
END_TEST

START_TEST(arguments_may_be_move_only_and_items_pointers) {
    std::string all;
    for (const std::string *name : names(std::make_unique<long>(3)))
        all += name->back();
    ck_assert(all == "012");
}
END_TEST

START_TEST(functions_delegate) {
    ck_assert(joined(delegating(2)) == "0 1 0 0 1 0 0 1 0 ");
    ck_assert_int_eq(lade::count(delegating(100)), 303);
    lade::generator<long> g = delegating(2);
    while (g.next())
        continue;
    ck_assert_int_eq(*g.result(), 3);
    { lade::generator<long> half = delegating(5); half.next(); }
    no_object_is_left();
}
END_TEST

START_TEST(a_source_is_owned) {
    ck_assert(joined(doubled(c_count(3))) == "0 2 4 ");
    ck_assert(joined(doubled(doubled(lade::take(c_count(9), 2)))) == "0 4 ");
    int closed = 0;
    { lade::generator<long> g = doubled(c_closing(&closed)); g.next(); }
    ck_assert_int_eq(closed, 1);
}
END_TEST

START_TEST(values_are_sent) {
    lade::generator<long> g = echo();
    g.next();
    ck_assert_int_eq(*g.send(5), 5);
    ck_assert_int_eq(*g.send(6), 11);
    ck_assert(!g.send(-1));
    ck_assert_int_eq(*g.result(), 11);
    no_object_is_left();
}
END_TEST

START_TEST(c_uses_functions_of_cpp) {
    long sum = 0;
    lade_error err{};
    ck_assert_int_eq(c_sum_status(cpp_count(5), &sum, &err), LADE_OK);
    ck_assert_int_eq(sum, 10);
    ck_assert(joined(c_doubled(cpp_count(3))) == "0 2 4 -1 ");
    long y = 0;
    for (c_point p : inner::points())
        y += p.y;
    ck_assert_int_eq(y, 6);
}
END_TEST

/* ---- The other macros -------------------------------------------------------------------------------------------- */

lade_generator_decl(long, declared, long, n);
lade_generator(long, declared, long, n) {
    yield_from(c_count(n));
}
lade_generator_over(long, plus_ten, long, source) {
    for (long x : source)
        yield(x + 10);
}
lade_generator_over_2(long, both, long, a, long, b, long, more) {
    yield_from(std::move(a));
    yield_from(std::move(b));
    yield(more);
}
lade_generator_over_2_static(long, sums, long, a, long, b) {
    while (std::optional<long> x = a.next())
        if (std::optional<long> y = b.next())
            yield(*x + *y);
}
generator_static(long, failing, bool, copied) {
    yield(1L);
    lade_error details{};
    lade_error_set(&details, LADE_EFORMAT, "copied");
    if (copied)
        lade_fail_with(&details);
    lade_fail("failed with %d", 7);
}
static int cleaned;
static void clean(int *value) {
    cleaned += *value;
}

START_TEST(every_macro_of_gen_h) {
    ck_assert_int_eq(lade::sum(plus_ten(declared(3))), 33);
    ck_assert_int_eq(lade::sum(both(c_count(3), declared(2), 100L)), 104);
    ck_assert_int_eq(lade::sum(sums(c_count(3), declared(3))), 6);
    for (bool copied : {false, true})
        try {
            lade::sum(failing(copied));
            ck_abort();
        } catch (const lade::error &e) {
            ck_assert_int_eq(e.status(), copied ? LADE_EFORMAT : LADE_ERUNTIME);
            ck_assert_str_eq(e.what(), copied ? "copied" : "failed with 7");
        }
    {
        lade_cleanup(clean) int value = 5;
        ck_assert_int_eq(value, 5);
    }
    ck_assert_int_eq(cleaned, 5);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "functions");
    tcase_add_test(tcase, every_macro_of_gen_h);
    tcase_add_test(tcase, arguments_and_locals_are_destroyed_at_the_end);
    tcase_add_test(tcase, arguments_and_locals_are_destroyed_by_close);
    tcase_add_test(tcase, arguments_are_destroyed_if_the_function_never_starts);
    tcase_add_test(tcase, arguments_may_be_move_only_and_items_pointers);
    tcase_add_test(tcase, functions_delegate);
    tcase_add_test(tcase, a_source_is_owned);
    tcase_add_test(tcase, values_are_sent);
    tcase_add_test(tcase, c_uses_functions_of_cpp);
}
