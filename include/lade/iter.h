/*
 * lade/iter.h - sources, and combinators that make a generator from other generators, as in Python's itertools. The
 * description of a macro may end with the name of the Python function that does the same.
 *
 *     static bool is_odd(long x) { return x % 2; }
 *
 *     lade_for_each (x, lade_take(lade_filter(is_odd, fib()), 5))
 *         printf("%ld\n", x);
 *
 * All sources and combinators are lazy: a source runs only when the consumer requests an item. Sources and combinators
 * are also typed: for a lade_gen(T), lade_take() returns a lade_gen_owned(T). gen.h explains the terms owned, named,
 * pulled and drained. A combinator closes and frees an owned source, even if the combinator itself is freed before it
 * starts. A named source is borrowed: it must outlive the combinator, and the caller can use it afterwards. If there is
 * no memory, a call of a combinator frees its owned sources and returns NULL. Every consumer treats NULL as a generator
 * that ended with LADE_ENOMEM. An error of a source becomes the error of the combinator.
 *
 * Cost. A combinator can be the source of another combinator. A row of such combinators is called a chain. If each
 * combinator of a chain has one source, each combinator costs a few function calls for each item. Such a chain needs
 * one stack if it is pulled by lade_next(), and no stack if it is drained. lade_merge(), lade_interleave() and
 * lade_tee() need a stack for each source. lade_zip() needs a stack for each source except the first.
 *
 * Strings. An item of type const char * is valid until the next item is requested, because a generator may use the
 * memory of the string again. Some combinators keep items for later: lade_cycle(), lade_shuffle(), lade_window(),
 * lade_tee(), lade_prefetch(), lade_parallel_map() and lade_accumulate_by(). These combinators copy the strings, and
 * also the strings of struct lade_line and struct lade_dir_entry. The containers and reducers of collect.h also copy
 * such strings. Items of type char *, other pointers, and pointers inside of your own structs are not copied: the
 * objects to which they point must be valid for as long as they are used.
 *
 * A function that is passed to a combinator takes a number or a string by value. The types of numbers and strings are
 * bool, char, short, int, long, long long, signed and unsigned, float, double, long double, const char *, char *. The
 * parameter of the function has exactly the item type of the generator. Items of other types (structs, other pointers,
 * __int128, _Complex) are passed as a `const T *`. The functions have no context argument. If you need a context, use
 * the functions of itertools.h whose names end with _with, a generator expression (lade_genexpr()) or a generator
 * function. If the function has another type, the compiler reports an error.
 *
 * Compound literals. In C a compound literal, for example (long[]){1, 2}, exists until the end of the enclosing block,
 * and each macro of this header contains a block. lade_from_array(), lade_from_string() and the contexts of itertools.h
 * copy a compound literal. If a call of your own generator function is an argument of such a macro, do not pass the
 * address of a compound literal to this function. A compound literal that contains commas needs parentheses:
 * lade_from_array(((long[]){1, 2})).
 *
 * <lade/short_iter.h> defines the same macros without the prefix lade_.
 *
 * C++. The macros of this header are C only. <lade/lade.hpp> has functions with the same names in the namespace lade,
 * to which lambdas can be passed. lade_lines() and lade_dir() are functions and work in both languages.
 */
#ifndef LADE_ITER_H
#define LADE_ITER_H

#pragma GCC system_header /* see gen_runtime.h */

#include <stdbool.h>

#include <lade/gen.h>
#include <lade/detail/iter_join.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Sources ----------------------------------------------------------------------------------------------------- */

/*
 * lade_range(n), lade_range(a, b), lade_range(a, b, step) - yields the long items a (default 0), a + step (default 1),
 *     ... up to but not including b, as Python's range(). step may be negative. If step is 0, the error is LADE_EINVAL.
 * lade_count_from(start, step) - yields the long items start, start + step, ... without end. itertools.count.
 */
#define lade_range(...)              LADE__CAT(LADE__RANGE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_count_from(start, step) lade__count_from(start, step)

/*
 * lade_repeat(v), lade_repeat(v, n) - yields v without end, or n times. The items have the type of v. itertools.repeat.
 * lade_from_array(p, n) - yields the n items at p. The array must outlive the generator, but a compound literal is
 *                         copied.
 * lade_from_array(a)    - yields all items of a, which is an array of known size. If a is a pointer, the compiler
 *                         reports an error.
 * lade_from_string(s)   - yields the bytes of the string s as char. The string must outlive the generator, but a
 *                         compound literal is copied.
 */
#define lade_repeat(...)     LADE__CAT(LADE__REPEAT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_from_array(...) LADE__CAT(LADE__FROM_ARRAY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_from_string(s)  lade__from_text(s, LADE__HAS_LITERAL(s))

/*
 * lade_lines(path)  - yields the lines of a file as const char *, without the line feed. A line is valid until the next
 *                     line is requested. The path "-" means standard input. [l.rstrip('\n') for l in open(path)].
 * lade_lines_of(f)  - yields the lines of an open stream. The stream must outlive the generator, which does not close
 *                     it.
 *
 * If the file cannot be opened or read, the generator fails; the subject of the error is @path, or "the stream" for
 * lade_lines_of(). If a line contains a NUL byte, the generator fails with LADE_EINVAL, because the string would end at
 * this byte.
 */
