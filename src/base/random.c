/*
 * Computes random numbers with Philox4x32-10: ten rounds of multiplications and exchanges convert (key, counter) to
 * four random 32-bit numbers. The state of a stream is its counter, so threads share no state.
 *
 * The results are the same on every machine. Philox uses integers only. The distributions use +, -, *, / and sqrt(),
 * whose rounding IEEE 754 defines exactly. The distributions do not use log(), sin() and cos(), because the last bit of
 * their results differs between C libraries.
 */
#include <lade/base.h>

#include <math.h>

/* The upper half of counter[0] is the argument `purpose` of lade_random_init(). The lower half is the number of the
   block; a block is four random numbers. */
enum { BLOCK_BITS = 16, BLOCK_MASK = (1 << BLOCK_BITS) - 1 };

static void philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]) {
    uint32_t k0 = key[0], k1 = key[1];
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53 * c0;
        uint64_t b = (uint64_t)0xCD9E8D57 * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += 0x9E3779B9; /* the golden ratio */
        k1 += 0xBB67AE85; /* sqrt(3) - 1 */
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

void lade_random_init(struct lade_random *r, uint64_t seed, uint64_t epoch, uint64_t sample, uint32_t purpose) {
    *r = (struct lade_random){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .counter = {purpose << BLOCK_BITS, (uint32_t)epoch, (uint32_t)sample, (uint32_t)(sample >> 32)},
        .used = 4,
    };
}

uint32_t lade_random_u32(struct lade_random *r) {
    if (r->used >= 4) {
        philox(r->key, r->counter, r->block);
        r->counter[0] = (r->counter[0] & ~(uint32_t)BLOCK_MASK) | ((r->counter[0] + 1) & BLOCK_MASK);
        r->used = 0;
    }
    return r->block[r->used++];
}

uint64_t lade_random_u64(struct lade_random *r) {
    uint64_t low = lade_random_u32(r);
    return (uint64_t)lade_random_u32(r) << 32 | low;
}

double lade_random_double(struct lade_random *r) {
    return (double)(lade_random_u64(r) >> 11) * 0x1p-53;
}

double lade_random_uniform(struct lade_random *r, double low, double high) {
    double v = low + (high - low) * lade_random_double(r);
    return v >= high && low < high ? nextafter(high, low) : v; /* the sum may round up to `high` */
}

uint64_t lade_random_below(struct lade_random *r, uint64_t n) {
    if (n == 0)
        return 0;
    /* `surplus` is 2^64 mod n. Values below `surplus` are replaced by new values. Otherwise small results would be
       more frequent. */
    uint64_t surplus = -n % n;
    uint64_t v;
    do
        v = lade_random_u64(r);
    while (v < surplus);
    return v % n;
}

/*
 * Returns log(x) for x in (0, 1]. The number x is written as m * 2^e with m in [sqrt(1/2), sqrt(2)), so log(x) is
 * log(m) + e * log(2). With s = (m - 1) / (m + 1), log(m) is 2 * atanh(s). s^2 is at most 0.0295, so eleven terms of
 * the series of atanh are exact to the last bits of a double.
 */
static double natural_log(double x) {
    int e;
    double m = frexp(x, &e);
    if (m < 0.70710678118654752440) {
        m *= 2;
        e--;
    }
    double s = (m - 1) / (m + 1), s2 = s * s, sum = 0;
    for (int k = 21; k > 0; k -= 2)
        sum = sum * s2 + 1.0 / k;
    return 2 * s * sum + e * 0.69314718055994530942;
}

/* Uses Marsaglia's polar form of the Box-Muller method. Draws points until a point is in the unit disc. */
double lade_random_normal(struct lade_random *r) {
    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare;
    }
    double x, y, square;
    do {
        x = lade_random_uniform(r, -1, 1);
        y = lade_random_uniform(r, -1, 1);
        square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double scale = sqrt(-2 * natural_log(square) / square);
    r->spare = y * scale;
    r->has_spare = 1;
    return x * scale;
}
