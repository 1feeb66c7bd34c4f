/*
 * Makes, reshapes and frees containers. A container is a pointer to its items. A header before the items contains the
 * number of items, the kind of the container and its shape. So C code can use a container as an array, and a generator
 * can store its items directly in the container.
 *
 * lade__is_marked() reads the memory before a pointer that may point to anything. This memory can be read if it is in
 * the same page as the address in the pointer. So lade__is_marked() returns false for an address at the start of a
 * page, and the first item of a container is never at such an address. If necessary, the header of the container is
 * moved by STEP bytes.
 */
#include "collect/container.h"

#include <string.h>

#define MARK ((uintptr_t)0x6c616465) /* "lade" */
enum { SMALLEST_PAGE = 4096, STEP = _Alignof(struct lade_header), MOST_SPARE = STEP };

_Static_assert(offsetof(struct lade_header, mark) >= sizeof(struct lade_header) - STEP,
               "the mark is in the last STEP bytes before the items");

__attribute__((no_sanitize("address"))) bool lade__is_marked(const void *items) {
    return (uintptr_t)items % STEP == 0 && (uintptr_t)items % SMALLEST_PAGE != 0 &&
           lade__header(items)->mark == ((uintptr_t)items ^ MARK);
}

/* Returns the number of unused bytes before the header of a block. */
static size_t spare_before(const void *block) {
    return ((uintptr_t)block + sizeof(struct lade_header)) % SMALLEST_PAGE ? 0 : STEP;
}

static void *block_of(struct lade_header *header) {
    return (char *)header - header->spare;
}

/* Returns the size of the block of a container, or 0 if this size is too large. The block has one byte after the
   items, for the 0 at the end of a list of char. */
static size_t block_size(size_t item_size, size_t capacity) {
    const size_t other = sizeof(struct lade_header) + MOST_SPARE + 1;
    return capacity > (SIZE_MAX / 2 - other) / item_size ? 0 : other + capacity * item_size;
}

/* Sets the fields of the header that depend on the address and the size of `block`. Returns the address of the items.
   */
static void *mark(void *block, size_t capacity) {
    struct lade_header *header = (struct lade_header *)(void *)((char *)block + spare_before(block));
    header->spare = spare_before(block);
    header->capacity = capacity;
    header->mark = (uintptr_t)(header + 1) ^ MARK;
    return header + 1;
}

void *lade__container_new(enum lade__container_kind kind, size_t item_size, size_t capacity) {
    const size_t size = block_size(item_size, capacity);
    char *block = size ? lade_alloc(size) : NULL;
    if (!block)
        return NULL;
    *(struct lade_header *)(void *)(block + spare_before(block)) =
        (struct lade_header){.item_size = item_size, .kind = kind, .ndim = 1};
    return mark(block, capacity);
}

void *lade__container_grow(void *items, size_t capacity) {
    const struct lade_header *header = lade__header(items);
    const size_t item_size = header->item_size, spare = header->spare, size = block_size(item_size, capacity);
    const size_t used = sizeof *header + (header->capacity < capacity ? header->capacity : capacity) * item_size;
    char *block = size ? lade_realloc(block_of(lade__header(items)), 1, size) : NULL;
    if (!block)
        return NULL;
    if (spare_before(block) != spare)
        memmove(block + spare_before(block), block + spare, used);
    return mark(block, capacity);
}

void lade__container_set_length(void *items, size_t length) {
    struct lade_header *header = lade__header(items);
    header->length = length;
    header->shape[0] = (int64_t)length;
    if (header->item_size == 1)
        ((char *)items)[length] = '\0';
}

void *lade__container_finish(void *items, size_t length) {
    if (lade__header(items)->capacity > length) {
        void *smaller = lade__container_grow(items, length);
        items = smaller ? smaller : items;
    }
    lade__container_set_length(items, length);
    return items;
}

void lade__container_free(void *items) {
    if (!items)
        return;
    lade__header(items)->mark = 0;
    lade_free(block_of(lade__header(items)));
}

void lade__container_auto_end(void *pointer) {
    void *items;
    memcpy(&items, pointer, sizeof items);
    lade__container_free(items);
}

/* Frees the container if it is temporary. Returns `value`. */
static size_t then_free(void *items, int temporary, size_t value) {
    if (temporary)
        lade__container_free(items);
    return value;
}

