/*
 * lade/detail/gen_source.h - stores the generator or container that is passed to a macro in a variable, and finds the
 * type of the items. This header is for C. gen_macros.hpp does the same for C++.
 */
#ifndef LADE_DETAIL_GEN_SOURCE_H
#define LADE_DETAIL_GEN_SOURCE_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/gen_runtime.h>

#ifndef __cplusplus

/* ---- Types ------------------------------------------------------------------------------------------------------- */

#define lade__item(g)     __typeof__(*(*(g))((struct lade_brand *)0))
#define lade__is_owned(g) _Generic((g), lade__item(g) * (**)(struct lade_brand *) : 1, default : 0)
#define lade__untyped(g)  ((struct lade_gen *)((uintptr_t)(g) + 0 * sizeof(lade__item(g) *)))
/* The address of a variable that holds a generator. */
#define lade__variable(g) ((void *)((uintptr_t) & (g) + 0 * sizeof(lade__item(g) *)))
#define lade__named(g)                                                                               \
    __extension__({                                                                                  \
        LADE__REQUIRE(!lade__is_owned(g),                                                            \
                      "this generator is in no variable: store it in a gen_auto(T) variable first"); \
        lade__untyped(g);                                                                            \
    })
/* A static assertion. Its condition is converted to 1 or 0, because clang 16 adds a note with two values to the message
   if the condition is a comparison. */
#define LADE__REQUIRE(condition, message) _Static_assert((condition) ? 1 : 0, message)
/* Selects an expression at compile time, as __builtin_choose_expr does. If @condition contains an error, this macro
   causes no second error message. */
#define lade__select(condition, yes, no) _Generic((char(*)[(condition) ? 2 : 1])0, char(*)[2] : (yes), default : (no))
#define lade__is_pointer(x)              (__builtin_classify_type(x) == 5)
#define lade__if_pointer(x)              __builtin_choose_expr(lade__is_pointer(x), x, (void ***)0)
#define lade__is_same(a, b)              __builtin_types_compatible_p(a, b)
#define lade__is_item(T)                 (!lade__is_same(T, struct lade__no_item))
/*
 * A temporary container of collect.h is a pointer to a type whose alignment is the alignment of the items, multiplied
 * by this number. The type of a pointer in a variable has the alignment of the items (see collect_containers.h).
 */
#define LADE__TEMPORARY_ALIGNMENT 64
#define LADE__IS_TEMPORARY(c)     (__alignof__(*(c)) >= LADE__TEMPORARY_ALIGNMENT)
#define LADE__OWN_ALIGNMENT(x) \
    (__alignof__(x) / (__alignof__(x) < LADE__TEMPORARY_ALIGNMENT ? 1 : LADE__TEMPORARY_ALIGNMENT))
/*
 * Stores g in the variable lade__given, so that the text of g is expanded once. Defines the types lade__pointee_1, _2
 * and _3, which are the types of *g, **g and ***g. A generator is a pointer to a pointer to a function. A function that
 * is dereferenced is the same function again, and no other type has this property. Every other pointer to an object is
 * a container. The compiler cannot distinguish a container from another array, but lade__from_container() can.
 */
#define LADE__GIVEN(g)                                                                                               \
    __auto_type lade__given = (g);                                                                                   \
    LADE__POINTEES(lade__given);                                                                                     \
    LADE__REQUIRE(lade__is_generator || lade__is_container, "this argument must be a generator or a container");     \
    __auto_type lade__contained = __builtin_choose_expr(lade__is_container, lade__given, (struct lade__no_item *)0); \
    typedef __typeof__(__extension__({ *lade__contained; })) lade__plain_item                                        \
        __attribute__((aligned(LADE__OWN_ALIGNMENT(*lade__contained))))
#define LADE__UNUSED_TYPE(T, name) __attribute__((unused)) typedef T name
/* An lvalue whose type is the typedef @name, and which is never evaluated. This macro expands to less text than
   lade__some(). */
#define lade__some_of(name) (*(name *)16)
/* If x is a void **, the type lade__pointee_2 is char, because void has no values. */
#define LADE__POINTEES(x)                                                                                           \
    typedef __typeof__(*lade__if_pointer(x)) lade__pointee_1;                                                       \
    typedef __typeof__(*lade__if_pointer(lade__some_of(lade__pointee_1))) lade__pointed;                            \
    typedef __typeof__(*__builtin_choose_expr(lade__is_same(lade__pointed, void), "",                               \
                                              (lade__pointed *)0)) lade__pointee_2;                                 \
    typedef __typeof__(*lade__if_pointer(lade__some_of(lade__pointee_2))) lade__pointee_3;                          \
    enum {                                                                                                          \
        lade__is_address = lade__is_pointer(x) && !lade__is_same(lade__pointee_1, lade__pointee_2),                 \
        lade__is_generator = lade__is_address && lade__is_pointer(lade__some_of(lade__pointee_2)) &&                \
                             lade__is_same(lade__pointee_2, lade__pointee_3),                                       \
        lade__is_container =                                                                                        \
            lade__is_pointer(x) && lade__is_address && !lade__is_generator && !lade__is_same(lade__pointee_1, void) \
    }
