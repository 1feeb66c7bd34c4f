/* Tests of sources, combinators and reducers that are called with C++ functions and lambdas. */
#include "cpp/generators.h"
#include <lade/lade.hpp>

#include "support/check_main.h"

#include <memory>
#include <numeric>
#include <string>
#include <vector>

template <class G> static std::string text_of(G &&g) {
    std::string text;
    for (auto x : g)
        text += std::to_string(x) + " ";
    return text;
}

static long plus_one(long x) {
    return x + 1;
}

START_TEST(functions_have_captures) {
    long limit = 4;
    std::string big(100, 'x'); /* a capture that owns memory */
    auto small = [limit, big](long x) { return x < limit && big.size() == 100; };
    ck_assert(text_of(lade::filter(small, c_count(9))) == "0 1 2 3 ");
    ck_assert(text_of(lade::map([k = std::make_unique<long>(10)](long x) { return x * *k; }, c_count(3))) == "0 10 20 ");
    ck_assert(text_of(lade::map(plus_one, c_count(3))) == "1 2 3 ");
    ck_assert(text_of(lade::take_while(small, c_count(9))) == "0 1 2 3 ");
    ck_assert(text_of(lade::drop_while(small, c_count(7))) == "4 5 6 ");
    ck_assert(text_of(lade::map([](long x) { return static_cast<int>(x) / 2; }, c_count(4))) == "0 0 1 1 ");
    ck_assert(text_of(lade::map(&c_point::y, c_points(3))) == "0 -1 -2 ");
    int seen = 0;
    lade::generator<long> unused = lade::map([&seen, big](long x) { return seen++, x; }, c_count(3));
    ck_assert_int_eq(seen, 0); /* the function is not called before an item is requested */
    lade::sum(unused);
    ck_assert_int_eq(seen, 3);
}
END_TEST

START_TEST(stages_are_composed) {
    auto odd = [](long x) { return x % 2 != 0; };
    auto square = [](long x) { return x * x; };
    const std::string expected = "1 9 25 ";
    ck_assert(text_of(lade::take(lade::map(square, lade::filter(odd, c_count(100))), 3)) == expected);
    ck_assert(text_of(c_count(100) | lade::filter(odd) | lade::map(square) | lade::take(3)) == expected);
    ck_assert(text_of(lade::range(1, 100) | lade::step(2) | lade::map(square) | lade::take(3)) == expected);
    ck_assert(text_of(c_count(9) | lade::drop(7)) == "7 8 ");
    auto tail = lade::drop_while([](long x) { return x < 3; }); /* a stage can be used more than once */
    ck_assert(text_of(c_count(5) | tail) == "3 4 ");
    ck_assert(text_of(c_count(6) | tail | lade::take_while([](long x) { return x < 5; })) == "3 4 ");
    ck_assert(text_of(c_doubled((c_count(5) | tail).release())) == "6 8 -1 "); /* c_doubled() is written in C */
}
END_TEST

START_TEST(owned_sources_are_freed_and_variables_borrowed) {
    int closed = 0;
    auto same = [](long x) { return x; };
    { auto never = lade::map(same, lade::take(c_closing(&closed), 2)); }
    ck_assert(text_of(lade::map(same, c_closing(&closed)) | lade::take(2)) == "0 1 ");
    ck_assert_int_eq(closed, 1);
    lade::generator<long> g = c_closing(&closed);
    ck_assert(text_of(lade::map(same, g) | lade::take(2)) == "0 1 ");
    ck_assert_int_eq(*g.next(), 2);
    lade_gen_auto(long) named = c_closing(&closed);
    ck_assert(text_of(lade::take(named, 2)) == "0 1 ");
    ck_assert_int_eq(*lade_next(named), 2);
    ck_assert(text_of(lade::map(same, std::move(g)) | lade::take(1)) == "3 ");
    ck_assert(!g);
    ck_assert_int_eq(closed, 2);
}
END_TEST

START_TEST(sources_and_joins) {
    std::vector<int> v{1, 2, 3};
    ck_assert(text_of(lade::from(v)) == "1 2 3 ");
    ck_assert(text_of(lade::from(std::vector<double>{.5}) | lade::map([](double x) { return x * 2 > .9; })) == "1 ");
    int fixed[] = {7, 8};
    ck_assert(text_of(lade::chain(lade::from(fixed), lade::repeat(9, 2))) == "7 8 9 9 ");
    ck_assert(text_of(lade::interleave(c_count(2), lade::count_from(5, 5) | lade::take(3))) == "0 5 1 10 15 ");
    ck_assert(text_of(lade::generate([n = 0]() mutable { return n < 3 ? std::optional<int>(n++) : std::nullopt; })) ==
              "0 1 2 ");
    struct row {
        long i;
        double d;
    };
    double total = 0;
    for (row r : lade::zip<row>(c_count(3), lade::map([](long x) { return x * .5; }, lade::count_from())))
        total += static_cast<double>(r.i) * r.d;
    ck_assert_double_eq(total, 2.5);
    for (const long *pair : lade::pairwise(c_count(3)))
        ck_assert_int_eq(pair[1], pair[0] + 1);
    ck_assert(text_of(lade::cycle(c_count(2)) | lade::take(3)) == "0 1 0 ");
    ck_assert_int_eq(lade::sum(lade::shuffle(c_count(10), 4, 1)), 45);
    ck_assert_int_eq(lade::sum(lade::prefetch(c_count(10), 4)), 45);
}
END_TEST

