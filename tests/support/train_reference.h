/*
 * Computes the outputs and the loss of a net with simple loops in double precision, from the formulas in
 * lade/train/net.h. Tests compare the kernels with these loops. The functions compute all samples of a batch together,
 * because batchnorm needs all samples.
 */
#ifndef LADE_TESTS_TRAIN_REFERENCE_H
#define LADE_TESTS_TRAIN_REFERENCE_H

#include "train/net/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

struct image_shape {
    int64_t channels, height, width;
    bool first; /* true: the channels are the first dimension */
};

static inline struct image_shape image_shape_of(const struct lade__layer *l, const struct lade__shape *s) {
    struct lade__extent e = lade__shape_extent(s, l->channels_first, 1);
    return e.is_image ? (struct image_shape){e.channels, e.height, e.width, e.channels_first}
                      : (struct image_shape){e.channels, 1, 1, false};
}

/* Returns the index of the value of channel @c in row @y and column @x. */
static inline int64_t place(struct image_shape p, int64_t c, int64_t y, int64_t x) {
    return p.first ? (c * p.height + y) * p.width + x : (y * p.width + x) * p.channels + c;
}

/* Returns the values of the parameter with index @which of the layer. */
static inline const double *reference_values(const lade_net *net, const double *values, const struct lade__layer *l,
                                             int which) {
    return values + net->spec.parameters[l->first_parameter + which].offset;
}

static inline void reference_dense(const lade_net *net, const double *values, const struct lade__layer *l,
                                   const double *x, double *y) {
    const double *w = reference_values(net, values, l, 0), *b = reference_values(net, values, l, 1);
    int64_t inputs = lade__shape_count(&l->in);
    for (int64_t o = 0; o < l->outputs; o++) {
        y[o] = b[o];
        for (int64_t j = 0; j < inputs; j++)
            y[o] += w[o * inputs + j] * x[j];
    }
}

/* Returns the number of padding rows above the image, or of padding columns to the left of the image. Without the
   padding "same", the number is 0. */
static inline int64_t reference_before(const struct lade__layer *l, int64_t stride, int64_t in, int64_t out) {
    int64_t padding = (out - 1) * stride + l->size - in;
    return l->same && padding > 0 ? padding / 2 : 0;
}

static inline void reference_conv(const lade_net *net, const double *values, const struct lade__layer *l,
                                  const double *x, double *y) {
    struct image_shape in = image_shape_of(l, &l->in), out = image_shape_of(l, &l->out);
    const double *w = reference_values(net, values, l, 0), *b = reference_values(net, values, l, 1);
    int64_t stride = l->stride ? l->stride : 1, k = l->size, inputs = in.channels / l->groups;
    int64_t top = reference_before(l, stride, in.height, out.height);
    int64_t left = reference_before(l, stride, in.width, out.width);
    for (int64_t o = 0; o < out.channels; o++)
        for (int64_t oy = 0; oy < out.height; oy++)
            for (int64_t ox = 0; ox < out.width; ox++) {
                double sum = b[o];
                int64_t group = o / (out.channels / l->groups);
                for (int64_t c = 0; c < inputs; c++)
                    for (int64_t ky = 0; ky < k; ky++)
                        for (int64_t kx = 0; kx < k; kx++) {
                            int64_t iy = oy * stride + ky - top, ix = ox * stride + kx - left;
                            if (iy >= 0 && iy < in.height && ix >= 0 && ix < in.width)
                                sum +=
                                    w[((o * inputs + c) * k + ky) * k + kx] * x[place(in, group * inputs + c, iy, ix)];
                        }
                y[place(out, o, oy, ox)] = sum;
            }
}

static inline void reference_pool(const struct lade__layer *l, const double *x, double *y) {
    struct image_shape in = image_shape_of(l, &l->in), out = image_shape_of(l, &l->out);
    bool global = strcmp(l->kind->word, "globalavgpool") == 0, largest = strcmp(l->kind->word, "maxpool") == 0;
    int64_t height = global ? in.height : l->size, width = global ? in.width : l->size;
    int64_t stride = l->stride ? l->stride : l->size;
    int64_t top = reference_before(l, stride, in.height, out.height);
    int64_t left = reference_before(l, stride, in.width, out.width);
    for (int64_t c = 0; c < out.channels; c++)
        for (int64_t oy = 0; oy < out.height; oy++)
            for (int64_t ox = 0; ox < out.width; ox++) {
                double sum = 0, most = -INFINITY;
                int64_t count = 0;
                for (int64_t ky = 0; ky < height; ky++)
                    for (int64_t kx = 0; kx < width; kx++) {
                        int64_t iy = oy * stride + ky - top, ix = ox * stride + kx - left;
                        if (iy < 0 || iy >= in.height || ix < 0 || ix >= in.width)
                            continue;
                        sum += x[place(in, c, iy, ix)];
                        most = fmax(most, x[place(in, c, iy, ix)]);
                        count++;
                    }
                y[global ? c : place(out, c, oy, ox)] = largest ? most : sum / (double)count;
            }
}

