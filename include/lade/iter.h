/*
 * lade/iter.h - sources and combinators: generators out of generators, as in Python's itertools.
 *
 *     static bool is_odd(long x) { return x % 2; }
 *
 *     lade_for_each (x, lade_take(lade_filter(is_odd, fib()), 5))
 *         printf("%ld\n", x);
 *
 * All are lazy: nothing is asked of a source before somebody asks for an item. All are typed: lade_take() of a
 * lade_gen(T) is a lade_gen_owned(T). An owned source is owned by the combinator, which closes and frees it, also when
 * the combinator itself is freed before it began; a named one is borrowed, must outlive the combinator and can go on
 * afterwards. All return NULL where there is no memory (and free owned sources), which every consumer takes for a
 * generator that ended with LADE_ENOMEM. Errors of a source come out of the combinator.
 *
 * Cost: a chain of combinators with one source each is a few function calls per item and needs one stack when it is
 * pulled, none when it is drained. zip, merge, interleave and tee pull their sources (zip: all but the first).
 *
 * Combinators that keep items for later - cycle, shuffle, window, tee, prefetch, parallel_map - keep strings and other
 * pointers as pointers: what they point to must outlive the next item, which lines of files and names of directory
 * entries do not. lade_batched() and lade_strings() copy strings.
 *
 * Functions given to combinators take an item by value and are called on the stack of the chain: a number (char, int,
 * unsigned, long, unsigned long, long long, float, double) or a const char *, of exactly the generator's item type. For
 * other items they take a `const T *`. They have no context argument: what needs one is a generator expression, or a
 * body.
 *
 * <lade/short_iter.h> gives the words without the prefix.
 */
#ifndef LADE_ITER_H
#define LADE_ITER_H

#include <stdbool.h>

#include <lade/gen.h>
#include <lade/iter_detail.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Sources ----------------------------------------------------------------------------------------------------- */

/*
 * lade_range(n), lade_range(a, b), lade_range(a, b, step) - long items as Python's range(): a (0), a + step (1), ...
 * short of b; step may be negative. A step of 0 is an error, LADE_EINVAL. lade_count_from(start, step) - start, start +
 * step, ... for ever, long. itertools.count.
 */
#define lade_range(...)              LADE__CAT(LADE__RANGE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_count_from(start, step) lade__count_from(start, step)

/*
 * lade_repeat(v), lade_repeat(v, n) - v for ever, or n times; items of v's type. itertools.repeat.
 * lade_from_array(p, n) - the n items at p, which must outlive the generator.
 * lade_from_string(s)   - the bytes of s as char, which must outlive the generator.
 */
#define lade_repeat(...)      LADE__CAT(LADE__REPEAT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_from_array(p, n) LADE__FROM_ARRAY(p, n)
#define lade_from_string(s)   lade__from_string(s)

/*
 * lade_lines(path) - the lines of a file as const char *, without their line feed, each until the next is asked for.
 * "-" is standard input. A file that cannot be opened or read is an error that names it. [l.rstrip('\n') for l in
 * open()].
 */
LADE_MUST_CHECK LADE_API lade_gen_owned(const char *) lade_lines(const char *path);

/*
 * One entry of a directory. The name lives until the next entry is asked for.
 */
struct lade_dir_entry {
    const char *name;
    bool is_dir, is_file, is_link; /* a link counts as link only, whatever it points to */
};

/*
 * lade_dir(path) - the entries of a directory but "." and "..", in no particular order; os.scandir. A directory that
 * cannot be opened or read is an error that names it.
 */
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_dir_entry) lade_dir(const char *path);

/* ---- One source -------------------------------------------------------------------------------------------------- */

/*
 * lade_take(g, n) - the first n items; less if g has less, none for n <= 0. itertools.islice(g, n).
 * lade_drop(g, n) - all but the first n items. islice(g, n, None).
 * lade_step(g, n) - the first item and then every nth; n < 1 counts as 1. islice(g, 0, None, n).
 *
 * lade_take never asks for an item more than n; a named g goes on behind them.
 */
#define lade_take(g, n) LADE__LINEAR(g, lade__take, n)
#define lade_drop(g, n) LADE__LINEAR(g, lade__drop_items, n)
#define lade_step(g, n) LADE__LINEAR(g, lade__step, n)

/*
 * lade_filter(f, g)     - the items for which f(item), a bool or int, is true. filter().
 * lade_take_while(f, g) - the items before the first for which it is false (which is lost). itertools.takewhile.
 * lade_drop_while(f, g) - that one and all behind it. itertools.dropwhile.
 */
#define lade_filter(f, g)     LADE__FILTERED(lade__filter, f, g)
#define lade_take_while(f, g) LADE__FILTERED(lade__take_while, f, g)
#define lade_drop_while(f, g) LADE__FILTERED(lade__drop_while, f, g)

