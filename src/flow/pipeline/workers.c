/*
 * Runs the worker threads. The lock of the ring guards all data that the threads share. A worker holds the lock only
 * while it claims rows and while it marks rows as finished, never while it decodes.
 *
 * Workers claim rows in the order of the flow. Therefore they claim rows of a later batch only after all rows of the
 * batch for which the consumer waits. The result does not depend on the thread that makes a row. When no row is left, a
 * worker opens the next batch in a free slot. When no slot is free, the consumer is slower than the workers, and the
 * workers sleep.
 */
#include "flow/pipeline/workers.h"

#include "base/pool.h"
#include "base/sys.h"

struct lade__workers {
    struct lade__ring *ring;
    struct lade__flow_job job;
    struct lade__pool *pool;
    int count;
    /* Guarded by ring->lock. */
    struct lade__slot *todo;         /* slots with rows that no worker has begun, in the order of work */
    struct lade__slot *first, *last; /* the slots of the flow in the order of delivery, linked by next */
    int64_t epoch, step;             /* the batch that is opened next */
    bool streaming;                  /* a consumer has called lade__workers_next() since the last seek */
    bool stop;
    struct lade_flow_counters counters;
};

/* ---- Claiming rows; the caller holds the lock -------------------------------------------------------------------- */

static void plan(struct lade__workers *w, struct lade__slot *slot) {
    w->job.plan(w->job.ctx, slot);
    slot->begun = 0;
    slot->unfinished = slot->rows;
    slot->todo = NULL;
}

/* Opens the next batch of the flow. Returns false if no slot is free. */
static bool open_next(struct lade__workers *w) {
    struct lade__slot *slot = lade__ring_take(w->ring);

    if (!slot)
        return false;
    slot->epoch = w->epoch;
    slot->step = w->step;
    if (++w->step == w->job.steps) {
        w->epoch++;
        w->step = 0;
    }
    plan(w, slot);
    *(w->first ? &w->last->next : &w->first) = slot;
    w->last = slot;
    if (slot->rows)
        w->todo = slot; /* the list is empty here, because a batch is opened only if no row is left */
    else
        pthread_cond_broadcast(&w->ring->done); /* this rank has no rows in the batch */
    return true;
}

/* Waits for a slot that has rows to make. Returns NULL if the worker must stop. */
static struct lade__slot *find_work(struct lade__workers *w) {
    while (!w->stop) {
        if (w->todo)
            return w->todo;
        if (w->streaming && open_next(w))
            continue;
        double start = lade__sys_clock();
        bool full = w->streaming;
        pthread_cond_wait(&w->ring->work, &w->ring->lock);
        if (full)
            w->counters.wait_full += lade__sys_clock() - start;
    }
    return NULL;
}

/* Claims the next rows of @slot and returns the number of rows. A small number lets all threads finish a batch at about
   the same time. A large number needs the lock less often. */
static int64_t claim_rows(struct lade__workers *w, struct lade__slot *slot) {
    int64_t left = slot->rows - slot->begun, n = slot->rows / (8 * w->count);

    n = n < 1 ? 1 : n > 16 ? 16 : n;
    n = n < left ? n : left;
    slot->begun += n;
    if (n == left)
        w->todo = slot->todo;
    return n;
}

static void add_counters(struct lade_flow_counters *to, const struct lade_flow_counters *from) {
    to->images += from->images;
    to->bytes_read += from->bytes_read;
    to->read += from->read;
    to->decode += from->decode;
    to->transform += from->transform;
    to->wait_full += from->wait_full;
    to->wait_empty += from->wait_empty;
}

/* ---- The threads ------------------------------------------------------------------------------------------------- */

static void keep_failure(struct lade__slot *slot, const struct lade__failure *failure) {
    pthread_mutex_lock(&slot->ring->lock);
    if (slot->failure_count == slot->failure_capacity) {
        int64_t capacity = slot->failure_capacity * 2 + 4;
        struct lade__failure *p = lade_realloc(slot->failures, (size_t)capacity, sizeof *p);
        if (p) {
            slot->failures = p;
            slot->failure_capacity = capacity;
        }
    }
    if (slot->failure_count < slot->failure_capacity)
        slot->failures[slot->failure_count++] = *failure;
    else
        slot->failures_lost = true;
    pthread_mutex_unlock(&slot->ring->lock);
}

static void make_rows(struct lade__workers *w, int worker, struct lade__slot *slot, int64_t from, int64_t n,
                      struct lade_flow_counters *counters) {
    const struct lade__flow_job *job = &w->job;

    for (int64_t row = from; row < from + n; row++) {
        struct lade__failure failure;
        failure.fatal = failure.replaced = false;
        failure.row = row;
        if (job->make(job->ctx, worker, slot, row, counters, &failure) < 0)
            keep_failure(slot, &failure);
    }
}

