#ifndef LADE_IMAGE_NAMES_H
#define LADE_IMAGE_NAMES_H
#include <stdbool.h>
#include <lade/base.h>
#ifdef __cplusplus
extern "C" {
#endif
enum lade_format {
    LADE_FORMAT_UNKNOWN = 0,
    LADE_FORMAT_JPEG,
    LADE_FORMAT_PNG,
    LADE_FORMAT_WEBP,
    LADE_FORMAT_GIF,
    LADE_FORMAT_BMP,
    LADE_FORMAT_TIFF,
    LADE_FORMAT_PNM,
    LADE_FORMAT_COUNT
};
enum lade_color_mode {
    LADE_COLOR_RGB = 0,
    LADE_COLOR_GRAYSCALE,
    LADE_COLOR_RGBA,
    LADE_COLOR_MODE_COUNT
};
enum lade_interpolation {
    LADE_INTERPOLATION_NEAREST = 0,
    LADE_INTERPOLATION_BILINEAR,
    LADE_INTERPOLATION_BICUBIC,
    LADE_INTERPOLATION_LANCZOS,
    LADE_INTERPOLATION_BOX,
    LADE_INTERPOLATION_HAMMING,
    LADE_INTERPOLATION_COUNT
};
enum lade_fill_mode {
    LADE_FILL_NEAREST = 0,
    LADE_FILL_CONSTANT,
    LADE_FILL_REFLECT,
    LADE_FILL_WRAP,
    LADE_FILL_MODE_COUNT
};
enum lade_quirks {
    LADE_QUIRKS_DOCUMENTED = 0,
    LADE_QUIRKS_KERAS3,
    LADE_QUIRKS_COUNT
};
enum lade_data_format {
    LADE_CHANNELS_LAST = 0,
    LADE_CHANNELS_FIRST,
    LADE_DATA_FORMAT_COUNT
};
enum lade_decode {
    LADE_DECODE_EXACT = 0,
    LADE_DECODE_FAST,
    LADE_DECODE_COUNT
};
LADE_API const char *lade_format_name(enum lade_format format);
LADE_API const char *lade_color_mode_name(enum lade_color_mode mode);
LADE_API const char *lade_interpolation_name(enum lade_interpolation interpolation);
LADE_API const char *lade_fill_mode_name(enum lade_fill_mode mode);
LADE_API const char *lade_quirks_name(enum lade_quirks quirks);
LADE_API const char *lade_data_format_name(enum lade_data_format format);
LADE_API const char *lade_decode_name(enum lade_decode decode);
LADE_API int lade_format_from_name(const char *name, enum lade_format *out, struct lade_error *err);
LADE_API int lade_color_mode_from_name(const char *name, enum lade_color_mode *out, struct lade_error *err);
LADE_API int lade_interpolation_from_name(const char *name, enum lade_interpolation *out, struct lade_error *err);
LADE_API int lade_fill_mode_from_name(const char *name, enum lade_fill_mode *out, struct lade_error *err);
LADE_API int lade_quirks_from_name(const char *name, enum lade_quirks *out, struct lade_error *err);
LADE_API int lade_data_format_from_name(const char *name, enum lade_data_format *out, struct lade_error *err);
LADE_API int lade_decode_from_name(const char *name, enum lade_decode *out, struct lade_error *err);
struct lade_format_info {
    const char *name;
    const char *title;
    const char *const *suffixes;
    bool readable;
    bool writable;
    bool writes_alpha;
};
LADE_API const struct lade_format_info *lade_format_info(enum lade_format format);
LADE_API enum lade_format lade_format_from_path(const char *path);
LADE_API int lade_color_mode_channels(enum lade_color_mode mode);
#ifdef __cplusplus
}
#endif
#endif
