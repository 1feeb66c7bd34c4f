/*
 * lade/itertools.h - functions of Python's itertools and more-itertools that iter.h and collect.h do not have, with the
 * same names and results. The description of a macro may end with the name of the Python function that does the same.
 * If the description ends with "Example code of itertools.", the documentation of Python's itertools contains the
 * function as example code.
 *
 *     static size_t length(const char *s) { return strlen(s); }
 *
 *     lade_for_each (words, lade_groupby(length, lade_sorted_by(length, names)))
 *         printf("%zu words of %zu letters\n", lade_len(words), strlen(words[0]));
 *     lade_for_each (pair, lade_combinations(lade_range(4), 2))
 *         lade_print(pair);                                     // (0, 1), (0, 2), ...
 *
 * docs/itertools.md lists the functions of Python and the macros of lade that do the same.
 *
 * The rules of iter.h and collect.h for generators, functions and errors also apply to this header. Every g may be a
 * generator or a container. A function f takes an item in the same form as for lade_map() and lade_filter(). If f
 * computes a key, f returns a number or a string. Numbers are compared by value, and strings by their text.
 *
 * Tuples. lade_permutations() and similar functions yield tuples, `const T *`, which lade_len(), lade_print() and
 * lade_for_each accept. lade_groupby() and similar functions yield lists, `T *`. The generator owns the tuple or list
 * that it yields, and uses the same memory for the next tuple or list.
 *
 * <lade/short_itertools.h> defines the same macros without the prefix lade_.
 *
 * C++. The macros of this header are C only. C++ has its own algorithms and containers for these tasks.
 */
#ifndef LADE_ITERTOOLS_H
#define LADE_ITERTOOLS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/collect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Sorting ----------------------------------------------------------------------------------------------------- */

/*
 * lade_sorted(g)       - returns a temporary list of the items in ascending order. Equal items keep their order.
 *                        sorted().
 * lade_sorted_by(f, g) - returns a temporary list of the items in ascending order of f(item). f is called once for each
 *                        item. sorted(g, key=f).
 * lade_reversed(g)     - returns a temporary list of the items in reverse order. reversed().
 *
 * lade_reversed(lade_sorted_by(f, lade_reversed(g))) sorts in descending order and keeps the order of equal items. All
 * macros in this list accept one more argument at the end, a struct lade_error *. Memory: two copies of the items, and
 * the keys.
 */
#define lade_sorted(...)    LADE__CAT(LADE__SORTED_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_sorted_by(...) LADE__CAT(LADE__SORTED_BY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_reversed(...)  LADE__CAT(LADE__REVERSED_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_min_by(f, g) - returns the first item with the least f(item). min(g, key=f).
 * lade_max_by(f, g) - returns the first item with the greatest f(item). max(g, key=f).
 *
 * If g has no items, the error is LADE_EINVAL. Both macros accept one more argument at the end, a struct lade_error *.
 * If the result is a string, the result is a copy that is never freed.
 */
#define lade_min_by(...) LADE__CAT(LADE__MIN_BY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_max_by(...) LADE__CAT(LADE__MAX_BY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_counter(S, item, count, g) - returns a temporary dict that has one struct S for each different item of g. The
 * member `item` is the item. The member `count`, a long, is the number of times that the item occurs.
 * collections.Counter.
 *
 *     struct tally { const char *word; long n; };
 *     lade_list_auto(struct tally) d = lade_counter(struct tally, word, n, words);
 *     struct tally *the = lade_dict_get(d, word, "the");
 *
 * The macro accepts one more argument at the end, a struct lade_error *.
 */
#define lade_counter(...) LADE__CAT(LADE__COUNTER_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

/*
 * lade_groupby(f, g) - yields lists of consecutive items that have the same f(item). The key of a list l is f(l[0]).
 * lade_groupby(g)    - yields lists of consecutive items that are equal. itertools.groupby.
 *
 * Memory: one group. Strings are copied.
 */
#define lade_groupby(...) LADE__CAT(LADE__GROUPBY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_split_at(f, g)     - yields lists of consecutive items. An item for which f is true ends a list, and belongs to
 *                           no list. A list may be empty. more_itertools.split_at.
 * lade_split_before(f, g) - yields lists of consecutive items. A new list begins before each item for which f is true.
 *                           more_itertools.split_before.
 * lade_split_after(f, g)  - yields lists of consecutive items. A list ends after each item for which f is true.
 *                           more_itertools.split_after.
 * lade_split_when(f, g)   - yields lists of consecutive items. A list ends between two items a and b if f(a, b) is
 *                           true. f has the type bool f(const T *a, const T *b). more_itertools.split_when.
 *
 * Memory: one list. Strings are copied.
 */
