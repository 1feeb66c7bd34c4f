/*
 * watched.h - a source of batches that tells of each one that is taken from it.
 */
#ifndef LADE_CLI_WATCHED_H
#define LADE_CLI_WATCHED_H

#include <lade/batch.h>

struct watched {
    struct lade_source source;
    void (*seen)(void *ctx, const struct lade_batch *b);
    void *ctx;
};

/* @w's source, each batch of which w->seen() gets to see. Borrows @w, and is closed with w->source. */
struct lade_source watched_source(struct watched *w);

#endif
