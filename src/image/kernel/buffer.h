/*
 * image/kernel/buffer.h - memory that a decoder reuses. It grows to the size of the largest image and is not cleared.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_BUFFER_H
#define LADE_SRC_IMAGE_KERNEL_BUFFER_H

#include <lade/base.h>

struct lade__buffer {
    void *data; /* aligned to 64 */
    size_t capacity;
};

/*
 * lade__buffer_need() - at least @rows * @row_bytes bytes of undefined content. The memory of the previous call becomes
 * invalid.
 *
 * Returns the memory, which the buffer owns, or NULL if there is no memory or the product overflows. @b can be used
 * again.
 */
static inline void *lade__buffer_need(struct lade__buffer *b, size_t rows, size_t row_bytes) {
    size_t size;
    if (__builtin_mul_overflow(rows, row_bytes, &size))
        return NULL;
    if (size > b->capacity || !b->data) {
        lade_free_aligned(b->data);
        b->capacity = 0;
        b->data = lade_alloc_aligned(size);
        if (b->data)
            b->capacity = size;
    }
    return b->data;
}

static inline void lade__buffer_release(struct lade__buffer *b) {
    lade_free_aligned(b->data);
    *b = (struct lade__buffer){0};
}

#endif
