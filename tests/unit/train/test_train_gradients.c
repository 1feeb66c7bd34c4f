/*
 * Compares the losses and the gradients of all layers with a reference implementation. The reference implementation
 * (support/train_reference.h) computes the same net with simple loops in double precision. Its gradients are central
 * differences of the loss.
 */
#include "support/train_reference.h"
#include "train/norm/tiles.h"

/* ---- Batches ----------------------------------------------------------------------------------------------------- */

enum labels { CATEGORICAL, SOFT, SPARSE, BINARY, NUMBERS };

static struct lade_batch make_batch(const lade_net *net, int64_t n, enum lade_dtype dtype, enum labels labels) {
    const struct lade_net_info *info = &net->info;
    int64_t shape[LADE_MAX_DIMS] = {n};
    memcpy(shape + 1, info->sample_shape, (size_t)info->sample_ndim * sizeof *shape);
    int64_t columns = labels == SPARSE ? 1 : info->outputs;
    struct lade_batch b = {.n = n,
                           .x = lade_tensor_new(dtype, info->sample_ndim + 1, shape),
                           .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){n, columns})};
    struct lade_random r;
    lade_random_init(&r, 7, 0, (uint64_t)n, LADE_RANDOM_USER);
    for (int64_t i = 0; i < lade_tensor_count(b.x); i++) {
        if (dtype == LADE_UINT8)
            ((uint8_t *)b.x->dl.data)[i] = (uint8_t)lade_random_below(&r, 256);
        else
            ((float *)b.x->dl.data)[i] = (float)lade_random_normal(&r);
    }
    float *y = b.y->dl.data;
    for (int64_t i = 0; i < n; i++, y += columns) {
        int64_t label = (int64_t)lade_random_below(&r, (uint64_t)info->outputs);
        if (labels == SPARSE)
            y[0] = (float)label;
        if (labels == CATEGORICAL)
            y[label] = 1;
        if (labels == SOFT)
            for (int64_t j = 0; j < columns; j++)
                y[j] = (j == label ? 0.7f : 0) + 0.3f / (float)columns;
        if (labels == BINARY)
            for (int64_t j = 0; j < columns; j++)
                y[j] = (float)lade_random_below(&r, 3) / 2; /* 0, 0.5, 1 */
        if (labels == NUMBERS)
            for (int64_t j = 0; j < columns; j++)
                y[j] = (float)lade_random_normal(&r);
    }
    return b;
}

/* Gives the samples of the batch the weights 0.25, 1, 1.75, 0, ... */
static void weigh(struct lade_batch *b) {
    b->sample_weight = lade_tensor_new(LADE_FLOAT32, 1, &b->n);
    for (int64_t i = 0; i < b->n; i++)
        ((float *)b->sample_weight->dl.data)[i] = (float)((3 * i + 1) % 10) / 4;
}

static void free_batch(struct lade_batch *b) {
    lade_tensor_unref(b->x);
    lade_tensor_unref(b->y);
    lade_tensor_unref(b->sample_weight);
}

/* ---- The check --------------------------------------------------------------------------------------------------- */

