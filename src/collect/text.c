/*
 * Copies of strings: see text.h. Strings that first(), last(), nth(), min() and max() return are kept in a hash set that
 * all threads share. The set is never freed, because a program may use such a string until it ends.
 */
#include "collect/text.h"

#include "collect/container.h"

#include <string.h>

#include "base/monitor.h"

int lade__copy_text(const char *text, char **copy) {
    *copy = NULL;
    if (!text)
        return LADE_OK;
    size_t size = strlen(text) + 1;
    char *memory = lade_alloc(size);
    if (!memory)
        return LADE_ENOMEM;
    *copy = memcpy(memory, text, size);
    return LADE_OK;
}

void *lade__pack_texts(enum lade__container_kind kind, char **copies, size_t n) {
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += copies[i] ? strlen(copies[i]) + 1 : 0;
    char **items = lade__container_new(kind, sizeof *items, n + (bytes + sizeof *items - 1) / sizeof *items);
    char *at = items ? (char *)(items + n) : NULL;
    for (size_t i = 0; i < n; i++) {
        size_t size = copies[i] ? strlen(copies[i]) + 1 : 0;
        if (items) {
            items[i] = size ? memcpy(at, copies[i], size) : NULL;
            at += size;
        }
        lade_free(copies[i]);
    }
    if (items) {
        lade__container_set_length(items, n);
    }
    return items;
}

/* ---- Strings that are never freed -------------------------------------------------------------------------------- */

static struct lade__monitor monitor = LADE__MONITOR_INITIALIZER;
static struct {
    char **slots; /* open addressing; NULL is a free slot */
    size_t room, used;
} kept_texts;

static size_t hash(const char *text) {
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

static char **slot_of(char **slots, size_t room, const char *text) {
    size_t at = hash(text) & (room - 1);
    while (slots[at] && strcmp(slots[at], text))
        at = (at + 1) & (room - 1);
    return &slots[at];
}

/* Keeps at least half of the slots free. */
static int grow(void) {
    if (2 * (kept_texts.used + 1) <= kept_texts.room)
        return LADE_OK;
    size_t room = kept_texts.room ? 2 * kept_texts.room : 64;
    char **slots = lade_calloc(room, sizeof *slots);
    if (!slots)
        return LADE_ENOMEM;
    for (size_t i = 0; i < kept_texts.room; i++)
        if (kept_texts.slots[i])
            *slot_of(slots, room, kept_texts.slots[i]) = kept_texts.slots[i];
    char **before = kept_texts.slots;
    kept_texts.slots = slots;
    kept_texts.room = room;
    lade_free(before); /* not earlier, because another thread may call fork() at any time */
    return LADE_OK;
}

static int keep_locked(const char *text, const char **kept) {
    if (grow())
        return LADE_ENOMEM;
    char **slot = slot_of(kept_texts.slots, kept_texts.room, text);
    if (!*slot) {
        if (lade__copy_text(text, slot))
            return LADE_ENOMEM;
        kept_texts.used++;
    }
    *kept = *slot;
    return LADE_OK;
}

int lade__keep_text(const char *text, const char **kept) {
    *kept = NULL;
    if (!text)
        return LADE_OK;
    lade__monitor_enter(&monitor);
    int status = keep_locked(text, kept);
    lade__monitor_leave(&monitor);
    return status;
}
