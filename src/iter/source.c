/*
 * range, count_from, repeat, from_array and from_string. Sources of one type are ordinary generator functions.
 */
#include "iter/stage.h"

#include <lade/iter.h>

lade_generator(long, lade__range, long, start, long, stop, long, step)
{
    if (step == 0)
        lade_fail_status(LADE_EINVAL, "range(%ld, %ld, 0): the step must not be zero", start, stop);
    for (long i = start; step > 0 ? i < stop : i > stop;) {
        lade_yield(i);
        if (__builtin_add_overflow(i, step, &i))
            break;
    }
}

lade_generator(long, lade__count_from, long, start, long, step)
{
    for (long i = start;; i = (long)((unsigned long)i + (unsigned long)step))
        lade_yield(i);
}

lade_generator(char, lade__from_string, const char *, s)
{
    for (; *s; s++)
        lade_yield(*s);
}

struct items {
    struct lade_gen gen;
    const char *next; /* from_array: the next item; repeat: NULL, and the item is stored after the slot */
    int64_t left;     /* negative: without end */
};

/* Fills the window in one loop, without a call for each item. */
static void items_run(struct lade_gen *self, struct lade_port *out) {
    struct items *items = (struct items *)(void *)self;
    const size_t size = out->item_size;
    while (items->left) {
        memcpy(out->p, items->next ? items->next : lade__gen_room(self), size);
        if (items->next)
            items->next += size;
        if (items->left > 0)
            items->left--;
        if (lade__put_done(out))
            return;
    }
}

static const struct lade_gen_kind items_kind = {
    .name = "items", .frame_size = sizeof(struct items), .drain = items_run};

struct lade_gen *lade__repeat(const void *item, size_t item_size, int arithmetic, int64_t n) {
    struct lade_gen *g = lade__gen_new_sized(&items_kind, item_size, arithmetic, item_size);
    if (!g)
        return NULL;
    memcpy(lade__gen_room(g), item, item_size);
    ((struct items *)(void *)g)->left = n;
    return g;
}

struct lade_gen *lade__from_array(const void *items, size_t item_size, int arithmetic, int64_t n) {
    struct lade_gen *g = lade__gen_new_sized(&items_kind, item_size, arithmetic, 0);
    if (!g)
        return NULL;
    ((struct items *)(void *)g)->next = items;
    ((struct items *)(void *)g)->left = items && n > 0 ? n : 0;
    return g;
}