LADE_MUST_CHECK LADE_API lade_gen_owned(const char *) lade_lines(const char *path);
LADE_MUST_CHECK LADE_API lade_gen_owned(const char *) lade_lines_of(FILE *f);

/*
 * A line of a file without its line feed. A NUL byte follows the text, and the text may contain more NUL bytes.
 */
struct lade_line {
    const char *text;
    size_t length; /* without the last NUL byte */
};

/*
 * lade_sized_lines(path), lade_sized_lines_of(f) - yield the same lines as lade_lines() and lade_lines_of(), with their
 *                                                  lengths. A line may contain NUL bytes.
 */
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_line) lade_sized_lines(const char *path);
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_line) lade_sized_lines_of(FILE *f);

/*
 * An entry of a directory. The name is valid until the next entry is requested.
 */
struct lade_dir_entry {
    const char *name;
    bool is_dir, is_file, is_link; /* is_link is true for a symbolic link; then is_dir and is_file are false */
    unsigned char reserved[21];    /* zero; see lade/base/attributes.h */
};

/*
 * lade_dir(path) - yields the entries of a directory except "." and "..", in no particular order. os.scandir.
 *
 * If the directory cannot be opened or read, the generator fails; the subject of the error is @path.
 */
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_dir_entry) lade_dir(const char *path);

/* ---- One source -------------------------------------------------------------------------------------------------- */

/*
 * lade_take(g, n) - yields the first n items, or all items if g has fewer than n. itertools.islice(g, n).
 * lade_drop(g, n) - yields all items except the first n. islice(g, n, None).
 * lade_step(g, n) - yields the first item, and then every nth item. islice(g, 0, None, n). If n < 1, the error is
 *                   LADE_EINVAL.
 *
 * lade_take() never requests item n + 1, so a named g can be used for the items after the nth.
 */
#define lade_take(g, n) LADE__LINEAR(g, lade__take, lade__if_item(n))
#define lade_drop(g, n) LADE__LINEAR(g, lade__drop_items, lade__if_item(n))
#define lade_step(g, n) LADE__LINEAR(g, lade__step, lade__if_item(n))

/*
 * lade_filter(f, g)     - yields each item for which f(item), a bool or int, is true. filter().
 * lade_take_while(f, g) - yields items until f(item) is false. The item for which f is false is lost.
 *                         itertools.takewhile.
 * lade_drop_while(f, g) - skips items until f(item) is false. Yields this item and all later items.
 *                         itertools.dropwhile.
 */
#define lade_filter(f, g)     LADE__FILTERED(lade__filter, f, g)
#define lade_take_while(f, g) LADE__FILTERED(lade__take_while, f, g)
#define lade_drop_while(f, g) LADE__FILTERED(lade__drop_while, f, g)

/*
 * lade_map(f, g)           - yields f(item) for each item. f returns a number or a string. map().
 * lade_map_to(U, f, g)     - yields an item of type U for each item. f has the type void f(const T *item, U *result)
 *                            and stores the new item in *result.
 * lade_flat(g)             - takes a generator g whose items are owned generators. Yields all items of the first
 *                            generator, then all items of the second, ..., and frees each generator.
 *                            itertools.chain.from_iterable.
 * lade_accumulate(g)       - yields the running sums of the items, which are numbers but not bool. The sums have the
 *                            type of the items. If an integer sum does not fit into this type, the error is
 *                            LADE_ELIMIT. itertools.accumulate.
 * lade_accumulate_by(f, g) - yields a, f(a, b), f(f(a, b), c), ... for the items a, b, c, ... The function f has the
 *                            type T f(T, T), and the items are numbers or strings.
 */
#define lade_map(f, g)           LADE__MAP(f, g)
#define lade_map_to(U, f, g)     LADE__MAP_TO(U, f, g)
#define lade_flat(g)             LADE__FLAT(g)
#define lade_accumulate(g)       LADE__ACCUMULATE(g)
#define lade_accumulate_by(f, g) LADE__ACCUMULATE_BY(f, g)

/*
 * lade_cycle(g)               - yields the items of g, then the same items again, without end. All items are kept in
 *                               memory. If g has no items, lade_cycle(g) has no items. itertools.cycle.
 * lade_shuffle(g, size, seed) - yields the items in random order. A buffer holds `size` items of g. Each step yields a
 *                               random item of the buffer and replaces it by the next item of g. All orders are equally
 *                               likely if g has at most `size` items. The same seed gives the same order.
 *                               tf.data.Dataset.shuffle.
 * lade_window(g, n)           - yields pointers (const T *) to n consecutive items: the items 0 to n - 1, then the
 *                               items 1 to n, ... A pointer is valid until the next item is requested. If g has fewer
 *                               than n items, lade_window(g, n) has no items. If n < 1, the error is LADE_EINVAL.
 *                               more_itertools.sliding_window.
 * lade_pairwise(g)            - does the same as lade_window(g, 2). itertools.pairwise.
 */
