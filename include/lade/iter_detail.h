/*
 * lade/iter_detail.h - the machinery behind iter.h. Private, may change in any release.
 *
 * The library's combinators know items by their size only. What needs their type, a call of the user's function or a
 * comparison, goes through an adapter that the macros choose by the types: one small function for each type, or pair of
 * types, made by the lists below.
 */
#ifndef LADE_ITER_DETAIL_H
#define LADE_ITER_DETAIL_H

#include <stdbool.h>

#include <lade/gen.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The types that functions take by value: a name for each. */
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

/* f(item) as bool, for bool f(T) and int f(T). */
#define LADE__DECLARE_PREDICATES(name, T, ...)     \
    LADE_API lade__predicate lade__bool_of_##name; \
    LADE_API lade__predicate lade__int_of_##name;
LADE__VALUES(LADE__DECLARE_PREDICATES, )
#undef LADE__DECLARE_PREDICATES
LADE_API lade__predicate lade__bool_of_item; /* bool f(const T *) */
LADE_API lade__predicate lade__int_of_item;

/* U f(T), for each pair. */
#define LADE__DECLARE_MAPPERS_FROM(name, T, ...)                                                           \
    LADE_API lade__mapper lade__##name##_to_char, lade__##name##_to_int, lade__##name##_to_uint,           \
        lade__##name##_to_long, lade__##name##_to_ulong, lade__##name##_to_llong, lade__##name##_to_float, \
        lade__##name##_to_double, lade__##name##_to_string, lade__##name##_to_bool;
LADE__VALUES(LADE__DECLARE_MAPPERS_FROM, )
#undef LADE__DECLARE_MAPPERS_FROM
LADE_API lade__mapper lade__item_to_item; /* void f(const T *, U *) */

/* T f(T, T), and addition. */
#define LADE__DECLARE_FOLDERS(name, T, ...) LADE_API lade__folder lade__fold_##name, lade__add_##name;
LADE__VALUES(LADE__DECLARE_FOLDERS, )
#undef LADE__DECLARE_FOLDERS

/* The natural order. */
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

/* A generator that a combinator reads: owned if it was given owned. */
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
/* members: size and alignment of each source's items; where the sizes do not add up to S, a compile-time error says so
 */
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
             : lade__int_of_item)
/* Does the function take exactly an item? C would call it with whatever bytes there are. */
#define LADE__CHECK_FUNCTION(ok) \
    __extension__({ _Static_assert(ok, "the function must take exactly the generator's item type (see iter.h)"); })
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

/* f(g, is it owned?, ...) as a generator of U; g is evaluated once. */
#define LADE__TO(U, g, f, ...)          LADE__TO_(LADE__CAT(lade__source_, __COUNTER__), U, g, f, __VA_ARGS__)
#define LADE__TO_(source, U, g, f, ...) LADE__TO__(source, U, g, f, __VA_ARGS__)
#define LADE__TO__(source, U, g, f, ...)                                                           \
    __extension__({                                                                                \
        __auto_type source = (g);                                                                  \
        (lade_gen_owned(U))(void *) f(lade__untyped(source), lade__is_owned(source), __VA_ARGS__); \
    })
#define LADE__LINEAR(g, f, ...) LADE__TO(lade__item(g), g, f, __VA_ARGS__)
#define LADE__LINEAR_OWNED(g, f, ...)                                                                            \
    __extension__({                                                                                              \
        _Static_assert(lade__is_owned(g), "runs on another thread: give it an owned generator, or gen_move(g)"); \
        LADE__LINEAR(g, f, __VA_ARGS__);                                                                         \
    })
#define LADE__FILTERED(combinator, f, g) \
    (LADE__CHECK_FUNCTION(lade__is_predicate(f, lade__item(g))), LADE__FILTERED_(combinator, f, g))
#define LADE__FILTERED_(combinator, f, g) \
    LADE__LINEAR(g, combinator, lade__predicate_of(f, lade__item(g)), (lade__function *)(f))

#define LADE__RESULT(f, g)    __typeof__((f)(lade__some(lade__item(g))))
#define lade__is_mapper(f, g) _Generic((f), LADE__RESULT(f, g)(*)(lade__item(g)) : 1, default : 0)
#define LADE__MAP(f, g)       (LADE__CHECK_FUNCTION(lade__is_mapper(f, g)), LADE__MAP_(f, g))
#define LADE__MAP_(f, g)                                                   \
    LADE__TO(LADE__RESULT(f, g), g, lade__map, sizeof(LADE__RESULT(f, g)), \
             lade__arithmetic((f)(lade__some(lade__item(g)))), lade__mapper_of(f), (lade__function *)(f))
#define LADE__CHECKED_INTO(U, f, g) \
    (lade__function *)_Generic((f), void (*)(lade__item(g) const *, __typeof__(U) *) : (f))
#define LADE__MAP_TO(U, f, g)                                                                                         \
    LADE__TO(U, g, lade__map, sizeof(__typeof__(U)), lade__arithmetic(lade__some(__typeof__(U))), lade__item_to_item, \
             LADE__CHECKED_INTO(U, f, g))
