#ifndef LADE_COLLECT_H
#define LADE_COLLECT_H
#pragma GCC system_header
#include <stdbool.h>
#include <lade/gen.h>
#include <lade/iter.h>
#include <lade/tensor.h>
#ifdef __cplusplus
extern "C" {
#endif
#define lade_list(...)  LADE__COLLECT(LADE__LIST, __VA_ARGS__)
#define lade_tuple(...) LADE__COLLECT(LADE__TUPLE, __VA_ARGS__)
#define lade_set(...)   LADE__COLLECT(LADE__SET, __VA_ARGS__)
#define lade_array(...) LADE__COLLECT(LADE__ARRAY, __VA_ARGS__)
#define lade_strings(...) LADE__CAT(LADE__STRINGS_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_dict(...)           LADE__CAT(LADE__DICT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_dict_get(d, key, k) LADE__DICT_GET(d, key, k)
#define lade_batched(g, n) LADE__BATCHED(g, n)
#define lade_sample(...)   LADE__CAT(LADE__SAMPLE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_list_auto(T)      lade_cleanup(lade__container_auto_end) __typeof__(T) *
#define lade_tuple_auto(T)     lade_cleanup(lade__container_auto_end) const __typeof__(T) *
#define lade_container_free(c) lade__container_free((void *)(uintptr_t)(c))
#define lade_len(c)            LADE__LEN(c)
#define lade_contains(c, v)    LADE__CONTAINS(c, v)
#define lade_reshape(c, ...)                                                                                         \
    LADE__SAME_LIFETIME(c,                                                                                           \
                        lade__reshape(LADE__TEMPORARY(c), (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), \
                                      (int64_t[]){__VA_ARGS__}))
#define lade_ndim(c)  LADE__ASK_CONTAINER("ndim", lade__ndim, c)
#define lade_shape(c) LADE__ASK_CONTAINER("shape", lade__shape, c)
#define lade_print(x)       lade_print_to(stdout, x)
#define lade_print_to(f, x) LADE__PRINT(f, x)
#define lade_to_tensor(c) lade__to_tensor(LADE__TEMPORARY(c), lade__dtype(*(c)))
#define lade_sum(...)   LADE__CAT(LADE__SUM_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_min(...)   LADE__CAT(LADE__MIN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_max(...)   LADE__CAT(LADE__MAX_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_count(...) LADE__CAT(LADE__COUNT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_any(...) LADE__CAT(LADE__ANY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_all(...) LADE__CAT(LADE__ALL_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_first(...) LADE__CAT(LADE__FIRST_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_nth(...)   LADE__CAT(LADE__NTH_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_last(...)  LADE__CAT(LADE__LAST_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_reduce(...) LADE__CAT(LADE__REDUCE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_in(...)    LADE__CAT(LADE__IN_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_each(x, g) lade_for_each (x, g)
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
