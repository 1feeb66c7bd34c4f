/*
 * Loads saved nets. A net with one output has two classes, and the output is the probability of the second class. The
 * callers of these functions need no special case for such a net.
 */
#include "evaluation/net.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "evaluation/preparation.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/text.h"

lade_net *net_load(const char *path, int threads) {
    struct lade_error err = {0};
    lade_net *net = lade_net_load(path, threads, &err);
    if (!net)
        out_error("%s", err.message);
    return net_watch(net);
}

static void cancel_net(void *net) {
    lade_net_cancel(net);
}

lade_net *net_watch(lade_net *net) {
    if (net)
        interrupt_cancels(cancel_net, net);
    return net;
}

void net_close(lade_net *net) {
    if (net)
        interrupt_forget(net);
    lade_net_free(net);
}

int net_configure_stream(const lade_net *net, const char *path, struct lade_flow_options *stream) {
    if (stream->on_error == LADE_ERROR_REPLACE)
        return out_usage("--on-error replace: the replacement of an invalid file would count twice; give fail or skip");
    stream->order = LADE_ORDER_SORTED;
    return net_prepare_stream(net, path, stream);
}

enum net_task net_task(const lade_net *net) {
    const struct lade_net_info *info = lade_net_info(net);
    if (info->loss == LADE_BINARY_CROSS_ENTROPY && info->outputs > 1)
        return TASK_LABELS;
    return info->loss == LADE_MEAN_SQUARED_ERROR && !info->class_names ? TASK_NUMBERS : TASK_CLASS;
}

int net_class_count(const lade_net *net) {
    int64_t outputs = lade_net_info(net)->outputs;
    return outputs == 1 ? 2 : (int)outputs;
}

char **net_class_names(const lade_net *net) {
    const struct lade_net_info *info = lade_net_info(net);
    if (!info->class_names)
        return NULL;
    char **names = text_alloc((size_t)info->class_names_count + 1, sizeof *names);
    for (int i = 0; i < info->class_names_count; i++)
        names[i] = text_unescape(info->class_names[i]);
    return names;
}

void net_names_free(char **names) {
    for (size_t i = 0; names && names[i]; i++)
        free(names[i]);
    free(names);
}

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

double net_loss(const lade_net *net, const float *p, int truth) {
    const struct lade_net_info *info = lade_net_info(net);
    const double least = 1e-30; /* smallest probability, so that the loss is finite */
    double sum = 0;
    if (info->loss == LADE_SOFTMAX_CROSS_ENTROPY)
        return -log(fmax((double)p[truth], least));
    for (int64_t j = 0; j < info->outputs; j++) {
        double y = info->outputs == 1 ? truth : j == truth, q = (double)p[j];
        sum += info->loss == LADE_MEAN_SQUARED_ERROR ? (q - y) * (q - y) : -log(fmax(y > 0 ? q : 1 - q, least));
    }
    return sum / (double)info->outputs;
}
