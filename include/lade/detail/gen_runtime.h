/*
 * lade/detail/gen_runtime.h - the implementation of the macros of gen.h. It is private and may change in any release. It is
 * installed because the macros need it.
 *
 * generator(T, name, ...) { body } defines the function `name`, which makes a generator; a frame, which is the only
 * allocation (a handle, one slot for the item, memory for results, the arguments); and two functions into which the
 * body is inlined, one for each way of yielding. `drain` stores the items in a window and calls port->full. `pull` has
 * a window of one item and switches stacks inside the body. Each is compiled separately, so neither has the cost of the
 * other.
 */
#ifndef LADE_DETAIL_GEN_RUNTIME_H
#define LADE_DETAIL_GEN_RUNTIME_H

/*
 * The headers with macros count as system headers, in any directory. So compilers do not print the expansion of each
 * macro below an error in your code, and do not apply your warning options to the code inside the macros.
 */
#pragma GCC system_header

#include <lade/base.h>
#include <lade/detail/gen_switch.h>
#include <string.h>

#ifndef __cplusplus
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#pragma GCC diagnostic error "-Wint-conversion"
#pragma GCC diagnostic error "-Wimplicit-function-declaration"
#ifdef __clang__ /* __extension__ cannot stand before the declaration in a for loop */
#pragma clang diagnostic ignored "-Wgnu-auto-type"
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Structures -------------------------------------------------------------------------------------------------- */

struct lade_brand; /* never defined; it makes the type of handles unique */
/* The items of an expression that is not a generator. See LADE__BIND. */
struct lade__no_item {
    char unused;
};
struct lade_gen;
struct lade_stack;

enum { LADE__INNER, LADE__OUTER }; /* the two sides of a pulled port: the body and its caller */

/*
 * The place where a body stores its items. The body stores an item at p. When p reaches `end`, the body calls full(),
 * which empties the window and returns 0. If full() returns a status instead, the body returns. While an exception is
 * passed on, `pending` is the status of the exception and `error` contains its details.
 *
 * A running body keeps p in a register. The p in this struct is valid when the window is full, when another body is
 * called, and when the body has returned. `end` is set to NULL to make the next yield call lade__port_full().
 */
struct lade_port {
    struct lade_context context[2]; /* the inner pc is NULL if lade_next() must not switch by itself */
    char *p, *end;
    char *room_end; /* the end of the window while `end` is NULL */
    int (*full)(struct lade_port *port);
    const void *sent;         /* points to the value of the yield expression; NULL means zero */
    void *item;               /* of a pulled port: the slot, or NULL after the body has returned */
    int pending;              /* 0, or the status that the next yield raises */
    unsigned short exiting;   /* LADE_EXIT was raised: the body may only clean up and return */
    unsigned short up;        /* bytes of stack that combinators need to pass an item on; see iter/stage.c */
    struct lade_error *error; /* the details of `pending`, owned; may be NULL */
    char *limit;              /* lowest address of the stack on which the body runs */
    size_t item_size;
};

struct lade_gen_kind {
    const char *name;
    size_t frame_size, item_size, slot_offset, result_offset;
    int arithmetic; /* items are numbers, so a window may hold several */
    void (*drain)(struct lade_gen *self, struct lade_port *port);
    void (*pull)(struct lade_gen *self, struct lade_port *port); /* or NULL */
    void (*drop)(struct lade_gen *self);                         /* frees what the frame owns; or NULL */
    unsigned short stack_units; /* how much more stack than usual the body needs, see src/gen/measure.c; 0 if no macro
                                   defined the body */
};
enum { LADE__UNMEASURED = 0xffff };

enum {
    LADE__CREATED,
    LADE__SUSPENDED,
    LADE__SUSPENDED_INLINE,
    LADE__RUNNING,
    LADE__DELEGATED,
    LADE__DONE,
    LADE__FREED
};