/*
 * lade_map(f, g)         - f(item) for each item; the items are of f's result type, a number or const char *. map().
 * lade_map_to(U, f, g)   - for other types: void f(const T *item, U *result); items of type U.
 * lade_flat(g)           - g's items are owned generators: all their items, one generator after the other, each closed
 *                          and freed. itertools.chain.from_iterable.
 * lade_accumulate(g)     - running sums, in the type of the items, numbers. itertools.accumulate.
 * lade_accumulate_by(f, g) - a, f(a, b), f(f(a, b), c), ... for T f(T, T) of numbers.
 */
#define lade_map(f, g)           LADE__MAP(f, g)
#define lade_map_to(U, f, g)     LADE__MAP_TO(U, f, g)
#define lade_flat(g)             LADE__FLAT(g)
#define lade_accumulate(g)       LADE__LINEAR(g, lade__accumulate, lade__adder_of(lade__some(lade__item(g))), NULL)
#define lade_accumulate_by(f, g) LADE__ACCUMULATE_BY(f, g)

/*
 * lade_cycle(g) - the items of g, then the same again for ever (they are kept: memory grows to all of them); nothing
 * where g has none. itertools.cycle. lade_shuffle(g, size, seed) - the items in random order, drawn from a buffer of
 * `size` that is refilled from g: a full shuffle where size is at least the number of items. Same seed, same order.
 * tf.data's shuffle. lade_window(g, n)  - `const T *`: pointers to n items in a row, sliding by one, each until the
 * next; n >= 1. Less than n items give none. more_itertools.sliding_window. lade_pairwise(g)   - lade_window(g, 2).
 * itertools.pairwise.
 */
#define lade_cycle(g)               LADE__LINEAR(g, lade__cycle, 0)
#define lade_shuffle(g, size, seed) LADE__LINEAR(g, lade__shuffle, size, seed)
#define lade_window(g, n)           LADE__TO(const lade__item(g) *, g, lade__window, n)
#define lade_pairwise(g)            lade_window(g, 2)

/* ---- Several sources --------------------------------------------------------------------------------------------- */

/*
 * Up to 8 generators of the same T:
 *
 * lade_chain(a, b, ...)      - all items of a, then all of b, ... itertools.chain.
 * lade_interleave(a, b, ...) - one of each in turn; one that has ended is passed over. The roundrobin recipe.
 * lade_merge(a, b, ...)      - sources in ascending order made one in ascending order, equal items in order of their
 *                              sources; numbers or strings. heapq.merge.
 */
#define lade_chain(...)      LADE__JOIN(lade__chain, NULL, __VA_ARGS__)
#define lade_interleave(...) LADE__JOIN(lade__interleave, NULL, __VA_ARGS__)
#define lade_merge(...)      LADE__JOIN(lade__merge, LADE__COMPARATOR_OF_ITEMS(__VA_ARGS__), __VA_ARGS__)

/*
 * lade_zip(S, a, b, ...) - structs S of one item of each, up to 8, until the first source ends. S has one member for
 * each source, of its type, in the same order: struct row { long id; const char *name; }. zip(). lade_enumerate(S, g)
 * - lade_zip(S, lade_count_from(0, 1), g): S is { long; T }. enumerate().
 */
#define lade_zip(S, ...)     LADE__ZIP(S, __VA_ARGS__)
#define lade_enumerate(S, g) LADE__ZIP(S, lade_count_from(0, 1), g)

/*
 * lade_tee(g, n, out) - n independent generators of all items of g, to the lade_gen(T) array out; each to be freed by
 * itself. Items that one of them has had and another has not are kept. g belongs to them from now on, also a named one,
 * which must be given by lade_gen_move(). itertools.tee.
 *
 * Returns LADE_OK, or LADE_ENOMEM: all of out is NULL and g freed. The n generators stay on one thread.
 */
#define lade_tee(g, n, out) LADE__TEE(g, n, out)

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/*
 * lade_prefetch(g, n) - the same items, made ahead by a thread of its own, up to n of them. The thread starts with the
 * first item that is asked for and ends, joined, with the generator; g runs on it alone, and must be owned.
 *
 * lade_parallel_map(f, g, workers) - lade_map(f, g) with f on that many threads (0: one for each processor), in the
 * order of the items; g runs where it is asked. f must be thread-safe. At most 2 * workers items are under way. When
 * the consumer stops early, f may have been called for items that nobody asked for. lade_parallel_map_to(U, f, g,
 * workers) - the same for lade_map_to().
 *
 * A thread that cannot be started is an error of the generator, LADE_ERUNTIME.
 */
#define lade_prefetch(g, n)                    LADE__LINEAR_OWNED(g, lade__prefetch, n)
#define lade_parallel_map(f, g, workers)       LADE__PARALLEL_MAP(f, g, workers)
#define lade_parallel_map_to(U, f, g, workers) LADE__PARALLEL_MAP_TO(U, f, g, workers)

#ifdef __cplusplus
}
#endif
#endif
