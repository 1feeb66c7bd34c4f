/*
 * What the files of src/gen share: the parts of a generator's life that no macro needs.
 */
#ifndef LADE_GEN_IMPL_H
#define LADE_GEN_IMPL_H

#include <lade/gen.h>

#define LADE__ROUND_16(size) (((size) + 15) & ~(size_t)15)

/* lade__gen_new() for a kind whose frames know their item size only when they are made: behind the frame follow the
   slot and `room` bytes more, each aligned to 16, all cleared. */
void *lade__gen_new_sized(const struct lade_gen_kind *kind, size_t item_size, int arithmetic, size_t room);

/* Those `room` bytes. */
static inline void *lade__gen_room(struct lade_gen *g) {
    return g->slot + LADE__ROUND_16(g->item_size);
}

/* Of a port's `exiting`, beside 1. CAUGHT: a delegate has caught LADE_EXIT, so `pending` is what its next yield raises,
   if there is one. IGNORED: it did yield, and even if it catches that error, it comes out where the body ends. */
enum { LADE__EXIT_CAUGHT = 2, LADE__EXIT_IGNORED = 3 };

/* A body has ended: what became of an exit that it caught. */
void lade__port_settle(struct lade_port *port);

/* Must lade__port_full() be called, an item having been stored? */
static inline int lade__port_is_full(const struct lade_port *port) {
    return port->p >= port->end;
}

/* The `full` of a port that is pulled: hand the item over by switching stacks. */
int lade__pull_full(struct lade_port *port);

/* A port without its window; the contexts, which only a pulled one has, are left as they are. */
static inline void lade__port_init(struct lade_port *port, int (*full)(struct lade_port *), size_t item_size) {
    port->full = full;
    port->sent = NULL;
    port->item = NULL;
    port->pending = port->exiting = 0;
    port->error = NULL;
    port->limit = NULL;
    port->item_size = item_size;
}

/* The entry of g's body for a port. */
typedef void lade__entry(struct lade_gen *g, struct lade_port *port);
lade__entry *lade__body_of(const struct lade_gen *g, const struct lade_port *port);

/* Give g an error that did not come out of its body: misuse. The one before, if nobody looked at it, goes to the hook.
 */
void lade__misuse(struct lade_gen *g, int code, const char *fmt, ...) LADE_PRINTF(3, 4);

/* lade_gen_throw() for a generator that neither runs nor is delegated to; takes ownership of `error`, which may be NULL
   if there was no memory for it. */
void *lade__throw_owned(struct lade_gen *g, int code, struct lade_error *error);

/* Take the exception of a port: its status, with *error its words (owned by the caller, may be NULL). */
int lade__port_take(struct lade_port *port, struct lade_error **error);

/* A port's words as a struct lade_error, also where there was no memory to keep them. */
struct lade_error lade__words(int code, const struct lade_error *error);

/* Let g drop an error: report it if nobody looked at it. */
void lade__forget_error(struct lade_gen *g);

/* A generator that has just ended; free what its frame owns if its body never ran. */
void lade__drop(struct lade_gen *g);

#endif
