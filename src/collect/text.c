/*
 * Copies strings. See text.h. Reducers such as first(), last(), nth(), min() and max() return a single item. The string
 * of such an item is copied to a hash set that all threads share. The set is never freed, because a program may use the
 * string until the program ends.
 */
#include "collect/text.h"
#include "base/monitor.h"
#include "collect/container.h"
#include "iter/item_text.h"

#include <string.h>

void *lade__pack_texts(enum lade__container_kind kind, const void *items, size_t n, size_t item_size, int item_class) {
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += lade__text_size((const char *)items + i * item_size, item_class);
    char *packed = lade__container_new(kind, item_size, n + (bytes + item_size - 1) / item_size);
    char *texts = packed ? packed + n * item_size : NULL;
    if (packed && n)
        memcpy(packed, items, n * item_size);
    for (size_t i = 0; packed && i < n; i++) {
        char *item = packed + i * item_size;
        const size_t size = lade__text_size(item, item_class);
        if (!size)
            continue;
        memcpy(texts, lade__text_of(item), size);
        memcpy(item, &texts, sizeof texts);
        texts += size;
    }
    if (packed)
        lade__container_set_length(packed, n);
    return packed;
}

/* ---- Strings that are never freed -------------------------------------------------------------------------------- */

struct kept {
    char *text; /* NULL: the slot is free */
    size_t size;
};

static struct lade__monitor monitor = LADE__MONITOR_INITIALIZER;
static struct {
    struct kept *slots; /* open addressing */
    size_t room, used;
} kept_texts;

static size_t hash(const char *text, size_t size) {
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

static struct kept *slot_of(struct kept *slots, size_t room, const char *text, size_t size) {
    size_t at = hash(text, size) & (room - 1);
    while (slots[at].text && (slots[at].size != size || memcmp(slots[at].text, text, size)))
        at = (at + 1) & (room - 1);
    return &slots[at];
}

/* Enlarges the table if less than half of the slots would be free after one more string is added. Returns LADE_OK or
   LADE_ENOMEM. */
static int grow(void) {
    if (2 * (kept_texts.used + 1) <= kept_texts.room)
        return LADE_OK;
    size_t room = kept_texts.room ? 2 * kept_texts.room : 64;
    struct kept *slots = lade_calloc(room, sizeof *slots);
    if (!slots)
        return LADE_ENOMEM;
    for (size_t i = 0; i < kept_texts.room; i++) {
        const struct kept old = kept_texts.slots[i];
        if (old.text)
            *slot_of(slots, room, old.text, old.size) = old;
    }
    struct kept *before = kept_texts.slots;
    kept_texts.slots = slots;
    kept_texts.room = room;
    lade_free(before); /* after the assignments, because another thread may call fork() at any time */
    return LADE_OK;
}

/* Returns the string in the set that equals the string of an item. Adds a copy if necessary. Returns NULL if there is
   no memory. The caller must have entered the monitor. */
static const char *keep_locked(void *item, int item_class) {
    const size_t size = lade__text_size(item, item_class);
    if (grow())
        return NULL;
    struct kept *slot = slot_of(kept_texts.slots, kept_texts.room, lade__text_of(item), size);
    if (!slot->text && !lade__own_text(item, item_class)) {
        *slot = (struct kept){lade__text_of(item), size};
        kept_texts.used++;
    }
    return slot->text;
}

int lade__keep_text(void *item, int item_class) {
    if (!lade__has_text(item_class) || !lade__text_of(item))
        return LADE_OK;
    lade__monitor_enter(&monitor);
    const char *kept = keep_locked(item, item_class);
    lade__monitor_leave(&monitor);
    memcpy(item, &kept, sizeof kept);
    return kept ? LADE_OK : LADE_ENOMEM;
}

/* ---- reduce ------------------------------------------------------------------------------------------------------ */

int lade__reduce_own(void *so_far, int item_class, char **copy, struct lade_loop *loop) {
    const int status = lade__renew_text(so_far, item_class, *copy);
    *copy = lade__text_of(so_far);
    if (status)
        lade__reduce_failed(loop->err, loop->body);
    return status;
}

int lade__reduce_end(void *so_far, int item_class, char **copy) {
    const int status = *copy ? lade__keep_text(so_far, item_class) : LADE_OK;
    lade_free(*copy);
    return status;
}

void lade__reduce_failed(struct lade_error *err, struct lade_port *body) {
    struct lade_port carrier = {.item_size = 1};
    lade__raise(&carrier, LADE_ENOMEM, "reduce: no memory for a string");
    lade__deliver(&carrier, err, body);
}
