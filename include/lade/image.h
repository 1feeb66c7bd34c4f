/*
 * lade/image.h - read an image file from memory, decode it, resize it, augment it, write it.
 *
 * All functions work on memory only; they use no global variables and no threads. lade_image_write() is the only one
 * that accesses a file. A lade_decoder keeps the memory that is needed for each image. Each thread needs its own
 * decoder.
 *
 *     lade_decoder *d = lade_decoder_new();
 *     struct lade_decode_options options = {.target_size = {224, 224}, .interpolation = LADE_INTERPOLATION_BILINEAR};
 *     struct lade_image image;
 *     if (lade_image_decode_resized(d, bytes, n, &options, &image, &err) < 0)
 *         ...                                                         // err.message describes the error
 *     lade_image_write("small.png", &image, LADE_FORMAT_PNG, 0, &err); // image is borrowed from d until its next call
 *     lade_decoder_free(d);
 *
 * The results equal Pillow's byte for byte, with the same libjpeg: Image.open(f).convert(mode).resize((w, h), filter),
 * which is what Keras's load_img() calls.
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
 * The file formats. The content of a file decides which format it has; its name does not matter. A build may leave out
 * WebP, GIF and TIFF (CMake options LADE_WEBP, LADE_GIF, LADE_TIFF); decoding such a file then returns
 * LADE_EUNSUPPORTED.
 */
enum lade_format {
    LADE_FORMAT_UNKNOWN = 0,
    LADE_FORMAT_JPEG, /* grey, YCbCr, RGB, CMYK, YCCK; baseline, progressive, arithmetic; 8 bits */
    LADE_FORMAT_PNG,  /* every colour type, 1 to 16 bits, also interlaced */
    LADE_FORMAT_WEBP, /* lossy and lossless; the first image of an animation */
    LADE_FORMAT_GIF,  /* the first image, on its canvas */
    LADE_FORMAT_BMP,  /* Windows and OS/2; 1 to 32 bits, colour masks, run lengths */
    LADE_FORMAT_TIFF, /* the first page; strips and tiles; grey, palette, RGB, CMYK, YCbCr; 1 to 16 bits, grey of 32 */
    LADE_FORMAT_PNM,  /* P1 to P6: PBM, PGM, PPM */
    LADE_FORMAT_COUNT
};

/*
 * The channels of a decoded image, converted as by Pillow's convert("RGB"), ("L") and ("RGBA"). A mode without alpha
 * drops the alpha channel and does not blend. 16-bit colour keeps its high byte; 16-bit grey is clamped to 255.
 */
enum lade_color_mode {
    LADE_COLOR_RGB = 0,   /* 3 channels; the default of Keras */
    LADE_COLOR_GRAYSCALE, /* 1 channel: (19595 R + 38470 G + 7471 B + 2^15) / 2^16 */
    LADE_COLOR_RGBA,      /* 4 channels; alpha is 255 if the file has none */
    LADE_COLOR_MODE_COUNT
};

/*
 * The filter of a resize. The filters are Pillow's: when an image is reduced, they cover all source pixels of an output
 * pixel ("antialiased").
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
 * The pixels outside of the border of an image that was moved. The comments show a row abcd, as Keras's documentation
 * does.
 */
enum lade_fill_mode {
    LADE_FILL_NEAREST = 0, /* aaaaaaaa|abcd|dddddddd */
    LADE_FILL_CONSTANT,    /* kkkkkkkk|abcd|kkkkkkkk with k = cval; a position between border and outside is also k */
    LADE_FILL_REFLECT,     /* abcddcba|abcd|dcbaabcd */
    LADE_FILL_WRAP,        /* abcdabcd|abcd|abcdabcd, exactly periodic */
    LADE_FILL_MODE_COUNT
};

/*
 * The meaning of the parameters of augmentation.
 */