#define lade_split_at(f, g)     LADE__SPLIT(LADE__SPLIT_AT, f, g)
#define lade_split_before(f, g) LADE__SPLIT(LADE__SPLIT_BEFORE, f, g)
#define lade_split_after(f, g)  LADE__SPLIT(LADE__SPLIT_AFTER, f, g)
#define lade_split_when(f, g)   LADE__SPLIT_WHEN_(f, g)

/*
 * lade_unique_everseen(g)    - yields an item when it occurs for the first time.
 * lade_unique_everseen(f, g) - yields the first item for each value of f(item). Example code of itertools.
 * lade_unique_justseen(g)    - yields the first item, and each item that differs from the item before it.
 * lade_unique_justseen(f, g) - yields the first item, and each item for which f(item) differs from f(the item before
 *                              it). Example code of itertools.
 *
 * Memory: lade_unique_everseen(g) keeps all different items in a hash set. lade_unique_everseen(f, g) keeps all
 * different values of f. The set contains copies of strings.
 */
#define lade_unique_everseen(...) LADE__CAT(LADE__EVERSEEN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_unique_justseen(...) LADE__CAT(LADE__JUSTSEEN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/* ---- Combinations ------------------------------------------------------------------------------------------------ */

/*
 * lade_product(a, b, ...)   - yields every tuple that contains one item of each source. There are up to 8 sources,
 *                             which have the same item type. From tuple to tuple, the item of the last source changes
 *                             most often, like the last digit of a counter.
 * lade_product_repeat(g, r) - yields every tuple of r items of g. itertools.product(g, repeat=r).
 * lade_permutations(g)      - yields tuples of all items, in every order.
 * lade_permutations(g, r)   - yields tuples of r items, in every order.
 * lade_combinations(g, r)   - yields tuples of r items. In a tuple, the items have the same order as in g.
 * lade_combinations_with_replacement(g, r) - does the same as lade_combinations(), but an item may occur several times
 *                             in a tuple.
 * lade_powerset(g)          - yields all combinations of 0, 1, 2, ... items. Example code of itertools.
 * lade_distinct_permutations(g), lade_distinct_permutations(g, r) - do the same as lade_permutations(), but no tuple
 *                             occurs twice, because equal items count as the same item. The tuples are in ascending
 *                             order. The items are numbers or strings. more_itertools.distinct_permutations.
 * lade_circular_shifts(g)   - yields a tuple of all items that begins with the first item, then a tuple that begins
 *                             with the second item, ... more_itertools.circular_shifts.
 *
 * The results and their order are the same as in Python. For all macros except lade_distinct_permutations(), equal
 * items with different indices count as different items. Memory: all items of the sources are collected when the first
 * tuple is requested. A negative r counts as 0.
 */
#define lade_product(...)                        LADE__PRODUCT_(__VA_ARGS__)
#define lade_product_repeat(g, r)                LADE__COMBINATIONS(LADE__PRODUCT, g, r)
#define lade_permutations(...)                   LADE__CAT(LADE__PERMUTATIONS_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_combinations(g, r)                  LADE__COMBINATIONS(LADE__COMBINATIONS_OF, g, r)
#define lade_combinations_with_replacement(g, r) LADE__COMBINATIONS(LADE__REPEATED_COMBINATIONS, g, r)
#define lade_powerset(g)                         LADE__COMBINATIONS(LADE__POWERSET, g, 0)
#define lade_distinct_permutations(...)          LADE__CAT(LADE__DISTINCT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_circular_shifts(g)                  LADE__COMBINATIONS(LADE__CIRCULAR_SHIFTS, g, 0)

