/*
 * base/pool.h - a thread pool. All threads that the libraries create are threads of a pool.
 *
 * A pool has two uses:
 *
 *     lade__pool_start()  - runs a loop on each thread until the caller ends the loops. Example: the workers that
 *                           decode images.
 *     lade__pool_run()    - divides a computation into parts and waits until all parts are finished (fork-join).
 *                           Example: one pass through a net.
 *
 * All signals are blocked in the threads of a pool, so that the program's own threads handle them.
 *
 * After fork(), the threads of a pool do not exist in the child process. lade__pool_run() starts new threads there. A
 * pool that the parent process started with lade__pool_start() does nothing in the child, and lade__pool_lost() returns
 * true. The code that made the pool calls lade__pool_start() in the child or frees the pool.
 */
#ifndef LADE_SRC_BASE_POOL_H
#define LADE_SRC_BASE_POOL_H

#include <lade/base.h>
#include <stdbool.h>

struct lade__pool;
typedef void lade__pool_fn(void *ctx, int part);

/*
 * lade__pool_new()  - makes a pool for @threads threads (0 or more) and starts no thread. @name is a string literal of
 *                     up to 15 bytes; debuggers and top show this name for the threads of the pool. Returns NULL if
 *                     there is no memory.
 * lade__pool_free() - waits until all running functions have returned, ends the threads and frees the pool. NULL is
 *                     allowed.
 */
LADE_API struct lade__pool *lade__pool_new(const char *name, int threads);
LADE_API void lade__pool_free(struct lade__pool *pool);

/*
 * lade__pool_start() - starts all threads of the pool, calls @fn(@ctx, i) on thread i, and returns immediately. Call
 *                      this function at most once in each process, and do not use lade__pool_run() with this pool.
 *                      lade__pool_free() waits until all calls of @fn return, so the caller must first make the loops
 *                      end.
 *
 * Returns LADE_OK. If the system cannot start all threads, fills @err and returns LADE_ELIMIT or LADE_ENOMEM. In this
 * case @fn was not called.
 */
LADE_API int lade__pool_start(struct lade__pool *pool, lade__pool_fn *fn, void *ctx, struct lade_error *err);

/*
 * lade__pool_lost() - returns true if lade__pool_start() was called in a parent of this process and not in this
 *                     process.
 */
LADE_API bool lade__pool_lost(const struct lade__pool *pool);

/*
 * lade__pool_run() - calls @fn(@ctx, part) for each part 0 .. @parts - 1 and returns when all calls have returned. Each
 *                    free thread runs the next part; the calling thread also runs parts. Only one thread at a time may
 *                    call this function for a pool.
 *
 * The function cannot fail, because the calling thread runs all parts that no other thread takes. Threads are started
 * when they are first needed.
 *
 * Cost: about 20 microseconds, in addition to the calls of @fn. Threads sleep while they wait, so that other threads
 * can use the cores.
 */
LADE_API void lade__pool_run(struct lade__pool *pool, int parts, lade__pool_fn *fn, void *ctx);

#endif
