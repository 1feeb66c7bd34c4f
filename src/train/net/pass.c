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
    int64_t first;                 /* the batch begins at this sample of x */
    const struct lade_batch *b;    /* what the answers are compared with; or NULL */
    const struct lade__goal *goal; /* how */
    double weight;                 /* of the batch */
    float *out;                    /* where predictions go; or NULL */
};

/* ---- In ---------------------------------------------------------------------------------------------------------- */

int lade__net_check_input(const lade_net *net, const struct lade_tensor *x, struct lade_error *err) {
    struct lade__shape given = {.ndim = x->dl.ndim - 1};
    for (int i = 0; i < given.ndim; i++)
        given.size[i] = x->shape[i + 1];
    if (!lade__shape_equal(&given, &net->design.in)) {
        char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
        return lade_error_set(err, LADE_EINVAL, "the samples are %s, the net was made for %s; one must be changed",
                              lade__shape_text(&given, have), lade__shape_text(&net->design.in, want));
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
static float *as_floats(const struct pass *p, struct lade__lane *lane, const struct lade__part *part) {
    int64_t size = lade__shape_count(&p->net->design.in), first = p->first + part->first;
    if (p->x->dtype == LADE_FLOAT32)
        return (float *)lade_tensor_data(p->x) + first * size;
    const uint8_t *from = (const uint8_t *)lade_tensor_data(p->x) + first * size;
    float *to = lane->flow + part->input;
    for (int64_t i = 0; i < part->n * size; i++)
        to[i] = (float)from[i] / 255;
    return to;
}

/* ---- Our own layers ---------------------------------------------------------------------------------------------- */

static void drop(const struct pass *p, const struct lade__part *part, const struct lade__layer *l, const float *from,
                 float *to) {
    struct lade__dropout d = {l->share, p->net->info.seed, p->net->clock, (int)(l - p->net->design.layers)};
    lade__dropout(&d, part->first, part->n, lade__shape_count(&l->in), from, to);
}

static int64_t norm_channels(const lade_net *net, const struct lade__layer *l) {
    return lade__shape_count(&net->design.parameters[l->first_parameter].shape);
}

/* Weight, bias, running mean, running variance of a batchnorm. */
static float *norm_values(const lade_net *net, const struct lade__layer *l, int which) {
    return net->values + net->design.parameters[l->first_parameter + which].offset;
}

static struct lade__norm norm_of(const lade_net *net, struct lade__lane *lane, const struct lade__step *step) {
    return lade__norm_at(lane->flow + step->statistics, norm_channels(net, step->layer),
                         step->loops.n * step->loops.places);
}

/* Stops at the meeting of the lanes, once; false: go on. */
static bool stop_to_meet(struct lade__lane *lane) {
    lane->meets = !lane->has_met;
    lane->has_met = false;
    return lane->meets;
}

static void norm_forward(const struct pass *p, struct lade__lane *lane, const struct lade__step *step, const float *x) {
    const struct lade__layer *l = step->layer;
    int64_t channels = norm_channels(p->net, l);
    struct lade__norm s = norm_of(p->net, lane, step);
    if (!p->plan->training)
        lade__norm_scale(norm_values(p->net, l, 3), channels, s.scale);
    else if (stop_to_meet(lane)) {
        lade__norm_look(&s, &step->loops, channels, x);
        return;
    }
    lade__norm_apply(&step->loops, channels, p->plan->training ? s.mean : norm_values(p->net, l, 2), s.scale,
                     norm_values(p->net, l, 0), norm_values(p->net, l, 1), x, step->y);
}

static void norm_backward(const struct pass *p, struct lade__lane *lane, const struct lade__step *step, const float *x,
                          const float *dy, float *dx) {
    const struct lade__layer *l = step->layer;
    const struct lade__parameter *parameters = &p->net->design.parameters[l->first_parameter];
    int64_t channels = norm_channels(p->net, l);
    struct lade__norm s = norm_of(p->net, lane, step);
    if (stop_to_meet(lane))
        lade__norm_look_back(&s, &step->loops, channels, x, dy, lane->gradients + parameters[0].offset,
                             lane->gradients + parameters[1].offset);
    else
        lade__norm_apply_back(&s, &step->loops, channels, norm_values(p->net, l, 0), x, dy, dx);
}

/* All lanes stand before the same batchnorm. */
static void meet(const struct pass *p) {
    lade_net *net = p->net;
    const struct lade__step *step = &p->plan->parts[0].steps[net->lanes[0].at];
    int64_t channels = norm_channels(net, step->layer);
    struct lade__norm *norms = p->plan->norms;
    for (int i = 0; i < p->plan->count; i++) {
        norms[i] = norm_of(net, &net->lanes[i], &p->plan->parts[i].steps[net->lanes[i].at]);
        net->lanes[i].has_met = true;
    }
    if (net->lanes[0].back)
        lade__norm_meet_back(norms, p->plan->count, channels);
    else
        lade__norm_meet(norms, p->plan->count, channels);
}

/* After a batch that was learnt from. */
static void norms_follow(const struct pass *p) {
    lade_net *net = p->net;
    const struct lade__part *part = &p->plan->parts[0];
    for (int i = 0; i < part->count; i++) {
        const struct lade__step *step = &part->steps[i];
        if (!step->layer || step->layer->kind->code != LADE__NORM || p->plan->n * step->loops.places == 1)
            continue; /* one number has no variance to follow */
        struct lade__norm s = norm_of(net, &net->lanes[0], step);
        lade__norm_follow(&s, norm_channels(net, step->layer), norm_values(net, step->layer, 2),
                          norm_values(net, step->layer, 3));
    }
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

static void bind_parameters(const lade_net *net, const struct lade__lane *lane, const struct lade__layer *l,
                            struct lade__arrays *a) {
    for (int i = 0; l && i < l->kind->parameter_count; i++) {
        const struct lade__parameter *p = &net->design.parameters[l->first_parameter + i];
        a->at[p->operand] = net->values + p->offset;
        if (lane->gradients)
            a->at[p->operand == LADE__W ? LADE__DW : LADE__DB] = lane->gradients + p->offset;
    }
}

static float *input_of(const struct lade__lane *lane, const struct lade__part *part, int step) {
    return step > 0 ? part->steps[step - 1].y : lane->x;
}

/* Leaves every step's output in its y, up to the end or a meeting. */
static void forward(const struct pass *p, struct lade__lane *lane, const struct lade__part *part) {
    for (; lane->at < part->count && lane->status == LADE_OK; lane->at++) {
        struct lade__step *step = &part->steps[lane->at];
        float *x = input_of(lane, part, lane->at);
        step->y = step->in_place ? x : lane->flow + step->output;
        if (step->kernel) {
            struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = step->y}};
            bind_parameters(p->net, lane, step->layer, &a);
            lane->status = lade__kernel_forward(step->kernel, &a, &lane->error);
        } else if (step->layer->kind->code == LADE__DROPOUT && p->plan->training) {
            drop(p, part, step->layer, x, step->y);
        } else if (step->layer->kind->code == LADE__NORM) {
            norm_forward(p, lane, step, x);
            if (lane->meets)
                return;
        }
    }
}

/* What losses and predictions begin with: logsoftmax of the last output, or that output. */
static float *answer(struct lade__lane *lane, const struct lade__part *part) {
    float *x = input_of(lane, part, part->count);
    if (!part->softmax)
        return x;
    struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = lane->flow + part->answers}};
    lane->status = lade__kernel_forward(part->softmax, &a, &lane->error);
    return a.at[LADE__Y];
}

