/*
 * train/fit/run_state.h - declares functions that run_state.c and run_restore.c share. The functions handle the parts
 * of a checkpoint that do not belong to the net.
 */
#ifndef LADE_SRC_TRAIN_FIT_RUN_STATE_H
#define LADE_SRC_TRAIN_FIT_RUN_STATE_H

#include <jansson.h>

#include "train/file/checkpoint.h"
#include "train/fit/run.h"

#define LADE__RUN_KEY     "lade.run" /* the key of the state in "__metadata__" */
#define LADE__RUN_PENDING "pending"  /* key of the state of pending batches; name of the pending gradients */
#define LADE__RUN_BEST    "best"     /* key of the best epoch */
#define LADE__RUN_LAST    "last"     /* name of the parameters of the run, if the net of the file is the best epoch */
#define LADE__RUN_BLOCKS  (LADE__OPTIMIZER_STATES + 2)

/*
 * lade__run_options_to_json() - returns the options on which the result depends. `epochs` is left out, because a
 * resumed run may have more epochs.
 *
 * lade__run_machine_to_json() - returns the number of threads and the version of oneDNN. The last bits of the result
 * depend on these two values.
 *
 * These two functions return NULL if there is no memory. The caller releases the result with json_decref().
 *
 * lade__run_blocks() - lists the arrays that a checkpoint has besides the parameters. If @separate is true, the
 * parameters in the file are the parameters of the best epoch, and the list contains the parameters of the net. Returns
 * the number of arrays.
 */
json_t *lade__run_options_to_json(const lade_fit_run *r);
json_t *lade__run_machine_to_json(const lade_fit_run *r);
int lade__run_blocks(const lade_fit_run *r, bool separate, struct lade__block blocks[LADE__RUN_BLOCKS]);

#endif
