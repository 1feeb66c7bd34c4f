/*
 * train/net/thread_pool.h - a few threads that do the parts of one piece of work together.
 */
#ifndef LADE_SRC_TRAIN_NET_THREAD_POOL_H
#define LADE_SRC_TRAIN_NET_THREAD_POOL_H

#include <lade/base.h>

struct lade__thread_pool;

/*
 * lade__thread_pool_new()  - a team of @threads, the caller counted; threads are started when they are first needed. NULL
 * where there is no memory. lade__thread_pool_free() - stop and join them. NULL is fine.
 *
 * lade__thread_pool_run() - call @fn(@ctx, part) for every part 0 .. @parts - 1, each on whichever thread is free first, the
 * caller's among them. Done when it returns. One caller at a time. Never fails: what no thread comes for (none could be
 * started, all cores are busy elsewhere) the caller does itself.
 *
 * Waiting costs no processor time: others (who decode the next batch) have it meanwhile. Some 20 microseconds.
 */
struct lade__thread_pool *lade__thread_pool_new(int threads);
void lade__thread_pool_free(struct lade__thread_pool *t);
void lade__thread_pool_run(struct lade__thread_pool *t, int parts, void (*fn)(void *ctx, int part), void *ctx);

#endif
