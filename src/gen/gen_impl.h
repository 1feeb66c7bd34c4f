/*
 * What the files of src/gen share and no macro of the public headers needs.
 */
#ifndef LADE_GEN_IMPL_H
#define LADE_GEN_IMPL_H

#include <lade/gen.h>

/* ---- Generators -------------------------------------------------------------------------------------------------- */

#define LADE__ROUND_16(size) (((size) + 15) & ~(size_t)15)

/* lade__gen_new() for a kind whose item size is known only when a frame is made. The slot and `room` more bytes follow
   the frame, each aligned to 16. All are cleared. */
void *lade__gen_new_sized(const struct lade_gen_kind *kind, size_t item_size, int arithmetic, size_t room);

/* The `room` bytes. */
static inline void *lade__gen_room(struct lade_gen *g) {
    return g->slot + LADE__ROUND_16(g->item_size);
}

/* Marks g as DONE and frees what its frame owns. For a generator function that never ran. */
void lade__drop(struct lade_gen *g);

/* Closes a generator that is about to be freed. Returns 0, or LADE_ESTATE if it runs or is delegated to. */
int lade__finish_for_good(struct lade_gen *g);

/* lade_gen_throw() for a generator that neither runs nor is delegated to. Takes ownership of `error`, which may be NULL
   if there was no memory for it. */
void *lade__throw_owned(struct lade_gen *g, int code, struct lade_error *error);

/* ---- Errors of a generator --------------------------------------------------------------------------------------- */

extern struct lade_error lade__exit_error; /* the error of a generator that was closed; not allocated */

/* Stores an error of the caller, for example the resume of a running generator. */
void lade__misuse(struct lade_gen *g, int code, const char *fmt, ...) LADE_PRINTF(3, 4);

/* Frees the error of g. */
void lade__error_drop(struct lade_gen *g);

/* Frees the error of g. Passes it to the unhandled-error hook first, unless lade_gen_error() or lade_gen_close() has
   returned it. */
void lade__error_report(struct lade_gen *g);

/* Does the same if g has an error. */
static inline void lade__forget_error(struct lade_gen *g) {
    if (__builtin_expect(g->error != NULL, 0))
        lade__error_report(g);
    g->error_seen = 0; /* a call of lade_gen_error() before the error occurred does not count */
}

/* ---- Ports ------------------------------------------------------------------------------------------------------- */

/* Values of a port's `exiting` besides 0 and 1.
   CAUGHT: a delegate has caught LADE_EXIT; its next yield, if there is one, raises `pending`.
   IGNORED: the delegate did yield. It may catch the error that this raises, but the error is raised again when the
   generator function returns. */
enum { LADE__EXIT_CAUGHT = 2, LADE__EXIT_IGNORED = 3 };

/* Is called when a generator function has returned, and decides what remains of an exit that it caught. */
void lade__port_settle(struct lade_port *port);

/* True if lade__port_full() must be called after an item was stored. */
static inline int lade__port_is_full(const struct lade_port *port) {
    return port->p >= port->end;
}

/* The `full` of a port that is pulled. It passes the item to the other side by a switch of stacks. */
int lade__pull_full(struct lade_port *port);

/* Initialises a port except for its window and its contexts. Only a pulled port has contexts. */
static inline void lade__port_init(struct lade_port *port, int (*full)(struct lade_port *), size_t item_size) {
    port->full = full;
    port->sent = NULL;
    port->item = NULL;
    port->pending = port->exiting = port->up = 0;
    port->error = NULL;
    port->limit = NULL;
    port->item_size = item_size;
}

/* The compiled entry of g's generator function that suits a port. */
typedef void lade__entry(struct lade_gen *g, struct lade_port *port);
lade__entry *lade__body_of(const struct lade_gen *g, const struct lade_port *port);

/* Takes the exception out of a port. Returns its status and stores its error in *error. The caller owns the error,
   which may be NULL. */
int lade__port_take(struct lade_port *port, struct lade_error **error);

/* Returns *error, or an error made from `code` if there was no memory for one. */
struct lade_error lade__error_or(int code, const struct lade_error *error);

#endif
