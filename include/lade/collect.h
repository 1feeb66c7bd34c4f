/*
 * lade/collect.h - collects the items of a generator in a container (list, tuple, set, dict or array), or computes one
 *                  value from the items.
 *
 *     lade_list_auto(long) l = lade_list(nsquared(10));
 *     printf("%ld of %zu\n", l[3], lade_len(l));
 *     lade_print(lade_tuple(nsquared(10)));                     // (100, 81, 64, ..., 1)
 *     long long s = lade_sum(nsquared(1000000));                // no stack, no stack switch, no list
 *     lade_list_auto(long) even = lade_list_of(long, i * i, lade_in(i, 11) if (i % 2 == 0));
 *
 * A container is a plain pointer to its items, `T *`, so `l[i]` and every C function can use it. The length, the kind
 * and the shape of a container are stored in a hidden header before the items. Free a container with
 * lade_container_free(), or declare its variable with lade_list_auto(T). Never pass a container to free().
 *
 * Strings. An item of type const char * often points to memory that its generator uses again for the next item. So
 * containers contain copies of the strings. If the result of lade_first(), lade_nth(), lade_last(), lade_min(),
 * lade_max() or lade_reduce() is a string, the result is a copy that is never freed. Equal copies share memory. The
 * same is true for the strings of struct lade_line and struct lade_dir_entry. Items of type char *, and strings inside
 * of your own structs, are not copied. A NUL byte follows the items of a list of char, so the list is also a string.
 *
 * Functions that make a container, such as lade_list(), return a *temporary* container. lade_print(), lade_len() and
 * similar functions free a temporary container that is passed to them directly, and do not free a container that is
 * stored in a variable. Declare such a variable with its type and not with __auto_type, because __auto_type also copies
 * the property of being temporary.
 *
 * Sources. An owned generator is run to its end, on the current stack, and freed. A named generator is run to its end,
 * and then has the state LADE_GEN_DONE. (gen.h explains the terms owned and named.) A function that does not need all
 * items (lade_any(), lade_first(), ...) leaves a named generator suspended after the last item that the function
 * needed.
 *
 * Containers as generators. Every macro that takes a generator also takes a container, and so do lade_for_each and
 * lade_yield_from. A container in a variable is only read, and must outlive the generator that reads it. A temporary
 * container is freed after its items have been read. NULL counts as a container without items. A C array is not a
 * container: pass lade_from_array(p, n). The compiler cannot distinguish an array from a container. If a pointer does
 * not point to a container, the error is LADE_EINVAL when items are requested.
 *
 * Errors. Every macro that takes a generator accepts one more argument at the end, a struct lade_error *. If this
 * argument is missing and the macro is used in a generator function, an error is raised in the generator of this
 * function, and its next yield returns from the function. If this argument is missing and the macro is used in another
 * function, an error is passed to the hook of lade_set_unhandled_hook(). After an error the result is NULL or zero.
 *
 * C++. The macros of this header are C only. <lade/lade.hpp> has lade::list(), lade::sum() and other reducers.
 */
#ifndef LADE_COLLECT_H
#define LADE_COLLECT_H

#pragma GCC system_header /* see gen_runtime.h */

#include <stdbool.h>

#include <lade/gen.h>
#include <lade/iter.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Containers -------------------------------------------------------------------------------------------------- */

/*
 * lade_list(g)  - makes a list of the items of g, in order; list() in Python.
 * lade_tuple(g) - makes a tuple of the items. A tuple has the type `const T *` and is printed with round brackets;
 *                 tuple() in Python.
 * lade_set(g)   - makes a set, which contains each different item once, in ascending order. The items are numbers or
 *                 strings; strings are compared by content. (In Python, the order of a set is not defined.)
 * lade_array(g) - makes an array of numbers with one dimension, which is printed as NumPy prints an array.
 *                 lade_reshape() changes its shape.
 *
 * Each macro returns a temporary container, or NULL if g failed or there is no memory. The generator stores its items
 * directly in the container.
 */
