/*
 * lade/detail/collect_containers.h - the macros of collect.h that make, read and print containers.
 *
 * These macros distinguish a temporary container from a container in a variable at compile time. A macro that makes a
 * container returns a pointer to a typedef of T that has a larger alignment attribute. In an assignment, C treats the
 * typedef as T itself, so the result can be stored in a variable of type T *. The macros that read a container c
 * check __alignof__(*c), which is larger for the result of a macro than for a variable.
 */
#ifndef LADE_DETAIL_COLLECT_CONTAINERS_H
#define LADE_DETAIL_COLLECT_CONTAINERS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/collect_functions.h>

#ifndef __cplusplus

#define LADE__ASSOCIATE_DTYPE(name, T, dtype, ...) \
    T:                                             \
    dtype,
#define lade__dtype(x)            ((int)_Generic((x), LADE__TYPES(LADE__ASSOCIATE_DTYPE, ) default : LADE__OTHER))
#define lade__is_printable(dtype) ((dtype) != LADE__OTHER && (dtype) != LADE__LONG_DOUBLE)

/* Expands to two arguments: the items, and 1 if the container is temporary, otherwise 0. c is evaluated once. */
#define LADE__TEMPORARY(c) (void *)(uintptr_t)(c), LADE__IS_TEMPORARY(c)
/* Reports an error at compile time if c is an array, a generator or not a pointer. A pointer to the items of a plain
   array has the same type as a container, so the macro cannot report such a pointer. */
#define LADE__CHECK_CONTAINER(word, c)                                                                                \
    __attribute__((unused)) __auto_type lade__container = (__typeof__(c) *)0;                                         \
    LADE__POINTEES(*lade__container);                                                                                 \
    LADE__REQUIRE(!lade__is_array(*lade__container), word ": this is an array, not a container; its number of items " \
                                                          "is sizeof a / sizeof a[0]");                               \
    LADE__REQUIRE(lade__is_array(*lade__container) || !lade__is_generator,                                            \
                  word ": this is a generator, not a container; store list(g) or use count(g)");                      \
    LADE__REQUIRE(lade__is_pointer(*lade__container), word ": this is no container; make one with list(g)")

/* Converts a void * to a temporary container of T. */
#define LADE__AS_TEMPORARY(T, pointer)                                                               \
    __extension__({                                                                                  \
        LADE__REQUIRE(_Alignof(__typeof__(T)) < LADE__TEMPORARY_ALIGNMENT,                           \
                      "the items are aligned to 64 bytes or more, which containers do not support"); \
        typedef __typeof__(T) lade__temporary                                                        \
            __attribute__((aligned(LADE__TEMPORARY_ALIGNMENT * _Alignof(__typeof__(T)))));           \
        void *lade__collected = (pointer);                                                           \
        (lade__temporary *)lade__collected;                                                          \
    })
#define LADE__SAME_LIFETIME(c, pointer) ((__typeof__(*(c)) *)(pointer))

#define LADE__LEN(c)                                                                               \
    __extension__({                                                                                \
        LADE__CHECK_CONTAINER("len", c);                                                           \
        lade__len((void *)(uintptr_t)(c), LADE__IS_TEMPORARY(lade__if_pointer(*lade__container))); \
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
                          "array: the items must be numbers of at most 64 bits; use list for other items");         \
        LADE__AS_TEMPORARY(lade__source_item,                                                                       \
                           lade__collect(lade__bound, lade__owned, kind,                                            \
                                         (struct lade__key){0, lade__comparator_of(lade__some(lade__source_item))}, \
                                         err, port));                                                               \
    })

#define LADE__STRINGS_1(source)        LADE__STRINGS(source, NULL, lade__here())
#define LADE__STRINGS_2(source, error) LADE__STRINGS(source, error, NULL)
#define LADE__STRINGS(source, error, port)                                                               \
    __extension__({                                                                                      \
        LADE__BIND(source);                                                                              \
        LADE__CHECK_ITEMS(lade__source_item, lade__dtype(lade__some(lade__source_item)) == LADE__STRING, \
                          "strings: the items must be strings; use list for other items");               \
        LADE__AS_TEMPORARY(const char *, lade__strings(lade__bound, lade__owned, error, port));          \
    })

