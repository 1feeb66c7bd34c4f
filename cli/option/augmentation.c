/*
 * Processes the options of augmentation and standardisation after parsing.
 */
#include "option/augmentation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static void clear(struct lade_flow_options *options, const struct lade_option_info *info) {
    memset((char *)options + info->offset, 0, info->size);
}

struct lade_flow_options augmentation_off(struct lade_flow_options options) {
    const struct lade_option_info *info;
    for (int i = 0; (info = lade_flow_option_info(i)); i++)
        if (info->random)
            clear(&options, info);
    return options;
}

struct lade_flow_options standardisation_off(struct lade_flow_options options) {
    const struct lade_option_info *info;
    for (int i = 0; (info = lade_flow_option_info(i)); i++)
        if (strcmp(info->section, "Standardisation") == 0)
            clear(&options, info);
    return options;
}

/* Returns the name of an augmentation, for example "width shift" for width_shift_range. The caller must free() the
   string. */
static char *augmentation_name(const char *field) {
    static const char suffix[] = "_range";
    char *name = text_printf("%s", field), *end = strstr(name, suffix);
    if (end)
        *end = '\0';
    for (char *c = name; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    return name;
}

/* Returns the list @list with @text at the end. Frees both strings. The caller must free() the result. */
static char *append(char *list, char *text) {
    char *longer = text_printf("%s%s%s", list, *list ? ", " : "", text);
    free(list);
    free(text);
    return longer;
}

/* Returns number @i of an option whose type is int, float or double. Returns 0 if the option has no such number. */
static double number(const struct lade_option_info *info, const void *field, size_t i) {
    bool narrow = info->type == LADE_OPTION_FLOAT;
    if (info->type == LADE_OPTION_INT)
        return i ? 0 : *(const int *)field;
    if (i >= info->size / (narrow ? sizeof(float) : sizeof(double)))
        return 0;
    return narrow ? (double)((const float *)field)[i] : ((const double *)field)[i];
}

/* Returns an option and its value, for example "rotation 40" or "zoom 0.5 to 2". Returns NULL if the option is off. The
   caller must free() the string. */
static char *active_text(const struct lade_option_info *info, const struct lade_flow_options *options) {
    const void *field = (const char *)options + info->offset;
    if (info->type == LADE_OPTION_BOOL)
        return *(const bool *)field ? augmentation_name(info->name) : NULL;
    double first = number(info, field, 0), second = number(info, field, 1);
    if (!(first > 0) && !(second > 0))
        return NULL;
    char *name = augmentation_name(info->name);
    char *text = second > 0 ? text_printf("%s %s to %s", name, text_number(first).s, text_number(second).s)
                            : text_printf("%s %s", name, text_number(first).s);
    free(name);
    return text;
}

char *augmentation_text(const struct lade_flow_options *options) {
    const struct lade_option_info *info;
    char *list = text_printf("%s", options->crop == LADE_CROP_RANDOM ? "random crop" : "");
    for (int i = 0; (info = lade_flow_option_info(i)); i++) {
        char *text = info->random ? active_text(info, options) : NULL;
        list = text ? append(list, text) : list;
    }
    return list;
}

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
        char *shown = text_escape(directory);
        *code =
            out_usage("--%s needs --stats FILE; make FILE with the same size and --rescale: lade scan %s%s --stats-out "
                      "FILE",
                      step, shown, options->zca_whitening ? " --zca-whitening" : "");
        free(shown);
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
