/*
 * lade/iter_detail.h - the implementation of the macros of iter.h. It is private and may change in any release.
 *
 * The combinators in the library only use the size of the items. Calls of the user's function and comparisons need the
 * type of the items, so the macros select an adapter: a small function for each type or pair of types. The lists below
 * declare the adapters.
 */
#ifndef LADE_ITER_DETAIL_H
#define LADE_ITER_DETAIL_H

#pragma GCC system_header /* see gen_detail.h */

#include <stdbool.h>

#include <lade/gen.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The types that functions take by value, with a name for each type. */
#define LADE__VALUES(X, ...)             \
    X(char, char, __VA_ARGS__)           \
    X(int, int, __VA_ARGS__)             \
    X(uint, unsigned, __VA_ARGS__)       \
    X(long, long, __VA_ARGS__)           \
    X(ulong, unsigned long, __VA_ARGS__) \
    X(llong, long long, __VA_ARGS__)     \
    X(float, float, __VA_ARGS__)         \
    X(double, double, __VA_ARGS__)       \
    X(string, const char *, __VA_ARGS__)

typedef void lade__function(void);
typedef bool lade__predicate(lade__function *f, const void *item);
typedef void lade__mapper(lade__function *f, const void *item, void *result);
typedef void lade__folder(lade__function *f, void *so_far, const void *item);
typedef int lade__comparator(const void *a, const void *b); /* -1, 0, 1; NaN comes last */

/* Adapters that return f(item) as bool, for bool f(T) and int f(T). */
#define LADE__DECLARE_PREDICATES(name, T, ...)     \
    LADE_API lade__predicate lade__bool_of_##name; \
    LADE_API lade__predicate lade__int_of_##name;
LADE__VALUES(LADE__DECLARE_PREDICATES, )
#undef LADE__DECLARE_PREDICATES
LADE_API lade__predicate lade__bool_of_item; /* bool f(const T *) */
LADE_API lade__predicate lade__int_of_item;

/* Adapters for U f(T), for each pair of types. */
#define LADE__DECLARE_MAPPERS_FROM(name, T, ...)                                                           \
    LADE_API lade__mapper lade__##name##_to_char, lade__##name##_to_int, lade__##name##_to_uint,           \
        lade__##name##_to_long, lade__##name##_to_ulong, lade__##name##_to_llong, lade__##name##_to_float, \
        lade__##name##_to_double, lade__##name##_to_string, lade__##name##_to_bool;
LADE__VALUES(LADE__DECLARE_MAPPERS_FROM, )
#undef LADE__DECLARE_MAPPERS_FROM
LADE_API lade__mapper lade__item_to_item; /* void f(const T *, U *) */

/* Adapters for T f(T, T), and addition. */
#define LADE__DECLARE_FOLDERS(name, T, ...) LADE_API lade__folder lade__fold_##name, lade__add_##name;
LADE__VALUES(LADE__DECLARE_FOLDERS, )
#undef LADE__DECLARE_FOLDERS

/* Comparison in ascending order. */
#define LADE__ORDERED(X)      \
    X(float, float)           \
    X(double, double)         \
    X(bool, bool)             \
    X(char, char)             \
    X(schar, signed char)     \
    X(uchar, unsigned char)   \
    X(short, short)           \
    X(ushort, unsigned short) \
    X(int, int)               \
    X(uint, unsigned)         \
    X(long, long)             \
    X(ulong, unsigned long)   \
    X(llong, long long)       \
    X(ullong, unsigned long long)
#define LADE__DECLARE_COMPARATOR(name, T) LADE_API lade__comparator lade__compare_##name;
LADE__ORDERED(LADE__DECLARE_COMPARATOR)
#undef LADE__DECLARE_COMPARATOR
LADE_API lade__comparator lade__compare_string;

/* A generator that a combinator reads. The combinator frees it if it is owned. */
struct lade_input {
    struct lade_gen *g;
    int owned;
};
enum { LADE__MAX_INPUTS = 8 };

