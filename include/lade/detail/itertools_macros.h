/*
 * lade/detail/itertools_macros.h - the implementation of the macros of itertools.h. This header is private.
 */
#ifndef LADE_DETAIL_ITERTOOLS_MACROS_H
#define LADE_DETAIL_ITERTOOLS_MACROS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/itertools_functions.h>

#ifndef __cplusplus

/* These variables are never defined. See lade__no_generator in iter_stages.h. */
extern lade__no_generator lade_split_at, lade_split_before, lade_split_after, lade_split_when, lade_product_repeat,
    lade_combinations, lade_combinations_with_replacement, lade_powerset, lade_circular_shifts, lade_partitions,
    lade_filterfalse, lade_compress, lade_intersperse, lade_prepend, lade_filter_with, lade_take_while_with,
    lade_drop_while_with, lade_map_with, lade_chain_all, lade_interleave_all, lade_merge_all, lade_merge_by,
    lade_zip_longest, lade_enumerate_from, lade_peekable, lade_seekable;

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

/* Declares the variable lade__by, which describes keys of type T. */
#define LADE__KEYS(word, call, f, T)                                                                             \
    const struct lade__by lade__by = {call, f, sizeof(T), lade__comparator_for((enum lade__type)lade__key_type), \
                                      (enum lade__type)lade__key_type};                                          \
    LADE__CHECK_ITEMS(lade__source_item, lade__key_type != LADE__TYPE_OTHER,                                     \
                      word ": the keys must be numbers or strings; pass a key function as the first argument")
#define LADE__BY_ITEM(word)                                                 \
    enum { lade__key_type = lade__type_of(lade__some(lade__source_item)) }; \
    LADE__KEYS(word, NULL, NULL, lade__source_item)
#define LADE__BY_FUNCTION(word, f)                                                                                    \
    LADE__CALL(f);                                                                                                    \
    typedef lade__parameter(lade__source_item) lade__argument;                                                        \
    typedef lade__result_of(lade__called, lade__argument) lade__result;                                               \
    enum { lade__key_type = lade__result_type_of(lade__called, lade__argument) };                                     \
    LADE__CHECK_FUNCTION(lade__source_item, lade__is_item(lade__result),                                              \
                         word ": write the key function as U f(T) if the items are numbers or strings, else as "      \
                              "U f(const T *); T must be exactly the item type, and U a number or string");           \
    LADE__KEYS(word, lade__mapper_for(lade__type_of(lade__some(lade__source_item)), (enum lade__type)lade__key_type), \
               LADE__CALLED, lade__result)

/* ---- Sorting ----------------------------------------------------------------------------------------------------- */

#define LADE__SORTED_1(g)              LADE__SORTED(LADE__BY_ITEM("sorted"), g, NULL, lade__here())
#define LADE__SORTED_2(g, error)       LADE__SORTED(LADE__BY_ITEM("sorted"), g, error, NULL)
#define LADE__SORTED_BY_2(f, g)        LADE__SORTED(LADE__BY_FUNCTION("sorted_by", f), g, NULL, lade__here())
#define LADE__SORTED_BY_3(f, g, error) LADE__SORTED(LADE__BY_FUNCTION("sorted_by", f), g, error, NULL)
#define LADE__SORTED(by, g, error, port)                                                                       \
    __extension__({                                                                                            \
        LADE__BIND(g);                                                                                         \
        by;                                                                                                    \
        LADE__AS_TEMPORARY(lade__source_item, lade__sorted(lade__bound, lade__owned, &lade__by, error, port)); \
    })

#define LADE__REVERSED_1(g)        LADE__REVERSED(g, NULL, lade__here())
#define LADE__REVERSED_2(g, error) LADE__REVERSED(g, error, NULL)
#define LADE__REVERSED(g, error, port)                                                                \
    __extension__({                                                                                   \
        LADE__BIND(g);                                                                                \
        LADE__AS_TEMPORARY(lade__source_item, lade__reversed(lade__bound, lade__owned, error, port)); \
    })

