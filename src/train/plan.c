/*
 * train/plan.c - what a net needs to take a batch of a size it has not seen: kernels and memory.
 */
#include <inttypes.h>
#include <string.h>

#include "train/net.h"
#include "train/own_stack.h"

/* ---- Kernels ------------------------------------------------------------------------------------------------------
 */

void lade__plan_free(struct lade__plan *p, int layers) {
    if (!p)
        return;
    for (int i = 0; p->kernels && i < layers; i++)
        lade__kernel_free(p->kernels[i]);
    lade_free(p->kernels);
    lade__kernel_free(p->softmax);
    lade_free(p);
}

struct making {
    lade_net *net;
    struct lade__plan *plan;
};

/* Runs on a stack of its own. */
static int make_kernels(void *ctx, struct lade_error *err) {
    const struct making *making = ctx;
    lade_net *net = making->net;
    struct lade__plan *p = making->plan;
    int status = LADE_OK;
    for (int i = 0; i < net->design.layer_count && status == LADE_OK; i++) {
        const struct lade__layer *l = &net->design.layers[i];
        enum lade__pass pass = !p->training                      ? LADE__PREDICT
                               : i <= net->design.first_learning ? LADE__TRAIN_FIRST
                                                                 : LADE__TRAIN;
        if (l->kind->kernel)
            status = l->kind->kernel(l, net->engine, p->n, pass, &p->kernels[i], err);
    }
    if (status == LADE_OK && net->info.loss == LADE_SOFTMAX_CROSS_ENTROPY)
        status = lade__logsoftmax_kernel(net->engine, p->n, net->info.outputs,
                                         p->training ? LADE__TRAIN : LADE__PREDICT, &p->softmax, err);
    return status;
}

static int plan_new(lade_net *net, int64_t n, bool training, struct lade__plan **out, struct lade_error *err) {
    struct lade__plan *p = lade_calloc(1, sizeof *p);
    if (p)
        p->kernels = lade_calloc((size_t)net->design.layer_count, sizeof *p->kernels);
    if (!p || !p->kernels) {
        lade_free(p);
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for a batch of %" PRId64, n);
    }
    p->n = n;
    p->training = training;
    int status = lade__on_own_stack(make_kernels, &(struct making){net, p}, err);
    if (status < 0) {
        lade__plan_free(p, net->design.layer_count);
        return status;
    }
    *out = p;
    return LADE_OK;
}

int lade__net_plan(lade_net *net, int64_t n, bool training, struct lade__plan **out, struct lade_error *err) {
    struct lade__plan **oldest = &net->plans[0];
    net->uses++;
    for (int i = 0; i < LADE__PLANS; i++) {
        struct lade__plan *p = net->plans[i];
        if (p && p->n == n && p->training == training) {
            p->used = net->uses;
            *out = p;
            return LADE_OK;
        }
        if (*oldest && (!p || p->used < (*oldest)->used))
            oldest = &net->plans[i];
    }
    struct lade__plan *made = NULL;
    int status = plan_new(net, n, training, &made, err);
    if (status < 0)
        return status;
    lade__plan_free(*oldest, net->design.layer_count);
    made->used = net->uses;
    *oldest = *out = made;
    return LADE_OK;
}

/* ---- Memory -------------------------------------------------------------------------------------------------------
 */

static float *piece(float *block, size_t *used, int64_t floats) {
    float *p = block ? block + *used : NULL;
    *used += ((size_t)floats + 15) / 16 * 16;
    return p;
}

/*
 * Gives out pieces of @block one after the other, or (block NULL) only counts. Returns the floats needed. Pages that
 * are never touched (input, for a source of float32) are never resident.
 */
static size_t lay_out(lade_net *net, float *block, int64_t rows, bool training) {
    const struct lade__design *d = &net->design;
    size_t used = 0;
    int64_t largest = 0;
    bool ours = false; /* may what flows into the layer be written over? */
    net->input = piece(block, &used, rows * lade__shape_count(&d->in));
    for (int i = 0; i < d->layer_count; i++) {
        const struct lade__layer *l = &d->layers[i];
        int64_t count = lade__shape_count(&l->out);
        net->own_output[i] = NULL;
        if (l->kind->kernel && !(l->kind->in_place && ours)) {
            net->own_output[i] = piece(block, &used, rows * count);
            ours = true;
        }
        if (i >= d->first_learning && largest < count)
            largest = count;
    }
    net->answers = piece(block, &used, rows * net->info.outputs);
    for (int i = 0; i < 2; i++)
        net->gradient[i] = training ? piece(block, &used, rows * largest) : NULL;
    return used;
}

int lade__net_reserve(lade_net *net, int64_t n, bool training, struct lade_error *err) {
    if (training && !net->gradients) {
        net->gradients = lade_alloc_aligned(net->design.block_floats * sizeof(float));
        if (!net->gradients)
            return lade_error_set(err, LADE_ENOMEM, "net: no memory for the gradients of %" PRId64 " parameters",
                                  net->design.parameter_numbers);
        memset(net->gradients, 0, net->design.block_floats * sizeof(float)); /* the padding stays 0 */
    }
    if (n <= net->rows && (net->rows_training || !training))
        return LADE_OK;
    if (n > INT32_MAX)
        return lade_error_set(err, LADE_ELIMIT, "net: a batch of %" PRId64 " samples; at most 2^31 - 1 are allowed", n);
    int64_t rows = n > net->rows ? n : net->rows;
    training = training || net->rows_training;
    lade_free_aligned(net->flow);
    net->rows = 0;
    net->flow = lade_alloc_aligned(lay_out(net, NULL, rows, training) * sizeof(float));
    if (!net->flow)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for a batch of %" PRId64 "; a smaller one may do", n);
    lay_out(net, net->flow, rows, training);
    net->rows = rows;
    net->rows_training = training;
    return LADE_OK;
}
