/*
 * Makes containers with copies of strings. While the generator runs, the strings are appended to one block of memory, and
 * their offsets to another block. At the end, one container is made: it contains the pointers, and after them the strings.
 */
#include "collect/container.h"

#include <string.h>

struct texts {
    struct lade_port port;
    const char *slot; /* the window of one item: the item that the generator yielded last */
    char *bytes;
    size_t used, room;
    size_t *places, count, capacity;
    int status;
};

static int reserve(void **block, size_t *capacity, size_t wanted, size_t item_size) {
    if (wanted <= *capacity)
        return LADE_OK;
    size_t larger = wanted > 2 * *capacity ? wanted : 2 * *capacity;
    void *grown = lade_realloc(*block, larger, item_size);
    if (!grown)
        return LADE_ENOMEM;
    *block = grown;
    *capacity = larger;
    return LADE_OK;
}

/* Appends a copy of `text`. For NULL, stores SIZE_MAX as the offset. */
static int append(struct texts *t, const char *text) {
    size_t size = text ? strlen(text) + 1 : 0;
    void *bytes = t->bytes, *places = t->places;
    int status = reserve(&bytes, &t->room, t->used + size, 1);
    t->bytes = bytes;
    if (!status)
        status = reserve(&places, &t->capacity, t->count + 1, sizeof *t->places);
    t->places = places;
    if (status)
        return status;
    t->places[t->count++] = text ? t->used : SIZE_MAX;
    if (size)
        memcpy(t->bytes + t->used, text, size);
    t->used += size;
    return LADE_OK;
}

static int texts_full(struct lade_port *port) {
    struct texts *t = (struct texts *)(void *)port;
    port->p = (char *)&t->slot;
    t->status = append(t, t->slot);
    return t->status ? LADE_EXIT : 0;
}

static void *to_container(struct texts *t, enum lade__container_kind kind) {
    size_t in_pointers =
        (t->used + sizeof(char *) - 1) / sizeof(char *); /* memory for the strings, in units of items */
    const char **items = lade__container_new(kind, sizeof *items, t->count + in_pointers);
    if (!items)
        return NULL;
    char *bytes = (char *)(items + t->count);
    if (t->used)
        memcpy(bytes, t->bytes, t->used);
    for (size_t i = 0; i < t->count; i++)
        items[i] = t->places[i] == SIZE_MAX ? NULL : bytes + t->places[i];
    lade__container_set_length(items, t->count);
    if (kind == LADE__SET && lade__sort_unique(items, (struct lade__key){0, lade__comparator_for(LADE__TYPE_string)})) {
        lade__container_free(items);
        return NULL;
    }
    return items;
}

void *lade__strings(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade_error *err,
                    struct lade_port *body) {
    struct texts t = {.port = {.full = texts_full, .item_size = sizeof t.slot}};
    t.port.p = (char *)&t.slot;
    t.port.end = t.port.p + sizeof t.slot;
    lade__run(g, LADE__WHOLE | (owned ? LADE__OWNED : 0), &t.port);
    void *items = t.status || t.port.pending ? NULL : to_container(&t, kind);
    if (t.status || (!items && !t.port.pending)) {
        t.port.pending = 0;
        lade__raise(&t.port, LADE_ENOMEM, "out of memory while copying strings");
    }
    lade_free(t.bytes);
    lade_free(t.places);
    lade__deliver(&t.port, err, body);
    return items;
}
