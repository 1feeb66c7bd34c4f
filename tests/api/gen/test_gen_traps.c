/* Tests of cases in which a library of generators could easily have bugs: the lifetime of items, consumers that stop
 * early, items before an error, the depth of delegation, ownership, and generators in every kind of expression. */
#include "support/rules.h"

/* ---- A body that yields its own buffer --------------------------------------------------------------------------- */

generator(const char *, words_in_a_buffer, const char *, text)
{
    char buf[16];
    for (; *text; text++) {
        snprintf(buf, sizeof buf, "<%c>", *text);
        yield(buf);
    }
}

struct record {
    char name[16];
    int number;
};

generator(struct record *, records_in_place, int, n)
{
    struct record r = {.name = "r"};
    for (r.number = 0; r.number < n; r.number++)
        yield(&r);
}

static size_t add_length(size_t so_far, const char *word) {
    trace("%s", word);
    return so_far + strlen(word);
}

static int add_number(int so_far, const struct record *r) {
    return 10 * so_far + r->number;
}

static bool is_b(const char *word) {
    return word[1] == 'b';
}

static long code_of(const char *word) {
    return word[1];
}

START_TEST(a_reducer_reads_each_item_in_the_memory_of_the_body) {
    ck_assert_int_eq(lade_reduce(add_length, words_in_a_buffer("abc"), (size_t)0), 9);
    traced("<a><b><c>");
    ck_assert_int_eq(lade_reduce(add_number, records_in_place(5), 0), 1234);
    ck_assert_int_eq(count(words_in_a_buffer("abcd")), 4);
    ck_assert(all(words_in_a_buffer("abc")));
}
END_TEST

START_TEST(a_chain_of_combinators_passes_the_same_memory) {
    list_auto(long) codes = list(map(code_of, words_in_a_buffer("abc")));
    ck_assert_int_eq(len(codes), 3);
    ck_assert_int_eq(codes[0], 'a');
    ck_assert_int_eq(codes[2], 'c');
    ck_assert_int_eq(count(filter(is_b, words_in_a_buffer("abcb"))), 2);
    ck_assert_int_eq(sum(map(code_of, take(words_in_a_buffer("abcb"), 2))), 'a' + 'b');
    ck_assert_int_eq(sum(map(code_of, chain(words_in_a_buffer("a"), words_in_a_buffer("bc")))), 'a' + 'b' + 'c');
    for_each (word, drop(words_in_a_buffer("abc"), 1))
        trace("%s", word);
    traced("<b><c>");
    list_auto(const char *) copies = lade_strings(words_in_a_buffer("abc"));
    ck_assert_str_eq(copies[0], "<a>");
    ck_assert_str_eq(copies[2], "<c>");
}
END_TEST

/* Yields the same variable each time. A list must contain copies of the structs. */
generator(struct record, records_by_value, int, n)
{
    struct record r = {.name = "r"};
    for (r.number = 0; r.number < n; r.number++)
        yield(r);
}

START_TEST(a_list_of_structs_holds_copies) {
    list_auto(struct record) l = list(records_by_value(100));
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(l[i].number, i);
}
END_TEST

/* ---- Consumers that stop early ----------------------------------------------------------------------------------- */

generator(long, counted, long *, made, long, n)
{
    finally("~counted");
    for (long i = 0; i < n; i++) {
        ++*made;
        yield(i);
    }
}

START_TEST(a_consumer_that_stops_early_takes_no_further_item) {
    long made = 0;
    ck_assert(any(counted(&made, 100)));
    ck_assert_int_eq(made, 2); /* the items 0 and 1 */
    made = 0;
    ck_assert(!all(counted(&made, 100)));
    ck_assert_int_eq(made, 1);
    made = 0;
    ck_assert_int_eq(lade_nth(counted(&made, 100), 5, -1L), 5);
    ck_assert_int_eq(made, 6);
    made = 0;
    ck_assert_int_eq(sum(take(counted(&made, 100), 10)), 45);
    ck_assert_int_eq(made, 10);
    made = 0;
    for_each (x, counted(&made, 100))
        if (x == 3)
            break;
    ck_assert_int_eq(made, 4);
    traced("~counted ~counted ~counted ~counted ~counted ");
}
END_TEST

START_TEST(a_named_source_continues_after_such_a_consumer) {
    long made = 0;
    gen_auto(long) g = counted(&made, 100);
    ck_assert(any(g)); /* takes the items 0 and 1 */
    ck_assert_int_eq(made, 2);
    list_auto(long) l = list(take(g, 3)); /* takes the items 2, 3 and 4 */
    ck_assert_int_eq(l[0], 2);
    ck_assert_int_eq(made, 5);
    ck_assert_int_eq(lade_first(g, -1L), 5);
    for_each (x, take(g, 2))
        trace("%ld ", x);
    assert_next(g, 8);
    ck_assert_int_eq(made, 9);
    traced("6 7 ");
    ck_assert_int_eq(gen_state(g), LADE_GEN_SUSPENDED);
}
END_TEST

