/*
 * train/net/pass.c - a batch goes through the net and its gradient comes back, each part by itself. Layers whose output may
 * lie on their input (relu) do so; gradients take turns in two buffers, for a layer's is not needed once the layer
 * before has its own. Where a layer needs all of the batch (batchnorm) the parts stop, meet, and go on from there.
 */
#include <inttypes.h>
#include <math.h>

#include "train/net/dropout.h"
#include "train/net/net.h"
#include "train/net/vector.h"

/*
 * What the parts of a batch have in common.
 */
struct pass {
    lade_net *net;
    const struct lade__plan *plan;
    const struct lade_tensor *x;
    int64_t first;                        /* the batch begins at this sample of x */
    const struct lade_batch *b;           /* what the answers are compared with; or NULL */
    const struct lade__loss_config *loss; /* how */
    double weight;                        /* of the batch */
    float *out;                           /* where predictions go; or NULL */
};

/* ---- In ---------------------------------------------------------------------------------------------------------- */

int lade__net_check_input(const lade_net *net, const struct lade_tensor *x, struct lade_error *err) {
    struct lade__shape given = {.ndim = x->dl.ndim - 1};
    for (int i = 0; i < given.ndim; i++)
        given.size[i] = x->shape[i + 1];
    if (!lade__shape_equal(&given, &net->spec.in)) {
        char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
        return lade_error_set(err, LADE_EINVAL, "the samples are %s, the net was made for %s; one must be changed",
                              lade__shape_text(&given, have), lade__shape_text(&net->spec.in, want));
    }
    if (x->dtype != LADE_FLOAT32 && x->dtype != LADE_UINT8)
        return lade_error_set(err, LADE_EINVAL, "the samples are %s; a net takes float32 or uint8",
                              lade_dtype_name(x->dtype));
    return LADE_OK;
}

static int check_batch(const lade_net *net, const struct lade_batch *b, struct lade_error *err) {
    int status = lade__net_check_input(net, b->x, err);
    if (status == LADE_OK && b->x->shape[0] != b->n)
        status = lade_error_set(err, LADE_EINVAL, "the batch says %" PRId64 " samples and holds %" PRId64, b->n,
                                b->x->shape[0]);
    return status < 0 ? status : lade__labels_check(net->info.loss, net->info.outputs, b, err);
}

/* Samples as float32: those of the tensor itself, or bytes brought to 0 .. 1. Kernels do not write to their input. */
static float *as_floats(const struct pass *p, struct lade__replica *replica, const struct lade__batch_shard *shard) {
    int64_t size = lade__shape_count(&p->net->spec.in), first = p->first + shard->first;
    if (p->x->dtype == LADE_FLOAT32)
        return (float *)lade_tensor_data(p->x) + first * size;
    const uint8_t *from = (const uint8_t *)lade_tensor_data(p->x) + first * size;
    float *to = replica->activations + shard->input;
    for (int64_t i = 0; i < shard->n * size; i++)
        to[i] = (float)from[i] / 255;
    return to;
}

/* ---- Our own layers ---------------------------------------------------------------------------------------------- */

static void apply_dropout(const struct pass *p, const struct lade__batch_shard *shard, const struct lade__layer *l,
                          const float *from, float *to) {
    struct lade__dropout d = {l->rate, p->net->info.seed, p->net->clock, (int)(l - p->net->spec.layers)};
    lade__dropout(&d, shard->first, shard->n, lade__shape_count(&l->in), from, to);
}

static int64_t norm_channels(const lade_net *net, const struct lade__layer *l) {
    return lade__shape_count(&net->spec.parameters[l->first_parameter].shape);
}

/* Weight, bias, running mean, running variance of a batchnorm. */
static float *norm_values(const lade_net *net, const struct lade__layer *l, int which) {
    return net->values + net->spec.parameters[l->first_parameter + which].offset;
}

static struct lade__norm statistics_of(const lade_net *net, struct lade__replica *replica, const struct lade__op *op) {
    return lade__norm_at(replica->activations + op->statistics, norm_channels(net, op->layer),
                         op->loops.n * op->loops.places);
}

/* Stops at the meeting of the lanes, once; false: go on. */
static bool must_synchronise(struct lade__replica *replica) {
    replica->waits = !replica->synchronised;
    replica->synchronised = false;
    return replica->waits;
}

