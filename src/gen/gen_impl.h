/*
 * Declares the functions that several files of src/gen use, and that no macro of the public headers uses.
 * docs/glossary.md explains the terms port, window, body, consumer, pull, drain and delegate.
 */
#ifndef LADE_GEN_IMPL_H
#define LADE_GEN_IMPL_H

#include <lade/gen.h>

/* ---- Generators -------------------------------------------------------------------------------------------------- */

#define LADE__ROUND_16(size) (((size) + 15) & ~(size_t)15)

/* Does the same as lade__gen_new() for a generator whose item size is known only at run time. After the
   kind->frame_size bytes of the frame, the memory contains the slot and then `room` additional bytes. Both parts are
   aligned to 16 bytes. All memory is cleared. */
void *lade__gen_new_sized(const struct lade_gen_kind *kind, size_t item_size, int item_class, size_t room);

/* Returns the `room` bytes of lade__gen_new_sized(). */
static inline void *lade__gen_room(struct lade_gen *g) {
    return g->slot + LADE__ROUND_16(g->item_size);
}

/* Sets the state of g to DONE and frees the generators and the memory that its frame owns. Must only be called for a
   generator that has not started. */
void lade__drop(struct lade_gen *g);

/* Closes a generator before it is freed. Returns 0, or LADE_ESTATE if the generator is running or DELEGATED. */
int lade__finish_for_good(struct lade_gen *g);

/* Does the same as lade_gen_throw() for a generator that is neither running nor DELEGATED. Takes ownership of `error`,
   which is NULL if there was no memory for the error. */
void *lade__throw_owned(struct lade_gen *g, int code, struct lade_error *error);

/* ---- Errors of a generator --------------------------------------------------------------------------------------- */

extern struct lade_error lade__exit_error; /* the static error of all generators that were closed */

/* Stores an error in g. Most of these errors are mistakes of the caller, for example a call of next() for a running
   generator. */
void lade__misuse(struct lade_gen *g, int code, const char *fmt, ...) LADE_PRINTF(3, 4);

/* Frees the error of g. */
void lade__error_drop(struct lade_gen *g);

/* Frees the error of g. If neither lade_gen_error() nor lade_gen_close() has returned this error, the error is first
   passed to the hook of lade_set_unhandled_hook(). */
void lade__error_report(struct lade_gen *g);

/* Does the same as lade__error_report() if g has an error. */
static inline void lade__forget_error(struct lade_gen *g) {
    if (__builtin_expect(g->error != NULL, 0))
        lade__error_report(g);
    g->error_seen = 0; /* a call of lade_gen_error() before the error occurred does not count */
}

/* ---- Ports ------------------------------------------------------------------------------------------------------- */

/* The field `exiting` of a port is 0, 1 or one of these values. The body is the code of a generator function, and a
   delegate is a generator to which another generator delegates (lade_yield_from()). LADE__EXIT_CAUGHT means that a
   delegate has caught LADE_EXIT. If the delegate then yields, the yield raises the status in `pending`.
   LADE__EXIT_IGNORED means that a body has yielded after it caught LADE_EXIT, and that this yield has raised an error.
   If the body also catches this error, the error is raised once more when the body returns. */
enum { LADE__EXIT_CAUGHT = 2, LADE__EXIT_IGNORED = 3 };

/* Is called when a body has returned. If the body has caught LADE_EXIT, this function corrects the exception in the
   port: if the body has yielded after that, the exception is LADE_ERUNTIME. Otherwise the exception is removed. */
void lade__port_settle(struct lade_port *port);

/* Is called after an item was stored. Returns true if lade__port_full() must be called next. */
static inline int lade__port_is_full(const struct lade_port *port) {
    return port->p >= port->end;
}

/* This is the function `full` in the port of a generator that is pulled. It passes the item to the consumer by a
   stack switch. */
int lade__pull_full(struct lade_port *port);

/* Initialises a port except for its window (p, end) and its contexts. Only the port of a pulled generator uses
   contexts. */
static inline void lade__port_init(struct lade_port *port, int (*full)(struct lade_port *), size_t item_size) {
    port->full = full;
    port->sent = NULL;
    port->item = NULL;
    port->pending = port->exiting = port->up = 0;
    port->error = NULL;
    port->limit = NULL;
    port->item_size = item_size;
}

/* A body is compiled into two functions, `pull` and `drain`. Returns the function for the body of g that must be called
   with `port`. */
typedef void lade__entry(struct lade_gen *g, struct lade_port *port);
lade__entry *lade__body_of(const struct lade_gen *g, const struct lade_port *port);

/* Removes the exception from a port. Stores its error in *error and returns its status. The caller owns the error,
   which may be NULL. */
int lade__port_take(struct lade_port *port, struct lade_error **error);

/* Returns *error. If `error` is NULL (there was no memory for the error), returns an error with the status `code`. */
struct lade_error lade__error_or(int code, const struct lade_error *error);

#endif