LADE_API struct lade_gen *lade__take(struct lade_gen *g, int owned, int64_t n);
LADE_API struct lade_gen *lade__drop_items(struct lade_gen *g, int owned, int64_t n);
LADE_API struct lade_gen *lade__step(struct lade_gen *g, int owned, int64_t n);
LADE_API struct lade_gen *lade__filter(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f);
LADE_API struct lade_gen *lade__take_while(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f);
LADE_API struct lade_gen *lade__drop_while(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f);
LADE_API struct lade_gen *lade__map(struct lade_gen *g, int owned, size_t item_size, int arithmetic, lade__mapper *call,
                                    lade__function *f);
LADE_API struct lade_gen *lade__flat(struct lade_gen *g, int owned, size_t item_size, int arithmetic);
LADE_API struct lade_gen *lade__accumulate(struct lade_gen *g, int owned, lade__folder *call, lade__function *f);
LADE_API struct lade_gen *lade__cycle(struct lade_gen *g, int owned, int unused);
LADE_API struct lade_gen *lade__shuffle(struct lade_gen *g, int owned, size_t size, uint64_t seed);
LADE_API struct lade_gen *lade__window(struct lade_gen *g, int owned, size_t n);
LADE_API struct lade_gen *lade__chain(const struct lade_input *inputs, int n, lade__comparator *unused);
LADE_API struct lade_gen *lade__interleave(const struct lade_input *inputs, int n, lade__comparator *unused);
LADE_API struct lade_gen *lade__merge(const struct lade_input *inputs, int n, lade__comparator *compare);
/* `size` is sizeof(S). If a struct of these items has another size, the generator fails when it starts. */
LADE_API struct lade_gen *lade__zip(const struct lade_input *inputs, int n, size_t size, const size_t *alignments);
LADE_API int lade__tee(struct lade_gen *g, int n, struct lade_gen **out);
LADE_API struct lade_gen *lade__prefetch(struct lade_gen *g, int owned, size_t n);
LADE_API struct lade_gen *lade__parallel_map(struct lade_gen *g, int owned, size_t item_size, int arithmetic,
                                             lade__mapper *call, lade__function *f, int workers);
LADE_API struct lade_gen *lade__repeat(const void *item, size_t item_size, int arithmetic, int64_t n);
LADE_API struct lade_gen *lade__from_array(const void *items, size_t item_size, int arithmetic, int64_t n);
LADE_MUST_CHECK LADE_API lade_gen_owned(long) lade__range(long start, long stop, long step);
LADE_MUST_CHECK LADE_API lade_gen_owned(long) lade__count_from(long start, long step);
LADE_MUST_CHECK LADE_API lade_gen_owned(char) lade__from_string(const char *s);

#ifndef __cplusplus

/* ---- Choosing adapters ------------------------------------------------------------------------------------------- */

#define LADE__ASSOCIATE_PREDICATES(name, T, ...) bool (*)(T) : lade__bool_of_##name, int(*)(T) : lade__int_of_##name,
#define lade__predicate_of(f, T)                                                 \
    _Generic((f), LADE__VALUES(LADE__ASSOCIATE_PREDICATES, ) bool (*)(T const *) \
             : lade__bool_of_item, int (*)(T const *)                            \
             : lade__int_of_item, default                                        \
             : (lade__predicate *)0)
/* An adapter that calls a function of another type would have undefined behaviour. */
#define LADE__CHECK_FUNCTION(ok) \
    _Static_assert(ok, "the function must take exactly the generator's item type (see iter.h)")
#define lade__is_predicate(f, T) \
    _Generic((f), bool (*)(T) : 1, int (*)(T) : 1, bool (*)(T const *) : 1, int (*)(T const *) : 1, default : 0)