enum lade_quirks {
    LADE_QUIRKS_DOCUMENTED = 0, /* as Keras's documentation describes them */
    LADE_QUIRKS_KERAS3,         /* as Keras 3 computes them; docs/augmentation.md lists the differences */
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
    LADE_DECODE_EXACT = 0, /* every pixel equals Pillow's */
    LADE_DECODE_FAST,      /* a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size before the resize, but not below the
                              target size: several times faster for large photos, slightly different pixels */
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
 * Return a static string: the name in Keras, if Keras has one; "unknown" for a value that is not in the enum. Any
 * thread.
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
 * lade_quirks_from_name(), lade_data_format_from_name(), lade_decode_from_name() - find the value of a name.
 * lade_format_from_name() also accepts the suffixes of a format, such as "jpg".
 *
 * Return LADE_OK and set *out, or return LADE_EINVAL with a list of the names in @err and leave *out unchanged. Any
 * thread.
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
    const char *name;            /* "jpeg", as lade_format_name() */
    const char *title;           /* "JPEG", for text that people read */
    const char *const *suffixes; /* {"jpg", "jpeg", NULL}: the suffixes of file names; the first one is for new files */
    bool readable;               /* false if the build leaves the format out */
    bool writable;               /* lade_image_write() can write it */
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
 * lade_format_from_path() - returns the format whose suffix @path has, in upper or lower case: "a/b.JPG" has the suffix
 * of LADE_FORMAT_JPEG.
 *
 * Returns LADE_FORMAT_UNKNOWN if no format has the suffix. The file is not read and need not exist. Any thread.
 */
LADE_API enum lade_format lade_format_from_path(const char *path);

/*
 * lade_color_mode_channels() - returns the number of channels, 3, 1 or 4; 0 for a value that is not in the enum. Any
 * thread.
 */
LADE_API int lade_color_mode_channels(enum lade_color_mode mode);

/* ---- Images ------------------------------------------------------------------------------------------------------ */

/*
 * A view of pixels. The memory belongs to someone else.
 *
 * (H, W, C) uint8: pixel (y, x) is at pixels + y * stride + x * channels.
 */
struct lade_image {
    uint8_t *pixels;
    int width;
    int height;
    int channels;  /* 1 grey, 3 RGB, 4 RGBA */
    size_t stride; /* bytes from one row to the next, >= width * channels */
};

/*
 * The header of an image file.
 */
struct lade_image_info {
    enum lade_format format;
    int width;       /* before the image is turned upright */
    int height;      /* before the image is turned upright */
    int channels;    /* in the file: 1 grey or palette, 2 grey and alpha, 3 colour, 4 colour and alpha, or CMYK */
    int bits;        /* of one sample in the file: 8 in JPEG; 1, 2, 4, 8 or 16 in PNG */
    int orientation; /* Exif orientation, 1 to 8; 1 (upright) if the header has none */
};

/*
 * Limits that are checked before any memory is allocated. 0 means the default; UINT64_MAX means no limit.
 */
struct lade_image_limits {
    uint64_t max_pixels;     /* width * height; default LADE_MAX_PIXELS */
    uint64_t max_file_bytes; /* size of the encoded image; default LADE_MAX_FILE_BYTES */
};

#define LADE_MAX_PIXELS     UINT64_C(178956970) /* Pillow raises DecompressionBombError above it: half a GiB of RGB */
#define LADE_MAX_FILE_BYTES UINT64_C(536870912) /* half a GiB */

/*
 * lade_image_probe() - find the format of an image and read its header. Allocates nothing.
 *
 * @bytes  the content of the file, or a beginning that includes the header   (borrowed)
 *
 * Returns LADE_OK with *info filled, even if the image exceeds a limit or is of a kind that cannot be decoded. Returns
 * LADE_EFORMAT if there are no bytes, or if the header is truncated or damaged. Returns LADE_EUNSUPPORTED if lade does
 * not read the format; @err then says what the bytes look like. Any thread.
 */
LADE_API int lade_image_probe(const void *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);

/*
 * lade_image_size() - the size that the decoded image will have.
 *
 * @exif_orientation  the field of struct lade_decode_options that turns the image upright
 *
 * Errors and cost are those of lade_image_probe().
 */
LADE_API int lade_image_size(const void *bytes, size_t n, bool exif_orientation, int *height, int *width,
                             struct lade_error *err);

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

/*
 * The data that one thread needs to decode images: the data of codecs and buffers, which are kept from image to image.
 *
 * The buffers grow to the largest size that was needed: a few rows of the widest image, and the result. The whole
 * decoded image is in a buffer for lade_image_decode(), for images that are turned, and for interlaced PNG and GIF,
 * progressive JPEG, WebP, BMP with run lengths, and TIFF in one strip.
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
 * lade_decoder_warning() - the first defect of the last image, if it was decoded nevertheless. For example, a JPEG with
 * damaged data in its middle is decoded, because Pillow accepts it without a message.
 *
 * Returns NULL if there was no defect, or a string borrowed from @decoder until its next call.
 */
LADE_API const char *lade_decoder_warning(const lade_decoder *decoder);

/*
 * lade_image_decode() - decode an image at its own size.
 *
 * @bytes   the whole file   (borrowed)
 * @limits  NULL means the defaults
 * @out     the image, borrowed from @decoder until its next call; not changed on failure
 *
 * Returns
 *   LADE_OK;
 *   LADE_EFORMAT       the file is damaged or truncated; @err has the byte offset if it is known;
 *   LADE_EUNSUPPORTED  lade does not read the format, or this kind of it (for example a JPEG of 12 bits);
 *   LADE_ELIMIT        the image exceeds a limit, which is found before any allocation;
 *   LADE_EINVAL or LADE_ENOMEM.
 * After an error @decoder can decode the next image.
 *
 * Cost: the time of libjpeg-turbo, libspng, libwebp, giflib or libtiff, and a pass over the pixels if colours are
 * converted.
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
 * How to decode and resize an image. Zero in all fields means RGB at the size of the image.
 */
struct lade_decode_options {
    enum lade_color_mode color_mode;
    int target_size[2];                    /* {height, width}, as in Keras; {0, 0} means the size of the image */
    enum lade_interpolation interpolation; /* 0 means nearest, as in Keras */