static inline void reference_norm(const lade_net *net, const double *values, const struct lade__layer *l, bool training,
                                  int64_t n, const double *x, double *y) {
    struct image_shape p = image_shape_of(l, &l->in);
    const double *w = reference_values(net, values, l, 0), *b = reference_values(net, values, l, 1);
    int64_t pixels = p.height * p.width, count = p.channels * pixels;
    for (int64_t c = 0; c < p.channels; c++) {
        double mean = 0, variance = 0, total = (double)(n * pixels);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < pixels; j++)
                mean += x[i * count + place(p, c, j / p.width, j % p.width)] / total;
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < pixels; j++) {
                double off = x[i * count + place(p, c, j / p.width, j % p.width)] - mean;
                variance += off * off / total;
            }
        if (!training) {
            mean = reference_values(net, values, l, 2)[c];
            variance = reference_values(net, values, l, 3)[c];
        }
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < pixels; j++) {
                int64_t at = i * count + place(p, c, j / p.width, j % p.width);
                y[at] = (x[at] - mean) / sqrt(variance + 1e-5) * w[c] + b[c];
            }
    }
}

/* Computes dropout. A sample may have at most 65536 values, because this function uses only one random stream for a
   sample. */
static inline void reference_dropout(const lade_net *net, const struct lade__layer *l, uint64_t clock, int64_t n,
                                     const double *x, double *y) {
    int64_t count = lade__shape_count(&l->in), layer = l - net->spec.layers;
    for (int64_t i = 0; i < n; i++) {
        struct lade_random r;
        lade_random_init(&r, net->info.seed, clock, ((uint64_t)layer << 48) + (uint64_t)i, LADE_RANDOM_DROPOUT);
        for (int64_t j = 0; j < count; j++)
            y[i * count + j] =
                (double)lade_random_u32(&r) < l->rate * 4294967296.0 ? 0 : x[i * count + j] / (1 - l->rate);
    }
}

/* Computes the output @y of a layer with one input, @x, for @n samples. */
static inline void reference_layer(const lade_net *net, const double *values, const struct lade__layer *l,
                                   bool training, uint64_t clock, int64_t n, const double *x, double *y) {
    const char *word = l->kind->word;
    int64_t in_count = lade__shape_count(&l->in), out_count = lade__shape_count(&l->out);
    if (in_count == out_count)
        memcpy(y, x, (size_t)(n * in_count) * sizeof *y); /* flatten, and dropout outside training, only copy x */
    if (strcmp(word, "batchnorm") == 0)
        reference_norm(net, values, l, training, n, x, y);
    if (strcmp(word, "dropout") == 0 && training)
        reference_dropout(net, l, clock, n, x, y);
    for (int64_t j = 0; j < n; j++, x += in_count, y += out_count) {
        if (strcmp(word, "dense") == 0)
            reference_dense(net, values, l, x, y);
        else if (strcmp(word, "conv") == 0)
            reference_conv(net, values, l, x, y);
        else if (strstr(word, "pool"))
            reference_pool(l, x, y);
        for (int64_t o = 0; o < out_count; o++)
            if (strcmp(word, "relu") == 0)
                y[o] = x[o] > 0 ? x[o] : 0;
            else if (strcmp(word, "tanh") == 0)
                y[o] = tanh(x[o]);
            else if (strcmp(word, "sigmoid") == 0)
                y[o] = 1 / (1 + exp(-x[o]));
    }
}

/* Copies the output @x of one branch of a concat to the channels of @y, beginning with channel @first. Returns the
   index of the first channel of @y after the copied channels. */
static inline int64_t reference_concat(const struct lade__layer *l, const struct lade__shape *branch, int64_t first,
                                       int64_t n, const double *x, double *y) {
    struct image_shape in = image_shape_of(l, branch), out = image_shape_of(l, &l->out);
    int64_t in_count = lade__shape_count(branch), out_count = lade__shape_count(&l->out);
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < in.channels; c++)
            for (int64_t h = 0; h < in.height; h++)
                for (int64_t w = 0; w < in.width; w++)
                    y[i * out_count + place(out, first + c, h, w)] = x[i * in_count + place(in, c, h, w)];
    return first + in.channels;
}

