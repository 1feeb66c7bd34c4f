/*
 * Order is a function of (seed, epoch, position), not a shuffled list: it takes no memory that grows with the data set,
 * and threads, ranks and a resumed run ask for any position without having walked to it.
 */
#include "flow/order/order.h"

#include "flow/order/balance.h"

void lade__order_init(struct lade__order *order, enum lade_order kind, uint64_t seed, int64_t epoch, int64_t samples,
                      const struct lade__balance *balance) {
    struct lade_random random;

    *order = (struct lade__order){.kind = kind, .seed = seed, .epoch = epoch, .balance = balance};
    lade_random_init(&random, seed, (uint64_t)epoch, 0, LADE_RANDOM_ORDER);
    lade__permutation_init(&order->permutation, &random, (uint64_t)samples);
}

int64_t lade__order_at(const struct lade__order *order, int64_t position, int64_t *pass) {
    *pass = 0;
    if (order->kind == LADE_ORDER_SORTED)
        return position;
    int64_t place = (int64_t)lade__permutation_at(&order->permutation, (uint64_t)position);
    return order->kind == LADE_ORDER_BALANCED ? lade__balance_at(order->balance, order->seed, order->epoch, place, pass)
                                              : place;
}
