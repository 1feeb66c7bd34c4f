/*
 * lade/detail/gen_consume.h - the macros that resume a generator in C, such as lade_next() and lade_for_each().
 * gen_macros.hpp defines the same macros for C++.
 */
#ifndef LADE_DETAIL_GEN_CONSUME_H
#define LADE_DETAIL_GEN_CONSUME_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/gen_arguments.h>
#include <lade/detail/gen_source.h>

#ifndef __cplusplus

/* ---- For consumers ----------------------------------------------------------------------------------------------- */

#define LADE__NEXT(g) ((lade__item(g) *)lade__next(lade__named(g)))
#define LADE__SEND(g, ...)                                             \
    __extension__({                                                    \
        lade__item(g) lade__value = (__VA_ARGS__);                     \
        (lade__item(g) *)lade__gen_send(lade__named(g), &lade__value); \
    })
#define LADE__THROW(g, ...) ((lade__item(g) *)lade__gen_throw(lade__named(g), __VA_ARGS__))

#define LADE__FOR_EACH(...) LADE__CAT(LADE__FOR_EACH_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define LADE__FOR_EACH_1(g)                                                                                \
    _Static_assert(0, "for_each (x, g): the name of the loop's variable comes first, then the generator"); \
    while (0)
#define LADE__FOR_EACH_4(...)                                                                  \
    _Static_assert(0, "too many arguments: write for_each (x, g) or for_each (x, g, &error)"); \
    while (0)
#define LADE__FOR_EACH_2(x, source)        LADE__LOOP(x, source, NULL, lade__here())
#define LADE__FOR_EACH_3(x, source, error) LADE__LOOP(x, source, error, NULL)
/* If the source contains an error, the variable of the loop has the type long, so that its uses cause few other errors.
   */
#define lade__loop_item(g) __typeof__(*lade__select(lade__is_item(lade__item(g)), (lade__item(g) *)0, (long *)0))
/* The outermost loop runs once. It only declares a variable for the source, so that the argument @source is expanded
   once. */
#define LADE__LOOP(x, source, error, port)                                                                 \
    for (__auto_type lade__source = LADE__BOUND(source); (uintptr_t)lade__source != 1;                     \
         lade__source = (void *)(uintptr_t)1)                                                              \
        for (lade_cleanup(lade__loop_end) struct lade_loop lade__loop =                                    \
                 lade__loop_start(lade__untyped(lade__source), lade__is_owned(lade__source), error, port); \
             lade__loop.item; lade__loop.item = NULL)                                                      \
            for (__attribute__((unused)) lade__loop_item(lade__source) x, *lade__item_at,                  \
                 **lade__looped = (void *)lade__loop.g;                                                    \
                 (lade__item_at = __extension__({                                                          \
                      struct lade_gen *lade__g = (void *)lade__looped;                                     \
                      void *lade__next_item = lade__next_at(&lade__g, &lade__loop.g);                      \
                      lade__looped = (void *)lade__g;                                                      \
                      lade__next_item;                                                                     \
                  }))                                                                                      \
                     ? ((x) = *lade__item_at, 1)                                                           \
                     : (lade__loop.item = NULL, 0);)

#endif /* __cplusplus */

#endif