/* Computes the outputs of the net for @n samples with the parameters @values. The caller must free the result. */
static inline double *reference_forward(const lade_net *net, const double *values, bool training, uint64_t clock,
                                        int64_t n, const double *samples) {
    const struct lade__spec *s = &net->spec;
    double **outputs = calloc((size_t)s->layer_count, sizeof *outputs);
    for (int i = 0; i < s->layer_count; i++) {
        const struct lade__layer *l = &s->layers[i];
        int64_t count = lade__shape_count(&l->out), channel = 0;
        outputs[i] = calloc((size_t)(n * count), sizeof **outputs);
        for (int k = 0; k < l->input_count; k++) {
            int from = l->inputs[k];
            const double *x = from == LADE__SAMPLES ? samples : outputs[from];
            if (strcmp(l->kind->word, "residual") == 0)
                for (int64_t j = 0; j < n * count; j++)
                    outputs[i][j] += x[j];
            else if (strcmp(l->kind->word, "concat") == 0)
                channel = reference_concat(l, from == LADE__SAMPLES ? &s->in : &s->layers[from].out, channel, n, x,
                                           outputs[i]);
            else
                reference_layer(net, values, l, training, clock, n, x, outputs[i]);
        }
    }
    double *last = outputs[s->layer_count - 1];
    for (int i = 0; i < s->layer_count - 1; i++)
        free(outputs[i]);
    free(outputs);
    return last;
}

/* Returns the loss of one sample with the outputs @z and the labels @y. Stores the weight of the sample in *weight. */
static inline double reference_sample_loss(const struct lade__loss_config *g, const double *z, const float *y,
                                           int64_t columns, double *weight) {
    int64_t k = g->outputs;
    double loss = 0, sum = 0;
    *weight = 1;
    if (g->loss == LADE_MEAN_SQUARED_ERROR) {
        for (int64_t j = 0; j < k; j++)
            loss += (z[j] - (double)y[j]) * (z[j] - (double)y[j]) / (double)k;
        return loss;
    }
    if (g->loss == LADE_BINARY_CROSS_ENTROPY) {
        for (int64_t j = 0; j < k; j++) {
            double s = 1 / (1 + exp(-z[j])), label = (double)y[j] * (1 - g->label_smoothing) + g->label_smoothing / 2;
            double positive = !g->class_weight ? 1 : (double)g->class_weight[k == 1 ? 1 : j];
            double negative = g->class_weight && k == 1 ? (double)g->class_weight[0] : 1;
            loss -= (positive * label * log(s) + negative * (1 - label) * log(1 - s)) / (double)k;
        }
        return loss;
    }
    for (int64_t j = 0; j < k; j++)
        sum += exp(z[j]);
    if (g->class_weight)
        *weight = 0;
    for (int64_t j = 0; j < k; j++) {
        double label = columns == 1 && k > 1 ? j == (int64_t)y[0] : (double)y[j];
        double w = g->class_weight ? (double)g->class_weight[j] : 1;
        if (g->class_weight)
            *weight += w * label;
        loss -= w * (label * (1 - g->label_smoothing) + g->label_smoothing / (double)k) * log(exp(z[j]) / sum);
    }
    return loss;
}

/* Returns the loss of the batch: the weighted mean of the losses of its samples. */
static inline double reference_loss(const lade_net *net, const double *values, const struct lade__loss_config *config,
                                    bool training, uint64_t clock, const struct lade_batch *b) {
    enum { MOST = 8192 };
    int64_t count = b->n * lade__shape_count(&net->spec.in), columns = b->y->shape[1];
    double samples[MOST], loss = 0, weights = 0, weight;
    ck_assert_int_le(count, MOST);
    for (int64_t j = 0; j < count; j++)
        samples[j] = b->x->dtype == LADE_UINT8 ? ((const uint8_t *)b->x->dl.data)[j] / 255.0
                                               : (double)((const float *)b->x->dl.data)[j];
    double *v = reference_forward(net, values, training, clock, b->n, samples);
    for (int64_t i = 0; i < b->n; i++) {
        double counts = b->sample_weight ? (double)((const float *)b->sample_weight->dl.data)[i] : 1;
        loss += counts * reference_sample_loss(config, v + i * config->outputs,
                                               (const float *)b->y->dl.data + i * columns, columns, &weight);
        weights += counts * weight;
    }
    free(v);
    return loss / weights;
}

#endif