/* ---- An error after items ---------------------------------------------------------------------------------------- */

generator(long, breaks_after, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
    lade_fail_status(LADE_EIO, "broken after %ld", n);
}

static void assert_broken(const struct lade_error *err, long n) {
    char words[32];
    snprintf(words, sizeof words, "broken after %ld", n);
    ck_assert_int_eq(err->code, LADE_EIO);
    ck_assert_str_eq(err->message, words);
}

START_TEST(items_before_an_error_are_delivered) {
    /* From 0 items to more items than the largest window holds (lade/gen.h explains the term window). */
    const long sizes[] = {0, 1, 3, 100, 1000};
    for (int i = 0; i < 5; i++) {
        const long n = sizes[i];
        long seen = 0;
        struct lade_error err = {0};
        for_each (x, breaks_after(n), &err)
            seen += x == seen;
        ck_assert_int_eq(seen, n);
        assert_broken(&err, n);

        err.code = 0, seen = 0;
        for_each (x, take(breaks_after(n), 2000), &err)
            seen += x == seen;
        ck_assert_int_eq(seen, n);
        assert_broken(&err, n);

        err.code = 0, seen = 0;
        for_each (x, lade_map(labs, breaks_after(n)), &err)
            seen += x == seen;
        ck_assert_int_eq(seen, n);
        assert_broken(&err, n);

        err.code = 0;
        ck_assert_int_eq(lade_sum(breaks_after(n), &err), 0); /* the result is not a partial sum */
        assert_broken(&err, n);
        err.code = 0;
        ck_assert_ptr_null(lade_list(take(breaks_after(n), 2000), &err));
        assert_broken(&err, n);
        err.code = 0;
        ck_assert_int_eq(lade_count(take(breaks_after(n), n), &err), n); /* take() stops before the error */
        ck_assert_int_eq(err.code, LADE_OK);
    }
}
END_TEST

generator(long, delegates_to_broken, long, n)
{
    yield(-1);
    yield_from(breaks_after(n));
    trace("not here ");
}

START_TEST(items_before_an_error_of_a_delegate_are_delivered) {
    long seen = 0;
    struct lade_error err = {0};
    for_each (x, delegates_to_broken(600), &err)
        seen += x == seen - 1;
    ck_assert_int_eq(seen, 601);
    assert_broken(&err, 600);
    ck_assert_int_eq(lade_sum(delegates_to_broken(600), &err), 0);
    assert_broken(&err, 600);
    traced("");
}
END_TEST

/* ---- Depth ------------------------------------------------------------------------------------------------------- */

struct node {
    struct node *left, *right;
    long label;
};

generator(long, inorder, const struct node *, t)
{
    if (t) {
        yield_from(inorder(t->left));
        yield(t->label);
        yield_from(inorder(t->right));
    }
}

static struct node *list_shaped(long n, int to_the_left) {
    struct node *nodes = calloc((size_t)n, sizeof *nodes);
    ck_assert_ptr_nonnull(nodes);
    for (long i = 0; i < n; i++) {
        nodes[i].label = to_the_left ? n - 1 - i : i;
        if (i + 1 < n && to_the_left)
            nodes[i].left = &nodes[i + 1];
        else if (i + 1 < n)
            nodes[i].right = &nodes[i + 1];
    }
    return nodes;
}

static void walk(long n, int to_the_left) {
    struct node *nodes = list_shaped(n, to_the_left);
    long expected = 0;
    for_each (x, inorder(nodes))
        expected += x == expected;
    ck_assert_int_eq(expected, n);
    ck_assert_int_eq(sum(inorder(nodes)), n * (n - 1) / 2);
    gen_auto(long) left_half_way = inorder(nodes); /* the end of the scope closes all bodies on all stacks */
    for (expected = 0; expected < n / 2 && *next(left_half_way) == expected;)
        expected++;
    ck_assert_int_eq(expected, n / 2);
    gen_close(left_half_way);
    free(nodes);
}

START_TEST(a_thousand_levels_on_the_smallest_stack) {
    ck_assert_int_eq(lade_set_stack_size(32 * 1024), LADE_OK);
    walk(1000, 0);
    walk(1000, 1);
    ck_assert_int_eq(lade_set_stack_size(64 * 1024), LADE_OK);
    walk(1000, 0);
    walk(1000, 1);
}
END_TEST

