/*
 * Computes the keys of items. A key is the result of a function of the user, or the item itself. Keys are used to sort,
 * to group and to find duplicates.
 */
#ifndef LADE_ITERTOOLS_KEY_H
#define LADE_ITERTOOLS_KEY_H

#include <lade/itertools.h>

#include <string.h>

/* Returns the key of an item. `room` points to memory for a key of by->size bytes. */
static inline const void *lade__key_of(const struct lade__by *by, const void *item, void *room) {
    if (!by->call)
        return item;
    by->call(by->f, item, room);
    return room;
}

/* Returns true for const char * and char *. */
static inline bool lade__is_string(enum lade__type type) {
    return type == LADE__TYPE_string || type == LADE__TYPE_text;
}

/* Returns the size of a key in an array of keys. Each key is aligned to 16 bytes. */
static inline size_t lade__key_stride(const struct lade__by *by) {
    return (by->size + 15) & ~(size_t)15;
}

/* The key of the previous item, for generators that compare consecutive items. Initialise it with {0}. */
struct lade__last_key {
    bool known;
    char *text; /* a copy of a string key */
    _Alignas(16) char key[LADE__MOST_KEY];
};

/* Compares a key with the key of the previous item. Returns 0 if the keys are equal. If they differ, or if there is no
   previous item, stores the new key in *last and returns 1. Returns LADE_ENOMEM if there is no memory. */
int lade__key_changed(struct lade__last_key *last, const struct lade__by *by, const void *key);

void lade__last_key_drop(struct lade__last_key *last);

#endif
