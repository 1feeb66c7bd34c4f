/*
 * Compares nets and optimizers with PyTorch. The results of PyTorch are in tests/golden/torch.txt, which
 * tests/golden/torch_reference.py writes and checks. Each value of the parameters, samples and labels is computed from
 * its index.
 */
#include "train/net/net.h"
#include "train/fit/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/torch_lines.h"

#define STEPS   100
#define THREADS 3 /* the largest number of threads */

/* ---- Optimizers -------------------------------------------------------------------------------------------------- */

static enum lade_optimizer_kind kind_of(const char *name) {
    for (int i = 0; i < LADE_OPTIMIZER_COUNT; i++)
        if (strcmp(name, lade_optimizer_info((enum lade_optimizer_kind)i)->name) == 0)
            return (enum lade_optimizer_kind)i;
    ck_abort_msg("there is no optimizer with the name %s", name);
}

/* Returns LADE_OFF for 0, because 0 in struct lade_optimizer means the default value. */
static float or_off(float v) {
    return v == 0 ? (float)LADE_OFF : v;
}

static void check_optimizer(FILE *f, const char *line) {
    char kind[16];
    int nesterov;
    struct lade_optimizer o = {0};
    ck_assert_int_eq(sscanf(line, "optimizer %15s %f %f %d %f %f %f %f %f", kind, &o.lr, &o.momentum, &nesterov,
                            &o.weight_decay, &o.rho, &o.beta_1, &o.beta_2, &o.epsilon),
                     9);
    o.kind = kind_of(kind);
    o.nesterov = nesterov;
    o.weight_decay = or_off(o.weight_decay);
    struct lade__optimizer opt;
    _Alignas(64) float p[16], g[16];
    ck_assert_int_eq(lade__optimizer_init(&opt, &o, 16, NULL), LADE_OK);
    for (int i = 0; i < 16; i++)
        p[i] = torch_number(i, 37, 5);
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < 16; i++)
            g[i] = torch_number(i, 53, 29 * step);
        struct lade__update update = lade__optimizer_begin(&opt, (double)o.lr, 1, INFINITY);
        ck_assert(lade__optimizer_apply(&opt, &update, p, g, 0, 16));
    }
    double off = torch_difference(f, p, 16, 1);
    ck_assert_msg(off <= 1e-5, "%s: the largest error is %g", line, off);
    lade__optimizer_release(&opt);
}

/* ---- Nets -------------------------------------------------------------------------------------------------------- */

/* Describes the batch of a line of torch.txt, without the samples. */
struct batch {
    int64_t n;
    bool sparse, weighted; /* weighted: the samples have weights */
};

static struct lade_batch make_batch(const lade_net *net, const struct batch *of) {
    const struct lade_net_info *info = &net->info;
    int64_t shape[4] = {of->n, info->sample_shape[0], info->sample_shape[1], info->sample_shape[2]};
    int64_t columns = of->sparse ? 1 : info->outputs;
    struct lade_batch b = {.n = of->n,
                           .x = lade_tensor_new(LADE_FLOAT32, 4, shape),
                           .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){of->n, columns})};
    for (int64_t i = 0; i < lade_tensor_count(b.x); i++)
        ((float *)lade_tensor_data(b.x))[i] = torch_number(i, 31, 3);
    float *y = lade_tensor_data(b.y);
    for (int64_t i = 0; i < of->n * columns; i++)
        if (info->loss == LADE_MEAN_SQUARED_ERROR)
            y[i] = torch_number(i, 41, 11);
        else if (info->loss == LADE_BINARY_CROSS_ENTROPY)
            y[i] = i % 3 == 0;
        else
            y[i] = of->sparse ? (float)(i * 5 % info->outputs) : i % columns == i / columns * 5 % info->outputs;
    if (of->weighted)
        b.sample_weight = lade_tensor_new(LADE_FLOAT32, 1, shape);
    for (int64_t i = 0; of->weighted && i < of->n; i++)
        ((float *)lade_tensor_data(b.sample_weight))[i] = (float)((3 * i + 1) % 10) / 4;
    return b;
}

