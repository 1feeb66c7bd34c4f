/*
 * train/fit/run_state.h - shared by run_state.c and run_restore.c: the contents of a checkpoint other than the net.
 */
#ifndef LADE_SRC_TRAIN_FIT_RUN_STATE_H
#define LADE_SRC_TRAIN_FIT_RUN_STATE_H

#include <jansson.h>

#include "train/file/checkpoint.h"
#include "train/fit/run.h"

#define LADE__RUN_KEY     "lade.run" /* the key of the state in "__metadata__" */
#define LADE__RUN_PENDING "pending"
#define LADE__RUN_BLOCKS  (LADE__OPTIMIZER_STATES + 1)

/*
 * lade__run_options_to_json() - returns the options that the result depends on, except `epochs`, because a resumed run
 * may be longer.
 *
 * lade__run_machine_to_json() - returns the number of threads and the version of oneDNN, on which the last bits depend.
 *
 * Both return NULL if there is no memory. The caller releases the result with json_decref().
 *
 * lade__run_blocks() - lists the arrays that a checkpoint has besides the parameters. Returns their number.
 */
json_t *lade__run_options_to_json(const struct lade__run *r);
json_t *lade__run_machine_to_json(const struct lade__run *r);
int lade__run_blocks(const struct lade__run *r, struct lade__block blocks[LADE__RUN_BLOCKS]);

#endif
