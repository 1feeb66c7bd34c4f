/*
 * Implements the functions of workers.h that wait for slots. A wait for a slot ends early when ring->canceled is set,
 * or at the deadline of the consumer. If no thread waits for a slot any more, the slot is abandoned: the worker that
 * finishes the slot returns it to the ring. Therefore a seek or a cancellation does not wait for the workers, which may
 * be in a slow read or in a slow function of the user.
 */
#include "flow/pipeline/workers_impl.h"

#include "base/sys.h"

/* ---- Abandoned slots --------------------------------------------------------------------------------------------- */

/* Makes sure that no worker begins another row of @slot. If no worker is making a row of @slot now, returns the slot to
   the ring. Otherwise, the last of these workers returns the slot. The caller is in the monitor. */
static void abandon(struct lade__workers *w, struct lade__slot *slot) {
    slot->unfinished -= slot->rows - slot->begun;
    slot->begun = slot->rows;
    for (struct lade__slot **p = &w->todo; *p; p = &(*p)->todo)
        if (*p == slot) {
            *p = slot->todo;
            break;
        }
    slot->orphan = true;
    if (!slot->unfinished && !lade__ring_put(slot))
        lade__slot_free(slot);
}

/* Abandons all slots of the flow. The caller is in the monitor. */
void lade__workers_abandon_all(struct lade__workers *w) {
    for (struct lade__slot *slot = w->first, *next; slot; slot = next) {
        next = slot->next;
        abandon(w, slot);
    }
    w->first = w->last = NULL;
}

/* Abandons the batches of the epoch, which follow the batches of plans in the list. The caller is in the monitor. */
static void abandon_epoch(struct lade__workers *w) {
    struct lade__slot **link = &w->first, *last = NULL;

    for (; *link && (*link)->plan; link = &(*link)->next)
        last = *link;
    struct lade__slot *slot = *link;
    if (slot) { /* the first abandoned batch becomes the next batch of the epoch */
        w->epoch = slot->epoch;
        w->step = slot->step;
    }
    *link = NULL;
    w->last = last;
    w->streaming = false;
    for (struct lade__slot *next; slot; slot = next) {
        next = slot->next;
        abandon(w, slot);
    }
}

/* ---- For the consumer -------------------------------------------------------------------------------------------- */

static int canceled(struct lade_error *err) {
    return lade_error_set(err, LADE_ECANCELED, "the flow was canceled: call lade_flow_uncancel() to continue");
}

static int timed_out(struct lade_error *err) {
    return lade_error_set(err, LADE_ETIMEDOUT, "the deadline was reached before the flow was ready: call again");
}

/* Makes slots, or waits until another thread has made them. The caller is in the monitor. */
static int grow(struct lade__workers *w, struct lade_error *err) {
    struct lade__monitor *monitor = &w->ring->monitor;

    if (w->growing) {
        lade__monitor_wait(monitor, LADE__RING_DONE, NULL);
        return LADE_OK;
    }
    w->growing = true;
    lade__monitor_leave(monitor);
    int status = lade__ring_grow(w->ring, err);
    lade__monitor_enter(monitor);
    w->growing = false;
    lade__monitor_wake(monitor, LADE__RING_DONE);
    return status;
}

/* Returns true if workers still make rows of an abandoned slot of the ring. When the workers finish, the slot becomes
   free. The caller is in the monitor. */
static bool has_orphan(const struct lade__ring *ring) {
    for (const struct lade__slot *slot = ring->all; slot; slot = slot->in_ring)
        if (slot->orphan && !slot->extra)
            return true;
    return false;
}

/* Returns true if the ring needs new slots, because no batch is open and no slot is free. If workers will soon return
   an abandoned slot, a ring of maximum size waits for that slot. A smaller ring grows, because a worker may be in a
   slow read. The caller is in the monitor. */
static bool must_grow(const struct lade__workers *w) {
    const struct lade__ring *ring = w->ring;

    return !w->first && !ring->free && (ring->size < ring->max_size || !has_orphan(ring));
}

/* Allows the workers to make batches of the epoch. Does nothing if a batch is open or a plan waits, because the
   consumer gets that batch first. */
static void begin_epoch(struct lade__workers *w) {
    if (w->streaming || w->first || w->plans)
        return;
    w->streaming = true;
    lade__monitor_wake(&w->ring->monitor, LADE__RING_WORK);
}

