/*
 * Implements item_text.h. The pointer to the string is the first member of struct lade_line and struct lade_dir_entry.
 */
#include "iter/item_text.h"

#include <lade/iter.h>
#include <string.h>

_Static_assert(offsetof(struct lade_line, text) == 0 && offsetof(struct lade_dir_entry, name) == 0,
               "the string is the first member");

size_t lade__text_size(const void *item, int item_class) {
    const char *text = lade__has_text(item_class) ? lade__text_of(item) : NULL;
    if (!text)
        return 0;
    return 1 + (item_class == LADE__LINES ? ((const struct lade_line *)item)->length : strlen(text));
}

int lade__own_text(void *item, int item_class) {
    const size_t size = lade__text_size(item, item_class);
    if (!size)
        return LADE_OK;
    char *copy = lade_alloc(size);
    if (copy)
        memcpy(copy, lade__text_of(item), size);
    memcpy(item, &copy, sizeof copy);
    return copy ? LADE_OK : LADE_ENOMEM;
}

int lade__renew_text(void *item, int item_class, char *old) {
    if (!lade__has_text(item_class) || (old && lade__text_of(item) == old))
        return LADE_OK;
    int status = lade__own_text(item, item_class);
    lade_free(old); /* after the copy is made, because the new string may be a part of `old` */
    return status;
}

void lade__free_text(void *item, int item_class) {
    static char *const none = NULL;
    if (!lade__has_text(item_class))
        return;
    lade_free(lade__text_of(item));
    memcpy(item, &none, sizeof none);
}

void lade__free_texts(void *items, size_t n, size_t item_size, int item_class) {
    for (size_t i = 0; lade__has_text(item_class) && i < n; i++)
        lade__free_text((char *)items + i * item_size, item_class);
}
