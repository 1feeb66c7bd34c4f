/*
 * lade/detail/iter_functions.h - the implementation of the macros of iter.h. It is private and may change in any release.
 *
 * The combinators in the library only use the size of the items. Calls of the user's function and comparisons need the
 * type of the items, so the macros select an adapter: a small function for each type or pair of types. The lists below
 * declare the adapters.
 */
#ifndef LADE_DETAIL_ITER_FUNCTIONS_H
#define LADE_DETAIL_ITER_FUNCTIONS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <stdbool.h>

#include <lade/gen.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The types whose values the library reads: numbers and strings. X(name, type, dtype, ...); dtype is an enum lade_dtype
 * or a value of collect_containers.h. Functions take items of these types by value, and pointers to items of other types.
 */
#define LADE__TYPES(X, ...)                                 \
    X(boolean, bool, LADE__BOOL, __VA_ARGS__)               \
    X(char, char, LADE__CHAR, __VA_ARGS__)                  \
    X(schar, signed char, LADE_INT8, __VA_ARGS__)           \
    X(uchar, unsigned char, LADE_UINT8, __VA_ARGS__)        \
    X(short, short, LADE_INT16, __VA_ARGS__)                \
    X(ushort, unsigned short, LADE_UINT16, __VA_ARGS__)     \
    X(int, int, LADE_INT32, __VA_ARGS__)                    \
    X(uint, unsigned, LADE_UINT32, __VA_ARGS__)             \
    X(long, long, LADE__LONG, __VA_ARGS__)                  \
    X(ulong, unsigned long, LADE__ULONG, __VA_ARGS__)       \
    X(llong, long long, LADE_INT64, __VA_ARGS__)            \
    X(ullong, unsigned long long, LADE_UINT64, __VA_ARGS__) \
    X(float, float, LADE_FLOAT32, __VA_ARGS__)              \
    X(double, double, LADE_FLOAT64, __VA_ARGS__)            \
    X(ldouble, long double, LADE__LONG_DOUBLE, __VA_ARGS__) \
    X(string, const char *, LADE__STRING, __VA_ARGS__)      \
    X(text, char *, LADE__STRING, __VA_ARGS__)
enum lade__type {
    LADE__TYPE_OTHER,
#define LADE__TYPE_ENUM(name, ...) LADE__TYPE_##name,
    LADE__TYPES(LADE__TYPE_ENUM, )
#undef LADE__TYPE_ENUM
        LADE__TYPE_COUNT,
    LADE__TYPE_LAST_NUMBER = LADE__TYPE_ldouble
};

typedef void lade__function(void);
typedef bool lade__predicate(lade__function *f, const void *item);
typedef void lade__mapper(lade__function *f, const void *item, void *result);
typedef void lade__folder(lade__function *f, void *so_far, const void *item);
typedef bool lade__adder(void *so_far, const void *item);   /* returns true if the sum does not fit */
typedef int lade__comparator(const void *a, const void *b); /* -1, 0, 1; NaN comes last */

/* Adapters for bool f(T) and int f(T). LADE__TYPE_OTHER stands for a function that takes a const T *. */
LADE_API lade__predicate *lade__predicate_for(enum lade__type parameter, enum lade__type result);
/* Adapters for U f(T) and for void f(const T *, U *), whose result counts as LADE__TYPE_OTHER. */
LADE_API lade__mapper *lade__mapper_for(enum lade__type parameter, enum lade__type result);
/* Adapters for T f(T, T), addition, and comparison in ascending order. NULL if there is none for this type. */
LADE_API lade__folder *lade__folder_for(enum lade__type type);
LADE_API lade__adder *lade__adder_for(enum lade__type type);
LADE_API lade__comparator *lade__comparator_for(enum lade__type type);

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
LADE_API struct lade_gen *lade__accumulate(struct lade_gen *g, int owned, lade__adder *add);
LADE_API struct lade_gen *lade__accumulate_by(struct lade_gen *g, int owned, lade__folder *call, lade__function *f);
LADE_API struct lade_gen *lade__cycle(struct lade_gen *g, int owned, int unused);
LADE_API struct lade_gen *lade__shuffle(struct lade_gen *g, int owned, size_t size, uint64_t seed);
LADE_API struct lade_gen *lade__window(struct lade_gen *g, int owned, int64_t n);
LADE_API struct lade_gen *lade__chain(const struct lade_input *inputs, int n, lade__comparator *unused);
LADE_API struct lade_gen *lade__interleave(const struct lade_input *inputs, int n, lade__comparator *unused);
LADE_API struct lade_gen *lade__merge(const struct lade_input *inputs, int n, lade__comparator *compare);
/* `size` is sizeof(S). If the members of S do not have the types of the items, the generator fails when it starts. */
struct lade__member {
    const void *value; /* the item that must result if the example in the member is read as an item */
    size_t size, alignment;
    int type_class; /* the class of the item's type, a result of __builtin_classify_type() */
};
#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 lade__wide;
#define lade__wide_example ((lade__wide)0x9192939495969798u << 64 | 0x9192939495969798u)
#else
typedef unsigned long long lade__wide;
#define lade__wide_example 0x9192939495969798u
#endif
LADE_API struct lade_gen *lade__zip(const struct lade_input *inputs, int n, size_t size,
                                    const struct lade__member *members, const void *example);
