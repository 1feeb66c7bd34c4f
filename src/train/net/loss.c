/*
 * train/net/loss.c - contains the table of losses, with one row and one function for each loss. Both cross-entropies
 * are computed from logits and not from probabilities, because a probability near 0 or 1 would be rounded to 0 or 1,
 * and the logarithm of the rounded number would be wrong.
 */
#include "train/net/loss.h"

#include <math.h>

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

static double sample_weight(const struct lade__loss_labels *l, int64_t row) {
    return l->weights ? (double)l->weights[row] : 1;
}

static double class_weight(const struct lade__loss_config *c, int64_t class) {
    return c->class_weight ? (double)c->class_weight[class] : 1;
}

/* Returns weight * loss, but 0 for a weight of 0, even if the loss is infinite or NaN. */
static double weighted(double weight, double loss) {
    return weight == 0 ? 0 : weight * loss;
}

/* Returns the index of the largest number. If several numbers are the largest, returns the index of the first. */
static int64_t largest(const float *v, int64_t k) {
    int64_t best = 0;
    for (int64_t j = 1; j < k; j++)
        if (v[j] > v[best])
            best = j;
    return best;
}

/* ---- Softmax cross-entropy --------------------------------------------------------------------------------------- */

/* Returns true if the label of a sample is the index of its class. Otherwise, a sample has one label for each
   output. */
static bool is_sparse(const struct lade__loss_config *c, int64_t columns) {
    return columns == 1 && c->outputs > 1;
}

/* The softmax of one sample. All numbers are double, because a float logarithm of a small probability loses half of the
   digits of the probability. */
struct softmax {
    double largest; /* largest logit; it is subtracted from all logits, so that exp() does not overflow */
    double sum;     /* sum of exp(logit - largest) */
};

static struct softmax softmax_of(const float *logits, int64_t k) {
    struct softmax s = {(double)logits[largest(logits, k)], 0};
    for (int64_t j = 0; j < k; j++)
        s.sum += exp((double)logits[j] - s.largest);
    return s;
}

static double probability(const struct softmax *s, float logit) {
    return exp((double)logit - s->largest) / s->sum;
}

/* A sample of a softmax cross-entropy. @y are the labels. If @y is NULL, the label of @class is 1 and the other labels
   are 0. */
struct softmax_sample {
    const float *logits, *y;
    int64_t class;
    struct softmax softmax;
};

static double target_of(const struct lade__loss_config *c, const struct softmax_sample *s, int64_t j) {
    double label = s->y ? (double)s->y[j] : j == s->class;
    return class_weight(c, j) * (label * (1 - c->label_smoothing) + c->label_smoothing / (double)c->outputs);
}

/* Returns the loss of one sample, and adds up the targets. */
static double softmax_loss(const struct lade__loss_config *c, const struct softmax_sample *s, double *targets) {
    double loss = 0, log_sum = log(s->softmax.sum);
    *targets = 0;
    for (int64_t j = 0; j < c->outputs; j++) {
        double target = target_of(c, s, j);
        *targets += target;
        if (target != 0) /* 0 * log 0 is 0 */
            loss -= target * ((double)s->logits[j] - s->softmax.largest - log_sum);
    }
    return loss;
}

static void softmax(const struct lade__loss_config *c, const float *logits, const struct lade__loss_labels *l,
                    double scale, struct lade__loss_sums *t, float *gradient) {
    int64_t k = c->outputs;
    const float *y = l->y;
    bool sparse = is_sparse(c, l->columns);
    for (int64_t i = 0; i < l->n; i++, logits += k, y += l->columns) {
        struct softmax_sample s = {logits, sparse ? NULL : y, sparse ? (int64_t)y[0] : largest(y, k),
                                   softmax_of(logits, k)};
        double targets, w = sample_weight(l, i);
        t->loss += weighted(w, softmax_loss(c, &s, &targets));
        t->correct += largest(logits, k) == s.class;
        for (int64_t j = 0; gradient && j < k; j++)
            gradient[i * k + j] =
                (float)((targets * probability(&s.softmax, logits[j]) - target_of(c, &s, j)) * (w * scale));
    }
}

/* ---- Binary cross-entropy ---------------------------------------------------------------------------------------- */

/* Returns the loss of one output, -(w1 y log s(z) + w0 (1 - y) log(1 - s(z))), computed without overflow. Stores the
   derivative of the loss with respect to z in *slope. s() is the sigmoid function. */
static double sigmoid_output(double z, double y, double w0, double w1, double *slope) {
    double small = exp(-fabs(z)), p = (z >= 0 ? 1 : small) / (1 + small);
    double log_p = fmin(z, 0) - log1p(small), log_q = fmin(-z, 0) - log1p(small);
    *slope = w0 * (1 - y) * p - w1 * y * (1 - p);
    return isnan(z) ? z : -(w1 * y * log_p + w0 * (1 - y) * log_q); /* fmin(NaN, 0) is 0, not NaN */
}

