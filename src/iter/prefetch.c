/*
 * Implements prefetch. A thread runs the source in advance and stores the items in a ring buffer of fixed size.
 *
 * The source stores one item at a time, and its port appends the item to the ring. The thread waits while the ring is
 * full, and the consumer waits while the ring is empty. The thread ends when the prefetch generator ends. The ring owns
 * copies of the strings of its items.
 *
 * In a child process after fork(), a source that has not ended cannot continue, because its thread does not exist
 * there. Such a source is called lost, and the generator fails. The items in the ring are discarded and not yielded,
 * because their number would differ from run to run.
 */
#include "iter/item_text.h"
#include "iter/stage.h"

#include "base/monitor.h"
#include "base/pool.h"

enum { CHANGED }; /* the condition of the monitor */

struct ring {
    struct lade_port port; /* the port through which the source stores one item at `room` */
    struct lade_input in;
    struct lade__pool *pool;
    struct lade__monitor monitor;
    size_t item_size, capacity, head, count;
    int stop;  /* true: the consumer needs no more items */
    int ended; /* true: the source has ended, and `port` contains its exception */
    int lost;  /* true: this is a child process, and the thread of the source exists only in the parent */
    char *items, *room;
    int item_class;
    char *text; /* the string of the item that the consumer got last */
};

struct prefetch {
    struct lade_linear linear;
    size_t ahead;
};

static int ring_put(struct lade_port *port) {
    struct ring *ring = (struct ring *)(void *)port;
    port->p -= port->item_size;
    if (lade__own_text(port->p, ring->item_class)) {
        lade__raise(port, LADE_ENOMEM, "prefetch: no memory for a string");
        return LADE_EXIT;
    }
    lade__monitor_enter(&ring->monitor);
    while (ring->count == ring->capacity && !ring->stop)
        lade__monitor_wait(&ring->monitor, CHANGED, NULL);
    int stop = ring->stop;
    if (!stop) {
        size_t at = (ring->head + ring->count++) % ring->capacity;
        memcpy(ring->items + at * ring->item_size, port->p, ring->item_size);
        lade__monitor_wake(&ring->monitor, CHANGED);
    }
    lade__monitor_leave(&ring->monitor);
    if (stop)
        lade__free_text(port->p, ring->item_class);
    return stop ? LADE_EXIT : 0;
}

static void ring_fill(void *ctx, int thread) {
    struct ring *ring = ctx;
    (void)thread;
    struct lade_gen *source = ring->in.g;
    ring->in = (struct lade_input){0}; /* lade__run() frees the source */
    lade__run(source, LADE__OWNED, &ring->port);
    lade__monitor_enter(&ring->monitor);
    ring->ended = 1;
    lade__monitor_wake(&ring->monitor, CHANGED);
    lade__monitor_leave(&ring->monitor);
}

/* Is called in a child process after fork(). A source that has not ended cannot continue, because it runs on the stack
   of a thread that does not exist here. */
static void ring_renew(void *ctx) {
    struct ring *ring = ctx;
    ring->lost = !ring->ended;
}

/* Waits for an item, copies it to `item` and returns 1. Returns 0 if the source is lost, or if the source has ended and
   the ring is empty. */
static int ring_get(struct ring *ring, void *item) {
    lade__monitor_enter(&ring->monitor);
    while (!ring->count && !ring->ended && !ring->lost)
        lade__monitor_wait(&ring->monitor, CHANGED, NULL);
    int got = ring->count > 0 && !ring->lost;
    if (got) {
        memcpy(item, ring->items + ring->head * ring->item_size, ring->item_size);
        ring->head = (ring->head + 1) % ring->capacity;
        ring->count--;
        lade__monitor_wake(&ring->monitor, CHANGED);
    }
    lade__monitor_leave(&ring->monitor);
    lade_free(ring->text);
    ring->text = got && lade__has_text(ring->item_class) ? lade__text_of(item) : NULL;
    return got;
}

static void ring_stop(struct ring *ring) {
    lade__monitor_enter(&ring->monitor);
    ring->stop = 1;
    lade__monitor_wake(&ring->monitor, CHANGED);
    lade__monitor_leave(&ring->monitor);
}

static void ring_free(struct ring *ring) {
    lade__pool_free(ring->pool);
    lade__monitor_release(&ring->monitor);
    lade__input_drop(&ring->in);
    for (; ring->count; ring->count--, ring->head = (ring->head + 1) % ring->capacity)
        lade__free_text(ring->items + ring->head * ring->item_size, ring->item_class);
    lade_free(ring->text);
    lade_free(ring->items);
    lade_free(ring->room);
    lade_free(ring);
}

static struct ring *ring_new(const struct prefetch *prefetch, struct lade_port *out) {
    const size_t size = prefetch->linear.in.g->item_size, ahead = prefetch->ahead;
    struct ring *ring = lade_calloc(1, sizeof *ring);
    struct lade__pool *pool = lade__pool_new("lade-prefetch", 1);
    char *items = lade_calloc(ahead, size), *room = lade_alloc(size);
    if (!ring || !pool || !items || !room) {
        lade__pool_free(pool);
        lade_free(ring);
        lade_free(items);
        lade_free(room);
        lade__raise(out, LADE_ENOMEM, "prefetch: no memory for %zu items of %zu bytes", ahead, size);
        return NULL;
    }
    ring->pool = pool;
    ring->items = items;
    ring->room = room;
    ring->item_size = size;
    ring->item_class = prefetch->linear.in.g->item_class;
    ring->capacity = ahead;
    ring->port = (struct lade_port){.p = room, .end = room + size, .full = ring_put, .item_size = size};
    lade__monitor_init(&ring->monitor, ring_renew, ring); /* on Linux, this needs no memory and cannot fail */
    return ring;
}

static void prefetch_run(struct lade_gen *self, struct lade_port *out) {
    struct prefetch *prefetch = (struct prefetch *)(void *)self;
    struct ring *ring = ring_new(prefetch, out);
    if (!ring) {
        lade__input_drop(&prefetch->linear.in);
        return;
    }
    ring->in = prefetch->linear.in;
    prefetch->linear.in = (struct lade_input){0};
    struct lade_error err = {0};
    if (lade__pool_start(ring->pool, ring_fill, ring, &err) < 0) {
        lade__raise(out, err.code, "prefetch: %s", err.message);
    } else {
        while (!out->pending && ring_get(ring, out->p))
            lade__put_done(out);
        ring_stop(ring);
        lade__pool_free(ring->pool);
        ring->pool = NULL;
        if (!ring->lost)
            lade__pass_exception(&ring->port, out);
        else if (!out->pending)
            lade__raise(out, LADE_ESTATE,
                        "prefetch: the source runs on a thread that fork() did not copy to this process; make a new "
                        "generator in the child process");
    }
    ring_free(ring);
}

struct lade_gen *lade__prefetch(struct lade_gen *g, int owned, size_t n) {
    static const struct lade_gen_kind kind = {
        .name = "prefetch", .frame_size = sizeof(struct prefetch), .drain = prefetch_run, .drop = lade__linear_drop};
    size_t size = g ? g->item_size : 0;
    struct prefetch *prefetch = lade__linear_new(&kind, size, g ? g->item_class : LADE__OTHERS, 0, g, owned);
    if (prefetch)
        prefetch->ahead = n ? n : 1;
    return (struct lade_gen *)prefetch;
}
