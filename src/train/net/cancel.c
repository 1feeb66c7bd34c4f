/*
 * train/net/cancel.c - cancels the computations of a net, and makes nets usable after fork(). If a thread of the parent
 * was computing with the net at the time of the fork, the child process cannot use the net.
 */
#include "train/net/net.h"

#include "base/monitor.h"
#include "gen/stack/stack.h"
#include "train/net/pass.h"

void lade_net_cancel(lade_net *net) {
    __atomic_store_n(&net->canceled, true, __ATOMIC_RELAXED);
}

void lade_net_uncancel(lade_net *net) {
    __atomic_store_n(&net->canceled, false, __ATOMIC_RELAXED);
}

int lade__net_canceled(const lade_net *net, struct lade_error *err) {
    return lade__pass_canceled(&net->canceled, err);
}

bool lade__net_lost(const lade_net *net) {
    return net->forks != lade__forks() && net->busy;
}

int lade__net_check_lost(const lade_net *net, struct lade_error *err) {
    if (!lade__net_lost(net))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ESTATE, "net",
                                  "net: another thread computed with the net when this process was forked, so its "
                                  "parameters may be incomplete; use the net in the parent process, or fork between "
                                  "two calls");
}

int lade__net_check_fork(lade_net *net, struct lade_error *err) {
    if (net->forks == lade__forks())
        return LADE_OK;
    int status = lade__net_check_lost(net, err);
    if (status < 0)
        return status;
    lade__plan_cache_release(&net->plans); /* kernels may use threads of OpenMP, which exist only in the parent */
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