static void norm_forward(const struct pass *p, struct lade__replica *replica, const struct lade__op *op,
                         const float *x) {
    const struct lade__layer *l = op->layer;
    int64_t channels = norm_channels(p->net, l);
    struct lade__norm s = statistics_of(p->net, replica, op);
    if (!p->plan->training)
        lade__norm_inverse_deviation(norm_values(p->net, l, 3), channels, s.scale);
    else if (must_synchronise(replica)) {
        lade__norm_reduce(&s, &op->loops, channels, x);
        return;
    }
    lade__norm_apply(&op->loops, channels, p->plan->training ? s.mean : norm_values(p->net, l, 2), s.scale,
                     norm_values(p->net, l, 0), norm_values(p->net, l, 1), x, op->y);
}

static void norm_backward(const struct pass *p, struct lade__replica *replica, const struct lade__op *op,
                          const float *x, const float *dy, float *dx) {
    const struct lade__layer *l = op->layer;
    const struct lade__parameter *parameters = &p->net->spec.parameters[l->first_parameter];
    int64_t channels = norm_channels(p->net, l);
    struct lade__norm s = statistics_of(p->net, replica, op);
    if (must_synchronise(replica))
        lade__norm_reduce_backward(&s, &op->loops, channels, x, dy, replica->gradients + parameters[0].offset,
                                   replica->gradients + parameters[1].offset);
    else
        lade__norm_apply_backward(&s, &op->loops, channels, norm_values(p->net, l, 0), x, dy, dx);
}

/* All lanes stand before the same batchnorm. */
static void synchronise(const struct pass *p) {
    lade_net *net = p->net;
    const struct lade__op *op = &p->plan->shards[0].ops[net->replicas[0].next];
    int64_t channels = norm_channels(net, op->layer);
    struct lade__norm *norms = p->plan->norms;
    for (int i = 0; i < p->plan->count; i++) {
        norms[i] = statistics_of(net, &net->replicas[i], &p->plan->shards[i].ops[net->replicas[i].next]);
        net->replicas[i].synchronised = true;
    }
    if (net->replicas[0].is_backward)
        lade__norm_synchronise_backward(norms, p->plan->count, channels);
    else
        lade__norm_synchronise(norms, p->plan->count, channels);
}

/* After a batch that was learnt from. */
static void update_running_statistics(const struct pass *p) {
    lade_net *net = p->net;
    const struct lade__batch_shard *shard = &p->plan->shards[0];
    for (int i = 0; i < shard->count; i++) {
        const struct lade__op *op = &shard->ops[i];
        if (!op->layer || op->layer->kind->computed_by != LADE__NORM || p->plan->n * op->loops.places == 1)
            continue; /* one number has no variance to follow */
        struct lade__norm s = statistics_of(net, &net->replicas[0], op);
        lade__norm_update_running(&s, norm_channels(net, op->layer), norm_values(net, op->layer, 2),
                                  norm_values(net, op->layer, 3));
    }
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

static void bind_parameters(const lade_net *net, const struct lade__replica *replica, const struct lade__layer *l,
                            struct lade__arrays *a) {
    for (int i = 0; l && i < l->kind->parameter_count; i++) {
        const struct lade__parameter *p = &net->spec.parameters[l->first_parameter + i];
        a->at[p->operand] = net->values + p->offset;
        if (replica->gradients)
            a->at[p->operand == LADE__W ? LADE__DW : LADE__DB] = replica->gradients + p->offset;
    }
}

static float *input_of(const struct lade__replica *replica, const struct lade__batch_shard *shard, int op) {
    return op > 0 ? shard->ops[op - 1].y : replica->x;
}

/* Leaves every step's output in its y, up to the end or a meeting. */
static void forward(const struct pass *p, struct lade__replica *replica, const struct lade__batch_shard *shard) {
    for (; replica->next < shard->count && replica->status == LADE_OK; replica->next++) {
        struct lade__op *op = &shard->ops[replica->next];
        float *x = input_of(replica, shard, replica->next);
        op->y = op->in_place ? x : replica->activations + op->output;
        if (op->kernel) {
            struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = op->y}};
            bind_parameters(p->net, replica, op->layer, &a);
            replica->status = lade__kernel_forward(op->kernel, &a, &replica->error);
        } else if (op->layer->kind->computed_by == LADE__DROPOUT && p->plan->training) {
            apply_dropout(p, shard, op->layer, x, op->y);
        } else if (op->layer->kind->computed_by == LADE__NORM) {
            norm_forward(p, replica, op, x);
            if (replica->waits)
                return;
        }
    }
}

