/*
 * lade/detail/collect_containers.h - the implementation of the macros of collect.h. It is private and may change in any release.
 *
 * How a temporary container is distinguished from a container in a variable: a macro returns a pointer to a typedef of
 * T that has a larger alignment attribute. In assignments C treats the typedef as T itself, and the variable has the
 * type T *. So __alignof__ of the object to which the pointer points is different for the two, at compile time.
 */
#ifndef LADE_DETAIL_COLLECT_CONTAINERS_H
#define LADE_DETAIL_COLLECT_CONTAINERS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/collect.h>

#ifdef __cplusplus
extern "C" {
#endif

enum lade__container_kind { LADE__LIST, LADE__TUPLE, LADE__SET, LADE__DICT, LADE__ARRAY };

/* The type of an item, for comparing and printing: an enum lade_dtype, or one of these values. */
enum {
    LADE__OTHER = -1,
    LADE__STRING = -2,
    LADE__BOOL = -3,
    LADE__CHAR = -4,
    LADE__LONG_DOUBLE = -5,
};
#define LADE__LONG  (sizeof(long) == 8 ? LADE_INT64 : LADE_INT32)
#define LADE__ULONG (sizeof(long) == 8 ? LADE_UINT64 : LADE_UINT32)

struct lade__key {
    size_t offset; /* of the key in an item; 0 if the item is its own key */
    lade__comparator *compare;
};

LADE_API void *lade__collect(struct lade_gen *g, int owned, enum lade__container_kind kind, bool texts,
                             struct lade__key key, struct lade_error *err, struct lade_port *body);
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

LADE_API void *lade__strings(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade_error *err,
                             struct lade_port *body);
LADE_API struct lade_gen *lade__batched(struct lade_gen *g, int owned, int64_t n, bool texts);
LADE_API void *lade__sample(struct lade_gen *g, int owned, size_t n, bool texts, uint64_t seed, struct lade_error *err,
                            struct lade_port *body);

/* A container that a comprehension fills. */
struct lade__builder {
    char *p, *end, *items;
    size_t item_size;
    enum lade__container_kind kind;
    int failed;
    bool texts; /* the items are copies of strings */
};
LADE_API int lade__builder_grow(struct lade__builder *b);
LADE_API const char *lade__builder_text(struct lade__builder *b, const char *text);
LADE_API void *lade__builder_finish(struct lade__builder *b, lade__comparator *compare, struct lade_port *body);

LADE_API long long lade__sum_signed(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                    struct lade_port *body);
LADE_API unsigned long long lade__sum_unsigned(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                               struct lade_port *body);
LADE_API double lade__sum_floating(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                   struct lade_port *body);
LADE_API long double lade__sum_long_double(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                           struct lade_port *body);
LADE_API void lade__extreme(struct lade_gen *g, int owned, int type, int sign, void *out, struct lade_error *err,
                            struct lade_port *body);
LADE_API const char *lade__extreme_text(struct lade_gen *g, int owned, int sign, struct lade_error *err,
                                        struct lade_port *body);
LADE_API long long lade__count(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body);
LADE_API bool lade__search(struct lade_gen *g, int owned, int type, bool wanted, struct lade_error *err,
                           struct lade_port *body);
LADE_API bool lade__nth_item(struct lade_gen *g, int owned, int64_t n, void *out, struct lade_error *err,
                             struct lade_port *body);
LADE_API bool lade__nth_text(struct lade_gen *g, int owned, int64_t n, const char **out, struct lade_error *err,
                             struct lade_port *body);

#ifndef __cplusplus

#define LADE__ASSOCIATE_DTYPE(name, T, dtype, ...) \
    T:                                             \
    dtype,
#define lade__dtype(x) ((int)_Generic((x), LADE__TYPES(LADE__ASSOCIATE_DTYPE, ) default : LADE__OTHER))
/* Items of type const char * are texts: results that outlive the item are copies. A char * belongs to somebody else. */
#define lade__is_text(x) (lade__type_of(x) == LADE__TYPE_string)
/* Stops the compiler with a message if the items do not fit. There is no message after an earlier mistake. */
#define LADE__CHECK_ITEMS(T, ok, message) _Static_assert((ok) || !lade__is_item(T), message)
#define lade__is_printable(dtype)         ((dtype) != LADE__OTHER && (dtype) != LADE__LONG_DOUBLE)

/* Expands to two arguments, the items and whether the container is temporary. c is evaluated once. */
#define LADE__TEMPORARY(c) (void *)(uintptr_t)(c), LADE__IS_TEMPORARY(c)
/* Refuses what is certainly no container. A pointer to the items of a plain array cannot be told from a container. */
#define LADE__CHECK_CONTAINER(word, c)                                                                                 \
    __attribute__((unused)) __auto_type lade__container = (__typeof__(c) *)0;                                          \
    LADE__POINTEES(*lade__container);                                                                                  \
    _Static_assert(!lade__is_array(*lade__container), word ": this is an array, not a container; its number of items " \
                                                           "is sizeof a / sizeof a[0]");                               \
    _Static_assert(lade__is_array(*lade__container) || !lade__is_generator,                                            \
                   word ": this is a generator, not a container; store list(g) or use count(g)");                      \
    _Static_assert(lade__is_pointer(*lade__container), word ": this is no container; make one with list(g)")

/* Converts a void * to a temporary container of T. */
#define LADE__AS_TEMPORARY(T, pointer)                                                                            \
    __extension__({                                                                                               \
        _Static_assert(_Alignof(__typeof__(T)) < LADE__TEMPORARY_ALIGNMENT, "items aligned to 64 bytes or more"); \
        typedef __typeof__(T) lade__temporary                                                                     \
            __attribute__((aligned(LADE__TEMPORARY_ALIGNMENT * _Alignof(__typeof__(T)))));                        \
        (lade__temporary *)(pointer);                                                                             \
    })
#define LADE__SAME_LIFETIME(c, pointer) ((__typeof__(*(c)) *)(pointer))

#define LADE__LEN(c)                     \
    __extension__({                      \
        LADE__CHECK_CONTAINER("len", c); \
        lade__len(LADE__TEMPORARY(c));   \
    })
#define LADE__ASK_CONTAINER(word, f, c) \
    __extension__({                     \
        LADE__CHECK_CONTAINER(word, c); \
        f(c);                           \
    })

#define LADE__COLLECT(kind, ...)             LADE__CAT(LADE__COLLECT_, LADE__NARG(__VA_ARGS__))(kind, __VA_ARGS__)
#define LADE__COLLECT_1(kind, source)        LADE__COLLECT_(kind, source, NULL, lade__here())
#define LADE__COLLECT_2(kind, source, error) LADE__COLLECT_(kind, source, error, NULL)
#define LADE__COLLECT_(kind, source, err, port)                                                                     \
    __extension__({                                                                                                 \
        LADE__BIND(source);                                                                                         \
        LADE__CHECK_ITEMS(lade__source_item,                                                                        \
                          (kind) != LADE__SET || lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_OTHER,  \
                          "set: the items must be numbers or strings");                                             \
        LADE__CHECK_ITEMS(lade__source_item,                                                                        \
                          (kind) != LADE__ARRAY || lade__is_printable(lade__dtype(lade__some(lade__source_item))),  \
                          "array: the items must be numbers of at most 64 bits; use list");                         \
        LADE__AS_TEMPORARY(lade__source_item,                                                                       \
                           lade__collect(lade__untyped(lade__source), lade__is_owned(lade__source), kind,           \
                                         lade__is_text(lade__some(lade__source_item)),                              \
                                         (struct lade__key){0, lade__comparator_of(lade__some(lade__source_item))}, \
                                         err, port));                                                               \
    })

#define LADE__STRINGS_1(source)        LADE__STRINGS(source, NULL, lade__here())
#define LADE__STRINGS_2(source, error) LADE__STRINGS(source, error, NULL)
#define LADE__STRINGS(source, error, port)                                                                        \
    __extension__({                                                                                               \
        LADE__BIND(source);                                                                                       \
        LADE__CHECK_ITEMS(lade__source_item, lade__dtype(lade__some(lade__source_item)) == LADE__STRING,          \
                          "strings: the items must be strings; use list for other items");                        \
        LADE__AS_TEMPORARY(const char *, lade__strings(lade__untyped(lade__source), lade__is_owned(lade__source), \
                                                       LADE__LIST, error, port));                                 \
    })

#define LADE__SAMPLE_3(source, n, seed)        LADE__SAMPLE(source, n, seed, NULL, lade__here())
#define LADE__SAMPLE_4(source, n, seed, error) LADE__SAMPLE(source, n, seed, error, NULL)
#define LADE__SAMPLE(source, n, seed, error, port)                                                         \
    __extension__({                                                                                        \
        LADE__BIND(source);                                                                                \
        LADE__AS_TEMPORARY(lade__source_item,                                                              \
                           lade__sample(lade__untyped(lade__source), lade__is_owned(lade__source), n,      \
                                        lade__is_text(lade__some(lade__source_item)), seed, error, port)); \
    })

#define LADE__DICT_2(source, key)        LADE__DICT_(source, key, NULL, lade__here())
#define LADE__DICT_3(source, key, error) LADE__DICT_(source, key, error, NULL)
#define LADE__DICT_(source, key, error, port)                                                                          \
    __extension__({                                                                                                    \
        LADE__BIND(source);                                                                                            \
        LADE__CHECK_KEY(lade__source_item, key);                                                                       \
        LADE__AS_TEMPORARY(lade__source_item,                                                                          \
                           lade__collect(lade__untyped(lade__source), lade__is_owned(lade__source), LADE__DICT, false, \
                                         LADE__KEY(lade__source_item, key), error, port));                             \
    })
#define LADE__KEY(T, key)                                    \
    (struct lade__key) {                                     \
        offsetof(T, key), lade__comparator_of(((T *)0)->key) \
    }
#define LADE__CHECK_KEY(T, key)                                      \
    _Static_assert(lade__type_of(((T *)0)->key) != LADE__TYPE_OTHER, \
                   "dict: the member that is the key must be a number or a string")
#define LADE__DICT_GET(d, key, wanted)                                                      \
    __extension__({                                                                         \
        LADE__CHECK_CONTAINER("dict_get", d);                                               \
        __typeof__((d)->key) lade__wanted = (wanted);                                       \
        (lade__plain(d) *)lade__dict_get(d, &lade__wanted, LADE__KEY(lade__plain(d), key)); \
    })

/* Items that are equal if their bytes are equal: pointers and integers of 128 bits. */
#define lade__is_bytewise(x) (__builtin_classify_type(x) == 5 || __builtin_classify_type(x) == 1)
#define LADE__CONTAINS(c, v)                                                                                          \
    __extension__({                                                                                                   \
        LADE__CHECK_CONTAINER("contains", c);                                                                         \
        lade__plain(c) lade__wanted = (v);                                                                            \
        _Static_assert(lade__type_of(lade__wanted) != LADE__TYPE_OTHER || lade__is_bytewise(lade__wanted),            \
                       "contains: the items must be numbers, strings or pointers, because it compares them with =="); \
        lade__contains(LADE__TEMPORARY(c), &lade__wanted, lade__comparator_of(lade__wanted));                         \
    })

#define LADE__BATCHED(g, n)                                                        \
    __extension__({                                                                \
        LADE__BIND(g);                                                             \
        LADE__COMBINE(lade__source_item *, lade__batched, n,                       \
                      lade__dtype(lade__some(lade__source_item)) == LADE__STRING); \
    })

/* Numbers and strings are printed by value. A pointer to any type except char is a container. */
#define LADE__PRINT(f, x)                                                                                           \
    __extension__({                                                                                                 \
        __auto_type lade__printed = (x);                                                                            \
        LADE__POINTEES(lade__printed);                                                                              \
        enum {                                                                                                      \
            lade__kind = lade__dtype(lade__printed),                                                                \
            lade__generator = lade__is_generator,                                                                   \
            lade__points = lade__is_pointer(lade__printed) && lade__kind == LADE__OTHER && !lade__generator         \
        };                                                                                                          \
        const __auto_type lade__contents = lade__select(lade__points, lade__printed, (int *)0);                     \
        enum { lade__item_type = lade__dtype(*lade__contents) };                                                    \
        _Static_assert(!lade__generator, "print: this is a generator; write print(list(g))");                       \
        _Static_assert(lade__generator ||                                                                           \
                           (lade__points ? lade__is_printable(lade__item_type) : lade__is_printable(lade__kind)),   \
                       "print: only numbers of at most 64 bits, strings, and containers of them are printed; "      \
                       "convert other values first");                                                               \
        lade__select(                                                                                               \
            lade__points,                                                                                           \
            lade__print(f, (void *)(uintptr_t)lade__contents, LADE__IS_TEMPORARY(lade__contents), lade__item_type), \
            lade__print_scalar(f, &lade__printed, lade__kind));                                                     \
    })

#define LADE__SUM_1(source)        LADE__SUM(source, NULL, lade__here())
#define LADE__SUM_2(source, error) LADE__SUM(source, error, NULL)
#define LADE__SUM(source, error, port)                                                              \
    __extension__({                                                                                 \
        LADE__BIND(source);                                                                         \
        LADE__CHECK_ITEMS(lade__source_item, lade__is_number(lade__some(lade__source_item)),        \
                          "sum: the items must be numbers (no __int128, no _Complex); use reduce"); \
        _Generic(lade__some(lade__source_item), float                                               \
                 : lade__sum_floating, double                                                       \
                 : lade__sum_floating, long double                                                  \
                 : lade__sum_long_double, bool                                                      \
                 : lade__sum_unsigned, unsigned char                                                \
                 : lade__sum_unsigned, unsigned short                                               \
                 : lade__sum_unsigned, unsigned                                                     \
                 : lade__sum_unsigned, unsigned long                                                \
                 : lade__sum_unsigned, unsigned long long                                           \
                 : lade__sum_unsigned, default                                                      \
                 : lade__sum_signed)(lade__untyped(lade__source), lade__is_owned(lade__source),     \
                                     lade__dtype(lade__some(lade__source_item)), error, port);      \
    })

#define LADE__MIN_1(source)        LADE__EXTREME(-1, source, NULL, lade__here())
#define LADE__MIN_2(source, error) LADE__EXTREME(-1, source, error, NULL)
#define LADE__MAX_1(source)        LADE__EXTREME(1, source, NULL, lade__here())
#define LADE__MAX_2(source, error) LADE__EXTREME(1, source, error, NULL)
#define LADE__EXTREME(sign, source, error, port)                                                                  \
    __extension__({                                                                                               \
        LADE__BIND(source);                                                                                       \
        LADE__CHECK_ITEMS(lade__source_item, lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_OTHER,    \
                          "min, max: the items must be numbers (no __int128, no _Complex) or strings; use "       \
                          "reduce");                                                                              \
        lade__source_item lade__found = lade__zero(lade__source_item);                                            \
        if (lade__dtype(lade__some(lade__source_item)) == LADE__STRING)                                           \
            *(const char **)(void *)&lade__found =                                                                \
                lade__extreme_text(lade__untyped(lade__source), lade__is_owned(lade__source), sign, error, port); \
        else                                                                                                      \
            lade__extreme(lade__untyped(lade__source), lade__is_owned(lade__source),                              \
                          lade__dtype(lade__some(lade__source_item)), sign, &lade__found, error, port);           \
        lade__found;                                                                                              \
    })
#define lade__zero(T) ((T){0})

#define LADE__COUNT_1(source)        LADE__TAKE_IN(source, lade__count, NULL, lade__here())
#define LADE__COUNT_2(source, error) LADE__TAKE_IN(source, lade__count, error, NULL)
#define LADE__TAKE_IN(source, f, ...)                                              \
    __extension__({                                                                \
        LADE__BIND(source);                                                        \
        f(lade__untyped(lade__source), lade__is_owned(lade__source), __VA_ARGS__); \
    })

#define LADE__ANY_1(source)        LADE__SEARCH(source, true, NULL, lade__here())
#define LADE__ANY_2(source, error) LADE__SEARCH(source, true, error, NULL)
#define LADE__ALL_1(source)        ((bool)!LADE__SEARCH(source, false, NULL, lade__here()))
#define LADE__ALL_2(source, error) ((bool)!LADE__SEARCH(source, false, error, NULL))
#define LADE__SEARCH(source, wanted, error, port)                                                                   \
    __extension__({                                                                                                 \
        LADE__BIND(source);                                                                                         \
        LADE__CHECK_ITEMS(lade__source_item,                                                                        \
                          lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_OTHER ||                       \
                              lade__is_bytewise(lade__some(lade__source_item)),                                     \
                          "any, all: the items must be numbers (no _Complex) or pointers; map them to bool first"); \
        lade__search(lade__untyped(lade__source), lade__is_owned(lade__source),                                     \
                     lade__dtype(lade__some(lade__source_item)), wanted, error, port);                              \
    })

/* Too few arguments. */
#define LADE__MISSING(form)                                       \
    __extension__({                                               \
        _Static_assert(0, "an argument is missing: write " form); \
        0;                                                        \
    })
#define LADE__FIRST_1(...)  LADE__MISSING("first(g, otherwise)")
#define LADE__LAST_1(...)   LADE__MISSING("last(g, otherwise)")
#define LADE__NTH_2(...)    LADE__MISSING("nth(g, n, otherwise)")
#define LADE__REDUCE_2(...) LADE__MISSING("reduce(f, g, start)")
#define LADE__SAMPLE_2(...) LADE__MISSING("sample(g, n, seed)")
#define LADE__DICT_1(...)   LADE__MISSING("dict(g, key)")

#define LADE__FIRST_2(source, otherwise)         LADE__PICK(source, 0, otherwise, NULL, lade__here())
#define LADE__FIRST_3(source, otherwise, error)  LADE__PICK(source, 0, otherwise, error, NULL)
#define LADE__NTH_3(source, n, otherwise)        LADE__PICK(source, n, otherwise, NULL, lade__here())
#define LADE__NTH_4(source, n, otherwise, error) LADE__PICK(source, n, otherwise, error, NULL)
#define LADE__LAST_2(source, otherwise)          LADE__PICK(source, -1, otherwise, NULL, lade__here())
#define LADE__LAST_3(source, otherwise, error)   LADE__PICK(source, -1, otherwise, error, NULL)
#define LADE__PICK(source, n, otherwise, error, port)                                                        \
    __extension__({                                                                                          \
        LADE__BIND(source);                                                                                  \
        lade__source_item lade__otherwise = (otherwise), lade__found = lade__otherwise;                      \
        lade__select(lade__is_text(lade__found), lade__nth_text, lade__nth_item)(                            \
            lade__untyped(lade__source), lade__is_owned(lade__source), n, (void *)&lade__found, error, port) \
            ? lade__found                                                                                    \
            : lade__otherwise;                                                                               \
    })

#define LADE__REDUCE_3(f, source, start)        LADE__REDUCE(f, source, start, NULL, lade__here())
#define LADE__REDUCE_4(f, source, start, error) LADE__REDUCE(f, source, start, error, NULL)
/* The result has the type of f(start, item), so that reduce(add, doubles, 0) does not cut its sums to int. */
#define LADE__REDUCE(f, source, start, error, port)                                                      \
    __extension__({                                                                                      \
        LADE__BIND(source);                                                                              \
        __auto_type lade__start = (start);                                                               \
        __typeof__(f(lade__start, lade__some(lade__source_item))) lade__so_far = lade__start;            \
        __auto_type lade__reduced = lade__source; /* because LADE__LOOP has a lade__source of its own */ \
        LADE__LOOP(lade__one, lade__reduced, error, port)                                                \
        lade__so_far = f(lade__so_far, lade__one);                                                       \
        lade__so_far;                                                                                    \
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
            if (lade__is_text(lade__value))                                                                   \
                *(const char **)(void *)&lade__value =                                                        \
                    lade__builder_text(&lade__b, *(const char **)(void *)&lade__value);                       \
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
