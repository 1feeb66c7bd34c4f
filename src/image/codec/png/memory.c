/*
 * Manages the memory of libspng. All blocks are in a list, because spng_ctx_free() of libspng 0.7 reads beyond the end
 * of an array if an allocation has failed while libspng stored a comment. In this case, the blocks are freed without
 * libspng.
 */
#include "image/codec/png/memory.h"

/* Precedes each block. */
struct block {
    struct block *next, *before;
    max_align_t content[];
};

static _Thread_local struct block blocks; /* the list, which is a ring */
static _Thread_local bool any_failed;

/* Adds a block to the list and returns its content. */
static void *link_block(struct block *b) {
    if (!b) {
        any_failed = true;
        return NULL;
    }
    b->next = &blocks;
    b->before = blocks.before;
    b->next->before = b->before->next = b;
    return b->content;
}

static struct block *unlink_block(void *content) {
    struct block *b = (struct block *)((char *)content - offsetof(struct block, content));
    b->next->before = b->before;
    b->before->next = b->next;
    return b;
}

static void *get_cleared(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - sizeof(struct block))
        return link_block(NULL);
    return link_block(lade_calloc(1, sizeof(struct block) + bytes));
}

static void *get_memory(size_t size) {
    return link_block(size > SIZE_MAX - sizeof(struct block) ? NULL : lade_alloc(sizeof(struct block) + size));
}

static void *resize_memory(void *content, size_t size) {
    if (!content)
        return get_memory(size);
    struct block *old = unlink_block(content), *b = NULL;
    if (size <= SIZE_MAX - sizeof(struct block))
        b = lade_realloc(old, 1, sizeof(struct block) + size);
    if (!b)
        link_block(old);
    return link_block(b);
}

static void free_memory(void *content) {
    if (content)
        lade_free(unlink_block(content));
}

struct spng_alloc lade__png_memory_start(void) {
    blocks.next = blocks.before = &blocks;
    any_failed = false;
    return (struct spng_alloc){get_memory, resize_memory, get_cleared, free_memory};
}

bool lade__png_memory_failed(void) {
    return any_failed;
}

void lade__png_memory_free(spng_ctx *spng) {
    if (!any_failed)
        spng_ctx_free(spng);
    while (blocks.next != &blocks)
        free_memory(blocks.next->content);
}
