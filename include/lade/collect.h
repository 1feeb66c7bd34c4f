/*
 * lade/collect.h - what a generator becomes: lists, tuples, sets, dicts, arrays, and single numbers.
 *
 *     lade_list_auto(long) l = lade_list(nsquared(10));
 *     printf("%ld of %zu\n", l[3], lade_len(l));
 *     lade_print(lade_tuple(nsquared(10)));                     // (100, 81, 64, ..., 1)
 *     long long s = lade_sum(nsquared(1000000));                // no stack, no switch, no list
 *     lade_list_auto(long) even = lade_list_of(long, i * i, lade_in(i, 11) if (i % 2 == 0));
 *
 * A container is a plain pointer to its items, `T *`, so `l[i]` and every C function work on it; length, kind and shape
 * lie hidden in front of the items. It is given back by lade_container_free() or by declaring the variable with
 * lade_list_auto(T); never by free(). What these functions return is *temporary*: lade_print(), lade_len() and the like
 * free a temporary container they are given directly, and leave one that a variable holds alone. (Declare that variable
 * with its type: one declared with __auto_type would still count as temporary.)
 *
 * Sources: an owned generator is drained in place, as a call, and freed; a named one is drained and left DONE, or, where
 * not all is asked for (lade_any, lade_first, ...), left where it stands.
 *
 * Errors: every form that takes a generator takes a struct lade_error * as one more, last argument. Without it an error
 * inside a generator body becomes the body's own (its next yield returns), elsewhere it goes to the hook of
 * lade_set_unhandled_hook(). The value is then NULL or zero.
 */
#ifndef LADE_COLLECT_H
#define LADE_COLLECT_H

#include <stdbool.h>

#include <lade/gen.h>
#include <lade/iter.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Containers -------------------------------------------------------------------------------------------------- */

/*
 * lade_list(g)  - the items of g in order. Python's list().
 * lade_tuple(g) - the same as `const T *`, printed with round brackets. Python's tuple().
 * lade_set(g)   - each item once, ascending; T is a number or a string (compared by content). Python's set(), which has
 *                 no order of its own.
 * lade_array(g) - the same as lade_list() for numbers, one dimension, printed as NumPy does; lade_reshape() it.
 *
 * Return a temporary container, or NULL: g failed, or LADE_ENOMEM. Cost: the items are stored straight into the container.
 */
#define lade_list(...)  LADE__COLLECT(LADE__LIST, __VA_ARGS__)
#define lade_tuple(...) LADE__COLLECT(LADE__TUPLE, __VA_ARGS__)
#define lade_set(...)   LADE__COLLECT(LADE__SET, __VA_ARGS__)
#define lade_array(...) LADE__COLLECT(LADE__ARRAY, __VA_ARGS__)

/*
 * lade_strings(g) - a list of copies of the strings g gives, for generators whose strings live only until the next one
 * is asked for, as most that read files do: lade_list() would keep the pointers. Texts and pointers are one container.
 */
#define lade_strings(...) LADE__CAT(LADE__STRINGS_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_dict(g, key) - the items of g, structs, one for each value of their member `key` (a number or a string): the
 * last one wins; in ascending order of the keys. Python's dict() of pairs.
 *
 * lade_dict_get(d, key, k) - pointer to the item of dict d whose member `key` is k, or NULL. Cost: a binary search.
 */
#define lade_dict(...)           LADE__CAT(LADE__DICT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_dict_get(d, key, k) LADE__DICT_GET(d, key, k)

/*
 * lade_batched(g, n) - a generator of lists of n items each, the last one shorter, n >= 1: `T *` with a lade_len(),
 * each until the next is asked for. Of strings it has copies. itertools.batched.
 *
 * lade_sample(g, n, seed) - a list of n items chosen at random from all of g, each as likely as every other, in no
 * particular order; all of them where g has less. Holds n items, whatever g gives (Vitter's algorithm R).
 */
#define lade_batched(g, n) LADE__TO(lade__item(g) *, g, lade__batched, n, LADE__ITEM_TYPE(g) == LADE__STRING)
#define lade_sample(...)   LADE__CAT(LADE__SAMPLE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_list_auto(T), lade_tuple_auto(T) - declares a container variable that is given back at the end of its scope.
 * lade_container_free(c)  - give a container back; NULL is fine.
 * lade_len(c)         - its number of items; 0 for NULL. Python's len().
 * lade_contains(c, v) - is v among the items? By value; strings by content. Binary search in a set, else linear.
 */
