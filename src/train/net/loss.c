/*
 * train/net/loss.c - softmax cross-entropy and binary cross-entropy, both from outputs that are no probabilities yet
 * (logits): log(softmax) and log(sigmoid) in one step lose nothing where a probability would round to 0 or 1. And mean
 * squared error.
 */
#include "train/net/loss.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void lade__loss_sums_add(struct lade__loss_sums *t, const struct lade__loss_sums *more) {
    t->samples += more->samples;
    t->weight += more->weight;
    t->loss += more->loss;
    t->correct += more->correct;
}

struct lade_score lade__loss_sums_score(const struct lade__loss_sums *t) {
    double none = (double)NAN;
    return (struct lade_score){t->samples, t->weight > 0 ? t->loss / t->weight : none,
                               t->samples > 0 ? t->correct / (double)t->samples : none};
}

const char *lade_loss_name(enum lade_loss loss) {
    switch (loss) {
    case LADE_SOFTMAX_CROSS_ENTROPY:
        return "softmax_cross_entropy";
    case LADE_BINARY_CROSS_ENTROPY:
        return "binary_cross_entropy";
    case LADE_MEAN_SQUARED_ERROR:
        return "mean_squared_error";
    case LADE_LOSS_AUTO:
        return "auto";
    case LADE_LOSS_COUNT:
        break;
    }
    return NULL;
}

/* ---- Labels ------------------------------------------------------------------------------------------------------ */

static int label_error(const struct lade_batch *b, int64_t row, float value, const char *want, struct lade_error *err) {
    return lade_error_set(err, LADE_EINVAL, "labels: sample %" PRId64 " has the label %g; %s",
                          b->indices ? b->indices[row] : row, (double)value, want);
}

static int check_weights(const struct lade_batch *b, struct lade_error *err) {
    const struct lade_tensor *t = b->sample_weight;
    if (!t)
        return LADE_OK;
    if (t->dtype != LADE_FLOAT32 || t->dl.ndim != 1 || t->shape[0] != b->n)
        return lade_error_set(err, LADE_EINVAL, "sample_weight: it must be float32 of shape (n)");
    const float *w = lade_tensor_data(t);
    for (int64_t i = 0; i < b->n; i++)
        if (!(w[i] >= 0 && isfinite(w[i])))
            return lade_error_set(err, LADE_EINVAL,
                                  "sample_weight: sample %" PRId64
                                  " has the weight %g; it must be 0 or more, and finite",
                                  b->indices ? b->indices[i] : i, (double)w[i]);
    return LADE_OK;
}

int lade__labels_check(enum lade_loss loss, int64_t outputs, const struct lade_batch *b, struct lade_error *err) {
    if (!b->y)
        return lade_error_set(err, LADE_EINVAL, "the source gives no labels; choose a class mode other than none");
    const struct lade_tensor *t = b->y;
    if (t->dtype != LADE_FLOAT32 || t->dl.ndim != 2 || t->shape[0] != b->n)
        return lade_error_set(err, LADE_EINVAL, "labels: they must be float32 of shape (n, columns)");
    int64_t columns = t->shape[1];
    bool sparse = loss == LADE_SOFTMAX_CROSS_ENTROPY && columns == 1 && outputs > 1;
    if (!sparse && columns != outputs)
        return lade_error_set(err, LADE_EINVAL,
                              "the labels have %" PRId64 " columns, the net has %" PRId64
                              " outputs; end the net in as many outputs as there are classes",
                              columns, outputs);
    const float *y = lade_tensor_data(t);
    for (int64_t i = 0; i < b->n * columns; i++) {
        if (sparse && !(y[i] >= 0 && y[i] < (float)outputs && y[i] == floorf(y[i])))
            return label_error(b, i, y[i], "a class is a whole number from 0, below the net's number of outputs", err);
        if (loss == LADE_MEAN_SQUARED_ERROR && !isfinite(y[i]))
            return label_error(b, i / columns, y[i], "it must be finite", err);
        if (!sparse && loss != LADE_MEAN_SQUARED_ERROR && !(y[i] >= 0 && y[i] <= 1))
            return label_error(b, i / columns, y[i], "it must be between 0 and 1", err);
    }
    return check_weights(b, err);
}

struct lade__labels lade__labels_of(const struct lade_batch *b, int64_t first, int64_t n) {
    int64_t columns = b->y->shape[1];
    return (struct lade__labels){(const float *)lade_tensor_data(b->y) + first * columns,
                                 b->sample_weight ? (const float *)lade_tensor_data(b->sample_weight) + first : NULL, n,
                                 columns};
}

static double sample_weight(const struct lade__labels *l, int64_t row) {
    return l->weights ? (double)l->weights[row] : 1;
}

/* A sample that does not count may have any loss. */
static double weighted(double weight, double loss) {
    return weight == 0 ? 0 : weight * loss;
}

/* ---- Softmax ----------------------------------------------------------------------------------------------------- */

static int64_t largest(const float *v, int64_t k) {
    int64_t best = 0;
    for (int64_t j = 1; j < k; j++)
        if (v[j] > v[best])
            best = j;
    return best;
}

static double weight_of(const struct lade__loss_config *g, int64_t output) {
    return g->weights ? (double)g->weights[output] : 1;
}

static bool is_sparse(const struct lade__loss_config *g, int64_t columns) {
    return g->loss == LADE_SOFTMAX_CROSS_ENTROPY && columns == 1 && g->outputs > 1;
}

