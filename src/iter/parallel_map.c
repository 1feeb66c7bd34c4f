/*
 * Implements parallel_map, which calls a function on several threads. The results are yielded in the order of the
 * items.
 *
 * The queue is a ring of 2 * workers places. The thread of the consumer runs the source and stores its items in the
 * free places. Workers take the places in order. If no place is free, the thread of the consumer waits for the oldest
 * result and yields it.
 */
#include "iter/stage.h"

#include <pthread.h>

#include "base/pool.h"
#include "base/sys.h"

enum place_state { FREE, WAITING, WORKING, FINISHED };

struct queue {
    lade__mapper *call;
    lade__function *f;
    size_t item_size, result_size;
    int places;
    char *items, *results;
    enum place_state *state;
    struct lade__pool *pool;
    pthread_mutex_t lock;
    pthread_cond_t work, result;
    int64_t stored, taken, delivered; /* how many items were stored, taken by workers, and yielded as results */
    int stop;
};

struct parallel_map {
    struct lade_linear linear;
    lade__mapper *call;
    lade__function *f;
    int workers;
};

static void queue_worker(void *ctx, int worker) {
    struct queue *queue = ctx;
    (void)worker;
    pthread_mutex_lock(&queue->lock);
    while (!queue->stop) {
        if (queue->taken == queue->stored) {
            pthread_cond_wait(&queue->work, &queue->lock);
            continue;
        }
        size_t at = (size_t)(queue->taken++ % queue->places);
        queue->state[at] = WORKING;
        pthread_mutex_unlock(&queue->lock);
        queue->call(queue->f, queue->items + at * queue->item_size, queue->results + at * queue->result_size);
        pthread_mutex_lock(&queue->lock);
        queue->state[at] = FINISHED;
        pthread_cond_signal(&queue->result);
    }
    pthread_mutex_unlock(&queue->lock);
}

/* Waits for the oldest result and passes it to the consumer. Returns 0, or LADE_EXIT if the consumer needs no more
   items. */
static int queue_deliver(struct queue *queue, struct lade_port *out) {
    size_t at = (size_t)(queue->delivered % queue->places);
    pthread_mutex_lock(&queue->lock);
    while (queue->state[at] != FINISHED)
        pthread_cond_wait(&queue->result, &queue->lock);
    queue->state[at] = FREE;
    queue->delivered++;
    pthread_mutex_unlock(&queue->lock);
    return lade__put(out, queue->results + at * queue->result_size);
}

static int queue_store(struct lade_port *port) {
    struct queue *queue = lade__stage(port)->self;
    size_t at = (size_t)(queue->stored % queue->places);
    memcpy(queue->items + at * queue->item_size, lade__stage_item(port), queue->item_size);
    pthread_mutex_lock(&queue->lock);
    queue->state[at] = WAITING;
    queue->stored++;
    pthread_cond_signal(&queue->work);
    pthread_mutex_unlock(&queue->lock);
    return queue->stored - queue->delivered == queue->places ? queue_deliver(queue, lade__stage(port)->out) : 0;
}

static void queue_release(struct queue *queue) {
    pthread_mutex_lock(&queue->lock);
    queue->stop = 1;
    pthread_cond_broadcast(&queue->work);
    pthread_mutex_unlock(&queue->lock);
    lade__pool_free(queue->pool);
    pthread_cond_destroy(&queue->work);
    pthread_cond_destroy(&queue->result);
    pthread_mutex_destroy(&queue->lock);
    lade_free(queue->items);
    lade_free(queue->results);
    lade_free(queue->state);
}

static int queue_start(struct queue *queue, int workers, struct lade_port *out) {
    const size_t places = (size_t)queue->places;
    struct lade_error err = {0};
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->work, NULL);
    pthread_cond_init(&queue->result, NULL);
    queue->items = lade_calloc(places, queue->item_size);
    queue->results = lade_calloc(places, queue->result_size);
    queue->state = lade_calloc(places, sizeof *queue->state);
    queue->pool = lade__pool_new("lade-map", workers);
    if (!queue->items || !queue->results || !queue->state || !queue->pool)
        lade__raise(out, LADE_ENOMEM, "parallel_map: no memory for %d items", queue->places);
    else if (lade__pool_start(queue->pool, queue_worker, queue, &err) < 0)
        lade__raise(out, err.code, "parallel_map: %s", err.message);
    return out->pending;
}

static void parallel_map_run(struct lade_gen *self, struct lade_port *out) {
    struct parallel_map *map = (struct parallel_map *)(void *)self;
    struct queue queue = {.call = map->call,
                          .f = map->f,
                          .item_size = map->linear.in.g->item_size,
                          .result_size = self->item_size,
                          .places = 2 * map->workers};
    if (!queue_start(&queue, map->workers, out)) {
        struct lade_stage stage = {.out = out, .self = &queue};
        lade__stage_drive(&stage, &map->linear.in, lade__gen_room(self), queue_store);
        /* The results are yielded before an error of the source is raised. */
        while (!out->pending && queue.delivered < queue.stored)
            queue_deliver(&queue, out);
        lade__pass_exception(&stage.port, out);
    }
    queue_release(&queue);
    lade__input_drop(&map->linear.in);
}

struct lade_gen *lade__parallel_map(struct lade_gen *g, int owned, size_t item_size, int arithmetic, lade__mapper *call,
                                    lade__function *f, int workers) {
    static const struct lade_gen_kind kind = {.name = "parallel_map",
                                              .frame_size = sizeof(struct parallel_map),
                                              .drain = parallel_map_run,
                                              .drop = lade__linear_drop};
    struct parallel_map *map = lade__linear_new(&kind, item_size, arithmetic, g ? g->item_size : 0, g, owned);
    if (map) {
        map->call = call;
        map->f = f;
        map->workers = workers > 0 ? workers : lade__sys_threads();
    }
    return (struct lade_gen *)map;
}
