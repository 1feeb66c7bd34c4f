/*
 * A random permutation of 0 .. n-1 as a function: nothing is stored but eight keys, any position can be asked for, and
 * resuming anywhere costs nothing.
 */
#ifndef LADE_FLOW_ORDER_PERMUTATION_H
#define LADE_FLOW_ORDER_PERMUTATION_H

#include <lade/base.h>

enum { LADE__ROUNDS = 8 };

struct lade__permutation {
    uint64_t n;
    uint32_t side; /* the function permutes pairs of numbers below it */
    uint32_t keys[LADE__ROUNDS];
};

/*
 * lade__permutation_init() - one of the permutations of 0 .. n-1, chosen by the numbers it draws from @random; n <=
 * 2^62. lade__permutation_at()   - where it sends @i, which is below n. Cost: 8 rounds, rarely 16.
 *
 * What they give is part of "same seed, same bytes": never to be changed.
 */
void lade__permutation_init(struct lade__permutation *p, struct lade_random *random, uint64_t n);
uint64_t lade__permutation_at(const struct lade__permutation *p, uint64_t i);

#endif
