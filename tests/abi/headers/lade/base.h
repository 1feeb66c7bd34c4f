#ifndef LADE_BASE_H
#define LADE_BASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <lade/base/attributes.h>
#include <lade/base/error.h>
#include <lade/base/option.h>
#ifdef __cplusplus
extern "C" {
#endif
#define LADE_VERSION_MAJOR 0
#define LADE_VERSION_MINOR 1
#define LADE_VERSION_PATCH 0
LADE_API const char *lade_version(void);
struct lade_allocator {
    void *(*resize)(void *ctx, void *p, size_t size);
    void (*release)(void *ctx, void *p);
    void *ctx;
};
LADE_API void lade_set_allocator(const struct lade_allocator *allocator);
LADE_API void *lade_alloc(size_t size);
LADE_API void *lade_calloc(size_t count, size_t size);
LADE_API void *lade_realloc(void *p, size_t count, size_t size);
LADE_API char *lade_strdup(const char *s);
LADE_API void lade_free(void *p);
LADE_API void *lade_alloc_aligned(size_t size);
LADE_API void lade_free_aligned(void *p);
LADE_API int lade_set_thread_stack_size(size_t bytes);
#define lade_cleanup(f) __attribute__((cleanup(f), unused))
LADE_API void lade_fclose(FILE **f);
LADE_API void lade_freep(void *pointer_to_pointer);
struct lade_random {
    uint32_t key[2];
    uint32_t counter[4];
    uint32_t block[4];
    unsigned used;
    int has_spare;
    double spare;
};
enum lade_random_purpose {
    LADE_RANDOM_ORDER = 1,
    LADE_RANDOM_AUGMENT = 2,
    LADE_RANDOM_SPLIT = 3,
    LADE_RANDOM_REPLACE = 4,
    LADE_RANDOM_WEIGHTS = 5,
    LADE_RANDOM_DROPOUT = 6,
    LADE_RANDOM_SYNTH = 7,
    LADE_RANDOM_CROP = 8,
    LADE_RANDOM_USER = 1000
};
LADE_API void lade_random_init(struct lade_random *r, uint64_t seed, uint64_t epoch, uint64_t sample, uint32_t purpose);
LADE_API uint32_t lade_random_u32(struct lade_random *r);
LADE_API uint64_t lade_random_u64(struct lade_random *r);
LADE_API double lade_random_double(struct lade_random *r);
LADE_API double lade_random_uniform(struct lade_random *r, double low, double high);
LADE_API uint64_t lade_random_below(struct lade_random *r, uint64_t n);
LADE_API double lade_random_normal(struct lade_random *r);
#ifdef __cplusplus
}
#endif
#endif
