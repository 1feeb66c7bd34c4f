/*
 * lade/itertools_detail.h - the implementation of the macros of itertools.h. It is private and may change in any release.
 */
#ifndef LADE_ITERTOOLS_DETAIL_H
#define LADE_ITERTOOLS_DETAIL_H

#pragma GCC system_header /* see gen_detail.h */

#include <lade/itertools.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to compute and compare the keys of items. If `call` is NULL, an item is its own key. */
enum { LADE__MOST_KEY = 16 }; /* bytes of a key */
struct lade__by {
    lade__mapper *call;
    lade__function *f;
    size_t size;
    lade__comparator *compare;
    int type; /* see lade__dtype() */
};

/* Where lade__counter() stores an item and its count. */
struct lade__tally {
    size_t size, item_offset, count_offset;
};

enum lade__selection {
    LADE__PRODUCT,
    LADE__PERMUTATIONS,
    LADE__ALL_PERMUTATIONS,
    LADE__COMBINATIONS_OF,
    LADE__REPEATED_COMBINATIONS,
    LADE__POWERSET
};
enum lade__split { LADE__SPLIT_AT, LADE__SPLIT_BEFORE, LADE__SPLIT_AFTER, LADE__SPLIT_WHEN };

LADE_API void *lade__sorted(struct lade_gen *g, int owned, const struct lade__by *by, struct lade_error *err,
                            struct lade_port *body);
LADE_API void *lade__reversed(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body);
LADE_API void lade__best(struct lade_gen *g, int owned, const struct lade__by *by, int sign, void *out,
                         struct lade_error *err, struct lade_port *body);
LADE_API void *lade__counter(struct lade_gen *g, int owned, const struct lade__by *by, const struct lade__tally *to,
                             struct lade_error *err, struct lade_port *body);
LADE_API struct lade_gen *lade__groupby(struct lade_gen *g, int owned, const struct lade__by *by, bool texts);
LADE_API struct lade_gen *lade__split(struct lade_gen *g, int owned, enum lade__split how, lade__predicate *call,
                                      lade__function *f, bool texts);
LADE_API struct lade_gen *lade__unique_everseen(struct lade_gen *g, int owned, const struct lade__by *by);
LADE_API struct lade_gen *lade__unique_justseen(struct lade_gen *g, int owned, const struct lade__by *by);
LADE_API struct lade_gen *lade__product(const struct lade_input *inputs, int n);
LADE_API struct lade_gen *lade__combine(struct lade_gen *g, int owned, enum lade__selection how, int64_t r);
LADE_API struct lade_gen *lade__filterfalse(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f);
LADE_API struct lade_gen *lade__compress(const struct lade_input *inputs);
LADE_API struct lade_gen *lade__intersperse(struct lade_gen *g, int owned, const void *item);
LADE_API struct lade_gen *lade__prepend(struct lade_gen *g, int owned, const void *item);
LADE_MUST_CHECK LADE_API lade_gen_owned(double) lade__numeric_range(double start, double stop, double step);

#ifndef __cplusplus

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

/* Defines lade__by, the argument for keys of type T. */
#define LADE__KEYS(word, call, f, T)                                                          \
    enum { lade__key_type = lade__dtype(lade__some(T)) };                                     \
    _Static_assert(!lade__is_item(lade__source_item) || lade__key_type != LADE__NOT_A_NUMBER, \
                   word ": the keys must be numbers or strings; give a key function first");  \
    const struct lade__by lade__by = {call, f, sizeof(T), lade__comparator_of(lade__some(T)), lade__key_type}
#define LADE__BY_ITEM(word) LADE__KEYS(word, NULL, NULL, lade__source_item)
#define LADE__BY_FUNCTION(word, f)                                             \
    typedef __typeof__((f)(lade__some(lade__source_item))) lade__result;       \
    LADE__CHECK_FUNCTION(lade__is_mapper(f, lade__result, lade__source_item)); \
    LADE__KEYS(word, lade__mapper_of(f), (lade__function *)(f), lade__result)

#define LADE__IS_TEXT(T) (lade__dtype(lade__some(T)) == LADE__STRING)

/* ---- Sorting ----------------------------------------------------------------------------------------------------- */

#define LADE__SORTED_1(g)              LADE__SORTED(LADE__BY_ITEM("sorted"), g, NULL, lade__here())
#define LADE__SORTED_2(g, error)       LADE__SORTED(LADE__BY_ITEM("sorted"), g, error, NULL)
#define LADE__SORTED_BY_2(f, g)        LADE__SORTED(LADE__BY_FUNCTION("sorted_by", f), g, NULL, lade__here())
#define LADE__SORTED_BY_3(f, g, error) LADE__SORTED(LADE__BY_FUNCTION("sorted_by", f), g, error, NULL)
#define LADE__SORTED(by, g, error, port)                                                                              \
    __extension__({                                                                                                   \
        LADE__BIND(g);                                                                                                \
        by;                                                                                                           \
        LADE__AS_TEMPORARY(lade__source_item, lade__sorted(lade__untyped(lade__source), lade__is_owned(lade__source), \
                                                           &lade__by, error, port));                                  \
    })

