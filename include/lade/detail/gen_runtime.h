/*
 * lade/detail/gen_runtime.h - the structures and functions that the macros of gen.h use. All headers in detail/ are
 * private and may change in any release. They are installed because the macros need them.
 *
 * generator(T, name, ...) { body } defines:
 *
 * - the function `name`, which makes a generator;
 * - the type of its frame. A frame is the only allocation. It contains a struct lade_gen, one slot for the item, memory
 *   for results, and the arguments;
 * - the functions `drain` and `pull`. The body is inlined into both functions. `drain` stores the items in a window and
 *   calls port->full. `pull` has a window of one item and switches stacks inside the body. A port or a generator that
 *   uses `pull` is called pulled. Because there are two functions, each function contains only the code for its own
 *   kind of window.
 */
#ifndef LADE_DETAIL_GEN_RUNTIME_H
#define LADE_DETAIL_GEN_RUNTIME_H

/*
 * This pragma makes the headers with macros system headers in any directory. So compilers do not print the expansion of
 * each macro below an error in your code, and do not apply your warning options to the code inside the macros.
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

struct lade_brand; /* never defined; its only purpose is that no other type equals the type of generators */
/* The item type that LADE__BIND uses if the expression is neither a generator nor a container. With this type, the
   compiler prints fewer errors after the first error. */
struct lade__no_item {
    char unused;
};
struct lade_gen;
struct lade_stack;

enum { LADE__INNER, LADE__OUTER }; /* the two sides of the port of `pull`: the body and its caller */

/*
 * A body passes its items to the consumer through a port. A port has memory for items, which is called the window. The
 * body stores an item at p. When p reaches `end`, the body calls full(), which empties the window and returns 0. If
 * full() returns an error status, the body returns. While an exception is on its way to the consumer, `pending` is the
 * status of the exception and `error` contains its details.
 *
 * A running body keeps p in a register. The p in this struct is valid when the window is full, when another body is
 * called, and when the body has returned. If `end` is set to NULL, the next yield calls lade__port_full().
 */
struct lade_port {
    struct lade_context context[2]; /* if context[LADE__INNER].pc is NULL, lade_next() calls lade__gen_ready() */
    char *p, *end;
    char *room_end; /* the end of the window while `end` is NULL */
    int (*full)(struct lade_port *port);
    const void *sent;         /* points to the value of the yield expression; NULL means zero */
    void *item;               /* for a pulled port: the slot, or NULL after the body has returned */
    int pending;              /* 0, or the status that the next yield raises */
    unsigned short exiting;   /* 1 after LADE_EXIT was raised: the body may only clean up and return */
    unsigned short up;        /* bytes of stack that are needed to pass an item to the consumer; see src/iter/stage.c */
    struct lade_error *error; /* the details of `pending`, owned; may be NULL */
    char *limit;              /* lowest address of the stack on which the body runs */
    size_t item_size;
};

/* If a combinator keeps an item for later, the class of the item shows whether the combinator must copy a string. Items
   of the classes LADE__TEXTS and LADE__LINES begin with a pointer to a string, which must be copied. See
   src/iter/item_text.h. */
struct lade_line;
struct lade_dir_entry;
enum lade__item_class {
    LADE__OTHERS,
    LADE__NUMBERS, /* means the same as LADE__OTHERS; programs that were compiled with earlier headers pass it for
                      numbers */
    LADE__TEXTS,   /* const char * and struct lade_dir_entry; the string ends with a NUL byte */
    LADE__LINES    /* struct lade_line, which contains the length of its string */
};

struct lade_gen_kind {
    const char *name;
    size_t frame_size, item_size, slot_offset, result_offset;
    int item_class; /* an enum lade__item_class */
    void (*drain)(struct lade_gen *self, struct lade_port *port);
    void (*pull)(struct lade_gen *self, struct lade_port *port); /* NULL if `drain` is used in all cases */
    void (*drop)(struct lade_gen *self); /* frees the objects that the frame owns; NULL if the frame owns no objects */
    unsigned short stack_units; /* the additional stack that the body needs, see src/gen/measure.c; 0 if the body was
                                   not defined by a macro */
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
    struct lade_port port; /* must be first, because the address of a pulled port is also the address of its
                              generator */
    const struct lade_gen_kind *kind;
    size_t item_size, frame_size;
    char *slot; /* the memory of a pulled item */
    unsigned char state;
    unsigned char item_class;
    unsigned char error_seen;
    unsigned char has_result, has_from_result;
    unsigned short stack_units; /* the additional stack that the body needs */
    struct lade_stack *stack;
    struct lade_gen *delegate;
    struct lade_error *error; /* the error that ended the generator, or the error of a call that was not allowed */
    void *sanitizer;          /* state for a sanitizer; NULL without a sanitizer */
};

/* ---- Functions the macros call ----------------------------------------------------------------------------------- */

/*
 * These variables are never defined. The macros declare local variables with the same names. If a mistake in the code
 * of the user makes such a declaration fail, the compiler finds these global names instead. So the compiler prints no
 * errors about unknown variables.
 */
