/*
 * lade/iter.h - sources and combinators: generators out of generators, as in Python's itertools.
 *
 *     lade_for_each (x, lade_take(lade_drop(fib(), 10), 5))
 *         printf("%ld\n", x);
 *
 * All are lazy: nothing is asked of a source before somebody asks for an item. All are typed: lade_take() of a
 * lade_gen(T) is a lade_gen_fresh(T). A fresh source is owned by the combinator, which closes and frees it; a named one
 * is borrowed and can go on afterwards. All return NULL where there is no memory (and free fresh sources), which every
 * consumer takes for a generator that ended with LADE_ENOMEM. Errors of a source come out of the combinator.
 *
 * <lade/short_iter.h> gives the words without the prefix.
 */
#ifndef LADE_ITER_H
#define LADE_ITER_H

#include <lade/gen.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * lade_take(g, n) - the first n items; less if g has less, none for n <= 0. itertools.islice(g, n).
 * lade_drop(g, n) - all but the first n items. islice(g, n, None).
 * lade_step(g, n) - the first item and then every nth, n >= 1. islice(g, 0, None, n).
 *
 * lade_take never asks for an item more than n; a named g goes on behind them.
 */
#define lade_take(g, n) LADE__LINEAR(g, lade__take, n)
#define lade_drop(g, n) LADE__LINEAR(g, lade__drop_items, n)
#define lade_step(g, n) LADE__LINEAR(g, lade__step, n)

/* ---- Machinery: private
 * ---------------------------------------------------------------------------------------------- */

LADE_API struct lade_gen *lade__take(struct lade_gen *g, int fresh, int64_t n);
LADE_API struct lade_gen *lade__drop_items(struct lade_gen *g, int fresh, int64_t n);
LADE_API struct lade_gen *lade__step(struct lade_gen *g, int fresh, int64_t n);

/* f(g, is it fresh?, ...) as a generator of the same items; g is evaluated once. */
#define LADE__LINEAR(g, f, ...)          LADE__LINEAR_(LADE__CAT(lade__source_, __COUNTER__), g, f, __VA_ARGS__)
#define LADE__LINEAR_(source, g, f, ...) LADE__LINEAR__(source, g, f, __VA_ARGS__)
#define LADE__LINEAR__(source, g, f, ...)                                                                           \
    __extension__({                                                                                                 \
        __auto_type source = (g);                                                                                   \
        (lade_gen_fresh(lade__item(source)))(void *) f(lade__untyped(source), lade__is_fresh(source), __VA_ARGS__); \
    })

#ifdef __cplusplus
}
#endif
#endif
