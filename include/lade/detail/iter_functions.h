/*
 * lade/detail/iter_functions.h - the implementation of the macros of iter.h. This header is private and may change in
 * any release.
 *
 * Most combinators in the library need only the size of the items. To call the function of the user, to add items or to
 * compare items, the library also needs the type of the items. So the macros select an adapter, which is a small
 * function of the library for one type or for one pair of types. LADE__TYPES lists the types.
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
 * The types whose values the library reads: numbers and strings. Expands to X(name, type, dtype, ...) for each type.
 * dtype is an enum lade_dtype or a value of collect_functions.h. A function of the user takes an item of these types by
 * value, and an item of another type by pointer.
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
typedef bool lade__adder(void *so_far, const void *item);   /* returns true if the sum does not fit into its type */
typedef int lade__comparator(const void *a, const void *b); /* returns -1, 0 or 1; NaN is last */

/* Returns the adapter for bool f(T) or int f(T). If @parameter is LADE__TYPE_OTHER, f takes a const T *. */
LADE_API lade__predicate *lade__predicate_for(enum lade__type parameter, enum lade__type result);
/* Returns the adapter for U f(T). If @result is LADE__TYPE_OTHER, returns the adapter for void f(const T *, U *). */
LADE_API lade__mapper *lade__mapper_for(enum lade__type parameter, enum lade__type result);
/* The three functions return an adapter that calls T f(T, T), an adapter that adds two items, and an adapter that
   compares two items in ascending order. Each function returns NULL if there is no adapter for this type. */
LADE_API lade__folder *lade__folder_for(enum lade__type type);
LADE_API lade__adder *lade__adder_for(enum lade__type type);
LADE_API lade__comparator *lade__comparator_for(enum lade__type type);

/* A generator that a combinator reads. If `owned` is set, the combinator frees the generator. */
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
LADE_API struct lade_gen *lade__map(struct lade_gen *g, int owned, size_t item_size, int item_class, lade__mapper *call,
                                    lade__function *f);
LADE_API struct lade_gen *lade__flat(struct lade_gen *g, int owned, size_t item_size, int item_class);
LADE_API struct lade_gen *lade__accumulate(struct lade_gen *g, int owned, lade__adder *add);
LADE_API struct lade_gen *lade__accumulate_by(struct lade_gen *g, int owned, lade__folder *call, lade__function *f);
LADE_API struct lade_gen *lade__cycle(struct lade_gen *g, int owned, int unused);
LADE_API struct lade_gen *lade__shuffle(struct lade_gen *g, int owned, size_t size, uint64_t seed);
LADE_API struct lade_gen *lade__window(struct lade_gen *g, int owned, int64_t n);
LADE_API struct lade_gen *lade__chain(const struct lade_input *inputs, int n, lade__comparator *unused);
LADE_API struct lade_gen *lade__interleave(const struct lade_input *inputs, int n, lade__comparator *unused);
LADE_API struct lade_gen *lade__merge(const struct lade_input *inputs, int n, lade__comparator *compare);
/* A member of the struct S of lade_zip(). The macro stores an example value in each member of an S, and the library
   compares the bytes of the member with `value`, which is the same example in the type of the items. If the bytes are
   equal, the member has the type of the items. */
struct lade__member {
    const void *value;
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
/* `size` is sizeof(S). If the members of S do not have the types of the items, the generator fails when it starts. */
LADE_API struct lade_gen *lade__zip(const struct lade_input *inputs, int n, size_t size,
                                    const struct lade__member *members, const void *example);
/* Changes the generator that lade__zip() has made, so that the generator ends when all sources have ended. The
   generator must not have started. Copies the fill values. */
LADE_API struct lade_gen *lade__zip_longest(struct lade_gen *zip, const void *fill);
LADE_API int lade__tee(struct lade_gen *g, int n, struct lade_gen **out);
LADE_API struct lade_gen *lade__prefetch(struct lade_gen *g, int owned, size_t n);
LADE_API struct lade_gen *lade__parallel_map(struct lade_gen *g, int owned, size_t item_size, int item_class,
                                             lade__mapper *call, lade__function *f, int workers);
LADE_API struct lade_gen *lade__repeat(const void *item, size_t item_size, int item_class, int64_t n);
/* If `literal` is true, the items or the string are copied into the memory of the generator. */
LADE_API struct lade_gen *lade__from_array(const void *items, size_t item_size, int item_class, int64_t n,
                                           bool literal);
LADE_MUST_CHECK LADE_API lade_gen_owned(char) lade__from_text(const char *s, bool literal);
LADE_MUST_CHECK LADE_API lade_gen_owned(long) lade__range(long start, long stop, long step);
LADE_MUST_CHECK LADE_API lade_gen_owned(long) lade__count_from(long start, long step);
LADE_MUST_CHECK LADE_API lade_gen_owned(char) lade__from_string(const char *s);

#ifdef __cplusplus
}
#endif
#endif
