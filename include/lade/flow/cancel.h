/*
 * lade/flow/cancel.h - ends calls that wait for the worker threads of a flow. lade/flow.h includes this header.
 *
 * A flow waits for its worker threads, and a worker may be in a slow read or in a function of the caller. These calls
 * can wait for such a worker:
 *
 *   lade_flow_next(), lade_flow_batches(), lade_flow_batch(), lade_flow_fit()
 *                           after lade_flow_cancel(), these calls return LADE_ECANCELED and do not wait for the workers
 *   lade_flow_next_until()  this call does the same, and also returns at its deadline
 *   lade_flow_free()        this call waits until each worker has finished its current sample, and joins the workers
 *
 * No other function of a flow waits for a worker. If preprocessing_function needs a lock, a thread that holds this lock
 * must not call the functions in this list: the worker would wait for the lock, and the call would wait for the worker.
 * Such a thread must first cancel the flow and release the lock, and then free the flow.
 *
 *     lade_flow_cancel(flow);                                          // does not wait
 *     if (lade_flow_wait_idle(flow, &deadline, &err) == LADE_OK)       // no worker is in a callback any more
 *         lade_flow_free(flow);                                        // does not wait for a callback
 */
#ifndef LADE_FLOW_CANCEL_H
#define LADE_FLOW_CANCEL_H

#include <lade/base.h>
#include <lade/flow/make.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * lade_flow_cancel()   - makes all calls that wait for batches or statistics of @flow return LADE_ECANCELED, in all
 *                        threads and within microseconds. Later calls also return LADE_ECANCELED until
 *                        lade_flow_uncancel() is called. Workers finish their current sample and begin no other sample.
 *                        An active generator of lade_flow_batches() ends with LADE_ECANCELED when it is resumed.
 * lade_flow_uncancel() - ends the cancellation. The position of the flow has not changed: the next call of
 *                        lade_flow_next() returns the batch that the canceled call would have returned. Batches that
 *                        were made in advance are discarded and made a second time. Waiting plans (see
 *                        lade_flow_submit()) are discarded. If the flow is not canceled, the function does nothing.
 *
 * Neither function waits for a worker. Any thread may call lade_flow_cancel() at any time until lade_flow_free() is
 * called. A signal handler must not call lade_flow_cancel(), because the function uses locks. lade_flow_uncancel() must
 * not run at the same time as lade_flow_next() or a generator of batches.
 */
LADE_API void lade_flow_cancel(lade_flow *flow);
LADE_API void lade_flow_uncancel(lade_flow *flow);

/*
 * lade_flow_wait_idle() - waits until all workers of a canceled flow are idle. An idle worker reads no file and calls
 *                         no function of the program, so lade_flow_free() then does not wait for callbacks.
 *
 * @deadline  a time of CLOCK_MONOTONIC; a time in the past means that the function does not wait; NULL means no limit
 *
 * Returns LADE_OK; LADE_ETIMEDOUT at the deadline; LADE_EINVAL if @deadline is not a valid time (the subject is
 * "deadline"); or LADE_ESTATE if the flow is not canceled. Any thread may call the function, but not at the same time
 * as lade_flow_fit(), lade_flow_uncancel() or lade_flow_free().
 */
LADE_API int lade_flow_wait_idle(lade_flow *flow, const struct timespec *deadline, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
