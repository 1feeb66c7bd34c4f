/*
 * A window is the buffer through which a reducer, for example sum(), gets the items of a generator. If the reducer
 * reads all items, the window is an array on the stack of the reducer. The generator stores its items in the window.
 * When the window is full, the reducer reads all items of the window in one loop, which the compiler vectorises.
 *
 * A reducer that may stop early has a window of one item, because the generator must not continue after the last item
 * that the reducer needs.
 */
#ifndef LADE_COLLECT_WINDOW_H
#define LADE_COLLECT_WINDOW_H

#include "gen/gen_impl.h"

#include <lade/collect.h>

#include <string.h>

enum { LADE__WINDOW = 4096 }; /* size of the window in bytes; a multiple of the size of every number type */

struct lade__item_window {
    struct lade_port port;
    _Alignas(16) char items[LADE__WINDOW];
};

/* Initialises only the fields that are used. It would take longer to clear the whole struct than to run a short
   generator. */
static inline void lade__window_init(struct lade__item_window *w, const struct lade_gen *g,
                                     int (*full)(struct lade_port *)) {
    lade__port_init(&w->port, full, g ? g->item_size : 1);
    w->port.p = w->items;
    w->port.end = w->items + LADE__WINDOW;
}

/* Returns the number of items in the window. The size of an item is a power of two, so a shift replaces the division.
   */
static inline size_t lade__window_count(const struct lade__item_window *w) {
    return (size_t)(w->port.p - w->items) >> __builtin_ctzl(w->port.item_size);
}

static inline int lade__window_rewind(struct lade__item_window *w) {
    w->port.p = w->items;
    return 0;
}

/* Uses the item slot of the generator as the window of the port, because the slot always has space for one item. */
static inline void lade__window_of_one(struct lade_port *port, struct lade_gen *g) {
    static char nothing;
    port->p = g ? g->slot : &nothing;
    port->end = port->p + port->item_size;
}

/* Returns the flags that a reducer passes to lade__run() if the reducer reads all items of the generator. */
static inline int lade__run_whole(int owned) {
    return LADE__WHOLE | (owned ? LADE__OWNED : 0);
}

#endif
