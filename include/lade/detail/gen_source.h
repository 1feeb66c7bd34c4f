/*
 * lade/detail/gen_source.h - binds the generator or container that is passed to a macro of C. gen_macros.hpp is its
 * counterpart for C++.
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
#define lade__named(g)                                                                                \
    __extension__({                                                                                   \
        _Static_assert(!lade__is_owned(g),                                                            \
                       "this generator is in no variable: store it in a gen_auto(T) variable first"); \
        lade__untyped(g);                                                                             \
    })
/* Selects an expression at compile time, as __builtin_choose_expr does, but without an error message of its own if
   @condition contains an error. */
#define lade__select(condition, yes, no) _Generic((char(*)[(condition) ? 2 : 1])0, char(*)[2] : (yes), default : (no))
#define lade__is_pointer(x)              (__builtin_classify_type(x) == 5)
#define lade__if_pointer(x)              __builtin_choose_expr(lade__is_pointer(x), x, (void ***)0)
#define lade__is_same(a, b)              __builtin_types_compatible_p(a, b)
#define lade__is_item(T)                 (!lade__is_same(T, struct lade__no_item))
/*
 * A temporary container of collect.h is a pointer to an object that has this alignment, multiplied by its own (see
 * collect_containers.h).
 */
#define LADE__TEMPORARY_ALIGNMENT 64
#define LADE__IS_TEMPORARY(c)     (__alignof__(*(c)) >= LADE__TEMPORARY_ALIGNMENT)
#define LADE__OWN_ALIGNMENT(x) \
    (__alignof__(x) < LADE__TEMPORARY_ALIGNMENT ? __alignof__(x) : __alignof__(x) / LADE__TEMPORARY_ALIGNMENT)
/*
 * Stores g in lade__given, and the types that one, two and three dereferences have in lade__pointee_*. So the text of g
 * is expanded once. A generator is a pointer to a pointer to a function. A function that is dereferenced is the same
 * function again, and no other type has this property. Every other pointer to an object is a container. The compiler
 * cannot distinguish a container from another array, but lade__from_container() can.
 */
#define LADE__GIVEN(g)                                                                                      \
    __auto_type lade__given = (g);                                                                          \
    LADE__POINTEES(lade__given);                                                                            \
    _Static_assert(lade__is_generator || lade__is_container,                                                \
                   "a generator or container is expected here, and this is not one");                       \
    __auto_type lade__contained = lade__select(lade__is_container, lade__given, (struct lade__no_item *)0); \
    LADE__UNUSED_TYPE(__typeof__(__extension__({ *lade__contained; })), lade__plain_item)                   \
    __attribute__((aligned(LADE__OWN_ALIGNMENT(*lade__contained))))
#define LADE__UNUSED_TYPE(T, name) __attribute__((unused)) typedef T name
/* The second dereference of a void ** counts as a char, because void has no values. */
#define LADE__POINTEES(x)                                                                                              \
    LADE__UNUSED_TYPE(__typeof__(*lade__if_pointer(x)), lade__pointee_1);                                              \
    LADE__UNUSED_TYPE(__typeof__(*lade__if_pointer(lade__some(lade__pointee_1))), lade__pointed);                      \
    LADE__UNUSED_TYPE(lade__value_type(lade__pointed), lade__pointee_2);                                               \
    LADE__UNUSED_TYPE(__typeof__(*lade__if_pointer(lade__some(lade__pointee_2))), lade__pointee_3);                    \
    enum {                                                                                                             \
        lade__is_generator = lade__is_pointer(x) && !lade__is_same(lade__pointee_1, lade__pointee_2) &&                \
                             lade__is_pointer(lade__some(lade__pointee_2)) &&                                          \
                             lade__is_same(lade__pointee_2, lade__pointee_3),                                          \
        lade__is_container = lade__is_pointer(x) && !lade__is_generator &&                                             \
                             !lade__is_same(lade__pointee_1, lade__pointee_2) && !lade__is_same(lade__pointee_1, void) \
    }
#define lade__value_type(T) __typeof__(*__builtin_choose_expr(lade__is_same(T, void), "", (__typeof__(T) *)0))
#define lade__given_source()                                                                         \
    lade__select(lade__is_generator, lade__given,                                                    \
                 (lade_gen_owned(lade__plain_item))lade__from_container(                             \
                     lade__contained, LADE__IS_TEMPORARY(lade__contained), sizeof(lade__plain_item), \
                     lade__item_class(lade__some(lade__plain_item))))
/* Stores a generator in lade__source and names its item type. If g is neither a generator nor a container, the items have
   the type struct lade__no_item. Every function fits that type, so the compiler prints the message of this macro and few
   others. */
#define LADE__BIND(g)                                \
    LADE__GIVEN(g);                                  \
    __auto_type lade__source = lade__given_source(); \
    LADE__UNUSED_TYPE(lade__item(lade__source), lade__source_item)
/* The same as an expression. */
#define LADE__BOUND(g)        \
    __extension__({           \
        LADE__GIVEN(g);       \
        lade__given_source(); \
    })
/* True if the text of an argument contains a compound literal. Such an object exists only until the end of the macro in
   which it is written, so a source copies it. */
#define LADE__HAS_LITERAL(...) (__builtin_strchr(#__VA_ARGS__, '{') != NULL)
/* The same checks for a variable that is not bound. They expand x many times. */
#define lade__same(x, y) __builtin_types_compatible_p(__typeof__(x), __typeof__(y))
/* Is x an array of known size? */
#define lade__is_array(x) (lade__is_pointer(x) && !lade__same(x, &*lade__if_pointer(x)))
/* The type of the items at p, without const and attributes. */
#define lade__plain(p) __typeof__(__extension__({ *(p); }))
/* An lvalue of type T, which is never evaluated. */
#define lade__some(T) (*(__typeof__(T) *)16)
/* The classes 1, 3, 4, 8 and 9 are numbers: integers, enums, bools, floating and complex numbers. */
#define lade__is_arithmetic(x) (0x31a >> __builtin_classify_type(x) & 1)
/* The enum lade__item_class of an item x, whose type is not const. The types are compared as pointers, because the structs
   may be incomplete. */
#define lade__item_class(x) \
    _Generic(&(x), const char **                     \
             : LADE__TEXTS, struct lade_dir_entry *  \
             : LADE__TEXTS, struct lade_line *       \
             : LADE__LINES, default                  \
             : LADE__OTHERS)
/* The port of a body, for a function that may raise an exception in it. */
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