/* Makes the net that the line describes. Each value of a parameter is computed from its index. */
static lade_net *make_net(const char *line, struct lade__loss_config *config, struct batch *batch, int threads) {
    static const float weights[] = {0.5f, 2, 1, 3};
    char loss[32];
    int weighted, sparse, spec;
    int64_t shape[3];
    ck_assert_int_eq(sscanf(line, "net %ld %31s %lf %d %d %ld %ld %ld %n", &batch->n, loss, &config->label_smoothing,
                            &weighted, &sparse, &shape[0], &shape[1], &shape[2], &spec),
                     8);
    struct lade_net_options options = {.threads = threads, .channels_first = true};
    options.loss = torch_loss(loss);
    struct lade_error err = {0};
    lade_net *net = lade_net_new(line + spec, 3, shape, &options, &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    batch->sparse = sparse;
    batch->weighted = weighted & 2;
    config->loss = options.loss;
    config->outputs = net->info.outputs;
    config->class_weight = weighted & 1 ? weights : NULL;
    for (int i = 0, trainable = 0; i < net->spec.parameter_count; i++) {
        const struct lade__parameter *p = &net->spec.parameters[i];
        for (int64_t j = 0; !p->is_buffer && j < lade__shape_count(&p->shape); j++)
            net->values[p->offset + (size_t)j] = torch_number(j, 7, 13 * trainable);
        trainable += !p->is_buffer;
    }
    return net;
}

/* Compares the names of the parameters, and then of the buffers, with the next line. */
static void check_names(FILE *f, const lade_net *net) {
    char *line = NULL, names[1024] = "names", name[LADE__PARAMETER_NAME];
    size_t size = 0;
    for (int buffers = 0; buffers < 2; buffers++)
        for (int i = 0; i < net->spec.parameter_count; i++)
            if (net->spec.parameters[i].is_buffer == buffers) {
                strcat(names, " ");
                strcat(names, lade__parameter_name(&net->spec.parameters[i], name));
            }
    ck_assert(torch_next_line(f, &line, &size));
    ck_assert_str_eq(names, line);
    free(line);
}

static void check_net(FILE *f, const char *line, int threads) {
    struct lade__loss_config config;
    struct batch of;
    lade_net *net = make_net(line, &config, &of, threads);
    struct lade_batch b = make_batch(net, &of);
    struct lade__loss_sums t = {0};
    check_names(f, net);
    ck_assert_int_eq(lade__net_compute_gradients(net, &b, &config, &t, NULL), LADE_OK);
    lade__net_sum_gradients(net, 0, net->spec.trainable_floats);
    float loss = (float)(t.loss / t.weight);
    double off = torch_difference(f, &loss, 1, 1);
    ck_assert_msg(off <= 1e-5, "%s: %d threads: the error of the loss is %g", line, threads, off);
    for (int buffers = 0; buffers < 2; buffers++)
        for (int i = 0; i < net->spec.parameter_count; i++) {
            const struct lade__parameter *p = &net->spec.parameters[i];
            if (p->is_buffer != buffers)
                continue;
            off = torch_difference(f, (buffers ? net->values : net->replicas[0].gradients) + p->offset,
                                   lade__shape_count(&p->shape), 1);
            ck_assert_msg(off <= 1e-5, "%s: %d threads: the error of %s.%s is %g", line, threads, p->path, p->name,
                          off);
        }
    lade_tensor_unref(b.x);
    lade_tensor_unref(b.y);
    lade_tensor_unref(b.sample_weight);
    lade_net_free(net);
}

START_TEST(the_same_as_in_pytorch) {
    FILE *f = torch_open();
    char *line = NULL;
    size_t size = 0;
    int optimizers = 0, nets = 0;
    bool slow = check_under_valgrind(); /* under valgrind, a kernel takes seconds to make */
    while (torch_next_line(f, &line, &size))
        if (strncmp(line, "net ", 4) == 0) {
            long rows = ftell(f);
            for (int threads = slow ? 1 + nets % THREADS : 1; threads <= THREADS; threads += slow ? THREADS : 1) {
                ck_assert_int_eq(fseek(f, rows, SEEK_SET), 0);
                check_net(f, line, threads);
            }
            nets++;
        } else if (strncmp(line, "optimizer ", 10) == 0) {
            check_optimizer(f, line);
            optimizers++;
        } else {
            break; /* tests/api/train/test_train_torch_steps.c reads the rest of the file */
        }
    ck_assert_int_ge(optimizers, 11);
    ck_assert_int_ge(nets, 44);
    free(line);
    fclose(f);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "torch");
    tcase_add_test(tcase, the_same_as_in_pytorch);
}
