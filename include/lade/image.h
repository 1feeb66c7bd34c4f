/*
 * lade/image.h - decodes, resizes, augments and writes images.
 *
 * The functions work on memory; only lade_image_write() accesses a file. They use no global variables and no threads. A
 * lade_decoder keeps memory from one image to the next. Each thread needs its own decoder.
 *
 *     lade_decoder *d = lade_decoder_new();
 *     struct lade_decode_options options = {.target_size = {224, 224}, .interpolation = LADE_INTERPOLATION_BILINEAR};
 *     struct lade_image image;
 *     if (lade_image_decode_resized(d, bytes, n, &options, &image, &err) < 0)
 *         ...                                                         // err.message describes the error
 *     lade_image_write("small.png", &image, LADE_FORMAT_PNG, 0, &err); // image is valid until the next call with d
 *     lade_decoder_free(d);
 *
 * If Pillow uses the same libjpeg, the results equal, byte for byte, the results of Pillow's
 * Image.open(f).convert(mode).resize((w, h), filter). Keras's load_img() calls these functions of Pillow.
 */
#ifndef LADE_IMAGE_H
#define LADE_IMAGE_H

#include <lade/base.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Enums and their names --------------------------------------------------------------------------------------- */

/*
 * The file formats. The format of a file is found from its content, not from its name. A build may leave out WebP, GIF
 * and TIFF (CMake options LADE_WEBP, LADE_GIF, LADE_TIFF). Decoding a file of a missing format returns
 * LADE_EUNSUPPORTED.
 */
enum lade_format {
    LADE_FORMAT_UNKNOWN = 0,
    LADE_FORMAT_JPEG, /* grey, YCbCr, RGB, CMYK, YCCK; baseline, progressive, arithmetic; 8 bits */
    LADE_FORMAT_PNG,  /* every colour type, 1 to 16 bits, also interlaced */
    LADE_FORMAT_WEBP, /* lossy and lossless; the first image of an animation */
    LADE_FORMAT_GIF,  /* the first image, drawn on the canvas of the file */
    LADE_FORMAT_BMP,  /* Windows and OS/2; 1 to 32 bits, colour masks, run-length encoding */
    LADE_FORMAT_TIFF, /* the first page; strips and tiles; grey, palette, RGB, CMYK, YCbCr; 1 to 16 bits, grey also
    32 */
    LADE_FORMAT_PNM,  /* P1 to P6: PBM, PGM, PPM */
    LADE_FORMAT_COUNT
};

/*
 * The channels of a decoded image. Colours are converted as in Pillow's convert("RGB"), convert("L") and
 * convert("RGBA"). Without alpha, the alpha channel of the file is ignored, and colours are not blended. 16-bit colour
 * keeps its high byte; 16-bit grey is clamped to 255.
 */
enum lade_color_mode {
    LADE_COLOR_RGB = 0,   /* 3 channels; the default of Keras */
    LADE_COLOR_GRAYSCALE, /* 1 channel: (19595 R + 38470 G + 7471 B + 2^15) / 2^16 */
    LADE_COLOR_RGBA,      /* 4 channels; alpha is 255 if the file has none */
    LADE_COLOR_MODE_COUNT
};

/*
 * The filter of a resize. The filters are the same as in Pillow: if an image is reduced, the filter covers all source
 * pixels of an output pixel ("antialiased").
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
 * The values of the pixels outside of the image. Augmentation may move such pixels into the picture. As in the
 * documentation of Keras, the comments show a row with the pixels abcd between its outside pixels.
 */
enum lade_fill_mode {
    LADE_FILL_NEAREST = 0, /* aaaaaaaa|abcd|dddddddd */
    LADE_FILL_CONSTANT,    /* kkkkkkkk|abcd|kkkkkkkk with k = cval; positions between a and k, or d and k, get k */
    LADE_FILL_REFLECT,     /* abcddcba|abcd|dcbaabcd */
    LADE_FILL_WRAP,        /* abcdabcd|abcd|abcdabcd, exactly periodic */
    LADE_FILL_MODE_COUNT
};

