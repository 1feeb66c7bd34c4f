/*
 * Defines adapters. An adapter is a function that calls a function of the user, adds two items or compares two items.
 * There is one adapter for each type of items, and for each pair of types if the user's function converts items. The
 * macros of iter_functions.h check the type of the function at compile time and select the adapter. All other files of
 * this folder need the size of the items, but not their type.
 */
#include <lade/iter.h>

#include <string.h>

/* Calls a function that is stored as lade__function *. The pointer is first converted to the real type of the
   function. */
#define CALL(result, f, parameters) ((result(*) parameters)(f))

/* These macros make it possible to use LADE__TYPES inside of LADE__TYPES. The preprocessor does not expand a macro
   inside of itself. But when the preprocessor scans the argument of EXPAND a second time, it expands the inner
   LADE__TYPES. */
#define EXPAND(...) __VA_ARGS__
#define NOTHING()
#define TYPES_AGAIN() LADE__TYPES

/* ---- Predicates -------------------------------------------------------------------------------------------------- */

#define DEFINE_PREDICATES(name, T, ...)                               \
    static bool bool_of_##name(lade__function *f, const void *item) { \
        return CALL(bool, f, (T))(*(T const *)item);                  \
    }                                                                 \
    static bool int_of_##name(lade__function *f, const void *item) {  \
        return CALL(int, f, (T))(*(T const *)item) != 0;              \
    }
LADE__TYPES(DEFINE_PREDICATES, )

static bool bool_of_item(lade__function *f, const void *item) {
    return CALL(bool, f, (const void *))(item);
}

static bool int_of_item(lade__function *f, const void *item) {
    return CALL(int, f, (const void *))(item) != 0;
}

#define PREDICATE_ROW(name, ...) [LADE__TYPE_##name] = {bool_of_##name, int_of_##name},
lade__predicate *lade__predicate_for(enum lade__type parameter, enum lade__type result) {
    static lade__predicate *const adapters[LADE__TYPE_COUNT][2] = {{bool_of_item, int_of_item},
                                                                   LADE__TYPES(PREDICATE_ROW, )};
    return adapters[parameter][result != LADE__TYPE_boolean];
}

/* ---- Mappers ----------------------------------------------------------------------------------------------------- */

#define DEFINE_MAPPER(to, U, dtype, from, T, ...)                                   \
    static void from##_to_##to(lade__function *f, const void *item, void *result) { \
        *(U *)result = CALL(U, f, (T))(*(T const *)item);                           \
    }
#define DEFINE_MAPPERS(from, T, ...) TYPES_AGAIN NOTHING()()(DEFINE_MAPPER, from, T)
EXPAND(LADE__TYPES(DEFINE_MAPPERS, ))

#define DEFINE_ITEM_MAPPER(to, U, ...)                                            \
    static void item_to_##to(lade__function *f, const void *item, void *result) { \
        *(U *)result = CALL(U, f, (const void *))(item);                          \
    }
LADE__TYPES(DEFINE_ITEM_MAPPER, )

static void item_to_item(lade__function *f, const void *item, void *result) {
    CALL(void, f, (const void *, void *))(item, result);
}

#define MAPPER_ENTRY(to, U, dtype, from, ...) [LADE__TYPE_##to] = from##_to_##to,
#define MAPPER_ROW(from, ...)                 [LADE__TYPE_##from] = {TYPES_AGAIN NOTHING()()(MAPPER_ENTRY, from)},
lade__mapper *lade__mapper_for(enum lade__type parameter, enum lade__type result) {
    static lade__mapper *const adapters[LADE__TYPE_COUNT][LADE__TYPE_COUNT] = {
        {item_to_item, LADE__TYPES(MAPPER_ENTRY, item)}, EXPAND(LADE__TYPES(MAPPER_ROW, ))};
    return adapters[parameter][result];
}

/* ---- Folders and adders ------------------------------------------------------------------------------------------ */

#define DEFINE_FOLD(name, T, ...)                                                \
    static void fold_##name(lade__function *f, void *so_far, const void *item) { \
        T *total = so_far;                                                       \
        *total = CALL(T, f, (T, T))(*total, *(T const *)item);                   \
    }
LADE__TYPES(DEFINE_FOLD, )

#define FOLD_ENTRY(name, ...) [LADE__TYPE_##name] = fold_##name,
lade__folder *lade__folder_for(enum lade__type type) {
    static lade__folder *const adapters[LADE__TYPE_COUNT] = {LADE__TYPES(FOLD_ENTRY, )};
    return adapters[type];
}

#define DEFINE_ADD(name, T)                                             \
    static bool add_##name(void *so_far, const void *item) {            \
        T *total = so_far;                                              \
        return __builtin_add_overflow(*total, *(T const *)item, total); \
    }
#define DEFINE_ADD_FLOATING(name, T)                         \
    static bool add_##name(void *so_far, const void *item) { \
        *(T *)so_far += *(T const *)item;                    \
        return false;                                        \
    }
/* Items of these types can be added: all number types except bool. */
#define INTEGERS(X)           \
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
#define FLOATING(X)   \
    X(float, float)   \
    X(double, double) \
    X(ldouble, long double)
INTEGERS(DEFINE_ADD)
FLOATING(DEFINE_ADD_FLOATING)

#define ADD_ENTRY(name, ...) [LADE__TYPE_##name] = add_##name,
lade__adder *lade__adder_for(enum lade__type type) {
    static lade__adder *const adapters[LADE__TYPE_COUNT] = {INTEGERS(ADD_ENTRY) FLOATING(ADD_ENTRY)};
    return adapters[type];
}

/* ---- Comparators ------------------------------------------------------------------------------------------------- */

/* Here, NaN is greater than all numbers and equal to NaN, so that items with NaN can be sorted, and so that a set
   contains at most one NaN. */
#define DEFINE_COMPARATOR(name, T)                            \
    static int compare_##name(const void *a, const void *b) { \
        T const x = *(T const *)a, y = *(T const *)b;         \
        if (x < y || x > y)                                   \
            return x < y ? -1 : 1;                            \
        return (x != x) - (y != y);                           \
    }
DEFINE_COMPARATOR(boolean, bool)
INTEGERS(DEFINE_COMPARATOR)
FLOATING(DEFINE_COMPARATOR)

static int compare_string(const void *a, const void *b) {
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    if (!x || !y)
        return (x != NULL) - (y != NULL);
    int order = strcmp(x, y);
    return (order > 0) - (order < 0);
}

#define compare_text             compare_string
#define COMPARE_ENTRY(name, ...) [LADE__TYPE_##name] = compare_##name,
lade__comparator *lade__comparator_for(enum lade__type type) {
    static lade__comparator *const adapters[LADE__TYPE_COUNT] = {LADE__TYPES(COMPARE_ENTRY, )};
    return adapters[type];
}
