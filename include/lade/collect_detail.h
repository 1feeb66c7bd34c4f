/*
 * lade/collect_detail.h - the implementation of the macros of collect.h. It is private and may change in any release.
 *
 * How a temporary container is distinguished from a container in a variable: a macro returns a pointer to a typedef of
 * T that has a larger alignment attribute. In assignments C treats the typedef as T itself, and the variable has the
 * type T *. So __alignof__ of the object to which the pointer points is different for the two, at compile time.
 */
#ifndef LADE_COLLECT_DETAIL_H
#define LADE_COLLECT_DETAIL_H

#pragma GCC system_header /* see gen_detail.h */

#include <lade/collect.h>

#ifdef __cplusplus
extern "C" {
#endif

enum lade__container_kind { LADE__LIST, LADE__TUPLE, LADE__SET, LADE__DICT, LADE__ARRAY };

/* The type of an item, for comparing and printing: an enum lade_dtype, or one of these values. */
enum { LADE__NOT_A_NUMBER = -1, LADE__STRING = -2, LADE__BOOL = -3, LADE__CHAR = -4 };

struct lade__key {
    size_t offset; /* of the key in an item; 0 if the item is its own key */
    lade__comparator *compare;
};

LADE_API void *lade__collect(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade__key key,
                             struct lade_error *err, struct lade_port *body);
LADE_API void lade__container_free(void *items);
LADE_API void lade__container_auto_end(void *pointer);
LADE_API size_t lade__len(const void *items, int temporary);
LADE_API bool lade__contains(const void *items, int temporary, const void *value, lade__comparator *compare);
LADE_API void *lade__dict_get(const void *items, const void *key, struct lade__key how);
LADE_API void *lade__reshape(void *items, int temporary, int ndim, const int64_t *shape);
LADE_API int lade__ndim(const void *items);
LADE_API const int64_t *lade__shape(const void *items);
LADE_API int lade__print(FILE *f, const void *items, int temporary, int type);
LADE_API int lade__print_scalar(FILE *f, const void *value, int type);
LADE_API struct lade_tensor *lade__to_tensor(void *items, int temporary, int type);

LADE_API void *lade__strings(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body);
LADE_API struct lade_gen *lade__batched(struct lade_gen *g, int owned, size_t n, bool texts);
LADE_API void *lade__sample(struct lade_gen *g, int owned, size_t n, uint64_t seed, struct lade_error *err,
                            struct lade_port *body);

/* A container that a comprehension fills. */
struct lade__builder {
    char *p, *end, *items;
    size_t item_size;
    enum lade__container_kind kind;
    int failed;
};
LADE_API int lade__builder_grow(struct lade__builder *b);
LADE_API void *lade__builder_finish(struct lade__builder *b, lade__comparator *compare, struct lade_port *body);

LADE_API long long lade__sum_signed(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                    struct lade_port *body);
LADE_API unsigned long long lade__sum_unsigned(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                               struct lade_port *body);
LADE_API double lade__sum_floating(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                   struct lade_port *body);
LADE_API void lade__extreme(struct lade_gen *g, int owned, int type, int sign, void *out, struct lade_error *err,
                            struct lade_port *body);
LADE_API long long lade__count(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body);
LADE_API bool lade__search(struct lade_gen *g, int owned, int type, bool wanted, struct lade_error *err,
                           struct lade_port *body);
LADE_API bool lade__nth_item(struct lade_gen *g, int owned, int64_t n, void *out, struct lade_error *err,
                             struct lade_port *body);

#ifndef __cplusplus

#define lade__dtype(x) \
    ((int)_Generic((x),                                                                                                      \
        float: LADE_FLOAT32,                                                                                           \
        double: LADE_FLOAT64,                                                                                          \
        bool: LADE__BOOL,                                                                                              \
        char: LADE__CHAR,                                                                                              \
        signed char: LADE_INT8,                                                                                        \
        unsigned char: LADE_UINT8,                                                                                     \
        short: LADE_INT16,                                                                                             \
        unsigned short: LADE_UINT16,                                                                                   \
        int: LADE_INT32,                                                                                               \
        unsigned: LADE_UINT32,                                                                                         \
        long: sizeof(long) == 8 ? LADE_INT64 : LADE_INT32,                                                             \
        unsigned long: sizeof(long) == 8 ? LADE_UINT64 : LADE_UINT32,                                                  \
        long long: LADE_INT64,                                                                                         \
        unsigned long long: LADE_UINT64,                                                                               \
        char *: LADE__STRING,                                                                                          \
        const char *: LADE__STRING,                                                                                    \
        default: LADE__NOT_A_NUMBER))

#define LADE__ITEM_TYPE(g) lade__dtype(lade__some(lade__item(g)))

/* Expands to two arguments, the items and whether the container is temporary. c is evaluated once. */
#define LADE__TEMPORARY(c) (void *)(uintptr_t)(c), LADE__IS_TEMPORARY(c)
/* The type of an item, without the alignment attribute. */
#define lade__plain(c) __typeof__(__extension__({ *(c); }))

/* Converts a void * to a temporary container of T. */
#define LADE__AS_TEMPORARY(T, pointer)                                                                            \
    __extension__({                                                                                               \
        _Static_assert(_Alignof(__typeof__(T)) < LADE__TEMPORARY_ALIGNMENT, "items aligned to 64 bytes or more"); \
        typedef __typeof__(T) lade__temporary                                                                     \
            __attribute__((aligned(LADE__TEMPORARY_ALIGNMENT * _Alignof(__typeof__(T)))));                        \
        (lade__temporary *)(pointer);                                                                             \
    })
#define LADE__SAME_LIFETIME(c, pointer) ((__typeof__(*(c)) *)(pointer))

#define LADE__COLLECT(kind, ...)             LADE__CAT(LADE__COLLECT_, LADE__NARG(__VA_ARGS__))(kind, __VA_ARGS__)
#define LADE__COLLECT_1(kind, source)        LADE__COLLECT_(kind, source, NULL, lade__here())
#define LADE__COLLECT_2(kind, source, error) LADE__COLLECT_(kind, source, error, NULL)
#define LADE__COLLECT_(kind, source, err, port)                                                                     \
    __extension__({                                                                                                 \
        LADE__BIND(source);                                                                                         \
        _Static_assert((kind) != LADE__SET || lade__dtype(lade__some(lade__source_item)) != LADE__NOT_A_NUMBER,     \
                       "set: the items are not numbers or strings");                                                \
        _Static_assert((kind) != LADE__ARRAY || lade__dtype(lade__some(lade__source_item)) != LADE__NOT_A_NUMBER,   \
                       "array: the items are not numbers");                                                         \
        LADE__AS_TEMPORARY(lade__source_item,                                                                       \
                           lade__collect(lade__untyped(lade__source), lade__is_owned(lade__source), kind,           \
                                         (struct lade__key){0, lade__comparator_of(lade__some(lade__source_item))}, \
                                         err, port));                                                               \
    })

#define LADE__STRINGS_1(source)        LADE__STRINGS(source, NULL, lade__here())
#define LADE__STRINGS_2(source, error) LADE__STRINGS(source, error, NULL)
#define LADE__STRINGS(source, error, port)                                                                         \
    __extension__({                                                                                                \
        LADE__BIND(source);                                                                                        \
        _Static_assert(lade__dtype(lade__some(lade__source_item)) == LADE__STRING,                                 \
                       "strings: the items are not strings");                                                      \
        LADE__AS_TEMPORARY(const char *,                                                                           \
                           lade__strings(lade__untyped(lade__source), lade__is_owned(lade__source), error, port)); \
    })

#define LADE__SAMPLE_3(source, n, seed)        LADE__SAMPLE(source, n, seed, NULL, lade__here())
#define LADE__SAMPLE_4(source, n, seed, error) LADE__SAMPLE(source, n, seed, error, NULL)
#define LADE__SAMPLE(source, n, seed, error, port)                                                                    \
    __extension__({                                                                                                   \
        LADE__BIND(source);                                                                                           \
        LADE__AS_TEMPORARY(lade__source_item, lade__sample(lade__untyped(lade__source), lade__is_owned(lade__source), \
                                                           n, seed, error, port));                                    \
    })

#define LADE__DICT_2(source, key)        LADE__DICT_(source, key, NULL, lade__here())
#define LADE__DICT_3(source, key, error) LADE__DICT_(source, key, error, NULL)
#define LADE__DICT_(source, key, error, port)                                                                   \
    __extension__({                                                                                             \
        LADE__BIND(source);                                                                                     \
        LADE__AS_TEMPORARY(lade__source_item,                                                                   \
                           lade__collect(lade__untyped(lade__source), lade__is_owned(lade__source), LADE__DICT, \
                                         LADE__KEY(lade__source_item, key), error, port));                      \
    })
#define LADE__KEY(T, key)                                    \
    (struct lade__key) {                                     \
        offsetof(T, key), lade__comparator_of(((T *)0)->key) \
    }
#define LADE__DICT_GET(d, key, wanted)                                                      \
    __extension__({                                                                         \
        __typeof__((d)->key) lade__wanted = (wanted);                                       \
        (lade__plain(d) *)lade__dict_get(d, &lade__wanted, LADE__KEY(lade__plain(d), key)); \
    })

#define LADE__CONTAINS(c, v)                                                                  \
    __extension__({                                                                           \
        lade__plain(c) lade__wanted = (v);                                                    \
        lade__contains(LADE__TEMPORARY(c), &lade__wanted, lade__comparator_of(lade__wanted)); \
    })

#define LADE__BATCHED(g, n)                                                        \
    __extension__({                                                                \
        LADE__BIND(g);                                                             \
        LADE__COMBINE(lade__source_item *, lade__batched, n,                       \
                      lade__dtype(lade__some(lade__source_item)) == LADE__STRING); \
    })

/* Numbers and strings are printed by value. Every pointer to another type than char is a container. */
#define LADE__PRINT(f, x)                                                               \
    __extension__({                                                                     \
        __auto_type lade__printed = (x);                                                \
        lade__select(lade__dtype(lade__printed) != LADE__NOT_A_NUMBER,                  \
                     lade__print_scalar(f, &lade__printed, lade__dtype(lade__printed)), \
                     lade__print(f, (void *)(uintptr_t)LADE__IF_POINTER(lade__printed), \
                                 LADE__IS_TEMPORARY(LADE__IF_POINTER(lade__printed)),   \
                                 lade__dtype(*LADE__IF_POINTER(lade__printed))));       \
    })
#define LADE__IF_POINTER(x) \
    lade__select(lade__dtype(x) == LADE__NOT_A_NUMBER || lade__dtype(x) == LADE__STRING, (x), (int *)0)

#define LADE__SUM_1(source)        LADE__SUM(source, NULL, lade__here())
#define LADE__SUM_2(source, error) LADE__SUM(source, error, NULL)
#define LADE__SUM(source, error, port)                                                                     \
    __extension__({                                                                                        \
        LADE__BIND(source);                                                                                \
        _Static_assert(lade__arithmetic(lade__some(lade__source_item)), "sum: the items are not numbers"); \
        _Generic(lade__some(lade__source_item), float                                                      \
                 : lade__sum_floating, double                                                              \
                 : lade__sum_floating, bool                                                                \
                 : lade__sum_unsigned, unsigned char                                                       \
                 : lade__sum_unsigned, unsigned short                                                      \
                 : lade__sum_unsigned, unsigned                                                            \
                 : lade__sum_unsigned, unsigned long                                                       \
                 : lade__sum_unsigned, unsigned long long                                                  \
                 : lade__sum_unsigned, default                                                             \
                 : lade__sum_signed)(lade__untyped(lade__source), lade__is_owned(lade__source),            \
                                     lade__dtype(lade__some(lade__source_item)), error, port);             \
    })

#define LADE__MIN_1(source)        LADE__EXTREME(-1, source, NULL, lade__here())
#define LADE__MIN_2(source, error) LADE__EXTREME(-1, source, error, NULL)
#define LADE__MAX_1(source)        LADE__EXTREME(1, source, NULL, lade__here())
#define LADE__MAX_2(source, error) LADE__EXTREME(1, source, error, NULL)
#define LADE__EXTREME(sign, source, error, port)                                                                \
    __extension__({                                                                                             \
        LADE__BIND(source);                                                                                     \
        _Static_assert(lade__arithmetic(lade__some(lade__source_item)), "min, max: the items are not numbers"); \
        lade__source_item lade__found = 0;                                                                      \
        lade__extreme(lade__untyped(lade__source), lade__is_owned(lade__source),                                \
                      lade__dtype(lade__some(lade__source_item)), sign, &lade__found, error, port);             \
        lade__found;                                                                                            \
    })

#define LADE__COUNT_1(source)        LADE__TAKE_IN(source, lade__count, NULL, lade__here())
#define LADE__COUNT_2(source, error) LADE__TAKE_IN(source, lade__count, error, NULL)
#define LADE__TAKE_IN(source, f, ...)                                              \
    __extension__({                                                                \
        LADE__BIND(source);                                                        \
        f(lade__untyped(lade__source), lade__is_owned(lade__source), __VA_ARGS__); \
    })

#define LADE__ANY_1(source)        LADE__SEARCH(source, true, NULL, lade__here())
#define LADE__ANY_2(source, error) LADE__SEARCH(source, true, error, NULL)
#define LADE__ALL_1(source)        (!LADE__SEARCH(source, false, NULL, lade__here()))
#define LADE__ALL_2(source, error) (!LADE__SEARCH(source, false, error, NULL))
#define LADE__SEARCH(source, wanted, error, port)                                      \
    __extension__({                                                                    \
        LADE__BIND(source);                                                            \
        lade__search(lade__untyped(lade__source), lade__is_owned(lade__source),        \
                     lade__dtype(lade__some(lade__source_item)), wanted, error, port); \
    })

#define LADE__FIRST_2(source, otherwise)         LADE__PICK(source, 0, otherwise, NULL, lade__here())
#define LADE__FIRST_3(source, otherwise, error)  LADE__PICK(source, 0, otherwise, error, NULL)
#define LADE__NTH_3(source, n, otherwise)        LADE__PICK(source, n, otherwise, NULL, lade__here())
#define LADE__NTH_4(source, n, otherwise, error) LADE__PICK(source, n, otherwise, error, NULL)
#define LADE__LAST_2(source, otherwise)          LADE__PICK(source, -1, otherwise, NULL, lade__here())
#define LADE__LAST_3(source, otherwise, error)   LADE__PICK(source, -1, otherwise, error, NULL)
#define LADE__PICK(source, n, otherwise, error, port)                                                           \
    __extension__({                                                                                             \
        LADE__BIND(source);                                                                                     \
        lade__source_item lade__otherwise = (otherwise), lade__found = lade__otherwise;                         \
        lade__nth_item(lade__untyped(lade__source), lade__is_owned(lade__source), n, &lade__found, error, port) \
            ? lade__found                                                                                       \
            : lade__otherwise;                                                                                  \
    })

#define LADE__REDUCE_3(f, source, start)        LADE__REDUCE(f, start, source)
#define LADE__REDUCE_4(f, source, start, error) LADE__REDUCE(f, start, source, error)
#define LADE__REDUCE(f, start, ...)             /* source, or source and error */ \
    __extension__({                                                               \
        __auto_type lade__so_far = (start);                                       \
        lade_for_each (lade__one, __VA_ARGS__)                                    \
            lade__so_far = f(lade__so_far, lade__one);                            \
        lade__so_far;                                                             \
    })

#define LADE__IN_2(i, n)          for (long i = 0, lade__end_##i = (n); i < lade__end_##i; i++)
#define LADE__IN_3(i, a, b)       for (long i = (a), lade__end_##i = (b); i < lade__end_##i; i++)
#define LADE__IN_4(i, a, b, step) for (long i = (a), lade__end_##i = (b); i < lade__end_##i; i += (step))

/* R is T, or const T if the container is const. */
#define LADE__OF(container, T, expr, ...) LADE__OF_AS(T, container, T, expr, __VA_ARGS__)
#define LADE__OF_AS(R, container, T, expr, ...)                                                               \
    __extension__({                                                                                           \
        struct lade__builder lade__b = {.item_size = sizeof(__typeof__(T)), .kind = container};               \
        __VA_ARGS__ {                                                                                         \
            __typeof__(T) lade__value = (expr);                                                               \
            if (__builtin_expect(lade__b.p != lade__b.end, 1) || !lade__builder_grow(&lade__b)) {             \
                memcpy(lade__b.p, &lade__value, sizeof lade__value);                                          \
                lade__b.p += sizeof lade__value;                                                              \
            }                                                                                                 \
        }                                                                                                     \
        LADE__AS_TEMPORARY(                                                                                   \
            R, lade__builder_finish(&lade__b, lade__comparator_of(lade__some(__typeof__(T))), lade__here())); \
    })

#define LADE__SUM_OF(T, expr, ...)          \
    __extension__({                         \
        __typeof__(T) lade__so_far = 0;     \
        __VA_ARGS__ lade__so_far += (expr); \
        lade__so_far;                       \
    })

#define LADE__SEARCH_OF(expr, ...) \
    __extension__({                \
        __label__ lade__out;       \
        bool lade__found = false;  \
        __VA_ARGS__ if (expr) {    \
            lade__found = true;    \
            goto lade__out;        \
        }                          \
    lade__out:;                    \
        lade__found;               \
    })

#define LADE__EXTREME_OF(before, T, expr, clauses, otherwise) \
    __extension__({                                           \
        __typeof__(T) lade__found = (otherwise);              \
        bool lade__any = false;                               \
        clauses {                                             \
            __typeof__(T) lade__value = (expr);               \
            if (!lade__any || lade__value before lade__found) \
                lade__found = lade__value;                    \
            lade__any = true;                                 \
        }                                                     \
        lade__found;                                          \
    })

/* The words after expr are the clauses and then the captures, a type and a name for each. The expression is compiled
   where `yield` finds no generator function. */
#define LADE__GENEXPR(define, T, name, expr, ...) \
    LADE__CAT(LADE__GENEXPR_, LADE__ONE_OR_MORE(__VA_ARGS__))(define, T, name, expr, __VA_ARGS__)
#define LADE__ONE_OR_MORE(...)                                                                                         \
    LADE__NARG_(__VA_ARGS__, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, \
                MORE, MORE, MORE, MORE, ONE, )
#define LADE__GENEXPR_ONE(define, T, name, expr, clauses) define(T, name) LADE__GENEXPR_BODY(T, expr, clauses)
#define LADE__GENEXPR_MORE(define, T, name, expr, clauses, ...) \
    define(T, name, __VA_ARGS__) LADE__GENEXPR_BODY(T, expr, clauses)
#define LADE__GENEXPR_BODY(T, expr, clauses)                                                               \
    {                                                                                                      \
        clauses {                                                                                          \
            lade_yield(__extension__({                                                                     \
                __typeof__(T) lade__one;                                                                   \
                {                                                                                          \
                    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"") struct { \
                        int a_generator_expression_cannot_yield;                                           \
                    } LADE__PULLED;                                                                        \
                    _Pragma("GCC diagnostic pop")(void) sizeof(LADE__PULLED);                              \
                    lade__one = (expr);                                                                    \
                }                                                                                          \
                lade__one;                                                                                 \
            }));                                                                                           \
        }                                                                                                  \
    }
#endif /* __cplusplus */

#ifdef __cplusplus
}
#endif
#endif
