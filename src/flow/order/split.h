/*
 * Training and validation: which rows of a source are samples.
 */
#ifndef LADE_FLOW_ORDER_SPLIT_H
#define LADE_FLOW_ORDER_SPLIT_H

#include "flow/source/samples.h"

/*
 * lade__split_apply() - fill in row_of and count: the rows of @subset, their order kept. Of the n rows of a class - or
 * of all, where rows have no class of their own - floor(n * fraction) are for validation. LADE_OK or LADE_ENOMEM.
 */
int lade__split_apply(struct lade__samples *s, enum lade_split split, enum lade_subset subset, double fraction,
                      uint64_t seed);

#endif
