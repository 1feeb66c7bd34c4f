/*
 * Reads the options of statistics, makes or loads the statistics, and prints the command that makes a file of statistics.
 */
#include "option/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "option/stream.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

struct stats_values stats_values;

const struct opt stats_options[] = {
    {"stats", OPT_TEXT, OPT_AT(struct stats_values, path), .value = "FILE",
     .help = "statistics for the featurewise options and the whitening, made by lade scan --stats-out"},
    {"mean", OPT_LIST, OPT_AT(struct stats_values, mean), .value = "A,B,C",
     .help = "subtract these means of the channels, after rescale; the word imagenet means 0.485,0.456,0.406 with "
             "rescale 1/255"},
    {"std", OPT_LIST, OPT_AT(struct stats_values, std), .value = "A,B,C",
     .help = "after --mean, divide by these standard deviations of the channels; imagenet means 0.229,0.224,0.225"},
    {0}};

/* ---- --mean and --std -------------------------------------------------------------------------------------------- */

static bool is_word(const char *const *list) {
    return strcmp(list[0], "imagenet") == 0 && !list[1];
}

/* Reads the numbers of --mean or --std. Returns their count, or 0 if the list is wrong. */
static int read_numbers(const char *const *list, bool positive, double numbers[4]) {
    int count = 0;
    for (; list[count]; count++) {
        char *end;
        if (count == 4)
            return 0;
        numbers[count] = strtod(list[count], &end);
        if (end == list[count] || *end || !isfinite(numbers[count]) || (positive && numbers[count] <= 0))
            return 0;
    }
    return count == 2 ? 0 : count;
}

/* Stores the statistics of --mean and --std in *@stats. Without --std, the deviations are 1. Returns EXIT_OK, or prints
   a message and returns EXIT_USAGE. */
static int read_stats(struct lade_stats *stats) {
    const char *const *mean = stats_values.mean, *const *std = stats_values.std;
    const struct lade_stats *named = lade_stats_named("imagenet", NULL);
    if (stats_values.path)
        return out_usage("--stats and --mean exclude each other; give one of them");
    if (!mean)
        return out_usage("--std needs --mean");
    *stats = (struct lade_stats){.std = {1, 1, 1, 1}};
    if (is_word(mean) || (std && is_word(std)))
        *stats = *named;
    int means = is_word(mean) ? named->channels : read_numbers(mean, false, stats->mean);
    if (!means)
        return out_usage("--mean: give one, three or four numbers such as 0.485,0.456,0.406, or imagenet");
    int deviations = !std ? means : is_word(std) ? named->channels : read_numbers(std, true, stats->std);
    if (!deviations)
        return out_usage("--std: give one, three or four numbers above 0 such as 0.229,0.224,0.225, or imagenet");
    if (means != deviations)
        return out_usage("--std has %d numbers, but --mean has %d", deviations, means);
    stats->channels = means;
    return EXIT_OK;
}

int stats_apply(struct lade_flow_options *options) {
    struct lade_stats stats;
    if (!stats_values.mean && !stats_values.std)
        return EXIT_OK;
    int code = read_stats(&stats);
    if (code != EXIT_OK)
        return code;
    options->featurewise_center = true;
    if (stats_values.std)
        options->featurewise_std_normalization = true;
    if (options->rescale == 0 && options->dtype == LADE_FLOAT32)
        options->rescale = stats.rescale;
    return EXIT_OK;
}

/* Returns the statistics of --mean and --std. On error, prints a message, stores the exit code and returns NULL. */
static struct lade_stats *make_stats(int *code) {
    struct lade_stats *stats = lade_calloc(1, sizeof *stats);
    *code = stats ? read_stats(stats) : EXIT_FAILED;
    if (!stats)
        out_error("no memory for statistics");
    if (*code == EXIT_OK)
        return stats;
    lade_stats_free(stats);
    return NULL;
}

/* Returns the statistics of the saved net. On error, prints a message, stores the exit code and returns NULL. */
static struct lade_stats *net_stats(int *code) {
    struct lade_stats *stats = NULL;
    struct lade_error err = {0};
    if (lade_stats_from_preprocessing(stats_values.preprocessing, stats_values.preprocessing_values, &stats, &err) < 0)
        out_error("%s", err.message);
    *code = stats ? EXIT_OK : EXIT_FAILED;
    return stats;
}

