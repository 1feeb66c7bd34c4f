/*
 * train/fit/optimizer.h - the optimizer: how a gradient changes the parameters. All parameters are in one block, and an
 * update is one pass over that block.
 */
#ifndef LADE_SRC_TRAIN_FIT_OPTIMIZER_H
#define LADE_SRC_TRAIN_FIT_OPTIMIZER_H

#include <lade/train.h>

#define LADE__OPTIMIZER_STATES 2

struct lade__optimizer {
    struct lade_optimizer options; /* checked, with every default filled in; lr is the initial learning rate */
    const struct lade__optimizer_kind *kind;
    float *states[LADE__OPTIMIZER_STATES]; /* each as long as the block, initially 0; NULL: this optimizer has no such
                                              state */
    int64_t updates;                       /* number of updates so far */
};

/*
 * lade__optimizer_init() - checks @options and allocates the states for a block of @floats.
 *
 * Returns LADE_OK; LADE_EINVAL with @err naming the option, its value and the allowed values; LADE_ENOMEM. After a
 * failure there is nothing to release.
 */
int lade__optimizer_init(struct lade__optimizer *o, const struct lade_optimizer *options, size_t floats,
                         struct lade_error *err);
void lade__optimizer_release(struct lade__optimizer *o); /* {0} is allowed */

/* Checks a learning rate, which must be finite and 0 or more. Returns LADE_OK, or LADE_EINVAL with @err. */
int lade__learning_rate_check(double lr, struct lade_error *err);

/*
 * The hyper-parameters of struct lade_optimizer in the order in which checkpoints have them.
 *
 * lade__hyperparameter_get() - returns the value of hyper-parameter @i of @o; 0 or 1 for a flag.
 */
struct lade__hyperparameter {
    const char *name; /* of the field */
    size_t offset;
    bool is_flag; /* bool, otherwise float */
    bool below_1; /* the value must be below 1, otherwise only finite */
    float unused; /* the value in checkpoints of optimizers that do not use it */
};

#define LADE__HYPERPARAMETERS 8
extern const struct lade__hyperparameter lade__hyperparameters[LADE__HYPERPARAMETERS];
double lade__hyperparameter_get(const struct lade_optimizer *o, int i);

/* ---- An update --------------------------------------------------------------------------------------------------- */

/*
 * The numbers that one update applies to all parameters.
 */
struct lade__update {
    double lr;
    float scale, limit;     /* the gradient is multiplied by scale, then clamped to -limit .. limit */
    float rate, correction; /* computed from lr and the number of updates by lade__optimizer_kind.prepare */
};

/*
 * lade__optimizer_begin() - begins the next update, and counts it. @scale and @limit are 1 and INFINITY for a gradient
 * that is not clipped.
 *
 * lade__optimizer_apply() - applies the update to floats @begin .. @end - 1 of the block, which are multiples of 16.
 * @values and @gradients are aligned to 64 bytes. Where value and gradient are 0 (the padding between parameters) the
 * value stays 0.
 * Returns false if a value is not finite afterwards. This is always so if its gradient was not finite, except for an
 * infinite gradient that was clamped.
 *
 * Several threads may apply an update to different pieces at the same time. The results do not depend on the pieces.
 */
struct lade__update lade__optimizer_begin(struct lade__optimizer *o, double lr, float scale, float limit);
bool lade__optimizer_apply(const struct lade__optimizer *o, const struct lade__update *u, float *values,
                           const float *gradients, size_t begin, size_t end);

/* ---- optimizer_kinds.c ------------------------------------------------------------------------------------------- */

/*
 * One optimizer.
 */
struct lade__optimizer_kind {
    struct lade_optimizer_info info;
    struct {
        const char *name;  /* PyTorch's name, which names the tensors of a checkpoint; NULL: no such state */
        bool for_momentum; /* the state exists only if momentum is not 0 */
    } states[LADE__OPTIMIZER_STATES];
    /* Computes rate and correction of update number @t, from 1. NULL: rate is lr. */
    void (*prepare)(const struct lade_optimizer *options, double t, struct lade__update *u);
    bool (*apply)(const struct lade__optimizer *o, const struct lade__update *u, float *values, const float *gradients,
                  size_t begin, size_t end);
};

/* Returns the row of an optimizer, or NULL if @kind is not an optimizer. */
const struct lade__optimizer_kind *lade__optimizer_kind(enum lade_optimizer_kind kind);

#endif
