/*
 * There is one adapter for each type. Adapters call the user's functions and compare items. iter_detail.h selects them.
 * All other files of this folder use only the size of the items.
 */
#include <lade/iter.h>

#include <string.h>

/* A function of any type is stored as lade__function * and is called through its own type. */
#define CALL(result, f, parameters) ((result(*) parameters)(f))

#define DEFINE_PREDICATES(name, T, ...)                              \
    bool lade__bool_of_##name(lade__function *f, const void *item) { \
        return CALL(bool, f, (T))(*(T const *)item);                 \
    }                                                                \
    bool lade__int_of_##name(lade__function *f, const void *item) {  \
        return CALL(int, f, (T))(*(T const *)item) != 0;             \
    }
LADE__VALUES(DEFINE_PREDICATES, )

bool lade__bool_of_item(lade__function *f, const void *item) {
    return CALL(bool, f, (const void *))(item);
}

bool lade__int_of_item(lade__function *f, const void *item) {
    return CALL(int, f, (const void *))(item) != 0;
}

#define DEFINE_MAPPER(from, T, to, U)                                                \
    void lade__##from##_to_##to(lade__function *f, const void *item, void *result) { \
        *(U *)result = CALL(U, f, (T))(*(T const *)item);                            \
    }
#define DEFINE_MAPPERS(from, T, ...)             \
    DEFINE_MAPPER(from, T, char, char)           \
    DEFINE_MAPPER(from, T, int, int)             \
    DEFINE_MAPPER(from, T, uint, unsigned)       \
    DEFINE_MAPPER(from, T, long, long)           \
    DEFINE_MAPPER(from, T, ulong, unsigned long) \
    DEFINE_MAPPER(from, T, llong, long long)     \
    DEFINE_MAPPER(from, T, float, float)         \
    DEFINE_MAPPER(from, T, double, double)       \
    DEFINE_MAPPER(from, T, string, const char *) \
    DEFINE_MAPPER(from, T, bool, bool)
LADE__VALUES(DEFINE_MAPPERS, )

void lade__item_to_item(lade__function *f, const void *item, void *result) {
    CALL(void, f, (const void *, void *))(item, result);
}

#define DEFINE_FOLD(name, T, ...)                                               \
    void lade__fold_##name(lade__function *f, void *so_far, const void *item) { \
        T *total = so_far;                                                      \
        *total = CALL(T, f, (T, T))(*total, *(T const *)item);                  \
    }
LADE__VALUES(DEFINE_FOLD, )

#define DEFINE_ADD(name, T)                                                         \
    void lade__add_##name(lade__function *unused, void *so_far, const void *item) { \
        (void)unused;                                                               \
        T *total = so_far;                                                          \
        *total = (T)(*total + *(T const *)item);                                    \
    }
DEFINE_ADD(char, char)
DEFINE_ADD(int, int)
DEFINE_ADD(uint, unsigned)
DEFINE_ADD(long, long)
DEFINE_ADD(ulong, unsigned long)
DEFINE_ADD(llong, long long)
DEFINE_ADD(float, float)
DEFINE_ADD(double, double)

/* NaN is greater than all numbers and equal to itself, so that sorting is defined and a set has at most one NaN. */
#define DEFINE_COMPARATOR(name, T)                           \
    int lade__compare_##name(const void *a, const void *b) { \
        T const x = *(T const *)a, y = *(T const *)b;        \
        if (x < y || x > y)                                  \
            return x < y ? -1 : 1;                           \
        return (x != x) - (y != y);                          \
    }
LADE__ORDERED(DEFINE_COMPARATOR)

int lade__compare_string(const void *a, const void *b) {
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    if (!x || !y)
        return (x != NULL) - (y != NULL);
    int order = strcmp(x, y);
    return (order > 0) - (order < 0);
}
