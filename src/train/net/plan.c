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
static int count_parts(const lade_net *net, int64_t n) {
    int64_t parts = n / ROWS_ALONE < 1 ? 1 : n / ROWS_ALONE;
    if (parts > net->info.threads)
        parts = net->info.threads;
    return net->design.block_floats * sizeof(float) * (size_t)parts > GRADIENT_LIMIT ? 1 : (int)parts;
}

static int threads_inside(const lade_net *net, int64_t n, int parts) {
    return parts == 1 && n >= 2 * ROWS_ALONE ? net->info.threads : 1;
}

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

static void part_release(struct lade__part *part) {
    for (int i = 0; i < part->count; i++) {
        lade__kernel_free(part->steps[i].kernel);
        lade__layout_free(part->steps[i].view);
    }
    lade_free(part->steps);
    lade__kernel_free(part->softmax);
    lade__layout_free(part->x);
}

void lade__plan_free(struct lade__plan *p) {
    if (!p)
        return;
    for (int i = 0; i < p->count; i++)
        part_release(&p->parts[i]);
    lade_free(p->norms);
    lade_free(p->parts);
    lade_free(p);
}

/*
 * A part in the making: steps come one after the other, each knowing how its input lies.
 */
struct maker {
    const lade_net *net;
    struct lade__engine *engine;
    struct lade__part *part;
    bool training;
    const struct lade__layout *lies; /* what comes out of the steps so far */
    bool writable;                   /* and may be written over */
    bool relu_done;                  /* the last step's kernel does the relu that follows */
    size_t largest;                  /* output of a step that has a gradient */
};

/* Room for @floats in the lane's flow. */
static size_t take(struct maker *m, size_t floats) {
    size_t at = m->part->floats;
    m->part->floats += (floats + 15) / 16 * 16;
    return at;
}

static enum lade__pass pass_of(const struct maker *m, int layer) {
    return !m->training ? LADE__PREDICT : layer <= m->net->design.first_learning ? LADE__TRAIN_FIRST : LADE__TRAIN;
}

/* The end of making a step. @through: its output is its input, and nothing is written. */
static void step_done(struct maker *m, struct lade__step *step, bool through) {
    struct lade__part *part = m->part;
    const struct lade__layer_kind *kind = step->layer ? step->layer->kind : NULL;
    if (step->kernel)
        m->lies = lade__kernel_output(step->kernel);
    size_t floats = lade__layout_floats(m->lies);
    step->in_place = through || (kind && kind->in_place && m->writable);
    if (!step->in_place) {
        step->output = take(m, floats);
        m->writable = true;
    }
    m->writable = m->writable && !(kind && kind->needs_output);
    if (part->first_learning < part->count && m->largest < floats)
        m->largest = floats;
}

/* What flows becomes plain, if it is not. @layer: the one that wants it so. */
static int make_plain(struct maker *m, int layer, struct lade_error *err) {
    if (lade__layout_is_plain(m->lies))
        return LADE_OK;
    struct lade__step *step = &m->part->steps[m->part->count++];
    int status = lade__plain_kernel(m->engine, m->lies, pass_of(m, layer), &step->kernel, err);
    if (status == LADE_OK)
        step_done(m, step, false);
    return status;
}

/* Numbers that are no longer a picture: (n, count). They are plain. */
static int make_flat(struct maker *m, const struct lade__shape *shape, struct lade__layout **view,
                     struct lade_error *err) {
    struct lade__extent flat = lade__shape_extent(shape, false, m->part->n);
    int status = lade__layout_new(&flat, view, err);
    m->lies = *view;
    return status;
}

/* Can the kernel of layer @i do the relu of the layer behind it? */
static bool takes_relu(const struct lade__design *d, int i) {
    return d->layers[i].kind->takes_relu && i + 1 < d->layer_count && d->layers[i + 1].kind->is_relu;
}