/*
 * The meaning of the parameters of augmentation. Keras 3 differs from its own documentation.
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
                              target size. This is several times faster for large photos, but pixels differ slightly */
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
 * Facts about a file format. Later versions may add fields at the end.
 */
struct lade_format_info {
    const char *name;            /* the result of lade_format_name(), for example "jpeg" */
    const char *title;           /* the name for text that people read, for example "JPEG" */
    const char *const *suffixes; /* the suffixes of file names, for example {"jpg", "jpeg", NULL}; new files get the
                                    first suffix */
    bool readable;               /* false if the build leaves the format out */
    bool writable;               /* lade_image_write() can write the format */
    bool writes_alpha;           /* lade_image_write() keeps the alpha channel of an RGBA image */
};

/*
 * lade_format_info() - returns the facts about @format, in static memory, or NULL for a value that is not a format.
 *
 *     for (int f = LADE_FORMAT_UNKNOWN + 1; f < LADE_FORMAT_COUNT; f++)
 *         puts(lade_format_info((enum lade_format)f)->title);
 *
 * Any thread.
 */
LADE_API const struct lade_format_info *lade_format_info(enum lade_format format);

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

/* ---- Images ------------------------------------------------------------------------------------------------------ */

/*
 * An image. The struct does not own the memory of its pixels.
 *
 * The pixels are uint8 in the order (H, W, C): pixel (y, x) is at pixels + y * stride + x * channels.
 */
struct lade_image {
    uint8_t *pixels;
    int width;
    int height;
    int channels;  /* 1: grey, 3: RGB, 4: RGBA */
    size_t stride; /* bytes from one row to the next, >= width * channels */
};

/*
 * The header of an image file.
 */
struct lade_image_info {
    enum lade_format format;
    int width;       /* before the image is turned upright */
    int height;      /* before the image is turned upright */
    int channels;    /* in the file. 1: grey or palette, 2: grey and alpha, 3: colour, 4: colour and alpha, or CMYK */
    int bits;        /* number of bits of a sample in the file: 8 in JPEG; 1, 2, 4, 8 or 16 in PNG */
    int orientation; /* Exif orientation, 1 to 8; 1 (upright) if the header has none */
};

/*
 * Limits that are checked before any memory is allocated. 0 means the default; UINT64_MAX means no limit.
 */
struct lade_image_limits {
    uint64_t max_pixels;     /* width * height; default LADE_MAX_PIXELS */
    uint64_t max_file_bytes; /* size of the encoded image; default LADE_MAX_FILE_BYTES */
};

#define LADE_MAX_PIXELS     UINT64_C(178956970) /* half a GiB of RGB; above, Pillow raises DecompressionBombError */
#define LADE_MAX_FILE_BYTES UINT64_C(536870912) /* half a GiB */

/*
 * lade_image_probe() - finds the format of an image and reads its header. Allocates nothing.
 *
 * @bytes  the content of the file, or its first bytes, including the whole header   (borrowed)
 *
 * Returns LADE_OK with *info filled, even if lade_image_decode() would return LADE_ELIMIT or LADE_EUNSUPPORTED for the
 * image. Returns LADE_EFORMAT if there are no bytes, or if the header is truncated or damaged. Returns
 * LADE_EUNSUPPORTED if lade does not read the format; the message in @err then describes the bytes. Any thread.
 */
LADE_API int lade_image_probe(const void *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);

/*
 * lade_image_size() - computes the size of the decoded image from the header.
 *
 * @exif_orientation  the value of the field in struct lade_decode_options, which turns the image upright
 *
 * Errors and cost are the same as for lade_image_probe().
 */
LADE_API int lade_image_size(const void *bytes, size_t n, bool exif_orientation, int *height, int *width,
                             struct lade_error *err);

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

/*
 * A decoder holds the buffers and the codec data that one thread needs to decode images, and keeps both from one image
 * to the next.
 *
 * The buffers grow to the largest size that was needed. Usually they hold the result and a few rows of the decoded
 * image. The buffers hold the whole decoded image for lade_image_decode(), for images that are turned, and for
 * interlaced PNG and GIF, progressive JPEG, WebP, run-length encoded BMP, and TIFF in one strip.
 */
typedef struct lade_decoder lade_decoder;

