/*
 * Compares updates of two accumulated batches with PyTorch. The gradients are compared before the update. The
 * parameters and buffers are compared after the update, which clips the gradient. Each tensor is compared with the
 * tensor of PyTorch that has the same name. golden/torch_reference.py writes and checks the numbers of PyTorch.
 */
#include <lade/train.h>

#include "support/torch_lines.h"

#define TOLERANCE 1e-4 /* relative to the largest number of a tensor, or to LEAST if all numbers are smaller */
#define LEAST     .01  /* allows rounding errors in a gradient that is 0, for example of the bias before a batchnorm */

static const int64_t rows[] = {6, 21}; /* the number of rows of each of the two batches */

static void check(int status, const struct lade_error *err) {
    ck_assert_msg(status == LADE_OK, "%s", err->message);
}

static float label(enum lade_loss loss, int64_t i, int64_t outputs) {
    return loss == LADE_MEAN_SQUARED_ERROR     ? torch_number(i, 41, 11)
           : loss == LADE_BINARY_CROSS_ENTROPY ? (float)(i % 3 == 0)
                                               : (float)(i * 5 % outputs);
}

/* Makes a batch of @n rows. Its first row is row @first of the data. */
static struct lade_batch make_batch(const struct lade_net_info *info, int64_t first, int64_t n) {
    int64_t shape[4] = {n, info->sample_shape[0], info->sample_shape[1], info->sample_shape[2]};
    int64_t columns = info->loss == LADE_SOFTMAX_CROSS_ENTROPY ? 1 : info->outputs,
            size = shape[1] * shape[2] * shape[3];
    struct lade_batch b = {.n = n,
                           .x = lade_tensor_new(LADE_FLOAT32, 4, shape),
                           .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){n, columns})};
    for (int64_t i = 0; i < n * size; i++)
        ((float *)lade_tensor_data(b.x))[i] = torch_number(first * size + i, 31, 3);
    for (int64_t i = 0; i < n * columns; i++)
        ((float *)lade_tensor_data(b.y))[i] = label(info->loss, first * columns + i, info->outputs);
    return b;
}

/* Makes the net that @line describes. Sets each number of each parameter to a value that depends on the index of the
   number. */
static lade_net *make_net(const char *line, int threads) {
    char loss[32];
    int spec, trainable = 0;
    int64_t shape[3];
    struct lade_net_options options = {.threads = threads, .channels_first = true};
    struct lade_error err = {0};
    const struct lade_parameter_info *p;
    ck_assert_int_eq(sscanf(line, "step %31s %ld %ld %ld %n", loss, &shape[0], &shape[1], &shape[2], &spec), 4);
    options.loss = torch_loss(loss);
    lade_net *net = lade_net_new(line + spec, 3, shape, &options, &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    for (int i = 0; (p = lade_net_parameter_info(net, i)); i++) {
        if (p->is_buffer)
            continue;
        struct lade_tensor *values = lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
        for (int64_t j = 0; j < p->count; j++)
            ((float *)lade_tensor_data(values))[j] = torch_number(j, 7, 13 * trainable);
        check(lade_net_set_parameter(net, p->name, values, &err), &err);
        lade_tensor_unref(values);
        trainable++;
    }
    return net;
}

/* Reads the next lines that begin with @kind, for example "gradient ", and a name. Compares the numbers after each
 * line with the tensor of this name. Returns the number of tensors. */
static int compare(FILE *f, const char *kind, lade_net *net, lade_trainer *t) {
    char *line = NULL;
    size_t size = 0, length = strlen(kind);
    int count = 0;
    long at = ftell(f);
    struct lade_error err = {0};
    for (; torch_next_line(f, &line, &size) && strncmp(line, kind, length) == 0; at = ftell(f), count++) {
        const char *name = line + length;
        const struct lade_parameter_info *p = NULL;
        for (int i = 0; (p = lade_net_parameter_info(net, i)) && strcmp(p->name, name) != 0;)
            i++;
        ck_assert_msg(p != NULL, "the net has no %s", name);
        struct lade_tensor *have = lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
        check(*kind == 'g' ? lade_trainer_get_gradient(t, name, have, &err)
                           : lade_net_get_parameter(net, name, have, &err),
              &err);
        double off = torch_difference(f, lade_tensor_data(have), p->count, LEAST);
        ck_assert_msg(off <= TOLERANCE, "%s differs from PyTorch by %g", line, off);
        lade_tensor_unref(have);
    }
    fseek(f, at, SEEK_SET); /* the next comparison reads the last line again */
    free(line);
    return count;
}

/* Makes the update that @line describes, and compares its result with PyTorch. */
static void check_step(FILE *f, const char *line, int threads) {
    lade_net *net = make_net(line, threads);
    struct lade_error err = {0};
    lade_trainer *t =
        lade_trainer_new(net,
                         &(struct lade_trainer_options){.optimizer = {LADE_SGD, .lr = .5f, .momentum = .9f,
                                                                      .nesterov = true, .weight_decay = .01f},
                                                        .accumulate = 2,
                                                        .global_clipnorm = .25f},
                         &err);
    ck_assert_msg(t != NULL, "%s", err.message);
    for (int i = 0; i < 2; i++) {
        struct lade_batch b = make_batch(lade_net_info(net), i ? rows[0] : 0, rows[i]);
        check(lade_trainer_backward(t, &b, &err), &err);
        lade_tensor_unref(b.x);
        lade_tensor_unref(b.y);
    }
    check(lade_trainer_complete(t, &err), &err);
    ck_assert_int_ge(compare(f, "gradient ", net, t), 4);
    check(lade_trainer_update(t, &err), &err);
    ck_assert_int_ge(compare(f, "parameter ", net, t), 4);
    lade_trainer_free(t);
    lade_net_free(net);
}

START_TEST(gradients_and_parameters_equal_pytorch) {
    FILE *f = torch_open();
    char *line = NULL;
    size_t size = 0;
    int steps = 0;
    bool slow = check_under_valgrind(); /* under valgrind, a kernel takes seconds to make */
    while (torch_next_line(f, &line, &size)) {
        if (strncmp(line, "step ", 5) != 0)
            continue;
        long at = ftell(f);
        for (int threads = slow ? 2 : 1; threads <= (slow ? 2 : 3); threads++) {
            ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
            check_step(f, line, threads);
        }
        steps++;
    }
    ck_assert_int_ge(steps, 5);
    free(line);
    fclose(f);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "torch steps");
    tcase_add_test(tcase, gradients_and_parameters_equal_pytorch);
}
