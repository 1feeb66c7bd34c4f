/*
 * lade/image.h - bytes of an image file in, pixels out: recognise, decode, resize, augment, write.
 *
 * Pure functions over memory: no globals, no threads, no files but for the two writers. What one needs again and again
 * (codec handles, buffers that grow to what is seen) lives in a lade_decoder; have one per thread.
 *
 *     lade_decoder *d = lade_decoder_new();
 *     struct lade_decode_options options = {.target_size = {224, 224}, .interpolation = LADE_INTERPOLATION_BILINEAR};
 *     struct lade_image image;
 *     if (lade_image_decode_resized(d, bytes, n, &options, &image, &err) < 0)
 *         ...                                                         // err.message says what is wrong with the bytes
 *     lade_image_write("small.png", &image, 0, 0, &err);              // image is borrowed from d until its next call
 *     lade_decoder_free(d);
 *
 * Where the same thing exists in Python, the result is that of Pillow: Image.open(f).convert(mode).resize((w, h),
 * filter) byte for byte (with the same libjpeg), as Keras's load_img() calls it.
 */
#ifndef LADE_IMAGE_H
#define LADE_IMAGE_H

#include <lade/base.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/*
 * The file formats. The content of a file decides which format it has; its name does not matter. A build may leave out
 * WebP, GIF and TIFF (CMake options LADE_WEBP, LADE_GIF, LADE_TIFF); decoding such a file then returns
 * LADE_EUNSUPPORTED.
 */
enum lade_format {
    LADE_FORMAT_UNKNOWN = 0,
    LADE_FORMAT_JPEG, /* grey, YCbCr, RGB, CMYK, YCCK; baseline, progressive, arithmetic; 8 bits */
    LADE_FORMAT_PNG,  /* every colour type, 1 to 16 bits, interlaced too */
    LADE_FORMAT_WEBP, /* lossy and lossless; the first image of an animation */
    LADE_FORMAT_GIF,  /* the first image, on its canvas */
    LADE_FORMAT_BMP,  /* Windows and OS/2; 1 to 32 bits, colour masks, run lengths */
    LADE_FORMAT_TIFF, /* the first page; strips and tiles; grey, palette, RGB, CMYK, YCbCr; 1 to 16 bits, grey of 32 */
    LADE_FORMAT_PNM,  /* P1 to P6: PBM, PGM, PPM */
    LADE_FORMAT_COUNT
};

/*
 * What pixels are converted to, as Pillow's convert("RGB"), ("L") and ("RGBA"): alpha is dropped, not blended, where
 * the mode has none; 16-bit colour keeps its high byte, 16-bit grey is cut at 255.
 */
enum lade_color_mode {
    LADE_COLOR_RGB = 0,   /* 3 channels; Keras's default */
    LADE_COLOR_GRAYSCALE, /* 1 channel: (19595 R + 38470 G + 7471 B + 2^15) / 2^16 */
    LADE_COLOR_RGBA,      /* 4 channels; 255 where the file has no alpha */
    LADE_COLOR_MODE_COUNT
};

/*
 * How pixels are resized: Pillow's filters, which cover the whole footprint of an output pixel ("antialiased").
 */
enum lade_interpolation {
    LADE_INTERPOLATION_NEAREST = 0, /* Keras's default */
    LADE_INTERPOLATION_BILINEAR,
    LADE_INTERPOLATION_BICUBIC, /* a = -0.5 */
    LADE_INTERPOLATION_LANCZOS, /* 3 lobes */
    LADE_INTERPOLATION_BOX,
    LADE_INTERPOLATION_HAMMING,
    LADE_INTERPOLATION_COUNT
};

/*
 * What lies outside of an image that was shifted; the pictures are Keras's, for a row abcd.
 */
enum lade_fill_mode {
    LADE_FILL_NEAREST = 0, /* aaaaaaaa|abcd|dddddddd */
    LADE_FILL_CONSTANT,    /* kkkkkkkk|abcd|kkkkkkkk with k = cval; a pixel that reads past the border is k entirely */
    LADE_FILL_REFLECT,     /* abcddcba|abcd|dcbaabcd */
    LADE_FILL_WRAP,        /* abcdabcd|abcd|abcdabcd, exactly periodic */
    LADE_FILL_MODE_COUNT
};