static const struct {
    const char *spec;
    int ndim;
    int64_t shape[3];
    enum lade_loss loss;
    enum labels labels;
    enum lade_dtype dtype;
    double label_smoothing;
    bool weighted, channels_first, sampled; /* weighted: with class weights; sampled: with sample weights */
} cases[] = {
    {"dense 3", 1, {4}, LADE_LOSS_AUTO, CATEGORICAL, LADE_FLOAT32},
    {"dense 3", 1, {4}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32},
    {"dense 5, relu, dense 3", 3, {2, 3, 3}, LADE_LOSS_AUTO, SOFT, LADE_FLOAT32},
    {"dense 33, relu, dense 17, relu, dense 10", 2, {7, 5}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32},
    {"relu, dense 4, relu", 1, {6}, LADE_LOSS_AUTO, CATEGORICAL, LADE_FLOAT32},
    {"flatten, dense 8, relu, relu, flatten, dense 2", 3, {3, 3, 1}, LADE_LOSS_AUTO, SPARSE, LADE_UINT8},
    {"dense 6, dense 7, dense 4", 1, {5}, LADE_SOFTMAX_CROSS_ENTROPY, SOFT, LADE_FLOAT32},
    {"dense 6, relu, dense 1", 1, {5}, LADE_LOSS_AUTO, BINARY, LADE_FLOAT32},
    {"dense 6, relu, dense 4", 1, {5}, LADE_BINARY_CROSS_ENTROPY, BINARY, LADE_UINT8},
    {"dense 6, relu, dense 4", 1, {5}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32, .label_smoothing = .1, .weighted = true},
    {"dense 4", 1, {5}, LADE_LOSS_AUTO, SOFT, LADE_FLOAT32, .label_smoothing = .2, .weighted = true},
    {"dense 4", 1, {5}, LADE_BINARY_CROSS_ENTROPY, BINARY, LADE_FLOAT32, .label_smoothing = .2, .weighted = true},
    {"dense 1", 1, {5}, LADE_LOSS_AUTO, BINARY, LADE_FLOAT32, .weighted = true},
    {"dense 6, tanh, dense 3", 1, {5}, LADE_MEAN_SQUARED_ERROR, NUMBERS, LADE_FLOAT32},
    {"dense 6, tanh, dropout 0.25, sigmoid, sigmoid, tanh, dense 1",
     1,
     {5},
     LADE_MEAN_SQUARED_ERROR,
     NUMBERS,
     LADE_FLOAT32},
    {"conv 4 3, dense 3", 3, {5, 6, 2}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32},
    {"conv 4 3, dense 3", 3, {2, 5, 6}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32, .channels_first = true},
    {"conv 5 3 same, relu, maxpool 2, conv 6 2, tanh, dense 3", 3, {6, 5, 3}, LADE_LOSS_AUTO, SPARSE, LADE_UINT8},
    {"conv 5 3 same, relu, maxpool 2, conv 6 2, tanh, dense 3",
     3,
     {3, 6, 5},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_UINT8,
     .channels_first = true},
    {"conv 4 2 same stride 2, relu, conv 6 3 groups 2 same, sigmoid, globalavgpool, dense 3",
     3,
     {5, 7, 2},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"avgpool 2 same, conv 4 1 stride 2, relu, avgpool 2 stride 1, flatten, relu, dense 3",
     3,
     {7, 7, 3},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 3 3 same, maxpool 3 stride 2 same, batchnorm, relu, dropout 0.5, conv 4 2, globalavgpool",
     3,
     {6, 6, 2},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 18 1, batchnorm, tanh, conv 3 2 same, globalavgpool",
     3,
     {2, 3, 3},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32,
     .channels_first = true},
    {"batchnorm, flatten, batchnorm, dense 4, batchnorm, relu, dense 2",
     3,
     {2, 2, 3},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 3 3", 3, {3, 3, 2}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32},
    {"dense 6, tanh, dense 4", 1, {5}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32, .sampled = true},
    {"dense 4", 1, {5}, LADE_LOSS_AUTO, SOFT, LADE_FLOAT32, .label_smoothing = .2, .weighted = true, .sampled = true},
    {"dense 4", 1, {5}, LADE_BINARY_CROSS_ENTROPY, BINARY, LADE_FLOAT32, .weighted = true, .sampled = true},
    {"dense 6, tanh, batchnorm, dense 3", 1, {5}, LADE_MEAN_SQUARED_ERROR, NUMBERS, LADE_FLOAT32, .sampled = true},
    /* The following nets have branches. */
    {"dense 5, residual(dense 4, tanh, dense 5), dense 3", 1, {4}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32},
    {"residual(dense 6, sigmoid | dense 6), concat(dense 3 | | tanh), dense 3",
     1,
     {6},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"dense 4, residual( | | tanh | ), residual( | ), dense 3", 1, {3}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32},
    {"conv 16 3 same, residual(conv 16 3 same, relu, conv 16 3 same), relu, globalavgpool, dense 3",
     3,
     {4, 5, 2},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_UINT8},
    {"conv 8 3 same, residual(conv 8 3 same, batchnorm, relu, conv 8 3 same, batchnorm | ), relu, "
     "residual(maxpool 2, conv 6 1 | conv 6 3 same stride 2, batchnorm), relu, dense 3",
     3,
     {4, 6, 3},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"residual(conv 3 3 same | | sigmoid), concat(conv 4 1, relu, dropout 0.25 | maxpool 2 same stride 1 | avgpool 1), "
     "dense 3",
     3,
     {3, 3, 4},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32,
     .channels_first = true},
    {"conv 8 1, concat(conv 16 3 same, relu | conv 8 1 | ), conv 5 2, concat(globalavgpool | flatten, tanh), dense 3",
     3,
     {3, 4, 2},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 4 1, residual(concat(conv 2 3 same | residual(conv 4 1, tanh, dropout 0.25 | conv 4 3 same, batchnorm), "
     "conv 2 1), relu | residual(batchnorm, relu, concat(conv 3 1 | maxpool 3 stride 1 same, conv 1 1)) | ), dense 3",
     3,
     {3, 3, 2},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"residual(relu | flatten, tanh), residual(tanh, residual(dropout 0.25 | ) | dense 6), dense 2",
     1,
     {6},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"relu, concat(conv 3 1 | avgpool 1), residual(relu | tanh), residual( | relu), globalavgpool, relu",
     3,
     {4, 4, 2},
     LADE_MEAN_SQUARED_ERROR,
     NUMBERS,
     LADE_FLOAT32},
    /* For the following convolutions, src/train/dnnl/conv.c selects memory layouts that oneDNN does not select by
       default. */
    {"conv 8 3, tanh, conv 16 3, sigmoid, dense 3", 3, {6, 7, 3}, LADE_LOSS_AUTO, SPARSE, LADE_FLOAT32},
    {"conv 6 5 same, relu, maxpool 2, conv 16 3, tanh, dense 3", 3, {8, 8, 3}, LADE_LOSS_AUTO, SPARSE, LADE_UINT8},
    {"conv 8 1, conv 16 3 same stride 2, relu, conv 10 3 same stride 2, globalavgpool, dense 3",
     3,
     {3, 7, 6},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32,
     .channels_first = true},
    {"conv 32 1, conv 64 3 groups 8 same, sigmoid, globalavgpool, dense 3",
     3,
     {3, 4, 2},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 20 1, conv 20 3 groups 20 same stride 2, relu, conv 32 1, conv 10 1, globalavgpool, dense 3",
     3,
     {4, 5, 3},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 32 3 same, relu, conv 3 1, conv 32 3 same, conv 7 3, dense 3",
     3,
     {3, 4, 1},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 5 7 same, tanh, conv 48 3 same, maxpool 5 same stride 1, conv 12 3 groups 3 same, dense 3",
     3,
     {2, 3, 4},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
    {"conv 12 1, residual(conv 12 3 same, batchnorm, relu, conv 12 3 same), concat(conv 16 1 | conv 6 1), conv 32 1, "
     "dense 3",
     3,
     {3, 3, 2},
     LADE_LOSS_AUTO,
     SPARSE,
     LADE_FLOAT32},
};
#define CASES ((int)(sizeof cases / sizeof *cases))

static lade_net *make_net(int i) {
    struct lade_error err = {0};
    lade_net *net = lade_net_new(
        cases[i].spec, cases[i].ndim, cases[i].shape,
        &(struct lade_net_options){
            .seed = 1, .loss = cases[i].loss, .threads = i % 4 + 1, .channels_first = cases[i].channels_first},
        &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    return net;
}

static struct lade__loss_config config_of(const lade_net *net, int i) {
    static const float weights[] = {.5f, 2, 1, 3};
    return (struct lade__loss_config){net->info.loss, net->info.outputs, cases[i].label_smoothing,
                                      cases[i].weighted ? weights : NULL};
}

static double *doubles(const lade_net *net) {
    double *values = calloc(net->spec.block_floats, sizeof *values);
    for (size_t i = 0; i < net->spec.block_floats; i++)
        values[i] = (double)net->values[i];
    return values;
}

/* Compares the gradient of each parameter with the slope of the reference implementation. The error is relative to the
 * largest slope in the array of the parameter. */
static void check_gradients(lade_net *net, const struct lade__loss_config *config, const struct lade_batch *b) {
    lade__net_sum_gradients(net, 0, net->spec.trainable_floats);
    double *values = doubles(net);
    uint64_t clock = net->clock - 1; /* the value of the clock when the batch was computed */
    for (int i = 0; i < net->spec.parameter_count; i++) {
        const struct lade__parameter *p = &net->spec.parameters[i];
        if (p->is_buffer)
            continue;
        /* The start is not 0, because the true gradient of a bias before a batchnorm is 0. */
        double largest = 5e-3, worst = 0;
        int64_t count = lade__shape_count(&p->shape);
        for (int64_t j = 0; j < count; j += 1 + count / 48) { /* only about 48 values of a large array are checked */
            double *v = &values[p->offset + (size_t)j], kept = *v, h = 1e-5;
            *v = kept + h;
            double above = reference_loss(net, values, config, true, clock, b);
            *v = kept - h;
            double slope = (above - reference_loss(net, values, config, true, clock, b)) / (2 * h);
            *v = kept;
            worst = fmax(worst, fabs(slope - (double)net->replicas[0].gradients[p->offset + (size_t)j]));
            largest = fmax(largest, fabs(slope));
        }
        ck_assert_msg(worst / largest < 1e-4, "%s, %d samples: the gradient of %s.%s has error %g, largest slope %g",
                      net->info.spec, (int)b->n, p->path, p->name, worst, largest);
    }
    free(values);
}

START_TEST(gradients_are_the_slopes_of_the_loss) {
    /* Under valgrind, a kernel takes seconds to make, so only every fourth case is tested. */
    bool slow = check_under_valgrind();
    if (slow && _i % 4 != 1)
        return;
    lade_net *net = make_net(_i);
    struct lade__loss_config config = config_of(net, _i), plain = {.loss = config.loss, .outputs = config.outputs};
    static const int64_t sizes[] = {7, 3, 26, 7}; /* a net keeps a plan for each batch size */
    for (size_t i = 0; i < (slow ? 1 : sizeof sizes / sizeof *sizes); i++) {
        struct lade_batch b = make_batch(net, sizes[i], cases[_i].dtype, cases[_i].labels);
        if (cases[_i].sampled)
            weigh(&b);
        struct lade_error err = {0};
        struct lade__loss_sums t = {0}, tested = {0};
        double *values = doubles(net);
        ck_assert_msg(lade__net_compute_gradients(net, &b, &config, &t, &err) == LADE_OK, "%s", err.message);
        ck_assert_int_eq(t.samples, b.n);
        ck_assert_double_eq_tol(t.loss / t.weight, reference_loss(net, values, &config, true, net->clock - 1, &b),
                                1e-5);
        free(values);
        check_gradients(net, &config, &b);

        values = doubles(net); /* the running means have changed */
        ck_assert_int_eq(lade__net_evaluate_batch(net, &b, &tested, &err), LADE_OK);
        ck_assert_double_eq_tol(tested.loss / tested.weight, reference_loss(net, values, &plain, false, 0, &b), 1e-5);
        free(values);
        free_batch(&b);
    }
    lade_net_free(net);
}
END_TEST

/* Computes the loss and the gradients of @b. Returns the sums of the losses, and stores the gradients in @out. */
static struct lade__loss_sums compute_gradients(lade_net *net, const struct lade__loss_config *config,
                                                const struct lade_batch *b, float *out) {
    struct lade__loss_sums t = {0};
    ck_assert_int_eq(lade__net_compute_gradients(net, b, config, &t, NULL), LADE_OK);
    lade__net_sum_gradients(net, 0, net->spec.trainable_floats);
    memcpy(out, net->replicas[0].gradients, net->spec.trainable_floats * sizeof *out);
    return t;
}

/* A sample with weight 2 counts like two equal samples. If all weights are 1, no bit of the results changes. */
START_TEST(a_sample_of_weight_two_counts_twice) {
    static const int at[] = {1, 2, 7, 9, 10, 13}; /* cases without dropout and without batchnorm */
    static const int rows[] = {0, 0, 1, 2};
    if (check_under_valgrind() && _i != 4)
        CHECK_SKIP("under valgrind, each kernel takes seconds to make");
    int which = at[_i];
    lade_net *net = make_net(which);
    struct lade__loss_config config = config_of(net, which);
    struct lade_batch b = make_batch(net, 3, cases[which].dtype, cases[which].labels),
                      four = make_batch(net, 4, cases[which].dtype, cases[which].labels);
    size_t floats = net->spec.trainable_floats, size = floats * sizeof(float);
    float *plain = malloc(size), *ones = malloc(size), *two = malloc(size), *twice = malloc(size);
    struct lade__loss_sums a = compute_gradients(net, &config, &b, plain), t;
    b.sample_weight = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){3});
    float *weights = b.sample_weight->dl.data;
    weights[0] = weights[1] = weights[2] = 1;
    t = compute_gradients(net, &config, &b, ones);
    ck_assert_mem_eq(plain, ones, size);
    ck_assert(t.loss == a.loss && t.weight == a.weight && t.correct == a.correct && t.samples == a.samples);

    size_t x_row = lade_tensor_bytes(b.x) / 3, y_row = lade_tensor_bytes(b.y) / 3;
    for (size_t i = 0; i < 4; i++) {
        memcpy((char *)four.x->dl.data + i * x_row, (char *)b.x->dl.data + (size_t)rows[i] * x_row, x_row);
        memcpy((char *)four.y->dl.data + i * y_row, (char *)b.y->dl.data + (size_t)rows[i] * y_row, y_row);
    }
    weights[0] = 2;
    t = compute_gradients(net, &config, &b, two);
    a = compute_gradients(net, &config, &four, twice);
    ck_assert_double_eq_tol(t.loss, a.loss, 1e-6);
    ck_assert_double_eq_tol(t.weight, a.weight, 1e-12);
    ck_assert_int_eq(t.samples, 3);
    ck_assert_mem_ne(two, ones, size);
    for (size_t i = 0; i < floats; i++)
        ck_assert_float_eq_tol(two[i], twice[i], 1e-6f);
    t = a = (struct lade__loss_sums){0};
    ck_assert_int_eq(lade__net_evaluate_batch(net, &b, &t, NULL), LADE_OK);
    ck_assert_int_eq(lade__net_evaluate_batch(net, &four, &a, NULL), LADE_OK);
    ck_assert_double_eq_tol(lade__loss_sums_score(&t).loss, lade__loss_sums_score(&a).loss, 1e-6);
    free(plain);
    free(ones);
    free(two);
    free(twice);
    free_batch(&b);
    free_batch(&four);
    lade_net_free(net);
}
END_TEST

START_TEST(there_may_be_more_batch_sizes_than_plans) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, each kernel takes seconds to make");
    lade_net *net = make_net(2);
    for (int round = 0; round < 2; round++)
        for (int64_t n = 1; n <= LADE__PLANS + 3; n++) {
            struct lade_batch b = make_batch(net, n, cases[2].dtype, cases[2].labels);
            struct lade__loss_sums t = {0};
            struct lade__loss_config config = config_of(net, 2);
            ck_assert_int_eq(lade__net_compute_gradients(net, &b, &config, &t, NULL), LADE_OK);
            check_gradients(net, &config, &b);
            free_batch(&b);
        }
    lade_net_free(net);
}
END_TEST

/* The padding between parameters must stay 0, because optimizers also process the padding. */
START_TEST(padding_stays_zero) {
    lade_net *net = make_net(3);
    struct lade_batch b = make_batch(net, 7, cases[3].dtype, cases[3].labels);
    struct lade__loss_sums t = {0};
    struct lade__loss_config config = config_of(net, 3);
    ck_assert_int_eq(lade__net_compute_gradients(net, &b, &config, &t, NULL), LADE_OK);
    size_t at = 0;
    for (int i = 0; i <= net->spec.parameter_count; i++) {
        bool last = i == net->spec.parameter_count;
        for (size_t end = last ? net->spec.block_floats : net->spec.parameters[i].offset; at < end; at++) {
            ck_assert_float_eq(net->values[at], 0);
            ck_assert_float_eq(net->replicas[0].gradients[at], 0);
        }
        if (!last)
            at += (size_t)lade__shape_count(&net->spec.parameters[i].shape);
    }
    free_batch(&b);
    lade_net_free(net);
}
END_TEST

/* Computes a batch of @n samples with a net that begins with batchnorm. Stores the running mean and the running
 * variance of this layer. */
static void running(bool is_image, int64_t n, float mean[2], float variance[2]) {
    lade_net *net =
        lade_net_new("batchnorm, dense 2", is_image ? 3 : 1, is_image ? (int64_t[]){2, 2, 2} : (int64_t[]){2},
                     &(struct lade_net_options){.threads = 2}, NULL);
    struct lade_batch b = make_batch(net, n, LADE_FLOAT32, SPARSE);
    struct lade__loss_config config = {.loss = net->info.loss, .outputs = 2};
    struct lade__loss_sums t = {0};
    ck_assert_int_eq(lade__net_compute_gradients(net, &b, &config, &t, NULL), LADE_OK);
    ck_assert(isfinite(t.loss));
    memcpy(mean, net->values + net->spec.parameters[2].offset, 2 * sizeof *mean);
    memcpy(variance, net->values + net->spec.parameters[3].offset, 2 * sizeof *variance);
    free_batch(&b);
    lade_net_free(net);
}

/* The last batch of an epoch may have one sample. A single number has no variance, so the running mean and the running
 * variance do not change. */
START_TEST(one_number_has_no_variance) {
    float mean[2], variance[2];
    static const struct {
        bool is_image, changes; /* changes: the running mean and variance change */
        int64_t n;
    } batches[] = {{false, false, 1}, {false, true, 2}, {true, true, 1}};
    running(batches[_i].is_image, batches[_i].n, mean, variance);
    for (int c = 0; c < 2; c++)
        ck_assert((mean[c] != 0) == batches[_i].changes && (variance[c] != 1) == batches[_i].changes);
}
END_TEST

/* ---- Extreme losses ---------------------------------------------------------------------------------------------- */

START_TEST(large_logits_lose_no_precision) {
    static const struct {
        float z, y;
        double loss, slope;
    } at[] = {
        {100, 1, 0, 0},     {100, 0, 100, 1}, {-100, 0, 0, 0}, {-100, 1, 100, -1}, {0, 1, 0.6931471805599453, -.5},
        {1e30f, 0, 1e30, 1}};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct lade__loss_sums t = {0};
        float slope;
        lade__loss_compute(&(struct lade__loss_config){LADE_BINARY_CROSS_ENTROPY, 1, 0, NULL}, &at[i].z,
                           &(struct lade__loss_labels){&at[i].y, NULL, 1, 1}, 1, &t, &slope);
        ck_assert_double_eq_tol(t.loss, at[i].loss, 1e-12 + 1e-7 * at[i].loss);
        ck_assert_double_eq_tol((double)slope, at[i].slope, 1e-7);
        ck_assert_double_eq(t.correct, (at[i].z >= 0) == (at[i].y >= .5f));
    }
}
END_TEST

START_TEST(nan_is_visible_in_the_loss) {
    struct lade__loss_sums t = {0};
    float nan = NAN, one = 1, slope;
    for (int loss = LADE_BINARY_CROSS_ENTROPY; loss <= LADE_MEAN_SQUARED_ERROR; loss++) {
        t = (struct lade__loss_sums){0};
        lade__loss_compute(&(struct lade__loss_config){(enum lade_loss)loss, 1, 0, NULL}, &nan,
                           &(struct lade__loss_labels){&one, NULL, 1, 1}, 1, &t, &slope);
        ck_assert(isnan(t.loss));
    }
    float logp[2] = {NAN, NAN}, y[2] = {0, 1}, gradient[2];
    t = (struct lade__loss_sums){0};
    lade__loss_compute(&(struct lade__loss_config){LADE_SOFTMAX_CROSS_ENTROPY, 2, 0, NULL}, logp,
                       &(struct lade__loss_labels){y, NULL, 1, 2}, 1, &t, gradient);
    ck_assert(isnan(t.loss));
}
END_TEST

/* Compares the softmax and its gradient with results in long double. */
START_TEST(softmax_is_exact) {
    enum { K = 10 };
    struct lade_random r;
    lade_random_init(&r, 3, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < 1000; i++) {
        float logits[K], p[K], gradient[K], y = (float)lade_random_below(&r, K);
        long double sum = 0;
        for (int j = 0; j < K; j++)
            sum += expl((long double)(logits[j] = (float)lade_random_uniform(&r, -15, 15)));
        struct lade__loss_sums t = {0};
        struct lade__loss_config config = {LADE_SOFTMAX_CROSS_ENTROPY, K, 0, NULL};
        lade__loss_compute(&config, logits, &(struct lade__loss_labels){&y, NULL, 1, 1}, 1, &t, gradient);
        lade__loss_predict(LADE_SOFTMAX_CROSS_ENTROPY, logits, 1, K, p);
        for (int j = 0; j < K; j++) {
            long double all = expl((long double)logits[j]) / sum;
            long double slope = j == (int)y ? -(sum - expl((long double)logits[j])) / sum : all;
            ck_assert_double_le((double)fabsl((long double)p[j] / all - 1), 6.1e-8);
            ck_assert_double_le((double)fabsl((long double)gradient[j] / slope - 1), 1e-7);
        }
        ck_assert_double_eq_tol(t.loss, (double)(logl(sum) - (long double)logits[(int)y]), 1e-12);
    }
}
END_TEST

/* The statistics of large images, and of all layouts, have no rounding errors that grow with the images. */
START_TEST(statistics_of_large_images_are_exact) {
    static const struct lade__loops loops[] = {{1, 1, 1 << 20, 3}, {1, 1, 1 << 18, 16}, {2, 3, 1 << 15, 16},
                                               {2, 3, 333, 8},     {3, 5, 1001, 1},     {7, 1, 1, 20},
                                               {1, 1, 1 << 20, 1}, {2, 2, 77, 4}};
    const struct lade__loops *l = &loops[_i];
    int64_t channels = l->blocks == 1 ? l->inner : l->blocks * l->inner - l->inner / 3, count = l->n * l->places;
    size_t floats = (size_t)(l->n * l->blocks * l->places * l->inner);
    float *x = malloc(floats * sizeof *x), memory[LADE__NORM_FLOATS(64)] __attribute__((aligned(64)));
    double sum[64] = {0}, squares[64] = {0};
    struct lade__norm norm = lade__norm_at(memory, channels, count);
    struct lade_random r;
    lade_random_init(&r, 4, 0, 0, LADE_RANDOM_USER);
    for (size_t i = 0; i < floats; i++) {
        int64_t channel = (int64_t)(i / (size_t)(l->places * l->inner)) % l->blocks * l->inner + (int64_t)i % l->inner;
        x[i] = channel < channels ? (float)lade_random_uniform(&r, 99, 101) : 0;
        sum[channel] += (double)x[i];
        squares[channel] += (double)x[i] * (double)x[i];
    }
    lade__norm_reduce(&norm, l, channels, x);
    lade__norm_synchronise(&norm, 1, channels);
    for (int64_t c = 0; c < channels; c++) {
        double mean = sum[c] / (double)count, variance = squares[c] / (double)count - mean * mean;
        ck_assert_double_eq_tol((double)norm.mean[c], mean, 1e-5);
        ck_assert_double_eq_tol(norm.unbiased_variance[c] * (double)(count - 1) / (double)count / variance, 1, 1e-5);
    }
    free(x);
}
END_TEST

/* The loops for long vectors compute the same bits as the loops for vectors of four floats, for all layouts. */
START_TEST(batchnorm_does_not_depend_on_vectors) {
    static const struct lade__loops loops[] = {{2, 3, 77, 16}, {1, 1, 77, 40}, {5, 1, 7, 64}, {3, 2, 33, 8},
                                               {3, 2, 9, 4},   {3, 5, 41, 1},  {2, 1, 7, 20}, {33, 1, 1, 3}};
    enum { MOST = 8192, ARRAYS = 5 };
    const struct lade__loops *l = &loops[_i];
    int64_t channels = l->blocks == 1 ? l->inner : l->blocks * l->inner - l->inner / 3;
    size_t floats = (size_t)(l->n * l->blocks * l->places * l->inner);
    static float x[MOST], dy[MOST], out[2][3][MOST]; /* y, dx and the sums of two sets of functions */
    float memory[LADE__NORM_FLOATS(64)] __attribute__((aligned(64))), values[ARRAYS][64];
    struct lade__norm norm = lade__norm_at(memory, channels, l->n * l->places);
    struct lade_random r;
    ck_assert_uint_le(floats, MOST);
    lade_random_init(&r, 5, (uint64_t)_i, 0, LADE_RANDOM_USER);
    for (size_t i = 0; i < floats; i++) {
        x[i] = (float)lade_random_normal(&r);
        dy[i] = (float)lade_random_normal(&r);
    }
    for (int a = 0; a < ARRAYS; a++)
        for (int c = 0; c < 64; c++)
            values[a][c] = (float)lade_random_normal(&r);
    const struct lade__tile_functions *f;
    for (int k = 0; (f = lade__tile_functions(k)); k++) {
        float(*to)[MOST] = out[k > 0];
        struct lade__norm_work w = {&norm, channels, x, dy, values[0], values[1], values[2], values[3], to[0], 0};
        lade__tile_function *reduce[] = {f->reduce, f->reduce_backward};
        memset(to, 0, sizeof *out);
        memset(memory, 0, sizeof memory);
        lade__for_each_tile(l, f->apply, &w);
        w.y = to[1];
        for (int c = 0; c < channels; c++)
            norm.means[0][c] = norm.means[1][c] = values[4][c];
        lade__for_each_tile(l, f->apply_backward, &w);
        for (int i = 0; i < 2; i++) {
            memset(memory, 0, sizeof memory);
            lade__for_each_tile(l, reduce[i], &w);
            for (int c = 0; c < channels; c++) {
                to[2][(2 * i + 0) * 64 + c] = (float)norm.sums[0][c];
                to[2][(2 * i + 1) * 64 + c] = (float)norm.sums[1][c];
            }
        }
        ck_assert_msg(k == 0 || memcmp(out[0], out[1], sizeof *out) == 0, "functions %d", k);
    }
    ck_assert(out[0][2][64] != 0); /* the loops have stored something */
}
END_TEST

START_TEST(accuracy_uses_the_first_of_equal_outputs) {
    static const float logits[] = {-1, -1, -2, /**/ -3, -1, -1, /**/ -1, -2, -3};
    /* The losses of the first and of the third sample. */
    double loss = 2 * log(2 + exp(-1.)) + log(1 + exp(-1.) + exp(-2.));
    loss += log(2 + exp(-2.)) - log(2 + exp(-1.)); /* the loss of the second sample */
    static const float sparse[] = {0, 2, 0}, categorical[] = {0, 1, 0, /**/ 0, .5f, .5f, /**/ 1, 0, 0};
    struct lade__loss_sums t = {0};
    struct lade__loss_config config = {LADE_SOFTMAX_CROSS_ENTROPY, 3, 0, NULL};
    lade__loss_compute(&config, logits, &(struct lade__loss_labels){sparse, NULL, 3, 1}, 3, &t, NULL);
    ck_assert_double_eq(t.correct, 2);
    ck_assert_double_eq_tol(t.loss, loss, 1e-12);
    ck_assert_double_eq(lade__loss_sums_score(&t).accuracy, 2. / 3);
    t = (struct lade__loss_sums){0};
    lade__loss_compute(&config, logits, &(struct lade__loss_labels){categorical, NULL, 3, 3}, 3, &t, NULL);
    ck_assert_double_eq(t.correct, 2);
    t = (struct lade__loss_sums){0};
    ck_assert(isnan(lade__loss_sums_score(&t).loss) && isnan(lade__loss_sums_score(&t).accuracy));
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "gradients");
    tcase_add_loop_test(tcase, gradients_are_the_slopes_of_the_loss, 0, CASES);
    tcase_add_loop_test(tcase, a_sample_of_weight_two_counts_twice, 0, 6);
    tcase_add_test(tcase, there_may_be_more_batch_sizes_than_plans);
    tcase_add_loop_test(tcase, one_number_has_no_variance, 0, check_under_valgrind() ? 1 : 3);
    tcase_add_test(tcase, padding_stays_zero);
    tcase_add_test(tcase, large_logits_lose_no_precision);
    tcase_add_test(tcase, nan_is_visible_in_the_loss);
    tcase_add_test(tcase, softmax_is_exact);
    tcase_add_loop_test(tcase, statistics_of_large_images_are_exact, 0, 8);
    tcase_add_loop_test(tcase, batchnorm_does_not_depend_on_vectors, 0, 8);
    tcase_add_test(tcase, accuracy_uses_the_first_of_equal_outputs);
}
