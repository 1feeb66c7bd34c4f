/*
 * The words for formats, colour modes, filters and so on: one table each, used both ways, so that a value and its name
 * cannot drift apart and every refusal lists what there is.
 */
#include <lade/image.h>

#include <string.h>

static const char *const format_names[LADE_FORMAT_COUNT] = {"unknown", "jpeg", "png",  "webp",
                                                            "gif",     "bmp",  "tiff", "pnm"};
static const char *const color_mode_names[LADE_COLOR_MODE_COUNT] = {"rgb", "grayscale", "rgba"};
static const char *const interpolation_names[LADE_INTERPOLATION_COUNT] = {"nearest", "bilinear", "bicubic",
                                                                          "lanczos", "box",      "hamming"};
static const char *const fill_mode_names[LADE_FILL_MODE_COUNT] = {"nearest", "constant", "reflect", "wrap"};
static const char *const quirks_names[LADE_QUIRKS_COUNT] = {"documented", "keras3"};
static const char *const data_format_names[LADE_DATA_FORMAT_COUNT] = {"channels_last", "channels_first"};
static const char *const decode_names[LADE_DECODE_COUNT] = {"exact", "fast"};

static const char *name_of(const char *const *names, unsigned count, unsigned value) {
    return value < count ? names[value] : "unknown";
}

/* Index of @name in @names from @first on, or LADE_EINVAL and the list of names. */
static int value_of(const char *what, const char *const *names, int first, int count, const char *name,
                    struct lade_error *err) {
    char list[128] = "";
    for (int i = first; i < count; i++) {
        if (name && !strcmp(name, names[i]))
            return i;
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", names[i]);
    }
    return lade_error_set(err, LADE_EINVAL, "%s '%.64s' is not known; there are: %s", what, name ? name : "(null)",
                          list);
}

const char *lade_format_name(enum lade_format format) {
    return name_of(format_names, LADE_FORMAT_COUNT, format);
}

const char *lade_color_mode_name(enum lade_color_mode mode) {
    return name_of(color_mode_names, LADE_COLOR_MODE_COUNT, mode);
}

const char *lade_interpolation_name(enum lade_interpolation interpolation) {
    return name_of(interpolation_names, LADE_INTERPOLATION_COUNT, interpolation);
}

const char *lade_fill_mode_name(enum lade_fill_mode mode) {
    return name_of(fill_mode_names, LADE_FILL_MODE_COUNT, mode);
}

const char *lade_quirks_name(enum lade_quirks quirks) {
    return name_of(quirks_names, LADE_QUIRKS_COUNT, quirks);
}

const char *lade_data_format_name(enum lade_data_format format) {
    return name_of(data_format_names, LADE_DATA_FORMAT_COUNT, format);
}

const char *lade_decode_name(enum lade_decode decode) {
    return name_of(decode_names, LADE_DECODE_COUNT, decode);
}

int lade_format_from_name(const char *name, enum lade_format *out, struct lade_error *err) {
    static const char *const others[][2] = {
        {"jpg", "jpeg"}, {"tif", "tiff"}, {"pbm", "pnm"}, {"pgm", "pnm"}, {"ppm", "pnm"}};
    for (size_t k = 0; name && k < sizeof others / sizeof *others; k++)
        if (!strcmp(name, others[k][0]))
            name = others[k][1];
    int i = value_of("format", format_names, LADE_FORMAT_UNKNOWN + 1, LADE_FORMAT_COUNT, name, err);
    if (i < 0)
        return i;
    *out = (enum lade_format)i;
    return LADE_OK;
}

int lade_color_mode_from_name(const char *name, enum lade_color_mode *out, struct lade_error *err) {
    int i = value_of("color_mode", color_mode_names, 0, LADE_COLOR_MODE_COUNT, name, err);
    if (i < 0)
        return i;
    *out = (enum lade_color_mode)i;
    return LADE_OK;
}

int lade_interpolation_from_name(const char *name, enum lade_interpolation *out, struct lade_error *err) {
    int i = value_of("interpolation", interpolation_names, 0, LADE_INTERPOLATION_COUNT, name, err);
    if (i < 0)
        return i;
    *out = (enum lade_interpolation)i;
    return LADE_OK;
}

int lade_fill_mode_from_name(const char *name, enum lade_fill_mode *out, struct lade_error *err) {
    int i = value_of("fill_mode", fill_mode_names, 0, LADE_FILL_MODE_COUNT, name, err);
    if (i < 0)
        return i;
    *out = (enum lade_fill_mode)i;
    return LADE_OK;
}

int lade_quirks_from_name(const char *name, enum lade_quirks *out, struct lade_error *err) {
    int i = value_of("quirks", quirks_names, 0, LADE_QUIRKS_COUNT, name, err);
    if (i < 0)
        return i;
    *out = (enum lade_quirks)i;
    return LADE_OK;
}

int lade_data_format_from_name(const char *name, enum lade_data_format *out, struct lade_error *err) {
    int i = value_of("data_format", data_format_names, 0, LADE_DATA_FORMAT_COUNT, name, err);
    if (i < 0)
        return i;
    *out = (enum lade_data_format)i;
    return LADE_OK;
}

int lade_decode_from_name(const char *name, enum lade_decode *out, struct lade_error *err) {
    int i = value_of("decode", decode_names, 0, LADE_DECODE_COUNT, name, err);
    if (i < 0)
        return i;
    *out = (enum lade_decode)i;
    return LADE_OK;
}

int lade_color_mode_channels(enum lade_color_mode mode) {
    static const int channels[LADE_COLOR_MODE_COUNT] = {3, 1, 4};
    return (unsigned)mode < LADE_COLOR_MODE_COUNT ? channels[mode] : 0;
}
