/*
 * lade/iter.h - sources, and combinators that make a generator from other generators, as in Python's itertools.
 *
 *     static bool is_odd(long x) { return x % 2; }
 *
 *     lade_for_each (x, lade_take(lade_filter(is_odd, fib()), 5))
 *         printf("%ld\n", x);
 *
 * All sources and combinators are lazy: a source runs only when the consumer requests an item. All are typed:
 * lade_take() of a lade_gen(T) returns a lade_gen_owned(T). A combinator closes and frees an owned source, even if the
 * combinator itself is freed before it starts. A named source is borrowed; it must outlive the combinator and can be
 * used afterwards. If there is no memory, a combinator frees its owned sources and returns NULL, which every consumer
 * treats as a generator that ended with LADE_ENOMEM. An error of a source becomes the error of the combinator.
 *
 * Cost: a chain of combinators that have one source each takes a few function calls per item. The chain needs one stack
 * if it is pulled by lade_next(), and none if it is drained. lade_merge(), lade_interleave() and lade_tee() need a
 * stack for each source, and lade_zip() for each source except the first.
 *
 * lade_cycle(), lade_shuffle(), lade_window(), lade_tee(), lade_prefetch() and lade_parallel_map() keep items for
 * later. They copy pointers, not the strings or objects to which the pointers point. So these objects must be valid
 * longer than until the next item. The strings of lade_lines() and lade_dir() are not valid for so long. The containers
 * and reducers of collect.h copy strings.
 *
 * Functions that are passed to combinators take an item by value if it is a number or a string: bool, char, short,
 * int, long, long long, signed and unsigned, float, double, long double, const char *, char *. The parameter has
 * exactly the item type of the generator. Items of other types (structs, other pointers, __int128,
 * _Complex) are passed as a `const T *`. The functions have no context argument. Use a generator expression
 * (lade_genexpr()) or a generator function if a context is needed. A function of another type is a compile-time error.
 *
 * <lade/short_iter.h> defines the same words without the prefix.
 *
 * C++. The macros of this header are C only. <lade/lade.hpp> has functions with the same names in the namespace lade, to
 * which lambdas can be passed. lade_lines() and lade_dir() are functions and work in both languages.
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
 * lade_range(n), lade_range(a, b), lade_range(a, b, step) - the long items a (default 0), a + step (default 1), ... up
 *     to but not including b, as Python's range(). step may be negative; a step of 0 is the error LADE_EINVAL.
 * lade_count_from(start, step) - the long items start, start + step, ... without end. itertools.count.
 */
#define lade_range(...)              LADE__CAT(LADE__RANGE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_count_from(start, step) lade__count_from(start, step)

/*
 * lade_repeat(v), lade_repeat(v, n) - v without end, or n times. The items have the type of v. itertools.repeat.
 * lade_from_array(p, n) - the n items at p. The array must outlive the generator.
 * lade_from_array(a)    - all items of a, which is an array of known size. A pointer is a compile-time error.
 * lade_from_string(s)   - the bytes of the string s as char. The string must outlive the generator.
 */
#define lade_repeat(...)     LADE__CAT(LADE__REPEAT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_from_array(...) LADE__CAT(LADE__FROM_ARRAY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_from_string(s)  lade__from_string(s)

/*
 * lade_lines(path)  - the lines of a file as const char *, without the line feed. A line is valid until the next one is
 *                     requested. "-" is standard input. [l.rstrip('\n') for l in open(path)].
 * lade_lines_of(f)  - the lines of an open stream, which is not closed and must outlive the generator.
 *
 * If the file cannot be opened or read, the generator fails; the subject of the error is @path, or "the stream". A line
 * that contains a NUL byte is the error LADE_EINVAL, because a string would end there.
 */
LADE_MUST_CHECK LADE_API lade_gen_owned(const char *) lade_lines(const char *path);
LADE_MUST_CHECK LADE_API lade_gen_owned(const char *) lade_lines_of(FILE *f);

/*
 * A line of a file without its line feed. The text ends with a NUL byte, and may contain others.
 */
struct lade_line {
    const char *text;
    size_t length; /* without the last NUL byte */
};

/*
 * lade_sized_lines(path), lade_sized_lines_of(f) - the same lines with their lengths. NUL bytes are no errors.
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
 * lade_dir(path) - the entries of a directory except "." and "..", in no particular order. os.scandir.
 *
 * If the directory cannot be opened or read, the generator fails; the subject of the error is @path.
 */
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_dir_entry) lade_dir(const char *path);

/* ---- One source -------------------------------------------------------------------------------------------------- */

/*
 * lade_take(g, n) - the first n items, or all items if g has fewer; none if n <= 0. itertools.islice(g, n).
 * lade_drop(g, n) - all items except the first n. islice(g, n, None).
 * lade_step(g, n) - the first item and every nth item after it. n < 1 is the error LADE_EINVAL.
 *                   islice(g, 0, None, n).
 *
 * lade_take() never requests item n + 1, so a named g can be used for the items after the nth.
 */
#define lade_take(g, n) LADE__LINEAR(g, lade__take, n)
#define lade_drop(g, n) LADE__LINEAR(g, lade__drop_items, n)
#define lade_step(g, n) LADE__LINEAR(g, lade__step, n)

/*
 * lade_filter(f, g)     - the items for which f(item), a bool or int, is true. filter().
 * lade_take_while(f, g) - the items before the first item for which f is false. The item for which f is false is lost.
 *                         itertools.takewhile.
 * lade_drop_while(f, g) - the first item for which f is false, and all items after it. itertools.dropwhile.
 */
#define lade_filter(f, g)     LADE__FILTERED(lade__filter, f, g)
#define lade_take_while(f, g) LADE__FILTERED(lade__take_while, f, g)
#define lade_drop_while(f, g) LADE__FILTERED(lade__drop_while, f, g)