/*
 * lade_decoder_new()  - creates a decoder, which the caller owns. Returns NULL if there is no memory.
 * lade_decoder_free() - frees a decoder and all images borrowed from it. NULL is allowed.
 *
 * Only one thread at a time may use a decoder.
 */
LADE_API lade_decoder *lade_decoder_new(void);
LADE_API void lade_decoder_free(lade_decoder *decoder);

/*
 * lade_decoder_warning() - returns a description of the first defect of the last image, if the image was decoded
 * although it has a defect. For example, a JPEG with damaged data in its middle is decoded, because Pillow accepts such
 * a file without a message.
 *
 * Returns NULL if there was no defect. The string belongs to @decoder and is valid until the next call with @decoder.
 */
LADE_API const char *lade_decoder_warning(const lade_decoder *decoder);

/*
 * lade_image_decode() - decodes an image without resizing it.
 *
 * @bytes   the whole file   (borrowed)
 * @limits  NULL means the defaults
 * @out     is set to the image; its pixels belong to @decoder and are valid until the next call with @decoder. On
 *          failure, @out is not changed
 *
 * Returns
 *   LADE_OK;
 *   LADE_EFORMAT       the file is damaged or truncated; @err has the byte offset if it is known;
 *   LADE_EUNSUPPORTED  lade does not read the format, or this variant of the format (for example a JPEG of 12 bits);
 *   LADE_ELIMIT        the image exceeds a limit. The limits are checked before any allocation;
 *   LADE_EINVAL or LADE_ENOMEM.
 * After an error @decoder can decode the next image.
 *
 * Cost: the time that the library of the format needs (for example libjpeg-turbo), and one pass over the pixels if
 * colours are converted.
 */
LADE_API int lade_image_decode(lade_decoder *decoder, const void *bytes, size_t n, enum lade_color_mode color_mode,
                               const struct lade_image_limits *limits, struct lade_image *out, struct lade_error *err);

/*
 * A part of an image: @width x @height pixels, beginning at column @x and row @y.
 */
struct lade_box {
    int x, y;
    int width, height;
};

/*
 * The options of decoding and resizing. Zero in all fields means RGB at the size of the image.
 */
struct lade_decode_options {
    enum lade_color_mode color_mode;
    int target_size[2];                    /* {height, width}, as in Keras; {0, 0} means the size of the image */
    enum lade_interpolation interpolation; /* 0 means nearest, as in Keras */

    /* resize only the largest centred part that has the aspect ratio of target_size; the part has at least 1 pixel */
    bool keep_aspect_ratio;
    enum lade_decode decode;

    /* decode only this part of the upright image, as if it were the whole image; width 0 means the whole image */
    struct lade_box crop;

    /* resize the shorter side of the image to this length, then cut out the centre of target_size pixels; 0 means
       off */
    int crop_resize;

    /* first turn the image upright, as PIL.ImageOps.exif_transpose() does; a TIFF is always turned, as in Pillow */
    bool exif_orientation;
    struct lade_image_limits limits;
};

/*
 * lade_image_decode_resized() - decodes and resizes an image. Each row is resized as soon as it is decoded, so memory
 * is needed only for a few rows and the result, and not for the whole decoded image.
 *
 * @options  NULL means the default
 *
 * The other arguments, the returned values and the errors are the same as for lade_image_decode(). The function also
 * returns LADE_EINVAL for a crop that is not inside the image.
 *
 * Except with LADE_DECODE_FAST, the result equals, byte for byte, the result of this Python code:
 *   no crop or aspect ratio   Pillow's open().convert().resize()
 *   keep_aspect_ratio         Keras's load_img()
 *   crop                      Pillow's open().convert().crop().resize()
 *   crop_resize               torchvision's Resize(crop_resize), then CenterCrop(target_size)
 *
 * Only the needed part of a JPEG is decoded. The rest of the file is not read, so damage there is not found.
 */
LADE_API int lade_image_decode_resized(lade_decoder *decoder, const void *bytes, size_t n,
                                       const struct lade_decode_options *options, struct lade_image *out,
                                       struct lade_error *err);

