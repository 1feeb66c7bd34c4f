/*
 * train/fit/optimizer_kinds.c - contains the table of optimizers, with one row and one function for each optimizer. An
 * update computes the whole formula in one pass over the parameters, four floats at a time. A separate pass for each
 * operation of the formula would be slow: for a dense net and a batch of 64, the passes would take a third of the time
 * of the matrix products.
 *
 * Once for each update, prepare() computes some numbers in double, because PyTorch computes these numbers in Python,
 * whose floats are doubles.
 */
#include "train/fit/optimizer.h"

#include <math.h>

#include "train/net/vector.h"

#define INLINE     static inline __attribute__((always_inline))
#define TAKES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- The pass ---------------------------------------------------------------------------------------------------- */

/* Four parameters p, their gradients g, their states, and the numbers of the update. */
struct four {
    const struct lade_optimizer *options;
    const struct lade__update *u;
    lade__vec *p, *s0, *s1;
    lade__vec g;
};

typedef void rule(struct four *v);

INLINE lade__vec *state_at(const struct lade__optimizer *o, int state, size_t i) {
    return o->states[state] ? (lade__vec *)(o->states[state] + i) : NULL;
}

/* Applies @update to all floats of a piece. The compiler inlines @update, because each caller passes a constant
   function. If @decoupled_decay is true, the parameters are multiplied by 1 - lr * weight_decay. Otherwise,
   weight_decay times the parameters is added to the gradient. */
INLINE bool pass(const struct lade__optimizer *o, const struct lade__update *u, float *values, const float *gradients,
                 size_t begin, size_t end, rule *update, bool decoupled_decay) {
    float decay = o->options.weight_decay, keep = (float)(1 - u->lr * (double)decay);
    lade__vec limit = lade__vec_of(u->limit), sum = lade__vec_of(0);
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        struct four v = {&o->options,
                         u,
                         (lade__vec *)(values + i),
                         state_at(o, 0, i),
                         state_at(o, 1, i),
                         lade__vec_clamp(u->scale * *(const lade__vec *)(gradients + i), limit)};
        if (decoupled_decay)
            *v.p *= keep;
        else
            v.g += decay * *v.p;
        update(&v);
        sum += *v.p;
    }
    return lade__vec_finite(sum, values + begin, end - begin);
}

#define APPLY(name)                                                                                \
    static bool name(const struct lade__optimizer *o, const struct lade__update *u, float *values, \
                     const float *gradients, size_t begin, size_t end)

/* ---- SGD --------------------------------------------------------------------------------------------------------- */

INLINE void sgd_plain(struct four *v) {
    *v->p -= v->u->rate * v->g;
}

/* PyTorch's first update sets the momentum buffer to g. Here, the buffer is initially 0, so the formula below gives
   the same result. */
INLINE void sgd_momentum(struct four *v) {
    *v->s0 = v->options->momentum * *v->s0 + v->g;
    *v->p -= v->u->rate * *v->s0;
}

INLINE void sgd_nesterov(struct four *v) {
    float momentum = v->options->momentum;
    *v->s0 = momentum * *v->s0 + v->g;
    v->g += momentum * *v->s0;
    *v->p -= v->u->rate * v->g;
}

APPLY(sgd) {
    return o->options.momentum == 0 ? pass(o, u, values, gradients, begin, end, sgd_plain, false)
           : o->options.nesterov    ? pass(o, u, values, gradients, begin, end, sgd_nesterov, false)
                                    : pass(o, u, values, gradients, begin, end, sgd_momentum, false);
}

/* ---- AdaGrad ----------------------------------------------------------------------------------------------------- */

INLINE void adagrad_rule(struct four *v) {
    *v->s0 += v->g * v->g;
    *v->p -= v->u->rate * v->g / (lade__vec_sqrt(*v->s0) + v->options->epsilon);
}

APPLY(adagrad) {
    return pass(o, u, values, gradients, begin, end, adagrad_rule, false);
}

/* ---- RMSProp ----------------------------------------------------------------------------------------------------- */

static void rmsprop_prepare(const struct lade_optimizer *options, double t, struct lade__update *u) {
    (void)t;
    u->correction = (float)(1 - (double)options->rho);
}

INLINE lade__vec rmsprop_gradient(struct four *v) {
    *v->s0 = v->options->rho * *v->s0 + v->u->correction * v->g * v->g;
    return v->g / (lade__vec_sqrt(*v->s0) + v->options->epsilon);
}