struct lade_gen {
    struct lade_port port; /* must be first: the address of a pulled port is that of its generator */
    const struct lade_gen_kind *kind;
    size_t item_size, frame_size;
    char *slot; /* the memory of a pulled item */
    unsigned char state;
    unsigned char arithmetic;
    unsigned char error_seen;
    unsigned char has_result, has_from_result;
    unsigned short stack_units; /* how much more stack than usual the body needs */
    struct lade_stack *stack;
    struct lade_gen *delegate;
    struct lade_error *error; /* the error that ended the generator, or an error of the caller */
    void *sanitizer;          /* state for a sanitizer, else NULL */
};

/* ---- Functions the macros call ----------------------------------------------------------------------------------- */

/* Never defined. Inside a body, a variable of type struct lade_here * has this name. */
#if !defined(__cplusplus) && !defined(__clang__)
extern const struct lade_here *const lade__body;
#else
LADE_API void lade__body(void);
#endif
/*
 * Never defined. If a mistake makes the declaration of such a variable in a macro impossible, the compiler uses these
 * names instead, and prints no errors about a variable that the user has not written.
 */
#if !defined(__cplusplus) && !defined(__clang__)
struct lade__no_item;
extern struct lade__no_item *(**const lade__given)(struct lade_brand *);
extern struct lade__no_item *(**const lade__source)(struct lade_brand *);
extern struct lade__no_item *const lade__contained;
extern struct lade__no_item (*const lade__called)(struct lade__no_item *);
extern const int lade__printed, *const lade__contents;
extern long **const lade__at;
extern struct lade_gen *const lade__self;
#endif

LADE_API void *lade__gen_new(const struct lade_gen_kind *kind);
LADE_API void *lade__gen_resume(struct lade_gen *g, const void *sent);
LADE_API void *lade__gen_ready(struct lade_gen *g, void **item);
LADE_API void *lade__gen_ended(struct lade_gen *g);
LADE_API void *lade__gen_send(struct lade_gen *g, const void *value);
LADE_API void *lade__gen_throw(struct lade_gen *g, int code, const char *fmt, ...) LADE_PRINTF(3, 4);
LADE_API int lade__gen_close(struct lade_gen *g);
LADE_API int lade__gen_free(struct lade_gen *g);
LADE_API int lade__gen_free_at(void *variable);
LADE_API struct lade_gen *lade__gen_move(void *variable);
LADE_API void lade__gen_auto_end(void *handle);
LADE_API const struct lade_error *lade__gen_error(struct lade_gen *g);
LADE_API void *lade__gen_result(struct lade_gen *g);
LADE_API int lade__gen_state(const struct lade_gen *g);
LADE_API struct lade_gen *lade__gen_delegate(const struct lade_gen *g);
LADE_API const char *lade__gen_name(const struct lade_gen *g);
LADE_API struct lade_gen *lade__gen_stack(struct lade_gen *g, size_t bytes);
LADE_API void lade__measured(struct lade_gen *measure);

LADE_API int lade__port_full(struct lade_port *port);
LADE_API int lade__port_pending(struct lade_port *port);
LADE_API int lade__port_catch(struct lade_port *port, int status);
LADE_API void lade__raise(struct lade_port *port, int code, const char *fmt, ...) LADE_PRINTF(3, 4);
LADE_API void lade__raise_with(struct lade_port *port, const struct lade_error *err);
LADE_API int lade__yield_from(struct lade_gen *self, struct lade_port *port, struct lade_gen *sub, int owned);
LADE_API void *lade__result_room(struct lade_gen *self);
LADE_API void *lade__from_result(struct lade_gen *self);

/*
 * Runs g and stores its items in port. Before the call, the caller sets p, end, full and item_size of the port, and
 * limit if it is known; all other fields must be zero. g runs on the current stack if it has not started and is owned
 * (LADE__OWNED) or run to its end (LADE__WHOLE). Afterwards port->pending and port->error contain the exception, if
 * there is one. Frees an owned g.
 */
enum { LADE__OWNED = 1, LADE__WHOLE = 2 };
LADE_API void lade__run(struct lade_gen *g, int how, struct lade_port *port);
/* Delivers the exception of `from`, if there is one, and returns its status. If err is not NULL, stores the exception
   in *err. Otherwise, if there is a surrounding body, raises it there, so that the next yield of the body returns.
   Otherwise passes it to the unhandled-error hook. */
