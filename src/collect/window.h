/*
 * The window of a reducer that reads all items: a buffer on the reducer's stack. The generator stores its items there.
 * When the buffer is full, the reducer processes it in one loop, which the compiler vectorises.
 *
 * A reducer that may stop early has a window of one item, because a generator function must not run further than the
 * item that the caller asked for.
 */
#ifndef LADE_COLLECT_WINDOW_H
#define LADE_COLLECT_WINDOW_H

#include "gen/gen_impl.h"

#include <lade/collect.h>

#include <string.h>

enum { LADE__WINDOW = 4096 }; /* bytes; a multiple of the size of every number */

struct lade__item_window {
    struct lade_port port;
    _Alignas(16) char items[LADE__WINDOW];
};

/* Initialises the fields that are needed and no others. Clearing the buffer and the contexts of the port would take
   longer than a short generator. */
static inline void lade__window_init(struct lade__item_window *w, const struct lade_gen *g,
                                     int (*full)(struct lade_port *)) {
    lade__port_init(&w->port, full, g ? g->item_size : 1);
    w->port.p = w->items;
    w->port.end = w->items + LADE__WINDOW;
}

/* The number of items in the window. The sizes of numbers are powers of two, so this takes no division. */
static inline size_t lade__window_count(const struct lade__item_window *w) {
    return (size_t)(w->port.p - w->items) >> __builtin_ctzl(w->port.item_size);
}

static inline int lade__window_rewind(struct lade__item_window *w) {
    w->port.p = w->items;
    return 0;
}

/* Makes the generator's own slot the window of a port: it holds one item of any size. */
static inline void lade__window_of_one(struct lade_port *port, struct lade_gen *g) {
    static char nothing;
    port->p = g ? g->slot : &nothing;
    port->end = port->p + port->item_size;
}

/* How lade__run() runs a generator of which all items are read. */
static inline int lade__run_whole(int owned) {
    return LADE__WHOLE | (owned ? LADE__OWNED : 0);
}

#endif
