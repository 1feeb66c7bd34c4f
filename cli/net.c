/*
 * Nets that were saved. A net of one output tells two classes apart and says how sure it is of the second; everywhere
 * behind these calls that is a net of two classes like any other.
 */
#include "net.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "command.h"
#include "out.h"
#include "stream.h"
#include "text.h"

lade_net *net_load(const char *path, int threads) {
    struct lade_error err = {0};
    lade_net *net = lade_net_load(path, threads, &err);
    if (!net)
        out_error("%s", err.message);
    return net;
}

int net_fit_stream(const lade_net *net, const char *path, struct lade_flow_options *stream) {
    if (stream->on_error == LADE_REPLACE)
        return out_usage("--on-error replace: another image would be counted twice; give fail or skip");
    const struct lade_net_info *info = lade_net_info(net);
    if (info->channels_first)
        stream->data_format = LADE_CHANNELS_FIRST;
    bool first = info->channels_first;
    int64_t channels = info->sample_ndim == 3 ? info->sample_shape[first ? 0 : 2] : 0;
    if (channels != 1 && channels != 3 && channels != 4)
        return out_usage("%s: the net is not for images", path);
    if (stream->data_format == LADE_CHANNELS_FIRST && !first)
        return out_usage("--data-format channels_first: the net is for images with channels last");
    stream->data_format = first ? LADE_CHANNELS_FIRST : LADE_CHANNELS_LAST;
    int height = (int)info->sample_shape[first ? 1 : 0], width = (int)info->sample_shape[first ? 2 : 1];
    const int *given = stream->target_size;
    if (given[0] && (given[0] != height || given[1] != width))
        return out_usage("--target-size %dx%d: the net is for images of %dx%d", given[0], given[1], height, width);
    stream->target_size[0] = height;
    stream->target_size[1] = width;
    stream->color_mode = channels == 1 ? LADE_GRAYSCALE : channels == 3 ? LADE_RGB : LADE_RGBA;
    stream->order = LADE_SORTED;
    stream_rescale_for_net(stream);
    return EXIT_OK;
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

int net_guess(const float *p, int64_t outputs) {
    if (outputs == 1)
        return p[0] >= 0.5f;
    int guess = 0;
    for (int64_t j = 1; j < outputs; j++)
        if (p[j] > p[guess])
            guess = (int)j;
    return guess;
}

double net_probability(const float *p, int64_t outputs, int class_index) {
    if (outputs > 1)
        return (double)p[class_index];
    return class_index ? (double)p[0] : 1 - (double)p[0];
}

double net_loss(const lade_net *net, const float *p, int truth) {
    const struct lade_net_info *info = lade_net_info(net);
    const double least = 1e-30; /* a probability of 0 costs much, not everything */
    double sum = 0;
    if (info->loss == LADE_SOFTMAX_CROSS_ENTROPY)
        return -log(fmax((double)p[truth], least));
    for (int64_t j = 0; j < info->outputs; j++) {
        double y = info->outputs == 1 ? truth : j == truth, q = (double)p[j];
        sum += info->loss == LADE_MEAN_SQUARED_ERROR ? (q - y) * (q - y) : -log(fmax(y > 0 ? q : 1 - q, least));
    }
    return sum / (double)info->outputs;
}
