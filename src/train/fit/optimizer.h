/*
 * train/fit/optimizer.h - changes the parameters with the gradient. All parameters are in one block, and an update is
 * one pass over the block.
 */
#ifndef LADE_SRC_TRAIN_FIT_OPTIMIZER_H
#define LADE_SRC_TRAIN_FIT_OPTIMIZER_H

#include <lade/train.h>

#define LADE__OPTIMIZER_STATES 2

struct lade__optimizer {
    struct lade_optimizer options; /* all defaults are filled in; lr is the initial learning rate */
    const struct lade__optimizer_kind *kind;
    /* Each state is an array of the size of the block, initially 0. NULL: the optimizer does not use this state. */
    float *states[LADE__OPTIMIZER_STATES];
    int64_t updates; /* number of updates so far */
};

/*
 * lade__optimizer_init() - checks @options and allocates the states for a block of @floats floats.
 *
 * Returns LADE_OK; LADE_EINVAL with @err, which names the option, its value and the allowed values; LADE_ENOMEM. On
 * error, there is nothing to release.
 */
int lade__optimizer_init(struct lade__optimizer *o, const struct lade_optimizer *options, size_t floats,
                         struct lade_error *err);
void lade__optimizer_release(struct lade__optimizer *o); /* {0} is allowed */

/* Checks a learning rate, which must be finite and 0 or more. Returns LADE_OK, or LADE_EINVAL with @err. */
int lade__learning_rate_check(double lr, struct lade_error *err);

/*
 * One hyper-parameter of struct lade_optimizer. The array lade__hyperparameters has the order of the values in
 * checkpoints.
 *
 * lade__hyperparameter_get() - returns the value of hyper-parameter @i of @o. The value of a flag is 0 or 1.
 */
struct lade__hyperparameter {
    const char *name; /* name of the field */
    size_t offset;
    bool is_flag; /* true: the field is a bool; false: a float */
    bool below_1; /* true: the value must be below 1; false: any finite value is allowed */
    float unused; /* value in a checkpoint if the optimizer does not use this hyper-parameter */
};

#define LADE__HYPERPARAMETERS 8
extern const struct lade__hyperparameter lade__hyperparameters[LADE__HYPERPARAMETERS];
double lade__hyperparameter_get(const struct lade_optimizer *o, int i);

/* ---- An update --------------------------------------------------------------------------------------------------- */

/*
 * The numbers of one update, which are the same for all parameters.
 */
struct lade__update {
    double lr;
    float scale, limit;     /* the gradient is multiplied by scale, and then clamped to -limit .. limit */
    float rate, correction; /* numbers that lade__optimizer_kind.prepare computes */
};

/*
 * lade__optimizer_begin() - begins the next update and increments o->updates. Without clipping, @scale is 1 and @limit
 * is INFINITY.
 *
 * lade__optimizer_apply() - applies the update to floats @begin .. @end - 1 of the block. @begin and @end are multiples
 * of 16. @values and @gradients are aligned to 64 bytes. A value of 0 whose gradient is 0 stays 0. For this reason, the
 * padding between parameters stays 0. Returns false if a value is not finite after the update. A value whose gradient
 * is NaN, or infinite and not clamped, is never finite after the update.
 *
 * Several threads may apply an update to different pieces at the same time. The division into pieces does not change
 * the results.
 */
struct lade__update lade__optimizer_begin(struct lade__optimizer *o, double lr, float scale, float limit);
bool lade__optimizer_apply(const struct lade__optimizer *o, const struct lade__update *u, float *values,
                           const float *gradients, size_t begin, size_t end);

/* ---- optimizer_kinds.c ------------------------------------------------------------------------------------------- */

/*
 * An optimizer is one row of the table in optimizer_kinds.c.
 */
struct lade__optimizer_kind {
    struct lade_optimizer_info info;
    struct {
        const char *name;  /* PyTorch's name of the state, used for tensors in checkpoints; NULL: not used */
        bool for_momentum; /* the state exists only if momentum is not 0 */
    } states[LADE__OPTIMIZER_STATES];
    /* Computes u->rate and u->correction for update number @t, counted from 1. NULL: the rate is lr. */
    void (*prepare)(const struct lade_optimizer *options, double t, struct lade__update *u);
    bool (*apply)(const struct lade__optimizer *o, const struct lade__update *u, float *values, const float *gradients,
                  size_t begin, size_t end);
};

/* Returns the row of an optimizer, or NULL if @kind is invalid. */
const struct lade__optimizer_kind *lade__optimizer_kind(enum lade_optimizer_kind kind);

#endif