    /* resize only the largest centred part that has the aspect ratio of target_size, and at least 1 pixel */
    bool keep_aspect_ratio;
    enum lade_decode decode;

    /* decode only this part of the upright image, as if it were the whole image; width 0 means the whole image */
    struct lade_box crop;

    /* resize the shorter side of the image to this length, then take the centre of target_size; 0 means off */
    int crop_resize;

    /* first turn the image upright, as PIL.ImageOps.exif_transpose(); a TIFF is always turned, as in Pillow */
    bool exif_orientation;
    struct lade_image_limits limits;
};

/*
 * lade_image_decode_resized() - decode and resize an image. The rows are resized as soon as the codec delivers them, so
 * that only a few rows and the result need memory, not the decoded image.
 *
 * @options  NULL means the default
 *
 * The other arguments, the returned values and the errors are those of lade_image_decode(). LADE_EINVAL is also
 * returned for a crop that is not inside the image.
 *
 * Unless decode is LADE_DECODE_FAST, the result equals that of Python code byte for byte:
 *   without the following   Pillow's open().convert().resize()
 *   keep_aspect_ratio       Keras's load_img()
 *   crop                    Pillow's open().convert().crop().resize()
 *   crop_resize             torchvision's CenterCrop(target_size) after Resize(crop_resize)
 *
 * Of a JPEG only the needed part is decoded, and the file is not read after it, so that damage there is not found.
 */
LADE_API int lade_image_decode_resized(lade_decoder *decoder, const void *bytes, size_t n,
                                       const struct lade_decode_options *options, struct lade_image *out,
                                       struct lade_error *err);

/*
 * lade_image_resize() - resize pixels to the same bytes as Pillow's Image.resize(). The colours of RGBA pixels are
 * multiplied by alpha for the resize.
 *
 * @decoder  provides buffers; images borrowed from it stay valid
 * @in       the source
 * @out      the result: the caller sets pixels (its own memory, which must not overlap @in), width, height, stride and
 *           channels (the same as @in)
 *
 * Returns LADE_OK, LADE_EINVAL (a size below 1, channels that differ or are not 1, 3 or 4) or LADE_ENOMEM. Cost for
 * each output pixel and axis: the width of the filter times max(1, scale).
 */
LADE_API int lade_image_resize(lade_decoder *decoder, const struct lade_image *in, const struct lade_image *out,
                               enum lade_interpolation interpolation, struct lade_error *err);

/* ---- Cropping ---------------------------------------------------------------------------------------------------- */

/*
 * The parameters of a random part of an image, with the meaning that they have in torchvision's RandomResizedCrop.
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
 * lade_crop_draw() - draw a random part of an image of @height x @width, at least 1 x 1. The area, the logarithm of the
 * aspect ratio and the position are uniform. If ten draws do not fit into the image, the centre of the image is
 * returned. The result is the same on every machine.
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
    LADE_SHIFT_AUTO = 0,     /* Keras's rule for a float: below 1 a fraction of the size, from 1 on pixels */
    LADE_SHIFT_FRACTION,     /* a fraction of the width or the height; 1 is the whole size */
    LADE_SHIFT_PIXELS,       /* pixels; the shift may be a fraction of a pixel */
    LADE_SHIFT_WHOLE_PIXELS, /* whole pixels, fewer than the range: Keras's rule for an integer */
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
 * LADE_AUGMENT_FIELDS - the fields of struct lade_augment, which struct lade_flow_options (lade/flow.h) has, too. They
 * are the parameters of Keras's ImageDataGenerator, with the names and the meaning of its documentation. Zero in all
 * fields means no augmentation. docs/augmentation.md shows an example of each.
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
 * The random changes of one image: values that lade_transform_draw() drew from a struct lade_augment. Zero in all
 * fields means no change. The names are the keys of Keras's get_random_transform(). The changes are done in this order:
 * turn, shift, shear, zoom, channel shift, flips, brightness. The first four are one affine map from the result to the
 * image, in which the zoom is applied first.
 */
struct lade_transform {
    double theta; /* degrees, counter-clockwise on the screen */
    double tx;    /* pixels: column x of the result is column x + tx of the image; fractions are interpolated */
    double ty;    /* pixels: row y of the result is row y + ty of the image */
    double shear; /* degrees, counter-clockwise: at 10 a vertical line leans to the left by 10 degrees */
    double zx;    /* the result shows the fraction zx of the width; 0 means 1 */
    double zy;    /* the result shows the fraction zy of the height; 0 means 1 */
    double channel_shift_intensity[4]; /* added to each colour, then cut to 0..255; the value for alpha is not used.
                                          With LADE_QUIRKS_KERAS3 the first value is added to all channels, and the
                                          result is cut to the range of the image */
    double brightness; /* colours are multiplied by this factor, then cut to 0..255; 0 means 1, LADE_OFF means 0 */
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
 * random numbers from @random, whichever options are on. So an option that is turned on or off does not change the
 * draws of the others, and an image and its mask, in two streams with one seed, change in the same way.
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
 * Statistics of a whole data set, for the featurewise steps. They are in the units of the values that these steps get,
 * which are multiplied by rescale already. lade_flow_fit() (lade/flow.h) computes them; a caller may also fill in known
 * values.
 */
struct lade_stats {
    int channels;     /* 1, 3 or 4 */
    double mean[4];   /* mean of each channel */
    double std[4];    /* standard deviation of each channel, of all data (not the estimate for a sample) */
    int64_t images;   /* number of images in the statistics; 0 means unknown */
    float rescale;    /* factor of the values; 0 means unknown. Images with another rescale are an error */
    int zca_values;   /* height * width * channels of the images that `zca` is for; 0 means that there is no `zca` */
    const float *zca; /* (zca_values, zca_values): a centred, flattened sample times this matrix is whitened */
};

/* The largest number of values (height * width * channels) of an image for zca_whitening: that of 32x32x3. The matrix
   has this many rows and columns, which are 38 MB of floats. */
#define LADE_ZCA_MAX_VALUES 3072

/*
 * The form of pixels in a batch. Zero in all fields means float32, channels last, 0..255. The steps have the names and
 * the order of Keras's standardize(). They need float32.
 */
struct lade_output {
    bool uint8; /* elements are uint8 (rounded), not float32 */
    enum lade_data_format data_format;
    float rescale;                      /* multiply by this; 0 means 1 */
    bool samplewise_center;             /* subtract the mean of the sample, one number for all its channels */
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
 * lade_image_to_tensor() - apply a transform to an image and write the result to its slot of a batch.
 *
 * @decoder    provides buffers; @in may be borrowed from it
 * @transform  NULL means no transform
 * @output     NULL means the default
 * @slot       lade_output_bytes() bytes: (H, W, C) or (C, H, W), float32 or uint8
 *
 * Returns
 *   LADE_OK;
 *   LADE_EINVAL  an image without pixels, an invalid enum, a transform with a position farther away than 2^30 pixels,
 *                uint8 with rescale or a step that needs float32, or stats for another number of channels or size;
 *   LADE_ESTATE  a step needs stats and there are none;
 *   LADE_ENOMEM.
 *
 * Positions between pixels are rounded to 2^-14 pixel. The result is the same on every CPU. With LADE_QUIRKS_KERAS3 it
 * is what Keras 3 computes, which takes several times longer.
 */
LADE_API int lade_image_to_tensor(lade_decoder *decoder, const struct lade_image *in,
                                  const struct lade_transform *transform, const struct lade_output *output, void *slot,
                                  struct lade_error *err);

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/*
 * lade_image_write() - write an image file.
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
 *   LADE_EIO, LADE_EACCES, LADE_ENOENT or LADE_ELIMIT (the system's limit on file sizes): the file cannot be written;
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
