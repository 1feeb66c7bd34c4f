/*
 * train/pass.c - a batch goes through the net and its gradient comes back. Layers whose output may lie on their input
 * (relu) do so; gradients take turns in two buffers, for a layer's is not needed once the layer before has its own.
 */
#include <inttypes.h>
#include <math.h>

#include "train/net.h"

/*
 * What the parts of a batch have in common.
 */
struct pass {
    lade_net *net;
    const struct lade__plan *plan;
    const struct lade_tensor *x;
    int64_t first;              /* the batch begins at this sample of x */
    const struct lade_batch *b; /* what the answers are compared with; or NULL */
    float *out;                 /* where predictions go; or NULL */
};

/* ---- In -----------------------------------------------------------------------------------------------------------
 */

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
    for (int64_t i = 0; i < part->n * size; i++)
        lane->input[i] = (float)from[i] / 255;
    return lane->input;
}

/* ---- Forward ------------------------------------------------------------------------------------------------------
 */

static void bind_parameters(const lade_net *net, const struct lade__lane *lane, const struct lade__layer *l,
                            struct lade__arrays *a) {
    for (int i = 0; i < l->kind->parameter_count; i++) {
        const struct lade__parameter *p = &net->design.parameters[l->first_parameter + i];
        a->at[p->operand] = net->values + p->offset;
        if (lane->gradients)
            a->at[p->operand == LADE__W ? LADE__DW : LADE__DB] = lane->gradients + p->offset;
    }
}

/*
 * Leaves every layer's output in lane->output. *answers is what losses and predictions begin with: logsoftmax of the
 * last output, or that output.
 */
static int forward(const lade_net *net, struct lade__lane *lane, const struct lade__part *part, float *x,
                   float **answers) {
    for (int i = 0; i < net->design.layer_count; i++) {
        lane->output[i] = lane->own_output[i] ? lane->own_output[i] : x;
        struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = lane->output[i]}};
        bind_parameters(net, lane, &net->design.layers[i], &a);
        int status = part->kernels[i] ? lade__kernel_forward(part->kernels[i], &a, &lane->error) : LADE_OK;
        if (status < 0)
            return status;
        x = lane->output[i];
    }
    *answers = x;
    if (!part->softmax)
        return LADE_OK;
    *answers = lane->answers;
    struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = lane->answers}};
    return lade__kernel_forward(part->softmax, &a, &lane->error);
}

/* Probabilities, from @answers of @count numbers. */
static void predict(enum lade_loss loss, const float *answers, int64_t count, float *out) {
    if (loss == LADE_SOFTMAX_CROSS_ENTROPY)
        for (int64_t i = 0; i < count; i++)
            out[i] = expf(answers[i]);
    else
        for (int64_t i = 0; i < count; i++)
            out[i] = 1 / (1 + expf(-answers[i]));
}

/* ---- Loss and backward --------------------------------------------------------------------------------------------
 */

/* Sets lane->tally; @gradient: with respect to @answers, or NULL. */
static void compare(const struct pass *p, struct lade__lane *lane, const struct lade__part *part, const float *answers,
                    float *gradient) {
    int64_t columns = p->b->y->shape[1], outputs = p->net->info.outputs;
    const float *y = (const float *)lade_tensor_data(p->b->y) + part->first * columns;
    lane->tally = (struct lade__tally){0};
    if (p->net->info.loss == LADE_SOFTMAX_CROSS_ENTROPY)
        lade__softmax_cross_entropy(answers, y, part->n, outputs, columns, p->b->n, &lane->tally, gradient);
    else
        lade__binary_cross_entropy(answers, y, part->n, outputs, p->b->n, &lane->tally, gradient);
}

