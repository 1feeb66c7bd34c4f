/*
 * Loads saved nets, and reads their classes.
 */
#include "evaluation/net.h"

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
