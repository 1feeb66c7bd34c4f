/*
 * Defines the table of stream options. Saved states list the options in the order of the rows.
 */
#include "flow/option/option_table.h"

#include <math.h>

#include "flow/option/options.h"
#include "flow/option/words.h"
#include "flow/statistics/stats.h"
#include "image/augment/options.h"
#include "image/names.h"

/* ---- Options that are pointers or structs ------------------------------------------------------------------------ */

static json_t *class_weights_json(const struct lade_flow_options *o, int classes) {
    json_t *array = o->class_weights ? json_array() : json_null();

    for (int c = 0; o->class_weights && array && c < classes; c++)
        if (json_array_append_new(array, json_real(o->class_weights[c])) < 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *lade__options_stats_json(const struct lade_flow_options *options) {
    bool used = options->featurewise_center || options->featurewise_std_normalization || options->zca_whitening;
    return used && options->stats ? lade__stats_json(options->stats, LADE__STATS_DIGEST) : json_null();
}

static json_t *stats_json(const struct lade_flow_options *options, int classes) {
    (void)classes;
    return lade__options_stats_json(options);
}

/* A state cannot contain a function. Instead, the state contains true if a function is set, and false otherwise. */
static json_t *preprocessing_json(const struct lade_flow_options *o, int classes) {
    (void)classes;
    return json_boolean(o->preprocessing_function.call != NULL);
}

/* Returns true if images are turned upright. The values of exif_orientation and ignore_exif_orientation are not stored.
   Therefore a saved state or net keeps its meaning even if the default is different in a later version of lade. */
static json_t *orientation_json(const struct lade_flow_options *o, int classes) {
    (void)classes;
    return json_boolean(lade__options_upright(o));
}

static bool read_orientation(const json_t *json, struct lade_flow_options *o) {
    lade__options_set_upright(o, json_is_true(json));
    return json_is_boolean(json);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

#define FIELD(name) offsetof(struct lade_flow_options, name), sizeof(((struct lade_flow_options *)0)->name)
#define INFO(section, the_role, field, ...) \
    .info = {#field, section, FIELD(field), .role = LADE_OPTION_##the_role, __VA_ARGS__}
#define ROW(section, role, field, ...) \
    { INFO(section, role, field, __VA_ARGS__) }
#define LIMIT(field, ...)                                               \
    {                                                                   \
        .info = { #field, "Running", FIELD(limits.field), __VA_ARGS__ } \
    }

#define BOOL                    .type = LADE_OPTION_BOOL
#define NUMBER(kind, low, high) .type = LADE_OPTION_##kind, .minimum = (low), .maximum = (high)
#define WORDS(table)            .type = LADE_OPTION_ENUM, .words = (table)
#define TEXT                    .type = LADE_OPTION_TEXT
#define OTHER                   .type = LADE_OPTION_OTHER
#define DEFAULT(...)            .default_value = {__VA_ARGS__}
#define VALUE(name)             .placeholder = (name)
#define HELP(text)              .description = (text)

/* These macros make the rows of the augmentation options. An augmentation option changes images at random only if its
   row contains DRAWN, DRAWN_PAIR or DRAWN_ALONE. */
#define DRAWN(...)                   .random = true
#define DRAWN_PAIR(...)              .random = true
#define DRAWN_ALONE(...)             .random = true
#define COPIED(field)                .random = false
#define PARAMETER                    .random = false
#define AUGMENT_ROW(field, use, ...) {INFO("Augmentation", STREAM, field, use, __VA_ARGS__), .state_keeps_zero = true},

const struct lade__option lade__option_table[] = {
    ROW("Samples", SAMPLE, target_size, NUMBER(INT, 1, 65535), DEFAULT(256, 256), VALUE("HxW"),
        HELP("height and width in pixels")),
    ROW("Samples", SAMPLE, color_mode, WORDS(lade__color_mode_words), VALUE("MODE"), HELP("channels of an image")),
    ROW("Samples", STREAM, class_mode, WORDS(lade__class_mode_words), VALUE("MODE"), HELP("form of the labels")),
    ROW("Samples", SAMPLE, interpolation, WORDS(lade__interpolation_words), VALUE("FILTER"),
        HELP("filter for resizing images")),
    ROW("Samples", SAMPLE, keep_aspect_ratio, BOOL,
        HELP("resize only the largest centred part that has the aspect ratio of the target")),
    {INFO("Samples", SAMPLE, pad_to_aspect_ratio, BOOL,
          HELP("letterbox: resize the whole image without a change of its aspect ratio, and pad it")),
     .added = true},
    {INFO("Samples", SAMPLE, pad_value, NUMBER(INT, 0, 255), VALUE("N"),
          HELP("letterbox: value of the padding pixels, before rescale")),
     .added = true},
    ROW("Samples", SAMPLE, crop, WORDS(lade__crop_words), VALUE("PART"),
        HELP("use only a part of each image: its centre, or a random part that differs in each epoch")),
    {INFO("Samples", STREAM, crop_scale, NUMBER(DOUBLE, 0, 1), .above_minimum = true, DEFAULT(0.08, 1), VALUE("A,B"),
          HELP("random crop: fraction of the image's area")),
     .state_keeps_zero = true},
    {INFO("Samples", STREAM, crop_ratio, NUMBER(DOUBLE, 0.001, 1000), DEFAULT(3. / 4, 4. / 3), VALUE("A,B"),
          HELP("random crop: width divided by height"), .default_text = "3/4,4/3"),
     .state_keeps_zero = true},
    ROW("Samples", SAMPLE, crop_resize, NUMBER(INT, 1, 2 * 65535), VALUE("N"),
        HELP("center crop: resize the shorter side to N first"),
        .default_text = "8/7 of the longer side of the target, for example 256 for 224"),
    ROW("Samples", SAMPLE, decode, WORDS(lade__decode_words), VALUE("HOW"), HELP("accuracy of JPEG decoding")),
    {INFO("Samples", SAMPLE, exif_orientation, BOOL,
          HELP("turn images upright by their stored orientation, even if quirks is keras3")),
     .json = orientation_json, .read = read_orientation},
    ROW("Samples", RUN, ignore_exif_orientation, BOOL, HELP("do not turn images upright")),
    ROW("Samples", SAMPLE, dtype, WORDS(lade__dtype_words), VALUE("TYPE"), HELP("type of the pixels in a batch")),
    ROW("Samples", SAMPLE, data_format, WORDS(lade__data_format_words), VALUE("ORDER"), HELP("order of the axes")),
    ROW("Samples", SAMPLE, rescale, NUMBER(FLOAT, -INFINITY, INFINITY), VALUE("X"),
        HELP("multiply every value by X, for example 1/255"), .default_text = "off"),

    /* clang-format off */
    LADE__AUGMENT_OPTIONS(AUGMENT_ROW)
    /* clang-format on */
    ROW("Augmentation", STREAM, mixup_alpha, NUMBER(FLOAT, 0.01, 4), .random = true, VALUE("A"),
        HELP("MixUp: blend each image and its label with the previous image and label of the batch; A is the parameter "
             "of the beta distribution")),
    ROW("Augmentation", STREAM, cutmix_alpha, NUMBER(FLOAT, 0.01, 4), .random = true, VALUE("A"),
        HELP("CutMix: copy a rectangle from the previous image of the batch, and mix the labels")),

    ROW("Standardisation", SAMPLE, samplewise_center, BOOL, HELP("subtract the mean of each image")),
    ROW("Standardisation", SAMPLE, samplewise_std_normalization, BOOL,
        HELP("center each image and divide it by its standard deviation")),
    ROW("Standardisation", SAMPLE, featurewise_center, BOOL,
        HELP("subtract the mean of each channel over the data set")),
    ROW("Standardisation", SAMPLE, featurewise_std_normalization, BOOL,
        HELP("center each channel and divide it by its standard deviation over the data set")),
    ROW("Standardisation", SAMPLE, zca_whitening, BOOL,
        HELP("remove the correlation between pixels; for small images, up to 32x32")),
    ROW("Statistics", RUN, zca_epsilon, NUMBER(DOUBLE, 0, INFINITY), .can_be_off = true, DEFAULT(1e-6), VALUE("X"),
        HELP("added to the singular values when the whitening is computed")),
    {INFO("Statistics", STREAM, stats, OTHER, HELP("statistics for the featurewise options and the whitening")),
     .json = stats_json},

    ROW("Order", STREAM, batch_size, NUMBER(INT64, 1, INT32_MAX), DEFAULT(32), VALUE("N"), HELP("images in a batch")),
    ROW("Order", STREAM, drop_last, BOOL, HELP("leave out the last batch of an epoch if the batch is incomplete")),
    ROW("Order", STREAM, order, WORDS(lade__order_words), VALUE("ORDER"), HELP("order of the samples in an epoch")),
    {INFO("Order", STREAM, class_weights, OTHER, HELP("balanced order: the weight of each class")),
     .json = class_weights_json},
    ROW("Order", STREAM, seed, NUMBER(UINT64, 0, 0x1p64), VALUE("S"),
        HELP("seed of order, split and augmentation: the same seed gives the same bytes")),
    ROW("Order", RUN, classes, .type = LADE_OPTION_LIST, VALUE("A,B,..."),
        HELP("class directories to use, in this order"), .default_text = "all, sorted by name"),
    ROW("Order", RUN, follow_links, BOOL, HELP("follow symbolic links to directories")),
    ROW("Order", RUN, all_files, BOOL,
        HELP("accept files with any suffix: the content decides whether a file is an image")),
    ROW("Order", RUN, refuse_empty_classes, BOOL, HELP("end the run if a class directory has no images")),
    ROW("Order", RUN, allow_missing_classes, BOOL, HELP("a class that the option classes lists may have no directory")),
    ROW("Subset", STREAM, validation_split, NUMBER(DOUBLE, 0, 1), .below_maximum = true, VALUE("F"),
        HELP("fraction of each class that is for validation")),
    ROW("Subset", STREAM, subset, WORDS(lade__subset_words), VALUE("PART"), HELP("part of the data to stream")),
    ROW("Order", STREAM, split, WORDS(lade__split_words), VALUE("HOW"),
        HELP("validation images of a class: the first images by name, or random images that depend on the seed")),

    {INFO("Preprocessing", STREAM, preprocessing_function, OTHER, HELP("a function that changes each sample")),
     .json = preprocessing_json},
    ROW("Saving samples as images", RUN, save_to_dir, TEXT, VALUE("DIR"),
        HELP("save each sample, before rescale, as an image in this directory")),
    ROW("Saving samples as images", RUN, save_prefix, TEXT, VALUE("WORD"),
        HELP("beginning of the file names: WORD_EPOCH_POSITION_SAMPLE.SUFFIX")),
    ROW("Saving samples as images", RUN, save_format, .type = LADE_OPTION_ENUM, DEFAULT(LADE_FORMAT_PNG), VALUE("F"),
        HELP("file format of the saved images")),

    ROW("Running", RUN, workers, NUMBER(INT, 0, LADE__MOST_WORKERS), VALUE("W"),
        HELP("threads that read and decode images; the results do not depend on W"), .default_text = "one per core"),
    ROW("Several processes", RUN, rank, NUMBER(INT, 0, INT32_MAX), VALUE("R"), HELP("number of this process, from 0")),
    ROW("Several processes", RUN, world, NUMBER(INT, 1, INT32_MAX), DEFAULT(1), VALUE("N"),
        HELP("number of processes that share the stream")),
    ROW("Running", RUN, on_error, WORDS(lade__error_policy_words), VALUE("P"),
        HELP("an invalid file ends the run, is left out, or is replaced by another file of its class")),
    ROW("Running", RUN, max_bad, NUMBER(INT64, 1, 0x1p63), VALUE("N"),
        HELP("end the run if there are more than N invalid files"), .default_text = "no limit"),
    ROW("Running", RUN, max_bad_rate, NUMBER(DOUBLE, 0, 1), VALUE("F"),
        HELP("end the run if the fraction of invalid files is larger than F"), .default_text = "no limit"),
    ROW("Running", RUN, memory_limit, NUMBER(INT64, 1, 0x1p63), VALUE("BYTES"),
        HELP("limit for the memory of batches and workers, for example 20M. If necessary, the stream uses fewer "
             "batches and workers"),
        .default_text = "no limit"),
    LIMIT(max_pixels, NUMBER(UINT64, 1, 0x1p64), DEFAULT(LADE_MAX_PIXELS), VALUE("N"),
          HELP("an image with more than N pixels is an invalid file")),
    LIMIT(max_file_bytes, NUMBER(UINT64, 1, 0x1p64), DEFAULT(LADE_MAX_FILE_BYTES), VALUE("BYTES"),
          HELP("a file with more than BYTES bytes is an invalid file; for example 20M")),
    LIMIT(max_side, NUMBER(UINT64, 1, 0x1p64), DEFAULT(LADE_MAX_SIDE), VALUE("N"),
          HELP("an image whose width or height is above N is an invalid file")),
    ROW("Memory", RUN, held, WORDS(lade__held_words), VALUE("W"),
        HELP("if the program requests a batch, but still uses all batches: report an error, or allocate more")),
    {.info = {.name = NULL}},
};

const struct lade_option_info *lade_flow_option_info(int i) {
    int count = (int)(sizeof lade__option_table / sizeof *lade__option_table) - 1;

    return i >= 0 && i < count ? &lade__option_table[i].info : NULL;
}