size_t lade__len(const void *items, int temporary) {
    return items ? then_free((void *)(uintptr_t)items, temporary, lade__header(items)->length) : 0;
}

int lade__ndim(const void *items) {
    return items ? lade__header(items)->ndim : 0;
}

const int64_t *lade__shape(const void *items) {
    return items ? lade__header(items)->shape : NULL;
}

/* Searches a sorted set or dict with a binary search. Stores in *at the index of the first item that is not less than
   the value. Returns true if this item equals the value. */
static bool binary_search(const struct lade_header *header, const char *items, const void *value, struct lade__key key,
                          size_t *at) {
    size_t low = 0, high = header->length;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key.compare(items + middle * header->item_size + key.offset, value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *at = low;
    return low < header->length && !key.compare(items + low * header->item_size + key.offset, value);
}

bool lade__contains(const void *items, int temporary, const void *value, lade__comparator *compare) {
    if (!items)
        return false;
    const struct lade_header *header = lade__header(items);
    size_t at = 0;
    bool found = false;
    if (header->kind == LADE__SET) {
        found = binary_search(header, items, value, (struct lade__key){0, compare}, &at);
    } else {
        for (const char *item = items; !found && at < header->length; at++, item += header->item_size)
            found = compare ? !compare(item, value) : !memcmp(item, value, header->item_size);
    }
    return then_free((void *)(uintptr_t)items, temporary, found);
}

void *lade__dict_get(const void *items, const void *key, struct lade__key how) {
    size_t at;
    if (!items || !binary_search(lade__header(items), items, key, how, &at))
        return NULL;
    return (char *)(uintptr_t)items + at * lade__header(items)->item_size;
}

static int shape_error(const struct lade_header *header, int ndim, const int64_t *shape, struct lade_error *err) {
    char text[256];
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < ndim && used < sizeof text - 24; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%lld", i ? ", " : "", (long long)shape[i]);
    return lade_error_set(err, LADE_EINVAL, "reshape: %zu items do not fit the shape (%s)", header->length, text);
}

/* Copies the shape and replaces a size of -1 by the computed size. Returns 0. If the number of items does not fit the
   shape, fills *err and returns LADE_EINVAL. */
static int resolve_shape(const struct lade_header *header, int ndim, const int64_t *shape, int64_t *out,
                         struct lade_error *err) {
    size_t known = 1;
    int open = -1;
    for (int i = 0; i < ndim && i < LADE_MAX_DIMS; i++) {
        out[i] = shape[i];
        if (shape[i] == -1 && open < 0)
            open = i;
        else if (shape[i] < 0 || __builtin_mul_overflow(known, (size_t)shape[i], &known))
            return shape_error(header, ndim, shape, err);
    }
    if (open >= 0 && known && header->length % known == 0) {
        out[open] = (int64_t)(header->length / known);
        known = header->length;
    } else if (open >= 0) {
        return shape_error(header, ndim, shape, err);
    }
    return ndim > 0 && ndim <= LADE_MAX_DIMS && known == header->length ? LADE_OK
                                                                        : shape_error(header, ndim, shape, err);
}

void *lade__reshape(void *items, int temporary, int ndim, const int64_t *shape) {
    if (!items)
        return NULL;
    struct lade_header *header = lade__header(items);
    struct lade_error err = {0};
    int64_t resolved[LADE_MAX_DIMS] = {0};
    if (resolve_shape(header, ndim, shape, resolved, &err)) {
        lade_unhandled(&err);
        then_free(items, temporary, 0);
        return NULL;
    }
    memcpy(header->shape, resolved, sizeof resolved);
    header->ndim = ndim;
    header->kind = LADE__ARRAY;
    return items;
}

static void free_items(void *items) {
    lade__container_free(items);
}

struct lade_tensor *lade__to_tensor(void *items, int temporary, int type) {
    if (!items)
        return NULL;
    if (type == LADE__BOOL)
        type = LADE_UINT8;
    else if (type == LADE__CHAR)
        type = (char)-1 < 0 ? LADE_INT8 : LADE_UINT8;
    const struct lade_header *header = lade__header(items);
    struct lade_tensor *t =
        type < 0 ? NULL
                 : lade_tensor_wrap(items, (enum lade_dtype)type, header->ndim, header->shape, free_items, items);
    if (!t)
        then_free(items, temporary, 0);
    return t;
}
