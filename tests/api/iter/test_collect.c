/* Tests of containers, reducers and comprehensions: their values, ownership, errors and output of print(). */
#include "support/rules.h"

#include <float.h>
#include <math.h>

generator(long, nsquared, long, n)
{
    for (; n; n--)
        yield(n * n);
}
generator(double, decimals)
{
    yield(0.1);
    yield(-2.0);
    yield(1e22);
}
generator(const char *, words)
{
    yield("pear");
    yield("it's");
    yield("fig");
    yield("fig");
}
generator(long, breaks)
{
    yield(1);
    yield(2);
    lade_fail("broken");
}
generator(long, none)
{
    if (0)
        yield(0);
}

/* Compares the output of print(expression) with @expected. */
#define assert_prints(expression, expected)                       \
    do {                                                          \
        char *text_ = NULL;                                       \
        size_t size_ = 0;                                         \
        FILE *f_ = open_memstream(&text_, &size_);                \
        ck_assert_int_eq(lade_print_to(f_, expression), LADE_OK); \
        fclose(f_);                                               \
        ck_assert_str_eq(text_, expected "\n");                   \
        free(text_);                                              \
    } while (0)

START_TEST(printed_as_python_prints_it) {
    assert_prints(list(nsquared(3)), "[9, 4, 1]");
    assert_prints(tuple(nsquared(3)), "(9, 4, 1)");
    assert_prints(tuple(nsquared(1)), "(1,)");
    assert_prints(set(nsquared(3)), "{1, 4, 9}");
    assert_prints(list(none()), "[]");
    assert_prints(tuple(none()), "()");
    assert_prints(set(none()), "set()");
    assert_prints(list(words()), "['pear', \"it's\", 'fig', 'fig']");
    assert_prints(list(decimals()), "[0.1, -2.0, 1e+22]");
    assert_prints(array(nsquared(3)), "[9 4 1]");
    assert_prints(reshape(array(nsquared(4)), 2, 2), "[[16  9]\n [ 4  1]]");
    assert_prints(list_of(bool, i > 1, in(i, 3)), "[False, False, True]");
    assert_prints(7, "7");
    assert_prints(0.5, "0.5");
    assert_prints("text", "text");
    assert_prints(sum(nsquared(3)), "14");
}
END_TEST

START_TEST(containers_are_plain_arrays) {
    list_auto(long) l = list(nsquared(1000));
    ck_assert_int_eq(len(l), 1000);
    for (long i = 0; i < 1000; i++)
        ck_assert_int_eq(l[i], (1000 - i) * (1000 - i));
    ck_assert_int_eq(len(list(nsquared(5))), 5);
    ck_assert_int_eq(len((long *)NULL), 0);
    ck_assert(contains(l, 49));
    ck_assert(!contains(l, 50));
    tuple_auto(const char *) t = tuple(words());
    ck_assert(contains(t, "it's"));
    ck_assert(!contains(t, "its"));
    long *kept = list(nsquared(2));
    assert_prints(kept, "[4, 1]"); /* print() does not free the container of a variable */
    assert_prints(kept, "[4, 1]");
    container_free(kept);
    container_free((long *)NULL);
}
END_TEST

generator(const char *, numerals, int, n)
{ /* the generator stores all strings in the same memory */
    char text[16];
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%d", i);
        yield(text);
    }
}
generator(const char *, breaking_words)
{
    yield("one");
    lade_fail("broken");
}

START_TEST(strings_are_copied) {
    list_auto(const char *) s = strings(numerals(1000));
    ck_assert_int_eq(len(s), 1000);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(atoi(s[i]), i);
    assert_prints(strings(numerals(3)), "['0', '1', '2']");
    assert_prints(strings(numerals(0)), "[]");
    struct lade_error err = {0};
    list_auto(const char *) none_left = strings(breaking_words(), &err);
    ck_assert_ptr_null(none_left);
    ck_assert_str_eq(err.message, "broken");
}
END_TEST