/*
 * Whose meaning the parameters of augmentation have.
 */
enum lade_quirks {
    LADE_QUIRKS_DOCUMENTED = 0, /* what Keras's documentation says of them */
    LADE_QUIRKS_KERAS3, /* what Keras 3 does, wart for wart; docs/augmentation.md lists where that is something else */
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
 * How exact a decoder is.
 */
enum lade_decode {
    LADE_DECODE_EXACT = 0, /* every pixel as Pillow decodes it */
    LADE_DECODE_FAST, /* a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, never below the target size, before the
                       resize: several times faster for large photos, slightly different pixels */
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
 * Keras's names, where it has one; static strings; "unknown" for a value that is none. Any thread.
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
 * Return LADE_OK with *out set, or LADE_EINVAL with @err listing the names there are, and *out untouched. Any thread.
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
 * lade_format_info() - the facts about @format, in static memory. NULL for a value that is not a format. Any thread.
 *
 *     for (int f = LADE_FORMAT_UNKNOWN + 1; f < LADE_FORMAT_COUNT; f++)
 *         puts(lade_format_info(f)->title);
 */
LADE_API const struct lade_format_info *lade_format_info(enum lade_format format);

/*
 * lade_format_from_path() - the format whose suffix @path has, in upper or lower case ("a/b.JPG" is LADE_FORMAT_JPEG).
 *
 * Returns LADE_FORMAT_UNKNOWN if no format has the suffix. The file is not read and need not exist. Any thread.
 */
LADE_API enum lade_format lade_format_from_path(const char *path);

/*
 * lade_color_mode_channels() - 3, 1 or 4; 0 for a value that is none. Any thread.
 */
LADE_API int lade_color_mode_channels(enum lade_color_mode mode);

/* ---- Images ------------------------------------------------------------------------------------------------------ */

/*
 * Pixels: a view of memory that somebody else owns.  (H, W, C) uint8, pixel (y, x) at pixels + y * stride + x *
 * channels
 */
struct lade_image {
    uint8_t *pixels;
    int width;
    int height;
    int channels;  /* 1 grey, 3 RGB, 4 RGBA */
    size_t stride; /* bytes from one row to the next, >= width * channels */
};

/*
 * What a file says of itself in its header.
 */
struct lade_image_info {
    enum lade_format format;
    int width;
    int height;
    int channels;    /* as stored: 1 grey or palette, 2 grey and alpha, 3 colour, 4 colour and alpha, or CMYK */
    int bits;        /* of one stored sample: 8 in JPEG, 1 2 4 8 16 in PNG */
    int orientation; /* 1 to 8, Exif's; 1, upright, where the header does not say; width and height are as stored */
};

/*
 * What is refused before any memory is taken for it. Zero is the default; UINT64_MAX is no limit.
 */
struct lade_image_limits {
    uint64_t max_pixels;     /* width * height; default LADE_MAX_PIXELS */
    uint64_t max_file_bytes; /* size of the encoded image; default LADE_MAX_FILE_BYTES */
};

#define LADE_MAX_PIXELS     UINT64_C(178956970) /* where Pillow raises DecompressionBombError: half a GiB of RGB */
#define LADE_MAX_FILE_BYTES UINT64_C(536870912) /* half a GiB */

/*
 * lade_image_probe() - recognise an image by its first bytes and read its header; nothing is decoded or allocated.
 *
 * @bytes  the file's content, the whole of it or enough to hold the header   (borrowed)
 *
 * Returns LADE_OK with *info filled, also for an image that exceeds a limit or is of a kind that cannot be decoded;
 * LADE_EFORMAT: no bytes at all, or a header that is cut short or damaged; LADE_EUNSUPPORTED: not a format that lade
 * reads, and @err says what the bytes look like. Any thread.
 */
LADE_API int lade_image_probe(const void *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);

/*
 * lade_image_size() - the size that an image has once it is decoded, turned upright if @exif_orientation (see struct
 * lade_decode_options) asks for it. Errors and cost as lade_image_probe().
 */
LADE_API int lade_image_size(const void *bytes, size_t n, bool exif_orientation, int *height, int *width,
                             struct lade_error *err);

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

/*
 * What one thread needs to decode images: codec handles and buffers, kept from one image to the next. Buffers grow to
 * what was needed so far: some rows of the widest image, and the result; the whole of the largest image for
 * lade_image_decode(), for images that are turned, and for interlaced PNG and GIF, progressive JPEG, WebP, BMP of run
 * lengths and TIFF in one strip.
 */
typedef struct lade_decoder lade_decoder;

/*
 * lade_decoder_new()  - a decoder, owned by the caller; NULL where there is no memory.
 * lade_decoder_free() - give it back with all images borrowed from it. NULL is fine.
 *
 * A decoder is used by one thread at a time.
 */
LADE_API lade_decoder *lade_decoder_new(void);
LADE_API void lade_decoder_free(lade_decoder *decoder);

/*
 * lade_decoder_warning() - what the codec found odd about the last image, although it could be decoded: Pillow accepts
 * such files in silence, for example a JPEG with a damaged stretch in its middle. NULL where all was well; a string
 * borrowed from @decoder until its next call.
 */
LADE_API const char *lade_decoder_warning(const lade_decoder *decoder);

/*
 * lade_image_decode() - the pixels of an encoded image at its own size.
 *
 * @bytes   the whole file   (borrowed)
 * @limits  NULL for the defaults
 * @out     the image, borrowed from @decoder until its next call; untouched on failure
 *
 * Returns LADE_OK; LADE_EFORMAT: damaged or truncated, with the byte offset where it is known; LADE_EUNSUPPORTED: not
 * an image that lade reads, or a kind of JPEG that it does not (12 bits, lossless, arithmetic where libjpeg has none);
 * LADE_ELIMIT: over a limit, found before anything is allocated; LADE_EINVAL; LADE_ENOMEM. A failed call leaves
 * @decoder ready for the next image.
 *
 * Cost: that of libjpeg-turbo, libspng, libwebp, giflib or libtiff, and one pass over the pixels where colours are
 * converted.
 */
LADE_API int lade_image_decode(lade_decoder *decoder, const void *bytes, size_t n, enum lade_color_mode color_mode,
                               const struct lade_image_limits *limits, struct lade_image *out, struct lade_error *err);

/*
 * A part of an image: @width x @height pixels from column @x and row @y on.
 */
struct lade_box {
    int x, y;
    int width, height;
};

/*
 * How to decode and resize in one go. Zero everywhere: RGB at the image's own size.
 */
struct lade_decode_options {
    enum lade_color_mode color_mode;
    int target_size[2];                    /* {height, width}, as in Keras; {0, 0}: as the image is */
    enum lade_interpolation interpolation; /* nearest, as in Keras */
    bool
        keep_aspect_ratio; /* resize the largest centred part that has the target's shape (at least 1 pixel), not all */
    enum lade_decode decode;
    struct lade_box crop; /* of the upright image this part alone, as if it was the whole image; width 0: all of it */
    int crop_resize; /* resize the image for its shorter side to be this, and take the centre of target_size: 0: off */
    bool exif_orientation; /* turn the image upright, as PIL.ImageOps.exif_transpose(), before all else. A TIFF is
                              turned in any case, as Pillow does */
    struct lade_image_limits limits;
};

/*
 * lade_image_decode_resized() - lade_image_decode() and resize in one: rows are resized as they come out of the codec,
 * so that memory is some rows and the result, not the decoded image.
 *
 * Arguments, results and errors as lade_image_decode(); @options NULL is the default. The result equals Pillow's
 * open().convert().resize() byte for byte, with keep_aspect_ratio Keras's load_img(), with crop that of
 * open().convert().crop().resize(), with crop_resize torchvision's CenterCrop(target_size) after Resize(crop_resize),
 * unless LADE_DECODE_FAST is asked for. LADE_EINVAL also for a crop that is not within the image.
 *
 * Of a JPEG only what is needed for the part is decoded, and what lies behind it in the file is not read: damage there
 * goes unseen.
 */
LADE_API int lade_image_decode_resized(lade_decoder *decoder, const void *bytes, size_t n,
                                       const struct lade_decode_options *options, struct lade_image *out,
                                       struct lade_error *err);

/*
 * lade_image_resize() - resize pixels as Pillow's Image.resize(): the same bytes; RGBA by way of premultiplied colours.
 *
 * @decoder  for its buffers; images borrowed from it stay as they are
 * @in       the source
 * @out      where to: pixels (owned by the caller, not overlapping @in), width, height, channels (as @in), stride
 *
 * Returns LADE_OK, LADE_EINVAL (a size below 1, channels that differ or are not 1, 3 or 4) or LADE_ENOMEM. Cost: for
 * each output pixel max(1, scale) times the filter's width, per axis.
 */
LADE_API int lade_image_resize(lade_decoder *decoder, const struct lade_image *in, const struct lade_image *out,
                               enum lade_interpolation interpolation, struct lade_error *err);

/* ---- Cropping ---------------------------------------------------------------------------------------------------- */

/*
 * A part of an image at random: the parameters of torchvision's RandomResizedCrop, with their meaning.
 */
struct lade_crop_range {
    double scale[2]; /* share of the image's area, from, to; {0, 0}: {0.08, 1} */
    double ratio[2]; /* width to height, from, to; {0, 0}: {3/4, 4/3} */
};

/*
 * lade_crop_check() - are these parameters possible?
 *
 * Returns LADE_OK, or LADE_EINVAL with @err naming the parameter, what was given and what is allowed. Any thread.
 */
LADE_API int lade_crop_check(const struct lade_crop_range *range, struct lade_error *err);

/*
 * lade_crop_draw() - draw a part of an image of @height x @width (1 or more): uniform in area, in the logarithm of its
 * shape, and in place; where ten draws do not fit in the image, its centre. The same on every machine.
 *
 * @range   checked by lade_crop_check()
 * @random  the stream of this sample, purpose LADE_RANDOM_CROP
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
 * lade_shift_unit_from_name() - sets *out to the unit with this name. Returns LADE_OK, or LADE_EINVAL with a list of the
 *                               names in @err.
 *
 * Any thread.
 */
LADE_API const char *lade_shift_unit_name(enum lade_shift_unit unit);
LADE_API int lade_shift_unit_from_name(const char *name, enum lade_shift_unit *out, struct lade_error *err);

/*
 * LADE_AUGMENT_FIELDS - the options of augmentation: the parameters of Keras's ImageDataGenerator, with the names and
 * the meaning of its documentation. Zero in all fields means no augmentation. They are the fields of struct lade_augment
 * and a part of struct lade_flow_options (lade/flow.h). docs/augmentation.md shows a picture of each.
 */
#define LADE_AUGMENT_FIELDS                                                                                               \
    /* turn about the centre by up to this many degrees, clockwise or counter-clockwise; 0 to 360 */                      \
    double rotation_range;                                                                                                \
    /* move along the width or the height by up to this much in either direction, in units of shift_unit */               \
    double width_shift_range;                                                                                             \
    double height_shift_range;                                                                                            \
    enum lade_shift_unit shift_unit;                                                                                      \
    /* {low, high}: multiply colours by a factor from this range; {0, 0}: off */                                          \
    double brightness_range[2];                                                                                           \
    /* slant vertical lines by up to this many degrees in either direction; 0 to 89 */                                    \
    double shear_range;                                                                                                   \
    /* {low, high}, above 0: show this fraction of the width and of the height, so that values below 1 enlarge; each   \
       is drawn separately; {f, 0} means {1 - f, 1 + f}; {0, 0}: off */  \
    double zoom_range[2];                                                                                                 \
    /* add up to this much to each colour, or subtract it; each colour is drawn separately; 0 to 255 */                   \
    double channel_shift_range;                                                                                           \
    enum lade_fill_mode fill_mode;                                                                                        \
    /* the k of LADE_FILL_CONSTANT, from 0 to 255, before rescale */                                                      \
    float cval;                                                                                                           \
    /* mirror half of the images, chosen at random: left and right, top and bottom */                                     \
    bool horizontal_flip;                                                                                                 \
    bool vertical_flip;                                                                                                   \
    /* how pixels are interpolated: 1, which is the default, means linear; LADE_OFF means the nearest pixel, for masks */ \
    int interpolation_order;                                                                                              \
    enum lade_quirks quirks;

/*
 * The options of augmentation.
 */
struct lade_augment {
    LADE_AUGMENT_FIELDS
};

/*
 * The random changes of one image: values that lade_transform_draw() drew from a struct lade_augment. Zero in all fields
 * means no change. The names are the keys of Keras's get_random_transform(). The changes are done in this order: turn,
 * shift, shear, zoom, channel shift, flips, brightness. The first four are one affine map from the result to the image,
 * in which the zoom is applied first.
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
 * random numbers from @random, whichever options are on. So an option that is turned on or off does not change the draws
 * of the others, and an image and its mask, in two streams with one seed, change in the same way.
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
 * What is known of a whole data set, for the featurewise steps: in the units of what those steps are given, so after
 * rescale. Made by lade_flow_fit() (lade/flow.h), or by whoever knows the numbers.
 */
struct lade_stats {
    int channels;     /* 1, 3 or 4 */
    double mean[4];   /* of each channel */
    double std[4];    /* of each channel, over all of the data (not the estimate for a sample) */
    int64_t images;   /* how many were looked at; 0: not known */
    float rescale;    /* what they were multiplied by before; 0: not known. Another one is refused */
    int zca_values;   /* height * width * channels that `zca` is for; 0: none */
    const float *zca; /* (zca_values, zca_values): a sample, centred and flat, times this is white */
};

/* The most values that an image may have (height * width * channels) for zca_whitening: those of 32x32x3. The matrix
   has as many rows and columns, 38 MB of floats. */
#define LADE_ZCA_MAX_VALUES 3072

/*
 * The form in which pixels go into a batch. Zero everywhere: float32, channels last, 0..255. The steps of Keras's
 * standardize(), under its names and in its order; they need float32.
 */
struct lade_output {
    bool uint8; /* elements are uint8 (rounded), not float32 */
    enum lade_data_format data_format;
    float rescale;                      /* multiply by this; 0: 1 */
    bool samplewise_center;             /* subtract the mean of the sample: one number for all its channels */
    bool samplewise_std_normalization;  /* and divide by its standard deviation + 10^-6; centres too */
    bool featurewise_center;            /* subtract stats->mean, channel by channel */
    bool featurewise_std_normalization; /* and divide by stats->std + 10^-6; centres too */
    bool zca_whitening;                 /* centre as above, then multiply by stats->zca */
    const struct lade_stats *stats;     /* for the last three   (borrowed) */
};

/*
 * lade_output_bytes() - the size of the slot that an image of @height x @width x @channels takes in a batch.
 */
LADE_API size_t lade_output_bytes(const struct lade_output *output, int height, int width, int channels);

/*
 * lade_image_to_tensor() - apply a transform and write the result straight into its slot of a batch.
 *
 * @decoder    for its buffers; @in may be borrowed from it
 * @transform  NULL: none
 * @output     NULL: the default
 * @slot       lade_output_bytes() bytes  (H, W, C) or (C, H, W), float32 or uint8
 *
 * Positions between pixels count in steps of 2^-14 pixel. Returns LADE_OK; LADE_EINVAL (an image without pixels, an
 * unknown enum, a transform that reaches farther than 2^30 pixels, uint8 together with rescale or a step that needs
 * float32, stats for other channels or sizes); LADE_ESTATE: a step needs stats and there are none; or LADE_ENOMEM. The
 * same bytes on every CPU; with LADE_QUIRKS_KERAS3 what Keras 3 computes, several times slower.
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
 * Returns LADE_OK; LADE_EINVAL: an image without pixels, RGBA in a format without alpha, a quality out of range, a
 * format that is not writable; LADE_EIO, LADE_EACCES, LADE_ENOENT or LADE_ELIMIT (the system's limit on file sizes),
 * with the path and the cause in @err; LADE_ENOMEM. If writing fails, for example because the disk is full, the
 * incomplete file is removed. Any thread.
 */
LADE_API int lade_image_write(const char *path, const struct lade_image *image, enum lade_format format, int quality,
                              struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
