/*
 * augmentation.h - turns augmentation and standardisation off, describes the augmentation, and loads the statistics of
 * the standardisation.
 */
#ifndef LADE_CLI_OPTION_AUGMENTATION_H
#define LADE_CLI_OPTION_AUGMENTATION_H

#include <lade/flow.h>

#include "option/opt.h"

/* The table with the option --stats, and the value of the option. The value is NULL if the option is not given. */
extern const struct opt stats_options[];
extern const char *stats_path;

/* Return the options without random augmentation, and the options without standardisation. */
struct lade_flow_options augmentation_off(struct lade_flow_options options);
struct lade_flow_options standardisation_off(struct lade_flow_options options);

/* Returns the active augmentations, for example "rotation 40, horizontal flip", or "". The caller must free() the
   string. */
char *augmentation_text(const struct lade_flow_options *options);

/*
 * stats_load() - if the options need statistics, loads the statistics from the file that --stats gives. The caller must
 * free the statistics with lade_stats_free().
 *
 * Returns NULL if no option needs statistics. On error, prints a message, stores false in *@good and the exit code in
 * *@code, and returns NULL.
 */
struct lade_stats *stats_load(const struct lade_flow_options *options, const char *directory, bool *good, int *code);

#endif
