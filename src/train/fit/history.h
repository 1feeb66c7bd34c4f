/*
 * train/fit/history.h - stores the metrics of the finished epochs. A checkpoint contains these metrics, so that a
 * resumed run can yield all finished epochs again.
 */
#ifndef LADE_SRC_TRAIN_FIT_HISTORY_H
#define LADE_SRC_TRAIN_FIT_HISTORY_H

#include <jansson.h>
#include <stdbool.h>

#include <lade/train.h>

struct lade__history {
    struct lade_metrics *epochs; /* metrics at the end of each epoch; `replayed` is true in each element */
    int count, capacity;
    bool by_loss; /* the option best_by_loss */
};

/*
 * lade__history_add()       - adds the metrics of the end of an epoch, and computes best_epoch. Returns LADE_OK or
 *                             LADE_ENOMEM.
 * lade__history_is_better() - returns true if the validation of epoch @i is better than the validation of epoch @other,
 *                             by the rule of lade_metrics.best_epoch.
 * lade__history_to_json()   - returns the history as JSON. The caller must release the JSON with json_decref(). Returns
 *                             NULL if there is no memory.
 * lade__history_from_json() - fills an empty history from JSON. @epochs is the number of epochs of the run, and @steps
 *                             the number of steps in an epoch. Returns LADE_OK; LADE_ENOMEM with @err; or LADE_EFORMAT
 *                             without @err.
 * lade__history_release()   - frees the history. {0} is allowed.
 */
int lade__history_add(struct lade__history *h, const struct lade_metrics *m, struct lade_error *err);
bool lade__history_is_better(const struct lade__history *h, int i, int other);
json_t *lade__history_to_json(const struct lade__history *h);
int lade__history_from_json(struct lade__history *h, const json_t *json, int epochs, int64_t steps,
                            struct lade_error *err);
void lade__history_release(struct lade__history *h);

#endif
