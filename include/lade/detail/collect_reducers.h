/*
 * lade/detail/collect_reducers.h - the macros of collect.h that compute one value from all items.
 */
#ifndef LADE_DETAIL_COLLECT_REDUCERS_H
#define LADE_DETAIL_COLLECT_REDUCERS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/collect_containers.h>

#ifndef __cplusplus

#define LADE__SUM_1(source)        LADE__SUM(source, NULL, lade__here())
#define LADE__SUM_2(source, error) LADE__SUM(source, error, NULL)
#define LADE__SUM(source, error, port)                                                                              \
    __extension__({                                                                                                 \
        LADE__BIND(source);                                                                                         \
        LADE__CHECK_ITEMS(lade__source_item, lade__is_number(lade__some(lade__source_item)),                        \
                          "sum: the items must be numbers (no __int128, no _Complex); use reduce for other items"); \
        _Generic(lade__some(lade__source_item), float                                                               \
                 : lade__sum_floating, double                                                                       \
                 : lade__sum_floating, long double                                                                  \
                 : lade__sum_long_double, bool                                                                      \
                 : lade__sum_unsigned, unsigned char                                                                \
                 : lade__sum_unsigned, unsigned short                                                               \
                 : lade__sum_unsigned, unsigned                                                                     \
                 : lade__sum_unsigned, unsigned long                                                                \
                 : lade__sum_unsigned, unsigned long long                                                           \
                 : lade__sum_unsigned, default                                                                      \
                 : lade__sum_signed)(lade__bound, lade__owned, lade__dtype(lade__some(lade__source_item)), error,   \
                                     port);                                                                         \
    })

#define LADE__MIN_1(source)        LADE__EXTREME(-1, source, NULL, lade__here())
#define LADE__MIN_2(source, error) LADE__EXTREME(-1, source, error, NULL)
#define LADE__MAX_1(source)        LADE__EXTREME(1, source, NULL, lade__here())
#define LADE__MAX_2(source, error) LADE__EXTREME(1, source, error, NULL)
#define LADE__EXTREME(sign, source, error, port)                                                                    \
    __extension__({                                                                                                 \
        LADE__BIND(source);                                                                                         \
        LADE__CHECK_ITEMS(lade__source_item, lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_OTHER,      \
                          "min, max: the items must be numbers (no __int128, no _Complex) or strings; use "         \
                          "reduce");                                                                                \
        lade__source_item lade__found = lade__zero(lade__source_item);                                              \
        if (lade__dtype(lade__some(lade__source_item)) == LADE__STRING)                                             \
            *(const char **)(void *)&lade__found = lade__extreme_text(lade__bound, lade__owned, sign, error, port); \
        else                                                                                                        \
            lade__extreme(lade__bound, lade__owned, lade__dtype(lade__some(lade__source_item)), sign, &lade__found, \
                          error, port);                                                                             \
        lade__found;                                                                                                \
    })
#define lade__zero(T) ((T){0})

#define LADE__COUNT_1(source)        LADE__TAKE_IN(source, lade__count, NULL, lade__here())
#define LADE__COUNT_2(source, error) LADE__TAKE_IN(source, lade__count, error, NULL)
#define LADE__TAKE_IN(source, f, ...)             \
    __extension__({                               \
        LADE__BIND(source);                       \
        (void)(lade__source_item *)0;             \
        f(lade__bound, lade__owned, __VA_ARGS__); \
    })

#define LADE__ANY_1(source)        LADE__SEARCH(source, true, NULL, lade__here())
#define LADE__ANY_2(source, error) LADE__SEARCH(source, true, error, NULL)
#define LADE__ALL_1(source)        ((bool)!LADE__SEARCH(source, false, NULL, lade__here()))
#define LADE__ALL_2(source, error) ((bool)!LADE__SEARCH(source, false, error, NULL))
#define LADE__SEARCH(source, wanted, error, port)                                                                   \
    __extension__({                                                                                                 \
        LADE__BIND(source);                                                                                         \
        LADE__CHECK_ITEMS(lade__source_item,                                                                        \
                          lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_OTHER ||                       \
                              lade__is_bytewise(lade__some(lade__source_item)),                                     \
                          "any, all: the items must be numbers (no _Complex) or pointers; map them to bool first"); \
        lade__search(lade__bound, lade__owned, lade__dtype(lade__some(lade__source_item)), wanted, error, port);    \
    })

