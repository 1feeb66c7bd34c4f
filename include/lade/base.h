/*
 * lade/base.h - declarations that all other headers use: status codes, errors, memory, random numbers.
 *
 * Functions return LADE_OK (0) or a negative `enum lade_status`. The details of an error are stored in a `struct
 * lade_error` that belongs to the caller. A caller that does not need the details passes NULL. The library never calls
 * exit() or abort(). The library prints nothing, with one exception: an error that no caller can receive is passed to a
 * hook function, and the default hook prints the error to stderr (see lade_set_unhandled_hook()).
 *
 *     struct lade_error err = {0};
 *     if (lade_tensor_write_npy(t, "t.npy", &err) < 0)
 *         fprintf(stderr, "%s\n", err.message);
 */
#ifndef LADE_BASE_H
#define LADE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <lade/base/attributes.h>
#include <lade/base/error.h>
#include <lade/base/option.h>
#include <lade/base/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The version of this header. lade_version() returns the version of the library.
 */
#define LADE_VERSION_MAJOR 0
#define LADE_VERSION_MINOR 1
#define LADE_VERSION_PATCH 0

/*
 * lade_version() - returns the version of the library that is loaded, for example "0.1.0", as a static string. Any
 *                  thread.
 */
LADE_API const char *lade_version(void);

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/*
 * The allocator for all memory of lade except stacks of threads and generators. `resize` works as realloc() and is
 * never called with the size 0. Both functions may be called on any thread.
 */
struct lade_allocator {
    void *(*resize)(void *ctx, void *p, size_t size);
    void (*release)(void *ctx, void *p);
    void *ctx;
};

/*
 * lade_set_allocator() - sets the allocator that lade uses instead of realloc() and free(). Call lade_set_allocator()
 *                        before all other functions of lade. NULL restores realloc() and free().
 */
LADE_API void lade_set_allocator(const struct lade_allocator *allocator);

/*
 * lade_alloc()    - allocates @size bytes (0 counts as 1), aligned for every C type and not cleared.
 * lade_calloc()   - allocates @count items of @size bytes and clears them.
 * lade_realloc()  - changes the size of @p to @count items of @size bytes.
 * lade_strdup()   - copies a string.
 * lade_free()     - frees memory that one of these functions returned. NULL is allowed.
 *
 * All functions except lade_free() return memory that the caller owns. They return NULL if there is no memory, or if
 * the product of @count and @size overflows. When lade_realloc() returns NULL, @p is still valid and unchanged. Any
 * thread may call these functions.
 */
LADE_API void *lade_alloc(size_t size);
LADE_API void *lade_calloc(size_t count, size_t size);
LADE_API void *lade_realloc(void *p, size_t count, size_t size);
LADE_API char *lade_strdup(const char *s);
LADE_API void lade_free(void *p);

/*
 * lade_alloc_aligned() - allocates @size bytes, aligned to 64 bytes (a cache line). Returns NULL if there is no memory.
 * lade_free_aligned()  - frees memory that lade_alloc_aligned() returned. NULL is allowed.
 *
 * Any thread.
 */
LADE_API void *lade_alloc_aligned(size_t size);
LADE_API void lade_free_aligned(void *p);

/*
 * lade_set_thread_stack_size() - sets the stack size of all threads that lade starts after this call. The default is 1
 * MiB. lade itself needs less than 64 KiB. Set a larger size if your functions that run on these threads need more
 * stack, for example a preprocessing_function with large local variables. If the program has called
 * mlockall(MCL_FUTURE), the kernel allocates the memory of the whole stack when a thread starts.
 *
 * Returns LADE_OK, or LADE_EINVAL if @bytes is less than 128 KiB or more than 1 GiB. Any thread.
 */
LADE_API int lade_set_thread_stack_size(size_t bytes);

/*
 * lade_cleanup(f) - an attribute for a local variable: f(&variable) is called at the end of the variable's scope, even
 * if the scope is left by return, break or goto. The attribute has the purpose of `finally` in Python. In a generator,
 * f is also called when the generator is closed.
 *
 *     lade_cleanup(lade_fclose) FILE *f = fopen(path, "r");
 *
 * lade_fclose() - a cleanup function for a FILE *: closes the file. NULL is allowed.
 * lade_freep()  - a cleanup function for a pointer to memory of lade_alloc(): frees the memory. NULL is allowed.
 */
#define lade_cleanup(f) __attribute__((cleanup(f), unused))
LADE_API void lade_fclose(FILE **f);
LADE_API void lade_freep(void *pointer_to_pointer);

/* ---- Random numbers ---------------------------------------------------------------------------------------------- */

/*
 * A stream of random numbers. The numbers of a stream depend only on (seed, epoch, sample, purpose), and not on the
 * thread or the time. The numbers come from Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011). The seed is the key of Philox; epoch, sample and purpose are its counter.
 */
struct lade_random {
    uint32_t key[2];
    uint32_t counter[4]; /* {purpose and number of the block, epoch, low and high half of sample} */
    uint32_t block[4];   /* the numbers of the last block */
    unsigned used;       /* number of elements of `block` that have been returned */
    int has_spare;       /* true if `spare` is valid. lade_random_normal() computes two numbers at a time and returns
                            the first number */
    double spare;        /* the second number that lade_random_normal() computed; its next call returns this number */
};

/*
 * The purpose of a stream of random numbers. Streams with different purposes have different numbers. The values of this
 * enum never change, so that the same seed gives the same bytes in every version of lade.
 */
enum lade_random_purpose {
    LADE_RANDOM_ORDER = 1,
    LADE_RANDOM_AUGMENT = 2,
    LADE_RANDOM_SPLIT = 3,
    LADE_RANDOM_REPLACE = 4,
    LADE_RANDOM_WEIGHTS = 5,
    LADE_RANDOM_DROPOUT = 6,
    LADE_RANDOM_SYNTH = 7,
    LADE_RANDOM_CROP = 8,
    LADE_RANDOM_ERASE = 9,
    LADE_RANDOM_TRIVIAL = 10,
    LADE_RANDOM_MIX = 11,
    LADE_RANDOM_USER = 1000 /* lade never uses this value and larger values, so the program may use them */
};

/*
 * lade_random_init()    - starts the stream for (seed, epoch, sample, purpose). @epoch < 2^32, @purpose < 2^16.
 * lade_random_u32()     - returns 32 random bits. A stream repeats after 2^18 calls.
 * lade_random_u64()     - returns 64 random bits.
 * lade_random_double()  - returns a number in [0, 1), uniform, with 53 random bits.
 * lade_random_uniform() - returns a number in [low, high), uniform.
 * lade_random_below()   - returns an integer in 0 .. n-1, uniform and without bias; 0 if n is 0.
 * lade_random_normal()  - returns a number of the standard normal distribution. The method is Marsaglia's polar form of
 *                         the Box-Muller method. The function does not call log(), because the last bit of log(x)
 *                         differs between C libraries.
 *
 * The functions allocate no memory and use no locks. Only one thread at a time may use a struct lade_random.
 */
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