#define LADE__MIN_BY_2(f, g)        LADE__BEST(-1, f, g, NULL, lade__here())
#define LADE__MIN_BY_3(f, g, error) LADE__BEST(-1, f, g, error, NULL)
#define LADE__MAX_BY_2(f, g)        LADE__BEST(1, f, g, NULL, lade__here())
#define LADE__MAX_BY_3(f, g, error) LADE__BEST(1, f, g, error, NULL)
#define LADE__BEST(sign, f, g, error, port)                                               \
    __extension__({                                                                       \
        LADE__BIND(g);                                                                    \
        LADE__BY_FUNCTION("min_by, max_by", f);                                           \
        lade__source_item lade__found;                                                    \
        memset(&lade__found, 0, sizeof lade__found);                                      \
        lade__best(lade__bound, lade__owned, &lade__by, sign, &lade__found, error, port); \
        lade__found;                                                                      \
    })

#define LADE__COUNTER_4(S, item, count, g)        LADE__COUNTER(S, item, count, g, NULL, lade__here())
#define LADE__COUNTER_5(S, item, count, g, error) LADE__COUNTER(S, item, count, g, error, NULL)
#define LADE__COUNTER(S, item, count, g, error, port)                                                         \
    __extension__({                                                                                           \
        LADE__BIND(g);                                                                                        \
        LADE__BY_ITEM("counter");                                                                             \
        LADE__REQUIRE(lade__is_same(__typeof__(((S *)0)->item), lade__source_item) ||                         \
                          !lade__is_item(lade__source_item),                                                  \
                      "counter(S, item, count, g): the member `item` of S must have the type of the items");  \
        LADE__REQUIRE(lade__is_same(__typeof__(((S *)0)->count), long),                                       \
                      "counter(S, item, count, g): the member `count` of S must have the type long");         \
        const struct lade__tally lade__tally = {sizeof(S), offsetof(S, item), offsetof(S, count)};            \
        LADE__AS_TEMPORARY(S, lade__counter(lade__bound, lade__owned, &lade__by, &lade__tally, error, port)); \
    })

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

#define LADE__GROUPBY_1(g)    LADE__GROUPBY(LADE__BY_ITEM("groupby"), g)
#define LADE__GROUPBY_2(f, g) LADE__GROUPBY(LADE__BY_FUNCTION("groupby", f), g)
#define LADE__GROUPBY(by, g)                                          \
    __extension__({                                                   \
        LADE__BIND(g);                                                \
        by;                                                           \
        LADE__COMBINE(lade__source_item *, lade__groupby, &lade__by); \
    })

#define LADE__SPLIT(how, f, g)                                                                            \
    __extension__({                                                                                       \
        LADE__BIND(g);                                                                                    \
        LADE__CALL(f);                                                                                    \
        LADE__CHECK_FUNCTION(lade__source_item, lade__is_predicate(lade__called, lade__source_item),      \
                             "write the function as bool f(T) if the items are numbers or strings, else " \
                             "as bool f(const T *); T must be exactly the item type");                    \
        LADE__COMBINE(lade__checked(lade__source_item) *, lade__split, how,                               \
                      lade__predicate_of(lade__called, lade__source_item), LADE__CALLED);                 \
    })
#define LADE__SPLIT_WHEN_(f, g)                                                                                \
    __extension__({                                                                                            \
        LADE__BIND(g);                                                                                         \
        bool (*lade__pair)(lade__source_item const *, lade__source_item const *) = (f);                        \
        LADE__COMBINE(lade__source_item *, lade__split, LADE__SPLIT_WHEN, NULL, (lade__function *)lade__pair); \
    })

#define LADE__EVERSEEN_1(g)    LADE__UNIQUE(lade__unique_everseen, LADE__BY_ITEM("unique_everseen"), g)
#define LADE__EVERSEEN_2(f, g) LADE__UNIQUE(lade__unique_everseen, LADE__BY_FUNCTION("unique_everseen", f), g)
#define LADE__JUSTSEEN_1(g)    LADE__UNIQUE(lade__unique_justseen, LADE__BY_ITEM("unique_justseen"), g)
#define LADE__JUSTSEEN_2(f, g) LADE__UNIQUE(lade__unique_justseen, LADE__BY_FUNCTION("unique_justseen", f), g)
#define LADE__UNIQUE(combinator, by, g)                          \
    __extension__({                                              \
        LADE__BIND(g);                                           \
        by;                                                      \
        LADE__COMBINE(lade__source_item, combinator, &lade__by); \
    })

/* ---- Combinations ------------------------------------------------------------------------------------------------ */

#define LADE__COMBINATIONS(how, g, r)                                    \
    __extension__({                                                      \
        LADE__BIND(g);                                                   \
        LADE__COMBINE(const lade__source_item *, lade__combine, how, r); \
    })
