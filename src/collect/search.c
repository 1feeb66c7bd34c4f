/*
 * Implements the reducers that count items or search for an item: count, any, all, first, nth, last.
 */
#include "collect/text.h"
#include "collect/window.h"
#include "iter/item_text.h"

struct counter {
    struct lade_port port;
    long long count;
};

static int count_full(struct lade_port *port) {
    port->p -= port->item_size;
    ((struct counter *)(void *)port)->count++;
    return 0;
}

long long lade__count(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body) {
    struct counter r;
    lade__port_init(&r.port, count_full, g ? g->item_size : 1);
    r.count = 0;
    lade__window_of_one(&r.port, g);
    lade__run(g, lade__run_whole(owned), &r.port);
    return lade__deliver(&r.port, err, body) ? 0 : r.count;
}

/* Returns true if the item is not zero. Floating-point items are compared as numbers, because -0.0 is zero although one
   of its bits is set. */
static bool is_true(const void *item, size_t size, int type) {
    if (type == LADE__LONG_DOUBLE) {
        long double d;
        memcpy(&d, item, sizeof d);
        return d != 0;
    }
    if (type == LADE_FLOAT32 || type == LADE_FLOAT64) {
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

struct search {
    struct lade_port port;
    int type;
    bool wanted, found;
};

static int search_full(struct lade_port *port) {
    struct search *r = (struct search *)(void *)port;
    port->p -= port->item_size;
    r->found = is_true(port->p, port->item_size, r->type) == r->wanted;
    return r->found ? LADE_EXIT : 0;
}

bool lade__search(struct lade_gen *g, int owned, int type, bool wanted, struct lade_error *err,
                  struct lade_port *body) {
    struct search r;
    lade__port_init(&r.port, search_full, g ? g->item_size : 1);
    r.type = type;
    r.wanted = wanted;
    r.found = false;
    lade__window_of_one(&r.port, g);
    lade__run(g, owned ? LADE__OWNED : 0, &r.port);
    return lade__deliver(&r.port, err, body) ? false : r.found;
}

struct pick {
    struct lade_port port;
    void *out;
    int64_t left;   /* number of items before the wanted item; negative if the last item is wanted */
    int item_class; /* if the items have strings, the string of *out is a copy */
    bool found;
    int status;
};

static int pick_full(struct lade_port *port) {
    struct pick *pick = (struct pick *)(void *)port;
    port->p -= port->item_size;
    if (pick->left > 0) {
        pick->left--;
        return 0;
    }
    if (pick->found)
        lade__free_text(pick->out, pick->item_class);
    memcpy(pick->out, port->p, port->item_size);
    pick->found = true;
    pick->status = lade__own_text(pick->out, pick->item_class);
    return pick->left < 0 && !pick->status ? 0 : LADE_EXIT;
}

bool lade__nth_item(struct lade_gen *g, int owned, int64_t n, void *out, struct lade_error *err,
                    struct lade_port *body) {
    struct pick pick = {.out = out, .left = n, .item_class = g ? g->item_class : LADE__OTHERS};
    lade__port_init(&pick.port, pick_full, g ? g->item_size : 1);
    lade__window_of_one(&pick.port, g);
    lade__run(g, (owned ? LADE__OWNED : 0) | (n < 0 ? LADE__WHOLE : 0), &pick.port);
    char *copy = pick.found && lade__has_text(pick.item_class) ? lade__text_of(out) : NULL;
    if (!pick.status && copy)
        pick.status = lade__keep_text(out, pick.item_class);
    lade_free(copy);
    if (pick.status) {
        pick.port.pending = 0;
        lade__raise(&pick.port, LADE_ENOMEM, "first, nth, last: no memory for a string");
    }
    return lade__deliver(&pick.port, err, body) ? false : pick.found;
}