/*
 * lade_map(f, g)           - f(item) for each item. The items have the result type of f: a number or string. map().
 * lade_map_to(U, f, g)     - the same for other types: f is a void f(const T *item, U *result), and the items have type
 * U.
 * lade_flat(g)             - the items of g are owned generators. Yields the items of the first generator, then those
 *                            of the second, ..., and frees each generator. itertools.chain.from_iterable.
 * lade_accumulate(g)       - the running sums of numbers except bool, in the type of the items. An integer sum that
 *                            does not fit is the error LADE_ELIMIT. itertools.accumulate.
 * lade_accumulate_by(f, g) - a, f(a, b), f(f(a, b), c), ... for a function T f(T, T) of numbers or strings.
 */
#define lade_map(f, g)           LADE__MAP(f, g)
#define lade_map_to(U, f, g)     LADE__MAP_TO(U, f, g)
#define lade_flat(g)             LADE__FLAT(g)
#define lade_accumulate(g)       LADE__ACCUMULATE(g)
#define lade_accumulate_by(f, g) LADE__ACCUMULATE_BY(f, g)

/*
 * lade_cycle(g)               - the items of g, then the same items again, without end. All items are kept in memory.
 *                               No item if g has none. itertools.cycle.
 * lade_shuffle(g, size, seed) - the items in random order. They are drawn from a buffer of `size` items, which is
 *                               refilled from g. The shuffle is complete if size is at least the number of items. The
 *                               same seed gives the same order. tf.data.Dataset.shuffle.
 * lade_window(g, n)           - pointers (const T *) to n consecutive items, moving by one item. A pointer is valid
 *                               until the next item. n < 1 is the error LADE_EINVAL. No item if g has fewer than n.
 *                               more_itertools.sliding_window.
 * lade_pairwise(g)            - lade_window(g, 2). itertools.pairwise.
 */
#define lade_cycle(g)               LADE__LINEAR(g, lade__cycle, 0)
#define lade_shuffle(g, size, seed) LADE__LINEAR(g, lade__shuffle, size, seed)
#define lade_window(g, n)           LADE__WINDOW(g, n)
#define lade_pairwise(g)            lade_window(g, 2)

/* ---- Several sources --------------------------------------------------------------------------------------------- */

/*
 * These take up to 8 generators of the same T.
 *
 * lade_chain(a, b, ...)      - all items of a, then all items of b, ... itertools.chain.
 * lade_interleave(a, b, ...) - one item of each source in turn. A source that has ended is skipped. The roundrobin
 *                              recipe of itertools.
 * lade_merge(a, b, ...)      - merges sources that are in ascending order into one sequence in ascending order. Equal
 *                              items keep the order of their sources. Items are numbers or strings. heapq.merge.
 */
#define lade_chain(...)      LADE__JOIN(lade__chain, LADE__NO_COMPARATOR, __VA_ARGS__)
#define lade_interleave(...) LADE__JOIN(lade__interleave, LADE__NO_COMPARATOR, __VA_ARGS__)
#define lade_merge(...)      LADE__JOIN(lade__merge, LADE__COMPARATOR_OF_ITEM, __VA_ARGS__)

/*
 * lade_zip(S, a, b, ...) - structs of type S, each made of one item of every source, until the first source ends. There
 *                          are up to 8 sources. S has one member for each source, of the type of its items, in the
 *                          same order: struct row { long id; const char *name; }. zip().
 * lade_enumerate(S, g)   - lade_zip(S, lade_count_from(0, 1), g). S is { long; T }. enumerate().
 *
 * A struct where the items are numbers, or pointers of another type, is a compile-time error. If a number has another
 * type, size or position, the generator fails with LADE_EINVAL, and the message contains the number of the member. Types
 * that differ only in their sign, such as long and unsigned long, are not distinguished.
 */
#define lade_zip(S, ...)     LADE__ZIP(S, __VA_ARGS__)
#define lade_enumerate(S, g) LADE__ZIP(S, lade_count_from(0, 1), g)

/*
 * lade_tee(g, n, out) - stores n independent generators of all items of g in the lade_gen(T) array out. Each of them
 *                       must be freed. Items that only some of them have yielded are kept in memory. The n generators
 *                       own g;
 * pass a named g as lade_gen_move(g). itertools.tee.
 *
 * Returns LADE_OK, or LADE_ENOMEM: then all elements of out are NULL, and g is freed. All n generators must be used on
 * one thread.
 */
#define lade_tee(g, n, out) LADE__TEE(g, n, out)

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/*
 * lade_prefetch(g, n) - the items of g, of which a thread computes up to n in advance. The thread starts when the first
 *     item is requested, and ends when the generator ends. g runs on that thread only, and must be owned.
 * lade_parallel_map(f, g, workers) - does the same as lade_map(f, g), but calls f on `workers` threads (0 means one
 *     thread per available processor). The items keep their order. g runs on the thread that requests the items. f must
 *     be thread-safe. At most 2 * workers items are computed in advance, so f may be called for items that are never
 *     requested.
 * lade_parallel_map_to(U, f, g, workers) - the same for the f of lade_map_to().
 *
 * All signals are blocked in these threads. If a thread cannot be started, the generator fails with LADE_ERUNTIME.
 */
#define lade_prefetch(g, n)                    LADE__PREFETCH(g, n)
#define lade_parallel_map(f, g, workers)       LADE__PARALLEL_MAP(f, g, workers)
#define lade_parallel_map_to(U, f, g, workers) LADE__PARALLEL_MAP_TO(U, f, g, workers)

#ifdef __cplusplus
}
#endif
#endif