/* Converts the statistics to the rescale of the images. If the images are multiplied by a factor, the mean and the
   deviations are multiplied by the same factor. Statistics with a ZCA matrix are not converted, and the library reports
   a wrong rescale. */
static void convert(struct lade_stats *stats, const struct lade_flow_options *options) {
    float rescale = options->rescale != 0 ? options->rescale : 1;
    if (stats->zca || stats->rescale == 0 || stats->rescale == rescale)
        return;
    for (int i = 0; i < stats->channels; i++) {
        stats->mean[i] *= (double)rescale / (double)stats->rescale;
        stats->std[i] *= (double)rescale / (double)stats->rescale;
    }
    stats->rescale = rescale;
}

/* ---- The command that makes a file ------------------------------------------------------------------------------- */

/* Appends a space and @text to a command. A text with characters that are special in a shell is put in quotes. */
static char *add_word(char *command, const char *text) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./%@";
    bool quoted = !*text || text[strspn(text, plain)];
    char *longer = text_printf("%s %s", command, quoted ? "'" : "");
    free(command);
    for (const char *c = text; *c; c++) {
        command = *c == '\'' ? text_printf("%s'\\''", longer) : text_printf("%s%c", longer, *c);
        free(longer);
        longer = command;
    }
    command = text_printf("%s%s", longer, quoted ? "'" : "");
    free(longer);
    return command;
}

/* Appends the option @opt with its value, unless it has its default. */
static char *add_option(char *command, const struct opt *opt, const struct lade_flow_options *options) {
    if (opt_is_default(opt, options))
        return command;
    char *name = text_printf("--%s", opt->name), *value = opt_text(opt, options);
    command = add_word(command, name);
    if (opt->type != OPT_FLAG)
        command = add_word(command, value);
    free(name);
    free(value);
    return command;
}

/* Returns the command that writes the statistics for these options to the file @path. The caller must free() it. */
static char *scan_command(const struct lade_flow_options *options, const char *directory, const char *path) {
    static const char *const names[] = {"zca-whitening", "samplewise-center", "samplewise-std-normalization",
                                        "classes",       "follow-links",      "all-files"};
    char *command = add_word(text_printf("lade scan"), directory ? directory : "DIR");
    for (const struct opt *opt = stream_options("Samples"); opt->name; opt++)
        command = add_option(command, opt, options);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct opt opt = stream_option(names[i]);
        command = add_option(command, &opt, options);
    }
    command = add_word(command, "--stats-out");
    return add_word(command, path);
}

void stats_suggest(const struct lade_error *err, const struct lade_flow_options *options, const char *directory) {
    static const char *const steps[] = {"featurewise_center", "featurewise_std_normalization", "zca_whitening"};
    bool about = false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        about = about || strcmp(err->subject, steps[i]) == 0;
    if (err->code != LADE_EINVAL || !about || !stats_values.path)
        return;
    char *command = scan_command(options, directory, stats_values.path);
    out_error("this command makes a file for --stats with these options: %s", command);
    free(command);
}

/* ---- All statistics ---------------------------------------------------------------------------------------------- */

struct lade_stats *stats_load(const struct lade_flow_options *options, const char *directory, bool *good, int *code) {
    const char *step = options->zca_whitening                   ? "zca-whitening"
                       : options->featurewise_std_normalization ? "featurewise-std-normalization"
                       : options->featurewise_center            ? "featurewise-center"
                                                                : NULL;
    struct lade_error err = {0};
    *good = true;
    if (!step)
        return NULL;
    if (stats_values.mean || stats_values.std) {
        struct lade_stats *made = make_stats(code);
        *good = made;
        return made;
    }
    if (!stats_values.path && stats_values.preprocessing) {
        struct lade_stats *stored = net_stats(code);
        *good = stored;
        return stored;
    }
    if (!stats_values.path) {
        char *command = scan_command(options, directory, "FILE");
        *code = out_usage("--%s needs --stats FILE; make FILE with this command: %s", step, command);
        free(command);
        *good = false;
        return NULL;
    }
    struct lade_stats *stats = lade_stats_load(stats_values.path, &err);
    if (!stats) {
        out_error("--stats %s", err.message);
        *code = EXIT_FAILED;
        *good = false;
    } else {
        convert(stats, options);
    }
    return stats;
}