/* Some builds use fewer levels. The call stack of ThreadSanitizer has 65,536 frames. Valgrind searches a list of stacks
   at each stack switch. Emulators and the portable stack switch are slow. */
START_TEST(a_million_levels) {
#ifdef LADE__SANITIZED
    long n = 5000;
#elif defined(LADE_FORCE_UCONTEXT)
    long n = 100000;
#else
    long n = check_under_valgrind() || getenv("LADE_EMULATED") ? 5000 : 1000000;
#endif
    walk(n, 0);
    lade_release_stacks();
    walk(n / 10, 1);
}
END_TEST

/* ---- Two bodies in one zip --------------------------------------------------------------------------------------- */

struct pair {
    long a, b;
};

START_TEST(two_generators_without_stacks_in_one_zip) {
    long left = 0, right = 0, n = 0;
    for_each (p, zip(struct pair, counted(&left, 5), counted(&right, 3))) {
        ck_assert_int_eq(p.a, p.b);
        ck_assert_int_eq(p.a, n++);
    }
    ck_assert_int_eq(n, 3);
    /* For each struct, zip requests the item of the first source before the item of the second source. */
    ck_assert_int_eq(left, 4);
    ck_assert_int_eq(right, 3);
    traced("~counted ~counted ");
    list_auto(struct pair) l = list(zip(struct pair, inorder(NULL), counted(&left, 3)));
    ck_assert_int_eq(len(l), 0);
    traced(""); /* the second source was never started, because the first source has no items */
    ck_assert_int_eq(count(zip(struct pair, range(1000), range(1000))), 1000);
    gen_auto(struct pair) nested = zip(struct pair, map(labs, drop(counted(&left, 9), 2)), step(counted(&right, 9), 3));
    struct pair *p = next(nested);
    ck_assert_int_eq(p->a, 2);
    p = next(nested);
    ck_assert_int_eq(p->b, 3);
    gen_close(nested);
    traced("~counted ~counted ");
}
END_TEST

/* ---- A delegate that another consumer uses ----------------------------------------------------------------------- */

generator(long, delegates, lade_gen(long), g)
{
    finally("~outer");
    yield_from(g);
}

/* @inner is the delegate of a suspended generator. Checks that the state of @inner can be read, and that every other
   use of @inner is an error and does not change @inner. */
static void touch(lade_gen(long) inner) {
    struct lade_error err = {0};
    ck_assert_int_eq(gen_state(inner), LADE_GEN_DELEGATED);
    ck_assert_ptr_null(next(inner));
    ck_assert_int_eq(gen_error(inner)->code, LADE_ESTATE);
    ck_assert_ptr_null(gen_send(inner, 1));
    ck_assert_int_eq(gen_error(inner)->code, LADE_ESTATE);
    ck_assert_ptr_null(gen_throw(inner, LADE_EIO, "x"));
    ck_assert_int_eq(gen_error(inner)->code, LADE_ESTATE);
    ck_assert_int_eq(gen_close(inner), LADE_ESTATE);
    ck_assert_int_eq(gen_free(inner), LADE_ESTATE);
    for_each (x, inner, &err)
        ck_abort_msg("the loop must have no items, but got %ld", x);
    ck_assert_int_eq(err.code, LADE_ESTATE);
    err.code = 0;
    ck_assert_int_eq(lade_sum(inner, &err), 0);
    ck_assert_int_eq(err.code, LADE_ESTATE);
    err.code = 0;
    ck_assert_int_eq(lade_sum(take(inner, 3), &err), 0);
    ck_assert_int_eq(err.code, LADE_ESTATE);
    err.code = 0;
    ck_assert_int_eq(lade_sum(delegates(inner), &err), 0); /* a second generator cannot delegate to it, either */
    ck_assert_int_eq(err.code, LADE_ESTATE);
    ck_assert_int_eq(gen_state(inner), LADE_GEN_DELEGATED);
}

START_TEST(another_consumer_cannot_use_a_delegate) {
    long made = 0;
    for (int begun = 0; begun < 2; begun++) {
        gen_auto(long) inner = counted(&made, 4);
        if (begun)
            assert_next(inner, 0);
        gen_auto(long) outer = delegates(inner);
        assert_next(outer, begun);
        touch(inner);
        assert_next(outer, begun + 1);
        touch(inner);
        trace_text[0] = '\0';
        gen_close(outer);
        traced("~counted ~outer ");
        ck_assert_int_eq(gen_state(inner), LADE_GEN_DONE);
        assert_ended(inner);
    }
}
END_TEST

/* ---- Expressions that for_each accepts as a generator ------------------------------------------------------------ */

