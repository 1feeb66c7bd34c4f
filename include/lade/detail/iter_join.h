/*
 * lade/detail/iter_join.h - the macros of iter.h for combinators of several generators.
 */
#ifndef LADE_DETAIL_ITER_JOIN_H
#define LADE_DETAIL_ITER_JOIN_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/iter_stages.h>

#ifndef __cplusplus

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
    typedef lade__item(lade__source_##i) lade__source_item_##i;
#define LADE__INPUT(i, g)                            \
    {(struct lade_gen *)(uintptr_t)lade__source_##i, \
     _Generic(lade__source_##i, lade__source_item_##i * (**)(struct lade_brand *) : 1, default : 0)},
/* Expands to 0.0f if the items of source i are numbers, because the compiler reports an error if a pointer is
   initialised with 0.0f. Otherwise expands to an item of source i. */
#define LADE__AN_ITEM(i, g) \
    __builtin_choose_expr(lade__class_##i < 10 && lade__class_##i != 5, 0.0f, lade__some_of(lade__source_item_##i)),
#define LADE__CHECK_SAME(i, g)                                                              \
    LADE__REQUIRE(__builtin_types_compatible_p(lade__source_item_##i, lade__source_item_1), \
                  "chain, interleave and merge take generators of one item type");
#define LADE__NO_COMPARATOR(T) NULL
#define LADE__COMPARATOR_OF_ITEM(T)                                                                       \
    __extension__({                                                                                       \
        LADE__REQUIRE(lade__type_of(lade__some(T)) != LADE__TYPE_OTHER || !lade__is_item(T),              \
                      "merge: the items must be numbers or strings, because merge compares them with <"); \
        lade__comparator_of(lade__some(T));                                                               \
    })
#define LADE__JOIN(f, compare, ...) \
    LADE__JOIN_(f, compare, LADE__CAT(LADE__EACH_, LADE__NARG(__VA_ARGS__)), LADE__NARG(__VA_ARGS__), __VA_ARGS__)
#define LADE__JOIN_(f, compare, each, n, ...)                                                                       \
    __extension__({                                                                                                 \
        each(LADE__BIND_SOURCE, __VA_ARGS__) each(LADE__CHECK_SAME, __VA_ARGS__)                                    \
            const struct lade_input lade__inputs[] = {each(LADE__INPUT, __VA_ARGS__)};                              \
        (lade__source_item_1 * (**)(struct lade_brand *))(void *) f(lade__inputs, n, compare(lade__source_item_1)); \
    })

#define LADE__ZIP(S, ...) \
    LADE__ZIP_(S, LADE__CAT(LADE__EACH_, LADE__NARG(__VA_ARGS__)), LADE__NARG(__VA_ARGS__), __VA_ARGS__)
#define LADE__ZIP_(S, each, n, ...)                                                                                   \
    __extension__({                                                                                                   \
        typedef __typeof__(S) lade__given_type;                                                                       \
        enum { lade__is_struct = __builtin_classify_type(lade__some_of(lade__given_type)) == 12 };                    \
        LADE__REQUIRE(lade__is_struct,                                                                                \
                      "zip and enumerate: the first argument must be a struct type, for example struct pair");        \
        typedef lade__known_if(lade__is_struct, lade__given_type) lade__struct;                                       \
        each(LADE__BIND_SOURCE, __VA_ARGS__) each(LADE__ITEM_CLASS, __VA_ARGS__)                                      \
            const struct lade_input lade__inputs[] = {each(LADE__INPUT, __VA_ARGS__)};                                \
        LADE__CONVERT(each(LADE__EXAMPLE,                                                                             \
                           __VA_ARGS__) static const lade__struct lade__example = {each(LADE__STORED, __VA_ARGS__)};) \
        const struct lade__member lade__members[] = {each(LADE__MEMBER, __VA_ARGS__)};                                \
        (void)sizeof((lade__struct[]){{each(LADE__AN_ITEM, __VA_ARGS__)}});                                           \
        (lade__struct * (**)(struct lade_brand *))(void *)                                                            \
            lade__zip(lade__inputs, n, sizeof(lade__struct), lade__members, &lade__example);                          \
    })
/*
 * C cannot compare the type of a member with another type if the name of the member is unknown. So the macro stores an
 * example value in each member, and lade__zip() reads this value as an item. The example for integers has 128 bits. A
 * shorter member contains only the low bits of the example. The examples are static, so that bytes between members are
 * zero.
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
#define LADE__ITEM_CLASS(i, g) enum { lade__class_##i = __builtin_classify_type(lade__some_of(lade__source_item_##i)) };
#define lade__example_of(T, class)                                                             \
    __builtin_choose_expr(                                                                     \
        class < 5, lade__wide_example,                                                         \
        __builtin_choose_expr(class == 8, 1.1L,                                                \
                              __builtin_choose_expr(class == 9, __builtin_complex(1.1L, 2.2L), \
                                                    __builtin_choose_expr(class == 5, (void *)16, (T){0}))))
#define LADE__EXAMPLE(i, g) \
    static const lade__source_item_##i lade__item_##i = lade__example_of(lade__source_item_##i, lade__class_##i);
#define LADE__STORED(i, g) lade__example_of(lade__source_item_##i, lade__class_##i),
#define LADE__MEMBER(i, g) {&lade__item_##i, sizeof lade__item_##i, _Alignof(lade__source_item_##i), lade__class_##i},

#define LADE__TEE(g, n, out)                                                                        \
    __extension__({                                                                                 \
        LADE__BIND(g);                                                                              \
        (void)(lade__source_item *)0;                                                               \
        LADE__REQUIRE(lade__owned, "tee: pass an owned generator, or gen_move(g) for a named one"); \
        (void)sizeof((out)[0] = lade__source);                                                      \
        lade__tee(lade__bound, n, (struct lade_gen **)(void *)(out));                               \
    })

#endif /* __cplusplus */

#endif
