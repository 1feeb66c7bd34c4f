/*
 * Implements parallel_map, which calls a function on several threads. The results are yielded in the order of the
 * items.
 *
 * The queue is a ring buffer with 2 * workers places. Each place stores an item and its result. The thread of the
 * consumer runs the source and stores the source's items in free places. The workers process the places in order. If no
 * place is free, the thread of the consumer waits for the oldest result and yields this result. If the items have
 * strings, a place owns a copy of the string until the next item is stored in the place, because the result may be a
 * part of this string.
 *
 * In a child process after fork(), the source continues on the thread of the consumer, and new workers are started.
 */
#include "iter/item_text.h"
#include "iter/stage.h"

#include "base/monitor.h"
#include "base/pool.h"
#include "base/sys.h"

enum { WORK, RESULT }; /* the conditions of the monitor */
enum place_state { FREE, WAITING, WORKING, FINISHED };

struct queue {
    lade__mapper *call;
    lade__function *f;
    size_t item_size, result_size;
    int places, item_class;
    char *items, *results;
    enum place_state *state;
    struct lade__pool *pool;
    struct lade__monitor monitor;
    int64_t stored, taken, delivered; /* numbers of items that were stored in places, taken by workers, yielded */
    int stop;
};

struct parallel_map {
    struct lade_linear linear;
    lade__mapper *call;
    lade__function *f;
    int workers;
};

/* Is called in a child process after fork(). The workers do not exist here, so new workers call the function for each
   item that has no result yet. */
static void queue_renew(void *ctx) {
    struct queue *queue = ctx;
    queue->taken = queue->delivered;
}

static void queue_worker(void *ctx, int worker) {
    struct queue *queue = ctx;
    (void)worker;
    lade__monitor_enter(&queue->monitor);
    while (!queue->stop) {
        if (queue->taken == queue->stored) {
            lade__monitor_wait(&queue->monitor, WORK, NULL);
            continue;
        }
        size_t at = (size_t)(queue->taken++ % queue->places);
        if (queue->state[at] == FINISHED) /* a worker of the parent process finished this item before the fork */
            continue;
        queue->state[at] = WORKING;
        lade__monitor_leave(&queue->monitor);
        queue->call(queue->f, queue->items + at * queue->item_size, queue->results + at * queue->result_size);
        lade__monitor_enter(&queue->monitor);
        queue->state[at] = FINISHED;
        lade__monitor_wake_one(&queue->monitor, RESULT);
    }
    lade__monitor_leave(&queue->monitor);
}

/* Starts the workers. Returns 0, or the status of an error that is raised in `out`. */
static int queue_start_workers(struct queue *queue, struct lade_port *out) {
    struct lade_error err = {0};
    if (lade__pool_start(queue->pool, queue_worker, queue, &err) < 0)
        lade__raise(out, err.code, "parallel_map: %s", err.message);
    return out->pending;
}

/* Waits for the oldest result and passes it to the consumer. Returns 0, or LADE_EXIT if the consumer needs no more
   items or if new threads cannot be started after fork(). */
static int queue_deliver(struct queue *queue, struct lade_port *out) {
    size_t at = (size_t)(queue->delivered % queue->places);
    if (lade__pool_lost(queue->pool) && queue_start_workers(queue, out))
        return LADE_EXIT;
    lade__monitor_enter(&queue->monitor);
    while (queue->state[at] != FINISHED)
        lade__monitor_wait(&queue->monitor, RESULT, NULL);
    queue->state[at] = FREE;
    queue->delivered++;
    if (queue->taken < queue->delivered) /* in a child process, the workers may not have begun yet */
        queue->taken = queue->delivered;
    lade__monitor_leave(&queue->monitor);
    return lade__put(out, queue->results + at * queue->result_size);
}

static int queue_store(struct lade_port *port) {
    struct queue *queue = lade__stage(port)->self;
    size_t at = (size_t)(queue->stored % queue->places);
    char *item = queue->items + at * queue->item_size;
    lade__free_text(item, queue->item_class);
    memcpy(item, lade__stage_item(port), queue->item_size);
    if (lade__own_text(item, queue->item_class)) {
        lade__raise(port, LADE_ENOMEM, "parallel_map: no memory for a string");
        return LADE_EXIT;
    }
    lade__monitor_enter(&queue->monitor);
    queue->state[at] = WAITING;
    queue->stored++;
    lade__monitor_wake_one(&queue->monitor, WORK);
    lade__monitor_leave(&queue->monitor);
    return queue->stored - queue->delivered == queue->places ? queue_deliver(queue, lade__stage(port)->out) : 0;
}

static void queue_release(struct queue *queue) {
    lade__monitor_enter(&queue->monitor);
    queue->stop = 1;
    lade__monitor_wake(&queue->monitor, WORK);
    lade__monitor_leave(&queue->monitor);
    lade__pool_free(queue->pool);
    lade__monitor_release(&queue->monitor);
    if (queue->items)
        lade__free_texts(queue->items, (size_t)queue->places, queue->item_size, queue->item_class);
    lade_free(queue->items);
    lade_free(queue->results);
    lade_free(queue->state);
}

static int queue_start(struct queue *queue, int workers, struct lade_port *out) {
    const size_t places = (size_t)queue->places;
    lade__monitor_init(&queue->monitor, queue_renew, queue); /* on Linux, this needs no memory and cannot fail */
    queue->items = lade_calloc(places, queue->item_size);
    queue->results = lade_calloc(places, queue->result_size);
    queue->state = lade_calloc(places, sizeof *queue->state);
    queue->pool = lade__pool_new("lade-map", workers);
    if (!queue->items || !queue->results || !queue->state || !queue->pool)
        lade__raise(out, LADE_ENOMEM, "parallel_map: no memory for %d items", queue->places);
    else
        queue_start_workers(queue, out);
    return out->pending;
}

static void parallel_map_run(struct lade_gen *self, struct lade_port *out) {
    struct parallel_map *map = (struct parallel_map *)(void *)self;
    struct queue queue = {.call = map->call,
                          .f = map->f,
                          .item_size = map->linear.in.g->item_size,
                          .item_class = map->linear.in.g->item_class,
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

struct lade_gen *lade__parallel_map(struct lade_gen *g, int owned, size_t item_size, int item_class, lade__mapper *call,
                                    lade__function *f, int workers) {
    static const struct lade_gen_kind kind = {.name = "parallel_map",
                                              .frame_size = sizeof(struct parallel_map),
                                              .drain = parallel_map_run,
                                              .drop = lade__linear_drop};
    struct parallel_map *map = lade__linear_new(&kind, item_size, item_class, g ? g->item_size : 0, g, owned);
    if (map) {
        map->call = call;
        map->f = f;
        map->workers = workers > 0 ? workers : lade__sys_threads();
    }
    return (struct lade_gen *)map;
}
