/*
 * train/loss.c - softmax cross-entropy and binary cross-entropy, both from outputs that are no probabilities yet
 * (logits): log(softmax) and log(sigmoid) in one step lose nothing where a probability would round to 0 or 1.
 */
#include "train/loss.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct lade_score lade__tally_score(const struct lade__tally *t) {
    if (t->samples == 0)
        return (struct lade_score){0, (double)NAN, (double)NAN};
    return (struct lade_score){t->samples, t->loss / (double)t->samples, t->correct / (double)t->samples};
}

const char *lade__loss_name(enum lade_loss loss) {
    switch (loss) {
    case LADE_SOFTMAX_CROSS_ENTROPY:
        return "softmax_cross_entropy";
    case LADE_BINARY_CROSS_ENTROPY:
        return "binary_cross_entropy";
    case LADE_LOSS_AUTO:
    case LADE_LOSS_COUNT:
        break;
    }
    return NULL;
}

/* ---- Labels -------------------------------------------------------------------------------------------------------
 */

static int label_error(const struct lade_batch *b, int64_t row, float value, const char *want, struct lade_error *err) {
    return lade_error_set(err, LADE_EINVAL, "labels: sample %" PRId64 " has the label %g; %s",
                          b->indices ? b->indices[row] : row, (double)value, want);
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
        if (!sparse && !(y[i] >= 0 && y[i] <= 1))
            return label_error(b, i / columns, y[i], "it must be between 0 and 1", err);
    }
    return LADE_OK;
}

/* ---- Softmax ------------------------------------------------------------------------------------------------------
 */

static int64_t largest(const float *v, int64_t k) {
    int64_t best = 0;
    for (int64_t j = 1; j < k; j++)
        if (v[j] > v[best])
            best = j;
    return best;
}

void lade__softmax_cross_entropy(const float *logp, const float *y, int64_t n, int64_t k, int64_t columns,
                                 int64_t batch, struct lade__tally *t, float *dlogp) {
    float share = -1 / (float)batch;
    bool sparse = columns == 1 && k > 1;
    if (dlogp && sparse)
        memset(dlogp, 0, (size_t)(n * k) * sizeof *dlogp);
    for (int64_t i = 0; i < n; i++, logp += k, y += columns) {
        double loss = 0;
        int64_t answer;
        if (sparse) {
            answer = (int64_t)y[0];
            loss = -(double)logp[answer];
            if (dlogp)
                dlogp[i * k + answer] = share;
        } else {
            answer = largest(y, k);
            for (int64_t j = 0; j < k; j++) {
                if (y[j] != 0) /* 0 * log 0 is 0 */
                    loss -= (double)y[j] * (double)logp[j];
                if (dlogp)
                    dlogp[i * k + j] = share * y[j];
            }
        }
        t->loss += loss;
        t->correct += largest(logp, k) == answer;
    }
    t->samples += n;
}

/* ---- Sigmoid ------------------------------------------------------------------------------------------------------
 */

void lade__binary_cross_entropy(const float *z, const float *y, int64_t n, int64_t k, int64_t batch,
                                struct lade__tally *t, float *dz) {
    for (int64_t i = 0; i < n; i++, z += k, y += k) {
        double loss = 0;
        int64_t right = 0;
        for (int64_t j = 0; j < k; j++) {
            double v = (double)z[j], small = exp(-fabs(v));
            loss += fmax(v, 0) - v * (double)y[j] + log1p(small);
            if (isnan(v)) /* fmax() hides it */
                loss = v;
            right += (v >= 0) == (y[j] >= 0.5f);
            if (dz)
                dz[i * k + j] = (float)(((v >= 0 ? 1 : small) / (1 + small) - (double)y[j]) / (double)(batch * k));
        }
        t->loss += loss / (double)k;
        t->correct += (double)right / (double)k;
    }
    t->samples += n;
}
