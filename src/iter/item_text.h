/*
 * Copies the strings of items. An item of type const char *, struct lade_dir_entry or struct lade_line begins with a
 * pointer to a string, which is valid until the next item is requested. A combinator or container that keeps such an
 * item must copy the string. The field item_class of a generator shows whether its items have such a type.
 */
#ifndef LADE_ITER_ITEM_TEXT_H
#define LADE_ITER_ITEM_TEXT_H

#include <lade/gen.h>

static inline bool lade__has_text(int item_class) {
    return item_class >= LADE__TEXTS;
}

/* Returns the string of an item. */
static inline char *lade__text_of(const void *item) {
    char *text;
    __builtin_memcpy(&text, item, sizeof text);
    return text;
}

/* Returns the size of the string of an item, including the NUL byte at its end. Returns 0 if the string is NULL or
   the item has no string. */
size_t lade__text_size(const void *item, int item_class);

/* Replaces the string of an item by a copy. Does nothing to items without a string. Returns 0. If there is no
   memory, sets the string to NULL and returns LADE_ENOMEM. */
int lade__own_text(void *item, int item_class);

/* Does the same as lade__own_text() for an item whose new value was computed from its old value, for example the total
   of accumulate(). `old` is the string of the old value, or NULL. If the string of the new value is also `old`, does
   nothing. Otherwise replaces the string of the new value by a copy, and frees `old`. */
int lade__renew_text(void *item, int item_class, char *old);

/* Frees the string of an item and sets the string to NULL. The string must be a copy that the item owns. Does nothing
   to items without a string. */
void lade__free_text(void *item, int item_class);

/* Does the same as lade__free_text() for each of n items of item_size bytes. */
void lade__free_texts(void *items, size_t n, size_t item_size, int item_class);

#endif
