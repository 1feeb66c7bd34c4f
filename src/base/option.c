/*
 * Checks options that are numbers or enums. A number must be in the range that the option's struct lade_option_info
 * contains. The value of an enum must be in the option's table of words. The module that defines the options checks
 * options of other types. It also checks rules that involve several options.
 */
#include "base/option.h"

#include <math.h>
#include <string.h>

#include "base/words.h"

size_t lade__option_size(enum lade_option_type type) {
    static const size_t sizes[] = {[LADE_OPTION_BOOL] = sizeof(bool),     [LADE_OPTION_INT] = sizeof(int),
                                   [LADE_OPTION_INT64] = sizeof(int64_t), [LADE_OPTION_UINT64] = sizeof(uint64_t),
                                   [LADE_OPTION_FLOAT] = sizeof(float),   [LADE_OPTION_DOUBLE] = sizeof(double),
                                   [LADE_OPTION_ENUM] = sizeof(unsigned)};

    return (size_t)type < sizeof sizes / sizeof *sizes ? sizes[type] : 0;
}

double lade__option_value(enum lade_option_type type, const void *field, int i) {
    switch (type) {
    case LADE_OPTION_BOOL:
        return ((const bool *)field)[i];
    case LADE_OPTION_INT:
    case LADE_OPTION_ENUM:
        return ((const int *)field)[i];
    case LADE_OPTION_INT64:
        return (double)((const int64_t *)field)[i];
    case LADE_OPTION_UINT64:
        return (double)((const uint64_t *)field)[i];
    case LADE_OPTION_FLOAT:
        return (double)((const float *)field)[i];
    case LADE_OPTION_DOUBLE:
        return ((const double *)field)[i];
    default:
        return 0;
    }
}

static void store(enum lade_option_type type, void *field, int i, double value) {
    switch (type) {
    case LADE_OPTION_BOOL:
        ((bool *)field)[i] = value != 0;
        break;
    case LADE_OPTION_INT:
    case LADE_OPTION_ENUM:
        ((int *)field)[i] = (int)value;
        break;
    case LADE_OPTION_INT64:
        ((int64_t *)field)[i] = (int64_t)value;
        break;
    case LADE_OPTION_UINT64:
        ((uint64_t *)field)[i] = (uint64_t)value;
        break;
    case LADE_OPTION_FLOAT:
        ((float *)field)[i] = (float)value;
        break;
    case LADE_OPTION_DOUBLE:
        ((double *)field)[i] = value;
        break;
    default:
        break;
    }
}

bool lade__option_is_zero(const struct lade_option_info *option, const void *options) {
    const unsigned char *field = (const unsigned char *)options + option->offset;

    for (size_t i = 0; i < option->size; i++)
        if (field[i])
            return false;
    return true;
}

void lade__option_default(const struct lade_option_info *option, void *options) {
    size_t size = lade__option_size(option->type);

    if (!size || !lade__option_is_zero(option, options))
        return;
    for (int i = 0; i < (int)(option->size / size); i++)
        store(option->type, (char *)options + option->offset, i, option->default_value[i]);
}

/* ---- Checks ------------------------------------------------------------------------------------------------------ */

static bool in_range(const struct lade_option_info *o, double value) {
    return isfinite(value) && (o->above_minimum ? value > o->minimum : value >= o->minimum) &&
           (o->below_maximum ? value < o->maximum : value <= o->maximum);
}

static bool is_allowed(const struct lade_option_info *o, const void *field, int count) {
    double first = lade__option_value(o->type, field, 0);

    if (count == 1)
        return in_range(o, first) || (o->can_be_off && first == LADE_OFF);
    double second = lade__option_value(o->type, field, 1);
    if (o->single && second == 0)
        return first > 0 && first < 1;
    bool ordered = o->type == LADE_OPTION_INT || first <= second;
    return ordered && in_range(o, first) && in_range(o, second);
}

static void describe_value(const struct lade_option_info *o, const void *field, int count, char text[80]) {
    double first = lade__option_value(o->type, field, 0);

    if (count == 1)
        snprintf(text, 80, "%.15g", first);
    else
        snprintf(text, 80, "{%.15g, %.15g}", first, lade__option_value(o->type, field, 1));
}

static void describe_range(const struct lade_option_info *o, int count, char text[200]) {
    const char *noun = count == 1                   ? "a number"
                       : o->type == LADE_OPTION_INT ? "two numbers"
                                                    : "{low, high} with low <= high, both";
    bool from_to = !isinf(o->maximum) && !o->above_minimum && !o->below_maximum;
    char ends[100];

    if (isinf(o->minimum))
        snprintf(ends, sizeof ends, "finite");
    else if (isinf(o->maximum))
        snprintf(ends, sizeof ends, "%s %.15g", o->above_minimum ? "above" : "at least", o->minimum);
    else if (from_to)
        snprintf(ends, sizeof ends, "from %.15g to %.15g", o->minimum, o->maximum);
    else
        snprintf(ends, sizeof ends, "%s %.15g and %s %.15g", o->above_minimum ? "above" : "at least", o->minimum,
                 o->below_maximum ? "below" : "at most", o->maximum);
    snprintf(text, 200, "%s %s%s%s%s", noun, count == 1 && !from_to ? "that is " : "", ends,
             o->single ? ", or {f, 0} with f below 1" : "", o->can_be_off ? ", or LADE_OFF" : "");
}

static int refuse(const struct lade_option_info *o, const void *field, int count, struct lade_error *err) {
    bool zero_is_special = o->minimum > 0 || o->above_minimum;
    char value[80], range[200];

    describe_value(o, field, count, value);
    describe_range(o, count, range);
    return lade_error_set_subject(err, LADE_EINVAL, o->name, "%s is %s: it must be %s%s", o->name, value, range,
                                  zero_is_special ? ", or 0 for the default" : "");
}

static int check_enum(const struct lade_option_info *o, int value, struct lade_error *err) {
    int highest = o->maximum > 0 ? (int)o->maximum : INT32_MAX;
    char list[200];

    if (value == 0)
        return LADE_OK;
    for (const struct lade_word *w = o->words; w->word; w++)
        if (w->value == value && value <= highest)
            return LADE_OK;
    lade__word_list(o->words, INT32_MIN, highest, list, sizeof list);
    return lade_error_set_subject(err, LADE_EINVAL, o->name, "%s is %d: it must be the value for %s", o->name, value,
                                  list);
}

int lade__option_check(const struct lade_option_info *option, const void *options, struct lade_error *err) {
    const void *field = (const char *)options + option->offset;
    size_t size = lade__option_size(option->type);

    if (!size || option->type == LADE_OPTION_BOOL || lade__option_is_zero(option, options))
        return LADE_OK;
    if (option->type == LADE_OPTION_ENUM)
        return option->words ? check_enum(option, *(const int *)field, err) : LADE_OK;
    int count = (int)(option->size / size);
    return is_allowed(option, field, count) ? LADE_OK : refuse(option, field, count, err);
}

int lade__reserved_check(const unsigned char *reserved, size_t size, const char *what, struct lade_error *err) {
    if (!reserved[0] && !memcmp(reserved, reserved + 1, size - 1)) /* each byte is equal to the byte after it */
        return LADE_OK;
    return lade_error_set_subject(
        err, LADE_EINVAL, "reserved",
        "struct %s: the reserved bytes are not zero; initialise the struct with {0}. If the program was built "
        "with the headers of a later version of lade, install that version",
        what);
}
