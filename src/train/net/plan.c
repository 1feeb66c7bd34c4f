/*
 * train/net/plan.c - what a net needs to take a batch of a size it has not seen: how it is cut, kernels, memory.
 */
#include <inttypes.h>
#include <string.h>

#include <lade/gen.h>

#include "train/net/net.h"

#define ROWS_ALONE     8                   /* so many samples are not worth a second thread */
#define MAKING_STACK   ((size_t)1 << 20)   /* making a primitive takes half of what a generator's body has */
#define GRADIENT_LIMIT ((size_t)256 << 20) /* bytes that all copies of the gradients may take */

/* ---- How it is cut ----------------------------------------------------------------------------------------------- */

/*
 * Parts of a batch. Each has gradients of its own; where those would be too large, kernels have the threads inside.
 */
static int count_shards(const lade_net *net, int64_t n) {
    int64_t shards = n / ROWS_ALONE < 1 ? 1 : n / ROWS_ALONE;
    if (shards > net->info.threads)
        shards = net->info.threads;
    return net->spec.block_floats * sizeof(float) * (size_t)shards > GRADIENT_LIMIT ? 1 : (int)shards;
}

static int threads_inside(const lade_net *net, int64_t n, int shards) {
    return shards == 1 && n >= 2 * ROWS_ALONE ? net->info.threads : 1;
}

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

static void shard_release(struct lade__batch_shard *shard) {
    for (int i = 0; i < shard->count; i++) {
        lade__kernel_free(shard->ops[i].kernel);
        lade__dnnl_layout_free(shard->ops[i].view);
    }
    lade_free(shard->ops);
    lade__kernel_free(shard->softmax);
    lade__dnnl_layout_free(shard->x);
}

void lade__plan_free(struct lade__plan *p) {
    if (!p)
        return;
    for (int i = 0; i < p->count; i++)
        shard_release(&p->shards[i]);
    lade_free(p->norms);
    lade_free(p->shards);
    lade_free(p);
}

/*
 * A part in the making: steps come one after the other, each knowing how its input lies.
 */
struct builder {
    const lade_net *net;
    struct lade__engine *engine;
    struct lade__batch_shard *shard;
    bool training;
    const struct lade__dnnl_layout *layout; /* what comes out of the steps so far */
    bool writable;                          /* and may be written over */
    bool relu_fused;                        /* the last step's kernel does the relu that follows */
    size_t largest;                         /* output of a step that has a gradient */
};

/* Room for @floats in the lane's flow. */
static size_t reserve(struct builder *m, size_t floats) {
    size_t at = m->shard->floats;
    m->shard->floats += (floats + 15) / 16 * 16;
    return at;
}

static enum lade__kernel_mode mode_of(const struct builder *m, int layer) {
    return !m->training                            ? LADE__INFERENCE
           : layer <= m->net->spec.first_trainable ? LADE__TRAINING_NO_DX
                                                   : LADE__TRAINING;
}

/* The end of making a step. @through: its output is its input, and nothing is written. */
static void op_done(struct builder *m, struct lade__op *op, bool through) {
    struct lade__batch_shard *shard = m->shard;
    const struct lade__layer_kind *kind = op->layer ? op->layer->kind : NULL;
    if (op->kernel)
        m->layout = lade__kernel_output(op->kernel);
    size_t floats = lade__dnnl_layout_floats(m->layout);
    op->in_place = through || (kind && kind->in_place && m->writable);
    if (!op->in_place) {
        op->output = reserve(m, floats);
        m->writable = true;
    }
    m->writable = m->writable && !(kind && kind->needs_output);
    if (shard->first_trainable < shard->count && m->largest < floats)
        m->largest = floats;
}

/* What flows becomes plain, if it is not. @layer: the one that wants it so. */
static int make_plain(struct builder *m, int layer, struct lade_error *err) {
    if (lade__dnnl_layout_is_plain(m->layout))
        return LADE_OK;
    struct lade__op *op = &m->shard->ops[m->shard->count++];
    int status = lade__reorder_kernel(m->engine, m->layout, mode_of(m, layer), &op->kernel, err);
    if (status == LADE_OK)
        op_done(m, op, false);
    return status;
}