/* What losses and predictions begin with: logsoftmax of the last output, or that output. */
static float *compute_logits(struct lade__replica *replica, const struct lade__batch_shard *shard) {
    float *x = input_of(replica, shard, shard->count);
    if (!shard->softmax)
        return x;
    struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = replica->activations + shard->logits}};
    replica->status = lade__kernel_forward(shard->softmax, &a, &replica->error);
    return a.at[LADE__Y];
}

/* What the loss's last step makes of @answers. */
static void write_predictions(enum lade_loss loss, const float *logits, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++)
        out[i] = loss == LADE_SOFTMAX_CROSS_ENTROPY  ? expf(logits[i])
                 : loss == LADE_BINARY_CROSS_ENTROPY ? 1 / (1 + expf(-logits[i]))
                                                     : logits[i];
}

/* ---- Loss and backward ------------------------------------------------------------------------------------------- */

static float *gradient_of(const struct lade__replica *replica, const struct lade__batch_shard *shard, int gradient_at) {
    return replica->activations + shard->gradients[gradient_at];
}

/* Compares the answers with the labels; begins the way back where there is one. */
static void compare(const struct pass *p, struct lade__replica *replica, const struct lade__batch_shard *shard,
                    float *logits) {
    struct lade__labels labels = lade__labels_of(p->b, shard->first, shard->n);
    float *gradient =
        p->plan->training && shard->first_trainable < shard->count ? gradient_of(replica, shard, 0) : NULL;
    lade__loss_compute(p->loss, logits, &labels, p->weight, &replica->sums, gradient);
    replica->is_backward = gradient && isfinite(replica->sums.loss);
    replica->gradient_at = 0;
    replica->next = shard->count - 1;
    if (!replica->is_backward || !shard->softmax)
        return;
    struct lade__arrays a = {.at = {[LADE__Y] = logits, [LADE__DY] = gradient, [LADE__DX] = gradient}};
    replica->status = lade__kernel_backward(shard->softmax, &a, &replica->error);
}

/* From the gradient with respect to the last output to lane->gradients, up to the end or a meeting. */
static void backward(const struct pass *p, struct lade__replica *replica, const struct lade__batch_shard *shard) {
    for (; replica->next >= shard->first_trainable && replica->status == LADE_OK; replica->next--) {
        const struct lade__op *op = &shard->ops[replica->next];
        const struct lade__layer *l = op->layer;
        float *x = input_of(replica, shard, replica->next), *dy = gradient_of(replica, shard, replica->gradient_at);
        int next = l && l->kind->in_place ? replica->gradient_at : 1 - replica->gradient_at;
        float *dx = gradient_of(replica, shard, next);
        if (op->kernel) {
            struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = op->y, [LADE__DY] = dy, [LADE__DX] = dx}};
            bind_parameters(p->net, replica, l, &a);
            replica->status = lade__kernel_backward(op->kernel, &a, &replica->error);
        } else if (l->kind->computed_by == LADE__DROPOUT) {
            apply_dropout(p, shard, l, dy, dx);
        } else if (l->kind->computed_by == LADE__NORM) {
            norm_backward(p, replica, op, x, dy, dx);
            if (replica->waits)
                return;
        }
        replica->gradient_at = next;
    }
}

/* ---- A pass ------------------------------------------------------------------------------------------------------ */

/* Takes a part as far as it goes: to the end, to a meeting, to an error. */
static void run_shard(void *ctx, int i) {
    const struct pass *p = ctx;
    const struct lade__batch_shard *shard = &p->plan->shards[i];
    struct lade__replica *replica = &p->net->replicas[i];
    int64_t outputs = p->net->info.outputs;
    replica->waits = false;
    if (!replica->is_backward) {
        forward(p, replica, shard);
        if (replica->waits || replica->status < 0)
            return;
        float *logits = compute_logits(replica, shard);
        if (replica->status < 0)
            return;
        if (p->out)
            write_predictions(p->net->info.loss, logits, shard->n * outputs, p->out + shard->first * outputs);
        if (p->b)
            compare(p, replica, shard, logits);
    }
    if (replica->is_backward)
        backward(p, replica, shard);
}

static void begin(const struct pass *p) {
    for (int i = 0; i < p->plan->count; i++) {
        struct lade__replica *replica = &p->net->replicas[i];
        replica->x = as_floats(p, replica, &p->plan->shards[i]);
        replica->next = 0;
        replica->is_backward = replica->synchronised = false;
        replica->status = LADE_OK;
        replica->sums = (struct lade__loss_sums){0};
    }
}

