/*
 * train/net/thread_pool.h - a few threads that do the parts of one piece of work together.
 */
#ifndef LADE_SRC_TRAIN_NET_THREAD_POOL_H
#define LADE_SRC_TRAIN_NET_THREAD_POOL_H

#include <lade/base.h>

struct lade__team;

/*
 * lade__team_new()  - a team of @threads, the caller counted; threads are started when they are first needed. NULL
 * where there is no memory. lade__team_free() - stop and join them. NULL is fine.
 *
 * lade__team_run() - call @fn(@ctx, part) for every part 0 .. @parts - 1, each on whichever thread is free first, the
 * caller's among them. Done when it returns. One caller at a time. Never fails: what no thread comes for (none could be
 * started, all cores are busy elsewhere) the caller does itself.
 *
 * Waiting costs no processor time: others (who decode the next batch) have it meanwhile. Some 20 microseconds.
 */
struct lade__team *lade__team_new(int threads);
void lade__team_free(struct lade__team *t);
void lade__team_run(struct lade__team *t, int parts, void (*fn)(void *ctx, int part), void *ctx);

#endif
