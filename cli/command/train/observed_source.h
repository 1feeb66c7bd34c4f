/*
 * observed_source.h - a source of batches that calls a function for each batch, and that the function can end.
 */
#ifndef LADE_CLI_COMMAND_TRAIN_OBSERVED_SOURCE_H
#define LADE_CLI_COMMAND_TRAIN_OBSERVED_SOURCE_H

#include <stdbool.h>

#include <lade/batch.h>

struct observed_source {
    struct lade_source source;
    bool (*on_batch)(void *ctx,
                     const struct lade_batch *b); /* if it returns false, the source fails with LADE_ESTATE */
    void *ctx;
};

/*
 * Returns a source with the batches of o->source, which calls o->on_batch() for each of them. Borrows @o. Closing the
 * returned source closes o->source.
 */
struct lade_source observed_source_open(struct observed_source *o);

#endif
