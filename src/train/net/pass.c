/*
 * train/net/pass.c - runs the forward and the backward pass of each shard. Each replica runs until its shard is
 * finished, an op fails, the net is canceled, or the next op is a batchnorm. At a batchnorm, the replica waits for the
 * other replicas.
 */
#include "train/net/pass.h"

#include <math.h>

#include "base/float_mode.h"
#include "train/net/dropout.h"
#include "train/net/join.h"

/* Returns the samples of a shard as float32. uint8 samples are converted to 0 .. 1. float32 samples are not copied,
   because kernels do not write to their input. */
static float *samples_of(const struct lade__pass *p, struct lade__replica *r, const struct lade__batch_shard *shard) {
    int64_t size = lade__shape_count(&p->spec->in), first = p->first + shard->first;
    if (p->x->dtype == LADE_FLOAT32)
        return (float *)lade_tensor_data(p->x) + first * size;
    const uint8_t *from = (const uint8_t *)lade_tensor_data(p->x) + first * size;
    float *to = r->activations + shard->buffers[shard->samples].offset;
    for (int64_t i = 0; i < shard->n * size; i++)
        to[i] = (float)from[i] / 255;
    return to;
}

static float *buffer_at(const struct lade__replica *r, const struct lade__batch_shard *shard, int buffer) {
    return r->activations + shard->buffers[buffer].offset;
}

/* Returns the output of op @op, or the samples. */
static float *output_of(const struct lade__replica *r, const struct lade__batch_shard *shard, int op) {
    return op == LADE__SAMPLES ? r->x : shard->ops[op].y;
}

static void dropout(const struct lade__pass *p, const struct lade__batch_shard *shard, const struct lade__layer *l,
                    const float *from, float *to) {
    struct lade__dropout d = {l->rate, p->seed, p->clock, (int)(l - p->spec->layers)};
    lade__dropout(&d, shard->first, shard->n, lade__shape_count(&l->in), from, to);
}

/* Stores the addresses of a layer's parameters, and of the gradients of these parameters, in @a, which is the list of
   arrays for the layer's kernel. */
static void bind_parameters(const struct lade__pass *p, const struct lade__replica *r, const struct lade__layer *l,
                            struct lade__arrays *a) {
    for (int i = 0; l && i < l->kind->parameter_count; i++) {
        const struct lade__parameter *parameter = &p->spec->parameters[l->first_parameter + i];
        a->at[parameter->operand] = p->values + parameter->offset;
        if (r->gradients)
            a->at[parameter->operand == LADE__W ? LADE__DW : LADE__DB] = r->gradients + parameter->offset;
    }
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* Computes an op that has no kernel. Returns false if the replica must wait for the other replicas. */
static bool compute(const struct lade__pass *p, struct lade__replica *r, const struct lade__batch_shard *shard,
                    struct lade__op *op) {
    const float *x = op->inputs[0].x;
    switch (op->layer->kind->computed_by) {
    case LADE__DROPOUT:
        if (p->plan->training)
            dropout(p, shard, op->layer, x, op->y);
        break;
    case LADE__NORM:
        return lade__pass_norm_forward(p, r, op, x);
    case LADE__SUM:
        lade__join_sum(op, lade__dnnl_layout_floats(op->layout), op->y);
        break;
    case LADE__CONCAT:
        for (int i = 0; i < op->input_count; i++)
            lade__join_scatter(&op->inputs[i].rows, op->inputs[i].x, op->y);
        break;
    case LADE__BY_KERNEL: /* a relu that the kernel of another op has already computed */
    case LADE__IDENTITY:
        break;
    }
    return true;
}

int lade__pass_canceled(const bool *canceled, struct lade_error *err) {
    if (!canceled || !__atomic_load_n(canceled, __ATOMIC_RELAXED))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ECANCELED, "net",
                                  "net: the computation was canceled; call lade_net_uncancel() to continue");
}

/* Runs the ops from r->next on. Stops after the last op, on error, or before an op for which the replica must wait.
   Stores the addresses of the inputs and of the output of each op. */
static void forward(const struct lade__pass *p, struct lade__replica *r, const struct lade__batch_shard *shard) {
    for (; r->next < shard->op_count && r->status == LADE_OK; r->next++) {
        struct lade__op *op = &shard->ops[r->next];
        r->status = lade__pass_canceled(p->canceled, &r->error);
        if (r->status < 0)
            return;
        for (int i = 0; i < op->input_count; i++)
            op->inputs[i].x = output_of(r, shard, op->inputs[i].from);
        op->y = op->overwrites < 0 ? buffer_at(r, shard, op->output) : op->inputs[op->overwrites].x;
        if (op->kernel) {
            struct lade__arrays a = {.at = {[LADE__X] = op->inputs[0].x, [LADE__Y] = op->y}};
            bind_parameters(p, r, op->layer, &a);
            r->status = lade__kernel_forward(op->kernel, &a, &r->error);
        } else if (!compute(p, r, shard, op)) {
            return;
        }
    }
}

/* ---- Loss and backward ------------------------------------------------------------------------------------------- */

/* Adds the losses of the shard to the sums. In training, also computes the gradient of the last output and starts the
   backward pass. */
static void compute_loss(const struct lade__pass *p, struct lade__replica *r, const struct lade__batch_shard *shard,
                         const float *logits) {
    struct lade__loss_labels labels = lade__labels_of(p->b, shard->first, shard->n);
    const struct lade__op *last = &shard->ops[shard->op_count - 1];
    float *gradient = last->has_gradient ? buffer_at(r, shard, last->dy) : NULL;
    lade__loss_compute(p->config, logits, &labels, p->weight, &r->sums, gradient);
    r->is_backward = gradient && isfinite(r->sums.loss);
    r->next = shard->op_count - 1;
}