struct age {
    const char *name;
    int years;
};
generator(struct age, ages)
{
    yield((struct age){"Eve", 31});
    yield((struct age){"Ada", 36});
    yield((struct age){"Eve", 32});
}

START_TEST(sets_and_dicts_hold_each_key_once) {
    list_auto(long) s = set(lade_chain(nsquared(4), nsquared(3)));
    ck_assert_int_eq(len(s), 4);
    ck_assert(contains(s, 9) && !contains(s, 8));
    assert_prints(set(words()), "{'fig', \"it's\", 'pear'}");
    list_auto(struct age) d = dict(ages(), name);
    ck_assert_int_eq(len(d), 2);
    ck_assert_int_eq(dict_get(d, name, "Eve")->years, 32);
    ck_assert_int_eq(dict_get(d, name, "Ada")->years, 36);
    ck_assert_ptr_null(dict_get(d, name, "Zoe"));
    static const double odd[] = {NAN, 1, NAN, -1};
    ck_assert_int_eq(len(set(lade_from_array(odd, 4))), 3);
}
END_TEST

START_TEST(reshaping) {
    list_auto(long) a = array(nsquared(12));
    long *m = reshape(a, 3, -1);
    ck_assert_ptr_eq(m, a);
    ck_assert_int_eq(lade_ndim(a), 2);
    ck_assert_int_eq(lade_shape(a)[1], 4);
    ck_assert_ptr_null(reshape(a, 5, 5));
    traced("unhandled(reshape: 12 items do not fit the shape (5, 5)) ");
    ck_assert_ptr_null(reshape(array(nsquared(3)), -1, -1));
    trace_text[0] = '\0';
    ck_assert_int_eq(lade_ndim(a), 2);
}
END_TEST

START_TEST(arrays_become_tensors_without_a_copy) {
    long *a = reshape(array(nsquared(6)), 2, 3);
    struct lade_tensor *t = lade_to_tensor(a);
    ck_assert_ptr_nonnull(t);
    ck_assert_ptr_eq(lade_tensor_data(t), a);
    ck_assert_int_eq(t->dl.ndim, 2);
    ck_assert_int_eq(t->shape[1], 3);
    ck_assert_int_eq(t->dtype, LADE_INT64);
    DLManagedTensor *managed = lade_tensor_to_dlpack(t);
    lade_tensor_unref(t);
    ck_assert_int_eq(((long *)managed->dl_tensor.data)[5], 1);
    managed->deleter(managed);
}
END_TEST

generator(long, extremes)
{
    yield(LONG_MAX);
    yield(LONG_MAX);
    yield(LONG_MIN);
    yield(LONG_MIN);
    yield(5);
}
/* Yields n items, which are alternately LONG_MAX and -LONG_MAX. */
generator(long, seesaw, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i % 2 ? -LONG_MAX : LONG_MAX);
}
generator(unsigned long, huge, int, n)
{
    while (n--)
        yield(ULONG_MAX);
}

START_TEST(sums_are_exact_or_an_error) {
    ck_assert_int_eq(sum(nsquared(1000000)), 333333833333500000);
    ck_assert_int_eq(sum(extremes()), 3);
    ck_assert_int_eq(sum(none()), 0);
    ck_assert_uint_eq(sum(huge(1)), ULONG_MAX);
    struct lade_error err = {0};
    ck_assert_uint_eq(sum(huge(2), &err), 0);
    ck_assert_int_eq(err.code, LADE_ELIMIT);
    err.code = 0;
    ck_assert_int_eq(sum(lade_take(extremes(), 2), &err), 0);
    ck_assert_int_eq(err.code, LADE_ELIMIT);
    double d = sum(decimals());
    ck_assert_double_eq(d, 0.1 + -2.0 + 1e22);
    list_auto(int) minus = list_of(int, -(int)i, in(i, 3000));
    ck_assert_int_eq(sum(lade_from_array(minus, 3000)), -4498500);
    unsigned char bytes[1000];
    memset(bytes, 255, sizeof bytes);
    ck_assert_uint_eq(sum(lade_from_array(bytes, 1000)), 255000);
    /* From 0 items to more items than one window holds (lade/gen.h explains the term window). */
    for (long n = 0; n < 1100; n += n < 20 ? 1 : 97)
        ck_assert_int_eq(sum(seesaw(n)), n % 2 ? LONG_MAX : 0);
    unsigned long ones[600] = {[0] = ULONG_MAX - 599};
    for (int i = 1; i < 600; i++)
        ones[i] = 1;
    ck_assert_uint_eq(sum(lade_from_array(ones, 600)), ULONG_MAX);
}
END_TEST

