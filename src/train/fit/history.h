/*
 * train/fit/history.h - how the epochs went that are over: part of a checkpoint, so that a run which is resumed can tell of
 * all of itself.
 */
#ifndef LADE_SRC_TRAIN_FIT_HISTORY_H
#define LADE_SRC_TRAIN_FIT_HISTORY_H

#include <jansson.h>

#include <lade/train.h>

struct lade__history {
    struct lade_metrics *epochs; /* as a replay yields them */
    int count, capacity;
};

/*
 * lade__history_add()       - the epoch that @m is the end of. LADE_OK or LADE_ENOMEM.
 * lade__history_to_json()   - NULL: no memory. The caller's, to json_decref().
 * lade__history_from_json() - the reverse, into an empty history, of epochs of so many @steps. LADE_OK; LADE_EFORMAT
 *                             without @err (damaged), LADE_ENOMEM.
 * lade__history_release()   - an empty one is fine.
 */
int lade__history_add(struct lade__history *h, const struct lade_metrics *m, struct lade_error *err);
json_t *lade__history_to_json(const struct lade__history *h);
int lade__history_from_json(struct lade__history *h, const json_t *json, int epochs, int64_t steps,
                            struct lade_error *err);
void lade__history_release(struct lade__history *h);

#endif