/* Waits until the first slot is finished. The caller is in the monitor. */
static int wait_for_first(struct lade__workers *w, const struct timespec *deadline, struct lade_error *err) {
    struct lade__monitor *monitor = &w->ring->monitor;
    int status = LADE_OK;
    bool in_time = true;

    while (status == LADE_OK && !w->ring->canceled && (!w->first || w->first->unfinished)) {
        begin_epoch(w);
        if (must_grow(w)) {
            status = grow(w, err);
        } else if (in_time) {
            in_time = lade__monitor_wait(monitor, LADE__RING_DONE, deadline);
        } else {
            status = timed_out(err);
        }
    }
    return status == LADE_OK && w->ring->canceled ? canceled(err) : status;
}

int lade__workers_next(struct lade__workers *w, const struct timespec *deadline, struct lade__slot **out,
                       struct lade_error *err) {
    lade__monitor_enter(&w->ring->monitor);
    bool ready = w->first && !w->first->unfinished;
    double start = ready ? 0 : lade__sys_clock();
    int status = wait_for_first(w, deadline, err);
    if (!ready)
        w->counters.wait_empty += lade__sys_clock() - start;
    if (status == LADE_OK) {
        *out = w->first;
        w->first = w->first->next;
        (*out)->next = NULL;
        w->plan_count -= (*out)->plan != NULL;
    }
    lade__monitor_leave(&w->ring->monitor);
    return status;
}

void lade__workers_seek(struct lade__workers *w, int64_t epoch, int64_t step) {
    lade__monitor_enter(&w->ring->monitor);
    abandon_epoch(w);
    w->epoch = epoch;
    w->step = step;
    lade__monitor_leave(&w->ring->monitor);
}

/* ---- Plans ------------------------------------------------------------------------------------------------------- */

int lade__workers_submit(struct lade__workers *w, struct lade__flow_plan *plan, struct lade_error *err) {
    int status = LADE_OK;

    lade__monitor_enter(&w->ring->monitor);
    while (status == LADE_OK && !w->ring->size)
        status = grow(w, err);
    if (status == LADE_OK && w->plan_count >= LADE_MAX_PLANS)
        status = lade_error_set(err, LADE_EBUSY, "%d plans wait: call lade_flow_next() before you submit another plan",
                                w->plan_count);
    if (status == LADE_OK) {
        abandon_epoch(w);
        *(w->plans ? &w->last_plan->next : &w->plans) = plan;
        w->last_plan = plan;
        w->plan_count++;
        lade__monitor_wake(&w->ring->monitor, LADE__RING_WORK);
    }
    lade__monitor_leave(&w->ring->monitor);
    return status;
}

void lade__workers_free_plans(struct lade__workers *w) {
    struct lade__flow_plan *plan = w->plans;

    w->plans = w->last_plan = NULL; /* first, because the process may fork during a call of free() */
    w->plan_count = 0;
    for (struct lade__flow_plan *next; plan; plan = next) {
        next = plan->next;
        lade__flow_plan_free(plan);
    }
}

void lade__workers_discard(struct lade__workers *w, int64_t epoch, int64_t step) {
    lade__monitor_enter(&w->ring->monitor);
    lade__workers_abandon_all(w);
    lade__workers_free_plans(w);
    w->streaming = false;
    w->epoch = epoch;
    w->step = step;
    lade__monitor_leave(&w->ring->monitor);
}

/* ---- For any thread ---------------------------------------------------------------------------------------------- */

int lade__workers_do(struct lade__workers *w, struct lade__slot *slot, struct lade_error *err) {
    int status = LADE_OK;

    lade__monitor_enter(&w->ring->monitor);
    lade__workers_prepare(w, slot);
    if (slot->rows) {
        slot->todo = w->todo;
        w->todo = slot;
        lade__monitor_wake(&w->ring->monitor, LADE__RING_WORK);
    }
    while (slot->unfinished && !w->ring->canceled)
        lade__monitor_wait(&w->ring->monitor, LADE__RING_DONE, NULL);
    if (w->ring->canceled || slot->interrupted) { /* the cancellation may have ended before this thread ran */
        abandon(w, slot);
        status = canceled(err);
    }
    lade__monitor_leave(&w->ring->monitor);
    return status;
}

int lade__workers_idle(struct lade__workers *w, const struct timespec *deadline, struct lade_error *err) {
    bool in_time = true;

    lade__monitor_enter(&w->ring->monitor);
    while (w->busy && in_time)
        in_time = lade__monitor_wait(&w->ring->monitor, LADE__RING_DONE, deadline);
    int status = w->busy ? timed_out(err) : LADE_OK;
    lade__monitor_leave(&w->ring->monitor);
    return status;
}

void lade__workers_counters(struct lade__workers *w, struct lade_flow_counters *out) {
    lade__monitor_enter(&w->ring->monitor);
    lade__counters_add(out, &w->counters);
    out->workers = w->count;
    out->ring = w->ring->size;
    lade__monitor_leave(&w->ring->monitor);
}