#if !defined(__cplusplus) && !defined(__clang__)
extern struct lade__no_item *(**const lade__given)(struct lade_brand *);
extern struct lade__no_item *(**const lade__source)(struct lade_brand *);
extern struct lade__no_item *const lade__contained;
extern struct lade__no_item (*const lade__called)(struct lade__no_item *);
extern const int lade__printed, *const lade__contents;
#endif
/*
 * These variables are never defined. A generator function has local variables with the same names. If a word such as
 * yield is used outside of a generator function, the compiler finds these global names, and prints only the message of
 * LADE__IN_BODY().
 */
#ifndef __cplusplus
extern struct lade_here *const lade__body;
extern long **const lade__at;
extern struct lade_gen *const lade__self;
extern void *const yield_works_only_inside_a_generator_body;
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
 * also limit if the limit is known. All other fields must be zero. `how` is a combination of LADE__OWNED (g is owned)
 * and LADE__WHOLE (the caller takes all items). If g has not started and `how` is not 0, the body is called as a
 * function. Otherwise g is pulled. If g ends with an exception, port->pending and port->error contain this exception
 * after the call. Frees an owned g.
 */
enum { LADE__OWNED = 1, LADE__WHOLE = 2 };
LADE_API void lade__run(struct lade_gen *g, int how, struct lade_port *port);
/* Delivers the exception of the port `from` and returns the status of the exception. If the port has no exception,
   returns LADE_OK. If err is not NULL, the exception is stored in *err. If err is NULL and `body` is not NULL, the
   exception is raised in the generator function that has the port `body`, so that its next yield returns. If err and
   `body` are NULL, the exception is passed to the hook of lade_set_unhandled_hook(). */
LADE_API int lade__deliver_pending(struct lade_port *from, struct lade_error *err, struct lade_port *body);
static inline int lade__deliver(struct lade_port *from, struct lade_error *err, struct lade_port *body) {
    return from->pending ? lade__deliver_pending(from, err, body) : LADE_OK;
}

/* A running lade_for_each. Its cleanup function delivers the error of the generator and frees an owned generator. */
struct lade_loop {
    struct lade_gen *g;
    void *item;
    struct lade_error *err;
    struct lade_port *body;
    int owned;
};
/*
 * Makes a generator that yields the items of a container of collect.h. If the container is temporary, the generator
 * frees it. If `items` is not a container, the generator fails with LADE_EINVAL. If `items` is NULL, the generator has
 * no items.
 */
LADE_API void *lade__from_container(const void *items, int temporary, size_t item_size, int item_class);
LADE_API struct lade_loop lade__loop_start(struct lade_gen *g, int owned, struct lade_error *err,
                                           struct lade_port *body);
LADE_API void lade__loop_end(struct lade_loop *loop);

/* ---- The two inlined switches ------------------------------------------------------------------------------------ */

/* Does lade_next() for the generator *at. The inlined switch returns the address of the generator in a register. The
   function stores this address in *at, although the value is the same, so that the compiler continues to use the
   register. *again is the same generator in another variable. The rare calls of functions read it, so that *at does not
   need a register whose value these calls preserve: the switch would have to save this register for each item. */
static inline __attribute__((always_inline, unused)) void *lade__next_at(struct lade_gen **at,
                                                                         struct lade_gen *const *again) {
#if LADE__INLINE_SWITCH
    struct lade_port *port = (struct lade_port *)(void *)*at;
    void *pc = port ? port->context[LADE__INNER].pc : NULL, *item;
    if (__builtin_expect(!pc, 0)) {
        void *otherwise; /* must not be the variable `item`, which must stay in a register */
        pc = lade__gen_ready(*again, &otherwise);
        port = (struct lade_port *)(void *)*again;
        if (!pc) {
            *at = *again;
            return otherwise;
        }
    }
    port->context[LADE__INNER].pc = NULL; /* the body is now running; its next yield stores the next pc */
    LADE__ENTER(port, pc, item);
    if (!port)
        __builtin_unreachable(); /* so that a loop compares the port with NULL only once */
    *at = (struct lade_gen *)(void *)port;
    if (__builtin_expect(item != NULL, 1))
        return item;
    lade__gen_ended(*at);
    return NULL;
#else
    (void)again;
    return lade__gen_resume(*at, NULL);
#endif
}

/* The empty asm statement stops clang from keeping g in rbp, which the switch saves for each item. rbp can then hold a
   variable of the user, which would be saved in any case. */
static inline __attribute__((always_inline, unused)) void *lade__next(struct lade_gen *g) {
    struct lade_gen *at = g;
#if LADE__INLINE_SWITCH && defined(__clang__)
    __asm__ volatile("" : "+r"(at));
#endif
    return lade__next_at(&at, &g);
}

/* The port of a body, in a separate variable, so that the compiler keeps it in registers. */
struct lade_here {
    struct lade_port *port;
    int alert; /* true if the port may contain an exception that no yield has raised yet; used only in the function
                  `pull` */
};

static inline __attribute__((always_inline, unused)) int lade__suspend(struct lade_here *here, void *item) {
#if LADE__INLINE_SWITCH
    struct lade_port *port = here->port;
    if (here->alert && __builtin_expect(port->pending, 0))
        return lade__port_pending(port);
    LADE__LEAVE(port, item);
    here->port = port; /* so that the compiler uses the register in which the port is now */
    return port->pending;
#else
    (void)here, (void)item; /* never called, because without an inlined switch there is no function `pull` */
    return 0;
#endif
}

#ifdef __cplusplus
}
#endif
#endif
