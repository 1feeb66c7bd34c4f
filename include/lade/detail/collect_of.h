/*
 * lade/detail/collect_of.h - the comprehensions of collect.h, and generator expressions.
 */
#ifndef LADE_DETAIL_COLLECT_OF_H
#define LADE_DETAIL_COLLECT_OF_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/collect_containers.h>

#ifndef __cplusplus

#define LADE__IN_2(i, n)          for (long i = 0, lade__end_##i = (n); i < lade__end_##i; i++)
#define LADE__IN_3(i, a, b)       for (long i = (a), lade__end_##i = (b); i < lade__end_##i; i++)
#define LADE__IN_4(i, a, b, step) for (long i = (a), lade__end_##i = (b); i < lade__end_##i; i += (step))

/* R is T, or const T for a container of const items. */
#define LADE__OF(container, T, expr, ...) LADE__OF_AS(T, container, T, expr, __VA_ARGS__)
#define LADE__OF_AS(R, container, T, expr, ...)                                                               \
    __extension__({                                                                                           \
        struct lade__builder lade__b = {.item_size = sizeof(__typeof__(T)), .kind = container};               \
        __VA_ARGS__ {                                                                                         \
            __typeof__(T) lade__value = (expr);                                                               \
            if (__builtin_expect(lade__b.p != lade__b.end, 1) || !lade__builder_grow(&lade__b)) {             \
                memcpy(lade__b.p, &lade__value, sizeof lade__value);                                          \
                if (lade__item_class(lade__value) >= LADE__TEXTS)                                             \
                    lade__builder_own(&lade__b, lade__b.p, lade__item_class(lade__value));                    \
                lade__b.p += sizeof lade__value;                                                              \
            }                                                                                                 \
        }                                                                                                     \
        LADE__AS_TEMPORARY(                                                                                   \
            R, lade__builder_finish(&lade__b, lade__comparator_of(lade__some(__typeof__(T))), lade__here())); \
    })

#define LADE__SUM_OF(T, expr, ...)          \
    __extension__({                         \
        __typeof__(T) lade__so_far = 0;     \
        __VA_ARGS__ lade__so_far += (expr); \
        lade__so_far;                       \
    })

#define LADE__SEARCH_OF(expr, ...) \
    __extension__({                \
        __label__ lade__out;       \
        bool lade__found = false;  \
        __VA_ARGS__ if (expr) {    \
            lade__found = true;    \
            goto lade__out;        \
        }                          \
    lade__out:;                    \
        lade__found;               \
    })

#define LADE__EXTREME_OF(before, T, expr, clauses, otherwise) \
    __extension__({                                           \
        __typeof__(T) lade__found = (otherwise);              \
        bool lade__any = false;                               \
        clauses {                                             \
            __typeof__(T) lade__value = (expr);               \
            if (!lade__any || lade__value before lade__found) \
                lade__found = lade__value;                    \
            lade__any = true;                                 \
        }                                                     \
        lade__found;                                          \
    })

/* The arguments after expr are the clauses, and then a type and a name for each outside variable. The expression is
   compiled in a scope in which `yield` is a compile-time error. */
#define LADE__GENEXPR(define, T, name, expr, ...) \
    LADE__CAT(LADE__GENEXPR_, LADE__ONE_OR_MORE(__VA_ARGS__))(define, T, name, expr, __VA_ARGS__)
#define LADE__ONE_OR_MORE(...)                                                                                         \
    LADE__NARG_(__VA_ARGS__, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, \
                MORE, MORE, MORE, MORE, ONE, )
#define LADE__GENEXPR_ONE(define, T, name, expr, clauses) define(T, name) LADE__GENEXPR_BODY(T, expr, clauses)
#define LADE__GENEXPR_MORE(define, T, name, expr, clauses, ...) \
    define(T, name, __VA_ARGS__) LADE__GENEXPR_BODY(T, expr, clauses)
#define LADE__GENEXPR_BODY(T, expr, clauses)                                                               \
    {                                                                                                      \
        clauses {                                                                                          \
            lade_yield(__extension__({                                                                     \
                __typeof__(T) lade__one;                                                                   \
                {                                                                                          \
                    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"") struct { \
                        int a_generator_expression_cannot_yield;                                           \
                    } LADE__PULLED;                                                                        \
                    _Pragma("GCC diagnostic pop")(void) sizeof(LADE__PULLED);                              \
                    lade__one = (expr);                                                                    \
                }                                                                                          \
                lade__one;                                                                                 \
            }));                                                                                           \
        }                                                                                                  \
    }

#endif /* __cplusplus */

#endif