/* These macros report an error if a call has too few arguments. */
#define LADE__MISSING(form)                                       \
    __extension__({                                               \
        _Static_assert(0, "an argument is missing: write " form); \
        0;                                                        \
    })
#define LADE__FIRST_1(...)  LADE__MISSING("first(g, otherwise)")
#define LADE__LAST_1(...)   LADE__MISSING("last(g, otherwise)")
#define LADE__NTH_2(...)    LADE__MISSING("nth(g, n, otherwise)")
#define LADE__REDUCE_2(...) LADE__MISSING("reduce(f, g, start)")
#define LADE__SAMPLE_2(...) LADE__MISSING("sample(g, n, seed)")
#define LADE__DICT_1(...)   LADE__MISSING("dict(g, key)")

#define LADE__FIRST_2(source, otherwise)         LADE__PICK(source, 0, otherwise, NULL, lade__here())
#define LADE__FIRST_3(source, otherwise, error)  LADE__PICK(source, 0, otherwise, error, NULL)
#define LADE__NTH_3(source, n, otherwise)        LADE__PICK(source, n, otherwise, NULL, lade__here())
#define LADE__NTH_4(source, n, otherwise, error) LADE__PICK(source, n, otherwise, error, NULL)
#define LADE__LAST_2(source, otherwise)          LADE__PICK(source, -1, otherwise, NULL, lade__here())
#define LADE__LAST_3(source, otherwise, error)   LADE__PICK(source, -1, otherwise, error, NULL)
#define LADE__PICK(source, n, otherwise, error, port)                                                           \
    __extension__({                                                                                             \
        LADE__BIND(source);                                                                                     \
        lade__source_item lade__otherwise = (otherwise), lade__found = lade__otherwise;                         \
        lade__nth_item(lade__bound, lade__owned, n, &lade__found, error, port) ? lade__found : lade__otherwise; \
    })

#define LADE__REDUCE_3(f, source, start)        LADE__REDUCE(LADE__FOLD, f, source, start, NULL, lade__here())
#define LADE__REDUCE_4(f, source, start, error) LADE__REDUCE(LADE__FOLD, f, source, start, error, NULL)
#define LADE__FOLD(f, so_far, item)             f(so_far, item)
/* The result has the type of f(start, item). So reduce(add, doubles, 0) computes its sums as double and not as int. The
   argument `fold` is a macro that calls f. For reduce_with(), this macro also passes the context to f. */
#define LADE__REDUCE(fold, f, source, start, error, port)                                                             \
    __extension__({                                                                                                   \
        LADE__BIND(source);                                                                                           \
        struct lade_error *lade__err = (error);                                                                       \
        struct lade_port *lade__err_port = (port);                                                                    \
        __auto_type lade__start = (start);                                                                            \
        __typeof__(fold(f, lade__start, lade__some(lade__source_item))) lade__so_far = lade__start;                   \
        __auto_type lade__reduced = lade__source; /* LADE__LOOP declares another lade__source */                      \
        enum {                                                                                                        \
            lade__class = lade__item_class(lade__some(lade__source_item)) >= LADE__TEXTS                              \
                              ? (int)lade__item_class(lade__so_far)                                                   \
                              : (int)LADE__OTHERS                                                                     \
        };                                                                                                            \
        char *lade__copy = NULL;                                                                                      \
        LADE__LOOP(lade__one, lade__reduced, lade__err, lade__err_port) {                                             \
            lade__so_far = fold(f, lade__so_far, lade__one);                                                          \
            if (lade__class >= LADE__TEXTS && lade__reduce_own(&lade__so_far, lade__class, &lade__copy, &lade__loop)) \
                break;                                                                                                \
        }                                                                                                             \
        if (lade__class >= LADE__TEXTS && lade__reduce_end(&lade__so_far, lade__class, &lade__copy))                  \
            lade__reduce_failed(lade__err, lade__err_port);                                                           \
        lade__so_far;                                                                                                 \
    })

#endif /* __cplusplus */

#endif
