/* Tests of generators that are written in C and used in C++, by range-for and by lade::generator<T>. */
#include "cpp/generators.h"
#include <lade/lade.hpp>

#include "support/check_main.h"

#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

/* clang before version 16 cannot compile the views of libstdc++. */
#if __cplusplus >= 202002L && (!defined(__clang__) || __clang_major__ >= 16)
#define HAS_VIEWS 1
#include <ranges>
static_assert(std::ranges::input_range<lade::generator<long>>);
#else
#define HAS_VIEWS 0
#endif

static_assert(std::is_nothrow_move_constructible<lade::generator<long>>::value, "handles can be kept in containers");
static_assert(!std::is_copy_constructible<lade::generator<long>>::value, "a generator has one owner");

START_TEST(range_for_reads_an_owned_handle) {
    long sum = 0;
    for (long x : c_count(5))
        sum = 10 * sum + x;
    ck_assert_int_eq(sum, 1234);
    for (const c_point &p : c_points(3))
        ck_assert_int_eq(p.x, -p.y);
}
END_TEST

START_TEST(range_for_closes_an_owned_handle_on_break_and_throw) {
    int closed = 0;
    for (long x : c_closing(&closed))
        if (x == 3)
            break;
    ck_assert_int_eq(closed, 1);
    try {
        for (long x : c_closing(&closed))
            if (x == 3)
                throw x;
        ck_abort();
    } catch (long x) {
        ck_assert_int_eq(x, 3);
    }
    ck_assert_int_eq(closed, 2);
    [&] {
        for (long x : c_closing(&closed))
            if (x)
                return;
    }();
    ck_assert_int_eq(closed, 3);
}
END_TEST

START_TEST(range_for_leaves_a_variable_suspended) {
    int closed = 0;
    {
        lade::generator<long> g = c_closing(&closed);
        for (long x : g)
            if (x == 2)
                break;
        ck_assert_int_eq(closed, 0);
        ck_assert_int_eq(g.state(), LADE_GEN_SUSPENDED);
        ck_assert_int_eq(*g.next(), 3);
        lade_gen_auto(long) named = c_closing(&closed);
        for (long x : named)
            if (x == 2)
                break;
        ck_assert_int_eq(*lade_next(named), 3);
    }
    ck_assert_int_eq(closed, 2);
}
END_TEST

START_TEST(next_returns_an_optional) {
    lade::generator<long> g = c_count(2);
    ck_assert_str_eq(g.name(), "c_count");
    ck_assert_int_eq(g.state(), LADE_GEN_CREATED);
    std::optional<long> first = g.next();
    ck_assert(first && *first == 0);
    long *second = g.next_item();
    ck_assert(second && *second == 1);
    ck_assert(!g.next());
    ck_assert(!g.next()); /* each later call also returns no item */
    ck_assert_int_eq(g.state(), LADE_GEN_DONE);
}
END_TEST

START_TEST(send_throw_close_and_result) {
    lade::generator<long> g = c_echo();
    ck_assert_ptr_null(g.result());
    try {
        g.send(1);
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_ESTATE);
    }
    ck_assert_int_eq(*g.next(), 0);
    ck_assert_int_eq(*g.send(5), 5);
    ck_assert_int_eq(*g.send(6), 11);
    ck_assert(!g.send(-1));
    ck_assert_int_eq(*g.result(), -1);

    lade::generator<long> catching = c_catching();
    ck_assert_int_eq(*catching.next(), 1);
    ck_assert_int_eq(*catching.throw_(LADE_ENOENT, "gone"), LADE_ENOENT);
    try {
        catching.throw_(LADE_EIO, "not caught");
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_EIO);
        ck_assert_str_eq(e.what(), "not caught");
    }
    int closed = 0;
    lade::generator<long> closing = c_closing(&closed);
    closing.next();
    closing.close();
    closing.close();
    ck_assert_int_eq(closed, 1);
    ck_assert(!closing.next());
}
END_TEST