START_TEST(reducers) {
    ck_assert(lade::list(c_count(3)) == (std::vector<long>{0, 1, 2}));
    ck_assert_int_eq(lade::sum(c_count(5)), 10);
    ck_assert_double_eq(lade::sum(lade::map([](long x) { return x * .5f; }, c_count(4))), 3);
    ck_assert_uint_eq(lade::sum(lade::repeat(~0u, 3)), 3ull * ~0u);
    ck_assert_int_eq(lade::sum(lade::repeat(static_cast<signed char>(-100), 3)), -300);
    ck_assert_int_eq(lade::count(c_points(4)), 4);
    ck_assert_int_eq(*lade::min(c_count(4)), 0);
    ck_assert_int_eq(*lade::max(c_count(4)), 3);
    ck_assert(!lade::max(c_count(0)));
    ck_assert_int_eq(lade::reduce([](long a, long b) { return a * b; }, lade::range(1, 6), 1L), 120);
    lade::generator<long> g = c_count(9);
    ck_assert(lade::any_of([](long x) { return x == 3; }, g));
    ck_assert_int_eq(*g.next(), 4);
    ck_assert(!lade::all_of([](long x) { return x < 5; }, c_count(9)));
    ck_assert(lade::all_of([](long x) { return x < 9; }, c_count(9)));
    try {
        lade::sum(lade::repeat(static_cast<long long>(1) << 62, 9));
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_ELIMIT);
    }
    try {
        lade::list(c_failing(2));
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_EIO);
    }
    try {
        for (const char *line : lade::lines("/does/not/exist"))
            ck_abort_msg("%s", line);
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_ENOENT);
        ck_assert_str_eq(e.subject(), "/does/not/exist");
    }
}
END_TEST

static void *refuse(void *, void *p, size_t size) {
    static int left = 3;
    return left-- > 0 ? realloc(p, size) : nullptr;
}

static void release(void *, void *p) {
    free(p);
}

START_TEST(without_memory_a_combinator_throws) {
    const lade_allocator few = {refuse, release, nullptr};
    lade_set_allocator(&few);
    std::vector<lade::generator<long>> made;
    int refused = 0;
    for (int i = 0; i < 6; i++)
        try {
            made.push_back(c_count(1000));
        } catch (const lade::error &e) {
            ck_assert_int_eq(e.status(), LADE_ENOMEM);
            refused++;
        }
    ck_assert_int_eq(made.size(), 3);
    try {
        auto g = lade::map(plus_one, std::move(made[0]));
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_ENOMEM);
    }
    ck_assert(!made[0]);
    made.clear();
    lade_set_allocator(nullptr);
}
END_TEST

struct numbered {
    long n;
    long item;
};
lade_generator_static(lade_gen_owned(long), two_counts)
{
    lade_yield(c_count(2));
    lade_yield(c_count(3));
}
lade_generator_static(const char *, names)
{
    char name[8] = "";
    for (char c : {'b', 'a', 'c'}) {
        name[0] = c;
        lade_yield(static_cast<const char *>(name));
        name[0] = '?';
    }
}

START_TEST(more_combinators) {
    ck_assert(text_of(lade::merge(c_count(3), c_count(2), lade::range(5, 6))) == "0 0 1 1 2 5 ");
    ck_assert(text_of(lade::accumulate(c_count(5))) == "0 1 3 6 10 ");
    ck_assert(text_of(lade::accumulate([](long a, long b) { return a > b ? a : b; }, c_count(3))) == "0 1 2 ");
    ck_assert(text_of(lade::flat(two_counts())) == "0 1 0 1 2 ");
    std::string text;
    for (const std::vector<long> *batch : lade::batched(c_count(5), 2))
        text += std::to_string(batch->size()) + ":" + std::to_string(batch->front()) + " ";
    ck_assert(text == "2:0 2:2 1:4 ");
    for (const numbered &row : lade::enumerate<numbered>(c_count(3), 7))
        ck_assert_int_eq(row.n, row.item + 7);
    auto two = lade::tee(c_count(3), 2);
    ck_assert(text_of(two[0]) == "0 1 2 " && text_of(two[1]) == "0 1 2 ");
    auto some = lade::sample(c_count(100), 5, 1);
    ck_assert_int_eq(some.size(), 5);
    ck_assert_int_eq(lade::sample(c_count(3), 5, 1).size(), 3);
}
END_TEST

START_TEST(strings_are_copied) {
    ck_assert(lade::list(names()) == (std::vector<std::string>{"b", "a", "c"}));
    ck_assert(*lade::min(names()) == "a" && *lade::max(names()) == "c");
    ck_assert(lade::sample(names(), 3, 1).size() == 3);
    ck_assert(lade::list(lade::shuffle(names(), 3, 1)).size() == 3);
    ck_assert(lade::list(lade::accumulate([](const std::string &a, const std::string &b) { return a + b; }, names())) ==
              (std::vector<std::string>{"b", "ba", "bac"}));
    for (const std::vector<std::string> *batch : lade::batched(names(), 3))
        ck_assert(*batch == (std::vector<std::string>{"b", "a", "c"}));
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "combinators");
    tcase_add_test(tcase, functions_have_captures);
    tcase_add_test(tcase, stages_are_composed);
    tcase_add_test(tcase, owned_sources_are_freed_and_variables_borrowed);
    tcase_add_test(tcase, sources_and_joins);
    tcase_add_test(tcase, reducers);
    tcase_add_test(tcase, more_combinators);
    tcase_add_test(tcase, strings_are_copied);
    tcase_add_test(tcase, without_memory_a_combinator_throws);
}
