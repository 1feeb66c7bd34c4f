/*
 * Declares the ordered parallel map. Threads fill the slots of a ring row by row, in any order. The consumer gets the
 * slots in the order of the flow. The functions of the job make the rows; this file does not depend on images.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_WORKERS_H
#define LADE_SRC_FLOW_PIPELINE_WORKERS_H

#include "flow/pipeline/ring.h"

struct lade__workers;

/*
 * The work of the threads. All threads call the functions, also at the same time. The caller of plan() holds
 * ring->lock.
 */
struct lade__flow_job {
    void *ctx;
    int64_t steps; /* number of batches in an epoch */
    /* Sets first, rows and order of @slot. slot->epoch and slot->step are already set. */
    void (*plan)(void *ctx, struct lade__slot *slot);
    /* Makes row @row of @slot on thread @worker and adds to @counters. On an error, fills @failure except failure->row,
       and returns the error. Otherwise returns LADE_OK. */
    int (*make)(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure);
};

/*
 * lade__workers_new()  - starts @count threads. On an error, fills @err and returns NULL: LADE_ENOMEM, or LADE_ERUNTIME
 *                        if a thread cannot be started.
 * lade__workers_free() - stops and joins the threads, and returns their slots to the ring. NULL is allowed.
 *
 * No other function may be called at the same time.
 */
struct lade__workers *lade__workers_new(struct lade__ring *ring, int count, const struct lade__flow_job *job,
                                        struct lade_error *err);
void lade__workers_free(struct lade__workers *w);

/*
 * lade__workers_next() - waits for the next slot of the flow, which then belongs to the caller. Returns LADE_OK,
 *                        LADE_EBUSY (the caller has all slots, so waiting would never end) or LADE_ENOMEM.
 * lade__workers_seek() - discards the slots that were made ahead. The next slot is batch @step of @epoch.
 *
 * Only the consumer, one thread at a time, may call these functions.
 */
int lade__workers_next(struct lade__workers *w, struct lade__slot **out, struct lade_error *err);
void lade__workers_seek(struct lade__workers *w, int64_t epoch, int64_t step);

/*
 * lade__workers_do()       - fills @slot before all other slots and waits until @slot is finished. The caller must set
 *                            slot->epoch and slot->step first.
 * lade__workers_counters() - adds the counters of all threads to @out.
 *
 * Any thread may call these functions.
 */
void lade__workers_do(struct lade__workers *w, struct lade__slot *slot);
void lade__workers_counters(struct lade__workers *w, struct lade_flow_counters *out);

#endif
