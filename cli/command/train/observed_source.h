/*
 * observed_source.h - wraps a source of batches, and calls a function for each batch. The function can end the source.
 */
#ifndef LADE_CLI_COMMAND_TRAIN_OBSERVED_SOURCE_H
#define LADE_CLI_COMMAND_TRAIN_OBSERVED_SOURCE_H

#include <stdbool.h>

#include <lade/batch.h>

struct observed_source {
    struct lade_source source;
    bool (*on_batch)(void *ctx, const struct lade_batch *b); /* false makes the source fail with LADE_ESTATE */
    void *ctx;
};

/*
 * Returns a source with the batches of o->source. The source calls o->on_batch() for each batch. Borrows @o. Closing
 * the returned source also closes o->source.
 */
struct lade_source observed_source_open(struct observed_source *o);

#endif
