/*
 * Copies of strings. An item of type const char * is valid until the next item, and often points into memory that its
 * generator frees. So every result that outlives the item is a copy: the strings of a container are a part of it, and
 * strings that are returned alone are kept for the rest of the process.
 */
#ifndef LADE_COLLECT_TEXT_H
#define LADE_COLLECT_TEXT_H

#include <lade/collect.h>

/* Copies a string. The copy must be freed with lade_free(). The copy of NULL is NULL. Returns 0 or LADE_ENOMEM. */
int lade__copy_text(const char *text, char **copy);

/* Stores a string that equals @text and is never freed; equal strings share it. NULL for NULL. Any thread. Returns 0 or
   LADE_ENOMEM. */
int lade__keep_text(const char *text, const char **kept);

/* Copies strings that lade__copy_text() made into one container, and always frees the strings. Returns NULL if there is
   no memory. The container must not be shrunk, because the strings are stored after its items. */
void *lade__pack_texts(enum lade__container_kind kind, char **copies, size_t n);

#endif
