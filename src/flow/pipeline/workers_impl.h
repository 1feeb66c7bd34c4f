/*
 * Declares the state of the workers, for the two files that implement workers.h.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_WORKERS_IMPL_H
#define LADE_SRC_FLOW_PIPELINE_WORKERS_IMPL_H

#include "base/pool.h"
#include "flow/pipeline/workers.h"

struct lade__workers {
    struct lade__ring *ring;
    struct lade__flow_job job;
    struct lade__pool *pool;
    int count;
    /* Guarded by ring->monitor. */
    struct lade__slot *todo;                   /* slots with rows that no worker has begun, in the order of work */
    struct lade__slot *first, *last;           /* the slots of the flow in the order of delivery, linked by next */
    int64_t epoch, step;                       /* the batch that is opened next */
    struct lade__flow_plan *plans, *last_plan; /* submitted plans without a slot, linked by next */
    int plan_count;                            /* number of plans that were submitted and not delivered */
    int busy;                                  /* number of workers that make rows */
    bool streaming; /* workers may make batches of the epoch, because the consumer has requested a batch */
    bool growing;   /* a thread makes slots */
    bool stop;
    struct lade_flow_counters counters;
};

/*
 * lade__workers_prepare()     - prepares a slot whose epoch and step are set. The caller is in the monitor.
 * lade__workers_abandon_all() - discards the slots of the flow. Does not wait: the worker that finishes the last row of
 *                               a slot returns the slot to the ring. The caller is in the monitor.
 * lade__workers_free_plans()  - frees the plans without a slot.
 * lade__counters_add()        - adds the times and numbers of @from to @to, except the number of batches.
 */
void lade__workers_prepare(struct lade__workers *w, struct lade__slot *slot);
void lade__workers_abandon_all(struct lade__workers *w);
void lade__workers_free_plans(struct lade__workers *w);
void lade__counters_add(struct lade_flow_counters *to, const struct lade_flow_counters *from);

#endif
