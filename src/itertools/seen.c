/*
 * Implements seen.h with a hash table that uses open addressing and linear probing. At most half of the places in the
 * table are used. Equal keys have equal hashes. The numbers 0 and -0 are equal keys, and all NaNs are equal keys. A
 * lade__comparator has the same rules.
 */
#include "itertools/seen.h"

#include "itertools/key.h"

#include <string.h>

static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
    return x ^ (x >> 32);
}

static uint64_t hash_bytes(const char *bytes, size_t n) {
    uint64_t hash = n;
    for (; n >= 8; bytes += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        hash = mix(hash ^ word) + 0x9e3779b97f4a7c15u;
    }
    uint64_t word = 0;
    memcpy(&word, bytes, n);
    return mix(hash ^ word);
}

static uint64_t hash_double(double x) {
    x = x != x ? 0.5 : x == 0 ? 0 : x;
    return hash_bytes((const char *)&x, sizeof x);
}

/* Returns the hash of a key, which is never 0. */
static uint64_t hash_of(const struct lade__seen *seen, const void *key) {
    uint64_t hash;
    const char *text;
    if (lade__is_string(seen->type)) {
        memcpy(&text, key, sizeof text);
        hash = text ? hash_bytes(text, strlen(text)) : 1;
    } else if (seen->type == LADE__TYPE_double) {
        hash = hash_double(*(const double *)key);
    } else if (seen->type == LADE__TYPE_float) {
        hash = hash_double((double)*(const float *)key);
    } else if (seen->type == LADE__TYPE_ldouble) {
        hash = hash_double((double)*(const long double *)key);
    } else {
        hash = hash_bytes(key, seen->size);
    }
    return hash ? hash : 1;
}

/* Returns the index of the place that contains an equal key. If the set contains no equal key, returns the index of the
   free place in which the new key can be stored. */
static size_t place_of(const struct lade__seen *seen, const void *key, uint64_t hash) {
    size_t at = (size_t)hash & (seen->capacity - 1);
    while (seen->hashes[at] && (seen->hashes[at] != hash || seen->compare(seen->keys + at * seen->size, key)))
        at = (at + 1) & (seen->capacity - 1);
    return at;
}

static int grow(struct lade__seen *seen) {
    struct lade__seen larger = *seen;
    larger.capacity = seen->capacity ? 2 * seen->capacity : 32;
    larger.hashes = lade_calloc(larger.capacity, sizeof *larger.hashes);
    larger.keys = lade_calloc(larger.capacity, seen->size);
    if (!larger.hashes || !larger.keys) {
        lade_free(larger.hashes);
        lade_free(larger.keys);
        return LADE_ENOMEM;
    }
    for (size_t i = 0; i < seen->capacity; i++) {
        if (!seen->hashes[i])
            continue;
        size_t at = (size_t)seen->hashes[i] & (larger.capacity - 1);
        while (larger.hashes[at])
            at = (at + 1) & (larger.capacity - 1);
        larger.hashes[at] = seen->hashes[i];
        memcpy(larger.keys + at * seen->size, seen->keys + i * seen->size, seen->size);
    }
    lade_free(seen->hashes);
    lade_free(seen->keys);
    *seen = larger;
    return 0;
}

int lade__seen_add(struct lade__seen *seen, const void *key) {
    if (2 * (seen->count + 1) > seen->capacity && grow(seen))
        return LADE_ENOMEM;
    const uint64_t hash = hash_of(seen, key);
    const size_t at = place_of(seen, key, hash);
    char *place = seen->keys + at * seen->size;
    if (seen->hashes[at])
        return 0;
    const char *text = NULL;
    if (lade__is_string(seen->type))
        memcpy(&text, key, sizeof text);
    if (text) {
        char *copy = lade_strdup(text);
        if (!copy)
            return LADE_ENOMEM;
        memcpy(place, &copy, sizeof copy);
    } else {
        memcpy(place, key, seen->size);
    }
    seen->hashes[at] = hash;
    seen->count++;
    return 1;
}

void lade__seen_drop(struct lade__seen *seen) {
    for (size_t i = 0; lade__is_string(seen->type) && i < seen->capacity; i++) {
        char *text;
        memcpy(&text, seen->keys + i * seen->size, sizeof text);
        lade_free(text); /* NULL in a free place */
    }
    lade_free(seen->hashes);
    lade_free(seen->keys);
    seen->hashes = NULL;
    seen->keys = NULL;
    seen->count = seen->capacity = 0;
}
