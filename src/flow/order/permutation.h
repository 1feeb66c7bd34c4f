/*
 * Computes a random permutation of 0 .. n-1 as a function. Only eight keys are stored, not the permutation. The number
 * at any position is computed directly, so a run can be resumed at any position.
 */
#ifndef LADE_SRC_FLOW_ORDER_PERMUTATION_H
#define LADE_SRC_FLOW_ORDER_PERMUTATION_H

#include <lade/base.h>

enum { LADE__ROUNDS = 8 };

struct lade__permutation {
    uint64_t n;
    uint32_t side; /* the function permutes pairs of integers below side */
    uint32_t keys[LADE__ROUNDS];
};

/*
 * lade__permutation_init() - chooses one permutation of 0 .. n-1 with random numbers from @random. n is at most 2^62.
 * lade__permutation_at()   - returns the number at position @i of the permutation. @i must be below n. Average cost:
 *                            side^2 / n passes of 8 rounds, which is close to one pass for a large n.
 *
 * The results must be the same in every version of lade, because the same seed must always give the same bytes.
 */
void lade__permutation_init(struct lade__permutation *p, struct lade_random *random, uint64_t n);
uint64_t lade__permutation_at(const struct lade__permutation *p, uint64_t i);

#endif
