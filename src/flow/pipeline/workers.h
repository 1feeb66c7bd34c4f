/*
 * The ordered parallel map: threads that fill the slots of a ring, row by row, in any order; whoever asks gets the
 * slots in the order of the stream. It knows nothing of images: what a row is, is the job's.
 */
#ifndef LADE_FLOW_PIPELINE_WORKERS_H
#define LADE_FLOW_PIPELINE_WORKERS_H

#include "flow/pipeline/ring.h"

struct lade__workers;

/*
 * What is to be done. The functions are called by any thread, at the same time; plan() with ring->lock held.
 */
struct lade__job {
    void *ctx;
    int64_t steps; /* batches in an epoch */
    /* slot->epoch and ->step are set: fill in first, rows, order */
    void (*plan)(void *ctx, struct lade__slot *slot);
    /* make row @row of @slot on thread @worker, adding to @counters; a status, below 0 with @failure filled in, all but
       its row */
    int (*make)(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure);
};

/*
 * lade__workers_new()  - start @count threads. NULL with @err: LADE_ENOMEM, LADE_ERUNTIME (no thread could be made).
 * lade__workers_free() - stop and join them; what they hold goes back to the ring.
 *
 * Both: not at the same time as anything else.
 */
struct lade__workers *lade__workers_new(struct lade__ring *ring, int count, const struct lade__job *job,
                                        struct lade_error *err);
void lade__workers_free(struct lade__workers *w);

/*
 * lade__workers_next()  - the next slot of the stream, finished; it is the caller's now. Waits for the work on it,
 * never for the caller's own slots: LADE_EBUSY; or LADE_ENOMEM. lade__workers_seek()  - drop what was made ahead; the
 * stream goes on with batch @step of @epoch.
 *
 * By one thread at a time: the consumer.
 */
int lade__workers_next(struct lade__workers *w, struct lade__slot **out, struct lade_error *err);
void lade__workers_seek(struct lade__workers *w, int64_t epoch, int64_t step);

/*
 * lade__workers_do()       - fill @slot, whose epoch and step are set, before all others; returns when it is finished.
 * lade__workers_counters() - add what all threads did so far to @out.
 *
 * Any thread.
 */
void lade__workers_do(struct lade__workers *w, struct lade__slot *slot);
void lade__workers_counters(struct lade__workers *w, struct lade_flow_counters *out);

#endif