#define LADE__REVERSED_1(g)        LADE__REVERSED(g, NULL, lade__here())
#define LADE__REVERSED_2(g, error) LADE__REVERSED(g, error, NULL)
#define LADE__REVERSED(g, error, port)                                                                              \
    __extension__({                                                                                                 \
        LADE__BIND(g);                                                                                              \
        LADE__AS_TEMPORARY(lade__source_item,                                                                       \
                           lade__reversed(lade__untyped(lade__source), lade__is_owned(lade__source), error, port)); \
    })

#define LADE__MIN_BY_2(f, g)        LADE__BEST(-1, f, g, NULL, lade__here())
#define LADE__MIN_BY_3(f, g, error) LADE__BEST(-1, f, g, error, NULL)
#define LADE__MAX_BY_2(f, g)        LADE__BEST(1, f, g, NULL, lade__here())
#define LADE__MAX_BY_3(f, g, error) LADE__BEST(1, f, g, error, NULL)
#define LADE__BEST(sign, f, g, error, port)                                                                         \
    __extension__({                                                                                                 \
        LADE__BIND(g);                                                                                              \
        LADE__BY_FUNCTION("min_by, max_by", f);                                                                     \
        lade__source_item lade__found;                                                                              \
        memset(&lade__found, 0, sizeof lade__found);                                                                \
        lade__best(lade__untyped(lade__source), lade__is_owned(lade__source), &lade__by, sign, &lade__found, error, \
                   port);                                                                                           \
        lade__found;                                                                                                \
    })

#define LADE__COUNTER_4(S, item, count, g)        LADE__COUNTER(S, item, count, g, NULL, lade__here())
#define LADE__COUNTER_5(S, item, count, g, error) LADE__COUNTER(S, item, count, g, error, NULL)
#define LADE__COUNTER(S, item, count, g, error, port)                                                             \
    __extension__({                                                                                               \
        LADE__BIND(g);                                                                                            \
        LADE__BY_ITEM("counter");                                                                                 \
        _Static_assert(lade__is_same(__typeof__(((S *)0)->item), lade__source_item) ||                            \
                           !lade__is_item(lade__source_item),                                                     \
                       "counter(S, item, count, g): this member of S must have the type of the items");           \
        _Static_assert(lade__is_same(__typeof__(((S *)0)->count), long),                                          \
                       "counter(S, item, count, g): the count must be a member of type long");                    \
        const struct lade__tally lade__tally = {sizeof(S), offsetof(S, item), offsetof(S, count)};                \
        LADE__AS_TEMPORARY(S, lade__counter(lade__untyped(lade__source), lade__is_owned(lade__source), &lade__by, \
                                            &lade__tally, error, port));                                          \
    })

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

#define LADE__GROUPBY_1(g)    LADE__GROUPBY(LADE__BY_ITEM("groupby"), g)
#define LADE__GROUPBY_2(f, g) LADE__GROUPBY(LADE__BY_FUNCTION("groupby", f), g)
#define LADE__GROUPBY(by, g)                                                                            \
    __extension__({                                                                                     \
        LADE__BIND(g);                                                                                  \
        by;                                                                                             \
        LADE__COMBINE(lade__source_item *, lade__groupby, &lade__by, LADE__IS_TEXT(lade__source_item)); \
    })

#define LADE__SPLIT(how, f, g)                                                                               \
    __extension__({                                                                                          \
        LADE__BIND(g);                                                                                       \
        LADE__CHECK_FUNCTION(!lade__is_item(lade__source_item) || lade__is_predicate(f, lade__source_item)); \
        LADE__COMBINE(lade__source_item *, lade__split, how, lade__predicate_of(f, lade__source_item),       \
                      (lade__function *)(f), LADE__IS_TEXT(lade__source_item));                              \
    })
#define LADE__SPLIT_WHEN_(f, g)                                                                               \
    __extension__({                                                                                           \
        LADE__BIND(g);                                                                                        \
        bool (*lade__pair)(lade__source_item const *, lade__source_item const *) = (f);                       \
        LADE__COMBINE(lade__source_item *, lade__split, LADE__SPLIT_WHEN, NULL, (lade__function *)lade__pair, \
                      LADE__IS_TEXT(lade__source_item));                                                      \
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

#define LADE__COMPRESS(g, s)                                                             \
    __extension__({                                                                      \
        LADE__BIND_SOURCE(1, g)                                                          \
        LADE__BIND_SOURCE(2, s)                                                          \
        _Static_assert(lade__arithmetic(lade__some(lade__source_item_2)) &&              \
                           __builtin_classify_type(lade__some(lade__source_item_2)) < 5, \
                       "compress: the selectors must be integers or bool");              \
        const struct lade_input lade__inputs[] = {LADE__INPUT(1, g) LADE__INPUT(2, s)};  \
        (lade_gen_owned(lade__source_item_1))(void *) lade__compress(lade__inputs);      \
    })

#define LADE__INSERT(combinator, v, g)                                 \
    __extension__({                                                    \
        LADE__BIND(g);                                                 \
        lade__source_item lade__inserted = (v);                        \
        LADE__COMBINE(lade__source_item, combinator, &lade__inserted); \
    })

#endif /* __cplusplus */

#ifdef __cplusplus
}
#endif
#endif
