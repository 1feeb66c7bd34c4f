/*
 * Tests of the memory of outputs and gradients. Two buffers that are needed at the same time have no memory in common.
 * A net needs at most the memory of one buffer for each output and two buffers for gradients.
 */
#include "train/net/net.h"

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

enum { SAMPLES = 12 };

static const char *const specs[] = {
    "dense 10",
    "relu, flatten, dense 10",
    "conv 16 3 same, batchnorm, relu, maxpool 2, conv 16 3 same, batchnorm, relu, dropout 0.5, tanh, dense 10",
    "conv 8 3 same, relu, conv 8 3 same, relu, conv 8 3 same, relu, conv 8 3 same, relu, conv 8 3 same, relu, "
    "conv 8 3 same, relu, conv 8 3 same, relu, conv 8 3 same, relu, conv 8 3 same, relu, globalavgpool, dense 10",
    "conv 8 3 same, residual(conv 8 3 same, batchnorm, relu, conv 8 3 same, batchnorm), relu, globalavgpool, dense 10",
    "conv 8 1, concat(conv 16 3 same, relu | conv 8 1 | ), residual( | | tanh), dense 10",
    "conv 4 1, residual(concat(conv 2 3 same | residual(conv 4 1, tanh, dropout 0.25 | conv 4 3 same, batchnorm), "
    "conv 2 1), relu | residual(batchnorm, relu, concat(conv 3 1 | conv 1 1)) | ), dense 10",
};

static const int64_t shape[] = {12, 12, 3};

/* Computes the gradients (@training) or the loss (not @training) of a batch, so that the net makes a plan. Returns the
   plan, which contains the memory for a batch of this size. */
static const struct lade__plan *make_plan(lade_net *net, bool training) {
    struct lade_batch b = {.n = SAMPLES,
                           .x = lade_tensor_new(LADE_UINT8, 4, (int64_t[]){SAMPLES, shape[0], shape[1], shape[2]}),
                           .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){SAMPLES, 1})};
    struct lade__loss_config config = {.loss = net->info.loss, .outputs = net->info.outputs};
    struct lade__loss_sums sums = {0};
    struct lade_error err = {0};
    int status = training ? lade__net_compute_gradients(net, &b, &config, &sums, &err)
                          : lade__net_evaluate_batch(net, &b, &sums, &err);
    ck_assert_msg(status == LADE_OK, "%s", err.message);
    lade_tensor_unref(b.x);
    lade_tensor_unref(b.y);
    return net->plans.plans[0];
}

static size_t rounded(size_t floats) {
    return (floats + 15) / 16 * 16;
}

START_TEST(buffers_in_use_at_the_same_time_do_not_overlap) {
    for (int training = 0; training < 2; training++) {
        lade_net *net = lade_net_new(specs[_i], 3, shape, &(struct lade_net_options){.threads = 1}, NULL);
        const struct lade__batch_shard *s = &make_plan(net, training)->shards[0];
        for (int i = 0; i < s->buffer_count; i++)
            for (int j = 0; j <= i; j++) {
                const struct lade__shard_buffer *a = &s->buffers[i], *b = &s->buffers[j];
                ck_assert_uint_eq(a->offset % 16, 0);
                ck_assert_uint_le(a->offset + rounded(a->floats), s->floats);
                ck_assert_int_le(a->first, a->last);
                ck_assert(i == j || a->last < b->first || b->last < a->first ||
                          a->offset + rounded(a->floats) <= b->offset || b->offset + rounded(b->floats) <= a->offset);
            }
        lade_net_free(net);
    }
}
END_TEST

/* Returns the number of floats that the net would need without shared memory. Without shared memory, each output has
   its own memory, except outputs that overwrite an input. Stores the number of floats of the largest array in
   *largest. */
static size_t separate(const struct lade__batch_shard *s, bool training, size_t *largest) {
    size_t floats = rounded(lade__dnnl_layout_floats(s->x)), gradient = 0;
    *largest = lade__dnnl_layout_floats(s->x);
    for (int i = 0; i < s->op_count; i++) {
        const struct lade__op *op = &s->ops[i];
        size_t output = rounded(lade__dnnl_layout_floats(op->layout));
        floats += op->overwrites < 0 ? output : 0;
        if (op->layer && op->layer->kind->computed_by == LADE__NORM)
            floats += rounded(s->buffers[op->statistics].floats);
        *largest = *largest > output ? *largest : output;
        gradient = op->has_gradient && gradient < output ? output : gradient;
    }
    return floats + (training ? 2 * gradient : 0);
}

START_TEST(memory_is_shared) {
    for (int training = 0; training < 2; training++) {
        lade_net *net = lade_net_new(specs[_i], 3, shape, &(struct lade_net_options){.threads = 1}, NULL);
        const struct lade__batch_shard *s = &make_plan(net, training)->shards[0];
        size_t largest, limit = separate(s, training, &largest);
        ck_assert_uint_le(s->floats, limit);
        /* A net without branches needs only the input and the output of one layer at a time, and some statistics. */
        if (!training && !strchr(specs[_i], '('))
            ck_assert_uint_le(s->floats, 2 * largest + 1024);
        lade_net_free(net);
    }
}
END_TEST

/* A chain is a net without branches. A residual net needs the memory of a chain of the same convolutions. In addition,
   while the backward pass computes one branch of a residual layer, the net keeps the gradient of the other branch. */
START_TEST(a_residual_net_needs_little_more_than_a_chain) {
    static const char *const nets[] = {
        "conv 16 3 same, conv 16 3 same, relu, conv 16 3 same, relu, conv 16 3 same, relu, conv 16 3 same, relu, dense "
        "9",
        "conv 16 3 same, residual(conv 16 3 same, relu, conv 16 3 same), relu, residual(conv 16 3 same, relu, "
        "conv 16 3 same), relu, dense 9"};
    size_t floats[2], largest = 0;
    for (int i = 0; i < 2; i++) {
        lade_net *net = lade_net_new(nets[i], 3, shape, &(struct lade_net_options){.threads = 1}, NULL);
        const struct lade__batch_shard *s = &make_plan(net, true)->shards[0];
        floats[i] = s->floats;
        separate(s, true, &largest);
        lade_net_free(net);
    }
    ck_assert_uint_le(floats[1], floats[0] + largest);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "memory");
    /* Under valgrind, a kernel takes seconds to make. */
    int count = check_under_valgrind() ? 1 : (int)(sizeof specs / sizeof *specs);
    tcase_add_loop_test(tcase, buffers_in_use_at_the_same_time_do_not_overlap, 0, count);
    tcase_add_loop_test(tcase, memory_is_shared, 0, count);
    if (count > 1)
        tcase_add_test(tcase, a_residual_net_needs_little_more_than_a_chain);
}
