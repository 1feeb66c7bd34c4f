/*
 * Implements min and max, which find the least and the greatest item of a generator. Numbers are stored in a window,
 * which is a buffer, and compared when the window is full. Strings are compared one at a time.
 */
#include "collect/text.h"
#include "collect/window.h"
#include "iter/item_text.h"

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
    case LADE__LONG_DOUBLE:
        FIND_EXTREME(long double);
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

static void raise_empty(struct lade_port *port, int sign) {
    if (!port->pending)
        lade__raise(port, LADE_EINVAL, "%s of a generator without items", sign < 0 ? "min" : "max");
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
    if (!r.found)
        raise_empty(&r.window.port, sign);
    if (!lade__deliver(&r.window.port, err, body))
        memcpy(out, r.best, r.window.port.item_size);
}

/* ---- Strings ----------------------------------------------------------------------------------------------------- */

struct extreme_text {
    struct lade_port port;
    const char *slot; /* address of the most recent item */
    char *best;       /* a copy of the best string; NULL before the first item, or if the best string is NULL */
    int sign, found, status;
};

static int text_full(struct lade_port *port) {
    struct extreme_text *r = (struct extreme_text *)(void *)port;
    const char *best = r->best;
    port->p = (char *)&r->slot;
    if (r->found && r->sign * lade__comparator_for(LADE__TYPE_string)(&r->slot, &best) <= 0)
        return 0;
    r->found = 1;
    lade_free(r->best);
    memcpy(&r->best, &r->slot, sizeof r->best);
    r->status = lade__own_text(&r->best, LADE__TEXTS);
    return r->status ? LADE_EXIT : 0;
}

const char *lade__extreme_text(struct lade_gen *g, int owned, int sign, struct lade_error *err,
                               struct lade_port *body) {
    struct extreme_text r = {.sign = sign};
    lade__port_init(&r.port, text_full, sizeof r.slot);
    r.port.p = (char *)&r.slot;
    r.port.end = r.port.p + sizeof r.slot;
    lade__run(g, lade__run_whole(owned), &r.port);
    const char *kept = r.status || r.port.pending ? NULL : r.best;
    if (kept)
        r.status = lade__keep_text(&kept, LADE__TEXTS);
    lade_free(r.best);
    if (r.status)
        lade__raise(&r.port, LADE_ENOMEM, "min, max: no memory for a string");
    else if (!r.found)
        raise_empty(&r.port, sign);
    return lade__deliver(&r.port, err, body) ? NULL : kept;
}