#define LADE__SAMPLE_3(source, n, seed)        LADE__SAMPLE(source, n, seed, NULL, lade__here())
#define LADE__SAMPLE_4(source, n, seed, error) LADE__SAMPLE(source, n, seed, error, NULL)
#define LADE__SAMPLE(source, n, seed, error, port)                                                           \
    __extension__({                                                                                          \
        LADE__BIND(source);                                                                                  \
        LADE__AS_TEMPORARY(lade__source_item, lade__sample(lade__bound, lade__owned, n, seed, error, port)); \
    })

#define LADE__DICT_2(source, key)        LADE__DICT_(source, key, NULL, lade__here())
#define LADE__DICT_3(source, key, error) LADE__DICT_(source, key, error, NULL)
#define LADE__DICT_(source, key, error, port)                                                                 \
    __extension__({                                                                                           \
        LADE__BIND(source);                                                                                   \
        LADE__CHECK_KEY(lade__source_item, key);                                                              \
        LADE__AS_TEMPORARY(lade__source_item, lade__collect(lade__bound, lade__owned, LADE__DICT,             \
                                                            LADE__KEY(lade__source_item, key), error, port)); \
    })
#define LADE__KEY(T, key)                                    \
    (struct lade__key) {                                     \
        offsetof(T, key), lade__comparator_of(((T *)0)->key) \
    }
#define LADE__CHECK_KEY(T, key)                                     \
    LADE__REQUIRE(lade__type_of(((T *)0)->key) != LADE__TYPE_OTHER, \
                  "dict: the member that is the key must be a number or a string")
#define LADE__DICT_GET(d, key, wanted)                                                      \
    __extension__({                                                                         \
        LADE__CHECK_CONTAINER("dict_get", d);                                               \
        __typeof__((d)->key) lade__wanted = (wanted);                                       \
        (lade__plain(d) *)lade__dict_get(d, &lade__wanted, LADE__KEY(lade__plain(d), key)); \
    })

/* True if the items are pointers or integers of 128 bits. Such items are equal if their bytes are equal. */
#define lade__is_bytewise(x) (__builtin_classify_type(x) == 5 || __builtin_classify_type(x) == 1)
#define LADE__CONTAINS(c, v)                                                                              \
    __extension__({                                                                                       \
        LADE__CHECK_CONTAINER("contains", c);                                                             \
        lade__plain(c) lade__wanted = (v);                                                                \
        LADE__REQUIRE(lade__type_of(lade__wanted) != LADE__TYPE_OTHER || lade__is_bytewise(lade__wanted), \
                      "contains: the items must be numbers, strings or pointers, which == can compare");  \
        lade__contains(LADE__TEMPORARY(c), &lade__wanted, lade__comparator_of(lade__wanted));             \
    })

#define LADE__BATCHED(g, n)                                   \
    __extension__({                                           \
        LADE__BIND(g);                                        \
        LADE__COMBINE(lade__source_item *, lade__batched, n); \
    })

/* Prints x. A pointer to char counts as a string, except for a temporary container of char. A pointer to any other type
   counts as a container. Numbers and strings are printed by value. */
#define LADE__PRINT(f, x)                                                                                           \
    __extension__({                                                                                                 \
        __auto_type lade__printed = (x);                                                                            \
        LADE__POINTEES(lade__printed);                                                                              \
        enum {                                                                                                      \
            lade__kind = lade__dtype(lade__printed),                                                                \
            lade__generator = lade__is_generator,                                                                   \
            lade__points = lade__is_pointer(lade__printed) && !lade__generator &&                                   \
                           (lade__kind == LADE__OTHER || LADE__IS_TEMPORARY(lade__if_pointer(lade__printed)))       \
        };                                                                                                          \
        const __auto_type lade__contents = lade__select(lade__points, lade__printed, (int *)0);                     \
        enum { lade__item_type = lade__dtype(*lade__contents) };                                                    \
        LADE__REQUIRE(!lade__generator, "print: this is a generator; write print(list(g))");                        \
        LADE__REQUIRE(lade__generator || !lade__is_item(lade__plain(lade__contents)) ||                             \
                          (lade__points ? lade__is_printable(lade__item_type) : lade__is_printable(lade__kind)),    \
                      "print: only numbers of at most 64 bits, strings, and containers of them are printed; "       \
                      "convert other values first");                                                                \
        lade__select(                                                                                               \
            lade__points,                                                                                           \
            lade__print(f, (void *)(uintptr_t)lade__contents, LADE__IS_TEMPORARY(lade__contents), lade__item_type), \
            lade__print_scalar(f, &lade__printed, lade__kind));                                                     \
    })

#endif /* __cplusplus */

#endif
