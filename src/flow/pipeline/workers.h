/*
 * Declares the ordered parallel map. Threads fill the slots of a ring row by row, in any order. The consumer gets the
 * slots in the order of the flow. The functions of the job make the rows; this file does not depend on images.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_WORKERS_H
#define LADE_SRC_FLOW_PIPELINE_WORKERS_H

#include "flow/pipeline/ring.h"

struct lade__workers;

/*
 * The work of the threads. All threads call the functions, also at the same time. The caller of prepare() has entered
 * ring->monitor.
 */
struct lade__flow_job {
    void *ctx;
    int64_t steps; /* number of batches in an epoch */
    /* Sets first, rows and order of @slot. slot->epoch and slot->step are already set. */
    void (*prepare)(void *ctx, struct lade__slot *slot);
    /* Makes row @row of @slot on thread @worker and adds to @counters. On an error, fills @failure except failure->row,
       and returns the error. Otherwise returns LADE_OK. */
    int (*make)(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure);
};

/*
 * lade__workers_new()  - starts @count threads. On an error, fills @err and returns NULL: LADE_ENOMEM, or LADE_ELIMIT
 *                        if the limit of threads is reached.
 * lade__workers_free() - stops and joins the threads, and returns their slots to the ring. NULL is allowed.
 * lade__workers_lost() - returns true if the threads exist only in the parent of this process. Then only
 *                        lade__workers_free() may be called.
 *
 * No other function may be called at the same time.
 */
struct lade__workers *lade__workers_new(struct lade__ring *ring, int count, const struct lade__flow_job *job,
                                        struct lade_error *err);
void lade__workers_free(struct lade__workers *w);
bool lade__workers_lost(const struct lade__workers *w);

/*
 * lade__workers_next() - waits for the next slot of the flow, which then belongs to the caller. If no plan
 *                        waits, the slot is the next batch of the epoch. @deadline is a time of CLOCK_MONOTONIC; NULL
 *                        means no deadline. Returns
 *                          LADE_OK
 *                          LADE_EBUSY      the caller has all slots, so waiting would never end
 *                          LADE_ETIMEDOUT  the deadline was reached
 *                          LADE_ECANCELED  ring->canceled is set
 *                          LADE_ENOMEM
 * lade__workers_seek() - discards the slots of the epoch that were made ahead, and does not wait for their workers. The
 *                        next slot of the epoch is batch @step of @epoch.
 * lade__workers_discard() - does the same, and also discards all plans.
 *
 * Only the consumer, one thread at a time, may call these functions.
 */
int lade__workers_next(struct lade__workers *w, const struct timespec *deadline, struct lade__slot **out,
                       struct lade_error *err);
void lade__workers_seek(struct lade__workers *w, int64_t epoch, int64_t step);
void lade__workers_discard(struct lade__workers *w, int64_t epoch, int64_t step);

/*
 * lade__workers_do()       - fills @slot before all other slots and waits until @slot is finished. The caller must set
 *                            slot->epoch and slot->step first. Returns LADE_OK, or LADE_ECANCELED if ring->canceled is
 *                            set or was set during the wait; then the slot belongs to the ring again.
 * lade__workers_submit()   - adds a plan, which then belongs to the workers. Returns LADE_OK, LADE_EBUSY if
 *                            LADE_MAX_PLANS plans wait, or LADE_ENOMEM.
 * lade__workers_idle()     - waits until no worker makes a row. The caller must set ring->canceled first, because
 *                            otherwise the workers would continue. Returns LADE_OK, or LADE_ETIMEDOUT at @deadline.
 * lade__workers_counters() - adds the counters of all threads to @out.
 *
 * Any thread may call these functions.
 */
int lade__workers_do(struct lade__workers *w, struct lade__slot *slot, struct lade_error *err);
int lade__workers_submit(struct lade__workers *w, struct lade__flow_plan *plan, struct lade_error *err);
int lade__workers_idle(struct lade__workers *w, const struct timespec *deadline, struct lade_error *err);
void lade__workers_counters(struct lade__workers *w, struct lade_flow_counters *out);

#endif
