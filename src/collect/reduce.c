/*
 * Reducers: a generator drained into one number. The body stores into a buffer on the reducer's stack; when that is
 * full it is folded in a loop that the compiler vectorises. Those that stop early have a window of one: a body must not
 * run ahead of what was asked for.
 */
#include "gen/gen_impl.h"

#include <lade/collect.h>

#include <string.h>

enum { BUFFER = 4096 }; /* a multiple of every number's size */

struct reducer {
    struct lade_port port;
    int type;
    /* totals: an integer sum is kept as two halves that cannot overflow, whatever the items */
    int64_t high;
    uint64_t low;
    double floating;
    long long count;
    /* extremes */
    int sign, found;
    unsigned char best[16];
    _Alignas(16) char items[BUFFER];
};

/* Field by field, and only what every reducer has: clearing the whole, buffer and contexts, would cost more than a
   short generator. */
static void reducer_init(struct reducer *r, const struct lade_gen *g, int type, int (*full)(struct lade_port *)) {
    lade__port_init(&r->port, full, g ? g->item_size : 1);
    r->type = type;
}

/* Numbers have sizes that are powers of two: no division. */
static size_t window_items(const struct reducer *r) {
    return (size_t)(r->port.p - r->items) >> __builtin_ctzl(r->port.item_size);
}

static int rewind_window(struct reducer *r) {
    r->port.p = r->items;
    return 0;
}

static void window_open(struct reducer *r) {
    r->port.p = r->items;
    r->port.end = r->items + BUFFER;
}

/* A window of one, in the generator's own slot: any size fits, and nothing is asked for before it is wanted. */
static void window_of_one(struct lade_port *port, struct lade_gen *g) {
    static char nothing;
    port->p = g ? g->slot : &nothing;
    port->end = port->p + port->item_size;
}

static struct reducer *reducer(struct lade_port *port) {
    return (struct reducer *)(void *)port;
}

static int how_whole(int owned) {
    return LADE__WHOLE | (owned ? LADE__OWNED : 0);
}

/* ---- Sums -------------------------------------------------------------------------------------------------------- */

static void add_halves(struct reducer *r, int64_t high, uint64_t low) {
    r->high += high + (int64_t)(low >> 32);
    r->low += (uint32_t)low;
}

/* Items of less than 64 bits: a window of them cannot overflow. */
#define ADD_NARROW(T)                                      \
    do {                                                   \
        const T *item = (const T *)(const void *)r->items; \
        int64_t total = 0;                                 \
        for (size_t i = 0; i < n; i++)                     \
            total += item[i];                              \
        add_halves(r, total >> 32, (uint32_t)total);       \
    } while (0)

/*
 * Items of 64 bits, in halves, two at a time. From signed items 2^63 (`lowest`) is subtracted on the way: the shift of
 * 64-bit numbers that every vector unit has is the unsigned one.
 */
enum { FEW = 8 }; /* so few have just been stored one by one: two at a time, their loads would wait for that */
typedef uint64_t two __attribute__((vector_size(16), may_alias));

static void add_wide(struct reducer *r, size_t n, uint64_t lowest) {
    uint64_t high = 0, low = 0;
    size_t i = 0;
    if (n >= FEW) {
        const two *item = (const two *)(const void *)r->items, half = {UINT32_MAX, UINT32_MAX}, bias = {lowest, lowest};
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
        memcpy(&one, r->items + i * sizeof one, sizeof one);
        low += (uint32_t)one;
        high += (one ^ lowest) >> 32;
    }
    add_halves(r, (int64_t)(high - n * (lowest >> 32)), low);
}

#define ADD_FLOATS(T)                                      \
    do {                                                   \
        const T *item = (const T *)(const void *)r->items; \
        for (size_t i = 0; i < n; i++)                     \
            r->floating += (double)item[i];                \
    } while (0)