#define lade_list_auto(T)      lade_cleanup(lade__container_auto_end) __typeof__(T) *
#define lade_tuple_auto(T)     lade_cleanup(lade__container_auto_end) const __typeof__(T) *
#define lade_container_free(c) lade__container_free((void *)(uintptr_t)(c))
#define lade_len(c)            lade__len(LADE__TEMPORARY(c))
#define lade_contains(c, v)    LADE__CONTAINS(c, v)

/*
 * lade_reshape(c, n, ...) - give a list or array another shape, up to LADE_MAX_DIMS sizes, one of which may be -1;
 * NumPy's reshape. The items stay where they are and are not copied: the same container comes back, now an array.
 *
 * Returns c, temporary if c was; NULL (and a temporary c is freed) where the number of items differs; that is told to the hook.
 */
#define lade_reshape(c, ...)                                                                                         \
    LADE__SAME_LIFETIME(c,                                                                                           \
                        lade__reshape(LADE__TEMPORARY(c), (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), \
                                      (int64_t[]){__VA_ARGS__}))

/*
 * lade_ndim(c), lade_shape(c) - the dimensions, and their sizes (borrowed from c).
 */
#define lade_ndim(c)  lade__ndim(c)
#define lade_shape(c) lade__shape(c)

/*
 * lade_print(x) - write a container, a number or a string to stdout, as Python's print() writes it: [1, 2], (1, 2), {1,
 * 2}, NumPy's form for arrays; a line feed. lade_print_to(f, x) - the same to a FILE *.
 *
 * Return LADE_OK, or LADE_EIO: writing failed. Items are numbers or strings.
 */
#define lade_print(x)       lade_print_to(stdout, x)
#define lade_print_to(f, x) LADE__PRINT(f, x)

/*
 * lade_to_tensor(c) - a tensor over the items of a numeric container, without a copy; it owns the container from now
 * on, also a named one, which must not be lade_list_auto. lade_tensor_to_dlpack() hands it to NumPy, PyTorch, JAX.
 *
 * Returns NULL: c is NULL, its items are no numbers, or no memory; then c is as it was (a temporary one is freed).
 */
#define lade_to_tensor(c) lade__to_tensor(LADE__TEMPORARY(c), lade__dtype(*(c)))

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

/*
 * lade_sum(g)   - the sum of all items: long long for signed items, unsigned long long for unsigned ones, double for
 *                 floating ones (added in order). An integer sum that does not fit is an error, LADE_ELIMIT.
 * lade_min(g), lade_max(g) - the least and the greatest item, type T; of none: error LADE_EINVAL, as Python's
 * ValueError. lade_count(g) - how many items, as long long.
 *
 * T is a number; lade_count takes any. Cost: the body stores into a buffer of a few KiB, no switch, no allocation.
 */
#define lade_sum(...)   LADE__CAT(LADE__SUM_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_min(...)   LADE__CAT(LADE__MIN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_max(...)   LADE__CAT(LADE__MAX_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_count(...) LADE__CAT(LADE__COUNT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_any(g), lade_all(g) - is one item, are all items other than zero (NULL)? Stop at the first that tells, and ask
 * for no item beyond it.
 */
#define lade_any(...) LADE__CAT(LADE__ANY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_all(...) LADE__CAT(LADE__ALL_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_first(g, otherwise)  - the first item, or `otherwise` if there is none. next(g, otherwise).
 * lade_nth(g, n, otherwise) - the item n, from 0.
 * lade_last(g, otherwise)   - the last item.
 *
 * lade_first and lade_nth ask for no item beyond theirs. After an error: `otherwise`.
 */
#define lade_first(...) LADE__CAT(LADE__FIRST_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_nth(...)   LADE__CAT(LADE__NTH_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_last(...)  LADE__CAT(LADE__LAST_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/*
 * lade_reduce(f, g, start) - f(... f(f(start, item), item) ..., item); f is a function or a macro, the type is that of
 * start. After an error: of the items before it, for it may be an object that somebody has to free. functools.reduce.
 */
