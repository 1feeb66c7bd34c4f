/*
 * Copies the strings of results. A container includes copies of the strings of its items. If the result is a single
 * item, a copy of the item's string exists until the process ends.
 */
#ifndef LADE_COLLECT_TEXT_H
#define LADE_COLLECT_TEXT_H

#include <lade/collect.h>

/* Replaces the string of an item by an equal string that is never freed. Equal strings share memory. Does nothing to
   items without a string. Returns 0. If there is no memory, sets the string to NULL and returns LADE_ENOMEM. Any
   thread. */
int lade__keep_text(void *item, int item_class);

/* Makes a container of n items and copies their strings into the container. Returns NULL if there is no memory. The
   container must not be shrunk, because the strings are stored after its items. */
void *lade__pack_texts(enum lade__container_kind kind, const void *items, size_t n, size_t item_size, int item_class);

/* Does the same as lade__collect() for items with strings. Also copies the strings of items of type char *. */
void *lade__collect_texts(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade__key key,
                          struct lade_error *err, struct lade_port *body);

#endif
