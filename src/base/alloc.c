/*
 * Allocates and frees all memory of lade. The program can replace the allocator. The product of a count and a size is
 * checked for overflow. The allocator is never called with the size 0, so that NULL always means failure. This file
 * also defines the cleanup functions for lade_cleanup().
 */
#include <lade/base.h>

#include <stdlib.h>
#include <string.h>

static void *malloc_resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    return realloc(p, size);
}

static void malloc_release(void *ctx, void *p) {
    (void)ctx;
    free(p);
}

static const struct lade_allocator malloc_allocator = {malloc_resize, malloc_release, NULL};
static struct lade_allocator current = {malloc_resize, malloc_release, NULL};

void lade_set_allocator(const struct lade_allocator *allocator) {
    current = allocator ? *allocator : malloc_allocator;
}

void *lade_alloc(size_t size) {
    return current.resize(current.ctx, NULL, size ? size : 1);
}

void *lade_calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    if (current.resize == malloc_resize)
        return calloc(1, bytes ? bytes : 1); /* calloc() does not write to new pages, because they are zero already */
    void *p = lade_alloc(bytes);
    if (p)
        memset(p, 0, bytes);
    return p;
}

void *lade_realloc(void *p, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return current.resize(current.ctx, p, bytes ? bytes : 1);
}

void lade_free(void *p) {
    if (p)
        current.release(current.ctx, p);
}

char *lade_strdup(const char *s) {
    size_t size = strlen(s) + 1;
    char *copy = lade_alloc(size);
    return copy ? memcpy(copy, s, size) : NULL;
}

/* ---- Aligned memory ---------------------------------------------------------------------------------------------- */

enum { ALIGNMENT = 64 };

/* The address that the allocator returned is stored directly before the aligned address. */
void *lade_alloc_aligned(size_t size) {
    size_t bytes;
    if (__builtin_add_overflow(size, ALIGNMENT + sizeof(void *), &bytes))
        return NULL;
    char *given = lade_alloc(bytes);
    if (!given)
        return NULL;
    char *after_pointer = given + sizeof(void *);
    char *p = after_pointer + (-(uintptr_t)after_pointer & (ALIGNMENT - 1));
    memcpy(p - sizeof given, &given, sizeof given);
    return p;
}

void lade_free_aligned(void *p) {
    if (!p)
        return;
    char *given;
    memcpy(&given, (char *)p - sizeof given, sizeof given);
    lade_free(given);
}

/* ---- Cleanup functions ------------------------------------------------------------------------------------------- */

void lade_fclose(FILE **f) {
    if (*f)
        fclose(*f);
    *f = NULL;
}

/* The argument is the address of a pointer of any type. memcpy() is used because a `char **` may not be read as a
   `void **`. */
void lade_freep(void *pointer_to_pointer) {
    void *p;
    memcpy(&p, pointer_to_pointer, sizeof p);
    lade_free(p);
    p = NULL;
    memcpy(pointer_to_pointer, &p, sizeof p);
}
