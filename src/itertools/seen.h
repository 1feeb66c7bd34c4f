/*
 * A hash set of keys. unique_everseen() uses this set to find the items that have occurred before. The set contains
 * copies of the keys. If the keys are strings, the set also copies the text of the strings.
 */
#ifndef LADE_ITERTOOLS_SEEN_H
#define LADE_ITERTOOLS_SEEN_H

#include <lade/itertools.h>

struct lade__seen {
    size_t count, capacity; /* capacity is 0, or a power of two that is greater than count */
    size_t size;            /* size of a key in bytes */
    enum lade__type type;
    lade__comparator *compare;
    uint64_t *hashes; /* 0 marks a free place */
    char *keys;
};

/* Adds a key. Returns 1 if the key is new, 0 if the set already contains an equal key, or LADE_ENOMEM. */
int lade__seen_add(struct lade__seen *seen, const void *key);

/* Frees the keys. The set is empty afterwards. */
void lade__seen_drop(struct lade__seen *seen);

#endif
