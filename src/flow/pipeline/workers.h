/*
 * Declares the worker threads of a flow. The workers fill the slots of a ring row by row, in any order. The consumer
 * gets the slots in the order of the flow. The functions in struct lade__flow_job make the rows, so this file does not
 * depend on images.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_WORKERS_H
#define LADE_SRC_FLOW_PIPELINE_WORKERS_H

#include "flow/pipeline/ring.h"

struct lade__workers;

/*
 * The work of the threads. Several threads may call make() at the same time. The caller of prepare() has entered
 * ring->monitor, so calls of prepare() do not overlap.
 */
struct lade__flow_job {
    void *ctx;
    int64_t steps; /* number of batches in an epoch */
    /* Sets first, rows and order of @slot. slot->epoch and slot->step are already set. */
    void (*prepare)(void *ctx, struct lade__slot *slot);
    /* Makes row @row of @slot on thread @worker, and adds the times and numbers of this work to @counters. On an error,
       fills @failure except failure->row, and returns the error. Otherwise returns LADE_OK. */
    int (*make)(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure);
};

/*
 * lade__workers_new()  - starts @count threads. On an error, returns NULL and fills @err with LADE_ENOMEM, or with
 *                        LADE_ELIMIT if the system does not allow more threads.
 * lade__workers_free() - stops and joins the threads, and returns their slots to the ring. NULL is allowed.
 * lade__workers_lost() - returns true if the threads exist only in the parent of this process. Then only
 *                        lade__workers_free() may be called.
 *
 * While lade__workers_free() runs, no other function may use @w. Any thread may call lade__workers_lost().
 */
struct lade__workers *lade__workers_new(struct lade__ring *ring, int count, const struct lade__flow_job *job,
                                        struct lade_error *err);
void lade__workers_free(struct lade__workers *w);
bool lade__workers_lost(const struct lade__workers *w);

/*
 * lade__workers_next() - waits for the next slot of the flow and sets *out to the slot, which then belongs to the
 *                        caller. The slot has the batch of the oldest plan of lade_flow_submit(). If no plan waits, the
 *                        slot has the next batch of the epoch. @deadline is a time of CLOCK_MONOTONIC; NULL means no
 *                        deadline. Returns
 *                          LADE_OK
 *                          LADE_EBUSY      the consumer still has the batches of all slots, so no slot can become free
 *                          LADE_ETIMEDOUT  the deadline was reached
 *                          LADE_ECANCELED  ring->canceled is set
 *                          LADE_ENOMEM
 * lade__workers_seek() - discards the batches of the epoch that the caller has not received yet. Does not wait for
 *                        workers that still fill such a batch. The next slot of the epoch is batch @step of @epoch.
 * lade__workers_discard() - does the same as lade__workers_seek(), and also discards all plans.
 *
 * Only the consumer may call these three functions, from one thread at a time.
 */
int lade__workers_next(struct lade__workers *w, const struct timespec *deadline, struct lade__slot **out,
                       struct lade_error *err);
void lade__workers_seek(struct lade__workers *w, int64_t epoch, int64_t step);
void lade__workers_discard(struct lade__workers *w, int64_t epoch, int64_t step);

/*
 * lade__workers_do()       - lets the workers fill @slot before all other slots and waits until @slot is finished. The
 *                            caller must set slot->epoch and slot->step first. Returns LADE_OK. If ring->canceled is
 *                            set or was set during the wait, returns LADE_ECANCELED, and the caller no longer owns the
 *                            slot.
 * lade__workers_submit()   - adds a plan, which then belongs to the workers. Discards the batches of the epoch that are
 *                            not delivered yet. Returns LADE_OK, LADE_EBUSY if LADE_MAX_PLANS plans wait, or
 *                            LADE_ENOMEM.
 * lade__workers_idle()     - waits until no worker makes a row. The caller must set ring->canceled first, so that the
 *                            workers stop. Returns LADE_OK, or LADE_ETIMEDOUT at @deadline.
 * lade__workers_counters() - adds the counters of all threads to @out, and sets out->workers and out->ring.
 *
 * Any thread may call these four functions.
 */
int lade__workers_do(struct lade__workers *w, struct lade__slot *slot, struct lade_error *err);
int lade__workers_submit(struct lade__workers *w, struct lade__flow_plan *plan, struct lade_error *err);
int lade__workers_idle(struct lade__workers *w, const struct timespec *deadline, struct lade_error *err);
void lade__workers_counters(struct lade__workers *w, struct lade_flow_counters *out);

#endif