static void sigmoid(const struct lade__loss_config *c, const float *z, const struct lade__loss_labels *l, double scale,
                    struct lade__loss_sums *t, float *gradient) {
    int64_t k = c->outputs;
    const float *y = l->y;
    for (int64_t i = 0; i < l->n; i++, z += k, y += k) {
        double loss = 0, slope, w = sample_weight(l, i);
        int64_t right = 0;
        for (int64_t j = 0; j < k; j++) {
            double label = (double)y[j] * (1 - c->label_smoothing) + c->label_smoothing / 2;
            loss += sigmoid_output((double)z[j], label, k == 1 ? class_weight(c, 0) : 1,
                                   class_weight(c, k == 1 ? 1 : j), &slope);
            right += (z[j] >= 0) == (y[j] >= 0.5f);
            if (gradient)
                gradient[i * k + j] = (float)(slope * (w * scale) / (double)k);
        }
        t->loss += weighted(w, loss / (double)k);
        t->correct += (double)right / (double)k;
    }
}

/* ---- Mean squared error ------------------------------------------------------------------------------------------ */

static void squared_error(const struct lade__loss_config *c, const float *z, const struct lade__loss_labels *l,
                          double scale, struct lade__loss_sums *t, float *gradient) {
    int64_t k = c->outputs;
    const float *y = l->y;
    for (int64_t i = 0; i < l->n; i++, z += k, y += k) {
        double loss = 0, w = sample_weight(l, i);
        for (int64_t j = 0; j < k; j++) {
            double error = (double)z[j] - (double)y[j];
            loss += error * error;
            if (gradient)
                gradient[i * k + j] = (float)(2 * error * (w * scale) / (double)k);
        }
        t->loss += weighted(w, loss / (double)k);
        t->correct += k == 1 ? (double)NAN : largest(z, k) == largest(y, k);
    }
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static void predict_softmax(const float *logits, int64_t k, float *out) {
    struct softmax s = softmax_of(logits, k);
    for (int64_t j = 0; j < k; j++)
        out[j] = (float)probability(&s, logits[j]);
}

static void predict_sigmoid(const float *logits, int64_t k, float *out) {
    for (int64_t j = 0; j < k; j++)
        out[j] = (float)(1 / (1 + exp(-(double)logits[j])));
}

static void predict_number(const float *logits, int64_t k, float *out) {
    for (int64_t j = 0; j < k; j++)
        out[j] = logits[j];
}

static const struct lade__loss_kind kinds[] = {
    [LADE_LOSS_AUTO] = {.name = "auto"},
    [LADE_SOFTMAX_CROSS_ENTROPY] = {"softmax_cross_entropy", .is_softmax = true, .has_classes = true,
                                    .compute = softmax, .predict = predict_softmax},
    [LADE_BINARY_CROSS_ENTROPY] = {"binary_cross_entropy", .has_classes = true, .compute = sigmoid,
                                   .predict = predict_sigmoid},
    [LADE_MEAN_SQUARED_ERROR] = {"mean_squared_error", .compute = squared_error, .predict = predict_number},
};

_Static_assert(sizeof kinds / sizeof *kinds == LADE_LOSS_COUNT, "every loss has a row");

const char *lade_loss_name(enum lade_loss loss) {
    return (int)loss >= 0 && loss < LADE_LOSS_COUNT ? kinds[loss].name : NULL;
}

const struct lade__loss_kind *lade__loss_kind(enum lade_loss loss) {
    return &kinds[loss];
}

/* Returns the factor by which class weights multiply the weight of one sample. */
static double weight_of_classes(const struct lade__loss_config *c, const float *y, int64_t columns) {
    if (is_sparse(c, columns))
        return class_weight(c, (int64_t)y[0]);
    double weight = 0;
    for (int64_t j = 0; j < columns; j++)
        weight += (double)y[j] * class_weight(c, j);
    return weight;
}

/* The class weights of a binary cross-entropy multiply terms of the loss, not the weight of a sample. */
double lade__loss_weight(const struct lade__loss_config *c, const struct lade__loss_labels *l) {
    bool classes = c->class_weight && kinds[c->loss].is_softmax;
    double weight = 0;
    for (int64_t i = 0; i < l->n; i++)
        weight += sample_weight(l, i) * (classes ? weight_of_classes(c, l->y + i * l->columns, l->columns) : 1);
    return weight;
}

void lade__loss_compute(const struct lade__loss_config *c, const float *logits, const struct lade__loss_labels *l,
                        double weight, struct lade__loss_sums *t, float *gradient) {
    kinds[c->loss].compute(c, logits, l, weight > 0 ? 1 / weight : 0, t, gradient);
    t->samples += l->n;
    t->weight += lade__loss_weight(c, l);
}

void lade__loss_predict(enum lade_loss loss, const float *logits, int64_t n, int64_t outputs, float *out) {
    for (int64_t i = 0; i < n; i++)
        kinds[loss].predict(logits + i * outputs, outputs, out + i * outputs);
}
