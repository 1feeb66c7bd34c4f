/*
 * train/plan.c - what a net needs to take a batch of a size it has not seen: how it is cut, kernels, memory.
 */
#include <inttypes.h>
#include <string.h>

#include <lade/gen.h>

#include "train/net.h"

#define ROWS_ALONE     8                   /* so many samples are not worth a second thread */
#define MAKING_STACK   ((size_t)1 << 20)   /* making a primitive takes half of what a generator's body has */
#define GRADIENT_LIMIT ((size_t)256 << 20) /* bytes that all copies of the gradients may take */

/* ---- How it is cut ------------------------------------------------------------------------------------------------
 */

/*
 * Parts of a batch. Each has gradients of its own; where those would be too large, kernels have the threads inside.
 */
static int count_parts(const lade_net *net, int64_t n) {
    int64_t parts = n / ROWS_ALONE < 1 ? 1 : n / ROWS_ALONE;
    if (parts > net->info.threads)
        parts = net->info.threads;
    return net->design.block_floats * sizeof(float) * (size_t)parts > GRADIENT_LIMIT ? 1 : (int)parts;
}

static int threads_inside(const lade_net *net, int64_t n, int parts) {
    return parts == 1 && n >= 2 * ROWS_ALONE ? net->info.threads : 1;
}

/* ---- Kernels ------------------------------------------------------------------------------------------------------
 */

void lade__plan_free(struct lade__plan *p, int layers) {
    if (!p)
        return;
    for (int i = 0; i < p->count; i++) {
        struct lade__part *part = &p->parts[i];
        for (int j = 0; part->kernels && j < layers; j++)
            lade__kernel_free(part->kernels[j]);
        lade_free(part->kernels);
        lade__kernel_free(part->softmax);
    }
    lade_free(p->parts);
    lade_free(p);
}

static int make_part(const lade_net *net, struct lade__engine *e, struct lade__part *part, bool training,
                     struct lade_error *err) {
    int status = LADE_OK;
    for (int i = 0; i < net->design.layer_count && status == LADE_OK; i++) {
        const struct lade__layer *l = &net->design.layers[i];
        enum lade__pass pass = !training                         ? LADE__PREDICT
                               : i <= net->design.first_learning ? LADE__TRAIN_FIRST
                                                                 : LADE__TRAIN;
        if (l->kind->kernel)
            status = l->kind->kernel(l, e, part->n, pass, &part->kernels[i], err);
    }
    if (status == LADE_OK && net->info.loss == LADE_SOFTMAX_CROSS_ENTROPY)
        status = lade__logsoftmax_kernel(e, part->n, net->info.outputs, training ? LADE__TRAIN : LADE__PREDICT,
                                         &part->softmax, err);
    return status;
}

struct making {
    lade_net *net;
    struct lade__plan *plan;
    struct lade_error *err;
    int status;
};

/* lade_fit() is a generator, so this may run on a generator's stack: see lade_call_with_stack(). */
static void make_parts(void *ctx) {
    struct making *making = ctx;
    struct lade_error *err = making->err;
    lade_net *net = making->net;
    struct lade__plan *p = making->plan;
    int status = LADE_OK;
    for (int i = 0; i < p->count && status == LADE_OK; i++) {
        struct lade__lane *lane = &net->lanes[i];
        if (!lane->engine)
            status = lade__engine_new(&lane->engine, err);
        if (status < 0)
            break;
        lade__engine_set_threads(lane->engine, threads_inside(net, p->n, p->count));
        status = make_part(net, lane->engine, &p->parts[i], p->training, err);
    }
    making->status = status;
}

static int no_memory(int64_t n, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "net: no memory for a batch of %" PRId64 "; a smaller one may do", n);
}

