/*
 * Cancels the calls that wait for the workers of a flow. Any thread may cancel these calls. The flow stores the
 * cancellation, so a call that begins later also returns LADE_ECANCELED. lade_flow_uncancel() discards all batches that
 * were made but not delivered, because some of them are incomplete. The position of the flow does not change, so these
 * batches are made again.
 */
#include "flow/flow_impl.h"

int lade__flow_canceled(const lade_flow *flow, struct lade_error *err) {
    if (!__atomic_load_n(&flow->canceled, __ATOMIC_RELAXED))
        return LADE_OK;
    return lade_error_set(err, LADE_ECANCELED, "the flow was canceled: call lade_flow_uncancel() to continue");
}

void lade_flow_cancel(lade_flow *flow) {
    LADE__DEFER_CANCEL;
    lade__monitor_enter(&flow->monitor);
    __atomic_store_n(&flow->canceled, true, __ATOMIC_RELAXED);
    lade__ring_cancel(flow->ring, true);
    if (flow->fit)
        lade__fit_cancel(flow->fit);
    lade__monitor_leave(&flow->monitor);
}

int lade_flow_wait_idle(lade_flow *flow, const struct timespec *deadline, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    int status = lade__flow_canceled(flow, NULL);

    if (lade__deadline_check(deadline, err) < 0)
        return LADE_EINVAL;
    if (status == LADE_OK)
        return lade_error_set(err, LADE_ESTATE,
                              "the flow is not canceled: call lade_flow_cancel() before you wait for its workers");
    struct lade__workers *workers = lade__flow_workers(flow);
    lade__monitor_enter(&flow->monitor);
    struct lade__fit *fit = flow->fit;
    lade__monitor_leave(&flow->monitor);
    status = workers ? lade__workers_idle(workers, deadline, err) : LADE_OK;
    return status == LADE_OK && fit ? lade__fit_idle(fit, deadline, err) : status;
}

void lade_flow_uncancel(lade_flow *flow) {
    LADE__DEFER_CANCEL;
    struct lade__workers *workers = lade__flow_workers(flow);
    lade__monitor_enter(&flow->monitor);
    if (flow->canceled) {
        if (workers)
            lade__workers_discard(workers, flow->epoch, flow->step);
        lade__ring_cancel(flow->ring, false);
        __atomic_store_n(&flow->canceled, false, __ATOMIC_RELAXED);
    }
    lade__monitor_leave(&flow->monitor);
}
