/*
 * augmentation.h - the options of augmentation and standardisation, in Keras's words.
 */
#ifndef LADE_CLI_OPTION_AUGMENTATION_H
#define LADE_CLI_OPTION_AUGMENTATION_H

#include <lade/flow.h>

#include "option/opt.h"

/* Tables; the first two fill a struct lade_flow_options, the third augment_stats_path. */
extern const struct opt augment_options[], augment_standard_options[], augment_stats_options[];

/* What --stats gave; NULL: nothing. */
extern const char *augment_stats_path;

/* The same options without the randomness of augmentation; without standardisation. */
struct lade_flow_options augment_without(struct lade_flow_options options);
struct lade_flow_options augment_unstandardized(struct lade_flow_options options);

/* "rotation 40, horizontal flip"; "": nothing; a string to free(). */
char *augment_words(const struct lade_flow_options *options);

/*
 * augment_load_stats() - the statistics that the options need, from the file of --stats, to lade_stats_free(); NULL:
 * none needed, or false in *@good after a message, with the exit code in *@code.
 */
struct lade_stats *augment_load_stats(const struct lade_flow_options *options, const char *directory, bool *good,
                                      int *code);

#endif
