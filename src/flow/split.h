/*
 * Training and validation: which files of a scan stay.
 */
#ifndef LADE_FLOW_SPLIT_H
#define LADE_FLOW_SPLIT_H

#include "flow/scan.h"

/*
 * lade__split_apply() - keep the files of @subset only; the counts of the classes and the numbers of the files change,
 * their order does not. Of the n files of a class floor(n * fraction) are for validation.
 */
void lade__split_apply(lade_scan *scan, enum lade_split split, enum lade_subset subset, double fraction, uint64_t seed);

#endif
