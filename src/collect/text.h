/*
 * Copies of strings in results. The strings of a container are a part of it, and strings of items that are returned
 * alone are kept for the rest of the process.
 */
#ifndef LADE_COLLECT_TEXT_H
#define LADE_COLLECT_TEXT_H

#include <lade/collect.h>

/* Replaces the string of an item by an equal string that is never freed; equal strings share memory. Does nothing to items
   without a string. Any thread. Returns 0 or LADE_ENOMEM; then the string is NULL. */
int lade__keep_text(void *item, int item_class);

/* Makes a container of n items and copies their strings into the container. Returns NULL if there is no memory. The container must not be shrunk, because the strings are stored after its items. */
void *lade__pack_texts(enum lade__container_kind kind, const void *items, size_t n, size_t item_size, int item_class);

/* lade__collect() for items with strings, and for char *, whose strings are copied, too. */
void *lade__collect_texts(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade__key key,
                          struct lade_error *err, struct lade_port *body);

#endif