/* Makes a zip that has not started continue to the end of the longest source. Copies the fill values. */
LADE_API struct lade_gen *lade__zip_longest(struct lade_gen *zip, const void *fill);
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

#define LADE__ASSOCIATE_TYPE(name, T, ...) \
    T:                                     \
    LADE__TYPE_##name,
/* The enum lade__type of x. */
#define lade__type_of(x)       _Generic((x), LADE__TYPES(LADE__ASSOCIATE_TYPE, ) default : LADE__TYPE_OTHER)
#define lade__is_number(x)     (lade__type_of(x) >= 1 && lade__type_of(x) <= LADE__TYPE_LAST_NUMBER)
#define lade__comparator_of(x) lade__comparator_for(lade__type_of(x))

/* An adapter that calls a function of another type would have undefined behaviour. */
#define LADE__CHECK_FUNCTION(T, ok, message) _Static_assert(!lade__is_item(T) || (ok), message)
/* The type by which a function takes an item: T, or const T * for the types that are not in the table. */
#define lade__parameter(T) \
    __typeof__(*lade__select(lade__type_of(lade__some(T)) != LADE__TYPE_OTHER, (T *)0, (T const **)0))

/* Which adapter a predicate needs. The first row is for functions that take a const T * although T is in the table. */
#define lade__predicate_of(f, T)                                        \
    lade__predicate_for(_Generic((f), bool (*)(T const *)               \
                                 : LADE__TYPE_OTHER, int (*)(T const *) \
                                 : LADE__TYPE_OTHER, default            \
                                 : lade__type_of(lade__some(T))),       \
                        _Generic((f), bool (*)(T const *)               \
                                 : LADE__TYPE_boolean, bool (*)(T)      \
                                 : LADE__TYPE_boolean, default          \
                                 : LADE__TYPE_int))
#define lade__is_predicate(f, T)                                               \
    _Generic((f), bool (*)(T const *) : 1, int (*)(T const *) : 1, bool (*)(T) \
             : lade__type_of(lade__some(T)) != LADE__TYPE_OTHER, int (*)(T)    \
             : lade__type_of(lade__some(T)) != LADE__TYPE_OTHER, default : 0)

/* The result type of a function that takes a P, as an enum lade__type and as a type. */
#define LADE__ASSOCIATE_RESULT_TYPE(name, U, dtype, P) U (*)(P) : LADE__TYPE_##name,
#define LADE__ASSOCIATE_RESULT(name, U, dtype, P)      U (*)(P) : (U *)0,
#define lade__result_type_of(f, P)                     _Generic((f), LADE__TYPES(LADE__ASSOCIATE_RESULT_TYPE, P) default : LADE__TYPE_OTHER)
#define lade__result_of(f, P) \
    __typeof__(*_Generic((f), LADE__TYPES(LADE__ASSOCIATE_RESULT, P) default : (struct lade__no_item *)0))

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
/* Stores the function f in lade__called, so that its text stands in a stage once. */
#define LADE__CALL(f) __auto_type lade__called = (f)
#define LADE__CALLED  (lade__function *)(void *)lade__if_pointer(lade__called)
#define LADE__FILTERED(combinator, f, g)                                                                  \
    __extension__({                                                                                       \
        LADE__BIND(g);                                                                                    \
        LADE__CALL(f);                                                                                    \
        LADE__CHECK_FUNCTION(lade__source_item, lade__is_predicate(lade__called, lade__source_item),      \
                             "write the function as bool f(T) if the items are numbers or strings, else " \
                             "as bool f(const T *); T must be exactly the item type");                    \
        LADE__COMBINE(lade__source_item, combinator, lade__predicate_of(lade__called, lade__source_item), \
                      LADE__CALLED);                                                                      \
    })