static int plan_new(lade_net *net, int64_t n, bool training, struct lade__plan **out, struct lade_error *err) {
    int count = count_parts(net, n), layers = net->design.layer_count;
    struct lade__plan *p = lade_calloc(1, sizeof *p);
    bool good = p && (p->parts = lade_calloc((size_t)count, sizeof *p->parts)) != NULL;
    for (int i = 0; i < count && good; i++) {
        int64_t first = n * i / count;
        p->parts[i] = (struct lade__part){.first = first,
                                          .n = n * (i + 1) / count - first,
                                          .kernels = lade_calloc((size_t)layers, sizeof(struct lade__kernel *))};
        good = p->parts[p->count++].kernels != NULL;
    }
    int status = good ? LADE_OK : no_memory(n, err);
    if (good) {
        p->n = n;
        p->training = training;
        struct making making = {.net = net, .plan = p, .err = err};
        status = lade_call_with_stack(MAKING_STACK, make_parts, &making, err);
        if (status == LADE_OK)
            status = making.status;
    }
    if (status < 0) {
        lade__plan_free(p, layers);
        return status;
    }
    *out = p;
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
static size_t lay_out(const lade_net *net, struct lade__lane *lane, float *block, int64_t rows, bool training) {
    const struct lade__design *d = &net->design;
    size_t used = 0;
    int64_t largest = 0;
    bool ours = false; /* may what flows into the layer be written over? */
    lane->input = piece(block, &used, rows * lade__shape_count(&d->in));
    for (int i = 0; i < d->layer_count; i++) {
        const struct lade__layer *l = &d->layers[i];
        int64_t count = lade__shape_count(&l->out);
        lane->own_output[i] = NULL;
        if (l->kind->kernel && !(l->kind->in_place && ours)) {
            lane->own_output[i] = piece(block, &used, rows * count);
            ours = true;
        }
        if (i >= d->first_learning && largest < count)
            largest = count;
    }
    lane->answers = piece(block, &used, rows * net->info.outputs);
    for (int i = 0; i < 2; i++)
        lane->gradient[i] = training ? piece(block, &used, rows * largest) : NULL;
    return used;
}

static bool reserve_flow(const lade_net *net, struct lade__lane *lane, int64_t n, bool training) {
    int64_t rows = n > lane->rows ? n : lane->rows;
    training = training || lane->training;
    if (rows == lane->rows && training == lane->training)
        return true;
    lade_free_aligned(lane->flow);
    lane->rows = 0;
    lane->flow = lade_alloc_aligned(lay_out(net, lane, NULL, rows, training) * sizeof(float));
    if (!lane->flow)
        return false;
    lay_out(net, lane, lane->flow, rows, training);
    lane->rows = rows;
    lane->training = training;
    return true;
}

static bool reserve_lane(const lade_net *net, struct lade__lane *lane, int64_t n, bool training) {
    size_t layers = (size_t)net->design.layer_count, bytes = net->design.block_floats * sizeof(float);
    if (!lane->own_output)
        lane->own_output = lade_calloc(layers, sizeof *lane->own_output);
    if (!lane->output)
        lane->output = lade_calloc(layers, sizeof *lane->output);
    if (training && !lane->gradients) {
        lane->gradients = lade_alloc_aligned(bytes);
        if (lane->gradients)
            memset(lane->gradients, 0, bytes); /* the padding stays 0 */
    }
    return lane->own_output && lane->output && (lane->gradients || !training) && reserve_flow(net, lane, n, training);
}

void lade__lane_release(struct lade__lane *lane) {
    lade__engine_free(lane->engine);
    lade_free_aligned(lane->gradients);
    lade_free_aligned(lane->flow);
    lade_free(lane->own_output);
    lade_free(lane->output);
}

/* ---- Both ---------------------------------------------------------------------------------------------------------
 */

/* The plan for such batches, or the place of the one that gives way. */
static struct lade__plan **find(lade_net *net, int64_t n, bool training) {
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
    struct lade__plan **place = find(net, n, training), *p = *place;
    if (!p || p->n != n || p->training != training) {
        int status = plan_new(net, n, training, &p, err);
        if (status < 0)
            return status;
        lade__plan_free(*place, net->design.layer_count);
        *place = p;
    }
    p->used = ++net->uses;
    for (int i = 0; i < p->count; i++)
        if (!reserve_lane(net, &net->lanes[i], p->parts[i].n, training))
            return no_memory(n, err);
    *out = p;
    return LADE_OK;
}