#define LADE__ASSOCIATE_MAPPERS(name, T, ...)         \
    char (*)(T)                                       \
        : lade__##name##_to_char, int(*)(T)           \
        : lade__##name##_to_int, unsigned(*)(T)       \
        : lade__##name##_to_uint, long(*)(T)          \
        : lade__##name##_to_long, unsigned long(*)(T) \
        : lade__##name##_to_ulong, long long(*)(T)    \
        : lade__##name##_to_llong, float(*)(T)        \
        : lade__##name##_to_float, double(*)(T)       \
        : lade__##name##_to_double,                   \
          const char * (*)(T) : lade__##name##_to_string, bool(*)(T) : lade__##name##_to_bool,
#define lade__mapper_of(f) _Generic((f), LADE__VALUES(LADE__ASSOCIATE_MAPPERS, ) struct lade_brand * : NULL)

#define LADE__ASSOCIATE_FOLDERS(name, T, ...) T (*)(T, T) : lade__fold_##name,
#define lade__folder_of(f)                    _Generic((f), LADE__VALUES(LADE__ASSOCIATE_FOLDERS, ) struct lade_brand * : NULL)
#define LADE__ASSOCIATE_ADDERS(name, T, ...) \
    T:                                       \
    lade__add_##name,
#define lade__adder_of(x) _Generic((x), LADE__VALUES(LADE__ASSOCIATE_ADDERS, ) struct lade_brand * : NULL)

#define LADE__ASSOCIATE_COMPARATOR(name, T) \
    T:                                      \
    lade__compare_##name,
#define lade__comparator_of(x) \
    _Generic((x), LADE__ORDERED(LADE__ASSOCIATE_COMPARATOR) const char *                                               \
             : lade__compare_string, char *                                                                            \
             : lade__compare_string, default                                                                           \
             : (lade__comparator *)0)

/* ---- One source -------------------------------------------------------------------------------------------------- */

/*
 * Each macro stores its generator in lade__source by LADE__BIND() and uses only this name, so that the preprocessed text
 * of a pipeline grows by a constant for each stage. The names of two stages do not clash, because each stage has its own
 * block.
 */
/* Calls the combinator f(source, 1 if it is owned, ...). Its result is an owned generator of U. */
#define LADE__COMBINE(U, f, ...) \
    (lade_gen_owned(U))(void *) f(lade__untyped(lade__source), lade__is_owned(lade__source), __VA_ARGS__)

#define LADE__LINEAR(g, f, ...)                           \
    __extension__({                                       \
        LADE__BIND(g);                                    \
        LADE__COMBINE(lade__source_item, f, __VA_ARGS__); \
    })
#define LADE__PREFETCH(g, n)                                                                  \
    __extension__({                                                                           \
        LADE__BIND(g);                                                                        \
        _Static_assert(lade__is_owned(lade__source),                                          \
                       "runs on another thread: give it an owned generator, or gen_move(g)"); \
        LADE__COMBINE(lade__source_item, lade__prefetch, n);                                  \
    })
#define LADE__WINDOW(g, n)                                         \
    __extension__({                                                \
        LADE__BIND(g);                                             \
        LADE__COMBINE(const lade__source_item *, lade__window, n); \
    })
#define LADE__FILTERED(combinator, f, g)                                                                               \
    __extension__({                                                                                                    \
        LADE__BIND(g);                                                                                                 \
        LADE__CHECK_FUNCTION(!lade__is_item(lade__source_item) || lade__is_predicate(f, lade__source_item));           \
        LADE__COMBINE(lade__source_item, combinator, lade__predicate_of(f, lade__source_item), (lade__function *)(f)); \
    })

