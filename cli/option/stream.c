/*
 * Stream options and messages shared by the commands.
 */
#define _POSIX_C_SOURCE 200809L
#include "option/stream.h"

#include <math.h>
#include <stdlib.h>

#include "option/augmentation.h"
#include "terminal/text.h"

#define AT(field) OPT_AT(struct lade_flow_options, field)

static const struct opt_word color_modes[] = {
    {"rgb", LADE_COLOR_RGB}, {"grayscale", LADE_COLOR_GRAYSCALE}, {"rgba", LADE_COLOR_RGBA}, {0}};
static const struct opt_word class_modes[] = {{"categorical", LADE_CLASS_CATEGORICAL},
                                              {"binary", LADE_CLASS_BINARY},
                                              {"sparse", LADE_CLASS_SPARSE},
                                              {"none", LADE_CLASS_NONE},
                                              {"input", LADE_CLASS_INPUT},
                                              {"raw", LADE_CLASS_RAW},
                                              {0}};
static const struct opt_word interpolations[] = {{"nearest", LADE_INTERPOLATION_NEAREST},
                                                 {"bilinear", LADE_INTERPOLATION_BILINEAR},
                                                 {"bicubic", LADE_INTERPOLATION_BICUBIC},
                                                 {"lanczos", LADE_INTERPOLATION_LANCZOS},
                                                 {"box", LADE_INTERPOLATION_BOX},
                                                 {"hamming", LADE_INTERPOLATION_HAMMING},
                                                 {0}};
static const struct opt_word dtypes[] = {{"float32", LADE_FLOAT32}, {"uint8", LADE_UINT8}, {0}};
static const struct opt_word data_formats[] = {
    {"channels_last", LADE_CHANNELS_LAST}, {"channels_first", LADE_CHANNELS_FIRST}, {0}};
static const struct opt_word subsets[] = {
    {"all", LADE_SUBSET_ALL}, {"training", LADE_SUBSET_TRAINING}, {"validation", LADE_SUBSET_VALIDATION}, {0}};
static const struct opt_word splits[] = {{"first", LADE_SPLIT_FIRST}, {"seeded", LADE_SPLIT_SEEDED}, {0}};
static const struct opt_word crops[] = {
    {"none", LADE_CROP_NONE}, {"random", LADE_CROP_RANDOM}, {"center", LADE_CROP_CENTER}, {0}};
static const struct opt_word policies[] = {
    {"fail", LADE_ERROR_FAIL}, {"skip", LADE_ERROR_SKIP}, {"replace", LADE_ERROR_REPLACE}, {0}};

const struct opt stream_sample_options[] = {
    {"target-size", OPT_SIZE, AT(target_size), .low = 1, .high = 65535, .help = "height and width in pixels",
     .preset = "256x256"},
    {"color-mode", OPT_CHOICE, AT(color_mode), .value = "MODE", .words = color_modes, .help = "channels",
     .preset = "rgb"},
    {"class-mode", OPT_CHOICE, AT(class_mode), .value = "MODE", .words = class_modes, .help = "labels",
     .preset = "categorical"},
    {"interpolation", OPT_CHOICE, AT(interpolation), .value = "FILTER", .words = interpolations,
     .help = "how images are resized", .preset = "nearest"},
    {"keep-aspect-ratio", OPT_FLAG, AT(keep_aspect_ratio),
     .help = "resize the largest centred part that has the target's shape, not all of the image"},
    {"crop", OPT_CHOICE, AT(crop), .value = "PART", .words = crops,
     .help = "use a random part of each image, another in each epoch, or its centre", .preset = "none"},
    {"crop-scale", OPT_RANGE, AT(crop_scale), .low = 0, .above = true, .high = 1,
     .help = "random crop: share of the image's area", .preset = "0.08,1"},
    {"crop-ratio", OPT_RANGE, AT(crop_ratio), .low = 0.001, .high = 1000, .help = "random crop: width to height",
     .preset = "3/4,4/3"},
    {"crop-resize", OPT_INT, AT(crop_resize), .value = "N", .low = 1, .high = 131070,
     .help = "center crop: resize the shorter side to N before", .preset = "8/7 of the target, 256 for 224"},
    {"fast", OPT_FLAG, AT(decode), .store = LADE_DECODE_FAST,
     .help = "decode large JPEG files at a half, a quarter or an eighth: faster, slightly different pixels"},
    {"exif-orientation", OPT_FLAG, AT(exif_orientation),
     .help = "turn photos upright, as their camera noted it, before the resize"},
    {"dtype", OPT_CHOICE, AT(dtype), .value = "TYPE", .words = dtypes, .help = "type of the pixels",
     .preset = "float32"},
    {"data-format", OPT_CHOICE, AT(data_format), .value = "ORDER", .words = data_formats, .help = "order of the axes",
     .preset = "channels_last"},
    {"rescale", OPT_REAL, AT(rescale), .value = "X", .low = -INFINITY, .high = INFINITY,
     .help = "multiply every value, for example by 1/255"},
    {0}};