#define LADE__PERMUTATIONS_1(g)    LADE__COMBINATIONS(LADE__ALL_PERMUTATIONS, g, 0)
#define LADE__PERMUTATIONS_2(g, r) LADE__COMBINATIONS(LADE__PERMUTATIONS, g, r)

#define LADE__DISTINCT_1(g)    LADE__DISTINCT(LADE__ALL_DISTINCT_PERMUTATIONS, g, 0)
#define LADE__DISTINCT_2(g, r) LADE__DISTINCT(LADE__DISTINCT_PERMUTATIONS, g, r)
#define LADE__DISTINCT(how, g, r)                                                            \
    __extension__({                                                                          \
        LADE__BIND(g);                                                                       \
        LADE__BY_ITEM("distinct_permutations");                                              \
        LADE__COMBINE(const lade__source_item *, lade__combine_distinct, how, r, &lade__by); \
    })
#define LADE__SET_PARTITIONS_1(g)    LADE__PARTITION(LADE__SET_PARTITIONS, g, 0)
#define LADE__SET_PARTITIONS_2(g, k) LADE__PARTITION(LADE__SET_PARTITIONS_OF, g, k)
#define LADE__PARTITION(how, g, k)                                    \
    __extension__({                                                   \
        LADE__BIND(g);                                                \
        LADE__COMBINE(lade__source_item **, lade__partition, how, k); \
    })

#define LADE__PRODUCT_(...) \
    LADE__PRODUCT_OF(LADE__CAT(LADE__EACH_, LADE__NARG(__VA_ARGS__)), LADE__NARG(__VA_ARGS__), __VA_ARGS__)
#define LADE__PRODUCT_OF(each, n, ...)                                                        \
    __extension__({                                                                           \
        each(LADE__BIND_SOURCE, __VA_ARGS__) each(LADE__CHECK_SAME, __VA_ARGS__)              \
            const struct lade_input lade__inputs[] = {each(LADE__INPUT, __VA_ARGS__)};        \
        (lade_gen_owned(const lade__source_item_1 *))(void *) lade__product(lade__inputs, n); \
    })

/* ---- Other generators -------------------------------------------------------------------------------------------- */

#define LADE__NUMERIC_RANGE_1(stop)              lade__numeric_range(0, stop, 1)
#define LADE__NUMERIC_RANGE_2(start, stop)       lade__numeric_range(start, stop, 1)
#define LADE__NUMERIC_RANGE_3(start, stop, step) lade__numeric_range(start, stop, step)

#define LADE__COMPRESS(g, s)                                                            \
    __extension__({                                                                     \
        LADE__BIND_SOURCE(1, g)                                                         \
        LADE__BIND_SOURCE(2, s)                                                         \
        LADE__REQUIRE(lade__is_arithmetic(lade__some(lade__source_item_2)) &&           \
                          __builtin_classify_type(lade__some(lade__source_item_2)) < 5, \
                      "compress(g, s): the items of s must be integers or bools");      \
        const struct lade_input lade__inputs[] = {LADE__INPUT(1, g) LADE__INPUT(2, s)}; \
        (lade_gen_owned(lade__source_item_1))(void *) lade__compress(lade__inputs);     \
    })

#define LADE__INSERT(combinator, v, g)                                 \
    __extension__({                                                    \
        LADE__BIND(g);                                                 \
        lade__source_item lade__inserted = (v);                        \
        LADE__COMBINE(lade__source_item, combinator, &lade__inserted); \
    })

/* ---- Functions with a context ------------------------------------------------------------------------------------ */

/* Expands to the size of the compound literal if the context is the address of a compound literal, otherwise to 0. */
#define LADE__LITERAL_SIZE(context)                                                                                  \
    (LADE__HAS_LITERAL(context)                                                                                      \
         ? __builtin_choose_expr(lade__is_array(context), sizeof(context), sizeof(*lade__if_pointer(lade__context))) \
         : 0)
#define LADE__FILTER_WITH(how, f, context, g)                                                                         \
    __extension__({                                                                                                   \
        LADE__BIND(g);                                                                                                \
        __auto_type lade__context = (context);                                                                        \
        __auto_type lade__called = (f);                                                                               \
        LADE__REQUIRE(lade__is_same(__typeof__(lade__called((lade__source_item const *)16, lade__context)), bool),    \
                      "write the function as bool f(const T *item, C *context)");                                     \
        LADE__COMBINE(lade__source_item, lade__with, how, sizeof(lade__source_item),                                  \
                      lade__item_class(lade__some(lade__source_item)), (lade__function *)lade__called, lade__context, \
                      LADE__LITERAL_SIZE(context));                                                                   \
    })
