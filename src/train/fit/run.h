/*
 * train/fit/run.h - a training run as a plain state: started, resumed until there is something to report, ended. lade_fit()
 * is the generator around it.
 */
#ifndef LADE_SRC_TRAIN_FIT_RUN_H
#define LADE_SRC_TRAIN_FIT_RUN_H

#include "train/fit/history.h"
#include "train/net/loss.h"
#include "train/fit/optimizer.h"
#include "train/fit/schedule.h"

struct lade__run {
    lade_net *net;
    struct lade_source source;
    struct lade_fit_options options;
    int64_t validation_steps, accumulate; /* never 0 */
    struct lade__loss_config loss;

    struct lade__optimizer optimizer;
    struct lade__schedule schedule;
    double base_lr, lr_factor; /* learning rate without the schedule; what the schedule makes of it */
    double yielded_lr;         /* what metrics.lr was set to */

    /* Gradients of batches that have not made a step yet: their sum, weighted; NULL where each batch makes one. */
    float *pending;
    int64_t pending_batches;
    double pending_weight;

    struct lade_metrics metrics;  /* where the run stands */
    struct lade_metrics replayed; /* an epoch of before */
    struct lade_metrics *report;  /* what is yielded: one of the two */
    struct lade__loss_sums sums;  /* of this epoch */
    int64_t samples_before;       /* of them, those before the run was resumed: they took no time of this one */
    struct lade__history history;
    int replay_at, replay_end; /* in the history */
    bool unsaved;              /* something changed since the checkpoint was written */
};

/*
 * lade__run_begin()  - check the options and that the sources fit the net; go on from a checkpoint where asked to.
 *                      LADE_OK, or a status with @err.
 * lade__run_resume() - steps, up to the next report, in r->report. 1: there is one; 0: the run is over; or a status
 *                      with @err, after which it must not be resumed.
 * lade__run_end()    - release; a run that was left between two reports writes its checkpoint (an error goes to the
 *                      unhandled-error hook). For a run that was begun, or {0}.
 */
int lade__run_begin(struct lade__run *r, lade_net *net, const struct lade_source *source,
                    const struct lade_fit_options *options, struct lade_error *err);
int lade__run_resume(struct lade__run *r, struct lade_error *err);
void lade__run_end(struct lade__run *r);

/* ---- run_state.c ------------------------------------------------------------------------------------------------- */

/*
 * lade__run_state() - all of a run but its arrays, as JSON, to lade_free().
 * lade__run_write() - the net, its arrays and such a text, to options.checkpoint.
 * lade__run_save() - the two in one: the net and everything else that the run goes on from, to options.checkpoint.
 * lade__run_load() - the reverse, from options.resume; the run has been begun with the same options.
 *
 * Return LADE_OK or a status with @err.
 */
int lade__run_state(const struct lade__run *r, char **out, struct lade_error *err);
int lade__run_write(struct lade__run *r, const char *state, struct lade_error *err);
int lade__run_save(struct lade__run *r, struct lade_error *err);
int lade__run_load(struct lade__run *r, struct lade_error *err);

#endif