#define lade__given_source()                                                                             \
    __builtin_choose_expr(lade__is_generator, lade__given,                                               \
                          (lade__plain_item * (**)(struct lade_brand *))                                 \
                              lade__from_container(lade__contained, LADE__IS_TEMPORARY(lade__contained), \
                                                   sizeof(lade__plain_item), lade__class_at((lade__plain_item *)0)))
/*
 * Stores g, or a generator of the items of the container g, in the variable lade__source. Defines three names:
 *
 * - lade__source_item is the type of the items;
 * - lade__bound is the same generator without its type;
 * - lade__owned is 1 if the generator is owned, otherwise 0.
 *
 * If g is neither a generator nor a container, or contains an error, lade__source_item is struct lade__no_item. For
 * items of this type, the macros do not check the functions of the user. The macros use lade__bound instead of
 * lade__source, because clang accepts a variable of a given type after an error in its initialiser. So the compiler
 * prints one message for one mistake. After an error, lade__given_item is int in clang 14. In clang 19, the typedef
 * lade__first_item is an unknown type, and lade__given_item is int.
 */
#define LADE__BIND(g)                                                                                            \
    LADE__GIVEN(g);                                                                                              \
    __auto_type lade__source = lade__given_source();                                                             \
    typedef lade__item(lade__source) lade__first_item;                                                           \
    typedef __typeof__(*(lade__first_item *)0) lade__given_item;                                                 \
    enum {                                                                                                       \
        lade__is_bound = LADE__IS_VALID(lade__source),                                                           \
        lade__owned = (int)_Generic(lade__source, lade__given_item * (**)(struct lade_brand *) : 1, default : 0) \
    };                                                                                                           \
    typedef lade__known_if(lade__is_bound, lade__given_item) lade__source_item;                                  \
    __attribute__((unused)) struct lade_gen *lade__bound =                                                       \
        (void *)((uintptr_t)lade__source + 0 * sizeof(lade__first_item *))
/* The value 1, as the initialiser of the first enumerator of an enum. If the declaration of the variable x contains an
   error, clang ignores the initialiser, so the enumerator has the value 0. */
#define LADE__IS_VALID(x) (sizeof(x) != 0)
/* Expands to the type T if the constant @condition is true, otherwise to struct lade__no_item. */
#define lade__item_if(condition, T)  lade__known_if(condition, __typeof__(T))
#define lade__known_if(condition, T) __typeof__(*__builtin_choose_expr(condition, (T *)0, (struct lade__no_item *)0))
/* Does the same as LADE__BIND, but is an expression with the value lade__source. */
#define LADE__BOUND(g)                                                                       \
    __extension__({                                                                          \
        LADE__BIND(g);                                                                       \
        (__typeof__(__builtin_choose_expr(                                                   \
            lade__owned, (lade__source_item * (**)(struct lade_brand *))0,                   \
            (lade__source_item * (*const *)(struct lade_brand *))0)))(uintptr_t)lade__bound; \
    })
/* True if the text of an argument contains a compound literal. The object of a compound literal exists only until the
   end of the macro to which it is passed, so a source copies the object. */
#define LADE__HAS_LITERAL(...) (__builtin_strchr(#__VA_ARGS__, '{') != NULL)
/* The following macros check the type of a variable. They expand x several times. */
#define lade__same(x, y) __builtin_types_compatible_p(__typeof__(x), __typeof__(y))
/* True if x is an array of known size. */
#define lade__is_array(x) (lade__is_pointer(x) && !lade__same(x, &*lade__if_pointer(x)))
/* The type of the items at p, without const and attributes. */
#define lade__plain(p) __typeof__(__extension__({ *(p); }))
/* An lvalue of type T, which is never evaluated. */
#define lade__some(T) (*(__typeof__(T) *)16)
/* True for numbers, which are the classes 1 (integers), 3 (enums), 4 (bools), 8 (floating-point) and 9 (complex). */
#define lade__is_arithmetic(x) (0x31a >> __builtin_classify_type(x) & 1)
/* The enum lade__item_class of an item x, whose type is not const. Pointers to the types are compared, because the
   structs may be incomplete. */
#define lade__item_class(x) lade__class_at(&(x))
#define lade__class_at(pointer) \
    _Generic(pointer, const char ** : LADE__TEXTS, struct lade_dir_entry * : LADE__TEXTS, struct lade_line * : LADE__LINES, default : LADE__OTHERS)
/* Returns the port of a generator function, for a call that may raise an exception in this generator function. */
static inline __attribute__((always_inline, unused)) struct lade_port *lade__port_of(struct lade_here *here) {
    if (!here)
        return NULL;
    here->alert = 1;
    return here->port;
}

/* The port of the generator function in which this macro is used; NULL outside of a generator function. */
#define lade__here()                                                                                \
    lade__port_of(__builtin_choose_expr(lade__is_pointer(yield_works_only_inside_a_generator_body), \
                                        (struct lade_here *)0, lade__body))

#endif /* __cplusplus */

#endif
