/*
 * train/fit/run.h - declares the state and the functions of a training run. lade_fit() is a generator that calls
 * lade_fit_next().
 *
 * In src/train, a step is one batch, and an update is one change of the parameters by the optimizer. With the option
 * accumulate, several steps make one update.
 */
#ifndef LADE_SRC_TRAIN_FIT_RUN_H
#define LADE_SRC_TRAIN_FIT_RUN_H

#include "train/fit/history.h"
#include "train/fit/trainer.h"

/*
 * The parameters and buffers of the best epoch, for the option restore_best_weights.
 */
struct lade__best {
    float *values;   /* an array of the size of net->values; NULL without the option */
    int epoch;       /* the epoch of `values`; -1: no epoch is finished yet */
    bool is_current; /* the net still has the same parameters */
};

struct lade_fit_run {
    struct lade_trainer trainer; /* has the net, the optimizer, the schedule and the gradient */
    struct lade_source source;
    struct lade_fit_options options;
    int64_t validation_steps; /* value of the option, with the default instead of 0 */
    double yielded_lr;        /* the value that the run stored in metrics.lr; the consumer may change metrics.lr */

    struct lade_metrics metrics;  /* the metrics of this epoch, and the position of the run */
    struct lade_metrics replayed; /* metrics of an earlier epoch, which are yielded again */
    struct lade__loss_sums sums;  /* sums of this epoch */
    int64_t samples_before;       /* number of samples of this epoch that were used before the run was resumed */
    struct lade__history history;
    struct lade__best best;
    int replay_at, replay_end; /* epochs replay_at .. replay_end - 1 of the history will be yielded again */
    bool unsaved;              /* the run has changed since the last checkpoint */
    bool failed;               /* lade_fit_next() has returned an error */
    bool between_steps;        /* the error of lade_fit_next() occurred before a batch was received */
};

/* Stores the learning rate of the next step in metrics.lr. */
void lade__run_set_lr(lade_fit_run *r);

/* ---- run_begin.c ------------------------------------------------------------------------------------------------- */

/*
 * lade__run_begin() - checks the options and the sources, and restores a checkpoint if options->resume is set. Returns
 * LADE_OK, or a status with @err. The caller must release the run with lade__run_release() in both cases.
 */
int lade__run_begin(lade_fit_run *r, lade_net *net, const struct lade_source *source,
                    const struct lade_fit_options *options, struct lade_error *err);
void lade__run_release(lade_fit_run *r);

/* ---- best.c ------------------------------------------------------------------------------------------------------ */

/*
 * lade__best_init()      - allocates the memory if the option is set. Returns LADE_OK, or LADE_ENOMEM with @err.
 * lade__best_end_epoch() - must be called after `metrics` was added to the history. Keeps the parameters of the net
 *                          if this epoch is the best, and sets metrics.best_epoch.
 * lade__best_restore()   - copies the kept parameters to the net. Does nothing if no epoch was kept.
 * lade__best_release()   - frees the memory.
 *
 * lade__best_is_separate() - returns true if a checkpoint must contain two sets of parameters, because the kept
 *                            parameters are not the parameters of the net.
 */
int lade__best_init(lade_fit_run *r, struct lade_error *err);
void lade__best_end_epoch(lade_fit_run *r);
void lade__best_restore(lade_fit_run *r);
void lade__best_release(lade_fit_run *r);
bool lade__best_is_separate(const lade_fit_run *r);

/* ---- run_state.c, run_restore.c ---------------------------------------------------------------------------------- */

/*
 * lade__run_state()   - stores the state of a run, without its arrays, as JSON text in *out. The caller must free the
 *                       text with lade_free().
 * lade__run_write()   - writes a checkpoint to options.checkpoint. The checkpoint contains the net, the arrays of the
 *                       run, and @state, which lade__run_state() made.
 * lade__run_save()    - calls lade__run_state() and lade__run_write().
 * lade__run_restore() - reads the checkpoint options.resume into the run. The options of the run must be equal to the
 *                       options of the saved run.
 *
 * Return LADE_OK, or a status with @err.
 */
int lade__run_state(const lade_fit_run *r, char **out, struct lade_error *err);
int lade__run_write(lade_fit_run *r, const char *state, struct lade_error *err);
int lade__run_save(lade_fit_run *r, struct lade_error *err);
int lade__run_restore(lade_fit_run *r, struct lade_error *err);

#endif