/*
 * lade_partitions(g)        - splits the items into lists in every possible way. No list is empty, and the items keep
 *                             their order. Each result is one way to split the items. The result is a list of lists,
 *                             T **. more_itertools.partitions.
 * lade_set_partitions(g)    - distributes the items over lists in every possible way, as lade_partitions() does, but
 *                             a list may contain items that are not consecutive in g. No list is empty. Two partitions
 *                             that differ only in the order of the lists, or of the items in a list, count as the same
 *                             partition. more_itertools.set_partitions.
 * lade_set_partitions(g, k) - yields only the partitions into k lists. If k is less than 1, the error is LADE_EINVAL.
 *
 *     lade_for_each (parts, lade_set_partitions(lade_range(4)))
 *         lade_for_each (part, parts)
 *             lade_print(part);
 *
 * All items are collected when the first partition is requested. The generator owns the lists, and uses the same memory
 * for the next partition.
 */
#define lade_partitions(g)       LADE__PARTITION(LADE__PARTITIONS, g, 0)
#define lade_set_partitions(...) LADE__CAT(LADE__SET_PARTITIONS_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/* ---- Other generators -------------------------------------------------------------------------------------------- */

/*
 * lade_numeric_range(stop), lade_numeric_range(start, stop), lade_numeric_range(start, stop, step) - yields the double
 * items start, start + step, start + 2 * step, ... up to but not including stop. The default of start is 0, and the
 * default of step is 1. If step is 0, the error is LADE_EINVAL. more_itertools.numeric_range.
 */
#define lade_numeric_range(...) LADE__CAT(LADE__NUMERIC_RANGE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_filterfalse(f, g) - yields each item for which f(item) is false. itertools.filterfalse.
 * lade_compress(g, s)    - yields an item of g if the item of s with the same index is not 0. The items of s are
 *                          integers or bools. itertools.compress.
 * lade_intersperse(v, g) - yields the items of g, and yields v between two items of g. more_itertools.intersperse.
 * lade_prepend(v, g)     - yields v, then the items of g. Example code of itertools.
 */
#define lade_filterfalse(f, g) LADE__FILTERED(lade__filterfalse, f, g)
#define lade_compress(g, s)    LADE__COMPRESS(g, s)
#define lade_intersperse(v, g) LADE__INSERT(lade__intersperse, v, g)
#define lade_prepend(v, g)     LADE__INSERT(lade__prepend, v, g)

/* ---- Functions with a context ------------------------------------------------------------------------------------ */

/*
 * These macros take a function f that has one more argument, the pointer `context`. The type of this pointer is C *,
 * where C is any type. So f needs no global variables. Except for lade_reduce_with(), f takes a pointer to the item,
 * `const T *`, for every item type T.
 *
 * The object to which the context points must outlive the generator. There is one exception: if the context is the
 * address of a compound literal, the generator copies the object. If such a literal contains commas, write the context
 * in parentheses: (&(struct limits){1, 2}).
 *
 * lade_filter_with(f, context, g)     - yields each item for which bool f(const T *item, C *context) is true.
 * lade_take_while_with(f, context, g) - yields items until f is false.
 * lade_drop_while_with(f, context, g) - skips items until f is false. Yields this item and all later items.
 * lade_map_with(U, f, context, g)     - yields an item of type U for each item. f has the type
 *                                       void f(const T *item, U *result, C *context) and stores the new item in
 *                                       *result.
 * lade_reduce_with(f, context, g, start) - returns f(... f(start, item, context) ..., item, context). f is a function
 *                                          or a macro that takes the item by value. lade_reduce_with() accepts one more
 *                                          argument at the end, a struct lade_error *.
 */
#define lade_filter_with(f, context, g)     LADE__FILTER_WITH(LADE__FILTER_WITH_, f, context, g)
#define lade_take_while_with(f, context, g) LADE__FILTER_WITH(LADE__TAKE_WHILE_WITH, f, context, g)
#define lade_drop_while_with(f, context, g) LADE__FILTER_WITH(LADE__DROP_WHILE_WITH, f, context, g)
#define lade_map_with(U, f, context, g)     LADE__MAP_WITH_(U, f, context, g)
#define lade_reduce_with(f, context, ...) \
    LADE__CAT(LADE__REDUCE_WITH_, LADE__NARG(__VA_ARGS__))(f, context, __VA_ARGS__)

/* ---- Several sources --------------------------------------------------------------------------------------------- */

