/*
 * How the threads share the work. All that is shared is guarded by the ring's one lock, which a worker holds for the
 * few instructions it takes to claim some rows, and to say that they are done - never while it decodes.
 *
 * Rows are claimed in the order of the stream, so the batch that the consumer waits for is always the one with the most
 * done, and it does not matter which thread makes which row. When no row is left, a worker opens the next batch of the
 * stream in a free slot; when there is no free slot, the consumer is behind, and workers sleep.
 */
#define _GNU_SOURCE /* pthread_sigmask under any -std */
#include "flow/pipeline/workers.h"

#include <signal.h>

#include "base/sys.h"

struct thread {
    struct lade__workers *workers;
    pthread_t id;
    int index;
};

struct lade__workers {
    struct lade__ring *ring;
    struct lade__job job;
    struct thread *threads;
    int count, started;
    /* Guarded by ring->lock. */
    struct lade__slot *todo;         /* with rows that nobody has begun; in the order to do them */
    struct lade__slot *first, *last; /* the stream's slots in order of delivery, linked by next */
    int64_t epoch, step;             /* what is opened next */
    bool streaming;                  /* somebody wants the stream */
    bool stop;
    struct lade_flow_counters counters;
};

/* ---- Claiming, with the lock held -------------------------------------------------------------------------------- */

static void plan(struct lade__workers *w, struct lade__slot *slot) {
    w->job.plan(w->job.ctx, slot);
    slot->begun = 0;
    slot->unfinished = slot->rows;
    slot->todo = NULL;
}

/* Opens the next batch of the stream; false: no slot is free. */
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
        w->todo = slot; /* there was none, or nothing would be opened */
    else
        pthread_cond_broadcast(&w->ring->done); /* the share of this rank is empty */
    return true;
}

/* A slot with rows to make, or NULL: stop. Waits. */
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

/* Few rows at a time, so that threads end a batch together; several, so that the lock is no matter. */
static int64_t claim(struct lade__workers *w, struct lade__slot *slot) {
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
    if (slot->failure_count == slot->failure_room) {
        int64_t room = slot->failure_room * 2 + 4;
        struct lade__failure *p = lade_realloc(slot->failures, (size_t)room, sizeof *p);
        if (p) {
            slot->failures = p;
            slot->failure_room = room;
        }
    }
    if (slot->failure_count < slot->failure_room)
        slot->failures[slot->failure_count++] = *failure;
    else
        slot->failures_lost = true;
    pthread_mutex_unlock(&slot->ring->lock);
}

static void make_rows(struct thread *t, struct lade__slot *slot, int64_t from, int64_t n,
                      struct lade_flow_counters *counters) {
    const struct lade__job *job = &t->workers->job;

    for (int64_t row = from; row < from + n; row++) {
        struct lade__failure failure;
        failure.fatal = failure.replaced = false;
        failure.row = row;
        if (job->make(job->ctx, t->index, slot, row, counters, &failure) < 0)
            keep_failure(slot, &failure);
    }
}

static void *run(void *arg) {
    struct thread *t = arg;
    struct lade__workers *w = t->workers;
    struct lade__slot *slot;

    lade__sys_name_thread("lade-flow");
    pthread_mutex_lock(&w->ring->lock);
    while ((slot = find_work(w))) {
        struct lade_flow_counters counters = {0};
        int64_t from = slot->begun, n = claim(w, slot);
        pthread_mutex_unlock(&w->ring->lock);
        make_rows(t, slot, from, n, &counters);
        pthread_mutex_lock(&w->ring->lock);
        add_counters(&w->counters, &counters);
        slot->unfinished -= n;
        if (!slot->unfinished)
            pthread_cond_broadcast(&w->ring->done);
    }
    pthread_mutex_unlock(&w->ring->lock);
    return NULL;
}

static void stop(struct lade__workers *w) {
    pthread_mutex_lock(&w->ring->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->ring->work);
    pthread_mutex_unlock(&w->ring->lock);
    for (int i = 0; i < w->started; i++)
        pthread_join(w->threads[i].id, NULL);
}

static int start(struct lade__workers *w, struct lade_error *err) {
    sigset_t all, before;
    int failed = 0;

    sigfillset(&all); /* signals are for the program's own threads */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (; w->started < w->count && !failed; w->started += !failed) {
        struct thread *t = &w->threads[w->started];
        t->workers = w;
        t->index = w->started;
        failed = pthread_create(&t->id, NULL, run, t);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed)
        return LADE_OK;
    lade_error_from_errno(err, failed, "workers", "workers: thread %d of %d cannot be started; take fewer workers",
                          w->started + 1, w->count);
    return LADE_ERUNTIME;
}

struct lade__workers *lade__workers_new(struct lade__ring *ring, int count, const struct lade__job *job,
                                        struct lade_error *err) {
    struct lade__workers *w = lade_calloc(1, sizeof *w);

    if (w)
        w->threads = lade_calloc((size_t)count, sizeof *w->threads);
    if (!w || !w->threads) {
        lade_free(w);
        lade_error_set(err, LADE_ENOMEM, "no memory for %d workers", count);
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

/* The stream's slots, taken out of the queue; the lock is held. */
static struct lade__slot *take_queue(struct lade__workers *w) {
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
    stop(w);
    give_all(take_queue(w));
    lade_free(w->threads);
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
        if (!w->first && !w->ring->free) { /* every slot there is, is the caller's */
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

/* Nobody begins what is left of a slot; the lock is held. */
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
    struct lade__slot *dropped = take_queue(w);
    w->epoch = epoch;
    w->step = step;
    pthread_mutex_unlock(&w->ring->lock);
    give_all(dropped);
}

/* ---- For anybody ------------------------------------------------------------------------------------------------- */

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
