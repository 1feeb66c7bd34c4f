/*
 * train/fit/trainer.h - declares the functions of one step of training. A step is split into four parts, so that a
 * program, or a connection to other processes, can read and change the gradient before the update:
 *
 *     backward   computes the gradient of a batch, and adds it to the gradients of earlier batches
 *     complete   adds the gradients of all replicas, and divides by the weight of all batches
 *     reduce     the caller's own function, for example a sum over several processes
 *     update     clips the gradient and changes the parameters
 *
 * lade_fit() also calls these functions. Most runs have nothing to do between backward and update. For these runs,
 * update also does the work of complete, piece by piece, so that each piece of the gradient is read only once.
 */
#ifndef LADE_SRC_TRAIN_FIT_TRAINER_H
#define LADE_SRC_TRAIN_FIT_TRAINER_H

#include "train/fit/optimizer.h"
#include "train/fit/schedule.h"
#include "train/net/loss.h"

struct lade_trainer {
    lade_net *net; /* NULL if the net was freed */
    struct lade_trainer_options options;
    int64_t accumulate; /* the largest number of batches of an update; LADE_FULL_BATCH is stored as INT64_MAX */
    struct lade__loss_config loss;
    float *class_weight; /* a copy of options.class_weight; or NULL */

    struct lade__optimizer optimizer;
    struct lade__schedule schedule;
    int64_t scheduled; /* number of updates that the schedule has counted, including updates that changed nothing */
    double base_lr;    /* learning rate without the schedule */
    double written_lr; /* learning rate that the program has set, or NaN; has priority over the schedule */
    double lr;         /* learning rate of the next update, which lade__trainer_refresh_lr() computes */

    /* The gradient since the last update. With accumulate 1, the gradient is in the replicas. Otherwise, `pending` is
       the sum of the gradients of all batches, each multiplied by the weight of its batch. */
    float *pending;
    int64_t batches;  /* number of batches since the last update */
    double weight;    /* sum of the weights of these batches */
    bool is_complete; /* the gradients of replicas[0] are the gradient of all batches */
    bool is_written;  /* the caller has changed the complete gradient */

    /* The metrics of the last batch. lade_trainer_metrics() sets the fields batches, updates and lr. */
    struct lade_trainer_metrics metrics;
};

/*
 * lade__trainer_init()    - checks the options, allocates memory, and registers the trainer with the net. Returns
 *                           LADE_OK; LADE_EINVAL, LADE_ESTATE or LADE_ENOMEM with @err. The caller must release the
 *                           trainer, even on error.
 * lade__trainer_release() - frees the memory, and removes the trainer from the net. {0} is allowed.
 * lade__trainer_check()   - returns LADE_ESTATE with @err if the net was freed, or if the net cannot be used in this
 *                           process after a fork(). Otherwise, returns LADE_OK.
 */
int lade__trainer_init(struct lade_trainer *t, lade_net *net, const struct lade_trainer_options *options,
                       struct lade_error *err);
void lade__trainer_release(struct lade_trainer *t);
int lade__trainer_check(const struct lade_trainer *t, struct lade_error *err);

/* Sets t->lr to written_lr. If written_lr is NaN, computes t->lr from base_lr, the schedule and the number of
   updates. */
void lade__trainer_refresh_lr(struct lade_trainer *t);

/* ---- gradient.c -------------------------------------------------------------------------------------------------- */

/*
 * lade__trainer_backward() - computes the gradient of a batch, and stores its losses in *sums and in t->metrics.
 * lade__trainer_complete() - makes the gradient of all batches since the last update, and stores the gradient in
 *                            replicas[0].
 * lade__trainer_update()   - makes an update, and discards the gradient.
 * lade__trainer_discard()  - discards the gradient since the last update.
 *
 * The first three functions return LADE_OK; LADE_ENUMERIC, LADE_ESTATE, LADE_EINVAL, LADE_ENOMEM or LADE_ERUNTIME with
 * @err. LADE_ENUMERIC means that a number is not finite. In this case, the message contains only the name of the
 * number. After an error other than LADE_ESTATE and LADE_EINVAL, the gradient is discarded. The public functions in
 * lade/train/step.h have the same names without "__", and their comments describe the errors.
 */
int lade__trainer_backward(struct lade_trainer *t, const struct lade_batch *b, struct lade__loss_sums *sums,
                           struct lade_error *err);
int lade__trainer_complete(struct lade_trainer *t, struct lade_error *err);
int lade__trainer_update(struct lade_trainer *t, struct lade_error *err);
void lade__trainer_discard(struct lade_trainer *t);

/* ---- numeric_error.c --------------------------------------------------------------------------------------------- */

/*
 * lade__numeric_error() - returns LADE_ENUMERIC with @err. The message consists of @what ("the loss is nan"), @where
 * ("epoch 1, step 3 of 30"), the learning rate, and the names of samples of the batch @b. If @source has names of
 * samples, the message contains these names, otherwise numbers. @b and @source may be NULL.
 */
int lade__numeric_error(const char *what, const char *where, double lr, const struct lade_batch *b,
                        const struct lade_source *source, struct lade_error *err);

#endif