const struct opt stream_order_options[] = {
    {"batch-size", OPT_INT, AT(batch_size), .value = "N", .low = 1, .high = 1 << 20, .help = "images in a batch",
     .preset = "32"},
    {"seed", OPT_SEED, AT(seed), .value = "S", .help = "of order, split and augmentation: same seed, same bytes",
     .preset = "0"},
    {"no-shuffle", OPT_FLAG, AT(order), .store = LADE_ORDER_SORTED, .help = "by class and name, not in random order"},
    {"balanced", OPT_FLAG, AT(order), .store = LADE_ORDER_BALANCED,
     .help = "epochs in which every class has the same share, small ones by coming again"},
    {"classes", OPT_LIST, AT(classes), .value = "A,B,...", .help = "the class folders to use, in this order",
     .preset = "all, by name"},
    {"follow-links", OPT_FLAG, AT(follow_links), .help = "go into links to folders below the class folders"},
    {"split", OPT_CHOICE, AT(split), .value = "HOW", .words = splits,
     .help = "which images of a class are for validation: the first by name, or a seeded choice", .preset = "first"},
    {0}};

const struct opt stream_subset_options[] = {{"validation-split", OPT_REAL, AT(validation_split), .value = "F", .low = 0,
                                             .high = 0.999999, .help = "share of each class that is for validation",
                                             .preset = "0"},
                                            {"subset", OPT_CHOICE, AT(subset), .value = "PART", .words = subsets,
                                             .help = "which part to stream", .preset = "all"},
                                            {0}};

const struct opt stream_run_options[] = {
    {"workers", OPT_INT, AT(workers), .value = "W", .low = 0, .high = 1024,
     .help = "threads that read and decode; 0: one per core. Changes no byte", .preset = "0"},
    {"on-error", OPT_CHOICE, AT(on_error), .value = "P", .words = policies,
     .help =
         "a file that cannot be decoded ends the run, or is reported and left out or replaced by another of its class",
     .preset = "fail"},
    {"max-bad", OPT_INT, AT(max_bad), .value = "N", .low = 1, .high = 1e15,
     .help = "more invalid files than this end the run", .preset = "no limit"},
    {"max-bad-rate", OPT_REAL, AT(max_bad_rate), .value = "F", .low = 0, .high = 1,
     .help = "a larger share of invalid files than this ends the run", .preset = "no limit"},
    {"max-pixels", OPT_INT, AT(limits.max_pixels), .value = "N", .low = 1, .high = 1e15,
     .help = "an image of more pixels is an invalid file", .preset = "178956970"},
    {"max-file-bytes", OPT_INT, AT(limits.max_file_bytes), .value = "N", .low = 1, .high = 1e15,
     .help = "a larger file is an invalid file", .preset = "536870912"},
    {0}};

void stream_rescale_for_net(struct lade_flow_options *options) {
    if (options->dtype == LADE_FLOAT32 && options->rescale == 0)
        options->rescale = 1 / 255.f;
}

struct lade_flow_options stream_unaugmented(struct lade_flow_options options) {
    options = augment_without(options);
    if (options.crop == LADE_CROP_RANDOM)
        options.crop = LADE_CROP_CENTER;
    return options;
}

struct lade_flow_options stream_as_pixels(struct lade_flow_options options) {
    options.dtype = LADE_UINT8;
    options.data_format = LADE_CHANNELS_LAST;
    options.rescale = 0;
    return augment_unstandardized(options);
}

char *stream_augmentation(const struct lade_flow_options *options) {
    char *words = augment_words(options);
    if (*words)
        return words;
    free(words);
    return text_printf("no augmentation");
}
