/*
 * statistics.h - the options --stats, --mean and --std, and the statistics that they give.
 */
#ifndef LADE_CLI_OPTION_STATISTICS_H
#define LADE_CLI_OPTION_STATISTICS_H

#include <lade/flow.h>

#include "option/opt.h"

/* The table with the options --stats, --mean and --std, and their values. A value is NULL if its option is not given. */
extern const struct opt stats_options[];
extern struct stats_values {
    const char *path;
    const char *const *mean, *const *std; /* numbers, or the word imagenet */
    /* The preprocessing of a saved net; or NULL. The statistics of the net are used if none of these options is
       given.   (borrowed) */
    const char *preprocessing;
    const struct lade_tensor *preprocessing_values;
} stats_values;

/*
 * stats_apply() - turns on the standardisation for which --mean and --std are given. With the word imagenet, sets
 * rescale to 1/255 if it is not set. Returns EXIT_OK. If the values of the options are wrong, prints a message and
 * returns EXIT_USAGE.
 */
int stats_apply(struct lade_flow_options *options);

/*
 * stats_load() - returns the statistics that the options need. The source is the file of --stats, the options --mean
 * and --std, or a saved net. If the statistics of a file were computed with another rescale, converts the mean and the
 * deviations. The caller must free the statistics with lade_stats_free().
 * @directory is the directory of the images, for messages, or NULL if the images are not in class folders.
 *
 * Returns NULL if no option needs statistics. On error, prints a message, stores false in *@good and the exit code in
 * *@code, and returns NULL.
 */
struct lade_stats *stats_load(const struct lade_flow_options *options, const char *directory, bool *good, int *code);

/*
 * stats_suggest() - if the error @err means that the statistics of the file of --stats do not fit the images, prints the
 * command that makes a suitable file. @directory is the directory of the images, or NULL if the images are not in class
 * folders.
 */
void stats_suggest(const struct lade_error *err, const struct lade_flow_options *options, const char *directory);

#endif
