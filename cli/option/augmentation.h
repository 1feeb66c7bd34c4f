/*
 * augmentation.h - turns augmentation and standardisation off, describes them, and loads their statistics.
 */
#ifndef LADE_CLI_OPTION_AUGMENTATION_H
#define LADE_CLI_OPTION_AUGMENTATION_H

#include <lade/flow.h>

#include "option/opt.h"

/* The option --stats, and its value, or NULL if it is not given. */
extern const struct opt stats_options[];
extern const char *stats_path;

/* Return the options without random augmentation, or without standardisation. */
struct lade_flow_options augmentation_off(struct lade_flow_options options);
struct lade_flow_options standardisation_off(struct lade_flow_options options);

/* Returns the active augmentations, "rotation 40, horizontal flip", or ""; a string to free(). */
char *augmentation_text(const struct lade_flow_options *options);

/*
 * stats_load() - loads the statistics that the options need from the file of --stats. Free them with lade_stats_free().
 *
 * Returns NULL if no option needs statistics. If the file cannot be loaded, returns NULL after a message, and stores
 * false in *@good and the exit code in *@code.
 */
struct lade_stats *stats_load(const struct lade_flow_options *options, const char *directory, bool *good, int *code);

#endif