/* For map and parallel_map. The words after g are more arguments of the combinator, each after a comma. */
#define LADE__MAP(f, g)                         LADE__MAP_(lade__map, f, g, )
#define LADE__PARALLEL_MAP(f, g, workers)       LADE__MAP_(lade__parallel_map, f, g, LADE__MORE(workers))
#define LADE__MAP_TO(U, f, g)                   LADE__MAP_TO_(lade__map, U, f, g, )
#define LADE__PARALLEL_MAP_TO(U, f, g, workers) LADE__MAP_TO_(lade__parallel_map, U, f, g, LADE__MORE(workers))
#define LADE__MORE(...)                         , __VA_ARGS__
#define LADE__MAP_(combinator, f, g, ...)                                                                         \
    __extension__({                                                                                               \
        LADE__BIND(g);                                                                                            \
        LADE__CALL(f);                                                                                            \
        typedef lade__parameter(lade__source_item) lade__argument;                                                \
        typedef lade__result_of(lade__called, lade__argument) lade__result;                                       \
        LADE__CHECK_FUNCTION(lade__source_item, lade__is_item(lade__result),                                      \
                             "write the function as U f(T) if the items are numbers or strings, else as "         \
                             "U f(const T *); T must be exactly the item type, and U a number or string");        \
        LADE__COMBINE(lade__result, combinator, sizeof(lade__result), lade__arithmetic(lade__some(lade__result)), \
                      lade__mapper_for(lade__type_of(lade__some(lade__source_item)),                              \
                                       lade__result_type_of(lade__called, lade__argument)),                       \
                      LADE__CALLED __VA_ARGS__);                                                                  \
    })
#define LADE__MAP_TO_(combinator, U, f, g, ...)                                                              \
    __extension__({                                                                                          \
        LADE__BIND(g);                                                                                       \
        LADE__CALL(f);                                                                                       \
        LADE__CHECK_FUNCTION(                                                                                \
            lade__source_item,                                                                               \
            _Generic((lade__called), void (*)(lade__source_item const *, __typeof__(U) *) : 1, default : 0), \
            "map_to(U, f, g): write the function as void f(const T *item, U *result); T must be "            \
            "exactly the item type");                                                                        \
        LADE__COMBINE(U, combinator, sizeof(__typeof__(U)), lade__arithmetic(lade__some(__typeof__(U))),     \
                      lade__mapper_for(LADE__TYPE_OTHER, LADE__TYPE_OTHER), LADE__CALLED __VA_ARGS__);       \
    })

#define LADE__ACCUMULATE(g)                                                                          \
    __extension__({                                                                                  \
        LADE__BIND(g);                                                                               \
        LADE__CHECK_FUNCTION(lade__source_item,                                                      \
                             lade__is_number(lade__some(lade__source_item)) &&                       \
                                 lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_boolean, \
                             "accumulate: the items must be numbers, and not bool; map them first"); \
        LADE__COMBINE(lade__source_item, lade__accumulate,                                           \
                      lade__adder_for(lade__type_of(lade__some(lade__source_item))));                \
    })
