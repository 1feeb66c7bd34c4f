/*
 * Implements groupby and the functions that split a source. All these functions yield lists of consecutive items. The
 * items of a group are collected until the next group begins. All groups are stored in the memory of one list, so each
 * group overwrites the previous group. Strings are copied.
 */
#include "collect/container.h"
#include "iter/item_text.h"
#include "iter/stage.h"
#include "itertools/key.h"

enum { FIRST_GROUP = 16 };

struct group {
    struct lade_linear linear;
    char *items; /* the current group, a list */
    size_t count;
    int item_class; /* an enum lade__item_class; if the items contain strings, the list owns copies of the strings */
    struct lade__by by;
    struct lade__last_key last;
    enum lade__split how;
    lade__predicate *call; /* the adapter that calls the function of the user; LADE__SPLIT_WHEN does not use it */
    lade__function *f;
    _Alignas(16) char key[LADE__MOST_KEY];
};

static void clear(struct group *group) {
    if (group->items)
        lade__free_texts(group->items, group->count, lade__header(group->items)->item_size, group->item_class);
    group->count = 0;
}

static int pass_on(struct group *group, struct lade_port *out) {
    lade__container_set_length(group->items, group->count);
    int status = lade__put(out, &group->items);
    clear(group);
    return status;
}

/* Appends an item to the group. Returns 0. If there is no memory, raises LADE_ENOMEM in `out` and returns LADE_ENOMEM.
   */
static int append(struct group *group, const void *item, size_t size, struct lade_port *out) {
    char *larger = group->items, *place;
    if (group->count == lade__header(larger)->capacity)
        larger = lade__container_grow(larger, 2 * group->count);
    if (larger) {
        group->items = larger;
        place = larger + group->count * size;
        memcpy(place, item, size);
    }
    if (!larger || lade__own_text(place, group->item_class)) {
        lade__raise(out, LADE_ENOMEM, "%s: no memory for %zu items", group->linear.gen.kind->name, group->count + 1);
        return LADE_ENOMEM;
    }
    group->count++;
    return 0;
}

static int groupby_each(struct lade_port *port) {
    struct group *group = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    int changed = lade__key_changed(&group->last, &group->by, lade__key_of(&group->by, item, group->key));
    if (changed < 0)
        lade__raise(out, changed, "groupby: no memory for a key");
    if (changed < 0 || (changed && group->count && pass_on(group, out)))
        return LADE_EXIT;
    return append(group, item, port->item_size, out) ? LADE_EXIT : 0;
}

/* Calls the function of the user for this item. Returns true if the source is split at this item. */
static bool is_cut(const struct group *group, const void *item, size_t size) {
    if (group->how != LADE__SPLIT_WHEN)
        return group->call(group->f, item);
    bool (*pair)(const void *, const void *) = (bool (*)(const void *, const void *))group->f;
    return group->count && pair(group->items + (group->count - 1) * size, item);
}

static int split_each(struct lade_port *port) {
    struct group *group = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    const bool cut = is_cut(group, item, port->item_size), after = group->how == LADE__SPLIT_AFTER;
    if (cut && group->how == LADE__SPLIT_AT)
        return pass_on(group, out);
    if (cut && !after && group->count && pass_on(group, out))
        return LADE_EXIT;
    if (append(group, item, port->item_size, out))
        return LADE_EXIT;
    return cut && after ? pass_on(group, out) : 0;
}

static void group_drop(struct lade_gen *g) {
    struct group *group = (struct group *)(void *)g;
    if (group->items)
        clear(group);
    lade__container_free(group->items);
    group->items = NULL;
    lade__last_key_drop(&group->last);
    lade__linear_drop(g);
}

/* Runs the source and calls `each` for each item. At the end, yields the items after the last split as a list. If this
   list is empty, it is yielded only if `may_be_empty` is true. */
static void run(struct lade_gen *self, struct lade_port *out, int (*each)(struct lade_port *), bool may_be_empty) {
    struct group *group = (struct group *)(void *)self;
    struct lade_stage stage = {.out = out, .self = group};
    group->items = lade__container_new(LADE__LIST, group->linear.in.g->item_size, FIRST_GROUP);
    if (group->items) {
        lade__stage_drive(&stage, &group->linear.in, lade__gen_room(self), each);
        if (!out->pending && (group->count || (may_be_empty && !stage.port.pending)))
            pass_on(group, out); /* if the source failed, the items before the error are still yielded */
        lade__pass_exception(&stage.port, out);
    } else {
        lade__raise(out, LADE_ENOMEM, "%s: no memory for %d items", self->kind->name, FIRST_GROUP);
    }
    group_drop(self);
}

static void groupby_run(struct lade_gen *self, struct lade_port *out) {
    run(self, out, groupby_each, false);
}

static void split_run(struct lade_gen *self, struct lade_port *out) {
    run(self, out, split_each, ((const struct group *)(void *)self)->how == LADE__SPLIT_AT);
}

static struct group *group_new(const struct lade_gen_kind *kind, struct lade_gen *g, int owned) {
    struct group *group = lade__linear_new(kind, sizeof(void *), 0, g ? g->item_size : 0, g, owned);
    if (group)
        group->item_class = g->item_class;
    return group;
}

struct lade_gen *lade__groupby(struct lade_gen *g, int owned, const struct lade__by *by) {
    static const struct lade_gen_kind kind = {
        .name = "groupby", .frame_size = sizeof(struct group), .drain = groupby_run, .drop = group_drop};
    struct group *group = group_new(&kind, g, owned);
    if (group)
        group->by = *by;
    return (struct lade_gen *)group;
}

struct lade_gen *lade__split(struct lade_gen *g, int owned, enum lade__split how, lade__predicate *call,
                             lade__function *f) {
    static const struct lade_gen_kind kind = {
        .name = "split", .frame_size = sizeof(struct group), .drain = split_run, .drop = group_drop};
    struct group *group = group_new(&kind, g, owned);
    if (group) {
        group->how = how;
        group->call = call;
        group->f = f;
    }
    return (struct lade_gen *)group;
}