/*
 * lade_chain_all(gens, n), lade_interleave_all(gens, n), lade_merge_all(gens, n) - do the same as lade_chain(),
 * lade_interleave() and lade_merge(), for an array of n generators. If the array has elements of type
 * lade_gen_owned(T), the combinator owns the generators. If the array has elements of type lade_gen(T), the generators
 * are borrowed. The array itself is copied.
 *
 * Cost: lade_merge_all() makes log2(n) comparisons for each item.
 *
 * lade_merge_by(compare, a, b, ...) - does the same as lade_merge(), but in the order of the function int compare(const
 * T *x, const T *y). This function returns a negative number if x comes before y, and 0 if x and y are equal. T is any
 * type. heapq.merge(a, b, key=...).
 * lade_zip_longest(S, fill, a, b, ...) - does the same as lade_zip(S, a, b, ...), but ends when all sources have ended.
 * `fill` is a struct S. After the end of a source, the member of this source has the value of the same member of
 * `fill`. Write `fill` in parentheses: ((S){0, "-"}). All sources are pulled (see gen.h). itertools.zip_longest.
 * lade_enumerate_from(S, start, g)  - does the same as lade_enumerate(S, g), but counts from `start`. enumerate(g,
 *                                     start).
 */
#define lade_chain_all(gens, n)          LADE__MANY(LADE__CHAIN, LADE__NO_COMPARATOR, gens, n)
#define lade_interleave_all(gens, n)     LADE__MANY(LADE__INTERLEAVE, LADE__NO_COMPARATOR, gens, n)
#define lade_merge_all(gens, n)          LADE__MANY(LADE__MERGE, LADE__COMPARATOR_OF_ITEM, gens, n)
#define lade_merge_by(compare, ...)      LADE__MERGE_BY(compare, __VA_ARGS__)
#define lade_zip_longest(S, fill, ...)   LADE__ZIP_LONGEST(S, fill, __VA_ARGS__)
#define lade_enumerate_from(S, start, g) LADE__ZIP(S, lade_count_from(start, 1), g)

/* ---- Looking ahead ----------------------------------------------------------------------------------------------- */

/*
 * lade_peekable(g)    - yields the items of g. The generator g is pulled (see gen.h). Store the result in a variable p,
 *                       because the other macros of this list need a variable. more_itertools.peekable.
 * lade_peek(p)        - returns a pointer (T *) to the next item of p. The next lade_next(p) returns the same item. At
 *                       the end, lade_peek(p) returns NULL. The pointer is valid until p is used again. If g fails,
 *                       lade_peek(p) returns NULL, and the next call of lade_next(p) reports the error.
 * lade_put_back(p, v) - makes v the next item of p. peekable.prepend. Returns LADE_OK, LADE_ENOMEM, or LADE_ESTATE if p
 *                       has ended.
 * lade_spy(p, n)      - returns a temporary list of the next n items of p, or of all items if p has fewer than n. The
 *                       next calls of lade_next(p) return the same items. The macro accepts one more argument at the
 *                       end, a struct lade_error *. more_itertools.spy.
 *
 * lade_seekable(g)    - does the same as lade_peekable(g), and keeps all items in memory, so that lade_seek() can go
 *                       back to earlier items. lade_put_back() returns LADE_EINVAL for a seekable generator.
 *                       more_itertools.seekable.
 * lade_seek(p, i)     - makes the item with the index i, counted from 0, the next item of the seekable p. If g has no
 *                       item with this index, p is at its end. Returns LADE_OK; LADE_EINVAL if i is negative or p was
 *                       made by lade_peekable(); or LADE_ESTATE if p has ended. p ends, and its items are freed, when
 *                       lade_next(p) returns NULL or a loop over p reaches the end. lade_peek(p) never ends p. So a
 *                       loop with lade_peek(p) can be followed by lade_seek():
 *
 *     while (lade_peek(p))
 *         use(*lade_next(p));
 *     lade_seek(p, 0);
 *
 * If p was made neither by lade_peekable() nor by lade_seekable(), lade_peek() returns NULL with the error LADE_EINVAL
 * in lade_gen_error(p), and lade_put_back() and lade_seek() return LADE_ESTATE.
 */
#define lade_peekable(g)    LADE__PEEKABLE(lade__peekable, g)
#define lade_seekable(g)    LADE__PEEKABLE(lade__seekable, g)
#define lade_seek(p, i)     lade__seek(lade__named(p), i)
#define lade_peek(p)        ((lade__item(p) *)(uintptr_t)lade__peek(lade__named(p)))
#define lade_put_back(p, v) LADE__PUT_BACK(p, v)
#define lade_spy(...)       LADE__CAT(LADE__SPY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

#ifdef __cplusplus
}
#endif

#include <lade/detail/itertools_macros.h>
#endif