/* Numbers that are no longer a picture: (n, count). They are plain. */
static int make_flat(struct builder *m, const struct lade__shape *shape, struct lade__dnnl_layout **view,
                     struct lade_error *err) {
    struct lade__extent flat = lade__shape_extent(shape, false, m->shard->n);
    int status = lade__dnnl_layout_new(&flat, view, err);
    m->layout = *view;
    return status;
}

/* Can the kernel of layer @i do the relu of the layer behind it? */
static bool fuses_relu(const struct lade__spec *d, int i) {
    return d->layers[i].kind->fuses_relu && i + 1 < d->layer_count && d->layers[i + 1].kind->is_relu;
}

static int make_op(struct builder *m, int i, struct lade_error *err) {
    const struct lade__spec *d = &m->net->spec;
    const struct lade__layer *l = &d->layers[i];
    bool was_image = lade__dnnl_layout_extent(m->layout)->is_image, flat = l->in.ndim != 3 && was_image;
    int status = l->kind->plain || flat ? make_plain(m, i, err) : LADE_OK;
    if (status < 0)
        return status;
    struct lade__op *op = &m->shard->ops[m->shard->count++];
    op->layer = l;
    if (i == d->first_trainable)
        m->shard->first_trainable = m->shard->count - 1;
    if (flat) /* a layer takes numbers, and got a picture */
        status = make_flat(m, &l->in, &op->view, err);
    bool through = l->kind->computed_by == LADE__IDENTITY || (l->kind->computed_by == LADE__DROPOUT && !m->training);
    if (status == LADE_OK && l->kind->computed_by == LADE__BY_KERNEL) {
        bool relu = l->kind->is_relu ? m->relu_fused : fuses_relu(d, i);
        through = l->kind->is_relu && relu;
        if (m->training || !through)
            status = l->kind->kernel(l, m->engine, m->layout, relu, mode_of(m, i), &op->kernel, err);
        m->relu_fused = relu && !through;
    }
    if (status == LADE_OK && l->kind->computed_by == LADE__NORM) {
        if (!lade__dnnl_layout_loops(m->layout, &op->loops))
            return lade_error_set(err, LADE_ERUNTIME,
                                  "net: what comes into layer %d lies in a way that batchnorm does not know; put it "
                                  "elsewhere, or take another version of oneDNN",
                                  i);
        op->statistics = reserve(m, LADE__NORM_FLOATS(lade__dnnl_layout_extent(m->layout)->channels));
    }
    if (status == LADE_OK)
        op_done(m, op, through);
    return status;
}

static int make_shard(const lade_net *net, struct lade__engine *e, struct lade__batch_shard *shard, bool training,
                      struct lade_error *err) {
    const struct lade__spec *d = &net->spec;
    struct builder m = {.net = net, .engine = e, .shard = shard, .training = training};
    struct lade__extent in = lade__shape_extent(&d->in, net->info.channels_first, shard->n);
    int status = lade__dnnl_layout_new(&in, &shard->x, err);
    shard->ops = lade_calloc((size_t)d->layer_count * 2 + 1, sizeof *shard->ops); /* a change of layout before each */
    if (!shard->ops)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the steps of a batch");
    m.layout = shard->x;
    shard->first_trainable = INT32_MAX;
    shard->input = reserve(&m, (size_t)(shard->n * lade__shape_count(&d->in)));
    for (int i = 0; i < d->layer_count && status == LADE_OK; i++)
        status = make_op(&m, i, err);
    if (status == LADE_OK)
        status = make_plain(&m, d->layer_count, err);
    shard->logits = reserve(&m, (size_t)(shard->n * net->info.outputs));
    for (int i = 0; i < 2 && training; i++)
        shard->gradients[i] = reserve(&m, m.largest);
    if (status == LADE_OK && net->info.loss == LADE_SOFTMAX_CROSS_ENTROPY)
        status = lade__logsoftmax_kernel(e, shard->n, net->info.outputs, training ? LADE__TRAINING : LADE__INFERENCE,
                                         &shard->softmax, err);
    return status;
}

/* ---- A plan ------------------------------------------------------------------------------------------------------ */

struct making {
    lade_net *net;
    struct lade__plan *plan;
    struct lade_error *err;
    int status;
};

