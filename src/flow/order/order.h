/*
 * Which sample comes at which position of an epoch.
 */
#ifndef LADE_FLOW_ORDER_ORDER_H
#define LADE_FLOW_ORDER_ORDER_H

#include <lade/flow.h>

#include "flow/order/permutation.h"

struct lade__balance;

struct lade__order {
    enum lade_order kind;
    uint64_t seed;
    int64_t epoch;
    struct lade__permutation permutation;
    const struct lade__balance *balance; /* LADE_ORDER_BALANCED */
};

/*
 * lade__order_init() - the order of @samples samples in @epoch: a function of its arguments. @balance is borrowed; NULL
 *                      but for LADE_ORDER_BALANCED.
 * lade__order_at()   - the sample at @position, 0 .. samples-1. *pass: how often it came before in this epoch, in
 *                      balanced orders; else 0.
 */
void lade__order_init(struct lade__order *order, enum lade_order kind, uint64_t seed, int64_t epoch, int64_t samples,
                      const struct lade__balance *balance);
int64_t lade__order_at(const struct lade__order *order, int64_t position, int64_t *pass);

#endif
