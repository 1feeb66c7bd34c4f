/*
 * A stream may only be resumed with the options that it had, so each field is listed here as shaping the bytes or not;
 * a new field has no third way (tests/unit/test_flow_options.c).
 */
#include "flow/option_table.h"

#include "flow/stats.h"

#define AT(field) #field, offsetof(struct lade_flow_options, field), sizeof(((struct lade_flow_options *)0)->field)

/* A field that shapes the stream, and one that does not. */
#define SHAPES(field, type) \
    { AT(field), LADE__OPTION_##type, true, 0, NULL, NULL }
#define SHAPES_OWN(field, json) \
    { AT(field), LADE__OPTION_OWN, true, 0, NULL, json }
#define FREE(field, type) \
    { AT(field), LADE__OPTION_##type, false, 0, NULL, NULL }
#define WORDS(field, count, word) \
    { AT(field), LADE__OPTION_ENUM, true, count, word, NULL }

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
    SHAPES(target_size, INT),
    WORDS(color_mode, LADE_COLOR_MODE_COUNT, lade_color_mode_name),
    WORDS(class_mode, LADE_CLASS_MODE_COUNT, lade_class_mode_name),
    WORDS(interpolation, LADE_INTERPOLATION_COUNT, lade_interpolation_name),
    SHAPES(keep_aspect_ratio, BOOL),
    WORDS(crop, LADE_CROP_COUNT, lade_crop_name),
    SHAPES(crop_scale, DOUBLE),
    SHAPES(crop_ratio, DOUBLE),
    SHAPES(crop_resize, INT),
    WORDS(decode, LADE_DECODE_COUNT, lade_decode_name),
    SHAPES(exif_orientation, BOOL),
    WORDS(dtype, LADE_UINT8 + 1, lade_dtype_name),
    WORDS(data_format, LADE_DATA_FORMAT_COUNT, lade_data_format_name),
    SHAPES(rescale, FLOAT),

    SHAPES(rotation_range, DOUBLE),
    SHAPES(width_shift_range, DOUBLE),
    SHAPES(height_shift_range, DOUBLE),
    WORDS(shift_unit, LADE_SHIFT_UNIT_COUNT, NULL),
    SHAPES(brightness_range, DOUBLE),
    SHAPES(shear_range, DOUBLE),
    SHAPES(zoom_range, DOUBLE),
    SHAPES(channel_shift_range, DOUBLE),
    WORDS(fill_mode, LADE_FILL_MODE_COUNT, lade_fill_mode_name),
    SHAPES(cval, FLOAT),
    SHAPES(horizontal_flip, BOOL),
    SHAPES(vertical_flip, BOOL),
    SHAPES(interpolation_order, INT),
    WORDS(quirks, LADE_QUIRKS_COUNT, lade_quirks_name),

    SHAPES(samplewise_center, BOOL),
    SHAPES(samplewise_std_normalization, BOOL),
    SHAPES(featurewise_center, BOOL),
    SHAPES(featurewise_std_normalization, BOOL),
    SHAPES(zca_whitening, BOOL),
    FREE(zca_epsilon, DOUBLE), /* the matrix tells it */
    SHAPES_OWN(stats, stats_json),

    SHAPES(batch_size, INT64),
    WORDS(order, LADE_ORDER_COUNT, lade_order_name),
    SHAPES_OWN(class_weights, class_weights_json),
    SHAPES(seed, SEED),
    FREE(classes, OWN), /* a state tells the classes and their files by name */
    FREE(follow_links, BOOL),
    SHAPES(validation_split, DOUBLE),
    WORDS(subset, LADE_SUBSET_COUNT, lade_subset_name),
    WORDS(split, LADE_SPLIT_COUNT, lade_split_name),

    SHAPES_OWN(preprocessing_function, preprocessing_json),
    FREE(save_to_dir, OWN),
    FREE(save_prefix, OWN),
    {AT(save_format), LADE__OPTION_ENUM, false, LADE_FORMAT_COUNT, NULL, NULL},

    FREE(workers, INT),
    FREE(rank, INT),
    FREE(world, INT),
    {AT(on_error), LADE__OPTION_ENUM, false, LADE_ERROR_POLICY_COUNT, lade_error_policy_name, NULL},
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

json_t *lade__options_json(const struct lade_flow_options *options, int classes) {
    json_t *object = json_object();

    for (const struct lade__option *o = lade__option_table; object && o->name; o++)
        if (o->shapes && json_object_set_new(object, o->name, option_json(o, options, classes)) < 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}
