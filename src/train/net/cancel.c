/*
 * train/net/cancel.c - cancels the computations of a net, and makes nets usable after fork(). If a thread of the parent
 * was computing with the net at the time of the fork, the child process cannot use the net.
 */
#include "train/net/net.h"

#include "base/monitor.h"
#include "gen/stack/stack.h"

void lade_net_cancel(lade_net *net) {
    __atomic_store_n(&net->canceled, true, __ATOMIC_RELAXED);
}

void lade_net_uncancel(lade_net *net) {
    __atomic_store_n(&net->canceled, false, __ATOMIC_RELAXED);
}

int lade__net_canceled(const lade_net *net, struct lade_error *err) {
    if (!__atomic_load_n(&net->canceled, __ATOMIC_RELAXED))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ECANCELED, "net",
                                  "net: the computation was canceled; call lade_net_uncancel() to continue");
}

bool lade__net_lost(const lade_net *net) {
    return net->forks != lade__forks() && net->busy;
}

int lade__net_check_fork(lade_net *net, struct lade_error *err) {
    if (net->forks == lade__forks())
        return LADE_OK;
    if (net->busy)
        return lade_error_set_subject(err, LADE_ESTATE, "net",
                                      "net: another thread computed with the net when this process was forked, so its "
                                      "parameters may be incomplete; fork between two calls, or load the net in the "
                                      "child process");
    lade__plan_cache_release(&net->plans); /* its kernels may use threads of OpenMP, which exist only in the parent */
    net->plans = (struct lade__plan_cache){0};
    net->forks = lade__forks();
    return LADE_OK;
}

int lade__net_begin(lade_net *net, struct lade_error *err) {
    int status = lade__stack_check(LADE__NET_STACK, "the net", err);
    if (status == LADE_OK)
        status = lade__net_check_fork(net, err);
    if (status == LADE_OK)
        __atomic_store_n(&net->busy, true, __ATOMIC_RELEASE);
    return status;
}

void lade__net_end(lade_net *net) {
    __atomic_store_n(&net->busy, false, __ATOMIC_RELEASE);
}
