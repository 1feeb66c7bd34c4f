/*
 * base/pool.h - a thread pool. All threads that the libraries create are threads of a pool.
 *
 * A pool has two uses:
 *
 *     lade__pool_start()  - runs a loop on each thread until the caller ends the loops, for example the workers that
 *                           decode images.
 *     lade__pool_run()    - divides a computation into parts and waits until all parts are finished (fork-join), for
 *                           example one pass through a net.
 *
 * All signals are blocked in the threads of a pool, so that the program's own threads handle them.
 */
#ifndef LADE_SRC_BASE_POOL_H
#define LADE_SRC_BASE_POOL_H

#include <lade/base.h>

struct lade__pool;
typedef void lade__pool_fn(void *ctx, int part);

/*
 * lade__pool_new()  - makes a pool of at most @threads threads, none of which is started yet. @threads may be 0. @name
 *                     is a string literal of up to 15 bytes, which debuggers and top show. Returns NULL if there is no
 *                     memory.
 * lade__pool_free() - waits until the functions that were started have returned, ends the threads and frees the pool.
 *                     NULL is allowed.
 */
LADE_API struct lade__pool *lade__pool_new(const char *name, int threads);
LADE_API void lade__pool_free(struct lade__pool *pool);

/*
 * lade__pool_start() - starts all threads of the pool, calls @fn(@ctx, i) on thread i of them, and returns at once.
 * It is called at most once for a pool, and not together with lade__pool_run(). The caller makes the functions return
 * before it calls lade__pool_free().
 *
 * Returns LADE_OK, or LADE_ERUNTIME with @err if the system cannot start all threads; then @fn has not been called.
 */
LADE_API int lade__pool_start(struct lade__pool *pool, lade__pool_fn *fn, void *ctx, struct lade_error *err);

/*
 * lade__pool_run() - calls @fn(@ctx, part) for each part 0 .. @parts - 1 and returns when all calls have returned. Each
 * part is run by the next free thread; the calling thread also runs parts. One thread at a time may call it.
 *
 * The function cannot fail, because the calling thread runs all parts that no other thread takes, for example if no
 * thread could be started. Threads are started when they are first needed.
 *
 * Cost: about 20 microseconds. Threads sleep while they wait, so that other threads can use their cores.
 */
LADE_API void lade__pool_run(struct lade__pool *pool, int parts, lade__pool_fn *fn, void *ctx);

#endif