struct holder {
    lade_gen(long) g;
    struct {
        lade_gen(long) list[2];
    } more;
};

static lade_gen_owned(long) up_to(long n) {
    return lade_range(n);
}

static lade_gen(long) borrowed(struct holder *h) {
    return h->g;
}

static int evaluated;
static struct holder *once(struct holder *h) {
    evaluated++;
    return h;
}

#define assert_loop(g, expected) \
    do {                         \
        for_each (x_, g)         \
            trace("%ld ", x_);   \
        traced(expected);        \
    } while (0)

START_TEST(for_each_over_handles_of_every_kind) {
    struct holder h = {.g = lade_range(3), .more.list = {lade_range(2), lade_range(4)}};
    struct holder *p = &h;
    lade_gen(long) array[] = {lade_range(1), lade_range(2)};
    assert_loop(up_to(2), "0 1 ");        /* a call that returns an owned generator */
    assert_loop(lade_range(3), "0 1 2 "); /* a macro that returns an owned generator */
    assert_loop(borrowed(&h), "0 1 2 ");  /* a call that returns a named generator */
    assert_loop(h.g, "");                 /* the generator has ended */
    assert_loop(p->more.list[0], "0 1 ");
    assert_loop(once(p)->more.list[1], "0 1 2 3 ");
    ck_assert_int_eq(evaluated, 1);
    for (int i = 0; i < 2; i++)
        assert_loop(array[i], i ? "0 1 " : "0 ");
    for (int i = 0; i < 2; i++) {
        assert_loop(i ? up_to(1) : up_to(2), i ? "0 " : "0 1 "); /* owned generators, which the loop frees */
        lade_gen(long) one = lade_range(2), two = lade_range(1);
        assert_loop(i ? one : two, i ? "0 1 " : "0 "); /* named generators, which the loop borrows */
        gen_free(one);
        gen_free(two);
    }
    gen_free(h.g);
    gen_free(h.more.list[0]);
    gen_free(h.more.list[1]);
    gen_free(array[0]);
    gen_free(array[1]);
    assert_loop((lade_gen(long))NULL, "unhandled(out of memory: the generator could not be made) ");
}
END_TEST

START_TEST(for_each_in_for_each_and_in_bare_statements) {
    long total = 0;
    for_each (a, up_to(3))
        for_each (b, up_to(a))
            for_each (c, up_to(b + 1))
                total += 100 * a + 10 * b + c;
    ck_assert_int_eq(total, 100 + 200 + 210 + 211);
    if (total)
        for_each (x, up_to(2))
            total += x;
    else
        total = 0;
    for_each (x, up_to(5)) {
        if (x == 1)
            continue;
        if (x == 3)
            break;
        total += x;
    }
    ck_assert_int_eq(total, 721 + 1 + 2);
}
END_TEST

/* ---- Static ------------------------------------------------------------------------------------------------------ */

generator_static(long, only_here, long, n)
{
    for (long i = 0; i < n; i++)
        yield(-i);
}

generator_static(long, never_used)
{ yield(1); }

static lade_gen(long) held_for_ever;

static long next_number(void) {
    static lade_gen(long) numbers;
    if (!numbers)
        held_for_ever = numbers = up_to(1000000);
    return *next(numbers);
}

START_TEST(static_generators_and_static_handles) {
    assert_items(only_here(3), "0 -1 -2");
    for (long i = 0; i < 10; i++)
        ck_assert_int_eq(next_number(), i);
    gen_free(held_for_ever);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "traps");
    tcase_add_test(tcase, a_reducer_reads_each_item_in_the_memory_of_the_body);
    tcase_add_test(tcase, a_chain_of_combinators_passes_the_same_memory);
    tcase_add_test(tcase, a_list_of_structs_holds_copies);
    tcase_add_test(tcase, a_consumer_that_stops_early_takes_no_further_item);
    tcase_add_test(tcase, a_named_source_continues_after_such_a_consumer);
    tcase_add_test(tcase, items_before_an_error_are_delivered);
    tcase_add_test(tcase, items_before_an_error_of_a_delegate_are_delivered);
    tcase_add_test(tcase, a_thousand_levels_on_the_smallest_stack);
    tcase_add_test(tcase, a_million_levels);
    tcase_add_test(tcase, two_generators_without_stacks_in_one_zip);
    tcase_add_test(tcase, another_consumer_cannot_use_a_delegate);
    tcase_add_test(tcase, for_each_over_handles_of_every_kind);
    tcase_add_test(tcase, for_each_in_for_each_and_in_bare_statements);
    tcase_add_test(tcase, static_generators_and_static_handles);
}
