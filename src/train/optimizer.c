/*
 * train/optimizer.c - stochastic gradient descent. At a batch of 64 the step over all parameters of a dense net would
 * take a third of the time of its matrix products, so it is one fused pass over memory, written with the compilers'
 * vectors: -O2 of gcc 12 does not vectorise loops by itself. No multiply-add is fused into one rounding (-ffp-contract
 * is off), so every machine gets the same bits.
 */
#include "train/optimizer.h"

#include <math.h>
#include <string.h>

#define LANES 8
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), may_alias));

static int check_between(const char *name, double value, double limit, const char *allowed, struct lade_error *err) {
    if (value >= 0 && value < limit)
        return LADE_OK;
    return lade_error_set(err, LADE_EINVAL, "optimizer: %s is %g; it must be %s", name, value, allowed);
}

int lade__learning_rate_check(double lr, struct lade_error *err) {
    return check_between("lr", lr, (double)INFINITY, "0 or more, and finite", err);
}

static int check_options(const struct lade_optimizer *o, struct lade_error *err) {
    if ((int)o->kind < 0 || o->kind >= LADE_OPTIMIZER_COUNT)
        return lade_error_set(err, LADE_EINVAL, "optimizer: kind is %d, which is none; LADE_SGD is %d", (int)o->kind,
                              LADE_SGD);
    int status = lade__learning_rate_check((double)o->lr, err);
    if (status == LADE_OK)
        status = check_between("momentum", (double)o->momentum, 1, "0 or more, and below 1", err);
    if (status == LADE_OK)
        status = check_between("weight_decay", (double)o->weight_decay, (double)INFINITY, "0 or more, and finite", err);
    if (status == LADE_OK && o->nesterov && o->momentum == 0)
        return lade_error_set(err, LADE_EINVAL, "optimizer: nesterov needs a momentum; 0.9 is usual");
    return status;
}

int lade__optimizer_init(struct lade__optimizer *o, const struct lade_optimizer *options, size_t floats,
                         struct lade_error *err) {
    *o = (struct lade__optimizer){.options = *options};
    if (options->lr == 0)
        o->options.lr = 0.01f;
    if (options->lr == (float)LADE_OFF)
        o->options.lr = 0;
    int status = check_options(&o->options, err);
    if (status < 0)
        return status;
    if (o->options.momentum != 0) {
        o->velocity = lade_alloc_aligned(floats * sizeof(float));
        if (!o->velocity)
            return lade_error_set(err, LADE_ENOMEM, "no memory for the optimizer's momentum");
        memset(o->velocity, 0, floats * sizeof(float));
    }
    return LADE_OK;
}

void lade__optimizer_release(struct lade__optimizer *o) {
    lade_free_aligned(o->velocity);
    o->velocity = NULL;
}

/* With velocity 0 at the start, momentum * v + g is g in the first step, as the formula says. */
static inline __attribute__((always_inline)) void sgd(const struct lade__optimizer *o, float *values,
                                                      const float *gradients, float lr, size_t begin, size_t end,
                                                      bool momentum, bool nesterov) {
    float mu = o->options.momentum, decay = o->options.weight_decay;
    for (size_t i = begin; i < end; i += LANES) {
        lanes *p = (lanes *)(values + i);
        lanes g = *(const lanes *)(gradients + i) + decay * *p;
        if (momentum) {
            lanes *v = (lanes *)(o->velocity + i);
            *v = mu * *v + g;
            if (nesterov)
                g += mu * *v;
            else
                g = *v;
        }
        *p -= lr * g;
    }
}

void lade__optimizer_step(const struct lade__optimizer *o, float *values, const float *gradients, double lr,
                          size_t begin, size_t end) {
    if (!o->velocity)
        sgd(o, values, gradients, (float)lr, begin, end, false, false);
    else if (!o->options.nesterov)
        sgd(o, values, gradients, (float)lr, begin, end, true, false);
    else
        sgd(o, values, gradients, (float)lr, begin, end, true, true);
}
