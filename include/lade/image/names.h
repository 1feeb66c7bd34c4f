/*
 * lade/image/names.h - declares enums for images, such as file formats and colour modes, and functions that return the
 * names of their values. lade/image.h includes this header.
 */
#ifndef LADE_IMAGE_NAMES_H
#define LADE_IMAGE_NAMES_H

#include <stdbool.h>

#include <lade/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The file formats. The format of a file is found from its content, not from its name. A build may leave out WebP, GIF,
 * TIFF and AVIF (CMake options LADE_WEBP, LADE_GIF, LADE_TIFF, LADE_AVIF). Decoding a file of a missing format returns
 * LADE_EUNSUPPORTED.
 */
enum lade_format {
    LADE_FORMAT_UNKNOWN = 0,
    LADE_FORMAT_JPEG, /* grey, YCbCr, RGB, CMYK, YCCK; baseline, progressive, arithmetic; 8 bits */
    LADE_FORMAT_PNG,  /* every colour type, 1 to 16 bits, also interlaced */
    LADE_FORMAT_WEBP, /* lossy and lossless; the first image of an animation */
    LADE_FORMAT_GIF,  /* the first image, drawn on the canvas of the file */
    LADE_FORMAT_BMP,  /* Windows and OS/2; 1 to 32 bits, colour masks, run-length encoding */
    LADE_FORMAT_TIFF, /* the first page; strips and tiles; grey, palette, RGB, CMYK, YCbCr; 1 to 16 bits */
    LADE_FORMAT_PNM,  /* P1 to P6: PBM, PGM, PPM */
    LADE_FORMAT_AVIF, /* 8, 10 and 12 bits, alpha; the first image of a sequence; libavif is loaded when it is needed */
    LADE_FORMAT_COUNT
};

/*
 * The channels of a decoded image. Colours are converted as in Pillow's convert("RGB"), convert("L") and
 * convert("RGBA"). If the mode has no alpha, the alpha channel of the file is ignored, and colours are not blended. A
 * 16-bit colour value is replaced by its high byte. A 16-bit grey value is divided by 257 and rounded, so that 65535
 * becomes 255. lade_image_decode16() keeps all 16 bits.
 */
enum lade_color_mode {
    LADE_COLOR_RGB = 0,   /* 3 channels; the default of Keras */
    LADE_COLOR_GRAYSCALE, /* 1 channel: (19595 R + 38470 G + 7471 B + 2^15) / 2^16 */
    LADE_COLOR_RGBA,      /* 4 channels; alpha is 255 if the file has none */
    LADE_COLOR_MODE_COUNT
};

/*
 * The filter of a resize. The filters are the same as in Pillow. If the image becomes smaller, the filter uses all
 * source pixels that an output pixel covers ("antialiased").
 */
enum lade_interpolation {
    LADE_INTERPOLATION_NEAREST = 0, /* the default of Keras */
    LADE_INTERPOLATION_BILINEAR,
    LADE_INTERPOLATION_BICUBIC, /* a = -0.5 */
    LADE_INTERPOLATION_LANCZOS, /* 3 lobes */
    LADE_INTERPOLATION_BOX,
    LADE_INTERPOLATION_HAMMING,
    LADE_INTERPOLATION_COUNT
};

/*
 * The values of the pixels outside of the image, which augmentation may move into the result. Each comment shows a row
 * of an image with the pixels abcd, as in the documentation of Keras. The letters to the left and to the right of abcd
 * are the pixels outside of the image.
 */
enum lade_fill_mode {
    LADE_FILL_NEAREST = 0, /* aaaaaaaa|abcd|dddddddd */
    LADE_FILL_CONSTANT,    /* kkkkkkkk|abcd|kkkkkkkk with k = cval; positions between a and k, or d and k, get k */
    LADE_FILL_REFLECT,     /* abcddcba|abcd|dcbaabcd */
    LADE_FILL_WRAP,        /* abcdabcd|abcd|abcdabcd, exactly periodic */
    LADE_FILL_MODE_COUNT
};

/*
 * The meaning of the parameters of augmentation. There are two meanings, because Keras 3 does not do what its
 * documentation says.
 */
enum lade_quirks {
    LADE_QUIRKS_DOCUMENTED = 0, /* as the documentation of Keras describes the parameters */
    LADE_QUIRKS_KERAS3,         /* as Keras 3 uses the parameters; docs/augmentation.md lists the differences */
    LADE_QUIRKS_COUNT
};

/*
 * The order of a tensor's axes.
 */
enum lade_data_format {
    LADE_CHANNELS_LAST = 0, /* (H, W, C) */
    LADE_CHANNELS_FIRST,    /* (C, H, W) */
    LADE_DATA_FORMAT_COUNT
};