/*
 * lade_image_resize() - resizes an image. The bytes are the same as with Pillow's Image.resize(). The colours of RGBA
 * pixels are multiplied by alpha before the resize, and divided by alpha after it.
 *
 * @decoder  provides buffers; images that were borrowed from it stay valid
 * @in       the source
 * @out      the result: the caller sets pixels (its own memory, which must not overlap @in), width, height, stride and
 *           channels (the same as @in)
 *
 * Returns LADE_OK, LADE_EINVAL (a size below 1, channels that differ or are not 1, 3 or 4) or LADE_ENOMEM. The cost for
 * each output pixel and axis is the width of the filter times max(1, source size / output size).
 */
LADE_API int lade_image_resize(lade_decoder *decoder, const struct lade_image *in, const struct lade_image *out,
                               enum lade_interpolation interpolation, struct lade_error *err);

/* ---- Cropping ---------------------------------------------------------------------------------------------------- */

/*
 * The parameters of a random crop. They have the same meaning as in torchvision's RandomResizedCrop.
 */
struct lade_crop_range {
    double scale[2]; /* {from, to}: fraction of the area of the image; {0, 0} means {0.08, 1} */
    double ratio[2]; /* {from, to}: width / height; {0, 0} means {3/4, 4/3} */
};

/*
 * lade_crop_check() - checks the parameters.
 *
 * Returns LADE_OK, or LADE_EINVAL with the parameter, its value and the allowed values in @err. The subject is
 * "crop_scale" or "crop_ratio". Any thread.
 */
LADE_API int lade_crop_check(const struct lade_crop_range *range, struct lade_error *err);

/*
 * lade_crop_draw() - draws a random part of an image of @height x @width, at least 1 x 1. The area, the logarithm of
 * the aspect ratio and the position are uniformly distributed. If ten random parts do not fit into the image, a part in
 * the centre of the image is returned. The result is the same on every machine.
 *
 * @range   parameters that lade_crop_check() accepted
 * @random  the random numbers of this sample, with the purpose LADE_RANDOM_CROP
 *
 * Python: torchvision.transforms.RandomResizedCrop.get_params().
 */
LADE_API void lade_crop_draw(const struct lade_crop_range *range, struct lade_random *random, int height, int width,
                             struct lade_box *out);

/* ---- Augmenting -------------------------------------------------------------------------------------------------- */

/*
 * The unit of width_shift_range and height_shift_range.
 */
enum lade_shift_unit {
    LADE_SHIFT_AUTO = 0, /* Keras's rule for a float: a value below 1 is a fraction of the size; others are pixels */
    LADE_SHIFT_FRACTION, /* a fraction of the width or the height; 1 is the whole size */
    LADE_SHIFT_PIXELS,   /* pixels; the shift may be a fraction of a pixel */
    LADE_SHIFT_WHOLE_PIXELS, /* Keras's rule for an integer n: a whole number of pixels from -(n - 1) to n - 1 */
    LADE_SHIFT_UNIT_COUNT
};

/*
 * lade_shift_unit_name()      - returns "auto", "fraction", "pixels" or "whole_pixels", or "unknown" for other values.
 * lade_shift_unit_from_name() - sets *out to the unit with this name. Returns LADE_OK, or LADE_EINVAL with a list of
 *                               the names in @err.
 *
 * Any thread.
 */
LADE_API const char *lade_shift_unit_name(enum lade_shift_unit unit);
LADE_API int lade_shift_unit_from_name(const char *name, enum lade_shift_unit *out, struct lade_error *err);

/*
 * LADE_AUGMENT_FIELDS - declares the fields of struct lade_augment. struct lade_flow_options (lade/flow.h) has the same
 * fields. They are the parameters of Keras's ImageDataGenerator, with the same names and the documented meaning. Zero
 * in all fields means no augmentation. docs/augmentation.md shows an example of each field.
 */
