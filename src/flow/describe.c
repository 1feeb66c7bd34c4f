/*
 * Describes the preprocessing of a flow as a text, and replaces the parts of the preprocessing that may change after
 * the flow is made: the statistics and the orientation of images.
 */
#include <stdint.h>
#include <string.h>

#include "flow/flow_impl.h"
#include "flow/option/options.h"
#include "flow/statistics/stats.h"

/* Sets flow->preprocessing. replace_preprocessing() later writes another text to the same memory, because the program
   may still have the address. Therefore the memory has space for the longest possible text, which contains
   statistics. */
int lade__flow_describe(lade_flow *flow, struct lade_error *err) {
    enum { LONGER = 1024 };
    char *text, *more;
    int status = lade__options_describe_preprocessing(&flow->options, &text, err);

    if (status < 0)
        return status;
    more = lade_realloc(text, 1, strlen(text) + 1 + LONGER);
    flow->preprocessing = more ? more : text;
    return more ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory to describe the preprocessing");
}

static int replace_preprocessing(lade_flow *flow, const struct lade_flow_options *options, struct lade_error *err) {
    char *text;
    int status = lade__options_describe_preprocessing(options, &text, err);

    if (status < 0)
        return status;
    strcpy(flow->preprocessing, text);
    lade_free(text);
    return LADE_OK;
}

int lade__flow_set_upright(lade_flow *flow, bool upright, struct lade_error *err) {
    struct lade_flow_options options = flow->options;

    lade__options_set_upright(&options, upright);
    int status = replace_preprocessing(flow, &options, err);
    if (status < 0)
        return status;
    flow->options = options;
    lade__options_set_upright(&flow->complete_options, upright);
    flow->maker.settings.decode.exif_orientation = upright;
    return LADE_OK;
}

int lade__flow_use_stats(lade_flow *flow, const struct lade_stats *stats) {
    struct lade_stats *copy = stats ? lade_stats_copy(stats) : NULL;

    if (stats && !copy)
        return LADE_ENOMEM;
    struct lade_tensor *zca = NULL;
    if (copy && copy->zca) {
        zca = lade_tensor_wrap((void *)(uintptr_t)copy->zca, LADE_FLOAT32, 2,
                               (int64_t[]){copy->zca_values, copy->zca_values}, NULL, NULL);
        if (!zca) {
            lade_stats_free(copy);
            return LADE_ENOMEM;
        }
    }
    lade_tensor_unref(flow->zca);
    flow->zca = zca;
    lade_stats_free(flow->stats);
    flow->options.stats = flow->complete_options.stats = flow->maker.settings.output.stats = flow->stats = copy;
    return flow->preprocessing ? replace_preprocessing(flow, &flow->options, NULL) : LADE_OK;
}