#define lade_list(...)  LADE__COLLECT(LADE__LIST, __VA_ARGS__)
#define lade_tuple(...) LADE__COLLECT(LADE__TUPLE, __VA_ARGS__)
#define lade_set(...)   LADE__COLLECT(LADE__SET, __VA_ARGS__)
#define lade_array(...) LADE__COLLECT(LADE__ARRAY, __VA_ARGS__)

/*
 * lade_strings(g) - makes a list with copies of the strings of g. The items of g are const char * or char *. The copies
 * are part of the container.
 */
#define lade_strings(...) LADE__CAT(LADE__STRINGS_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_dict(g, key) - makes a dict of the items of g, which are structs. The member `key` of the struct (a number or a
 *                     string) is the key. Each key occurs once; if several items have the same key, the last item is
 *                     kept. The items are in ascending order of the keys. In Python, dict() makes a dict from pairs.
 *
 * lade_dict_get(d, key, k) - returns a pointer to the item of dict d whose member `key` equals k, or NULL. Cost: a
 * binary search.
 */
#define lade_dict(...)           LADE__CAT(LADE__DICT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_dict_get(d, key, k) LADE__DICT_GET(d, key, k)

/*
 * lade_batched(g, n) - returns a generator of lists of n items each; the last list may be shorter. If n < 1, the error
 *                      is LADE_EINVAL. Each list is a `T *`, which lade_len() accepts, and is valid until the next list
 *                      is requested. Strings are copied. itertools.batched in Python.
 *
 * lade_sample(g, n, seed) - makes a list of n items that are chosen at random from all items of g. Every item has the
 *                           same probability, and the list is in no particular order. If g has fewer than n items, the
 *                           list contains all items. Only n items are in memory at a time, for any length of g
 *                           (Vitter's algorithm R).
 */
#define lade_batched(g, n) LADE__BATCHED(g, n)
#define lade_sample(...)   LADE__CAT(LADE__SAMPLE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_list_auto(T), lade_tuple_auto(T) - declare a variable whose container is freed at the end of the scope.
 * lade_container_free(c) - frees a container. c may be NULL.
 * lade_len(c)            - returns the number of items; 0 for NULL. If c is an array, a number or a generator, the
 *                          compiler reports an error. The compiler cannot distinguish a pointer to plain memory from a
 *                          container, so never pass such a pointer.
 * lade_contains(c, v)    - returns true if v equals one of the items. The items are numbers, strings or pointers;
 *                          strings are compared by content. Cost: a binary search in a set, a linear search in other
 *                          containers.
 */
#define lade_list_auto(T)      lade_cleanup(lade__container_auto_end) __typeof__(T) *
#define lade_tuple_auto(T)     lade_cleanup(lade__container_auto_end) const __typeof__(T) *
#define lade_container_free(c) lade__container_free((void *)(uintptr_t)(c))
#define lade_len(c)            LADE__LEN(c)
#define lade_contains(c, v)    LADE__CONTAINS(c, v)

/*
 * lade_reshape(c, n, ...) - changes the shape of a list or array to the given sizes (at most LADE_MAX_DIMS). One size
 *                           may be -1, and is then computed from the other sizes. The items are not copied: the macro
 *                           returns the same container, which is now an array. reshape() in NumPy.
 *
 * Returns c, which is still temporary if it was temporary before. If the sizes do not fit the number of items, the
 * macro returns NULL, passes the error to the hook of lade_set_unhandled_hook(), and frees c if c is temporary.
 */
#define lade_reshape(c, ...)                                                                                         \
    LADE__SAME_LIFETIME(c,                                                                                           \
                        lade__reshape(LADE__TEMPORARY(c), (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), \
                                      (int64_t[]){__VA_ARGS__}))

/*
 * lade_ndim(c)  - returns the number of dimensions of the container c.
 * lade_shape(c) - returns a pointer to the sizes of the dimensions. The pointer is valid as long as c.
 */
#define lade_ndim(c)  LADE__ASK_CONTAINER("ndim", lade__ndim, c)
#define lade_shape(c) LADE__ASK_CONTAINER("shape", lade__shape, c)

