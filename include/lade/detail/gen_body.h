/*
 * lade/detail/gen_body.h - the macros that are used in a generator function in C, such as lade_yield(). gen_macros.hpp
 * defines the same macros for C++. The body is the block after lade_generator().
 */
#ifndef LADE_DETAIL_GEN_BODY_H
#define LADE_DETAIL_GEN_BODY_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/gen_source.h>

#ifndef __cplusplus

/* ---- Inside a body ----------------------------------------------------------------------------------------------- */

/* In a generator function, this name is an int variable: 1 in the function `pull`, 0 in the function `drain` (see
   gen_runtime.h). Everywhere else, this name is a variable of another type. */
#define LADE__PULLED yield_works_only_inside_a_generator_body

/* Every macro that may only be used in a body begins with this check. If such a macro is used elsewhere, the message
   explains the mistake. */
#define LADE__IN_BODY(word)                                   \
    LADE__REQUIRE(__builtin_classify_type(LADE__PULLED) == 1, \
                  word ": works only in the block after generator(), and not in a generator expression")
#define LADE__CHECK_IN_BODY(ok, message) LADE__REQUIRE(__builtin_classify_type(LADE__PULLED) != 1 || (ok), message)
#define LADE__CHECK_ITEM(word, ...)                                                                                    \
    LADE__IN_BODY(word);                                                                                               \
    LADE__CHECK_IN_BODY(!(__builtin_classify_type(**lade__at) < 5 && __builtin_classify_type(__VA_ARGS__) == 8), word  \
                        ": a floating-point value would lose its fraction; cast it to the integer type of the items"); \
    LADE__CHECK_IN_BODY((__builtin_classify_type(**lade__at) >= 12) == (__builtin_classify_type(__VA_ARGS__) >= 12),   \
                        word ": the value and the items must both be structs, or both be numbers or pointers");        \
    LADE__CHECK_IN_BODY(__builtin_classify_type(**lade__at) < 12 || __builtin_classify_type(__VA_ARGS__) < 12 ||       \
                            __builtin_types_compatible_p(__typeof__(**lade__at), __typeof__(__VA_ARGS__)),             \
                        word ": the value is a struct of another type than the items");                                \
    LADE__CHECK_IN_BODY(!(__builtin_classify_type(**lade__at) != 5 && __builtin_classify_type(__VA_ARGS__) == 5),      \
                        word ": the value is a pointer, but the items of this generator are no pointers")

/* If items are pointers, the consumer uses each item before the next item is made, so an item may point to a local
   variable of the generator function. GCC 14 does not recognise this, and warns if such a yield is the last statement
   of the function. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define LADE__ALLOW_LOCAL(statement)                                                                   \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wdangling-pointer\"") statement; \
    _Pragma("GCC diagnostic pop")
#else
#define LADE__ALLOW_LOCAL(statement) statement;
#endif

/* Stores an item in the window of the port (see gen_runtime.h). If the window is then full, calls port->full, which
   empties the window. Declares `value`, which is the item, and `status`, which is 0 or the status of an exception. */
#define LADE__PUT(value, status, ...)                                          \
    __typeof__(**lade__at) value = (__VA_ARGS__);                              \
    int status = 0;                                                            \
    if (LADE__PULLED) {                                                        \
        **lade__at = value;                                                    \
        status = lade__suspend(lade__body, *lade__at);                         \
    } else {                                                                   \
        LADE__ALLOW_LOCAL(*(*lade__at)++ = value)                              \
        if (__builtin_expect((char *)*lade__at >= lade__body->port->end, 0)) { \
            lade__body->port->p = (char *)*lade__at;                           \
            status = lade__port_full(lade__body->port);                        \
            *lade__at = (void *)lade__body->port->p;                           \
        }                                                                      \
    }

#define LADE__ITEM_AT(pointer) ((pointer) ? *(const __typeof__(**lade__at) *)(pointer) : (__typeof__(**lade__at)){0})

#define LADE__YIELD(...)                                                                                 \
    __extension__({                                                                                      \
        LADE__CHECK_ITEM("yield", __VA_ARGS__);                                                          \
        LADE__PUT(lade__value, lade__status, __VA_ARGS__) if (__builtin_expect(lade__status, 0)) return; \
        LADE__ITEM_AT(lade__body->port->sent);                                                           \
    })

#define LADE__TRY_YIELD(...)                                                                            \
    __extension__({                                                                                     \
        LADE__CHECK_ITEM("try_yield", __VA_ARGS__);                                                     \
        LADE__PUT(lade__value, lade__status, __VA_ARGS__) lade__port_catch(lade__here(), lade__status); \
    })

#define LADE__YIELD_FROM(...)                                                                        \
    __extension__({                                                                                  \
        LADE__IN_BODY("yield_from");                                                                 \
        LADE__BIND((__VA_ARGS__));                                                                   \
        LADE__CHECK_IN_BODY(__builtin_types_compatible_p(lade__source_item, __typeof__(**lade__at)), \
                            "yield_from: the two generators have items of different types");         \
        struct lade_gen *lade__sub = lade__bound;                                                    \
        int lade__status;                                                                            \
        const void *lade__result;                                                                    \
        if (!(LADE__PULLED))                                                                         \
            lade__body->port->p = (char *)*lade__at;                                                 \
        lade__status = lade__yield_from(lade__self, lade__body->port, lade__sub, lade__owned);       \
        if (!(LADE__PULLED))                                                                         \
            *lade__at = (void *)lade__body->port->p;                                                 \
        if (__builtin_expect(lade__status, 0))                                                       \
            return;                                                                                  \
        lade__result = lade__from_result(lade__self);                                                \
        LADE__ITEM_AT(lade__result);                                                                 \
    })

#define LADE__RETURN(...)                                                      \
    do {                                                                       \
        LADE__CHECK_ITEM("gen_return", __VA_ARGS__);                           \
        *(__typeof__(*lade__at))lade__result_room(lade__self) = (__VA_ARGS__); \
        return;                                                                \
    } while (0)

#define LADE__FAIL(code, ...)                             \
    do {                                                  \
        LADE__IN_BODY("lade_fail");                       \
        lade__raise(lade__body->port, code, __VA_ARGS__); \
        return;                                           \
    } while (0)
#define LADE__FAIL_WITH(err)                     \
    do {                                         \
        LADE__IN_BODY("lade_fail_with");         \
        lade__raise_with(lade__body->port, err); \
        return;                                  \
    } while (0)

#endif /* __cplusplus */

#endif
