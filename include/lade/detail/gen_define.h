/*
 * lade/detail/gen_define.h - the implementation of lade_generator() in C. gen_macros.hpp contains the implementation in
 * C++. In this file, the body is the block that the user writes after lade_generator(). gen_runtime.h explains the
 * functions into which the body is inlined.
 */
#ifndef LADE_DETAIL_GEN_DEFINE_H
#define LADE_DETAIL_GEN_DEFINE_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/gen_arguments.h>
#include <lade/detail/gen_body.h>

#ifndef __cplusplus

/* ---- Defining a generator ---------------------------------------------------------------------------------------- */

#if LADE__INLINE_SWITCH
#define LADE__PULL_ENTRY(name) name##_lade_pull
#else
#define LADE__PULL_ENTRY(name) NULL
#endif

/*
 * The last five parameters of LADE__DEFINE are different forms of the arguments of the generator function. t is the
 * type and a is the name of an argument.
 *
 * proto   the parameters of the function: (t a, ...) or (void)
 * fields  the fields of the struct that stores the arguments: (t a; ...)
 * init    the initialisers of these fields: (a, ...,)
 * pass    the arguments that are passed to the body: (, lade__f->args.a ...)
 * params  the parameters of the body: (, t a ...)
 */
#define LADE__DEFINE(storage, T, name, proto, fields, init, pass, params)                                      \
    storage LADE__DECL(T, name, proto); /* first, so that attributes before the macro apply to the function */ \
    LADE__FRAME(T, name, fields) LADE__FUNCTIONS(storage, T, name, proto, init, pass, params, NULL, (), ())
/* Does the same as LADE__DEFINE for a generator that owns its first argument, `source`. The source is freed after the
   body has ended. If the body has never run, the source is freed together with the generator. */
#define LADE__DEFINE_OVER(storage, T, name, drop, unmade, proto, fields, init, pass, params)                        \
    storage LADE__DECL(T, name, proto);                                                                             \
    LADE__FRAME(T, name, fields) static void name##_lade_drop(struct lade_gen *lade__self) {                        \
        struct name##_lade_frame *lade__f = (void *)lade__self;                                                     \
        LADE__UNPAREN drop                                                                                          \
    }                                                                                                               \
    LADE__FUNCTIONS(storage, T, name, proto, init, pass, params, name##_lade_drop, (name##_lade_drop(lade__self);), \
                    unmade)
#define LADE__FREE_SOURCE(source) lade__gen_free(lade__untyped(source));
#define LADE__DROP_SOURCE(source)           \
    LADE__FREE_SOURCE(lade__f->args.source) \
    lade__f->args.source = NULL;

#define LADE__FRAME(T, name, fields)                                                                 \
    struct name##_lade_args {                                                                        \
        LADE__UNPAREN fields char lade__end;                                                         \
    };                                                                                               \
    struct name##_lade_frame {                                                                       \
        struct lade_gen gen;                                                                         \
        __typeof__(T) slot, results[2];                                                              \
        struct name##_lade_args args;                                                                \
    };                                                                                               \
    _Static_assert(__alignof__(struct name##_lade_frame) <= 16, /* GCC's _Alignof ignores vectors */ \
                   "generator: an item or argument is aligned to more than 16 bytes; give a pointer to it instead");
/*
 * The library calls `drain` and `pull` of each generator function once without a port, to measure how much stack they
 * take. The call of lade__measured() is not the last instruction, so the whole stack frame exists during this call. The
 * functions are not inlined, because the compiler could then split them, and the part that is called would have a small
 * frame.
 */
#define LADE__MEASURE_IF_ASKED              \
    if (__builtin_expect(!lade__port, 0)) { \
        lade__measured(lade__self);         \
        __asm__ volatile("");               \
        return;                             \
    }
/* drop: a function that frees the objects that the frame owns, or NULL. after: code that frees these objects after the
   body has ended. unmade: code that frees these objects if there is no memory for the frame. */
#define LADE__FUNCTIONS(storage, T, name, proto, init, pass, params, drop, after, unmade)                             \
    static inline __attribute__((always_inline)) void name##_lade_body(                                               \
        struct lade_gen *lade__self, struct lade_here *lade__body, __typeof__(T) **lade__at,                          \
        const int LADE__PULLED LADE__UNPAREN params);                                                                 \
    static                                                                                                            \
        __attribute__((noinline)) void name##_lade_drain(struct lade_gen *lade__self, struct lade_port *lade__port) { \
        __attribute__((unused)) struct name##_lade_frame *lade__f = (void *)lade__self;                               \
        struct lade_here lade__now = {lade__port, 0};                                                                 \
        __typeof__(T) *lade__p;                                                                                       \
        LADE__MEASURE_IF_ASKED                                                                                        \
        lade__p = (void *)lade__port->p;                                                                              \
        name##_lade_body(lade__self, &lade__now, &lade__p, 0 LADE__UNPAREN pass);                                     \
        lade__port->p = (char *)lade__p;                                                                              \
        LADE__UNPAREN after                                                                                           \
    }                                                                                                                 \
    static __attribute__((noinline, unused)) void name##_lade_pull(struct lade_gen *lade__self,                       \
                                                                   struct lade_port *lade__port) {                    \
        __attribute__((unused)) struct name##_lade_frame *lade__f = (void *)lade__self;                               \
        struct lade_here lade__now = {lade__port, 0};                                                                 \
        __typeof__(T) *lade__p;                                                                                       \
        LADE__MEASURE_IF_ASKED                                                                                        \
        lade__p = (void *)lade__port->p;                                                                              \
        name##_lade_body(lade__self, &lade__now, &lade__p, 1 LADE__UNPAREN pass);                                     \
        LADE__UNPAREN after                                                                                           \
    }                                                                                                                 \
    static struct lade_gen_kind name##_lade_kind = {#name,                                                            \
                                                    sizeof(struct name##_lade_frame),                                 \
                                                    sizeof(__typeof__(T)),                                            \
                                                    offsetof(struct name##_lade_frame, slot),                         \
                                                    offsetof(struct name##_lade_frame, results),                      \
                                                    lade__item_class(lade__some(__typeof__(T))),                      \
                                                    name##_lade_drain,                                                \
                                                    LADE__PULL_ENTRY(name),                                           \
                                                    drop,                                                             \
                                                    LADE__UNMEASURED};                                                \
    storage lade_gen_owned(T)                                                                                         \
    name proto {                                                                                                      \
        struct name##_lade_frame *lade__f = lade__gen_new(&name##_lade_kind);                                         \
        if (lade__f) {                                                                                                \
            const struct name##_lade_args lade__args = {LADE__UNPAREN init 0};                                        \
            memcpy(&lade__f->args, &lade__args, sizeof lade__args);                                                   \
        } else {                                                                                                      \
            LADE__UNPAREN unmade                                                                                      \
        }                                                                                                             \
        return (lade_gen_owned(T))(void *)lade__f;                                                                    \
    }                                                                                                                 \
    static inline __attribute__((always_inline)) void name##_lade_body(                                               \
        __attribute__((unused)) struct lade_gen *lade__self, __attribute__((unused)) struct lade_here *lade__body,    \
        __attribute__((unused)) __typeof__(T) **lade__at,                                                             \
        __attribute__((unused)) const int LADE__PULLED LADE__UNPAREN params)

#endif /* __cplusplus */

#endif
