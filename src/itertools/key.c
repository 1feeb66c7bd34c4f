/*
 * Compares the keys of consecutive items. A string is copied, because the memory of an item is valid only until the
 * next item is requested.
 */
#include "itertools/key.h"

int lade__key_changed(struct lade__last_key *last, const struct lade__by *by, const void *key) {
    if (last->known && !by->compare(key, last->key))
        return 0;
    const char *text = NULL;
    char *copy = NULL;
    if (lade__is_string(by->type))
        memcpy(&text, key, sizeof text);
    if (text && !(copy = lade_strdup(text)))
        return LADE_ENOMEM;
    lade_free(last->text);
    last->text = copy;
    last->known = true;
    if (text)
        memcpy(last->key, &copy, sizeof copy);
    else
        memcpy(last->key, key, by->size);
    return 1;
}

void lade__last_key_drop(struct lade__last_key *last) {
    lade_free(last->text);
    last->text = NULL;
    last->known = false;
}
