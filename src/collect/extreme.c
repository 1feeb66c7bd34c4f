/*
 * Implements min and max: finds the least or the greatest item of a generator.
 */
#include "collect/window.h"

struct extreme {
    struct lade__item_window window;
    int type, sign; /* sign is -1 for the least item, 1 for the greatest */
    int found;
    unsigned char best[16];
};

#define FIND_EXTREME(T)                                           \
    do {                                                          \
        const T *item = (const T *)(const void *)r->window.items; \
        T best = item[0];                                         \
        if (r->found)                                             \
            memcpy(&best, r->best, sizeof best);                  \
        if (r->sign < 0) {                                        \
            for (size_t i = 0; i < n; i++)                        \
                best = item[i] < best ? item[i] : best;           \
        } else {                                                  \
            for (size_t i = 0; i < n; i++)                        \
                best = item[i] > best ? item[i] : best;           \
        }                                                         \
        memcpy(r->best, &best, sizeof best);                      \
    } while (0)

static void find_extreme(struct extreme *r, size_t n) {
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
    struct extreme *r = (struct extreme *)(void *)port;
    find_extreme(r, lade__window_count(&r->window));
    return lade__window_rewind(&r->window);
}

void lade__extreme(struct lade_gen *g, int owned, int type, int sign, void *out, struct lade_error *err,
                   struct lade_port *body) {
    struct extreme r;
    lade__window_init(&r.window, g, extreme_full);
    r.type = type;
    r.sign = sign;
    r.found = 0;
    lade__run(g, lade__run_whole(owned), &r.window.port);
    find_extreme(&r, lade__window_count(&r.window));
    if (!r.found && !r.window.port.pending)
        lade__raise(&r.window.port, LADE_EINVAL, "%s of a generator without items", sign < 0 ? "min" : "max");
    if (!lade__deliver(&r.window.port, err, body))
        memcpy(out, r.best, r.window.port.item_size);
}
