#ifndef LADE_ITERTOOLS_H
#define LADE_ITERTOOLS_H
#pragma GCC system_header
#include <lade/collect.h>
#ifdef __cplusplus
extern "C" {
#endif
#define lade_sorted(...)    LADE__CAT(LADE__SORTED_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_sorted_by(...) LADE__CAT(LADE__SORTED_BY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_reversed(...)  LADE__CAT(LADE__REVERSED_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_min_by(...) LADE__CAT(LADE__MIN_BY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_max_by(...) LADE__CAT(LADE__MAX_BY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_counter(...) LADE__CAT(LADE__COUNTER_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_groupby(...) LADE__CAT(LADE__GROUPBY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_split_at(f, g)     LADE__SPLIT(LADE__SPLIT_AT, f, g)
#define lade_split_before(f, g) LADE__SPLIT(LADE__SPLIT_BEFORE, f, g)
#define lade_split_after(f, g)  LADE__SPLIT(LADE__SPLIT_AFTER, f, g)
#define lade_split_when(f, g)   LADE__SPLIT_WHEN_(f, g)
#define lade_unique_everseen(...) LADE__CAT(LADE__EVERSEEN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_unique_justseen(...) LADE__CAT(LADE__JUSTSEEN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_product(...)                        LADE__PRODUCT_(__VA_ARGS__)
#define lade_product_repeat(g, r)                LADE__COMBINATIONS(LADE__PRODUCT, g, r)
#define lade_permutations(...)                   LADE__CAT(LADE__PERMUTATIONS_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_combinations(g, r)                  LADE__COMBINATIONS(LADE__COMBINATIONS_OF, g, r)
#define lade_combinations_with_replacement(g, r) LADE__COMBINATIONS(LADE__REPEATED_COMBINATIONS, g, r)
#define lade_powerset(g)                         LADE__COMBINATIONS(LADE__POWERSET, g, 0)
#define lade_numeric_range(...) LADE__CAT(LADE__NUMERIC_RANGE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_filterfalse(f, g) LADE__FILTERED(lade__filterfalse, f, g)
#define lade_compress(g, s)    LADE__COMPRESS(g, s)
#define lade_intersperse(v, g) LADE__INSERT(lade__intersperse, v, g)
#define lade_prepend(v, g)     LADE__INSERT(lade__prepend, v, g)
#define lade_filter_with(f, context, g)     LADE__FILTER_WITH(LADE__FILTER_WITH_, f, context, g)
#define lade_take_while_with(f, context, g) LADE__FILTER_WITH(LADE__TAKE_WHILE_WITH, f, context, g)
#define lade_drop_while_with(f, context, g) LADE__FILTER_WITH(LADE__DROP_WHILE_WITH, f, context, g)
#define lade_map_with(U, f, context, g)     LADE__MAP_WITH_(U, f, context, g)
#define lade_reduce_with(f, context, ...) \
    LADE__CAT(LADE__REDUCE_WITH_, LADE__NARG(__VA_ARGS__))(f, context, __VA_ARGS__)
#define lade_chain_all(gens, n)          LADE__MANY(LADE__CHAIN, LADE__NO_COMPARATOR, gens, n)
#define lade_interleave_all(gens, n)     LADE__MANY(LADE__INTERLEAVE, LADE__NO_COMPARATOR, gens, n)
#define lade_merge_all(gens, n)          LADE__MANY(LADE__MERGE, LADE__COMPARATOR_OF_ITEM, gens, n)
#define lade_merge_by(compare, ...)      LADE__MERGE_BY(compare, __VA_ARGS__)
#define lade_zip_longest(S, fill, ...)   LADE__ZIP_LONGEST(S, fill, __VA_ARGS__)
#define lade_enumerate_from(S, start, g) LADE__ZIP(S, lade_count_from(start, 1), g)
#define lade_peekable(g)    LADE__PEEKABLE(g)
#define lade_peek(p)        ((lade__item(p) *)(uintptr_t)lade__peek(lade__named(p)))
#define lade_put_back(p, v) LADE__PUT_BACK(p, v)
#define lade_spy(...)       LADE__CAT(LADE__SPY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#ifdef __cplusplus
}
#endif
#include <lade/detail/itertools_macros.h>
#endif
