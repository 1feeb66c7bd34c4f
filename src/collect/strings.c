/*
 * Makes containers with copies of strings. While the generator runs, the strings are appended to one block of memory,
 * and the items to another block. In each item, the pointer to the string is replaced by the offset of the string. At
 * the end, the items and then the strings are copied to one container.
 */
#include "collect/container.h"
#include "collect/text.h"
#include "collect/window.h"
#include "iter/item_text.h"

struct texts {
    struct lade_port port;
    int item_class;
    char *bytes;
    size_t used, room;
    char *items;
    size_t count, capacity;
    int status;
};

static int reserve(char **block, size_t *capacity, size_t wanted, size_t item_size) {
    if (wanted <= *capacity)
        return LADE_OK;
    size_t larger = wanted > 2 * *capacity ? wanted : 2 * *capacity;
    char *grown = lade_realloc(*block, larger, item_size);
    if (!grown)
        return LADE_ENOMEM;
    *block = grown;
    *capacity = larger;
    return LADE_OK;
}

/* Appends an item and a copy of its string. If the string is NULL, stores the offset UINTPTR_MAX. */
static int append(struct texts *t, const char *item) {
    const size_t size = lade__text_size(item, t->item_class), item_size = t->port.item_size;
    const uintptr_t offset = size ? t->used : UINTPTR_MAX;
    if (reserve(&t->bytes, &t->room, t->used + size, 1) || reserve(&t->items, &t->capacity, t->count + 1, item_size))
        return LADE_ENOMEM;
    char *place = t->items + t->count++ * item_size;
    memcpy(place, item, item_size);
    memcpy(place, &offset, sizeof offset);
    if (size)
        memcpy(t->bytes + t->used, lade__text_of(item), size);
    t->used += size;
    return LADE_OK;
}

static int texts_full(struct lade_port *port) {
    struct texts *t = (struct texts *)(void *)port;
    port->p -= port->item_size;
    t->status = append(t, port->p);
    return t->status ? LADE_EXIT : 0;
}

static void *to_container(struct texts *t, enum lade__container_kind kind, struct lade__key key) {
    const size_t item_size = t->port.item_size;
    const size_t for_texts = (t->used + item_size - 1) / item_size; /* number of items that need as much memory as the
                                                                       strings */
    char *items = lade__container_new(kind, item_size, t->count + for_texts);
    if (!items)
        return NULL;
    char *bytes = items + t->count * item_size;
    if (t->count)
        memcpy(items, t->items, t->count * item_size);
    if (t->used)
        memcpy(bytes, t->bytes, t->used);
    for (size_t i = 0; i < t->count; i++) {
        uintptr_t offset;
        memcpy(&offset, items + i * item_size, sizeof offset);
        char *text = offset == UINTPTR_MAX ? NULL : bytes + offset;
        memcpy(items + i * item_size, &text, sizeof text);
    }
    lade__container_set_length(items, t->count);
    if ((kind == LADE__SET || kind == LADE__DICT) && lade__sort_unique(items, key)) {
        lade__container_free(items);
        return NULL;
    }
    return items;
}

void *lade__collect_texts(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade__key key,
                          struct lade_error *err, struct lade_port *body) {
    const int item_class = g && lade__has_text(g->item_class) ? g->item_class : LADE__TEXTS; /* the items are char * */
    struct texts t = {.port = {.full = texts_full, .item_size = g ? g->item_size : sizeof(char *)},
                      .item_class = item_class};
    lade__window_of_one(&t.port, g);
    lade__run(g, lade__run_whole(owned), &t.port);
    void *items = t.status || t.port.pending ? NULL : to_container(&t, kind, key);
    if (t.status || (!items && !t.port.pending)) {
        t.port.pending = 0;
        lade__raise(&t.port, LADE_ENOMEM, "out of memory while copying strings");
    }
    lade_free(t.bytes);
    lade_free(t.items);
    lade__deliver(&t.port, err, body);
    return items;
}

void *lade__strings(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body) {
    return lade__collect_texts(g, owned, LADE__LIST, (struct lade__key){0}, err, body);
}
