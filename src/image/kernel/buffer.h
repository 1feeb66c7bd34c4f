/*
 * image/kernel/buffer.h - manages a memory block that is reused from one image to the next. The block grows to the
 * largest size that was needed. The content of the block is not cleared.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_BUFFER_H
#define LADE_SRC_IMAGE_KERNEL_BUFFER_H

#include <lade/base.h>

struct lade__buffer {
    void *data;      /* aligned to 64 bytes */
    size_t capacity; /* size of `data` in bytes */
};

/*
 * lade__buffer_need() - returns a block of at least @rows * @row_bytes bytes, whose content is undefined. The buffer
 * owns the block. The block of the previous call becomes invalid.
 *
 * Returns NULL if there is no memory or the product overflows. @b can be used again after an error.
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