LADE_API int lade__deliver_pending(struct lade_port *from, struct lade_error *err, struct lade_port *body);
static inline int lade__deliver(struct lade_port *from, struct lade_error *err, struct lade_port *body) {
    return from->pending ? lade__deliver_pending(from, err, body) : LADE_OK;
}

/* A running lade_for_each. Its cleanup function passes errors on and frees an owned generator. */
struct lade_loop {
    struct lade_gen *g;
    void *item;
    struct lade_error *err;
    struct lade_port *body;
    int owned;
};
/*
 * Makes a generator of the items of a container of collect.h, which frees a temporary container. If `items` is not a
 * container, the generator fails with LADE_EINVAL. NULL has no items.
 */
LADE_API void *lade__from_container(const void *items, int temporary, size_t item_size, int arithmetic);
LADE_API struct lade_loop lade__loop_start(struct lade_gen *g, int owned, struct lade_error *err,
                                           struct lade_port *body);
LADE_API void lade__loop_end(struct lade_loop *loop);

/* ---- The two inlined switches ------------------------------------------------------------------------------------ */

/* *at is the generator. After an inlined switch, *at has the same value, and the compiler knows its register. */
static inline __attribute__((always_inline, unused)) void *lade__next_at(struct lade_gen **at) {
#if LADE__INLINE_SWITCH
    struct lade_port *port = (struct lade_port *)(void *)*at;
    void *pc = port ? port->context[LADE__INNER].pc : NULL, *item;
    if (__builtin_expect(!pc, 0)) {
        void *otherwise; /* not `item`, because its address is taken and `item` shall stay in a register */
        pc = lade__gen_ready(*at, &otherwise);
        if (!pc)
            return otherwise;
    }
    port->context[LADE__INNER].pc = NULL; /* the body runs now; its next yield stores another pc */
    LADE__ENTER(port, pc, item);
    if (!port)
        __builtin_unreachable(); /* so that a loop compares with NULL once */
    *at = (struct lade_gen *)(void *)port;
    return __builtin_expect(item != NULL, 1) ? item : lade__gen_ended(*at);
#else
    return lade__gen_resume(*at, NULL);
#endif
}

static inline __attribute__((always_inline, unused)) void *lade__next(struct lade_gen *g) {
    return lade__next_at(&g);
}

/* The port of a body, in a separate variable, so that the compiler keeps it in registers. */
struct lade_here {
    struct lade_port *port;
    int alert; /* true if the port may contain an exception that no yield has raised yet; used if pulled */
};

static inline __attribute__((always_inline, unused)) int lade__suspend(struct lade_here *here, void *item) {
#if LADE__INLINE_SWITCH
    struct lade_port *port = here->port;
    if (here->alert && __builtin_expect(port->pending, 0))
        return lade__port_pending(port);
    LADE__LEAVE(port, item);
    here->port = port; /* the compiler now knows its register */
    return port->pending;
#else
    (void)here, (void)item; /* never called, because a kind without `pull` uses port->full */
    return 0;
#endif
}

/* ---- Types ------------------------------------------------------------------------------------------------------- */

#ifndef __cplusplus /* gen_macros.hpp defines these macros for C++ */

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
#define LADE__OWN_ALIGNMENT(T) \
    (_Alignof(T) < LADE__TEMPORARY_ALIGNMENT ? _Alignof(T) : _Alignof(T) / LADE__TEMPORARY_ALIGNMENT)
/*
 * Stores g in lade__given, and the types that one, two and three dereferences have in lade__pointee_*. So the text of g is
 * expanded once. A generator is a pointer to a pointer to a function. A function that is dereferenced is the same function
 * again, and no other type has this property. Every other pointer to an object is a container. The compiler cannot
 * distinguish a container from another array, but lade__from_container() can.
 */
