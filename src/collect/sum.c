/*
 * Implements sum. An integer sum is stored as two halves that cannot overflow. The code checks for overflow only once,
 * in the result.
 */
#include "collect/window.h"

struct sum {
    struct lade__item_window window;
    int type;
    int64_t high; /* an integer sum is high * 2^32 + low */
    uint64_t low;
    double floating;
    long double longest;
};

static void add_halves(struct sum *r, int64_t high, uint64_t low) {
    r->high += high + (int64_t)(low >> 32);
    r->low += (uint32_t)low;
}

/* Adds items of less than 64 bits. The sum of the items in one window cannot overflow 64 bits. */
#define ADD_NARROW(T)                                             \
    do {                                                          \
        const T *item = (const T *)(const void *)r->window.items; \
        int64_t total = 0;                                        \
        for (size_t i = 0; i < n; i++)                            \
            total += item[i];                                     \
        add_halves(r, total >> 32, (uint32_t)total);              \
    } while (0)

/* Fewer than FEW items are added one by one. These items were stored one by one a moment ago, so the CPU would have
   to wait before it can load two of them at once. */
enum { FEW = 8 };
typedef uint64_t two __attribute__((vector_size(16), may_alias));

/*
 * Adds items of 64 bits, two items at a time. The upper and the lower halves are added separately. For signed items,
 * `lowest` is 2^63. This number is added to each item and subtracted from the sum, because many vector units can only
 * shift unsigned 64-bit numbers to the right.
 */
static void add_wide(struct sum *r, size_t n, uint64_t lowest) {
    uint64_t high = 0, low = 0;
    size_t i = 0;
    if (n >= FEW) {
        const two *item = (const two *)(const void *)r->window.items, half = {UINT32_MAX, UINT32_MAX},
                  bias = {lowest, lowest};
        two highs = {0}, lows = {0};
        for (; i < n / 2; i++) {
            lows += item[i] & half;
            highs += (item[i] ^ bias) >> 32;
        }
        high = highs[0] + highs[1];
        low = lows[0] + lows[1];
        i *= 2;
    }
    for (; i < n; i++) {
        uint64_t one;
        memcpy(&one, r->window.items + i * sizeof one, sizeof one);
        low += (uint32_t)one;
        high += (one ^ lowest) >> 32;
    }
    add_halves(r, (int64_t)(high - n * (lowest >> 32)), low);
}

#define ADD_FLOATS(T)                                             \
    do {                                                          \
        const T *item = (const T *)(const void *)r->window.items; \
        for (size_t i = 0; i < n; i++)                            \
            r->floating += (double)item[i];                       \
    } while (0)

static void add_window(struct sum *r, size_t n) {
    switch (r->type) {
    case LADE_FLOAT32:
        ADD_FLOATS(float);
        break;
    case LADE_FLOAT64:
        ADD_FLOATS(double);
        break;
    case LADE__LONG_DOUBLE:
        for (size_t i = 0; i < n; i++)
            r->longest += ((const long double *)(const void *)r->window.items)[i];
        break;
    case LADE__BOOL:
    case LADE_UINT8:
        ADD_NARROW(uint8_t);
        break;
    case LADE__CHAR:
        ADD_NARROW(char);
        break;
    case LADE_INT8:
        ADD_NARROW(int8_t);
        break;
    case LADE_INT16:
        ADD_NARROW(int16_t);
        break;
    case LADE_UINT16:
        ADD_NARROW(uint16_t);
        break;
    case LADE_INT32:
        ADD_NARROW(int32_t);
        break;
    case LADE_UINT32:
        ADD_NARROW(uint32_t);
        break;
    case LADE_INT64:
        add_wide(r, n, (uint64_t)1 << 63);
        break;
    default:
        add_wide(r, n, 0);
        break;
    }
}

static int sum_full(struct lade_port *port) {
    struct sum *r = (struct sum *)(void *)port;
    add_window(r, lade__window_count(&r->window));
    return lade__window_rewind(&r->window);
}

static void add_all(struct sum *r, struct lade_gen *g, int owned, int type) {
    lade__window_init(&r->window, g, sum_full);
    r->type = type;
    r->high = 0;
    r->low = 0;
    r->floating = 0;
    r->longest = 0;
    lade__run(g, lade__run_whole(owned), &r->window.port);
    add_window(r, lade__window_count(&r->window));
    r->high += (int64_t)(r->low >> 32);
    r->low = (uint32_t)r->low;
}

static void overflow(struct sum *r) {
    if (!r->window.port.pending)
        lade__raise(&r->window.port, LADE_ELIMIT,
                    "the sum does not fit in 64 bits; use items of type double, or add up parts");
}

long long lade__sum_signed(struct lade_gen *g, int owned, int type, struct lade_error *err, struct lade_port *body) {
    struct sum r;
    add_all(&r, g, owned, type);
    if (r.high > INT32_MAX || r.high < INT32_MIN)
        overflow(&r);
    return lade__deliver(&r.window.port, err, body) ? 0 : (long long)(((uint64_t)r.high << 32) + r.low);
}

unsigned long long lade__sum_unsigned(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                      struct lade_port *body) {
    struct sum r;
    add_all(&r, g, owned, type);
    if (r.high > (int64_t)UINT32_MAX)
        overflow(&r);
    return lade__deliver(&r.window.port, err, body) ? 0 : ((uint64_t)r.high << 32) + r.low;
}

double lade__sum_floating(struct lade_gen *g, int owned, int type, struct lade_error *err, struct lade_port *body) {
    struct sum r;
    add_all(&r, g, owned, type);
    return lade__deliver(&r.window.port, err, body) ? 0 : r.floating;
}

long double lade__sum_long_double(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                  struct lade_port *body) {
    struct sum r;
    add_all(&r, g, owned, type);
    return lade__deliver(&r.window.port, err, body) ? 0 : r.longest;
}