/* From the gradient with respect to @answers, in lane->gradient[0], to lane->gradients. */
static int backward(const lade_net *net, struct lade__lane *lane, const struct lade__part *part, float *x,
                    float *answers) {
    int status = LADE_OK, turn = 0;
    if (part->softmax) {
        struct lade__arrays a = {
            .at = {[LADE__Y] = answers, [LADE__DY] = lane->gradient[0], [LADE__DX] = lane->gradient[0]}};
        status = lade__kernel_backward(part->softmax, &a, &lane->error);
    }
    for (int i = net->design.layer_count - 1; i >= net->design.first_learning && status == LADE_OK; i--) {
        const struct lade__layer *l = &net->design.layers[i];
        if (!part->kernels[i])
            continue;
        int next = l->kind->in_place ? turn : 1 - turn;
        struct lade__arrays a = {.at = {[LADE__X] = i > 0 ? lane->output[i - 1] : x,
                                        [LADE__Y] = lane->output[i],
                                        [LADE__DY] = lane->gradient[turn],
                                        [LADE__DX] = lane->gradient[next]}};
        bind_parameters(net, lane, l, &a);
        status = lade__kernel_backward(part->kernels[i], &a, &lane->error);
        turn = next;
    }
    return status;
}

/* ---- A pass -------------------------------------------------------------------------------------------------------
 */

static void run_part(void *ctx, int i) {
    const struct pass *p = ctx;
    const struct lade__part *part = &p->plan->parts[i];
    struct lade__lane *lane = &p->net->lanes[i];
    float *x = as_floats(p, lane, part), *answers;
    lane->status = forward(p->net, lane, part, x, &answers);
    if (lane->status < 0)
        return;
    int64_t outputs = p->net->info.outputs;
    if (p->out)
        predict(p->net->info.loss, answers, part->n * outputs, p->out + part->first * outputs);
    if (p->b)
        compare(p, lane, part, answers, p->plan->training ? lane->gradient[0] : NULL);
    if (p->plan->training && isfinite(lane->tally.loss))
        lane->status = backward(p->net, lane, part, x, answers);
}

/* The first of the parts that failed speaks for all. */
static int run_pass(struct pass *p, int64_t n, bool training, struct lade_error *err) {
    lade_net *net = p->net;
    struct lade__plan *plan;
    int status = lade__net_plan(net, n, training, &plan, err);
    if (status < 0)
        return status;
    p->plan = plan;
    lade__team_run(net->team, plan->count, run_part, p);
    for (int i = 0; i < plan->count; i++)
        if (net->lanes[i].status < 0)
            return lade_error_set(err, net->lanes[i].status, "%s", net->lanes[i].error.message);
    return LADE_OK;
}

static void add_tallies(const struct pass *p, struct lade__tally *t) {
    for (int i = 0; i < p->plan->count; i++) {
        const struct lade__tally *part = &p->net->lanes[i].tally;
        t->samples += part->samples;
        t->loss += part->loss;
        t->correct += part->correct;
    }
}

int lade__net_answer(lade_net *net, const struct lade_tensor *x, int64_t first, int64_t n, float *out,
                     struct lade_error *err) {
    return run_pass(&(struct pass){.net = net, .x = x, .first = first, .out = out}, n, false, err);
}

int lade__net_test(lade_net *net, const struct lade_batch *b, struct lade__tally *t, struct lade_error *err) {
    struct pass p = {.net = net, .x = b->x, .b = b};
    if (b->n == 0)
        return LADE_OK;
    int status = check_batch(net, b, err);
    if (status == LADE_OK)
        status = run_pass(&p, b->n, false, err);
    if (status == LADE_OK)
        add_tallies(&p, t);
    return status;
}

/* ---- Gradients ----------------------------------------------------------------------------------------------------
 */

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
    struct pieces p = {fn, ctx, net->design.block_floats, 1};
    if (net->info.threads > 1)
        p.count += (int)(p.floats / PIECE_FLOATS);
    lade__team_run(net->team, p.count, run_piece, &p);
}

typedef float lanes __attribute__((vector_size(32), may_alias));

void lade__net_add_gradients(lade_net *net, size_t begin, size_t end) {
    float *sum = net->lanes[0].gradients;
    for (int i = 1; i < net->learnt_parts; i++) {
        const float *part = net->lanes[i].gradients;
        for (size_t j = begin; j < end; j += 8)
            *(lanes *)(sum + j) += *(const lanes *)(part + j);
    }
}

int lade__net_learn(lade_net *net, const struct lade_batch *b, struct lade__tally *t, struct lade_error *err) {
    struct pass p = {.net = net, .x = b->x, .b = b};
    int status = check_batch(net, b, err);
    if (status == LADE_OK)
        status = run_pass(&p, b->n, true, err);
    if (status < 0)
        return status;
    add_tallies(&p, t);
    net->learnt_parts = p.plan->count;
    return LADE_OK;
}
