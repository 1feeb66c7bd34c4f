/*
 * Prepares images for a saved net. An option of the command line is an error if it would prepare the images in another
 * way than during training, because the net would then return wrong predictions without any message.
 */
#include "evaluation/preparation.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "option/statistics.h"
#include "option/stream.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

/* ---- Options of the samples -------------------------------------------------------------------------------------- */

/* Compares the options that the command line gives with the options @made of the net. Returns EXIT_OK, or prints a
   message and returns EXIT_USAGE. */
static int check_options(const struct opt *table, const char *path, const struct lade_flow_options *stream,
                         const struct lade_flow_options *made) {
    for (const struct opt *o = table; o->name; o++) {
        const char *given = (const char *)stream + o->at, *known = (const char *)made + o->at;
        bool centre = given == (const char *)&stream->crop && stream->crop == LADE_CROP_RANDOM &&
                      made->crop == LADE_CROP_CENTER; /* a net does not store random changes */
        if (!opt_given(given) || memcmp(given, known, o->bytes) == 0 || centre)
            continue;
        char *is = opt_text(o, stream), *was = opt_text(o, made);
        out_usage("--%s %s: %s was trained with %s; leave out the option", o->name, is, path, was);
        free(was);
        free(is);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

/* Sets the options of @stream to the stored options of the net, if the net has such options. */
static int set_options(const lade_net *net, const char *path, struct lade_flow_options *stream) {
    const char *known = lade_net_info(net)->preprocessing;
    struct lade_flow_options made = *stream;
    struct lade_error err = {0};
    if (!known)
        return EXIT_OK;
    if (lade_flow_options_set_preprocessing(&made, known, &err) < 0) {
        out_error("%s: %s", path, err.message);
        return EXIT_FAILED;
    }
    int code = check_options(stream_options("Samples"), path, stream, &made);
    if (code == EXIT_OK)
        code = check_options(stream_options("Standardisation"), path, stream, &made);
    if (stream->crop == LADE_CROP_RANDOM && made.crop == LADE_CROP_CENTER)
        made.crop = LADE_CROP_RANDOM;
    *stream = made;
    return code;
}

/* ---- Statistics -------------------------------------------------------------------------------------------------- */

static char *numbers_text(const double *values, int count) {
    char *text = text_printf("%.6g", values[0]);
    for (int i = 1; i < count; i++) {
        char *longer = text_printf("%s,%.6g", text, values[i]);
        free(text);
        text = longer;
    }
    return text;
}

/* Compares the numbers of an option with the numbers of the net. */
static int compare(const char *option, const char *path, const double *given, int given_count, const double *known,
                   int count) {
    int i = 0;
    while (i < count && fabs(given[i] - known[i]) <= 1e-6)
        i++;
    if (i == count && given_count == count)
        return EXIT_OK;
    char *is = numbers_text(given, given_count), *was = numbers_text(known, count);
    out_usage("%s %s: %s was trained with %s; leave out the option", option, is, path, was);
    free(was);
    free(is);
    return EXIT_USAGE;
}

/* Compares the statistics of the command line with the statistics of the net. */
static int compare_stats(const char *path, const struct lade_flow_options *stream, const struct lade_stats *known) {
    int code = EXIT_OK;
    bool good;
    struct lade_stats *given = stats_load(stream, NULL, &good, &code);
    const char *mean = stats_values.path ? "--stats with the mean" : "--mean";
    const char *deviation = stats_values.path ? "--stats with the deviation" : "--std";
    if (!good)
        return code;
    code = compare(mean, path, given->mean, given->channels, known->mean, known->channels);
    if (code == EXIT_OK && stream->featurewise_std_normalization)
        code = compare(deviation, path, given->std, given->channels, known->std, known->channels);
    lade_stats_free(given);
    return code;
}

/* Checks the options of statistics. If the net has statistics and the command line has none, makes stats_load() return
   the statistics of the net. */
static int set_stats(const lade_net *net, const char *path, const struct lade_flow_options *stream) {
    const struct lade_net_info *info = lade_net_info(net);
    bool needed = stream->featurewise_center || stream->featurewise_std_normalization || stream->zca_whitening;
    const char *given = stats_values.path   ? "--stats"
                        : stats_values.mean ? "--mean"
                        : stats_values.std  ? "--std"
                                            : NULL;
    struct lade_stats *known = NULL;
    struct lade_error err = {0};
    if (info->preprocessing &&
        lade_stats_from_preprocessing(info->preprocessing, info->preprocessing_values, &known, &err) < 0) {
        out_error("%s: %s", path, err.message);
        return EXIT_FAILED;
    }
    int code = EXIT_OK;
    if (given && !needed && info->preprocessing)
        code = out_usage("%s: %s was trained without statistics; leave out the option", given, path);
    else if (stats_values.std && known && !stream->featurewise_std_normalization)
        code = out_usage("--std: %s was trained without deviations; leave out the option", path);
    else if (given && known)
        code = compare_stats(path, stream, known);
    else if (needed && !given && !known)
        code =
            out_usage("%s was trained with statistics, which an earlier version of lade did not store in the net; give "
                      "the file of the statistics with --stats, or --mean and --std",
                      path);
    stats_values.preprocessing = known && !given ? info->preprocessing : NULL;
    stats_values.preprocessing_values = info->preprocessing_values;
    lade_stats_free(known);
    return code;
}

/* ---- The shape of the samples ------------------------------------------------------------------------------------ */

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

/* Sets the options that the shape of the samples determines. A net of another program may have no stored options. */
static int set_shape(const lade_net *net, const char *path, struct lade_flow_options *stream) {
    const struct lade_net_info *info = lade_net_info(net);
    int64_t channels;
    int size[2];
    if (!image_size(info, size, &channels))
        return out_usage("%s: the samples of the net are not images of 1, 3 or 4 channels", path);
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
    return EXIT_OK;
}

int net_prepare_stream(const lade_net *net, const char *path, struct lade_flow_options *stream) {
    int code = set_options(net, path, stream);
    if (code == EXIT_OK)
        code = set_shape(net, path, stream);
    stream_rescale_for_net(stream);
    return code == EXIT_OK ? set_stats(net, path, stream) : code;
}