#define LADE__MAP_WITH_(U, f, context, g)                                                                         \
    __extension__({                                                                                               \
        LADE__BIND(g);                                                                                            \
        __auto_type lade__context = (context);                                                                    \
        __auto_type lade__called = (f);                                                                           \
        (void)sizeof(lade__called((lade__source_item const *)16, (__typeof__(U) *)16, lade__context));            \
        LADE__COMBINE(U, lade__with, LADE__MAP_WITH, sizeof(__typeof__(U)),                                       \
                      lade__item_class(lade__some(__typeof__(U))), (lade__function *)lade__called, lade__context, \
                      LADE__LITERAL_SIZE(context));                                                               \
    })
#define LADE__REDUCE_WITH_2(f, context, source, start)        LADE__REDUCE_WITH(f, context, source, start, NULL, lade__here())
#define LADE__REDUCE_WITH_3(f, context, source, start, error) LADE__REDUCE_WITH(f, context, source, start, error, NULL)
#define LADE__REDUCE_WITH(f, context, source, start, error, port)     \
    __extension__({                                                   \
        __auto_type lade__context = (context);                        \
        LADE__REDUCE(LADE__FOLD_WITH, f, source, start, error, port); \
    })
#define LADE__FOLD_WITH(f, so_far, item) f(so_far, item, lade__context)

/* ---- Several sources --------------------------------------------------------------------------------------------- */

#define LADE__MANY(how, compare, gens, n)                                                                            \
    __extension__({                                                                                                  \
        __auto_type lade__gens = (gens);                                                                             \
        typedef lade__item(lade__some(__typeof__(*lade__gens))) lade__source_item;                                   \
        (lade_gen_owned(lade__source_item))(void *) lade__many(                                                      \
            how, (void *)(uintptr_t)lade__gens, n, lade__is_owned(lade__some(__typeof__(*lade__gens))),              \
            sizeof(lade__source_item), lade__item_class(lade__some(lade__source_item)), compare(lade__source_item)); \
    })
#define LADE__MERGE_BY(f, ...) \
    LADE__MERGE_BY_(f, LADE__CAT(LADE__EACH_, LADE__NARG(__VA_ARGS__)), LADE__NARG(__VA_ARGS__), __VA_ARGS__)
#define LADE__MERGE_BY_(f, each, n, ...)                                                       \
    __extension__({                                                                            \
        each(LADE__BIND_SOURCE, __VA_ARGS__) each(LADE__CHECK_SAME, __VA_ARGS__)               \
            const struct lade_input lade__inputs[] = {each(LADE__INPUT, __VA_ARGS__)};         \
        int (*lade__compare)(lade__source_item_1 const *, lade__source_item_1 const *) = (f);  \
        (lade_gen_owned(lade__source_item_1))(void *)                                          \
            lade__merge(lade__inputs, n, (lade__comparator *)(lade__function *)lade__compare); \
    })

#define LADE__ZIP_LONGEST(S, fill, ...)                                                                  \
    __extension__({                                                                                      \
        const S lade__fill = fill;                                                                       \
        (lade_gen_owned(S))(void *) lade__zip_longest((void *)(LADE__ZIP(S, __VA_ARGS__)), &lade__fill); \
    })

/* ---- Looking ahead ----------------------------------------------------------------------------------------------- */

#define LADE__PEEKABLE(combinator, g)                                        \
    __extension__({                                                          \
        LADE__BIND(g);                                                       \
        LADE__MADE(lade__source_item, combinator(lade__bound, lade__owned)); \
    })
#define LADE__PUT_BACK(p, v)                          \
    __extension__({                                   \
        lade__item(p) lade__value = (v);              \
        lade__put_back(lade__named(p), &lade__value); \
    })
#define LADE__SPY_2(p, n)            LADE__SPY(p, n, NULL, lade__here())
#define LADE__SPY_3(p, n, error)     LADE__SPY(p, n, error, NULL)
#define LADE__SPY(p, n, error, port) LADE__AS_TEMPORARY(lade__item(p), lade__spy(lade__named(p), n, error, port))

#endif /* __cplusplus */

#endif