#define LADE_AUGMENT_FIELDS                                                                                       \
    /* turn about the centre by up to this many degrees, in either direction; 0 to 360 */                         \
    double rotation_range;                                                                                        \
    /* move along the width or the height by up to this much in either direction, in units of shift_unit */       \
    double width_shift_range;                                                                                     \
    double height_shift_range;                                                                                    \
    enum lade_shift_unit shift_unit;                                                                              \
    /* {low, high}: multiply colours by a factor from this range; {0, 0}: off */                                  \
    double brightness_range[2];                                                                                   \
    /* slant vertical lines by up to this many degrees, in either direction; 0 to 89 */                           \
    double shear_range;                                                                                           \
    /* {low, high}, above 0: show a fraction of the width and of the height; values below 1 enlarge. */           \
    /* {f, 0} means {1 - f, 1 + f}; {0, 0}: off */                                                                \
    double zoom_range[2];                                                                                         \
    /* add up to this much to each colour, or subtract it; each colour is drawn separately; 0 to 255 */           \
    double channel_shift_range;                                                                                   \
    enum lade_fill_mode fill_mode;                                                                                \
    /* the k of LADE_FILL_CONSTANT, from 0 to 255, before rescale */                                              \
    float cval;                                                                                                   \
    /* mirror half of the images, chosen at random: left and right, top and bottom */                             \
    bool horizontal_flip;                                                                                         \
    bool vertical_flip;                                                                                           \
    /* interpolation between pixels: 1, the default, means linear; LADE_OFF means the nearest pixel, for masks */ \
    int interpolation_order;                                                                                      \
    enum lade_quirks quirks;

/*
 * The options of augmentation.
 */
struct lade_augment {
    LADE_AUGMENT_FIELDS
};

/*
 * The random changes of one image. lade_transform_draw() draws the values from a struct lade_augment. Zero in all
 * fields means no change. The names are the keys of the dict that Keras's get_random_transform() returns. The changes
 * are applied in this order: turn, shift, shear, zoom, channel shift, flips, brightness. The first four changes are
 * combined into one affine map. The map goes from the result to the image, so it applies the zoom first and the turn
 * last.
 */
struct lade_transform {
    double theta; /* degrees, counter-clockwise on the screen */
    double tx;    /* pixels: column x of the result is column x + tx of the image; fractions are interpolated */
    double ty;    /* pixels: row y of the result is row y + ty of the image */
    double shear; /* degrees, counter-clockwise: at 10 a vertical line leans to the left by 10 degrees */
    double zx;    /* the result shows the fraction zx of the width; 0 means 1 */
    double zy;    /* the result shows the fraction zy of the height; 0 means 1 */
    double channel_shift_intensity[4]; /* is added to each colour; the sum is clamped to 0..255; the value for alpha is
                                          not used. With LADE_QUIRKS_KERAS3, the first value is added to all channels,
                                          and the sum is clamped to the smallest and largest value of the image */
    double brightness; /* factor of the colours; the product is clamped to 0..255; 0 means 1, LADE_OFF means 0 */
    bool flip_horizontal;
    bool flip_vertical;
    enum lade_fill_mode fill_mode; /* this field and the following ones are copied from struct lade_augment */
    float cval;
    int interpolation_order;
    enum lade_quirks quirks;
};

/*
 * lade_augment_check() - checks the options of augmentation.
 *
 * Returns LADE_OK, or LADE_EINVAL with the field, its value and the allowed values in @err. The subject is the name of
 * the field. Any thread.
 */
LADE_API int lade_augment_check(const struct lade_augment *augment, struct lade_error *err);

/*
 * lade_transform_draw() - draws the random changes of one image of @height x @width. It always takes the same number of
 * random numbers from @random, even if options are off. So turning an option on or off does not change the random
 * numbers of other options, and two streams with the same seed change an image and its mask in the same way.
 *
 * @augment  options that lade_augment_check() accepted; NULL: no changes
 * @random   the random numbers of this sample, with the purpose LADE_RANDOM_AUGMENT
 *
 * Python: ImageDataGenerator.get_random_transform().
 */
LADE_API void lade_transform_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                                  struct lade_transform *out);

/* ---- Into the batch ---------------------------------------------------------------------------------------------- */

/*
 * Statistics of a whole data set, for the featurewise steps. They are statistics of the values after rescale.
 * lade_flow_fit() (lade/flow.h) computes the statistics. A caller may also fill in known values.
 */
