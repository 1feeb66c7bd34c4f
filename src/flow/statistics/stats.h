/*
 * Statistics of a data set: copies of them, and as JSON.
 */
#ifndef LADE_FLOW_STATISTICS_STATS_H
#define LADE_FLOW_STATISTICS_STATS_H

#include <jansson.h>
#include <lade/flow.h>

enum lade__stats_form {
    LADE__STATS_WHOLE, /* with the matrix of the whitening */
    LADE__STATS_DIGEST /* with a hash of it */
};

/*
 * lade__stats_json() - as a JSON object, the caller's to json_decref(); NULL: no memory.
 * lade__stats_copy() - a copy in one piece of memory, to lade_stats_free(); NULL: no memory.
 */
json_t *lade__stats_json(const struct lade_stats *stats, enum lade__stats_form form);
struct lade_stats *lade__stats_copy(const struct lade_stats *stats);

#endif