/*
 * lade_print(x)       - writes a container, a number or a string to stdout as Python's print() does, and then a line
 *                       feed: [1, 2], (1, 2), {1, 2}. Arrays are printed as NumPy prints them. Items must be strings,
 *                       or numbers of at most 64 bits; other items are a compile-time error.
 * lade_print_to(f, x) - does the same, but writes to f, a FILE *.
 *
 * Both return LADE_OK, or LADE_EIO if writing failed.
 */
#define lade_print(x)       lade_print_to(stdout, x)
#define lade_print_to(f, x) LADE__PRINT(f, x)

/*
 * lade_to_tensor(c) - makes a tensor that uses the items of a numeric container without a copy. After the call, the
 * tensor owns the container. So if c is a variable, it must not be declared with lade_list_auto.
 * lade_tensor_to_dlpack() passes the tensor to NumPy, PyTorch or JAX.
 *
 * Returns NULL if c is NULL, the items are not numbers, or there is no memory. In these cases, a temporary c is freed,
 * and any other c is unchanged.
 */
#define lade_to_tensor(c) lade__to_tensor(LADE__TEMPORARY(c), lade__dtype(*(c)))

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

/*
 * lade_sum(g)   - returns the sum of all items, which are numbers. The sum has the type long long for signed items,
 *                 unsigned long long for unsigned items, double for float and double, and long double for long double.
 *                 Floating-point items are added in order. If an integer sum does not fit into its type, the error is
 *                 LADE_ELIMIT.
 * lade_min(g)   - returns the least item, a number or string of type T. If g has no items, the error is LADE_EINVAL
 *                 (ValueError in Python).
 * lade_max(g)   - returns the greatest item, of type T. If g has no items, the error is LADE_EINVAL.
 * lade_count(g) - returns the number of items as a long long. The items may have any type.
 *
 * Cost: the generator stores its items in a buffer of 4 KiB. There are no stack switches and no allocations.
 */
#define lade_sum(...)   LADE__CAT(LADE__SUM_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_min(...)   LADE__CAT(LADE__MIN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_max(...)   LADE__CAT(LADE__MAX_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_count(...) LADE__CAT(LADE__COUNT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_any(g) - returns true if an item is neither zero nor NULL. Stops at the first such item.
 * lade_all(g) - returns true if no item is zero or NULL. Stops at the first item that is zero or NULL.
 */
#define lade_any(...) LADE__CAT(LADE__ANY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_all(...) LADE__CAT(LADE__ALL_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_first(g, otherwise)  - returns the first item, or `otherwise` if g has no item; next(g, otherwise) in Python.
 * lade_nth(g, n, otherwise) - returns the item with the index n (the first item has the index 0), or `otherwise`.
 * lade_last(g, otherwise)  - returns the last item, or `otherwise`.
 *
 * lade_first() and lade_nth() request no item after the item that they return. After an error, all three macros return
 * `otherwise`.
 */
#define lade_first(...) LADE__CAT(LADE__FIRST_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_nth(...)   LADE__CAT(LADE__NTH_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_last(...)  LADE__CAT(LADE__LAST_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_reduce(f, g, start) - returns f(... f(f(start, item), item) ..., item). f is a function or a macro. The result
 * has the result type of f. After an error, lade_reduce() returns the result for the items before the error, because
 * this result may be an object that the caller must free. functools.reduce in Python.
 */
#define lade_reduce(...) LADE__CAT(LADE__REDUCE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/* ---- Comprehensions ---------------------------------------------------------------------------------------------- */

/*
 * The clauses of a comprehension are written one after the other, beginning with the outermost loop. An `if (...)` may
 * follow a clause.
 *
 * lade_in(i, n)          - for i in range(n). Declares i, a long.
 * lade_in(i, a, b)       - for i in range(a, b).
 * lade_in(i, a, b, step) - for i in range(a, b, step). step > 0.
 * lade_each(x, g)        - for x in g. Declares x with the item type of g.
 */
#define lade_in(...)    LADE__CAT(LADE__IN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_each(x, g) lade_for_each (x, g)

