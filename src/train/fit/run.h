/*
 * train/fit/run.h - implements a training run. The caller begins a run, resumes it once for each report, and ends it.
 * lade_fit() is a generator around these functions.
 *
 * In src/train, a step is one batch, and an update is one change of the parameters by the optimizer. With the option
 * accumulate, several steps make one update.
 */
#ifndef LADE_SRC_TRAIN_FIT_RUN_H
#define LADE_SRC_TRAIN_FIT_RUN_H

#include "train/fit/history.h"
#include "train/fit/optimizer.h"
#include "train/fit/schedule.h"
#include "train/net/loss.h"

struct lade__run {
    lade_net *net;
    struct lade_source source;
    struct lade_fit_options options;
    int64_t validation_steps, accumulate; /* values of the options, with the default instead of 0 */
    struct lade__loss_config loss;

    struct lade__optimizer optimizer;
    struct lade__schedule schedule;
    double base_lr, lr_factor; /* learning rate without the schedule, and the current factor of the schedule */
    double yielded_lr;         /* the value that the run stored in metrics.lr; the consumer may change metrics.lr */

    /* The weighted sum of the gradients since the last update. `pending` is NULL if every step makes an update. */
    float *pending;
    int64_t pending_batches;
    double pending_weight;

    struct lade_metrics metrics;  /* the position of the run */
    struct lade_metrics replayed; /* an earlier epoch that is yielded again */
    struct lade_metrics *report;  /* the report that is yielded, &metrics or &replayed */
    struct lade__loss_sums sums;  /* sums of this epoch */
    int64_t samples_before;       /* number of samples of this epoch that were trained on before the run was resumed */
    struct lade__history history;
    int replay_at, replay_end; /* range of the epochs in the history that must still be yielded again */
    bool unsaved;              /* the run has changed since the last checkpoint */
};

/*
 * lade__run_begin()  - checks the options and the sources, and restores a checkpoint if options->resume is set. Returns
 *                      LADE_OK, or a status with @err. The caller must call lade__run_end() in both cases.
 *
 * lade__run_resume() - runs steps until the next report, and stores the report in r->report. Returns 1, or 0 if the run
 *                      is finished. On error, returns a status with @err; the run must not be resumed after an error.
 *
 * lade__run_end()    - writes a checkpoint if the run has changed since the last checkpoint, and releases the run.
 *                      Passes an error to the hook for unhandled errors. {0} is allowed.
 */
int lade__run_begin(struct lade__run *r, lade_net *net, const struct lade_source *source,
                    const struct lade_fit_options *options, struct lade_error *err);
int lade__run_resume(struct lade__run *r, struct lade_error *err);
void lade__run_end(struct lade__run *r);

/*
 * lade__run_updates_per_epoch() - returns the number of updates in an epoch.
 *
 * lade__run_set_lr() - computes the learning rate of the next step and stores it in metrics.lr.
 */
int64_t lade__run_updates_per_epoch(const struct lade__run *r);
void lade__run_set_lr(struct lade__run *r);

/* ---- update.c ---------------------------------------------------------------------------------------------------- */

/*
 * lade__run_train_on_batch() - computes the gradient of @b and adds the losses to r->sums. Makes an update if enough
 * batches have been accumulated. Also makes an update if @last, which means that @b is the last batch of the epoch.
 *
 * Returns LADE_OK; LADE_ENUMERIC if the loss is not finite (nothing has changed), or if the gradient or a parameter is
 * not finite (some parameters may have changed); LADE_EINVAL, LADE_ENOMEM, LADE_ERUNTIME with @err.
 */
int lade__run_train_on_batch(struct lade__run *r, const struct lade_batch *b, bool last, struct lade_error *err);

/* ---- run_state.c, run_restore.c ---------------------------------------------------------------------------------- */

/*
 * lade__run_state()   - stores the state of a run, without its arrays, as JSON text in *out. The caller must free the
 *                       text with lade_free().
 * lade__run_write()   - writes a checkpoint to options.checkpoint. The checkpoint contains the net, the arrays of the
 *                       run, and @state, which lade__run_state() made.
 * lade__run_save()    - calls lade__run_state() and lade__run_write().
 * lade__run_restore() - reads the checkpoint options.resume into the run. The options of the run must be the options of
 *                       the saved run.
 *
 * Return LADE_OK, or a status with @err.
 */
int lade__run_state(const struct lade__run *r, char **out, struct lade_error *err);
int lade__run_write(struct lade__run *r, const char *state, struct lade_error *err);
int lade__run_save(struct lade__run *r, struct lade_error *err);
int lade__run_restore(struct lade__run *r, struct lade_error *err);

#endif
