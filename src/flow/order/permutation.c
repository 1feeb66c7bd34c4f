/*
 * Computes a permutation by a Feistel network over pairs of integers. An integer i below side^2 is the pair (i / side,
 * i % side), and each round changes (l, r) to (r, (l + f(r)) mod side). A round is one-to-one for every function f.
 * side is the smallest integer that is at least 16 and has side^2 >= n. A result that is not below n is permuted again
 * until it is below n ("cycle walking"), so the whole function stays one-to-one. The method is described in Black,
 * Rogaway: "Ciphers with arbitrary finite domains", CT-RSA 2002.
 *
 * f is a hash of 32 bits with a key ("lowbias32"; Chris Wellons found its constants by a search for low bias). f is
 * good enough to shuffle samples, but not for cryptography. With a side below 16, there are too few different
 * permutations.
 */
#include "flow/order/permutation.h"

static uint32_t mix(uint32_t x) {
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ x >> 16;
}

void lade__permutation_init(struct lade__permutation *p, struct lade_random *random, uint64_t n) {
    uint64_t low = 16, high = UINT64_C(1) << 31;

    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (middle * middle >= n)
            high = middle;
        else
            low = middle + 1;
    }
    p->n = n;
    p->side = (uint32_t)low;
    for (int i = 0; i < LADE__ROUNDS; i++)
        p->keys[i] = lade_random_u32(random);
}

static uint64_t once(const struct lade__permutation *p, uint64_t i) {
    uint32_t l = (uint32_t)(i / p->side), r = (uint32_t)(i % p->side);

    for (int k = 0; k < LADE__ROUNDS; k++) {
        uint32_t f = (uint32_t)((uint64_t)mix(r ^ p->keys[k]) * p->side >> 32); /* below side */
        uint32_t sum = l + f; /* no overflow, because side is at most 2^31 */
        l = r;
        r = sum >= p->side ? sum - p->side : sum;
    }
    return (uint64_t)l * p->side + r;
}

uint64_t lade__permutation_at(const struct lade__permutation *p, uint64_t i) {
    do
        i = once(p, i);
    while (i >= p->n);
    return i;
}