/* lade_fit() is a generator, so this may run on a generator's stack: see lade_call_with_stack(). */
static void make_shards(void *ctx) {
    struct making *making = ctx;
    struct lade_error *err = making->err;
    lade_net *net = making->net;
    struct lade__plan *p = making->plan;
    int status = LADE_OK;
    for (int i = 0; i < p->count && status == LADE_OK; i++) {
        struct lade__replica *replica = &net->replicas[i];
        if (!replica->engine)
            status = lade__engine_new(&replica->engine, err);
        if (status < 0)
            break;
        lade__engine_set_threads(replica->engine, threads_inside(net, p->n, p->count));
        status = make_shard(net, replica->engine, &p->shards[i], p->training, err);
    }
    making->status = status;
}

static int no_memory(int64_t n, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "net: no memory for a batch of %" PRId64 "; a smaller one may do", n);
}

static int plan_new(lade_net *net, int64_t n, bool training, struct lade__plan **out, struct lade_error *err) {
    int count = count_shards(net, n);
    struct lade__plan *p = lade_calloc(1, sizeof *p);
    if (!p || !(p->shards = lade_calloc((size_t)count, sizeof *p->shards)) ||
        !(p->norms = lade_calloc((size_t)count, sizeof *p->norms))) {
        lade__plan_free(p);
        return no_memory(n, err);
    }
    p->n = n;
    p->training = training;
    p->count = count;
    for (int i = 0; i < count; i++) {
        int64_t first = n * i / count;
        p->shards[i].first = first;
        p->shards[i].n = n * (i + 1) / count - first;
    }
    struct making making = {.net = net, .plan = p, .err = err};
    int status = lade_call_with_stack(MAKING_STACK, make_shards, &making, err);
    if (status == LADE_OK)
        status = making.status;
    if (status < 0) {
        lade__plan_free(p);
        return status;
    }
    *out = p;
    return LADE_OK;
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* Pages that are never touched (converted samples, for a source of float32) are never resident. */
static bool reserve_replica(const lade_net *net, struct lade__replica *replica, const struct lade__batch_shard *shard,
                            bool training) {
    size_t bytes = net->spec.trainable_floats * sizeof(float);
    if (training && !replica->gradients) {
        replica->gradients = lade_alloc_aligned(bytes);
        if (!replica->gradients)
            return false;
        memset(replica->gradients, 0, bytes); /* the padding stays 0 */
    }
    if (shard->floats <= replica->activation_floats)
        return true;
    lade_free_aligned(replica->activations);
    replica->activations = lade_alloc_aligned(shard->floats * sizeof(float));
    replica->activation_floats = replica->activations ? shard->floats : 0;
    return replica->activations != NULL;
}

void lade__replica_release(struct lade__replica *replica) {
    lade__engine_free(replica->engine);
    lade_free_aligned(replica->gradients);
    lade_free_aligned(replica->activations);
}

/* ---- Both -------------------------------------------------------------------------------------------------------- */

/* The plan for such batches, or the place of the one that gives way. */
static struct lade__plan **find_plan(lade_net *net, int64_t n, bool training) {
    struct lade__plan **oldest = &net->plans[0];
    for (int i = 0; i < LADE__PLANS; i++) {
        struct lade__plan *p = net->plans[i];
        if (p && p->n == n && p->training == training)
            return &net->plans[i];
        if (*oldest && (!p || p->used < (*oldest)->used))
            oldest = &net->plans[i];
    }
    return oldest;
}

int lade__net_plan(lade_net *net, int64_t n, bool training, struct lade__plan **out, struct lade_error *err) {
    if (n > INT32_MAX)
        return lade_error_set(err, LADE_ELIMIT, "net: a batch of %" PRId64 " samples; at most 2^31 - 1 are allowed", n);
    struct lade__plan **place = find_plan(net, n, training), *p = *place;
    if (!p || p->n != n || p->training != training) {
        int status = plan_new(net, n, training, &p, err);
        if (status < 0)
            return status;
        lade__plan_free(*place);
        *place = p;
    }
    p->used = ++net->uses;
    for (int i = 0; i < p->count; i++)
        if (!reserve_replica(net, &net->replicas[i], &p->shards[i], training))
            return no_memory(n, err);
    *out = p;
    return LADE_OK;
}