struct lade_stats {
    int channels;     /* 1, 3 or 4 */
    double mean[4];   /* mean of each channel */
    double std[4];    /* standard deviation of each channel: sqrt(sum of squared deviations / number of values) */
    int64_t images;   /* number of images from which the statistics were computed; 0 means unknown */
    float rescale;    /* value of rescale for these images; 0 means unknown. If it is known, another one is an error */
    int zca_values;   /* height * width * channels of an image; 0 means that there is no `zca` */
    const float *zca; /* (zca_values, zca_values): whitens a centred, flattened sample that is multiplied by it */
};

/* The largest number of values (height * width * channels) of an image for zca_whitening: 32 * 32 * 3. The matrix has
   one row and one column for each value, so it has up to 38 MB. */
#define LADE_ZCA_MAX_VALUES 3072

/*
 * The format of pixels in a batch, and the steps that standardise them. Zero in all fields means float32, channels
 * last, 0..255. The steps have the same names and the same order as in Keras's standardize(). They need float32.
 */
struct lade_output {
    bool uint8; /* elements are uint8 (rounded), not float32 */
    enum lade_data_format data_format;
    float rescale;                      /* factor of all values; 0 means 1 */
    bool samplewise_center;             /* subtract the mean of the sample; all channels have one common mean */
    bool samplewise_std_normalization;  /* center, and divide by the standard deviation of the sample + 10^-6 */
    bool featurewise_center;            /* subtract stats->mean from each channel */
    bool featurewise_std_normalization; /* center, and divide by stats->std + 10^-6 */
    bool zca_whitening;                 /* subtract stats->mean, then multiply by stats->zca */
    const struct lade_stats *stats;     /* for the last three steps   (borrowed) */
};

/*
 * lade_output_bytes() - returns the size of the slot for an image of @height x @width x @channels in a batch.
 */
LADE_API size_t lade_output_bytes(const struct lade_output *output, int height, int width, int channels);

/*
 * lade_image_to_tensor() - applies a transform to an image and writes the result to a slot of a batch.
 *
 * @decoder    provides buffers; @in may be borrowed from @decoder
 * @transform  NULL means no transform
 * @output     NULL means the default
 * @slot       lade_output_bytes() bytes: (H, W, C) or (C, H, W), float32 or uint8
 *
 * Returns
 *   LADE_OK;
 *   LADE_EINVAL  an image without pixels, an invalid enum, a transform that reads more than 2^30 pixels outside the
 *                image, uint8 with rescale or with a step that needs float32, or stats for another number of channels
 *                or another size;
 *   LADE_ESTATE  a step needs stats, but they are missing;
 *   LADE_ENOMEM.
 *
 * Positions between pixels are rounded to 2^-14 pixel. The result is the same on every CPU. With LADE_QUIRKS_KERAS3 the
 * result equals the result of Keras 3, and the function takes several times longer.
 */
LADE_API int lade_image_to_tensor(lade_decoder *decoder, const struct lade_image *in,
                                  const struct lade_transform *transform, const struct lade_output *output, void *slot,
                                  struct lade_error *err);

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/*
 * lade_image_write() - writes an image file.
 *
 * @path     the file, which is created or overwritten
 * @image    grey, RGB or RGBA
 * @format   a writable format (see lade_format_info()): JPEG (4:2:0, slow DCT), PNG, BMP or PNM (binary PGM or PPM);
 *           LADE_FORMAT_UNKNOWN selects the format by the suffix of @path
 * @quality  1 to 100 for JPEG; 0 means 75; the other formats ignore it
 *
 * Returns
 *   LADE_OK;
 *   LADE_EINVAL  an image without pixels, RGBA in a format without alpha, a quality out of range, or a format that lade
 *                does not write;
 *   LADE_EIO, LADE_EACCES, LADE_ENOENT or LADE_ELIMIT (the limit of the system for file sizes): the file cannot be
 *                written;
 *   LADE_ENOMEM.
 *
 * If writing fails, for example because the disk is full, the incomplete file is removed. Any thread.
 */
LADE_API int lade_image_write(const char *path, const struct lade_image *image, enum lade_format format, int quality,
                              struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