static void add_window(struct reducer *r, size_t n) {
    switch (r->type) {
    case LADE_FLOAT32:
        ADD_FLOATS(float);
        break;
    case LADE_FLOAT64:
        ADD_FLOATS(double);
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
    struct reducer *r = reducer(port);
    add_window(r, window_items(r));
    return rewind_window(r);
}

static void sum(struct reducer *r, struct lade_gen *g, int owned, int type) {
    reducer_init(r, g, type, sum_full);
    r->high = 0;
    r->low = 0;
    r->floating = 0;
    window_open(r);
    lade__run(g, how_whole(owned), &r->port);
    add_window(r, window_items(r));
    r->high += (int64_t)(r->low >> 32);
    r->low = (uint32_t)r->low;
}

static void overflow(struct reducer *r) {
    if (!r->port.pending)
        lade__raise(&r->port, LADE_ELIMIT, "the sum does not fit 64 bits; add up as double, or in parts");
}

long long lade__sum_signed(struct lade_gen *g, int owned, int type, struct lade_error *err, struct lade_port *body) {
    struct reducer r;
    sum(&r, g, owned, type);
    if (r.high > INT32_MAX || r.high < INT32_MIN)
        overflow(&r);
    return lade__deliver(&r.port, err, body) ? 0 : (long long)(((uint64_t)r.high << 32) + r.low);
}

unsigned long long lade__sum_unsigned(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                      struct lade_port *body) {
    struct reducer r;
    sum(&r, g, owned, type);
    if (r.high > (int64_t)UINT32_MAX)
        overflow(&r);
    return lade__deliver(&r.port, err, body) ? 0 : ((uint64_t)r.high << 32) + r.low;
}

double lade__sum_floating(struct lade_gen *g, int owned, int type, struct lade_error *err, struct lade_port *body) {
    struct reducer r;
    sum(&r, g, owned, type);
    return lade__deliver(&r.port, err, body) ? 0 : r.floating;
}

/* ---- Extremes ---------------------------------------------------------------------------------------------------- */

#define FIND_EXTREME(T)                                    \
    do {                                                   \
        const T *item = (const T *)(const void *)r->items; \
        T best = item[0];                                  \
        if (r->found)                                      \
            memcpy(&best, r->best, sizeof best);           \
        if (r->sign < 0) {                                 \
            for (size_t i = 0; i < n; i++)                 \
                best = item[i] < best ? item[i] : best;    \
        } else {                                           \
            for (size_t i = 0; i < n; i++)                 \
                best = item[i] > best ? item[i] : best;    \
        }                                                  \
        memcpy(r->best, &best, sizeof best);               \
    } while (0)

static void find_extreme(struct reducer *r, size_t n) {
    if (!n)
        return;
    switch (r->type) {
    case LADE_FLOAT32:
        FIND_EXTREME(float);
        break;
    case LADE_FLOAT64:
        FIND_EXTREME(double);
        break;
    case LADE__BOOL:
    case LADE_UINT8:
        FIND_EXTREME(uint8_t);
        break;
    case LADE__CHAR:
        FIND_EXTREME(char);
        break;
    case LADE_INT8:
        FIND_EXTREME(int8_t);
        break;
    case LADE_INT16:
        FIND_EXTREME(int16_t);
        break;
    case LADE_UINT16:
        FIND_EXTREME(uint16_t);
        break;
    case LADE_INT32:
        FIND_EXTREME(int32_t);
        break;
    case LADE_UINT32:
        FIND_EXTREME(uint32_t);
        break;
    case LADE_INT64:
        FIND_EXTREME(int64_t);
        break;
    default:
        FIND_EXTREME(uint64_t);
        break;
    }
    r->found = 1;
}

static int extreme_full(struct lade_port *port) {
    struct reducer *r = reducer(port);
    find_extreme(r, window_items(r));
    return rewind_window(r);
}

void lade__extreme(struct lade_gen *g, int owned, int type, int sign, void *out, struct lade_error *err,
                   struct lade_port *body) {
    struct reducer r;
    reducer_init(&r, g, type, extreme_full);
    r.sign = sign;
    r.found = 0;
    window_open(&r);
    lade__run(g, how_whole(owned), &r.port);
    find_extreme(&r, window_items(&r));
    if (!r.found && !r.port.pending)
        lade__raise(&r.port, LADE_EINVAL, "%s of a generator without items", sign < 0 ? "min" : "max");
    if (!lade__deliver(&r.port, err, body))
        memcpy(out, r.best, r.port.item_size);
}

/* ---- Counting and searching -------------------------------------------------------------------------------------- */

static int count_full(struct lade_port *port) {
    port->p -= port->item_size;
    reducer(port)->count++;
    return 0;
}

long long lade__count(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body) {
    struct reducer r;
    reducer_init(&r, g, LADE__NOT_A_NUMBER, count_full);
    r.count = 0;
    window_of_one(&r.port, g);
    lade__run(g, how_whole(owned), &r.port);
    return lade__deliver(&r.port, err, body) ? 0 : r.count;
}

static bool is_true(const void *item, size_t size, int type) {
    if (type == LADE_FLOAT32 || type == LADE_FLOAT64) { /* -0.0 is false and has a bit set */
        double d;
        float f;
        if (type == LADE_FLOAT64)
            memcpy(&d, item, sizeof d);
        else
            memcpy(&f, item, sizeof f), d = (double)f;
        return d != 0;
    }
    for (size_t i = 0; i < size; i++)
        if (((const unsigned char *)item)[i])
            return true;
    return false;
}

static int search_full(struct lade_port *port) {
    struct reducer *r = reducer(port);
    port->p -= port->item_size;
    r->found = is_true(port->p, port->item_size, r->type) == (r->sign > 0);
    return r->found ? LADE_EXIT : 0;
}

bool lade__search(struct lade_gen *g, int owned, int type, bool wanted, struct lade_error *err,
                  struct lade_port *body) {
    struct reducer r;
    reducer_init(&r, g, type, search_full);
    r.sign = wanted ? 1 : -1;
    r.found = 0;
    window_of_one(&r.port, g);
    lade__run(g, owned ? LADE__OWNED : 0, &r.port);
    return lade__deliver(&r.port, err, body) ? false : r.found;
}

struct pick {
    struct lade_port port;
    void *out;
    int64_t left; /* items before the one that is wanted; negative: the last one is */
    bool found;
};

static int pick_full(struct lade_port *port) {
    struct pick *pick = (struct pick *)(void *)port;
    port->p -= port->item_size;
    if (pick->left > 0) {
        pick->left--;
        return 0;
    }
    memcpy(pick->out, port->p, port->item_size);
    pick->found = true;
    return pick->left < 0 ? 0 : LADE_EXIT;
}

bool lade__nth_item(struct lade_gen *g, int owned, int64_t n, void *out, struct lade_error *err,
                    struct lade_port *body) {
    struct pick pick = {.out = out, .left = n};
    lade__port_init(&pick.port, pick_full, g ? g->item_size : 1);
    window_of_one(&pick.port, g);
    lade__run(g, (owned ? LADE__OWNED : 0) | (n < 0 ? LADE__WHOLE : 0), &pick.port);
    return lade__deliver(&pick.port, err, body) ? false : pick.found;
}
