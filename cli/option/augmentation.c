/*
 * Turns off augmentation and standardisation, and describes the augmentation.
 */
#include "option/augmentation.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/text.h"

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
