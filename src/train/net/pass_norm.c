/*
 * train/net/pass_norm.c - computes the batchnorm ops of a pass. A batchnorm needs statistics of the whole batch, so
 * each replica stops at the op, waits until all replicas have arrived, and then continues.
 */
#include "train/net/pass.h"

enum { WEIGHT, BIAS, RUNNING_MEAN, RUNNING_VARIANCE }; /* the order of batchnorm's parameters in train/spec/layers.c */

static const struct lade__parameter *parameter(const struct lade__pass *p, const struct lade__layer *l, int which) {
    return &p->spec->parameters[l->first_parameter + which];
}

static float *values_of(const struct lade__pass *p, const struct lade__layer *l, int which) {
    return p->values + parameter(p, l, which)->offset;
}

static int64_t channels_of(const struct lade__pass *p, const struct lade__layer *l) {
    return lade__shape_count(&parameter(p, l, WEIGHT)->shape);
}

static struct lade__norm statistics_of(const struct lade__pass *p, const struct lade__replica *r,
                                       const struct lade__op *op) {
    const struct lade__batch_shard *shard = &p->plan->shards[r - p->replicas];
    float *memory = r->activations + shard->buffers[op->statistics].offset;
    return lade__norm_at(memory, channels_of(p, op->layer), op->loops.n * op->loops.places);
}

/* Returns true at the first call for an op, and false at the second call, after the synchronisation. */
static bool must_wait(struct lade__replica *r) {
    r->waits = !r->synchronised;
    r->synchronised = false;
    return r->waits;
}

bool lade__pass_norm_forward(const struct lade__pass *p, struct lade__replica *r, const struct lade__op *op,
                             const float *x) {
    const struct lade__layer *l = op->layer;
    int64_t channels = channels_of(p, l);
    struct lade__norm s = statistics_of(p, r, op);
    if (!p->plan->training)
        lade__norm_inverse_deviation(values_of(p, l, RUNNING_VARIANCE), channels, s.scale);
    else if (must_wait(r)) {
        lade__norm_reduce(&s, &op->loops, channels, x);
        return false;
    }
    lade__norm_apply(&op->loops, channels, p->plan->training ? s.mean : values_of(p, l, RUNNING_MEAN), s.scale,
                     values_of(p, l, WEIGHT), values_of(p, l, BIAS), op->fused_relu, x, op->y);
    return true;
}

bool lade__pass_norm_backward(const struct lade__pass *p, struct lade__replica *r, const struct lade__op *op,
                              const float *x, const float *dy, float *dx) {
    const struct lade__layer *l = op->layer;
    int64_t channels = channels_of(p, l);
    struct lade__norm s = statistics_of(p, r, op);
    struct lade__norm_backward b = {x, dy, values_of(p, l, WEIGHT), values_of(p, l, BIAS), op->fused_relu};
    if (must_wait(r)) {
        lade__norm_reduce_backward(&s, &op->loops, channels, &b, r->gradients + parameter(p, l, WEIGHT)->offset,
                                   r->gradients + parameter(p, l, BIAS)->offset);
        return false;
    }
    if (dx)
        lade__norm_apply_backward(&s, &op->loops, channels, &b, dx);
    return true;
}

void lade__pass_synchronise_norm(const struct lade__pass *p) {
    const struct lade__plan *plan = p->plan;
    int64_t channels = channels_of(p, plan->shards[0].ops[p->replicas[0].next].layer);
    for (int i = 0; i < plan->count; i++) {
        struct lade__replica *r = &p->replicas[i];
        plan->norms[i] = statistics_of(p, r, &plan->shards[i].ops[r->next]);
        r->synchronised = true;
    }
    if (p->replicas[0].is_backward)
        lade__norm_synchronise_backward(plan->norms, plan->count, channels);
    else
        lade__norm_synchronise(plan->norms, plan->count, channels);
}

void lade__pass_update_running(const struct lade__pass *p) {
    const struct lade__batch_shard *shard = &p->plan->shards[0];
    for (int i = 0; i < shard->op_count; i++) {
        const struct lade__op *op = &shard->ops[i];
        if (!op->layer || op->layer->kind->computed_by != LADE__NORM || p->plan->n * op->loops.places == 1)
            continue; /* the variance of a single number is undefined */
        struct lade__norm s = statistics_of(p, &p->replicas[0], op);
        lade__norm_update_running(&s, channels_of(p, op->layer), values_of(p, op->layer, RUNNING_MEAN),
                                  values_of(p, op->layer, RUNNING_VARIANCE));
    }
}
