/*
 * Implements range, count_from, repeat, from_array and from_string. A source whose items always have the same type is
 * an ordinary generator function.
 */
#include "iter/source.h"

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
    const char *next; /* address of the next item; NULL for repeat, whose item is stored after the slot */
    int64_t left;     /* number of items that are left; negative means without end */
    void *owned;      /* the object that release() frees when the generator ends; or NULL */
    void (*release)(void *);
};

static void items_drop(struct lade_gen *g) {
    struct items *items = (struct items *)(void *)g;
    if (items->owned)
        items->release(items->owned);
    items->owned = NULL;
}

/* Returns the number of items that the next memcpy() copies. These items must fit into the window of the consumer. */
static int64_t run_length(const struct items *items, const struct lade_port *out) {
    int64_t room = items->next && out->end > out->p ? (out->end - out->p) / (int64_t)out->item_size : 1;
    return items->left > 0 && items->left < room ? items->left : room;
}

static void items_run(struct lade_gen *self, struct lade_port *out) {
    struct items *items = (struct items *)(void *)self;
    const size_t size = out->item_size;
    while (items->left) {
        const int64_t n = run_length(items, out);
        const size_t bytes = (size_t)n * size;
        memcpy(out->p, items->next ? items->next : lade__gen_room(self), bytes);
        if (items->next)
            items->next += bytes;
        if (items->left > 0)
            items->left -= n;
        out->p += bytes - size;
        if (lade__put_done(out))
            break;
    }
    items_drop(self);
}

static struct items *items_new(size_t item_size, int item_class, size_t room) {
    static const struct lade_gen_kind kind = {
        .name = "items", .frame_size = sizeof(struct items), .drain = items_run, .drop = items_drop};
    return (struct items *)(void *)lade__gen_new_sized(&kind, item_size, item_class, room);
}

struct lade_gen *lade__repeat(const void *item, size_t item_size, int item_class, int64_t n) {
    struct items *items = items_new(item_size, item_class, item_size);
    if (!items)
        return NULL;
    memcpy(lade__gen_room(&items->gen), item, item_size);
    items->left = n;
    return &items->gen;
}

struct lade_gen *lade__from_array(const void *items, size_t item_size, int item_class, int64_t n, bool literal) {
    void *copy = literal && items && n > 0 ? lade_calloc((size_t)n, item_size) : NULL;
    if (literal && items && n > 0 && !copy)
        return NULL;
    if (copy)
        memcpy(copy, items, (size_t)n * item_size);
    return lade__items_new(copy ? copy : items, item_size, item_class, n, copy, lade_free);
}

lade_gen_owned(char) lade__from_text(const char *s, bool literal) {
    if (!literal)
        return lade__from_string(s);
    return (lade_gen_owned(char))(void *)lade__from_array(s, 1, LADE__OTHERS, (int64_t)strlen(s), true);
}

struct lade_gen *lade__items_new(const void *first, size_t item_size, int item_class, int64_t n, void *owned,
                                 void (*release)(void *)) {
    struct items *items = items_new(item_size, item_class, 0);
    if (!items) {
        if (owned)
            release(owned);
        return NULL;
    }
    items->next = first;
    items->left = first && n > 0 ? n : 0;
    items->owned = owned;
    items->release = release;
    return &items->gen;
}