/* What the loss's last step makes of @answers. */
static void predict(enum lade_loss loss, const float *answers, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++)
        out[i] = loss == LADE_SOFTMAX_CROSS_ENTROPY  ? expf(answers[i])
                 : loss == LADE_BINARY_CROSS_ENTROPY ? 1 / (1 + expf(-answers[i]))
                                                     : answers[i];
}

/* ---- Loss and backward ------------------------------------------------------------------------------------------- */

static float *gradient_of(const struct lade__lane *lane, const struct lade__part *part, int turn) {
    return lane->flow + part->gradients[turn];
}

/* Compares the answers with the labels; begins the way back where there is one. */
static void compare(const struct pass *p, struct lade__lane *lane, const struct lade__part *part, float *answers) {
    struct lade__labels labels = lade__labels_of(p->b, part->first, part->n);
    float *gradient = p->plan->training && part->first_learning < part->count ? gradient_of(lane, part, 0) : NULL;
    lade__goal_compare(p->goal, answers, &labels, p->weight, &lane->tally, gradient);
    lane->back = gradient && isfinite(lane->tally.loss);
    lane->turn = 0;
    lane->at = part->count - 1;
    if (!lane->back || !part->softmax)
        return;
    struct lade__arrays a = {.at = {[LADE__Y] = answers, [LADE__DY] = gradient, [LADE__DX] = gradient}};
    lane->status = lade__kernel_backward(part->softmax, &a, &lane->error);
}

/* From the gradient with respect to the last output to lane->gradients, up to the end or a meeting. */
static void backward(const struct pass *p, struct lade__lane *lane, const struct lade__part *part) {
    for (; lane->at >= part->first_learning && lane->status == LADE_OK; lane->at--) {
        const struct lade__step *step = &part->steps[lane->at];
        const struct lade__layer *l = step->layer;
        float *x = input_of(lane, part, lane->at), *dy = gradient_of(lane, part, lane->turn);
        int next = l && l->kind->in_place ? lane->turn : 1 - lane->turn;
        float *dx = gradient_of(lane, part, next);
        if (step->kernel) {
            struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = step->y, [LADE__DY] = dy, [LADE__DX] = dx}};
            bind_parameters(p->net, lane, l, &a);
            lane->status = lade__kernel_backward(step->kernel, &a, &lane->error);
        } else if (l->kind->code == LADE__DROPOUT) {
            drop(p, part, l, dy, dx);
        } else if (l->kind->code == LADE__NORM) {
            norm_backward(p, lane, step, x, dy, dx);
            if (lane->meets)
                return;
        }
        lane->turn = next;
    }
}