#define LADE__GIVEN(g)                                                                                      \
    __auto_type lade__given = (g);                                                                          \
    LADE__POINTEES(lade__given);                                                                            \
    _Static_assert(lade__is_generator || lade__is_container,                                                \
                   "a generator or container is expected here, and this is not one");                       \
    __auto_type lade__contained = lade__select(lade__is_container, lade__given, (struct lade__no_item *)0); \
    LADE__UNUSED_TYPE(__typeof__(__extension__({ *lade__contained; })), lade__plain_item)                   \
    __attribute__((aligned(LADE__OWN_ALIGNMENT(__typeof__(*lade__contained)))))
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
                     lade__arithmetic(lade__some(lade__plain_item))))
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
/* The same checks for a variable that is not bound. They expand x many times. */
#define lade__same(x, y) __builtin_types_compatible_p(__typeof__(x), __typeof__(y))
/* Is x an array of known size? */
#define lade__is_array(x) (lade__is_pointer(x) && !lade__same(x, &*lade__if_pointer(x)))
/* The type of the items at p, without const and attributes. */
#define lade__plain(p) __typeof__(__extension__({ *(p); }))
/* An lvalue of type T, which is never evaluated. */
#define lade__some(T) (*(__typeof__(T) *)(uintptr_t)16)
/* The classes 1, 3, 4, 8 and 9 are numbers: integers, enums, bools, floating and complex numbers. */
#define lade__arithmetic(x) (((1 << 1 | 1 << 3 | 1 << 4 | 1 << 8 | 1 << 9) >> __builtin_classify_type(x)) & 1)
/* The port of a body, for a function that may raise an exception in it. */
static inline __attribute__((always_inline, unused)) struct lade_port *lade__port_of(struct lade_here *here) {
    if (!here)
        return NULL;
    here->alert = 1;
    return here->port;
}

/* The port of the body in which this macro is used; NULL outside of a body. */
#define lade__here() \
    lade__port_of(_Generic(lade__body, struct lade_here * : lade__body, default : (struct lade_here *)0))

/* ---- Inside a body ----------------------------------------------------------------------------------------------- */

/* The name of this variable explains the compiler's error if yield is used outside of a body. It is 1 in `pull`. */
#define LADE__PULLED yield_works_only_inside_a_generator_body

/* Every word that belongs in a body begins with this check. If the word is used elsewhere, the message explains the
   mistake. */
#define LADE__IN_BODY(word)                                    \
    _Static_assert(__builtin_classify_type(LADE__PULLED) < 12, \
                   word ": not inside a generator expression; write a generator() with a body")
#define LADE__CHECK_ITEM(word, ...)                                                                                   \
    LADE__IN_BODY(word);                                                                                              \
    _Static_assert(!(__builtin_classify_type(**lade__at) < 5 && __builtin_classify_type(__VA_ARGS__) == 8),           \
                   word ": a floating value would be cut to the integers of this generator; cast it if you mean it"); \
    _Static_assert((__builtin_classify_type(**lade__at) >= 12) == (__builtin_classify_type(__VA_ARGS__) >= 12),       \
                   word ": a struct where this generator has a number or pointer, or the other way round");           \
    _Static_assert(__builtin_classify_type(**lade__at) < 12 || __builtin_classify_type(__VA_ARGS__) < 12 ||           \
                       __builtin_types_compatible_p(__typeof__(**lade__at), __typeof__(__VA_ARGS__)),                 \
                   word ": a struct of another type");                                                                \
    _Static_assert(!(__builtin_classify_type(**lade__at) != 5 && __builtin_classify_type(__VA_ARGS__) == 5),          \
                   word ": a pointer, but the items of this generator are no pointers")

/* Items that are pointers are used one at a time, so an item may point to a local variable of the generator
   function. GCC 14 does not recognise this, and warns if such a yield is the last statement of the function. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define LADE__ALLOW_LOCAL(statement)                                                                   \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wdangling-pointer\"") statement; \
    _Pragma("GCC diagnostic pop")
#else
#define LADE__ALLOW_LOCAL(statement) statement;
#endif

/* Stores an item. If the window is then full, it is emptied. `status` is the result. */
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