/* The first of the parts that failed speaks for all. *finite: false for a loss that is not, which ends the pass. */
static int check_replicas(const struct pass *p, bool *finite, struct lade_error *err) {
    for (int i = 0; i < p->plan->count; i++) {
        const struct lade__replica *replica = &p->net->replicas[i];
        if (replica->status < 0)
            return lade_error_set(err, replica->status, "%s", replica->error.message);
        *finite = *finite && isfinite(replica->sums.loss);
    }
    return LADE_OK;
}

static int run_pass(struct pass *p, int64_t n, bool training, struct lade_error *err) {
    lade_net *net = p->net;
    struct lade__plan *plan;
    int status = lade__net_plan(net, n, training, &plan, err);
    if (status < 0)
        return status;
    p->plan = plan;
    bool finite = true;
    begin(p);
    for (;;) {
        lade__thread_pool_run(net->pool, plan->count, run_shard, p);
        status = check_replicas(p, &finite, err);
        if (status < 0 || !finite || !net->replicas[0].waits)
            break;
        synchronise(p);
    }
    if (status == LADE_OK && finite && training) {
        update_running_statistics(p);
        net->clock++;
    }
    return status;
}

static void add_sums(const struct pass *p, struct lade__loss_sums *t) {
    for (int i = 0; i < p->plan->count; i++)
        lade__loss_sums_add(t, &p->net->replicas[i].sums);
}

int lade__net_forward(lade_net *net, const struct lade_tensor *x, int64_t first, int64_t n, float *out,
                      struct lade_error *err) {
    return run_pass(&(struct pass){.net = net, .x = x, .first = first, .out = out}, n, false, err);
}

int lade__net_evaluate_batch(lade_net *net, const struct lade_batch *b, struct lade__loss_sums *t,
                             struct lade_error *err) {
    struct lade__loss_config loss = {.loss = net->info.loss, .outputs = net->info.outputs};
    struct pass p = {.net = net, .x = b->x, .b = b, .loss = &loss};
    if (b->n == 0)
        return LADE_OK;
    int status = check_batch(net, b, err);
    if (status == LADE_OK)
        status = run_pass(&p, b->n, false, err);
    if (status == LADE_OK)
        add_sums(&p, t);
    return status;
}

/* ---- Gradients --------------------------------------------------------------------------------------------------- */

#define PIECE_FLOATS 131072 /* so many are not worth a second thread */

struct pieces {
    void (*fn)(void *ctx, size_t begin, size_t end);
    void *ctx;
    size_t floats;
    int count;
};

static void run_piece(void *ctx, int i) {
    const struct pieces *p = ctx;
    size_t sixteens = p->floats / 16, count = (size_t)p->count;
    p->fn(p->ctx, sixteens * (size_t)i / count * 16, sixteens * (size_t)(i + 1) / count * 16);
}

void lade__net_for_each_piece(lade_net *net, void (*fn)(void *ctx, size_t begin, size_t end), void *ctx) {
    struct pieces p = {fn, ctx, net->spec.trainable_floats, 1};
    if (net->info.threads > 1)
        p.count += (int)(p.floats / PIECE_FLOATS);
    lade__thread_pool_run(net->pool, p.count, run_piece, &p);
}

void lade__net_sum_gradients(lade_net *net, size_t begin, size_t end) {
    float *sum = net->replicas[0].gradients;
    for (int i = 1; i < net->gradient_count; i++) {
        const float *shard = net->replicas[i].gradients;
        for (size_t j = begin; j < end; j += LADE__VEC_FLOATS)
            *(lade__vec *)(sum + j) += *(const lade__vec *)(shard + j);
    }
}

int lade__net_compute_gradients(lade_net *net, const struct lade_batch *b, const struct lade__loss_config *loss,
                                struct lade__loss_sums *t, struct lade_error *err) {
    struct pass p = {.net = net, .x = b->x, .b = b, .loss = loss};
    int status = check_batch(net, b, err);
    if (status < 0)
        return status;
    struct lade__labels labels = lade__labels_of(b, 0, b->n);
    p.weight = lade__loss_weight(loss, &labels);
    if (p.weight == 0)
        return LADE_OK;
    status = run_pass(&p, b->n, true, err);
    if (status < 0)
        return status;
    add_sums(&p, t);
    net->gradient_count = p.plan->count;
    return LADE_OK;
}
