/*
 * Converts the statistics of a data set to JSON.
 */
#ifndef LADE_SRC_FLOW_STATISTICS_STATS_H
#define LADE_SRC_FLOW_STATISTICS_STATS_H

#include <jansson.h>
#include <lade/flow.h>

enum lade__stats_form {
    LADE__STATS_WHOLE, /* with the ZCA matrix */
    LADE__STATS_DIGEST /* with a hash of the ZCA matrix */
};

/*
 * lade__stats_json() - returns the statistics as a JSON object, which the caller releases with json_decref(). Returns
 *                      NULL if out of memory.
 */
json_t *lade__stats_json(const struct lade_stats *stats, enum lade__stats_form form);

#endif
