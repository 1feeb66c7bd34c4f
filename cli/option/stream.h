/*
 * stream.h - what flow, preview and train have in common: the options of a stream, and how it is talked about.
 */
#ifndef LADE_CLI_OPTION_STREAM_H
#define LADE_CLI_OPTION_STREAM_H

#include <lade/flow.h>

#include "option/augmentation.h"
#include "option/opt.h"
#include "report/json.h"

/* The one table of stream options, in parts; each fills a struct lade_flow_options. */
extern const struct opt stream_sample_options[], stream_order_options[], stream_subset_options[], stream_run_options[];

/* The parts that every command with a stream takes, for a list of struct opt_group. */
#define STREAM_GROUPS(options)                                                                                  \
    {"What a sample is", stream_sample_options, options}, {"Augmentation", augment_options, options},           \
        {"Standardisation", augment_standard_options, options},                                                 \
        {"Statistics", augment_stats_options, &augment_stats_path}, {"Order", stream_order_options, options}, { \
        "Running", stream_run_options, options                                                                  \
    }

/* Say why a stream from @directory ended, and what can be done if it was an invalid file. */
void stream_print_error(const struct lade_error *err, const char *directory, const struct lade_flow_options *options);

/* The path of sample @i relative to the directory; a string to free(). */
char *stream_path(const lade_flow *flow, int64_t i);

/* The files that were left out: a line each on stderr (the first few), or the JSON array [{path, cause}], to which
   those of another stream can be appended. */
void stream_print_bad(lade_flow *flow);
json_t *stream_bad_json(lade_flow *flow);
void stream_append_bad(json_t *array, lade_flow *flow);

/* The same options without the randomness of augmentation: of a random crop the centre is left. */
struct lade_flow_options stream_unaugmented(struct lade_flow_options options);

/* The same options for bytes to look at, (height, width, channels), whatever a net would be fed with. */
struct lade_flow_options stream_as_pixels(struct lade_flow_options options);

/* Nets learn badly from 0..255: unless pixels are rescaled or uint8 (which nets take as 0..1), to 0..1. */
void stream_rescale_for_net(struct lade_flow_options *options);

/* "64x64x3 float32": a string to free(). */
char *stream_shape(const lade_flow *flow, const struct lade_flow_options *options);

/* "horizontal flip, width shift 0.1"; "none": a string to free(). */
char *stream_augmentation(const struct lade_flow_options *options);

/* Most memory that this process has held so far. */
int64_t stream_peak_rss(void);

#endif
