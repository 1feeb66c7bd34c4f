/*
 * Options of augmentation and standardisation: from words to a struct lade_flow_options, and back to words.
 */
#include "option/augmentation.h"

#include <math.h>
#include <stdlib.h>

#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

#define AT(field) OPT_AT(struct lade_flow_options, field)

static const struct opt_word shift_units[] = {{"auto", LADE_SHIFT_AUTO},
                                              {"fraction", LADE_SHIFT_FRACTION},
                                              {"pixels", LADE_SHIFT_PIXELS},
                                              {"whole_pixels", LADE_SHIFT_WHOLE_PIXELS},
                                              {0}};
static const struct opt_word fill_modes[] = {{"nearest", LADE_FILL_NEAREST},
                                             {"constant", LADE_FILL_CONSTANT},
                                             {"reflect", LADE_FILL_REFLECT},
                                             {"wrap", LADE_FILL_WRAP},
                                             {0}};
static const struct opt_word orders[] = {{"1", 1}, {"0", LADE_OFF}, {0}};
static const struct opt_word quirks[] = {{"documented", LADE_QUIRKS_DOCUMENTED}, {"keras3", LADE_QUIRKS_KERAS3}, {0}};

const struct opt augment_options[] = {
    {"rotation-range", OPT_REAL, AT(rotation_range), .value = "X", .low = 0, .high = 360,
     .help = "turn by up to X degrees, either way"},
    {"width-shift-range", OPT_REAL, AT(width_shift_range), .value = "X", .low = 0, .high = 65535,
     .help = "move along the width by up to X: below 1 a fraction of it, from 1 on pixels"},
    {"height-shift-range", OPT_REAL, AT(height_shift_range), .value = "X", .low = 0, .high = 65535,
     .help = "move along the height"},
    {"shift-unit", OPT_CHOICE, AT(shift_unit), .value = "UNIT", .words = shift_units,
     .help = "what the shift ranges count", .preset = "auto"},
    {"shear-range", OPT_REAL, AT(shear_range), .value = "X", .low = 0, .high = 89,
     .help = "slant by up to X degrees, either way"},
    {"zoom-range", OPT_RANGE, AT(zoom_range), .value = "A,B", .low = 0, .high = 1000, .single = true,
     .help = "show A to B of the width and of the height, below 1 enlarges; one number X: 1-X,1+X"},
    {"brightness-range", OPT_RANGE, AT(brightness_range), .value = "A,B", .low = 0, .high = 1000,
     .help = "multiply colours by A to B"},
    {"channel-shift-range", OPT_REAL, AT(channel_shift_range), .value = "X", .low = 0, .high = 255,
     .help = "add up to X to each colour, either way"},
    {"horizontal-flip", OPT_FLAG, AT(horizontal_flip), .help = "mirror every second image, left and right"},
    {"vertical-flip", OPT_FLAG, AT(vertical_flip), .help = "mirror every second image, top and bottom"},
    {"fill-mode", OPT_CHOICE, AT(fill_mode), .value = "MODE", .words = fill_modes, .help = "what comes in from outside",
     .preset = "nearest"},
    {"cval", OPT_REAL, AT(cval), .value = "X", .low = 0, .high = 255, .help = "the value of fill mode constant",
     .preset = "0"},
    {"interpolation-order", OPT_CHOICE, AT(interpolation_order), .value = "N", .words = orders,
     .help = "between pixels: linear, or the nearest one (for masks)", .preset = "1"},
    {"quirks", OPT_CHOICE, AT(quirks), .value = "WHOSE", .words = quirks,
     .help = "the meaning of these options: as Keras documents them, or what Keras 3 does", .preset = "documented"},
    {0}};

const struct opt augment_standard_options[] = {
    {"samplewise-center", OPT_FLAG, AT(samplewise_center), .help = "subtract the mean of each image"},
    {"samplewise-std-normalization", OPT_FLAG, AT(samplewise_std_normalization),
     .help = "and divide by its standard deviation"},
    {"featurewise-center", OPT_FLAG, AT(featurewise_center), .help = "subtract the data set's mean of each channel"},
    {"featurewise-std-normalization", OPT_FLAG, AT(featurewise_std_normalization),
     .help = "and divide by the data set's standard deviation of each channel"},
    {"zca-whitening", OPT_FLAG, AT(zca_whitening),
     .help = "make pixels independent of each other; for small images, up to 32x32"},
    {0}};

const char *augment_stats_path;

const struct opt augment_stats_options[] = {{"stats", OPT_TEXT, 0, sizeof augment_stats_path, .value = "FILE",
                                             .help = "statistics for the last three, made by lade scan --stats-out"},
                                            {0}};

struct lade_flow_options augment_without(struct lade_flow_options options) {
    options.rotation_range = options.width_shift_range = options.height_shift_range = 0;
    options.shear_range = options.channel_shift_range = 0;
    options.zoom_range[0] = options.zoom_range[1] = options.brightness_range[0] = options.brightness_range[1] = 0;
    options.horizontal_flip = options.vertical_flip = false;
    return options;
}

struct lade_flow_options augment_unstandardized(struct lade_flow_options options) {
    options.samplewise_center = options.samplewise_std_normalization = false;
    options.featurewise_center = options.featurewise_std_normalization = options.zca_whitening = false;
    return options;
}

static char *more(char *words, char *word) {
    char *longer = text_printf("%s%s%s", words, *words ? ", " : "", word);
    free(words);
    free(word);
    return longer;
}

char *augment_words(const struct lade_flow_options *o) {
    const struct {
        const char *name;
        double from, to;
    } numbers[] = {
        {"rotation", o->rotation_range, 0},           {"width shift", o->width_shift_range, 0},
        {"height shift", o->height_shift_range, 0},   {"shear", o->shear_range, 0},
        {"zoom", o->zoom_range[0], o->zoom_range[1]}, {"brightness", o->brightness_range[0], o->brightness_range[1]},
        {"channel shift", o->channel_shift_range, 0},
    };
    char *words = text_printf("%s", o->crop == LADE_CROP_RANDOM ? "random crop" : "");

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (numbers[i].to > 0)
            words = more(words, text_printf("%s %s to %s", numbers[i].name, text_number(numbers[i].from).s,
                                            text_number(numbers[i].to).s));
        else if (numbers[i].from > 0)
            words = more(words, text_printf("%s %s", numbers[i].name, text_number(numbers[i].from).s));
    }
    if (o->horizontal_flip)
        words = more(words, text_printf("horizontal flip"));
    if (o->vertical_flip)
        words = more(words, text_printf("vertical flip"));
    return words;
}

struct lade_stats *augment_load_stats(const struct lade_flow_options *options, const char *directory, bool *good,
                                      int *code) {
    const char *step = options->zca_whitening                   ? "zca-whitening"
                       : options->featurewise_std_normalization ? "featurewise-std-normalization"
                       : options->featurewise_center            ? "featurewise-center"
                                                                : NULL;
    struct lade_error err = {0};
    *good = true;
    if (!step)
        return NULL;
    if (!augment_stats_path) {
        char *shown = text_escape(directory);
        *code =
            out_usage("--%s needs --stats FILE; make it with the same size and --rescale: lade scan %s%s --stats-out "
                      "FILE",
                      step, shown, options->zca_whitening ? " --zca-whitening" : "");
        free(shown);
        *good = false;
        return NULL;
    }
    struct lade_stats *stats = lade_stats_load(augment_stats_path, &err);
    if (!stats) {
        out_error("--stats %s", err.message);
        *code = EXIT_FAILED;
        *good = false;
    }
    return stats;
}
