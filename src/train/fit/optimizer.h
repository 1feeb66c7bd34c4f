/*
 * train/fit/optimizer.h - how parameters follow their gradients: one pass over the block that holds them all.
 */
#ifndef LADE_SRC_TRAIN_FIT_OPTIMIZER_H
#define LADE_SRC_TRAIN_FIT_OPTIMIZER_H

#include <lade/train.h>

#define LADE__OPTIMIZER_STATES 2

struct lade__optimizer {
    struct lade_optimizer options;         /* checked, every default filled in; lr is where it starts */
    float *states[LADE__OPTIMIZER_STATES]; /* each as long as the block, starts at 0; NULL: it needs none */
    int64_t updates;                       /* done */
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

/* "adam"; NULL for a number that is none. "velocity": what a state holds; NULL: the kind has no such state. */
const char *lade__optimizer_name(enum lade_optimizer_kind kind);
const char *lade__optimizer_state_name(enum lade_optimizer_kind kind, int state);

/* LADE_OK, or LADE_EINVAL with @err: a learning rate is finite and not below 0. */
int lade__learning_rate_check(double lr, struct lade_error *err);

/*
 * What a step is made of: the gradient is multiplied by `scale` (clipping by norm) and kept within +-limit (by value)
 * before anything else.
 */
struct lade__gradient_scaling {
    double lr;
    float scale, limit; /* 1 and INFINITY: as it is */
};

/*
 * lade__optimizer_begin() - what lade__optimizer_apply() needs to know of step number o->steps, which is counted.
 *
 * lade__optimizer_apply() - that step for floats @begin .. @end - 1 of the block, multiples of 16: @values follow
 * @gradients, both aligned to 64 bytes. Elements of value and gradient 0 (the padding between parameters) stay 0.
 * Returns false where one of the values afterwards is not finite, which is so where a gradient was not; but for one
 * that is infinite and was kept within the limit.
 *
 * Threads may do different pieces at the same time; the bits do not depend on how a block is cut.
 */
struct lade__optimizer_coefficients {
    struct lade__gradient_scaling step;
    float rate, correction; /* of the kind: see optimizer.c */
};

struct lade__optimizer_coefficients lade__optimizer_begin(struct lade__optimizer *o,
                                                          const struct lade__gradient_scaling *step);
bool lade__optimizer_apply(const struct lade__optimizer *o, const struct lade__optimizer_coefficients *r, float *values,
                           const float *gradients, size_t begin, size_t end);

#endif
