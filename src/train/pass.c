/*
 * train/pass.c - a batch goes through the net and its gradient comes back. Layers whose output may lie on their input
 * (relu) do so; gradients take turns in two buffers, for a layer's is not needed once the layer before has its own.
 */
#include <inttypes.h>
#include <math.h>

#include "train/net.h"

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

/* Samples as float32: those of the tensor itself, or bytes brought to 0 .. 1. Kernels do not write to their input. */
static float *as_floats(lade_net *net, const struct lade_tensor *x, int64_t first, int64_t n) {
    int64_t size = lade__shape_count(&net->design.in);
    if (x->dtype == LADE_FLOAT32)
        return (float *)lade_tensor_data(x) + first * size;
    const uint8_t *from = (const uint8_t *)lade_tensor_data(x) + first * size;
    for (int64_t i = 0; i < n * size; i++)
        net->input[i] = (float)from[i] / 255;
    return net->input;
}

/* ---- Forward ------------------------------------------------------------------------------------------------------
 */

static void bind_parameters(const lade_net *net, const struct lade__layer *l, struct lade__arrays *a) {
    for (int i = 0; i < l->kind->parameter_count; i++) {
        const struct lade__parameter *p = &net->design.parameters[l->first_parameter + i];
        a->at[p->operand] = net->values + p->offset;
        if (net->gradients)
            a->at[p->operand == LADE__W ? LADE__DW : LADE__DB] = net->gradients + p->offset;
    }
}

/* Leaves every layer's output in net->output; *answers as in net.h. */
static int forward(lade_net *net, const struct lade__plan *plan, float *x, float **answers, struct lade_error *err) {
    for (int i = 0; i < net->design.layer_count; i++) {
        net->output[i] = net->own_output[i] ? net->own_output[i] : x;
        struct lade__arrays a = {.at = {[LADE__X] = x, [LADE__Y] = net->output[i]}};
        bind_parameters(net, &net->design.layers[i], &a);
        int status = plan->kernels[i] ? lade__kernel_forward(plan->kernels[i], &a, err) : LADE_OK;
        if (status < 0)
            return status;
        x = net->output[i];
    }
    *answers = x;
    if (!plan->softmax)
        return LADE_OK;
    *answers = net->answers;
    return lade__kernel_forward(plan->softmax, &(struct lade__arrays){.at = {[LADE__X] = x, [LADE__Y] = net->answers}},
                                err);
}

int lade__net_answer(lade_net *net, const struct lade_tensor *x, int64_t first, int64_t n, float **answers,
                     struct lade_error *err) {
    struct lade__plan *plan;
    int status = lade__net_reserve(net, n, false, err);
    if (status == LADE_OK)
        status = lade__net_plan(net, n, false, &plan, err);
    if (status == LADE_OK)
        status = forward(net, plan, as_floats(net, x, first, n), answers, err);
    return status;
}

/* ---- Loss ---------------------------------------------------------------------------------------------------------
 */

/* Adds to @t. @gradient: with respect to @answers, or NULL. */
static void compare(const lade_net *net, const struct lade_batch *b, const float *answers, struct lade__tally *t,
                    float *gradient) {
    const float *y = lade_tensor_data(b->y);
    int64_t outputs = net->info.outputs;
    if (net->info.loss == LADE_SOFTMAX_CROSS_ENTROPY)
        lade__softmax_cross_entropy(answers, y, b->n, outputs, b->y->shape[1], t, gradient);
    else
        lade__binary_cross_entropy(answers, y, b->n, outputs, t, gradient);
}

static int check_batch(const lade_net *net, const struct lade_batch *b, struct lade_error *err) {
    int status = lade__net_check_input(net, b->x, err);
    if (status == LADE_OK && b->x->shape[0] != b->n)
        status = lade_error_set(err, LADE_EINVAL, "the batch says %" PRId64 " samples and holds %" PRId64, b->n,
                                b->x->shape[0]);
    return status < 0 ? status : lade__labels_check(net->info.loss, net->info.outputs, b, err);
}

int lade__net_test(lade_net *net, const struct lade_batch *b, struct lade__tally *t, struct lade_error *err) {
    float *answers;
    if (b->n == 0)
        return LADE_OK;
    int status = check_batch(net, b, err);
    if (status == LADE_OK)
        status = lade__net_answer(net, b->x, 0, b->n, &answers, err);
    if (status == LADE_OK)
        compare(net, b, answers, t, NULL);
    return status;
}

/* ---- Backward -----------------------------------------------------------------------------------------------------
 */

/* From the gradient with respect to the last output, in net->gradient[0], to net->gradients. */
static int backward(lade_net *net, const struct lade__plan *plan, float *input, struct lade_error *err) {
    int turn = 0;
    for (int i = net->design.layer_count - 1; i >= net->design.first_learning; i--) {
        const struct lade__layer *l = &net->design.layers[i];
        if (!plan->kernels[i])
            continue;
        int next = l->kind->in_place ? turn : 1 - turn;
        struct lade__arrays a = {.at = {[LADE__X] = i > 0 ? net->output[i - 1] : input,
                                        [LADE__Y] = net->output[i],
                                        [LADE__DY] = net->gradient[turn],
                                        [LADE__DX] = net->gradient[next]}};
        bind_parameters(net, l, &a);
        int status = lade__kernel_backward(plan->kernels[i], &a, err);
        if (status < 0)
            return status;
        turn = next;
    }
    return LADE_OK;
}

int lade__net_learn(lade_net *net, const struct lade_batch *b, struct lade__tally *t, struct lade_error *err) {
    struct lade__plan *plan;
    float *answers;
    int status = check_batch(net, b, err);
    if (status == LADE_OK)
        status = lade__net_reserve(net, b->n, true, err);
    if (status == LADE_OK)
        status = lade__net_plan(net, b->n, true, &plan, err);
    if (status < 0)
        return status;
    float *input = as_floats(net, b->x, 0, b->n);
    status = forward(net, plan, input, &answers, err);
    if (status < 0)
        return status;
    compare(net, b, answers, t, net->gradient[0]);
    if (!isfinite(t->loss))
        return LADE_OK;
    if (plan->softmax) {
        struct lade__arrays a = {
            .at = {[LADE__Y] = answers, [LADE__DY] = net->gradient[0], [LADE__DX] = net->gradient[0]}};
        status = lade__kernel_backward(plan->softmax, &a, err);
    }
    return status < 0 ? status : backward(net, plan, input, err);
}
