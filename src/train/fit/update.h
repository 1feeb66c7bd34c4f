/*
 * train/fit/update.h - from a batch to a step of the optimiser.
 */
#ifndef LADE_SRC_TRAIN_FIT_UPDATE_H
#define LADE_SRC_TRAIN_FIT_UPDATE_H

#include "train/fit/run.h"

/*
 * lade__run_train_on_batch() - learn from @b: its gradient, and, where enough batches have been seen or @last is set, a step. Adds
 * to r->tally.
 *
 * Returns LADE_OK; LADE_ENUMERIC where the loss is not finite (nothing changes), or the gradient or a parameter after
 * the step (some of the parameters have taken it); LADE_EINVAL, LADE_ENOMEM, LADE_ERUNTIME with @err.
 */
int lade__run_train_on_batch(struct lade__run *r, const struct lade_batch *b, bool last, struct lade_error *err);

#endif