#define lade_reduce(...) LADE__CAT(LADE__REDUCE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)

/* ---- Comprehensions ---------------------------------------------------------------------------------------------- */

/*
 * Clauses of a comprehension, written one after the other, outermost first, with plain `if (...)` between them:
 *
 * lade_in(i, n)    - for i in range(n); declares i, a long.
 * lade_in(i, a, b) and lade_in(i, a, b, step) - range(a, b[, step]), step > 0.
 * lade_each(x, g)  - for x in g; declares x with g's item type.
 */
#define lade_in(...)    LADE__CAT(LADE__IN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_each(x, g) lade_for_each (x, g)

/*
 * [expr clauses], (expr clauses), ... evaluated at once, as plain C loops:
 *
 *     lade_list_of(long, i * i, lade_in(i, 11) if (i <= 5))
 *     lade_array_of(long, i < j ? i * i + j * j : i + j, lade_in(i, 3) lade_in(j, 3))
 *
 * lade_list_of(T, expr, clauses), lade_tuple_of, lade_set_of, lade_array_of - temporary containers of T, as above.
 * lade_sum_of(T, expr, clauses)           - the sum, in type T.
 * lade_count_of(clauses)                  - how often the innermost clause is reached.
 * lade_any_of(expr, clauses), lade_all_of - bool; leave the loops as soon as it is clear.
 * lade_min_of(T, expr, clauses, otherwise), lade_max_of - the extreme, or `otherwise` of nothing.
 */
#define lade_list_of(T, expr, ...)               LADE__OF(LADE__LIST, T, expr, __VA_ARGS__)
#define lade_tuple_of(T, expr, ...)              LADE__OF_AS(const T, LADE__TUPLE, T, expr, __VA_ARGS__)
#define lade_set_of(T, expr, ...)                LADE__OF(LADE__SET, T, expr, __VA_ARGS__)
#define lade_array_of(T, expr, ...)              LADE__OF(LADE__ARRAY, T, expr, __VA_ARGS__)
#define lade_sum_of(T, expr, ...)                LADE__SUM_OF(T, expr, __VA_ARGS__)
#define lade_count_of(...)                       LADE__SUM_OF(long long, 1, __VA_ARGS__)
#define lade_any_of(expr, ...)                   LADE__SEARCH_OF(expr, __VA_ARGS__)
#define lade_all_of(expr, ...)                   (!LADE__SEARCH_OF(!(expr), __VA_ARGS__))
#define lade_min_of(T, expr, clauses, otherwise) LADE__EXTREME_OF(<, T, expr, clauses, otherwise)
#define lade_max_of(T, expr, clauses, otherwise) LADE__EXTREME_OF(>, T, expr, clauses, otherwise)

/*
 * lade_genexpr(T, name, expr, clauses, type, arg, ...) - at file scope: a generator expression, (expr clauses), as a
 * generator function `lade_gen_owned(T) name(type arg, ...)`. What it uses from outside are its arguments, captured by
 * value when it is called; so the outermost iterable, an argument, is evaluated at once, all the rest lazily (PEP 289).
 *
 *     lade_genexpr(long, odd_squares, i * i, lade_in(i, n) if (i % 2), long, n)
 *
 * lade_genexpr_over(T, name, expr, clauses, U, source, type, arg, ...) - the same over a generator of U, which it owns
 * (see lade_generator_over()).
 *
 *     lade_genexpr_over(long, doubled, 2 * x, lade_each(x, g), long, g)
 *
 * lade_genexpr_static(), lade_genexpr_over_static() - with internal linkage. A yield inside expr is refused.
 */
#define lade_genexpr(T, name, expr, ...)        LADE__GENEXPR(lade_generator, T, name, expr, __VA_ARGS__)
#define lade_genexpr_static(T, name, expr, ...) LADE__GENEXPR(lade_generator_static, T, name, expr, __VA_ARGS__)
#define lade_genexpr_over(T, name, expr, ...)   LADE__GENEXPR(lade_generator_over, T, name, expr, __VA_ARGS__)
#define lade_genexpr_over_static(T, name, expr, ...) \
    LADE__GENEXPR(lade_generator_over_static, T, name, expr, __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#include <lade/collect_detail.h>
#endif