START_TEST(extremes_counts_and_selections) {
    ck_assert_int_eq(min(nsquared(1000)), 1);
    ck_assert_int_eq(max(nsquared(1000)), 1000000);
    double least = min(decimals());
    ck_assert_double_eq(least, -2.0);
    struct lade_error err = {0};
    ck_assert_int_eq(max(none(), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_int_eq(count(words()), 4);
    ck_assert_int_eq(first(nsquared(5), -1), 25);
    ck_assert_int_eq(first(none(), -1), -1);
    ck_assert_int_eq(nth(nsquared(5), 2, -1), 9);
    ck_assert_int_eq(nth(nsquared(5), 5, -1), -1);
    ck_assert_int_eq(last(nsquared(5), -1), 1);
    ck_assert_int_eq(last(none(), -1), -1);
#define plus(a, b) ((a) + (b))
    ck_assert_int_eq(reduce(plus, nsquared(10), 0L), 385);
}
END_TEST

generator(long, counted, int *, asked, long, n)
{
    for (long i = 0; i < n; i++) {
        ++*asked;
        yield(i);
    }
}

START_TEST(searches_take_no_more_items_than_needed) {
    int asked = 0;
    ck_assert(any(counted(&asked, 100)));
    ck_assert_int_eq(asked, 2);
    asked = 0;
    ck_assert(!all(counted(&asked, 100)));
    ck_assert_int_eq(asked, 1);
    ck_assert(all(nsquared(9)));
    ck_assert(!any(none()));
    ck_assert(all(none()));
    asked = 0;
    gen_auto(long) g = counted(&asked, 100);
    ck_assert(any(g));
    ck_assert_int_eq(asked, 2);
    ck_assert_int_eq(first(g, -1), 2);
    ck_assert_int_eq(nth(g, 1, -1), 4);
    ck_assert_int_eq(sum(g), 4950 - (0 + 1 + 2 + 3 + 4)); /* sum() takes the items after the first five */
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    static const double zeros[] = {0.0, -0.0};
    ck_assert(!any(lade_from_array(zeros, 2)));
}
END_TEST

generator(long, sums_a_broken_one)
{
    yield(sum(breaks()));
    yield(7);
}

START_TEST(errors_of_reducers) {
    struct lade_error err = {0};
    list_auto(long) l = list(breaks(), &err);
    ck_assert_ptr_null(l);
    ck_assert_str_eq(err.message, "broken");
    ck_assert_int_eq(unhandled, 0);
    ck_assert_int_eq(sum(breaks()), 0);
    traced("unhandled(broken) ");
    memset(&err, 0, sizeof err); /* the error of sum() in sums_a_broken_one() ends this body at its next yield */
    ck_assert_int_eq(count(sums_a_broken_one(), &err), 0);
    ck_assert_str_eq(err.message, "broken");
    gen_auto(long) g = sums_a_broken_one();
    ck_assert_ptr_null(next(g));
    ck_assert_str_eq(gen_error(g)->message, "broken");
    ck_assert_int_eq(unhandled, 1);
    gen(long) missing = NULL;
    ck_assert_int_eq(sum(missing, &err), 0);
    ck_assert_int_eq(err.code, LADE_ENOMEM);
}
END_TEST

START_TEST(comprehensions) {
    list_auto(long) l = list_of(long, i *i, in(i, 11) if (i <= 5));
    assert_prints(l, "[0, 1, 4, 9, 16, 25]");
    assert_prints(list_of(long, i <= 5 ? i * i : 1, in(i, 8)), "[0, 1, 4, 9, 16, 25, 1, 1]");
    assert_prints(reshape(array_of(long, i < j ? i * i + j * j : i + j, in(i, 3)in(j, 3)), 3, 3),
                  "[[0 1 4]\n [1 2 5]\n [2 3 4]]");
    assert_prints(tuple_of(double, x / 2.0, each(x, nsquared(2))), "(2.0, 0.5)");
    assert_prints(set_of(long, i % 3, in(i, 10)), "{0, 1, 2}");
    assert_prints(list_of(const char *, w, each(w, words()) if (w[0] == 'f')), "['fig', 'fig']");
    ck_assert_int_eq(sum_of(long, i, in(i, 1, 101)), 5050);
    ck_assert_int_eq(sum_of(long, i, in(i, 0, 10, 3)), 18);
    ck_assert_int_eq(count_of(in(i, 4)in(j, i)), 6);
    ck_assert(any_of(i == 3, in(i, 10)));
    ck_assert(!any_of(i == 3, in(i, 3)));
    ck_assert(all_of(x > 0, each(x, nsquared(3))));
    ck_assert_int_eq(min_of(long, (i - 3) * (i - 3) + 1, in(i, 10), -1), 1);
    ck_assert_int_eq(max_of(long, i, in(i, 0), -1), -1);
    int asked = 0;
    ck_assert(any_of(x == 2, each(x, counted(&asked, 100))));
    ck_assert_int_eq(asked, 3);
}
END_TEST

/* Macros of lade can be nested. The compiler option -Wshadow must give no warning. */
START_TEST(words_within_words) {
    ck_assert_int_eq(sum(take(range(100), sum(range(4)))), 15);
    list_auto(long) l = list(take(range(100), (long)len(list(range(7)))));
    ck_assert_int_eq(len(l), 7);
    ck_assert_int_eq(nth(range(10), first(range(3, 9), -1L), first(range(0), -2L)), 3);
    ck_assert_int_eq(last(range(0), last(range(5), -1L)), 4);
    ck_assert_int_eq(max(take(range(9), min(range(3, 9)))), 2);
    ck_assert_int_eq(reduce(plus, range(5), reduce(plus, range(5), 0L)), 20);
    assert_prints(list_of(long, sum(range(i)), in(i, 5)), "[0, 0, 1, 3, 6]");
    assert_prints(list_of(long, (long)len(list_of(long, j, in(j, 2 * i))), in(i, 3)), "[0, 2, 4]");
    ck_assert_int_eq(sum_of(long, sum_of(long, j, in(j, i)), in(i, 5)), 10);
    ck_assert(all_of(any_of(j == i, in(j, 3)), in(i, 3)));
    ck_assert_int_eq(min_of(long, max_of(long, i *j, in(j, 3), -1L), in(i, 1, 4), -1L), 2);
    ck_assert(contains(set(take(range(9), 5)), first(range(4, 9), -1L)));
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "collect");
    tcase_add_test(tcase, printed_as_python_prints_it);
    tcase_add_test(tcase, containers_are_plain_arrays);
    tcase_add_test(tcase, strings_are_copied);
    tcase_add_test(tcase, sets_and_dicts_hold_each_key_once);
    tcase_add_test(tcase, reshaping);
    tcase_add_test(tcase, arrays_become_tensors_without_a_copy);
    tcase_add_test(tcase, sums_are_exact_or_an_error);
    tcase_add_test(tcase, extremes_counts_and_selections);
    tcase_add_test(tcase, searches_take_no_more_items_than_needed);
    tcase_add_test(tcase, errors_of_reducers);
    tcase_add_test(tcase, comprehensions);
    tcase_add_test(tcase, words_within_words);
}
