/*
 * Loads saved nets. A net with one output has two classes, and the output is the probability of the second class. The
 * callers of these functions need no special case for such a net.
 */
#include "evaluation/net.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "option/augmentation.h"
#include "option/stream.h"
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

/* Sets the options of @stream to the options with which the net was trained. Options that the command line gives do not
   change. */
static bool set_preprocessing(const lade_net *net, const char *path, struct lade_flow_options *stream) {
    const char *known = lade_net_info(net)->preprocessing;
    struct lade_flow_options made = *stream;
    struct lade_error err = {0};
    if (known && lade_flow_options_set_preprocessing(&made, known, &err) < 0) {
        out_error("%s: %s", path, err.message);
        return false;
    }
    if (stream->exif_orientation || stream->ignore_exif_orientation) /* these two options exclude each other */
        made.exif_orientation = made.ignore_exif_orientation = false;
    opt_keep_given(stream_options("Samples"), stream, &made);
    opt_keep_given(stream_options("Standardisation"), stream, &made);
    *stream = made;
    return true;
}

/* Checks that --stats is given if the net needs statistics, because the file of a net does not contain statistics. */
static int check_stats(const char *path, const struct lade_flow_options *stream) {
    bool needed = stream->featurewise_center || stream->featurewise_std_normalization || stream->zca_whitening;
    if (needed && !stats_values.path && !stats_values.mean)
        return out_usage(
            "%s was trained with statistics of the data set; give the file of the statistics with --stats, or --mean "
            "and --std",
            path);
    return EXIT_OK;
}

/* Stores the height, width and channels of the images that the net accepts. Returns false if the net does not accept
   images. */
static bool image_size(const struct lade_net_info *info, int size[2], int64_t *channels) {
    const int64_t *shape = info->sample_shape;
    bool first = info->channels_first;
    if (info->sample_ndim != 3)
        return false;
    size[0] = (int)shape[first ? 1 : 0];
    size[1] = (int)shape[first ? 2 : 1];
    *channels = shape[first ? 0 : 2];
    return *channels == 1 || *channels == 3 || *channels == 4;
}

int net_configure_stream(const lade_net *net, const char *path, struct lade_flow_options *stream) {
    if (stream->on_error == LADE_ERROR_REPLACE)
        return out_usage("--on-error replace: the replacement of an invalid file would count twice; give fail or skip");
    const struct lade_net_info *info = lade_net_info(net);
    int64_t channels;
    int size[2];
    if (!image_size(info, size, &channels))
        return out_usage("%s: the samples of the net are not images of 1, 3 or 4 channels", path);
    if (!set_preprocessing(net, path, stream))
        return EXIT_FAILED;
    if (stream->data_format == LADE_CHANNELS_FIRST && !info->channels_first)
        return out_usage("--data-format channels_first: the net was trained with channels_last; leave out the option");
    stream->data_format = info->channels_first ? LADE_CHANNELS_FIRST : LADE_CHANNELS_LAST;
    const int *given = stream->target_size;
    if (given[0] && (given[0] != size[0] || given[1] != size[1]))
        return out_usage("--target-size %dx%d: the net was trained on images of %dx%d; leave out the option", given[0],
                         given[1], size[0], size[1]);
    memcpy(stream->target_size, size, sizeof size);
    enum lade_color_mode colors = channels == 1   ? LADE_COLOR_GRAYSCALE
                                  : channels == 3 ? LADE_COLOR_RGB
                                                  : LADE_COLOR_RGBA;
    if (opt_given(&stream->color_mode) && stream->color_mode != colors)
        return out_usage("--color-mode %s: the net was trained on %s images; leave out the option",
                         lade_color_mode_name(stream->color_mode), lade_color_mode_name(colors));
    stream->color_mode = colors;
    stream->order = LADE_ORDER_SORTED;
    stream_rescale_for_net(stream);
    return check_stats(path, stream);
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