/* ---- A pass ------------------------------------------------------------------------------------------------------ */

/* Takes a part as far as it goes: to the end, to a meeting, to an error. */
static void run_part(void *ctx, int i) {
    const struct pass *p = ctx;
    const struct lade__part *part = &p->plan->parts[i];
    struct lade__lane *lane = &p->net->lanes[i];
    int64_t outputs = p->net->info.outputs;
    lane->meets = false;
    if (!lane->back) {
        forward(p, lane, part);
        if (lane->meets || lane->status < 0)
            return;
        float *answers = answer(lane, part);
        if (lane->status < 0)
            return;
        if (p->out)
            predict(p->net->info.loss, answers, part->n * outputs, p->out + part->first * outputs);
        if (p->b)
            compare(p, lane, part, answers);
    }
    if (lane->back)
        backward(p, lane, part);
}

static void begin(const struct pass *p) {
    for (int i = 0; i < p->plan->count; i++) {
        struct lade__lane *lane = &p->net->lanes[i];
        lane->x = as_floats(p, lane, &p->plan->parts[i]);
        lane->at = 0;
        lane->back = lane->has_met = false;
        lane->status = LADE_OK;
        lane->tally = (struct lade__tally){0};
    }
}

/* The first of the parts that failed speaks for all. *finite: false for a loss that is not, which ends the pass. */
static int look_at_lanes(const struct pass *p, bool *finite, struct lade_error *err) {
    for (int i = 0; i < p->plan->count; i++) {
        const struct lade__lane *lane = &p->net->lanes[i];
        if (lane->status < 0)
            return lade_error_set(err, lane->status, "%s", lane->error.message);
        *finite = *finite && isfinite(lane->tally.loss);
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
        lade__team_run(net->team, plan->count, run_part, p);
        status = look_at_lanes(p, &finite, err);
        if (status < 0 || !finite || !net->lanes[0].meets)
            break;
        meet(p);
    }
    if (status == LADE_OK && finite && training) {
        norms_follow(p);
        net->clock++;
    }
    return status;
}

static void add_tallies(const struct pass *p, struct lade__tally *t) {
    for (int i = 0; i < p->plan->count; i++)
        lade__tally_add(t, &p->net->lanes[i].tally);
}

int lade__net_answer(lade_net *net, const struct lade_tensor *x, int64_t first, int64_t n, float *out,
                     struct lade_error *err) {
    return run_pass(&(struct pass){.net = net, .x = x, .first = first, .out = out}, n, false, err);
}

int lade__net_test(lade_net *net, const struct lade_batch *b, struct lade__tally *t, struct lade_error *err) {
    struct lade__goal goal = {.loss = net->info.loss, .outputs = net->info.outputs};
    struct pass p = {.net = net, .x = b->x, .b = b, .goal = &goal};
    if (b->n == 0)
        return LADE_OK;
    int status = check_batch(net, b, err);
    if (status == LADE_OK)
        status = run_pass(&p, b->n, false, err);
    if (status == LADE_OK)
        add_tallies(&p, t);
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

void lade__net_each_piece(lade_net *net, void (*fn)(void *ctx, size_t begin, size_t end), void *ctx) {
    struct pieces p = {fn, ctx, net->design.learnt_floats, 1};
    if (net->info.threads > 1)
        p.count += (int)(p.floats / PIECE_FLOATS);
    lade__team_run(net->team, p.count, run_piece, &p);
}

void lade__net_add_gradients(lade_net *net, size_t begin, size_t end) {
    float *sum = net->lanes[0].gradients;
    for (int i = 1; i < net->learnt_parts; i++) {
        const float *part = net->lanes[i].gradients;
        for (size_t j = begin; j < end; j += LADE__LANES)
            *(lade__lanes *)(sum + j) += *(const lade__lanes *)(part + j);
    }
}

int lade__net_learn(lade_net *net, const struct lade_batch *b, const struct lade__goal *goal, struct lade__tally *t,
                    struct lade_error *err) {
    struct pass p = {.net = net, .x = b->x, .b = b, .goal = goal};
    int status = check_batch(net, b, err);
    if (status < 0)
        return status;
    struct lade__labels labels = lade__labels_of(b, 0, b->n);
    p.weight = lade__goal_weight(goal, &labels);
    if (p.weight == 0)
        return LADE_OK;
    status = run_pass(&p, b->n, true, err);
    if (status < 0)
        return status;
    add_tallies(&p, t);
    net->learnt_parts = p.plan->count;
    return LADE_OK;
}
