/*
 * Implements prefetch: a thread runs the source in advance and stores its items in a ring buffer of fixed size.
 *
 * The source stores one item at a time, and its port appends the item to the ring. The thread waits while the ring is
 * full, and the consumer waits while the ring is empty. The thread ends when the prefetch generator ends.
 */
#include "iter/stage.h"

#include <pthread.h>

#include "base/pool.h"

struct ring {
    struct lade_port port; /* the port of the source, whose window is `room` */
    struct lade_input in;
    struct lade__pool *pool;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t item_size, capacity, head, count;
    int stop;  /* true: the consumer needs no more items */
    int ended; /* true: the source has ended, and `port` contains its exception */
    char *items, *room;
};

struct prefetch {
    struct lade_linear linear;
    size_t ahead;
};

static int ring_put(struct lade_port *port) {
    struct ring *ring = (struct ring *)(void *)port;
    port->p -= port->item_size;
    pthread_mutex_lock(&ring->lock);
    while (ring->count == ring->capacity && !ring->stop)
        pthread_cond_wait(&ring->changed, &ring->lock);
    int stop = ring->stop;
    if (!stop) {
        size_t at = (ring->head + ring->count++) % ring->capacity;
        memcpy(ring->items + at * ring->item_size, port->p, ring->item_size);
        pthread_cond_broadcast(&ring->changed);
    }
    pthread_mutex_unlock(&ring->lock);
    return stop ? LADE_EXIT : 0;
}

static void ring_fill(void *ctx, int thread) {
    struct ring *ring = ctx;
    (void)thread;
    struct lade_gen *source = ring->in.g;
    ring->in = (struct lade_input){0}; /* because lade__run() frees the source */
    lade__run(source, LADE__OWNED, &ring->port);
    pthread_mutex_lock(&ring->lock);
    ring->ended = 1;
    pthread_cond_broadcast(&ring->changed);
    pthread_mutex_unlock(&ring->lock);
}

/* Waits for an item, copies it to `item` and returns 1. Returns 0 if the source has ended and the ring is empty. */
static int ring_get(struct ring *ring, void *item) {
    pthread_mutex_lock(&ring->lock);
    while (!ring->count && !ring->ended)
        pthread_cond_wait(&ring->changed, &ring->lock);
    int got = ring->count > 0;
    if (got) {
        memcpy(item, ring->items + ring->head * ring->item_size, ring->item_size);
        ring->head = (ring->head + 1) % ring->capacity;
        ring->count--;
        pthread_cond_broadcast(&ring->changed);
    }
    pthread_mutex_unlock(&ring->lock);
    return got;
}

static void ring_stop(struct ring *ring) {
    pthread_mutex_lock(&ring->lock);
    ring->stop = 1;
    pthread_cond_broadcast(&ring->changed);
    pthread_mutex_unlock(&ring->lock);
}

static void ring_free(struct ring *ring) {
    lade__pool_free(ring->pool);
    pthread_cond_destroy(&ring->changed);
    pthread_mutex_destroy(&ring->lock);
    lade__input_drop(&ring->in);
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
    ring->capacity = ahead;
    ring->port = (struct lade_port){.p = room, .end = room + size, .full = ring_put, .item_size = size};
    pthread_mutex_init(&ring->lock, NULL);
    pthread_cond_init(&ring->changed, NULL);
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
        lade__pass_exception(&ring->port, out);
    }
    ring_free(ring);
}

struct lade_gen *lade__prefetch(struct lade_gen *g, int owned, size_t n) {
    static const struct lade_gen_kind kind = {
        .name = "prefetch", .frame_size = sizeof(struct prefetch), .drain = prefetch_run, .drop = lade__linear_drop};
    size_t size = g ? g->item_size : 0;
    struct prefetch *prefetch = lade__linear_new(&kind, size, g && g->arithmetic, 0, g, owned);
    if (prefetch)
        prefetch->ahead = n ? n : 1;
    return (struct lade_gen *)prefetch;
}
