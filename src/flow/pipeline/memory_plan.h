/*
 * Chooses the numbers of workers and slots of a flow, so that they fit into the option memory_limit and into the free
 * memory of the machine.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_MEMORY_PLAN_H
#define LADE_SRC_FLOW_PIPELINE_MEMORY_PLAN_H

#include "flow/pipeline/ring.h"

struct lade__memory_plan {
    int workers;
    int slots;      /* number of slots at the start */
    int most_slots; /* the largest number of slots if the option `held` is not LADE_HELD_GROW */
    int limit;      /* the number of slots that fit into the option memory_limit; INT_MAX: no limit */
};

/*
 * lade__memory_plan() - fills *out. Reduces the numbers of workers and slots if necessary. The contents of batches do
 * not depend on these numbers. @free is the number of free bytes of the machine.
 *
 * Returns LADE_OK, or LADE_ENOMEM if one worker and two slots do not fit. The message then contains the batch_size that
 * fits, if there is one. The subject is "memory_limit", or "batch_size" if the machine has too little memory.
 */
int lade__memory_plan(const struct lade_flow_options *options, const struct lade__batch_layout *layout, uint64_t free,
                      struct lade__memory_plan *out, struct lade_error *err);

#endif