/* For map and parallel_map. The words after g are more arguments of the combinator, each after a comma. */
#define lade__is_mapper(f, U, T)                _Generic((f), U(*)(T) : 1, default : 0)
#define LADE__MAP(f, g)                         LADE__MAP_(lade__map, f, g, )
#define LADE__PARALLEL_MAP(f, g, workers)       LADE__MAP_(lade__parallel_map, f, g, LADE__MORE(workers))
#define LADE__MAP_TO(U, f, g)                   LADE__MAP_TO_(lade__map, U, f, g, )
#define LADE__PARALLEL_MAP_TO(U, f, g, workers) LADE__MAP_TO_(lade__parallel_map, U, f, g, LADE__MORE(workers))
#define LADE__MORE(...)                         , __VA_ARGS__
#define LADE__MAP_(combinator, f, g, ...)                                                                         \
    __extension__({                                                                                               \
        LADE__BIND(g);                                                                                            \
        typedef __typeof__((f)(lade__some(lade__source_item))) lade__result;                                      \
        LADE__CHECK_FUNCTION(lade__is_mapper(f, lade__result, lade__source_item));                                \
        LADE__COMBINE(lade__result, combinator, sizeof(lade__result), lade__arithmetic(lade__some(lade__result)), \
                      lade__mapper_of(f), (lade__function *)(f)__VA_ARGS__);                                      \
    })
#define LADE__MAP_TO_(combinator, U, f, g, ...)                                                            \
    __extension__({                                                                                        \
        LADE__BIND(g);                                                                                     \
        LADE__COMBINE(U, combinator, sizeof(__typeof__(U)), lade__arithmetic(lade__some(__typeof__(U))),   \
                      lade__item_to_item,                                                                  \
                      (lade__function *)_Generic((f), void (*)(lade__source_item const *, __typeof__(U) *) \
                                                 : (f)) __VA_ARGS__);                                      \
    })

#define lade__is_folder(f, T) _Generic((f), T(*)(T, T) : 1, default : 0)
#define LADE__ACCUMULATE(g)                                                                                      \
    __extension__({                                                                                              \
        LADE__BIND(g);                                                                                           \
        LADE__COMBINE(lade__source_item, lade__accumulate, lade__adder_of(lade__some(lade__source_item)), NULL); \
    })
#define LADE__ACCUMULATE_BY(f, g)                                                                         \
    __extension__({                                                                                       \
        LADE__BIND(g);                                                                                    \
        LADE__CHECK_FUNCTION(!lade__is_item(lade__source_item) || lade__is_folder(f, lade__source_item)); \
        LADE__COMBINE(lade__source_item, lade__accumulate, lade__folder_of(f), (lade__function *)(f));    \
    })

#define LADE__FLAT(g)                                                                                           \
    __extension__({                                                                                             \
        LADE__BIND(g);                                                                                          \
        typedef lade__item(lade__some(lade__source_item)) lade__inner;                                          \
        LADE__COMBINE(lade__inner, lade__flat, sizeof(lade__inner), lade__arithmetic(lade__some(lade__inner))); \
    })

#define LADE__RANGE_1(n)          lade__range(0, n, 1)
#define LADE__RANGE_2(a, b)       lade__range(a, b, 1)
#define LADE__RANGE_3(a, b, step) lade__range(a, b, step)

#define LADE__REPEAT_1(v) LADE__REPEAT_2(v, -1)
#define LADE__REPEAT_2(v, n)                                                                  \
    __extension__({                                                                           \
        __auto_type lade__value = (v);                                                        \
        (lade_gen_owned(__typeof__(lade__value)))(void *)                                     \
            lade__repeat(&lade__value, sizeof lade__value, lade__arithmetic(lade__value), n); \
    })
#define LADE__FROM_ARRAY(p, n) \
    ((lade_gen_owned(__typeof__(({ *(p); }))))(void *)lade__from_array(p, sizeof *(p), lade__arithmetic(*(p)), n))

/* ---- Several sources --------------------------------------------------------------------------------------------- */

