/*
 * augmentation.h - what the commands do with the options of augmentation and standardisation.
 */
#ifndef LADE_CLI_OPTION_AUGMENTATION_H
#define LADE_CLI_OPTION_AUGMENTATION_H

#include <lade/flow.h>

#include "option/opt.h"

/* The option --stats, and its value, or NULL if it is not given. */
extern const struct opt augment_stats_options[];
extern const char *augment_stats_path;

/* Return the options without random augmentation, and without standardisation. */
struct lade_flow_options augment_without(struct lade_flow_options options);
struct lade_flow_options augment_unstandardized(struct lade_flow_options options);

/* Returns the augmentations that are on, "rotation 40, horizontal flip", or ""; a string to free(). */
char *augment_words(const struct lade_flow_options *options);

/*
 * augment_load_stats() - loads the statistics that the options need from the file of --stats. The caller frees them with
 * lade_stats_free().
 *
 * Returns NULL if no option needs statistics. After an error, which it prints, it returns NULL and stores false in *@good
 * and the exit code in *@code.
 */
struct lade_stats *augment_load_stats(const struct lade_flow_options *options, const char *directory, bool *good,
                                      int *code);

#endif
