/*
 * train/fit/optimizer.c - variants of gradient descent. At a batch of 64 the step over all parameters of a dense net would
 * take a third of the time of its matrix products, so each is one fused pass over memory.
 *
 * What PyTorch computes once a step in Python's doubles is computed once a step in double here.
 */
#include "train/fit/optimizer.h"

#include <string.h>

#include "train/net/vector.h"

#define INLINE static inline __attribute__((always_inline))

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *states[LADE__OPTIMIZER_STATES];
    float lr, weight_decay;
} kinds[] = {
    [LADE_SGD] = {"sgd", {"momentum_buffer"}, .01f, 0},
    [LADE_ADAGRAD] = {"adagrad", {"sum"}, .01f, 0},
    [LADE_RMSPROP] = {"rmsprop", {"square_avg", "momentum_buffer"}, .01f, 0},
    [LADE_ADAM] = {"adam", {"exp_avg", "exp_avg_sq"}, .001f, 0},
    [LADE_ADAMW] = {"adamw", {"exp_avg", "exp_avg_sq"}, .001f, .01f},
};

const char *lade__optimizer_name(enum lade_optimizer_kind kind) {
    return (int)kind >= 0 && kind < LADE_OPTIMIZER_COUNT ? kinds[kind].name : NULL;
}

const char *lade__optimizer_state_name(enum lade_optimizer_kind kind, int state) {
    return kinds[kind].states[state];
}

static int check_between(const char *name, double value, double limit, const char *allowed, struct lade_error *err) {
    if (value >= 0 && value < limit)
        return LADE_OK;
    return lade_error_set(err, LADE_EINVAL, "optimizer: %s is %g; it must be %s", name, value, allowed);
}

int lade__learning_rate_check(double lr, struct lade_error *err) {
    return check_between("lr", lr, (double)INFINITY, "0 or more, and finite", err);
}

/* 0 is the default, LADE_OFF is 0. */
static void fill_in(float *option, float preset) {
    *option = *option == 0 ? preset : *option == (float)LADE_OFF ? 0 : *option;
}

static int check_options(const struct lade_optimizer *o, struct lade_error *err) {
    static const char below_1[] = "0 or more, and below 1", finite[] = "0 or more, and finite";
    double infinite = (double)INFINITY;
    const struct {
        const char *name;
        double value, limit;
        const char *allowed;
    } ranges[] = {
        {"momentum", (double)o->momentum, 1, below_1},     {"rho", (double)o->rho, 1, below_1},
        {"beta_1", (double)o->beta_1, 1, below_1},         {"beta_2", (double)o->beta_2, 1, below_1},
        {"epsilon", (double)o->epsilon, infinite, finite}, {"weight_decay", (double)o->weight_decay, infinite, finite}};
    int status = lade__learning_rate_check((double)o->lr, err);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && status == LADE_OK; i++)
        status = check_between(ranges[i].name, ranges[i].value, ranges[i].limit, ranges[i].allowed, err);
    if (status < 0)
        return status;
    if (o->momentum != 0 && o->kind != LADE_SGD && o->kind != LADE_RMSPROP)
        return lade_error_set(err, LADE_EINVAL, "optimizer: %s has no momentum; sgd and rmsprop have",
                              kinds[o->kind].name);
    if (o->nesterov && o->kind != LADE_SGD)
        return lade_error_set(err, LADE_EINVAL, "optimizer: nesterov belongs to sgd, not to %s", kinds[o->kind].name);
    if (o->nesterov && o->momentum == 0)
        return lade_error_set(err, LADE_EINVAL, "optimizer: nesterov needs a momentum; 0.9 is usual");
    return LADE_OK;
}

static bool needs_state(const struct lade_optimizer *o, int state) {
    const char *name = kinds[o->kind].states[state];
    return name && (strcmp(name, "momentum_buffer") != 0 || o->momentum != 0);
}

int lade__optimizer_init(struct lade__optimizer *o, const struct lade_optimizer *options, size_t floats,
                         struct lade_error *err) {
    *o = (struct lade__optimizer){.options = *options};
    struct lade_optimizer *p = &o->options;
    if (!lade__optimizer_name(p->kind))
        return lade_error_set(err, LADE_EINVAL, "optimizer: kind is %d, which is none; LADE_SGD is %d", (int)p->kind,
                              LADE_SGD);
    fill_in(&p->lr, kinds[p->kind].lr);
    fill_in(&p->momentum, 0);
    fill_in(&p->weight_decay, kinds[p->kind].weight_decay);
    fill_in(&p->rho, .99f);
    fill_in(&p->beta_1, .9f);
    fill_in(&p->beta_2, .999f);
    fill_in(&p->epsilon, p->kind == LADE_ADAGRAD ? 1e-10f : 1e-8f);
    int status = check_options(p, err);
    for (int i = 0; i < LADE__OPTIMIZER_STATES && status == LADE_OK; i++) {
        if (!needs_state(p, i))
            continue;
        o->states[i] = lade_alloc_aligned(floats * sizeof(float));
        if (o->states[i])
            memset(o->states[i], 0, floats * sizeof(float));
        else
            status = lade_error_set(err, LADE_ENOMEM, "no memory for the optimizer's state");
    }
    if (status < 0)
        lade__optimizer_release(o);
    return status;
}

void lade__optimizer_release(struct lade__optimizer *o) {
    for (int i = 0; i < LADE__OPTIMIZER_STATES; i++)
        lade_free_aligned(o->states[i]);
    *o = (struct lade__optimizer){0};
}

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