START_TEST(errors_are_exceptions) {
    lade::generator<long> g = c_failing(2);
    long items = 0;
    try {
        for (long x : g)
            items += x + 1;
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_EIO);
        ck_assert_str_eq(e.subject(), "disk");
        ck_assert_str_eq(e.what(), "no space");
        ck_assert_int_eq(e.details().code, LADE_EIO);
    }
    ck_assert_int_eq(items, 3);
    ck_assert(!g.next()); /* the error is thrown once */
    try {
        for (long x : c_failing(0))
            items += x;
        ck_abort();
    } catch (const std::exception &) {
    }
}
END_TEST

START_TEST(handles_move) {
    int closed = 0;
    {
        std::vector<lade::generator<long>> many;
        for (int i = 0; i < 10; i++) {
            many.push_back(c_closing(&closed));
            many.back().next();
        }
        lade::generator<long> g = std::move(many[3]);
        ck_assert(g && !many[3]);
        g = std::move(many[4]); /* frees the generator that g held */
        ck_assert_int_eq(closed, 1);
        try {
            many[3].next();
            ck_abort();
        } catch (const lade::error &e) {
            ck_assert_int_eq(e.status(), LADE_ESTATE);
        }
        lade_gen_auto(long) back = g.release();
        ck_assert_int_eq(*lade_next(back), 1);
        ck_assert(!g);
    }
    ck_assert_int_eq(closed, 10);
}
END_TEST

START_TEST(the_macros_of_c_work) {
    lade_gen(long) g = c_count(5);
    long sum = 0;
    for (long *p; (p = lade_next(g));)
        sum += *p;
    ck_assert_int_eq(sum, 10);
    ck_assert_ptr_null(lade_gen_error(g));
    ck_assert_int_eq(lade_gen_free(g), LADE_OK);
    lade_for_each (x, c_count(3))
        sum += x;
    ck_assert_int_eq(sum, 13);
    lade_error err{};
    lade_for_each (x, c_failing(1), &err)
        sum += x;
    ck_assert_int_eq(err.code, LADE_EIO);
    lade_gen_auto(long) echo = c_echo();
    lade_next(echo);
    ck_assert_int_eq(*lade_gen_send(echo, 3), 3);
    ck_assert_ptr_null(lade_gen_throw(echo, LADE_EIO, "%d", 1));
    ck_assert_int_eq(lade_gen_error(echo)->code, LADE_EIO);
    ck_assert_int_eq(lade_gen_state(echo), LADE_GEN_DONE);
    ck_assert_str_eq(lade_gen_name(echo), "c_echo");
    lade_gen(long) named = lade_gen_stack(c_count(2), 1 << 20);
    ck_assert_ptr_null(lade_gen_result(named));
    ck_assert_ptr_null(lade_gen_delegate(named));
    lade::generator<long> moved = lade_gen_move(named);
    ck_assert_int_eq(lade_gen_close(moved.get()), LADE_OK);
}
END_TEST

#if HAS_VIEWS
START_TEST(views_of_cpp20_work) {
    lade::generator<long> g = c_count(100);
    long sum = 0;
    for (long x : g | std::views::filter([](long v) { return v % 2; }) | std::views::take(3))
        sum = 10 * sum + x;
    ck_assert_int_eq(sum, 135);
}
END_TEST
#endif

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "consumers");
    tcase_add_test(tcase, range_for_reads_an_owned_handle);
    tcase_add_test(tcase, range_for_closes_an_owned_handle_on_break_and_throw);
    tcase_add_test(tcase, range_for_leaves_a_variable_suspended);
    tcase_add_test(tcase, next_returns_an_optional);
    tcase_add_test(tcase, send_throw_close_and_result);
    tcase_add_test(tcase, errors_are_exceptions);
    tcase_add_test(tcase, handles_move);
    tcase_add_test(tcase, the_macros_of_c_work);
#if HAS_VIEWS
    tcase_add_test(tcase, views_of_cpp20_work);
#endif
}
