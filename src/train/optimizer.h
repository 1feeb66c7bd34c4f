/*
 * train/optimizer.h - how parameters follow their gradients: one pass over the block that holds them all.
 */
#ifndef LADE_SRC_TRAIN_OPTIMIZER_H
#define LADE_SRC_TRAIN_OPTIMIZER_H

#include <lade/train.h>

struct lade__optimizer {
    struct lade_optimizer options; /* checked; lr is where it starts */
    float *velocity;               /* as long as the block, starts at 0; NULL without momentum */
};

/*
 * lade__optimizer_init() - check @options and take memory for a block of @floats.
 *
 * Returns LADE_OK; LADE_EINVAL with @err naming the option, what was given and what is allowed; LADE_ENOMEM. After a
 * failure there is nothing to release.
 */
int lade__optimizer_init(struct lade__optimizer *o, const struct lade_optimizer *options, size_t floats,
                         struct lade_error *err);
void lade__optimizer_release(struct lade__optimizer *o); /* {0} is fine */

/* LADE_OK, or LADE_EINVAL with @err: a learning rate is finite and not below 0. */
int lade__learning_rate_check(double lr, struct lade_error *err);

/*
 * lade__optimizer_step() - one step for floats @begin .. @end - 1 of the block, multiples of 16: @values follow
 * @gradients, both aligned to 64 bytes. Elements of value and gradient 0 (the padding between parameters) stay 0.
 *
 * Threads may do different pieces at the same time; the bits do not depend on how a block is cut.
 */
void lade__optimizer_step(const struct lade__optimizer *o, float *values, const float *gradients, double lr,
                          size_t begin, size_t end);

#endif