#define LADE__ACCUMULATE_BY(f, g)                                                                                      \
    __extension__({                                                                                                    \
        LADE__BIND(g);                                                                                                 \
        LADE__CALL(f);                                                                                                 \
        LADE__CHECK_FUNCTION(                                                                                          \
            lade__source_item,                                                                                         \
            lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_OTHER &&                                        \
                _Generic((lade__called), lade__source_item(*)(lade__source_item, lade__source_item) : 1, default : 0), \
            "accumulate_by: write the function as T f(T, T); T must be exactly the item "                              \
            "type, a number or string");                                                                               \
        LADE__COMBINE(lade__source_item, lade__accumulate_by,                                                          \
                      lade__folder_for(lade__type_of(lade__some(lade__source_item))), LADE__CALLED);                   \
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
#define LADE__FROM_ARRAY_1(a)                                                                          \
    __extension__({                                                                                    \
        enum { lade__fits = lade__is_array(a) };                                                       \
        _Static_assert(lade__fits, "from_array(a) needs an array of known size; for a pointer, write " \
                                   "from_array(p, number of items)");                                  \
        LADE__FROM_ARRAY_2(a, sizeof(a) / sizeof *(a));                                                \
    })
#define LADE__FROM_ARRAY_2(p, n)                                                                                    \
    __extension__({                                                                                                 \
        const __auto_type lade__items = lade__select(lade__is_pointer(p), (p), (struct lade__no_item *)0);          \
        _Static_assert(lade__is_pointer(p), "from_array(p, n): p must be an array or a pointer to its first item"); \
        (lade_gen_owned(lade__plain(lade__items)))(void *)                                                          \
            lade__from_array(lade__items, sizeof *lade__items, lade__arithmetic(*lade__items), (n));                \
    })

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
#define LADE__INPUT(i, g) {lade__untyped(lade__source_##i), lade__is_owned(lade__source_##i)},
/* A number that no pointer can be initialised with, or an item. */
#define LADE__AN_ITEM(i, g) \
    __builtin_choose_expr(lade__class_##i < 10 && lade__class_##i != 5, 0.0f, lade__some(lade__source_item_##i)),
#define LADE__CHECK_SAME(i, g)                                                               \
    _Static_assert(__builtin_types_compatible_p(lade__source_item_##i, lade__source_item_1), \
                   "chain, interleave and merge take generators of one item type");
#define LADE__NO_COMPARATOR(T) NULL
#define LADE__COMPARATOR_OF_ITEM(T)                                                                     \
    __extension__({                                                                                     \
        _Static_assert(lade__type_of(lade__some(T)) != LADE__TYPE_OTHER || !lade__is_item(T),           \
                       "merge: the items must be numbers or strings, because it compares them with <"); \
        lade__comparator_of(lade__some(T));                                                             \
    })
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
#define LADE__ZIP_(S, each, n, ...)                                                                                   \
    __extension__({                                                                                                   \
        LADE__UNUSED_TYPE(__typeof__(S), lade__given_type);                                                           \
        _Static_assert(__builtin_classify_type(lade__some(lade__given_type)) == 12,                                   \
                       "zip and enumerate: the first argument must be a struct type, for example struct pair");       \
        LADE__UNUSED_TYPE(__typeof__(lade__select(__builtin_classify_type(lade__some(lade__given_type)) == 12,        \
                                                  lade__some(lade__given_type), lade__some(struct lade__no_item))),   \
                          lade__struct);                                                                              \
        each(LADE__BIND_SOURCE, __VA_ARGS__) each(LADE__ITEM_CLASS, __VA_ARGS__)                                      \
            const struct lade_input lade__inputs[] = {each(LADE__INPUT, __VA_ARGS__)};                                \
        LADE__CONVERT(each(LADE__EXAMPLE,                                                                             \
                           __VA_ARGS__) static const lade__struct lade__example = {each(LADE__STORED, __VA_ARGS__)};) \
        const struct lade__member lade__members[] = {each(LADE__MEMBER, __VA_ARGS__)};                                \
        (void)sizeof((lade__struct[]){{each(LADE__AN_ITEM, __VA_ARGS__)}});                                           \
        (lade_gen_owned(lade__struct))(void *)                                                                        \
            lade__zip(lade__inputs, n, sizeof(lade__struct), lade__members, &lade__example);                          \
    })
/*
 * C cannot compare the type of a member with another type if the name of the member is unknown. So zip stores an example
 * in each member, and lade__zip() reads it back as an item. The example of an integer has 128 bits, of which a member
 * keeps as many as its type has. The examples are static, so that bytes between members are zero.
 */
#ifdef __clang__
#define LADE__CONVERT(...)                                                                \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wconversion\"") \
        _Pragma("clang diagnostic ignored \"-Wstatic-local-in-inline\"") __VA_ARGS__ _Pragma("clang diagnostic pop")
#else
#define LADE__CONVERT(...)                                                                                         \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverflow\"")                                \
        _Pragma("GCC diagnostic ignored \"-Wconversion\"") _Pragma("GCC diagnostic ignored \"-Wsign-conversion\"") \
            _Pragma("GCC diagnostic ignored \"-Wfloat-conversion\"") __VA_ARGS__ _Pragma("GCC diagnostic pop")
#endif
#define LADE__ITEM_CLASS(i, g) enum { lade__class_##i = __builtin_classify_type(lade__some(lade__source_item_##i)) };
#define lade__example_of(T, class)                                           \
    __builtin_choose_expr(                                                   \
        class < 5, lade__wide_example,                                       \
        __builtin_choose_expr(                                               \
            class == 8, 1.1L,                                                \
            __builtin_choose_expr(class == 9, __builtin_complex(1.1L, 2.2L), \
                                  __builtin_choose_expr(class == 5, lade__some_pointer(T, class), (T){0}))))
#define lade__some_pointer(T, class) ((__typeof__(__builtin_choose_expr(class == 5, lade__some(T), (void *)0)))16)
#define LADE__EXAMPLE(i, g) \
    static const lade__source_item_##i lade__item_##i = lade__example_of(lade__source_item_##i, lade__class_##i);
#define LADE__STORED(i, g) lade__example_of(lade__source_item_##i, lade__class_##i),
#define LADE__MEMBER(i, g) {&lade__item_##i, sizeof lade__item_##i, _Alignof(lade__source_item_##i), lade__class_##i},

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
