/*
 * A stream may only be resumed with the options that it had, and a net only be asked about images that are made as it
 * knows them; so each field is listed here by what it does to samples, and a new field is not forgotten
 * (tests/unit/flow/test_flow_options.c).
 */
#include "flow/option/option_table.h"

#include <limits.h>
#include <string.h>

#include "flow/statistics/stats.h"

#define AT(field) #field, offsetof(struct lade_flow_options, field), sizeof(((struct lade_flow_options *)0)->field)

#define MAKES(field, type) \
    { AT(field), LADE__OPTION_##type, LADE__OPTION_MAKES, 0, NULL, NULL }
#define MAKES_WORDS(field, count, word) \
    { AT(field), LADE__OPTION_ENUM, LADE__OPTION_MAKES, count, word, NULL }
#define SHAPES(field, type) \
    { AT(field), LADE__OPTION_##type, LADE__OPTION_SHAPES, 0, NULL, NULL }
#define SHAPES_WORDS(field, count, word) \
    { AT(field), LADE__OPTION_ENUM, LADE__OPTION_SHAPES, count, word, NULL }
#define SHAPES_OWN(field, json) \
    { AT(field), LADE__OPTION_OWN, LADE__OPTION_SHAPES, 0, NULL, json }
#define FREE(field, type) \
    { AT(field), LADE__OPTION_##type, LADE__OPTION_FREE, 0, NULL, NULL }
#define FREE_WORDS(field, count, word) \
    { AT(field), LADE__OPTION_ENUM, LADE__OPTION_FREE, count, word, NULL }

static json_t *class_weights_json(const struct lade_flow_options *o, int classes) {
    json_t *array = o->class_weights ? json_array() : json_null();

    for (int c = 0; o->class_weights && array && c < classes; c++)
        if (json_array_append_new(array, json_real(o->class_weights[c])) < 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* Statistics that nothing uses are none. */
static json_t *stats_json(const struct lade_flow_options *options, int classes) {
    (void)classes;
    bool used = options->featurewise_center || options->featurewise_std_normalization || options->zca_whitening;
    return used && options->stats ? lade__stats_json(options->stats, LADE__STATS_DIGEST) : json_null();
}

/* What a function does no state can tell; that there is one, it can. */
static json_t *preprocessing_json(const struct lade_flow_options *o, int classes) {
    (void)classes;
    return json_boolean(o->preprocessing_function.call != NULL);
}

const struct lade__option lade__option_table[] = {
    MAKES(target_size, INT),
    MAKES_WORDS(color_mode, LADE_COLOR_MODE_COUNT, lade_color_mode_name),
    SHAPES_WORDS(class_mode, LADE_CLASS_MODE_COUNT, lade_class_mode_name),
    MAKES_WORDS(interpolation, LADE_INTERPOLATION_COUNT, lade_interpolation_name),
    MAKES(keep_aspect_ratio, BOOL),
    MAKES_WORDS(crop, LADE_CROP_COUNT, lade_crop_name),
    SHAPES(crop_scale, DOUBLE),
    SHAPES(crop_ratio, DOUBLE),
    MAKES(crop_resize, INT),
    MAKES_WORDS(decode, LADE_DECODE_COUNT, lade_decode_name),
    MAKES(exif_orientation, BOOL),
    MAKES_WORDS(dtype, LADE_UINT8 + 1, lade_dtype_name),
    MAKES_WORDS(data_format, LADE_DATA_FORMAT_COUNT, lade_data_format_name),
    MAKES(rescale, FLOAT),

    SHAPES(rotation_range, DOUBLE),
    SHAPES(width_shift_range, DOUBLE),
    SHAPES(height_shift_range, DOUBLE),
    SHAPES_WORDS(shift_unit, LADE_SHIFT_UNIT_COUNT, NULL),
    SHAPES(brightness_range, DOUBLE),
    SHAPES(shear_range, DOUBLE),
    SHAPES(zoom_range, DOUBLE),
    SHAPES(channel_shift_range, DOUBLE),
    SHAPES_WORDS(fill_mode, LADE_FILL_MODE_COUNT, lade_fill_mode_name),
    SHAPES(cval, FLOAT),
    SHAPES(horizontal_flip, BOOL),
    SHAPES(vertical_flip, BOOL),
    SHAPES(interpolation_order, INT),
    SHAPES_WORDS(quirks, LADE_QUIRKS_COUNT, lade_quirks_name),

    MAKES(samplewise_center, BOOL),
    MAKES(samplewise_std_normalization, BOOL),
    MAKES(featurewise_center, BOOL),
    MAKES(featurewise_std_normalization, BOOL),
    MAKES(zca_whitening, BOOL),
    FREE(zca_epsilon, DOUBLE), /* the matrix tells it */
    SHAPES_OWN(stats, stats_json),

    SHAPES(batch_size, INT64),
    SHAPES_WORDS(order, LADE_ORDER_COUNT, lade_order_name),
    SHAPES_OWN(class_weights, class_weights_json),
    SHAPES(seed, SEED),
    FREE(classes, OWN), /* a state tells the classes and their files by name */
    FREE(follow_links, BOOL),
    SHAPES(validation_split, DOUBLE),
    SHAPES_WORDS(subset, LADE_SUBSET_COUNT, lade_subset_name),
    SHAPES_WORDS(split, LADE_SPLIT_COUNT, lade_split_name),

    SHAPES_OWN(preprocessing_function, preprocessing_json),
    FREE(save_to_dir, OWN),
    FREE(save_prefix, OWN),
    FREE_WORDS(save_format, LADE_FORMAT_COUNT, NULL),

    FREE(workers, INT),
    FREE(rank, INT),
    FREE(world, INT),
    FREE_WORDS(on_error, LADE_ERROR_POLICY_COUNT, lade_error_policy_name),
    FREE(max_bad, INT64),
    FREE(max_bad_rate, DOUBLE),
    FREE(limits, OWN),
    {0},
};

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static size_t size_of(enum lade__option_type type) {
    static const size_t sizes[] = {sizeof(bool),  sizeof(int),    sizeof(int64_t), sizeof(uint64_t),
                                   sizeof(float), sizeof(double), sizeof(unsigned)};
    return sizes[type];
}

static json_t *seed_json(uint64_t seed) {
    char text[24];

    snprintf(text, sizeof text, "%llu", (unsigned long long)seed);
    return json_string(text);
}

static json_t *value_json(const struct lade__option *option, const void *at) {
    switch (option->type) {
    case LADE__OPTION_BOOL:
        return json_boolean(*(const bool *)at);
    case LADE__OPTION_INT:
        return json_integer(*(const int *)at);
    case LADE__OPTION_INT64:
        return json_integer(*(const int64_t *)at);
    case LADE__OPTION_SEED:
        return seed_json(*(const uint64_t *)at);
    case LADE__OPTION_FLOAT:
        return json_real((double)*(const float *)at);
    case LADE__OPTION_DOUBLE:
        return json_real(*(const double *)at);
    case LADE__OPTION_ENUM:
        return option->word ? json_string(option->word(*(const unsigned *)at)) : json_integer(*(const unsigned *)at);
    case LADE__OPTION_OWN:
        break;
    }
    return NULL;
}

static json_t *option_json(const struct lade__option *option, const struct lade_flow_options *options, int classes) {
    const char *at = (const char *)options + option->at;

    if (option->type == LADE__OPTION_OWN)
        return option->json(options, classes);
    size_t size = size_of(option->type);
    if (size == option->bytes)
        return value_json(option, at);
    json_t *array = json_array();
    for (size_t i = 0; array && i < option->bytes; i += size)
        if (json_array_append_new(array, value_json(option, at + i)) < 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *lade__options_json(const struct lade_flow_options *options, enum lade__option_role least, int classes) {
    json_t *object = json_object();

    for (const struct lade__option *o = lade__option_table; object && o->name; o++)
        if (o->role >= least && json_object_set_new(object, o->name, option_json(o, options, classes)) < 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

/* ---- And back ---------------------------------------------------------------------------------------------------- */

static bool read_enum(const struct lade__option *option, const json_t *value, unsigned *at) {
    const char *text = json_string_value(value);

    for (unsigned i = 0; text && i < option->count; i++)
        if (strcmp(option->word(i), text) == 0) {
            *at = i;
            return true;
        }
    return false;
}

/* Of those types that options have which make a sample. */
static bool read_value(const struct lade__option *option, const json_t *value, void *at) {
    double number = json_number_value(value);

    switch (option->type) {
    case LADE__OPTION_BOOL:
        *(bool *)at = json_is_true(value);
        return json_is_boolean(value);
    case LADE__OPTION_INT:
        *(int *)at = json_is_integer(value) && number >= INT_MIN && number <= INT_MAX ? (int)number : 0;
        return json_is_integer(value) && number >= INT_MIN && number <= INT_MAX;
    case LADE__OPTION_FLOAT:
        *(float *)at = (float)number;
        return json_is_number(value);
    case LADE__OPTION_ENUM:
        return read_enum(option, value, at);
    default:
        return false;
    }
}

static bool read_option(const struct lade__option *option, const json_t *value, char *at) {
    size_t size = size_of(option->type);
    bool good = true;

    if (size == option->bytes)
        return read_value(option, value, at);
    for (size_t i = 0; good && i < option->bytes / size; i++)
        good = read_value(option, json_array_get(value, i), at + i * size);
    return good && json_array_size(value) == option->bytes / size;
}

const char *lade__options_from_json(const json_t *object, struct lade_flow_options *options) {
    for (const struct lade__option *o = lade__option_table; o->name; o++)
        if (o->role == LADE__OPTION_MAKES && !read_option(o, json_object_get(object, o->name), (char *)options + o->at))
            return o->name;
    return NULL;
}