INLINE void rmsprop_plain(struct four *v) {
    *v->p -= v->u->rate * rmsprop_gradient(v);
}

INLINE void rmsprop_momentum(struct four *v) {
    *v->s1 = v->options->momentum * *v->s1 + rmsprop_gradient(v);
    *v->p -= v->u->rate * *v->s1;
}

APPLY(rmsprop) {
    return o->options.momentum == 0 ? pass(o, u, values, gradients, begin, end, rmsprop_plain, false)
                                    : pass(o, u, values, gradients, begin, end, rmsprop_momentum, false);
}

/* ---- Adam, AdamW ------------------------------------------------------------------------------------------------- */

static void adam_prepare(const struct lade_optimizer *options, double t, struct lade__update *u) {
    u->rate = (float)(u->lr / (1 - pow((double)options->beta_1, t)));
    u->correction = (float)(1 / sqrt(1 - pow((double)options->beta_2, t)));
}

INLINE void adam_rule(struct four *v) {
    float beta_1 = v->options->beta_1, beta_2 = v->options->beta_2;
    *v->s0 = beta_1 * *v->s0 + (1 - beta_1) * v->g;
    *v->s1 = beta_2 * *v->s1 + (1 - beta_2) * v->g * v->g;
    *v->p -= v->u->rate * *v->s0 / (lade__vec_sqrt(*v->s1) * v->u->correction + v->options->epsilon);
}

APPLY(adam) {
    return pass(o, u, values, gradients, begin, end, adam_rule, false);
}

APPLY(adamw) {
    return pass(o, u, values, gradients, begin, end, adam_rule, true);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static const struct lade__optimizer_kind kinds[] = {
    [LADE_SGD] = {.info = {"sgd", TAKES("lr", "momentum", "nesterov", "weight_decay"), {LADE_SGD, .lr = .01f}},
                  .states = {{.name = "momentum_buffer", .for_momentum = true}},
                  .apply = sgd},
    [LADE_ADAGRAD] = {.info = {"adagrad",
                               TAKES("lr", "weight_decay", "epsilon"),
                               {LADE_ADAGRAD, .lr = .01f, .epsilon = 1e-10f}},
                      .states = {{.name = "sum"}},
                      .apply = adagrad},
    [LADE_RMSPROP] = {.info = {"rmsprop",
                               TAKES("lr", "momentum", "weight_decay", "rho", "epsilon"),
                               {LADE_RMSPROP, .lr = .01f, .rho = .99f, .epsilon = 1e-8f}},
                      .states = {{.name = "square_avg"}, {.name = "momentum_buffer", .for_momentum = true}},
                      .prepare = rmsprop_prepare,
                      .apply = rmsprop},
    [LADE_ADAM] = {.info = {"adam",
                            TAKES("lr", "weight_decay", "beta_1", "beta_2", "epsilon"),
                            {LADE_ADAM, .lr = .001f, .beta_1 = .9f, .beta_2 = .999f, .epsilon = 1e-8f}},
                   .states = {{.name = "exp_avg"}, {.name = "exp_avg_sq"}},
                   .prepare = adam_prepare,
                   .apply = adam},
    [LADE_ADAMW] = {.info = {"adamw",
                             TAKES("lr", "weight_decay", "beta_1", "beta_2", "epsilon"),
                             {LADE_ADAMW, .lr = .001f, .weight_decay = .01f, .beta_1 = .9f, .beta_2 = .999f,
                              .epsilon = 1e-8f}},
                    .states = {{.name = "exp_avg"}, {.name = "exp_avg_sq"}},
                    .prepare = adam_prepare,
                    .apply = adamw},
};

_Static_assert(sizeof kinds / sizeof *kinds == LADE_OPTIMIZER_COUNT, "every optimizer has a row");

const struct lade__optimizer_kind *lade__optimizer_kind(enum lade_optimizer_kind kind) {
    return (int)kind >= 0 && kind < LADE_OPTIMIZER_COUNT ? &kinds[kind] : NULL;
}

const struct lade_optimizer_info *lade_optimizer_info(enum lade_optimizer_kind kind) {
    const struct lade__optimizer_kind *row = lade__optimizer_kind(kind);
    return row ? &row->info : NULL;
}