#define lade_cycle(g)               LADE__LINEAR(g, lade__cycle, 0)
#define lade_shuffle(g, size, seed) LADE__LINEAR(g, lade__shuffle, size, seed)
#define lade_window(g, n)           LADE__WINDOW(g, n)
#define lade_pairwise(g)            lade_window(g, 2)

/* ---- Several sources --------------------------------------------------------------------------------------------- */

/*
 * These macros take up to 8 generators of the same T.
 *
 * lade_chain(a, b, ...)      - yields all items of a, then all items of b, ... itertools.chain.
 * lade_interleave(a, b, ...) - yields one item of each source in turn. A source that has ended is skipped. The function
 *                              roundrobin() in the documentation of Python's itertools does the same.
 * lade_merge(a, b, ...)      - merges sources in ascending order into one sequence in ascending order. If items of
 *                              several sources are equal, the item of the earlier argument comes first. Items are
 *                              numbers or strings. heapq.merge.
 */
#define lade_chain(...)      LADE__JOIN(lade__chain, LADE__NO_COMPARATOR, __VA_ARGS__)
#define lade_interleave(...) LADE__JOIN(lade__interleave, LADE__NO_COMPARATOR, __VA_ARGS__)
#define lade_merge(...)      LADE__JOIN(lade__merge, LADE__COMPARATOR_OF_ITEM, __VA_ARGS__)

/*
 * lade_zip(S, a, b, ...) - yields structs of type S until the first source ends. Each struct contains one item of every
 *                          source. There are up to 8 sources. S has one member for each source, in the same order and
 *                          of the same type as the items: struct row { long id; const char *name; }. zip().
 * lade_enumerate(S, g)   - does the same as lade_zip(S, lade_count_from(0, 1), g). The first member of S is a long, and
 *                          the second member has the type of the items of g. enumerate().
 *
 * The compiler reports an error in two cases: a member is a struct, but the items of its source are no structs; or a
 * member and the items of its source are pointers of different types. When the generator starts, it fails with
 * LADE_EINVAL if a member is a number of another type or size than the items of its source, or if the members are not
 * in the order of the sources. The message contains the number of the member. Types that differ only in their sign,
 * such as long and unsigned long, count as the same type.
 */
#define lade_zip(S, ...)     LADE__ZIP(S, __VA_ARGS__)
#define lade_enumerate(S, g) LADE__ZIP(S, lade_count_from(0, 1), g)

/*
 * lade_tee(g, n, out) - stores n generators in the array out, whose elements have the type lade_gen(T). Each of the n
 *                       generators yields all items of g, and must be freed. Items that only some of these generators
 *                       have yielded are kept in memory. The n generators own g; pass a named g as lade_gen_move(g).
 *                       itertools.tee.
 *
 * Returns LADE_OK. If there is no memory, returns LADE_ENOMEM, frees g and sets all elements of out to NULL. All n
 * generators must be used on one thread.
 */
#define lade_tee(g, n, out) LADE__TEE(g, n, out)

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/*
 * lade_prefetch(g, n) - yields the items of g. A thread computes up to n items in advance. The thread starts when the
 *     first item is requested, and ends when the generator ends. g runs only on this thread, and must be an owned
 *     generator.
 * lade_parallel_map(f, g, workers) - does the same as lade_map(f, g), but calls f on `workers` threads (0 means one
 *     thread per available processor). The items keep their order. g runs on the thread that requests the items. f must
 *     be thread-safe. At most 2 * workers items are computed in advance, so f may be called for items that are never
 *     requested.
 * lade_parallel_map_to(U, f, g, workers) - does the same, but f has the type that lade_map_to() describes.
 *
 * All signals are blocked in the threads that these macros start. If a thread cannot be started, the generator fails
 * with LADE_ELIMIT or LADE_ENOMEM.
 *
 * Waits: for a generator of lade_prefetch(), lade_next() waits for an item of g. For a generator of
 * lade_parallel_map(), lade_next() waits for a call of f. Closing or freeing the generator waits until g has made its
 * current item, or until all running calls of f have returned. So the caller must not hold a lock that g or f needs. To
 * end a wait earlier, make g or f return: for example, if g yields the batches of a flow, lade_flow_cancel() ends the
 * wait.
 *
 * fork(): in a child process, lade_parallel_map() continues with new threads, and calls f again for each item that has
 * no result yet. In the child, lade_prefetch() ends with LADE_ESTATE if g had not ended, because the thread of g exists
 * only in the parent. The memory of g is then lost in the child.
 *
 * If pthread_cancel() cancels a thread during such a wait, the cancellation is deferred until the wait has ended.
 */
#define lade_prefetch(g, n)                    LADE__PREFETCH(g, n)
#define lade_parallel_map(f, g, workers)       LADE__PARALLEL_MAP(f, g, workers)
#define lade_parallel_map_to(U, f, g, workers) LADE__PARALLEL_MAP_TO(U, f, g, workers)

#ifdef __cplusplus
}
#endif
#endif