#define LADE__PARALLEL_MAP(f, g, workers) \
    (LADE__CHECK_FUNCTION(lade__is_mapper(f, g)), LADE__PARALLEL_MAP_(f, g, workers))
#define LADE__PARALLEL_MAP_(f, g, workers)                                          \
    LADE__TO(LADE__RESULT(f, g), g, lade__parallel_map, sizeof(LADE__RESULT(f, g)), \
             lade__arithmetic((f)(lade__some(lade__item(g)))), lade__mapper_of(f), (lade__function *)(f), workers)
#define LADE__PARALLEL_MAP_TO(U, f, g, workers)                                                            \
    LADE__TO(U, g, lade__parallel_map, sizeof(__typeof__(U)), lade__arithmetic(lade__some(__typeof__(U))), \
             lade__item_to_item, LADE__CHECKED_INTO(U, f, g), workers)

#define lade__is_folder(f, T) _Generic((f), T(*)(T, T) : 1, default : 0)
#define LADE__ACCUMULATE_BY(f, g)                             \
    (LADE__CHECK_FUNCTION(lade__is_folder(f, lade__item(g))), \
     LADE__LINEAR(g, lade__accumulate, lade__folder_of(f), (lade__function *)(f)))

/* The item type of the generators that g yields. */
#define LADE__INNER_ITEM(g) lade__item(lade__some(lade__item(g)))
#define LADE__FLAT(g)                                                         \
    LADE__TO(LADE__INNER_ITEM(g), g, lade__flat, sizeof(LADE__INNER_ITEM(g)), \
             lade__arithmetic(lade__some(LADE__INNER_ITEM(g))))

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

#define LADE__INPUT(g) \
    { lade__untyped(g), lade__is_owned(g) }
#define LADE__EACH_1(X, a)                      X(a)
#define LADE__EACH_2(X, a, b)                   X(a), X(b)
#define LADE__EACH_3(X, a, b, c)                X(a), X(b), X(c)
#define LADE__EACH_4(X, a, b, c, d)             X(a), X(b), X(c), X(d)
#define LADE__EACH_5(X, a, b, c, d, e)          X(a), X(b), X(c), X(d), X(e)
#define LADE__EACH_6(X, a, b, c, d, e, f)       X(a), X(b), X(c), X(d), X(e), X(f)
#define LADE__EACH_7(X, a, b, c, d, e, f, g)    X(a), X(b), X(c), X(d), X(e), X(f), X(g)
#define LADE__EACH_8(X, a, b, c, d, e, f, g, h) X(a), X(b), X(c), X(d), X(e), X(f), X(g), X(h)
#define LADE__EACH(X, ...)                      LADE__CAT(LADE__EACH_, LADE__NARG(__VA_ARGS__))(X, __VA_ARGS__)
#define LADE__FIRST(a, ...)                     a
#define LADE__COMPARATOR_OF_ITEMS(...)          lade__comparator_of(lade__some(lade__item(LADE__FIRST(__VA_ARGS__, ))))

/* A pointer of each source's item type: an array of them compiles only if they are all the same. */
#define LADE__ITEM_POINTER(g) (lade__item(g) *)0
#define LADE__JOIN(f, compare, ...)                                                                              \
    __extension__({                                                                                              \
        (void)sizeof((lade__item(LADE__FIRST(__VA_ARGS__, )) *[]){LADE__EACH(LADE__ITEM_POINTER, __VA_ARGS__)}); \
        const struct lade_input lade__inputs[] = {LADE__EACH(LADE__INPUT, __VA_ARGS__)};                         \
        (lade_gen_owned(lade__item(LADE__FIRST(__VA_ARGS__, ))))(void *)                                         \
            f(lade__inputs, LADE__NARG(__VA_ARGS__), compare);                                                   \
    })

#define LADE__ITEM_SIZE(g)      sizeof(lade__item(g))
#define LADE__ITEM_ALIGNMENT(g) _Alignof(lade__item(g))
#define LADE__AN_ITEM(g)        lade__some(lade__item(g))
#define LADE__ZIP(S, ...)                                                                                          \
    __extension__({                                                                                                \
        S *zip_and_enumerate_begin_with_a_struct_type = NULL;                                                      \
        (void)zip_and_enumerate_begin_with_a_struct_type;                                                          \
        (void)sizeof((S[]){{LADE__EACH(LADE__AN_ITEM, __VA_ARGS__)}});                                             \
        const struct lade_input lade__inputs[] = {LADE__EACH(LADE__INPUT, __VA_ARGS__)};                           \
        const size_t lade__alignments[] = {LADE__EACH(LADE__ITEM_ALIGNMENT, __VA_ARGS__)};                         \
        (lade_gen_owned(S))(void *) lade__zip(lade__inputs, LADE__NARG(__VA_ARGS__), sizeof(S), lade__alignments); \
    })

#define LADE__TEE(g, n, out)                                                                               \
    __extension__({                                                                                        \
        _Static_assert(lade__is_owned(g), "tee owns its generator: give it an owned one, or gen_move(g)"); \
        (void)sizeof((out)[0] = (g));                                                                      \
        lade__tee(lade__untyped(g), n, (struct lade_gen **)(void *)(out));                                 \
    })

#endif /* __cplusplus */

#ifdef __cplusplus
}
#endif
#endif
