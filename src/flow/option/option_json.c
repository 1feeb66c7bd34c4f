/*
 * Converts options to and from JSON, for saved states and for the preprocessing that a net stores. The value of an enum
 * is usually stored as its name, because a number has no meaning for a person who reads the file.
 */
#include "flow/option/option_table.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "base/option.h"
#include "base/words.h"

/* Returns the integer as a JSON string, because a JSON number may be read as a double, which cannot hold all 64-bit
   integers. */
static json_t *uint64_json(uint64_t value) {
    char text[24];

    snprintf(text, sizeof text, "%" PRIu64, value);
    return json_string(text);
}

static json_t *value_json(const struct lade_option_info *option, const void *value) {
    switch (option->type) {
    case LADE_OPTION_BOOL:
        return json_boolean(*(const bool *)value);
    case LADE_OPTION_INT:
        return json_integer(*(const int *)value);
    case LADE_OPTION_INT64:
        return json_integer(*(const int64_t *)value);
    case LADE_OPTION_UINT64:
        return uint64_json(*(const uint64_t *)value);
    case LADE_OPTION_FLOAT:
        return json_real((double)*(const float *)value);
    case LADE_OPTION_DOUBLE:
        return json_real(*(const double *)value);
    case LADE_OPTION_ENUM:
        return option->stored_as_number ? json_integer(*(const int *)value)
                                        : json_string(lade__word_name(option->words, *(const int *)value));
    default:
        return NULL;
    }
}

static json_t *option_json(const struct lade__option *row, const struct lade_flow_options *options, int classes) {
    const struct lade_option_info *option = &row->info;
    const char *field = (const char *)options + option->offset;
    size_t size = lade__option_size(option->type);

    if (row->json)
        return row->json(options, classes);
    if (size == option->size)
        return value_json(option, field);
    json_t *array = json_array();
    for (size_t i = 0; array && i < option->size; i += size)
        if (json_array_append_new(array, value_json(option, field + i)) < 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *lade__options_json(const struct lade_flow_options *options, enum lade_option_role least, int classes) {
    json_t *object = json_object();

    for (const struct lade__option *o = lade__option_table; object && o->info.name; o++)
        if (o->info.role >= least && json_object_set_new(object, o->info.name, option_json(o, options, classes)) < 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Reads a value. Supports only the types that options with the role LADE_OPTION_SAMPLE have. */
static bool read_value(const struct lade_option_info *option, const json_t *json, void *value) {
    double number = json_number_value(json);
    bool fits_int = json_is_integer(json) && number >= INT_MIN && number <= INT_MAX;

    switch (option->type) {
    case LADE_OPTION_BOOL:
        *(bool *)value = json_is_true(json);
        return json_is_boolean(json);
    case LADE_OPTION_INT:
        *(int *)value = fits_int ? (int)number : 0;
        return fits_int;
    case LADE_OPTION_FLOAT:
        *(float *)value = (float)number;
        return json_is_number(json);
    case LADE_OPTION_ENUM:
        return lade__word_value(option->words, option->name, json_string_value(json), value, NULL) == LADE_OK;
    default:
        return false;
    }
}

static bool read_option(const struct lade_option_info *option, const json_t *json, char *field) {
    size_t size = lade__option_size(option->type);
    bool good = true;

    if (size == option->size)
        return read_value(option, json, field);
    for (size_t i = 0; good && i < option->size / size; i++)
        good = read_value(option, json_array_get(json, i), field + i * size);
    return good && json_array_size(json) == option->size / size;
}

const char *lade__options_from_json(const json_t *object, struct lade_flow_options *options) {
    for (const struct lade__option *row = lade__option_table; row->info.name; row++) {
        const struct lade_option_info *o = &row->info;
        const json_t *json = json_object_get(object, o->name);
        char *field = (char *)options + o->offset;
        if (o->role != LADE_OPTION_SAMPLE)
            continue;
        if (!json && row->added)
            memset(field, 0, o->size);
        else if (!(row->read ? row->read(json, options) : read_option(o, json, field)))
            return o->name;
    }
    return NULL;
}
