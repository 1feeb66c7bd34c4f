/*
 * observed_source.h - a source of batches that tells of each one that is taken from it, and can be stopped.
 */
#ifndef LADE_CLI_COMMAND_TRAIN_OBSERVED_SOURCE_H
#define LADE_CLI_COMMAND_TRAIN_OBSERVED_SOURCE_H

#include <stdbool.h>

#include <lade/batch.h>

struct observed_source {
    struct lade_source source;
    bool (*on_batch)(void *ctx, const struct lade_batch *b); /* false: the source ends with LADE_ESTATE */
    void *ctx;
};

/* @w's source, each batch of which w->on_batch() gets to see. Borrows @w, and is closed with w->source. */
struct lade_source observed_source_open(struct observed_source *w);

#endif