static void run(void *ctx, int worker) {
    struct lade__workers *w = ctx;
    struct lade__slot *slot;

    pthread_mutex_lock(&w->ring->lock);
    while ((slot = find_work(w))) {
        struct lade_flow_counters counters = {0};
        int64_t from = slot->begun, n = claim_rows(w, slot);
        pthread_mutex_unlock(&w->ring->lock);
        make_rows(w, worker, slot, from, n, &counters);
        pthread_mutex_lock(&w->ring->lock);
        add_counters(&w->counters, &counters);
        slot->unfinished -= n;
        if (!slot->unfinished)
            pthread_cond_broadcast(&w->ring->done);
    }
    pthread_mutex_unlock(&w->ring->lock);
}

static int start(struct lade__workers *w, struct lade_error *err) {
    struct lade_error cause = {0};

    if (lade__pool_start(w->pool, run, w, &cause) == LADE_OK)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ERUNTIME, "workers", "workers is %d: %s; use fewer workers", w->count,
                                  cause.message);
}

struct lade__workers *lade__workers_new(struct lade__ring *ring, int count, const struct lade__flow_job *job,
                                        struct lade_error *err) {
    struct lade__workers *w = lade_calloc(1, sizeof *w);

    if (w)
        w->pool = lade__pool_new("lade-flow", count);
    if (!w || !w->pool) {
        lade_free(w);
        lade_error_set_subject(err, LADE_ENOMEM, "workers", "no memory for %d workers", count);
        return NULL;
    }
    w->ring = ring;
    w->job = *job;
    w->count = count;
    if (start(w, err) == LADE_OK)
        return w;
    lade__workers_free(w);
    return NULL;
}

/* Removes and returns all slots of the flow. The caller holds the lock. */
static struct lade__slot *take_all(struct lade__workers *w) {
    struct lade__slot *slot = w->first;

    w->first = w->last = NULL;
    return slot;
}

static void give_all(struct lade__slot *slot) {
    while (slot) {
        struct lade__slot *next = slot->next;
        lade__ring_give(slot);
        slot = next;
    }
}

void lade__workers_free(struct lade__workers *w) {
    if (!w)
        return;
    pthread_mutex_lock(&w->ring->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->ring->work);
    pthread_mutex_unlock(&w->ring->lock);
    lade__pool_free(w->pool);
    give_all(take_all(w));
    lade_free(w);
}

/* ---- For the consumer -------------------------------------------------------------------------------------------- */

int lade__workers_next(struct lade__workers *w, struct lade__slot **out, struct lade_error *err) {
    pthread_mutex_t *lock = &w->ring->lock;
    double start = 0;
    int status = LADE_OK;

    pthread_mutex_lock(lock);
    if (!w->streaming) {
        w->streaming = true;
        pthread_cond_broadcast(&w->ring->work);
    }
    while (status == LADE_OK && (!w->first || w->first->unfinished)) {
        if (!w->first && !w->ring->free) { /* the caller has all slots */
            pthread_mutex_unlock(lock);
            status = lade__ring_grow(w->ring, err);
            pthread_mutex_lock(lock);
            continue;
        }
        start = start > 0 ? start : lade__sys_clock();
        pthread_cond_wait(&w->ring->done, lock);
    }
    if (start > 0)
        w->counters.wait_empty += lade__sys_clock() - start;
    if (status == LADE_OK) {
        *out = w->first;
        w->first = w->first->next;
        (*out)->next = NULL;
    }
    pthread_mutex_unlock(lock);
    return status;
}

/* Makes sure that no worker begins another row of @slot. The caller holds the lock. */
static void abandon(struct lade__workers *w, struct lade__slot *slot) {
    slot->unfinished -= slot->rows - slot->begun;
    slot->begun = slot->rows;
    for (struct lade__slot **p = &w->todo; *p; p = &(*p)->todo)
        if (*p == slot) {
            *p = slot->todo;
            break;
        }
}

void lade__workers_seek(struct lade__workers *w, int64_t epoch, int64_t step) {
    pthread_mutex_lock(&w->ring->lock);
    w->streaming = false;
    for (struct lade__slot *slot = w->first; slot; slot = slot->next)
        abandon(w, slot);
    for (struct lade__slot *slot = w->first; slot; slot = slot->next)
        while (slot->unfinished)
            pthread_cond_wait(&w->ring->done, &w->ring->lock);
    struct lade__slot *discarded = take_all(w);
    w->epoch = epoch;
    w->step = step;
    pthread_mutex_unlock(&w->ring->lock);
    give_all(discarded);
}

/* ---- For any thread ---------------------------------------------------------------------------------------------- */

void lade__workers_do(struct lade__workers *w, struct lade__slot *slot) {
    pthread_mutex_lock(&w->ring->lock);
    plan(w, slot);
    if (slot->rows) {
        slot->todo = w->todo;
        w->todo = slot;
        pthread_cond_broadcast(&w->ring->work);
    }
    while (slot->unfinished)
        pthread_cond_wait(&w->ring->done, &w->ring->lock);
    pthread_mutex_unlock(&w->ring->lock);
}

void lade__workers_counters(struct lade__workers *w, struct lade_flow_counters *out) {
    pthread_mutex_lock(&w->ring->lock);
    add_counters(out, &w->counters);
    out->workers = w->count;
    out->ring = w->ring->size;
    pthread_mutex_unlock(&w->ring->lock);
}