#define LADE__YIELD_FROM(...)                                                                                   \
    __extension__({                                                                                             \
        LADE__IN_BODY("yield_from");                                                                            \
        LADE__BIND((__VA_ARGS__));                                                                              \
        _Static_assert(__builtin_types_compatible_p(lade__source_item, __typeof__(**lade__at)),                 \
                       "yield_from: the other generator has items of another type");                            \
        struct lade_gen *lade__sub = lade__untyped(lade__source);                                               \
        int lade__status;                                                                                       \
        const void *lade__result;                                                                               \
        if (!(LADE__PULLED))                                                                                    \
            lade__body->port->p = (char *)*lade__at;                                                            \
        lade__status = lade__yield_from(lade__self, lade__body->port, lade__sub, lade__is_owned(lade__source)); \
        if (!(LADE__PULLED))                                                                                    \
            *lade__at = (void *)lade__body->port->p;                                                            \
        if (__builtin_expect(lade__status, 0))                                                                  \
            return;                                                                                             \
        lade__result = lade__from_result(lade__self);                                                           \
        LADE__ITEM_AT(lade__result);                                                                            \
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

/* ---- For consumers ----------------------------------------------------------------------------------------------- */

#define LADE__NEXT(g) ((lade__item(g) *)lade__next(lade__named(g)))
#define LADE__SEND(g, ...)                                             \
    __extension__({                                                    \
        lade__item(g) lade__value = (__VA_ARGS__);                     \
        (lade__item(g) *)lade__gen_send(lade__named(g), &lade__value); \
    })
#define LADE__THROW(g, ...) ((lade__item(g) *)lade__gen_throw(lade__named(g), __VA_ARGS__))

#define LADE__FOR_EACH(...) LADE__CAT(LADE__FOR_EACH_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define LADE__FOR_EACH_1(g)                                                                                \
    _Static_assert(0, "for_each (x, g): the name of the loop's variable comes first, then the generator"); \
    while (0)
#define LADE__FOR_EACH_4(...)                                                                  \
    _Static_assert(0, "too many arguments: write for_each (x, g) or for_each (x, g, &error)"); \
    while (0)
#define LADE__FOR_EACH_2(x, source)        LADE__LOOP(x, source, NULL, lade__here())
#define LADE__FOR_EACH_3(x, source, error) LADE__LOOP(x, source, error, NULL)
/* The outermost loop runs once. It holds the source, so that the text of the source stands here once. */
#define LADE__LOOP(x, source, error, port)                                                                 \
    for (__auto_type lade__source = LADE__BOUND(source); (uintptr_t)lade__source != 1;                     \
         lade__source = (void *)(uintptr_t)1)                                                              \
        for (lade_cleanup(lade__loop_end) struct lade_loop lade__loop =                                    \
                 lade__loop_start(lade__untyped(lade__source), lade__is_owned(lade__source), error, port); \
             lade__loop.item; lade__loop.item = NULL)                                                      \
            for (__attribute__((unused)) lade__item(lade__source) x, *lade__item_at,                       \
                 **lade__looped = (void *)lade__loop.g;                                                    \
                 (lade__item_at = __extension__({                                                          \
                      struct lade_gen *lade__g = (void *)lade__looped;                                     \
                      void *lade__next_item = lade__next_at(&lade__g);                                     \
                      lade__looped = (void *)lade__g;                                                      \
                      lade__next_item;                                                                     \
                  }))                                                                                      \
                     ? ((x) = *lade__item_at, 1)                                                           \
                     : (lade__loop.item = NULL, 0);)

/* ---- Defining a generator ---------------------------------------------------------------------------------------- */

#if LADE__INLINE_SWITCH
#define LADE__PULL_ENTRY(name) name##_lade_pull
#else
#define LADE__PULL_ENTRY(name) NULL
#endif

/* proto: (t a, ...) or (void); fields: (t a; ...); init: (a, ...,); pass: (, lade__f->args.a ...); params: (, t a ...)
 */
#define LADE__DEFINE(storage, T, name, proto, fields, init, pass, params)                                      \
    storage LADE__DECL(T, name, proto); /* first, so that attributes before the macro apply to the function */ \
    LADE__FRAME(T, name, fields) LADE__FUNCTIONS(storage, T, name, proto, init, pass, params, NULL, (), ())
/* The same for a generator that owns its first argument, `source`. The source is freed after the body has ended, or
   when a generator whose body never ran is freed. */
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
    _Static_assert(__alignof__(struct name##_lade_frame) <= 16, /* GCC's _Alignof forgets vectors */ \
                   "generator: an item or argument is aligned to more than 16 bytes; give a pointer to it instead");
/*
 * The library calls a generator function once without a port, to measure how much stack it takes. The call of
 * lade__measured() is not the last instruction, so the whole stack frame exists during this call. The functions are not
 * inlined, because the compiler could then split them, and the part that is called would have a small frame.
 */
#define LADE__MEASURE_IF_ASKED              \
    if (__builtin_expect(!lade__port, 0)) { \
        lade__measured(lade__self);         \
        __asm__ volatile("");               \
        return;                             \
    }
/* drop: a function that frees what the frame owns, or NULL; after: code that does so after the body has ended; unmade:
   code for the case that there is no memory for the frame. */
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
                                                    lade__arithmetic(lade__some(__typeof__(T))),                      \
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

/* ---- Arguments of a generator function --------------------------------------------------------------------------- */

#define LADE__CAT(a, b)    LADE__CAT_(a, b)
#define LADE__CAT_(a, b)   a##b
#define LADE__UNPAREN(...) __VA_ARGS__
#define LADE__NARG(...) \
    LADE__NARG_(__VA_ARGS__, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define LADE__NARG_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, n, ...) n

#define LADE__DECL(T, name, proto)    \
    LADE_MUST_CHECK lade_gen_owned(T) \
    name proto

/*
 * The arguments of a generator function are pairs of a type and a name. X(type, name) is expanded for each pair. An
 * empty word ends the list.
 */
#define LADE__PAIRS(X, ...) LADE__CAT(LADE__PAIRS_, LADE__NARG(__VA_ARGS__))(X, __VA_ARGS__)
#define LADE__PAIRS_1(X, end)
#define LADE__PAIRS_3(X, t, a, ...)  X(t, a)
#define LADE__PAIRS_5(X, t, a, ...)  X(t, a) LADE__PAIRS_3(X, __VA_ARGS__)
#define LADE__PAIRS_7(X, t, a, ...)  X(t, a) LADE__PAIRS_5(X, __VA_ARGS__)
#define LADE__PAIRS_9(X, t, a, ...)  X(t, a) LADE__PAIRS_7(X, __VA_ARGS__)
#define LADE__PAIRS_11(X, t, a, ...) X(t, a) LADE__PAIRS_9(X, __VA_ARGS__)
#define LADE__PAIRS_13(X, t, a, ...) X(t, a) LADE__PAIRS_11(X, __VA_ARGS__)
#define LADE__PAIRS_15(X, t, a, ...) X(t, a) LADE__PAIRS_13(X, __VA_ARGS__)
#define LADE__PARAMETER(t, a)        , t a
#define LADE__FIELD(t, a)            t a;
#ifdef __cplusplus
#define LADE__VALUE(t, a)    static_cast<t &&>(a),
#define LADE__ARGUMENT(t, a) , static_cast<t &&>(lade__f->a)
#else
#define LADE__VALUE(t, a)    a,
#define LADE__ARGUMENT(t, a) , lade__f->args.a
#endif

/* TWO for 2 words, EVEN for an even number from 4 to 18, otherwise BAD. */
#define LADE__WORDS(...)                                                                                            \
    LADE__NARG_(__VA_ARGS__, BAD, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, \
                EVEN, BAD, TWO, BAD, )

#define LADE__GENERATOR(storage, ...)              LADE__CAT(LADE__GENERATOR_, LADE__WORDS(__VA_ARGS__))(storage, __VA_ARGS__, )
#define LADE__GENERATOR_TWO(storage, T, name, end) LADE__DEFINE(storage, T, name, (void), (), (), (), ())
#define LADE__GENERATOR_EVEN(storage, T, name, t, a, ...)                           \
    LADE__DEFINE(storage, T, name, (t a LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)), \
                 (t a; LADE__PAIRS(LADE__FIELD, __VA_ARGS__)),                      \
                 (LADE__VALUE(t, a) LADE__PAIRS(LADE__VALUE, __VA_ARGS__)),         \
                 (LADE__ARGUMENT(t, a) LADE__PAIRS(LADE__ARGUMENT, __VA_ARGS__)),   \
                 (, t a LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#define LADE__GENERATOR_BAD(...)                                                                               \
    _Static_assert(0, "generator(T, name, type, arg, ...): every argument needs a type and a name; at most 8 " \
                      "arguments")

#define LADE__GENERATOR_DECL(...)              LADE__CAT(LADE__GENERATOR_DECL_, LADE__WORDS(__VA_ARGS__))(__VA_ARGS__, )
#define LADE__GENERATOR_DECL_TWO(T, name, end) LADE__DECL(T, name, (void))
#define LADE__GENERATOR_DECL_EVEN(T, name, t, a, ...) \
    LADE__DECL(T, name, (t a LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#define LADE__GENERATOR_DECL_BAD LADE__GENERATOR_BAD

/* A generator that owns its source. The first pair is the source. */
#define LADE__GENERATOR_OVER(storage, ...) \
    LADE__CAT(LADE__GENERATOR_OVER_, LADE__WORDS(__VA_ARGS__))(storage, __VA_ARGS__, )
#ifdef __cplusplus
#define LADE__GENERATOR_OVER_EVEN(storage, T, name, U, source, ...) \
    LADE__GENERATOR_EVEN(storage, T, name, ::lade::generator<U>, source, __VA_ARGS__)
#define LADE__GENERATOR_OVER_2_EVEN(storage, T, name, U, a, V, b, ...) \
    LADE__GENERATOR_EVEN(storage, T, name, ::lade::generator<U>, a, ::lade::generator<V>, b, __VA_ARGS__)
#else
#define LADE__GENERATOR_OVER_2_EVEN(storage, T, name, U, a, V, b, ...)                                      \
    LADE__DEFINE_OVER(storage, T, name, (LADE__DROP_SOURCE(a) LADE__DROP_SOURCE(b)),                        \
                      (LADE__FREE_SOURCE(a) LADE__FREE_SOURCE(b)),                                          \
                      (lade_gen_owned(U) a, lade_gen_owned(V) b LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)), \
                      (lade_gen_owned(U) a; lade_gen_owned(V) b; LADE__PAIRS(LADE__FIELD, __VA_ARGS__)),    \
                      (a, b, LADE__PAIRS(LADE__VALUE, __VA_ARGS__)),                                        \
                      (, lade__f->args.a, lade__f->args.b LADE__PAIRS(LADE__ARGUMENT, __VA_ARGS__)),        \
                      (, lade_gen(U) a, lade_gen(V) b LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#define LADE__GENERATOR_OVER_EVEN(storage, T, name, U, source, ...)                               \
    LADE__DEFINE_OVER(storage, T, name, (LADE__DROP_SOURCE(source)), (LADE__FREE_SOURCE(source)), \
                      (lade_gen_owned(U) source LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)),       \
                      (lade_gen_owned(U) source; LADE__PAIRS(LADE__FIELD, __VA_ARGS__)),          \
                      (source, LADE__PAIRS(LADE__VALUE, __VA_ARGS__)),                            \
                      (, lade__f->args.source LADE__PAIRS(LADE__ARGUMENT, __VA_ARGS__)),          \
                      (, lade_gen(U) source LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#endif
#define LADE__GENERATOR_OVER_TWO LADE__GENERATOR_OVER_BAD
/* The same for two sources. */
#define LADE__GENERATOR_OVER_2(storage, ...) \
    LADE__CAT(LADE__GENERATOR_OVER_2_, LADE__WORDS(__VA_ARGS__))(storage, __VA_ARGS__, )
#define LADE__GENERATOR_OVER_2_TWO LADE__GENERATOR_OVER_BAD
#define LADE__GENERATOR_OVER_2_BAD LADE__GENERATOR_OVER_BAD
#define LADE__GENERATOR_OVER_BAD(...)                                                                                \
    _Static_assert(0,                                                                                                \
                   "generator_over(T, name, U, source, type, arg, ...): every argument needs a type and a name; at " \
                   "most 7 arguments")

#ifdef __cplusplus
}
#endif
#endif