/* A piece of the block as an optimiser sees it, LADE__VEC_FLOATS floats of each. */
struct point {
    const struct lade__optimizer *o;
    const struct lade__optimizer_coefficients *r;
    lade__vec *p, *s0, *s1;
    lade__vec g;
};

/* With a velocity of 0 at the start, momentum * v + g is g in the first step, as the formula says. */
INLINE void sgd(const struct point *at, bool momentum, bool nesterov) {
    lade__vec g = at->g;
    if (momentum) {
        float mu = at->o->options.momentum;
        *at->s0 = mu * *at->s0 + g;
        if (nesterov)
            g += mu * *at->s0;
        else
            g = *at->s0;
    }
    *at->p -= at->r->rate * g;
}

INLINE void adagrad(const struct point *at) {
    *at->s0 += at->g * at->g;
    *at->p -= at->r->rate * at->g / (lade__vec_sqrt(*at->s0) + at->o->options.epsilon);
}

INLINE void rmsprop(const struct point *at, bool momentum) {
    float rho = at->o->options.rho;
    *at->s0 = rho * *at->s0 + at->r->correction * at->g * at->g;
    lade__vec g = at->g / (lade__vec_sqrt(*at->s0) + at->o->options.epsilon);
    if (momentum)
        g = *at->s1 = at->o->options.momentum * *at->s1 + g;
    *at->p -= at->r->rate * g;
}

INLINE void adam(const struct point *at) {
    float beta_1 = at->o->options.beta_1, beta_2 = at->o->options.beta_2;
    *at->s0 = beta_1 * *at->s0 + (1 - beta_1) * at->g;
    *at->s1 = beta_2 * *at->s1 + (1 - beta_2) * at->g * at->g;
    *at->p -= at->r->rate * *at->s0 / (lade__vec_sqrt(*at->s1) * at->r->correction + at->o->options.epsilon);
}

struct lade__optimizer_coefficients lade__optimizer_begin(struct lade__optimizer *o,
                                                          const struct lade__gradient_scaling *step) {
    const struct lade_optimizer *p = &o->options;
    struct lade__optimizer_coefficients r = {.step = *step, .rate = (float)step->lr};
    double t = (double)++o->updates;
    if (p->kind == LADE_RMSPROP)
        r.correction = (float)(1 - (double)p->rho);
    if (p->kind == LADE_ADAM || p->kind == LADE_ADAMW) {
        r.rate = (float)(step->lr / (1 - pow((double)p->beta_1, t)));
        r.correction = (float)(1 / sqrt(1 - pow((double)p->beta_2, t)));
    }
    return r;
}

INLINE lade__vec *state_at(const struct lade__optimizer *o, int state, size_t i) {
    return o->states[state] ? (lade__vec *)(o->states[state] + i) : NULL;
}

/* One kind, all of a piece; kind and flags are constants to the compiler. */
INLINE bool apply(const struct lade__optimizer *o, const struct lade__optimizer_coefficients *r, float *values,
                  const float *gradients, size_t begin, size_t end, enum lade_optimizer_kind kind, bool momentum,
                  bool nesterov) {
    float decay = o->options.weight_decay, keep = (float)(1 - r->step.lr * (double)decay);
    lade__vec limit = lade__vec_of(r->step.limit), sum = lade__vec_of(0);
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        struct point at = {o,
                           r,
                           (lade__vec *)(values + i),
                           state_at(o, 0, i),
                           state_at(o, 1, i),
                           lade__vec_clamp(r->step.scale * *(const lade__vec *)(gradients + i), limit)};
        if (kind == LADE_ADAMW)
            *at.p *= keep;
        else
            at.g += decay * *at.p;
        if (kind == LADE_SGD)
            sgd(&at, momentum, nesterov);
        else if (kind == LADE_ADAGRAD)
            adagrad(&at);
        else if (kind == LADE_RMSPROP)
            rmsprop(&at, momentum);
        else
            adam(&at);
        sum += *at.p;
    }
    return lade__vec_finite(sum, values + begin, end - begin);
}

bool lade__optimizer_apply(const struct lade__optimizer *o, const struct lade__optimizer_coefficients *r, float *values,
                           const float *gradients, size_t begin, size_t end) {
    bool momentum = o->options.momentum != 0;
    switch (o->options.kind) {
    case LADE_SGD:
        if (!momentum)
            return apply(o, r, values, gradients, begin, end, LADE_SGD, false, false);
        return o->options.nesterov ? apply(o, r, values, gradients, begin, end, LADE_SGD, true, true)
                                   : apply(o, r, values, gradients, begin, end, LADE_SGD, true, false);
    case LADE_ADAGRAD:
        return apply(o, r, values, gradients, begin, end, LADE_ADAGRAD, false, false);
    case LADE_RMSPROP:
        return momentum ? apply(o, r, values, gradients, begin, end, LADE_RMSPROP, true, false)
                        : apply(o, r, values, gradients, begin, end, LADE_RMSPROP, false, false);
    case LADE_ADAM:
        return apply(o, r, values, gradients, begin, end, LADE_ADAM, false, false);
    case LADE_ADAMW:
        return apply(o, r, values, gradients, begin, end, LADE_ADAMW, false, false);
    case LADE_OPTIMIZER_COUNT:
        break;
    }
    return false;
}