/* Expands X(k, i, argument) for each of up to 8 arguments, with i = 1, 2, ... */
#define LADE__EACH_1(X, a)                      X(1, a)
#define LADE__EACH_2(X, a, b)                   LADE__EACH_1(X, a) X(2, b)
#define LADE__EACH_3(X, a, b, c)                LADE__EACH_2(X, a, b) X(3, c)
#define LADE__EACH_4(X, a, b, c, d)             LADE__EACH_3(X, a, b, c) X(4, d)
#define LADE__EACH_5(X, a, b, c, d, e)          LADE__EACH_4(X, a, b, c, d) X(5, e)
#define LADE__EACH_6(X, a, b, c, d, e, f)       LADE__EACH_5(X, a, b, c, d, e) X(6, f)
#define LADE__EACH_7(X, a, b, c, d, e, f, g)    LADE__EACH_6(X, a, b, c, d, e, f) X(7, g)
#define LADE__EACH_8(X, a, b, c, d, e, f, g, h) LADE__EACH_7(X, a, b, c, d, e, f, g) X(8, h)

/* Source i of a combinator is stored in lade__source_*, and lade__source_item_* is its item type. */
#define LADE__BIND_SOURCE(i, g)                    \
    __auto_type lade__source_##i = LADE__BOUND(g); \
    __attribute__((unused)) typedef lade__item(lade__source_##i) lade__source_item_##i;
#define LADE__INPUT(i, g)          {lade__untyped(lade__source_##i), lade__is_owned(lade__source_##i)},
#define LADE__ITEM_ALIGNMENT(i, g) _Alignof(lade__source_item_##i),
#define LADE__AN_ITEM(i, g)        lade__some(lade__source_item_##i),
#define LADE__CHECK_SAME(i, g)                                                               \
    _Static_assert(__builtin_types_compatible_p(lade__source_item_##i, lade__source_item_1), \
                   "chain, interleave and merge take generators of one item type");
#define LADE__NO_COMPARATOR(T)      NULL
#define LADE__COMPARATOR_OF_ITEM(T) lade__comparator_of(lade__some(T))
#define LADE__JOIN(f, compare, ...) \
    LADE__JOIN_(f, compare, LADE__CAT(LADE__EACH_, LADE__NARG(__VA_ARGS__)), LADE__NARG(__VA_ARGS__), __VA_ARGS__)
#define LADE__JOIN_(f, compare, each, n, ...)                                                           \
    __extension__({                                                                                     \
        each(LADE__BIND_SOURCE, __VA_ARGS__) each(LADE__CHECK_SAME, __VA_ARGS__)                        \
            const struct lade_input lade__inputs[] = {each(LADE__INPUT, __VA_ARGS__)};                  \
        (lade_gen_owned(lade__source_item_1))(void *) f(lade__inputs, n, compare(lade__source_item_1)); \
    })

#define LADE__ZIP(S, ...) \
    LADE__ZIP_(S, LADE__CAT(LADE__EACH_, LADE__NARG(__VA_ARGS__)), LADE__NARG(__VA_ARGS__), __VA_ARGS__)
#define LADE__ZIP_(S, each, n, ...)                                                                   \
    __extension__({                                                                                   \
        S *zip_and_enumerate_begin_with_a_struct_type = NULL;                                         \
        (void)zip_and_enumerate_begin_with_a_struct_type;                                             \
        each(LADE__BIND_SOURCE, __VA_ARGS__)(void) sizeof((S[]){{each(LADE__AN_ITEM, __VA_ARGS__)}}); \
        const struct lade_input lade__inputs[] = {each(LADE__INPUT, __VA_ARGS__)};                    \
        const size_t lade__alignments[] = {each(LADE__ITEM_ALIGNMENT, __VA_ARGS__)};                  \
        (lade_gen_owned(S))(void *) lade__zip(lade__inputs, n, sizeof(S), lade__alignments);          \
    })

#define LADE__TEE(g, n, out)                                                                                          \
    __extension__({                                                                                                   \
        LADE__BIND(g);                                                                                                \
        _Static_assert(lade__is_owned(lade__source), "tee owns its generator: give it an owned one, or gen_move(g)"); \
        (void)sizeof((out)[0] = lade__source);                                                                        \
        lade__tee(lade__untyped(lade__source), n, (struct lade_gen **)(void *)(out));                                 \
    })

#endif /* __cplusplus */

#ifdef __cplusplus
}
#endif
#endif