/*
 * The accuracy of decoding.
 */
enum lade_decode {
    LADE_DECODE_EXACT = 0, /* every pixel equals the pixel that Pillow decodes */
    LADE_DECODE_FAST,      /* a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size before the resize, but not below the
                              target size. Decoding is then several times faster for large photos, but pixels differ
                              slightly */
    LADE_DECODE_COUNT
};

/*
 * lade_format_name()        - "jpeg", "png", "webp", ...; see struct lade_format_info.
 * lade_color_mode_name()    - "rgb", "grayscale", "rgba".
 * lade_interpolation_name() - "nearest", "bilinear", "bicubic", "lanczos", "box", "hamming".
 * lade_fill_mode_name()     - "nearest", "constant", "reflect", "wrap".
 * lade_quirks_name()        - "documented", "keras3".
 * lade_data_format_name()   - "channels_last", "channels_first".
 * lade_decode_name()        - "exact", "fast".
 *
 * These functions return a static string, or "unknown" for a value that is not in the enum. If Keras has a name for the
 * value, the string is this name. Any thread.
 */
LADE_API const char *lade_format_name(enum lade_format format);
LADE_API const char *lade_color_mode_name(enum lade_color_mode mode);
LADE_API const char *lade_interpolation_name(enum lade_interpolation interpolation);
LADE_API const char *lade_fill_mode_name(enum lade_fill_mode mode);
LADE_API const char *lade_quirks_name(enum lade_quirks quirks);
LADE_API const char *lade_data_format_name(enum lade_data_format format);
LADE_API const char *lade_decode_name(enum lade_decode decode);

/*
 * lade_format_from_name(), lade_color_mode_from_name(), lade_interpolation_from_name(), lade_fill_mode_from_name(),
 * lade_quirks_from_name(), lade_data_format_from_name(), lade_decode_from_name() - find the value that has @name.
 * lade_format_from_name() also accepts the suffixes of a format, such as "jpg".
 *
 * On success, these functions set *out and return LADE_OK. Otherwise they return LADE_EINVAL with a list of the names
 * in @err, and leave *out unchanged. Any thread.
 */
LADE_API int lade_format_from_name(const char *name, enum lade_format *out, struct lade_error *err);
LADE_API int lade_color_mode_from_name(const char *name, enum lade_color_mode *out, struct lade_error *err);
LADE_API int lade_interpolation_from_name(const char *name, enum lade_interpolation *out, struct lade_error *err);
LADE_API int lade_fill_mode_from_name(const char *name, enum lade_fill_mode *out, struct lade_error *err);
LADE_API int lade_quirks_from_name(const char *name, enum lade_quirks *out, struct lade_error *err);
LADE_API int lade_data_format_from_name(const char *name, enum lade_data_format *out, struct lade_error *err);
LADE_API int lade_decode_from_name(const char *name, enum lade_decode *out, struct lade_error *err);

/*
 * The properties of a file format. Later versions may add fields at the end.
 */
struct lade_format_info {
    const char *name;            /* the result of lade_format_name(), for example "jpeg" */
    const char *title;           /* the name for text that people read, for example "JPEG" */
    const char *const *suffixes; /* the suffixes of file names, for example {"jpg", "jpeg", NULL}; new files have the
                                    first suffix */
    bool readable;               /* false if the build leaves the format out */
    bool writable;               /* lade_image_write() can write the format */
    bool writes_alpha;           /* lade_image_write() keeps the alpha channel of an RGBA image */
};

LADE__SAME_NAME_BEGIN
/*
 * lade_format_info() - returns the properties of @format, in static memory. Returns NULL for a value that is not a
 *                      format.
 *
 *     for (int f = LADE_FORMAT_UNKNOWN + 1; f < LADE_FORMAT_COUNT; f++)
 *         puts(lade_format_info((enum lade_format)f)->title);
 *
 * Any thread.
 */
LADE_API const struct lade_format_info *lade_format_info(enum lade_format format);
LADE__SAME_NAME_END

/*
 * lade_format_from_path() - returns the format that belongs to the suffix of @path, in upper or lower case. For
 * example, "a/b.JPG" belongs to LADE_FORMAT_JPEG.
 *
 * Returns LADE_FORMAT_UNKNOWN if no format has the suffix. The file is not read and need not exist. Any thread.
 */
LADE_API enum lade_format lade_format_from_path(const char *path);

/*
 * lade_color_mode_channels() - returns the number of channels (1, 3 or 4), or 0 for a value that is not in the enum.
 * Any thread.
 */
LADE_API int lade_color_mode_channels(enum lade_color_mode mode);

#ifdef __cplusplus
}
#endif
#endif