/* Computes the gradients of the inputs of an op that has no kernel. Returns false if the replica must wait for the
   other replicas. If the gradients are equal to the gradient of the output, there is nothing to compute. */
static bool compute_backward(const struct lade__pass *p, struct lade__replica *r, const struct lade__batch_shard *shard,
                             const struct lade__op *op, const float *dy, float *dx) {
    switch (op->layer->kind->computed_by) {
    case LADE__DROPOUT:
        dropout(p, shard, op->layer, dy, dx);
        break;
    case LADE__NORM:
        return lade__pass_norm_backward(p, r, op, op->inputs[0].x, dy, dx);
    case LADE__CONCAT:
        for (int i = 0; i < op->input_count; i++)
            if (op->inputs[i].has_gradient)
                lade__join_gather(&op->inputs[i].rows, dy, buffer_at(r, shard, op->inputs[i].dx));
        break;
    case LADE__BY_KERNEL:
    case LADE__IDENTITY:
    case LADE__SUM:
        break;
    }
    return true;
}

/* Runs the backward pass of an op. Returns false if the replica must wait for the other replicas. */
static bool backward_op(const struct lade__pass *p, struct lade__replica *r, const struct lade__batch_shard *shard,
                        const struct lade__op *op) {
    float *dy = buffer_at(r, shard, op->dy);
    float *dx = op->inputs[0].has_gradient ? buffer_at(r, shard, op->inputs[0].dx) : NULL;
    if (op->kernel) {
        struct lade__arrays a = {
            .at = {[LADE__X] = op->inputs[0].x, [LADE__Y] = op->y, [LADE__DY] = dy, [LADE__DX] = dx}};
        bind_parameters(p, r, op->layer, &a);
        r->status = lade__kernel_backward(op->kernel, &a, &r->error);
    } else if (!compute_backward(p, r, shard, op, dy, dx)) {
        return false;
    }
    for (int i = 0; i < op->input_count; i++) {
        const struct lade__op_input *input = &op->inputs[i];
        if (input->is_added)
            lade__join_add(buffer_at(r, shard, input->earlier), buffer_at(r, shard, input->dx),
                           shard->buffers[input->sum].floats, buffer_at(r, shard, input->sum));
    }
    return true;
}

/* Runs the backward pass of the ops from r->next on, in reverse order. Returns when op 0 is finished, on error, or
   before an op for which the replica must wait. */
static void backward(const struct lade__pass *p, struct lade__replica *r, const struct lade__batch_shard *shard) {
    for (; r->next >= 0 && r->status == LADE_OK; r->next--)
        if (shard->ops[r->next].has_gradient && !backward_op(p, r, shard, &shard->ops[r->next]))
            return;
}

/* ---- All shards -------------------------------------------------------------------------------------------------- */

static void begin(const struct lade__pass *p) {
    for (int i = 0; i < p->plan->count; i++) {
        struct lade__replica *r = &p->replicas[i];
        r->x = samples_of(p, r, &p->plan->shards[i]);
        r->next = 0;
        r->is_backward = r->synchronised = false;
        r->status = LADE_OK;
        r->sums = (struct lade__loss_sums){0};
    }
}

static void compute_shard(const struct lade__pass *p, int i) {
    const struct lade__batch_shard *shard = &p->plan->shards[i];
    struct lade__replica *r = &p->replicas[i];
    int64_t outputs = lade__shape_count(&p->spec->out);
    r->waits = false;
    if (!r->is_backward) {
        forward(p, r, shard);
        if (r->waits || r->status < 0)
            return;
        const float *logits = output_of(r, shard, shard->op_count - 1);
        if (p->out)
            lade__loss_predict(p->loss, logits, shard->n, outputs, p->out + shard->first * outputs);
        if (p->b)
            compute_loss(p, r, shard, logits);
    }
    if (r->is_backward)
        backward(p, r, shard);
}

static void run_shard(void *ctx, int i) {
    uint64_t before = lade__float_mode_begin();
    compute_shard(ctx, i);
    lade__float_mode_end(before);
}

/* Returns the status of the first shard that failed. Sets *finite to false if the loss of a shard is not finite. */
static int check_replicas(const struct lade__pass *p, bool *finite, struct lade_error *err) {
    for (int i = 0; i < p->plan->count; i++) {
        const struct lade__replica *r = &p->replicas[i];
        if (r->status < 0)
            return lade_error_set_subject(err, r->status, r->error.subject, "%s", r->error.message);
        *finite = *finite && isfinite(r->sums.loss);
    }
    return LADE_OK;
}

/* Runs each shard until it is finished or its next op is a batchnorm. Shards run on the calling thread and on the
   threads of the pool. The threads of the pool always block all signals, so this function blocks signals only in the
   calling thread. */
static void run_shards(const struct lade__pass *p) {
    sigset_t before;
    lade__dnnl_block_signals(&before);
    lade__pool_run(p->pool, p->plan->count, run_shard, (void *)p);
    lade__dnnl_restore_signals(&before);
}

static int run_all(const struct lade__pass *p, bool *finite, struct lade_error *err) {
    *finite = true;
    begin(p);
    for (;;) {
        run_shards(p);
        int status = check_replicas(p, finite, err);
        if (status < 0)
            return status;
        if (!*finite || !p->replicas[0].waits)
            break;
        lade__pass_synchronise_norm(p);
    }
    if (*finite && p->plan->training)
        lade__pass_update_running(p);
    return LADE_OK;
}

int lade__pass_run(const struct lade__pass *p, bool *finite, struct lade_error *err) {
    uint64_t before = lade__float_mode_begin();
    int status = run_all(p, finite, err);
    lade__float_mode_end(before);
    return status;
}
