/*
 * Splits the rows of a data source into training and validation samples.
 */
#ifndef LADE_SRC_FLOW_ORDER_SPLIT_H
#define LADE_SRC_FLOW_ORDER_SPLIT_H

#include "flow/source/samples.h"

/*
 * lade__split_apply() - fills s->row_of and s->count with the rows of @subset, in their original order. Does nothing
 * for LADE_SUBSET_ALL.
 *
 * In each class, floor(n * @fraction) of the n rows are used for validation. If the rows have no class or several
 * classes, all rows are treated as one class.
 *
 * Returns LADE_OK or LADE_ENOMEM.
 */
int lade__split_apply(struct lade__samples *s, enum lade_split split, enum lade_subset subset, double fraction,
                      uint64_t seed);

#endif
