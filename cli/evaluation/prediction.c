/*
 * Reads predictions. A net with one output has two classes, and the output is the probability of the second class. The
 * callers of these functions need no special case for such a net.
 */
#include <math.h>

#include "evaluation/net.h"

int net_predicted_class(const float *p, int64_t outputs) {
    if (outputs == 1)
        return p[0] >= 0.5f;
    int predicted = 0;
    for (int64_t j = 1; j < outputs; j++)
        if (p[j] > p[predicted])
            predicted = (int)j;
    return predicted;
}

double net_probability(const float *p, int64_t outputs, int class_index) {
    if (outputs > 1)
        return (double)p[class_index];
    return class_index ? (double)p[0] : 1 - (double)p[0];
}

double net_log_loss(double p) {
    const double least = 1e-30;
    return -log(p < least ? least : p);
}

double net_loss(const lade_net *net, const float *p, int truth) {
    const struct lade_net_info *info = lade_net_info(net);
    double sum = 0;
    if (info->loss == LADE_SOFTMAX_CROSS_ENTROPY)
        return net_log_loss((double)p[truth]);
    for (int64_t j = 0; j < info->outputs; j++) {
        double y = info->outputs == 1 ? truth : j == truth, q = (double)p[j];
        sum += info->loss == LADE_MEAN_SQUARED_ERROR ? (q - y) * (q - y) : net_log_loss(y > 0 ? q : 1 - q);
    }
    return sum / (double)info->outputs;
}