static int make_step(struct maker *m, int i, struct lade_error *err) {
    const struct lade__design *d = &m->net->design;
    const struct lade__layer *l = &d->layers[i];
    bool was_picture = lade__layout_extent(m->lies)->picture, flat = l->in.ndim != 3 && was_picture;
    int status = l->kind->plain || flat ? make_plain(m, i, err) : LADE_OK;
    if (status < 0)
        return status;
    struct lade__step *step = &m->part->steps[m->part->count++];
    step->layer = l;
    if (i == d->first_learning)
        m->part->first_learning = m->part->count - 1;
    if (flat) /* a layer takes numbers, and got a picture */
        status = make_flat(m, &l->in, &step->view, err);
    bool through = l->kind->code == LADE__NOTHING || (l->kind->code == LADE__DROPOUT && !m->training);
    if (status == LADE_OK && l->kind->code == LADE__BY_KERNEL) {
        bool relu = l->kind->is_relu ? m->relu_done : takes_relu(d, i);
        through = l->kind->is_relu && relu;
        if (m->training || !through)
            status = l->kind->kernel(l, m->engine, m->lies, relu, pass_of(m, i), &step->kernel, err);
        m->relu_done = relu && !through;
    }
    if (status == LADE_OK && l->kind->code == LADE__NORM) {
        if (!lade__layout_loops(m->lies, &step->loops))
            return lade_error_set(err, LADE_ERUNTIME,
                                  "net: what comes into layer %d lies in a way that batchnorm does not know; put it "
                                  "elsewhere, or take another version of oneDNN",
                                  i);
        step->statistics = take(m, LADE__NORM_FLOATS(lade__layout_extent(m->lies)->channels));
    }
    if (status == LADE_OK)
        step_done(m, step, through);
    return status;
}

static int make_part(const lade_net *net, struct lade__engine *e, struct lade__part *part, bool training,
                     struct lade_error *err) {
    const struct lade__design *d = &net->design;
    struct maker m = {.net = net, .engine = e, .part = part, .training = training};
    struct lade__extent in = lade__shape_extent(&d->in, net->info.channels_first, part->n);
    int status = lade__layout_new(&in, &part->x, err);
    part->steps = lade_calloc((size_t)d->layer_count * 2 + 1, sizeof *part->steps); /* a change of layout before each */
    if (!part->steps)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the steps of a batch");
    m.lies = part->x;
    part->first_learning = INT32_MAX;
    part->input = take(&m, (size_t)(part->n * lade__shape_count(&d->in)));
    for (int i = 0; i < d->layer_count && status == LADE_OK; i++)
        status = make_step(&m, i, err);
    if (status == LADE_OK)
        status = make_plain(&m, d->layer_count, err);
    part->answers = take(&m, (size_t)(part->n * net->info.outputs));
    for (int i = 0; i < 2 && training; i++)
        part->gradients[i] = take(&m, m.largest);
    if (status == LADE_OK && net->info.loss == LADE_SOFTMAX_CROSS_ENTROPY)
        status = lade__logsoftmax_kernel(e, part->n, net->info.outputs, training ? LADE__TRAIN : LADE__PREDICT,
                                         &part->softmax, err);
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
    int count = count_parts(net, n);
    struct lade__plan *p = lade_calloc(1, sizeof *p);
    if (!p || !(p->parts = lade_calloc((size_t)count, sizeof *p->parts)) ||
        !(p->norms = lade_calloc((size_t)count, sizeof *p->norms))) {
        lade__plan_free(p);
        return no_memory(n, err);
    }
    p->n = n;
    p->training = training;
    p->count = count;
    for (int i = 0; i < count; i++) {
        int64_t first = n * i / count;
        p->parts[i].first = first;
        p->parts[i].n = n * (i + 1) / count - first;
    }
    struct making making = {.net = net, .plan = p, .err = err};
    int status = lade_call_with_stack(MAKING_STACK, make_parts, &making, err);
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
static bool reserve_lane(const lade_net *net, struct lade__lane *lane, const struct lade__part *part, bool training) {
    size_t bytes = net->design.learnt_floats * sizeof(float);
    if (training && !lane->gradients) {
        lane->gradients = lade_alloc_aligned(bytes);
        if (!lane->gradients)
            return false;
        memset(lane->gradients, 0, bytes); /* the padding stays 0 */
    }
    if (part->floats <= lane->flow_floats)
        return true;
    lade_free_aligned(lane->flow);
    lane->flow = lade_alloc_aligned(part->floats * sizeof(float));
    lane->flow_floats = lane->flow ? part->floats : 0;
    return lane->flow != NULL;
}

void lade__lane_release(struct lade__lane *lane) {
    lade__engine_free(lane->engine);
    lade_free_aligned(lane->gradients);
    lade_free_aligned(lane->flow);
}

/* ---- Both -------------------------------------------------------------------------------------------------------- */

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
        lade__plan_free(*place);
        *place = p;
    }
    p->used = ++net->uses;
    for (int i = 0; i < p->count; i++)
        if (!reserve_lane(net, &net->lanes[i], &p->parts[i], training))
            return no_memory(n, err);
    *out = p;
    return LADE_OK;
}
