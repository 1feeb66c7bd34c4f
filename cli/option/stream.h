/*
 * stream.h - the options of a stream, which several commands share.
 */
#ifndef LADE_CLI_OPTION_STREAM_H
#define LADE_CLI_OPTION_STREAM_H

#include <lade/flow.h>

#include "option/augmentation.h"
#include "option/opt.h"

/* The tables of stream options. Each fills a struct lade_flow_options. */
extern const struct opt stream_sample_options[], stream_order_options[], stream_subset_options[], stream_run_options[];

/* The option groups of each command with a stream, for a list of struct opt_group. */
#define STREAM_GROUPS(options)                                                                                  \
    {"Samples", stream_sample_options, options}, {"Augmentation", augment_options, options},                    \
        {"Standardisation", augment_standard_options, options},                                                 \
        {"Statistics", augment_stats_options, &augment_stats_path}, {"Order", stream_order_options, options}, { \
        "Running", stream_run_options, options                                                                  \
    }

/* Returns the options without random augmentation. A random crop is replaced with a crop of the centre. */
struct lade_flow_options stream_unaugmented(struct lade_flow_options options);

/* Returns the options for samples that can be drawn: uint8 (height, width, channels), not rescaled or standardised. */
struct lade_flow_options stream_as_pixels(struct lade_flow_options options);

/*
 * Sets rescale to 1/255 for float32 samples if it is not set, because nets train badly on values up to 255. uint8 samples
 * are rescaled by the net.
 */
void stream_rescale_for_net(struct lade_flow_options *options);

/* Returns "horizontal flip, width shift 0.1" or "no augmentation"; a string to free(). */
char *stream_augmentation(const struct lade_flow_options *options);

#endif