/*
 * These macros are comprehensions, as [expr clauses] and (expr clauses) in Python. They are evaluated immediately, as
 * plain C loops:
 *
 *     lade_list_of(long, i * i, lade_in(i, 11) if (i <= 5))
 *     lade_array_of(long, i < j ? i * i + j * j : i + j, lade_in(i, 3) lade_in(j, 3))
 *
 * lade_list_of(T, expr, clauses), lade_tuple_of(), lade_set_of(), lade_array_of() - return a temporary container of T.
 * lade_sum_of(T, expr, clauses)           - returns the sum, in type T.
 * lade_count_of(clauses)                  - returns the number of iterations of the innermost loop for which all
 *                                           conditions are true.
 * lade_any_of(expr, clauses)              - returns true if a value of expr is true. Stops at the first such value.
 * lade_all_of(expr, clauses)              - returns true if all values of expr are true. Stops at the first false
 *                                           value.
 * lade_min_of(T, expr, clauses, otherwise), lade_max_of() - return the least or greatest value, or `otherwise` if there
 * is no value.
 */
#define lade_list_of(T, expr, ...)               LADE__OF(LADE__LIST, T, expr, __VA_ARGS__)
#define lade_tuple_of(T, expr, ...)              LADE__OF_AS(const T, LADE__TUPLE, T, expr, __VA_ARGS__)
#define lade_set_of(T, expr, ...)                LADE__OF(LADE__SET, T, expr, __VA_ARGS__)
#define lade_array_of(T, expr, ...)              LADE__OF(LADE__ARRAY, T, expr, __VA_ARGS__)
#define lade_sum_of(T, expr, ...)                LADE__SUM_OF(T, expr, __VA_ARGS__)
#define lade_count_of(...)                       LADE__SUM_OF(long long, 1, __VA_ARGS__)
#define lade_any_of(expr, ...)                   LADE__SEARCH_OF(expr, __VA_ARGS__)
#define lade_all_of(expr, ...)                   ((bool)!LADE__SEARCH_OF(!(expr), __VA_ARGS__))
#define lade_min_of(T, expr, clauses, otherwise) LADE__EXTREME_OF(<, T, expr, clauses, otherwise)
#define lade_max_of(T, expr, clauses, otherwise) LADE__EXTREME_OF(>, T, expr, clauses, otherwise)

/*
 * lade_genexpr(T, name, expr, clauses, type, arg, ...) - defines, at file scope, the generator expression (expr
 * clauses) as a generator function `lade_gen_owned(T) name(type arg, ...)`. Every outside variable that the expression
 * uses must be an argument, which is copied when the function is called. So the call evaluates only the arguments. All
 * other parts of the expression are evaluated when items are requested (PEP 289).
 *
 *     lade_genexpr(long, odd_squares, i * i, lade_in(i, n) if (i % 2), long, n)
 *
 * lade_genexpr_over(T, name, expr, clauses, U, source, type, arg, ...) - does the same for an expression whose
 * outermost iterable is a generator of U. The generator expression owns the generator of U (see lade_generator_over()).
 *
 *     lade_genexpr_over(long, doubled, 2 * x, lade_each(x, g), long, g)
 *
 * lade_genexpr_static(), lade_genexpr_over_static() - define these functions with internal linkage.
 *
 * A yield inside expr is a compile-time error.
 */
#define lade_genexpr(T, name, expr, ...)        LADE__GENEXPR(lade_generator, T, name, expr, __VA_ARGS__)
#define lade_genexpr_static(T, name, expr, ...) LADE__GENEXPR(lade_generator_static, T, name, expr, __VA_ARGS__)
#define lade_genexpr_over(T, name, expr, ...)   LADE__GENEXPR(lade_generator_over, T, name, expr, __VA_ARGS__)
#define lade_genexpr_over_static(T, name, expr, ...) \
    LADE__GENEXPR(lade_generator_over_static, T, name, expr, __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#include <lade/detail/collect_of.h>
#include <lade/detail/collect_reducers.h>
#endif
