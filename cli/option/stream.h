/*
 * stream.h - returns the options of a stream, which several commands have. The tables are made from
 * lade_flow_option_info(), so that a new option of the library is also an option of the commands.
 */
#ifndef LADE_CLI_OPTION_STREAM_H
#define LADE_CLI_OPTION_STREAM_H

#include <lade/flow.h>

#include "option/augmentation.h"
#include "option/opt.h"
#include "option/statistics.h"

/*
 * stream_options() - returns the options of a section of lade_flow_option_info(), for example "Order". The values of
 * the options are stored in a struct lade_flow_options. The table is valid until the program ends.
 */
const struct opt *stream_options(const char *section);

/* Returns the option --@name of a stream. */
struct opt stream_option(const char *name);

/* The group with the options of one section. */
#define STREAM_GROUP(section, options) \
    { section, stream_options(section), options }

/* The option groups of each command with a stream, as elements of an array of struct opt_group. */
#define STREAM_GROUPS(options)                                                                                         \
    STREAM_GROUP("Samples", options), STREAM_GROUP("Augmentation", options), STREAM_GROUP("Standardisation", options), \
        {"Statistics", stats_options, &stats_values}, STREAM_GROUP("Order", options), STREAM_GROUP("Running", options)

/* Returns the options without random augmentation. A random crop is replaced with a crop of the centre. */
struct lade_flow_options stream_unaugmented(struct lade_flow_options options);

/* Returns the options for samples that are shown as pictures. Such samples are uint8 (height, width, channels), and are
   not rescaled or standardised. */
struct lade_flow_options stream_as_pixels(struct lade_flow_options options);

/*
 * Sets rescale to 1/255 for float32 samples if rescale is not set, because nets learn slowly from values up to 255.
 * uint8 samples need no rescale, because the net divides them by 255.
 */
void stream_rescale_for_net(struct lade_flow_options *options);

/* Returns a text such as "horizontal flip, width shift 0.1", or "no augmentation". The caller must free() the
   string. */
char *stream_augmentation(const struct lade_flow_options *options);

#endif