/* Softmax cross-entropy of one sample whose label for output j is @y[j], or 1 for @answer alone where @y is NULL. */
static double softmax_sample(const struct lade__loss_config *g, const float *logp, const float *y, int64_t answer,
                             double scale, float *gradient) {
    double loss = 0, even = g->label_smoothing / (double)g->outputs;
    for (int64_t j = 0; j < g->outputs; j++) {
        double label = y ? (double)y[j] : j == answer;
        double share = weight_of(g, j) * (label * (1 - g->label_smoothing) + even);
        if (share != 0) /* 0 * log 0 is 0 */
            loss -= share * (double)logp[j];
        if (gradient)
            gradient[j] = (float)(-share * scale);
    }
    return loss;
}

static void softmax(const struct lade__loss_config *g, const float *logp, const struct lade__labels *l, double scale,
                    struct lade__loss_sums *t, float *gradient) {
    int64_t k = g->outputs;
    const float *y = l->y;
    bool sparse = is_sparse(g, l->columns);
    for (int64_t i = 0; i < l->n; i++, logp += k, y += l->columns) {
        int64_t answer = sparse ? (int64_t)y[0] : largest(y, k);
        double w = sample_weight(l, i);
        t->loss += weighted(
            w, softmax_sample(g, logp, sparse ? NULL : y, answer, w * scale, gradient ? gradient + i * k : NULL));
        t->correct += largest(logp, k) == answer;
    }
}

/* ---- Sigmoid ----------------------------------------------------------------------------------------------------- */

/* -(wy log s + w0 (1 - y) log(1 - s)) of one output, in a form that does not overflow; *slope by z. */
static double sigmoid_output(double z, double y, double wrong, double right, double *slope) {
    double small = exp(-fabs(z)), p = (z >= 0 ? 1 : small) / (1 + small);
    double log_p = fmin(z, 0) - log1p(small), log_q = fmin(-z, 0) - log1p(small);
    *slope = wrong * (1 - y) * p - right * y * (1 - p);
    return isnan(z) ? z : -(right * y * log_p + wrong * (1 - y) * log_q); /* fmin() hides it */
}

static void sigmoid(const struct lade__loss_config *g, const float *z, const struct lade__labels *l, double scale,
                    struct lade__loss_sums *t, float *gradient) {
    int64_t k = g->outputs;
    const float *y = l->y;
    for (int64_t i = 0; i < l->n; i++, z += k, y += k) {
        double loss = 0, slope, w = sample_weight(l, i);
        int64_t right = 0;
        for (int64_t j = 0; j < k; j++) {
            double label = (double)y[j] * (1 - g->label_smoothing) + g->label_smoothing / 2;
            loss +=
                sigmoid_output((double)z[j], label, k == 1 ? weight_of(g, 0) : 1, weight_of(g, k == 1 ? 1 : j), &slope);
            right += (z[j] >= 0) == (y[j] >= 0.5f);
            if (gradient)
                gradient[i * k + j] = (float)(slope * (w * scale) / (double)k);
        }
        t->loss += weighted(w, loss / (double)k);
        t->correct += (double)right / (double)k;
    }
}

/* ---- Squares ----------------------------------------------------------------------------------------------------- */

static void squares(const struct lade__loss_config *g, const float *z, const struct lade__labels *l, double scale,
                    struct lade__loss_sums *t, float *gradient) {
    int64_t k = g->outputs;
    const float *y = l->y;
    for (int64_t i = 0; i < l->n; i++, z += k, y += k) {
        double loss = 0, w = sample_weight(l, i);
        for (int64_t j = 0; j < k; j++) {
            double off = (double)z[j] - (double)y[j];
            loss += off * off;
            if (gradient)
                gradient[i * k + j] = (float)(2 * off * (w * scale) / (double)k);
        }
        t->loss += weighted(w, loss / (double)k);
        t->correct += k == 1 ? (double)NAN : largest(z, k) == largest(y, k);
    }
}

/* ---- All --------------------------------------------------------------------------------------------------------- */

/* What class weights make of one sample. */
static double class_weight(const struct lade__loss_config *g, const float *y, int64_t columns) {
    if (is_sparse(g, columns))
        return weight_of(g, (int64_t)y[0]);
    double weight = 0;
    for (int64_t j = 0; j < columns; j++)
        weight += (double)y[j] * weight_of(g, j);
    return weight;
}

double lade__loss_weight(const struct lade__loss_config *g, const struct lade__labels *l) {
    bool classes = g->weights && g->loss == LADE_SOFTMAX_CROSS_ENTROPY;
    double weight = 0;
    for (int64_t i = 0; i < l->n; i++)
        weight += sample_weight(l, i) * (classes ? class_weight(g, l->y + i * l->columns, l->columns) : 1);
    return weight;
}

void lade__loss_compute(const struct lade__loss_config *g, const float *logits, const struct lade__labels *l,
                        double weight, struct lade__loss_sums *t, float *gradient) {
    double scale = weight > 0 ? 1 / weight : 0;
    if (g->loss == LADE_SOFTMAX_CROSS_ENTROPY)
        softmax(g, logits, l, scale, t, gradient);
    else if (g->loss == LADE_BINARY_CROSS_ENTROPY)
        sigmoid(g, logits, l, scale, t, gradient);
    else
        squares(g, logits, l, scale, t, gradient);
    t->samples += l->n;
    t->weight += lade__loss_weight(g, l);
}
