/*
 * Runs the worker threads. The monitor of the ring, which is a lock (see base/monitor.h), guards all data that the
 * threads share. A worker is in the monitor only while it claims rows and while it marks rows as finished, never while
 * it decodes.
 *
 * Workers claim rows in the order of the flow. Therefore the rows of the batch for which the consumer waits are claimed
 * before the rows of later batches. The result does not depend on the thread that makes a row. When no row is left, a
 * worker opens the next batch in a free slot. When no slot is free, the consumer is slower than the workers, and the
 * workers sleep.
 */
#include "flow/pipeline/workers_impl.h"

#include "base/array.h"
#include "base/sys.h"

/* ---- Claiming rows (the caller is in the monitor) ---------------------------------------------------------------- */

void lade__workers_prepare(struct lade__workers *w, struct lade__slot *slot) {
    w->job.prepare(w->job.ctx, slot);
    slot->begun = 0;
    slot->unfinished = slot->rows;
    slot->interrupted = false;
    slot->todo = NULL;
}

/* Sets the batch of @slot to the first plan, or to the next batch of the epoch if no plan waits. */
static void choose_batch(struct lade__workers *w, struct lade__slot *slot) {
    struct lade__flow_plan *plan = w->plans;

    if (plan) {
        w->plans = plan->next;
        slot->plan = plan;
        slot->epoch = plan->given.epoch;
        slot->step = plan->given.step;
        return;
    }
    slot->epoch = w->epoch;
    slot->step = w->step;
    if (++w->step == w->job.steps) {
        w->epoch++;
        w->step = 0;
    }
}

/* Returns true if there is a batch to open as soon as a slot is free. */
static bool has_batch(const struct lade__workers *w) {
    return !w->ring->canceled && (w->plans || w->streaming);
}

/* Opens the next batch of the flow. Returns false if no slot is free. */
static bool open_next(struct lade__workers *w) {
    struct lade__slot *slot = lade__ring_take(w->ring);

    if (!slot)
        return false;
    choose_batch(w, slot);
    lade__workers_prepare(w, slot);
    *(w->first ? &w->last->next : &w->first) = slot;
    w->last = slot;
    if (slot->rows)
        w->todo = slot; /* w->todo is empty here, because a batch is opened only if no row is left */
    else
        lade__monitor_wake(&w->ring->monitor, LADE__RING_DONE); /* this rank has no rows in the batch */
    return true;
}

/* Waits for a slot that has rows to make. Returns NULL if the worker must stop. */
static struct lade__slot *find_work(struct lade__workers *w) {
    while (!w->stop) {
        if (w->todo && !w->ring->canceled)
            return w->todo;
        bool full = has_batch(w);
        if (full && open_next(w))
            continue;
        double start = lade__sys_clock();
        lade__monitor_wait(&w->ring->monitor, LADE__RING_WORK, NULL);
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

void lade__counters_add(struct lade_flow_counters *to, const struct lade_flow_counters *from) {
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
    lade__monitor_enter(&slot->ring->monitor);
    if (slot->failure_count < slot->failure_capacity ||
        lade__array_grow(&slot->failures, &slot->failure_capacity, sizeof *slot->failures) == LADE_OK)
        slot->failures[slot->failure_count++] = *failure;
    else
        slot->failures_lost = true;
    lade__monitor_leave(&slot->ring->monitor);
}

/* Makes the rows @from .. @from+n-1. Returns false if rows are missing, because the flow was canceled. */
static bool make_rows(struct lade__workers *w, int worker, struct lade__slot *slot, int64_t from, int64_t n,
                      struct lade_flow_counters *counters) {
    const struct lade__flow_job *job = &w->job;

    for (int64_t row = from; row < from + n; row++) {
        if (__atomic_load_n(&w->ring->canceled, __ATOMIC_RELAXED))
            return false;
        struct lade__failure failure;
        failure.fatal = failure.replaced = false;
        failure.row = row;
        if (job->make(job->ctx, worker, slot, row, counters, &failure) < 0)
            keep_failure(slot, &failure);
    }
    return true;
}

/* Marks @n rows as finished. The caller is in the monitor. */
static void finish_rows(struct lade__workers *w, struct lade__slot *slot, int64_t n) {
    slot->unfinished -= n;
    if (!slot->unfinished || (w->ring->canceled && !w->busy))
        lade__monitor_wake(&w->ring->monitor, LADE__RING_DONE);
    if (!slot->unfinished && slot->orphan && !lade__ring_put(slot))
        lade__slot_free(slot);
}

static void run(void *ctx, int worker) {
    struct lade__workers *w = ctx;
    struct lade__slot *slot;

    lade__monitor_enter(&w->ring->monitor);
    while ((slot = find_work(w))) {
        struct lade_flow_counters counters = {0};
        int64_t from = slot->begun, n = claim_rows(w, slot);
        w->busy++;
        lade__monitor_leave(&w->ring->monitor);
        bool complete = make_rows(w, worker, slot, from, n, &counters);
        lade__monitor_enter(&w->ring->monitor);
        slot->interrupted |= !complete;
        lade__counters_add(&w->counters, &counters);
        w->busy--;
        finish_rows(w, slot, n);
    }
    lade__monitor_leave(&w->ring->monitor);
}

static int start(struct lade__workers *w, struct lade_error *err) {
    struct lade_error cause = {0};

    if (lade__pool_start(w->pool, run, w, &cause) == LADE_OK)
        return LADE_OK;
    return lade_error_set_subject(err, cause.code, "workers", "workers is %d: %s; use fewer workers", w->count,
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

bool lade__workers_lost(const struct lade__workers *w) {
    return lade__pool_lost(w->pool);
}

void lade__workers_free(struct lade__workers *w) {
    if (!w)
        return;
    if (!lade__workers_lost(w)) {
        lade__monitor_enter(&w->ring->monitor);
        w->stop = true;
        lade__workers_abandon_all(w);
        lade__monitor_wake(&w->ring->monitor, LADE__RING_WORK);
        lade__monitor_leave(&w->ring->monitor);
    }
    lade__pool_free(w->pool);
    lade__workers_free_plans(w);
    lade_free(w);
}
