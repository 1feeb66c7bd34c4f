/*
 * lade/image/augment.h - draws random crops and random changes of images. lade/image.h includes this header.
 */
#ifndef LADE_IMAGE_AUGMENT_H
#define LADE_IMAGE_AUGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <lade/base.h>
#include <lade/image/decode.h>
#include <lade/image/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Cropping ---------------------------------------------------------------------------------------------------- */

/*
 * The parameters of a random crop. They have the same meaning as in torchvision's RandomResizedCrop.
 */
struct lade_crop_range {
    double scale[2];            /* {from, to}: fraction of the area of the image; {0, 0} means {0.08, 1} */
    double ratio[2];            /* {from, to}: width / height; {0, 0} means {3/4, 4/3} */
    unsigned char reserved[32]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_crop_check() - checks the parameters.
 *
 * Returns LADE_OK or LADE_EINVAL. The message in @err contains the invalid parameter, its value and the allowed values.
 * The subject is "crop_scale" or "crop_ratio". Any thread.
 */
LADE_API int lade_crop_check(const struct lade_crop_range *range, struct lade_error *err);

/*
 * lade_crop_draw() - draws a random part of an image of @height x @width pixels. The part has at least 1 x 1 pixel. The
 * area, the logarithm of the aspect ratio and the position are uniformly distributed. The function draws up to ten
 * parts until a part fits into the image. If none of the ten parts fits, it returns a part in the centre of the image.
 * The result is the same on every machine.
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
    LADE_SHIFT_AUTO = 0, /* Keras's rule for a float: a value below 1 is a fraction of the size; a value of 1 or more is
                            a number of pixels */
    LADE_SHIFT_FRACTION, /* a fraction of the width or the height; 1 is the whole size */
    LADE_SHIFT_PIXELS,   /* pixels; the shift may be a fraction of a pixel */
    LADE_SHIFT_WHOLE_PIXELS, /* Keras's rule for an integer n: the shift is a whole number of pixels from -(n - 1) to n
                                - 1 */
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
 * fields. The fields up to quirks are the parameters of Keras's ImageDataGenerator. They have the names of Keras, and
 * the meaning that Keras documents. The other fields are augmentations of torchvision. Zero in all fields means no
 * augmentation. docs/augmentation.md shows an example of each field.
 */
#define LADE_AUGMENT_FIELDS                                                                                           \
    /* turn about the centre by up to this many degrees, in either direction; 0 to 360 */                             \
    double rotation_range;                                                                                            \
    /* move along the width or the height by up to this much in either direction, in units of shift_unit */           \
    double width_shift_range;                                                                                         \
    double height_shift_range;                                                                                        \
    enum lade_shift_unit shift_unit;                                                                                  \
    /* {low, high}: multiply colours by a factor from this range; {f, 0} means {1 - f, 1 + f}; {0, 0}: off */         \
    double brightness_range[2];                                                                                       \
    /* slant vertical lines by up to this many degrees, in either direction; 0 to 89 */                               \
    double shear_range;                                                                                               \
    /* {low, high}, above 0: show a fraction of the width and of the height; values below 1 enlarge. */               \
    /* {f, 0} means {1 - f, 1 + f}; {0, 0}: off */                                                                    \
    double zoom_range[2];                                                                                             \
    /* add up to this much to each colour, or subtract it; each colour is drawn separately; 0 to 255 */               \
    double channel_shift_range;                                                                                       \
    enum lade_fill_mode fill_mode;                                                                                    \
    /* the k of LADE_FILL_CONSTANT, from 0 to 255, before rescale */                                                  \
    float cval;                                                                                                       \
    /* mirror half of the images, chosen at random: left and right, top and bottom */                                 \
    bool horizontal_flip;                                                                                             \
    bool vertical_flip;                                                                                               \
    /* interpolation between pixels: 1, the default, means linear; LADE_OFF means the nearest pixel, for masks */     \
    int interpolation_order;                                                                                          \
    enum lade_quirks quirks;                                                                                          \
    /* Colour jitter, as in torchvision's ColorJitter. {low, high}: a factor of the contrast or of the */             \
    /* saturation; {f, 0} means {1 - f, 1 + f}; {0, 0}: off. The hue is turned by up to hue_range of the */           \
    /* circle, 0 to 0.5, in either direction. brightness_range is the fourth parameter of ColorJitter */              \
    float contrast_range[2];                                                                                          \
    float saturation_range[2];                                                                                        \
    float hue_range;                                                                                                  \
    /* Random erasing, as in torchvision's RandomErasing: with this probability, 0 to 1, a rectangle of the */        \
    /* image is replaced by erasing_value. erasing_scale is {low, high}, the fraction of the area that is */          \
    /* erased; {0, 0} means {0.02, 0.33}. erasing_ratio is {low, high}, the height divided by the width; */           \
    /* {0, 0} means {0.3, 3.3}. erasing_value is from 0 to 255, before rescale */                                     \
    float random_erasing;                                                                                             \
    float erasing_scale[2];                                                                                           \
    float erasing_ratio[2];                                                                                           \
    float erasing_value;                                                                                              \
    /* Random crop with padding, as in torchvision's RandomCrop: after resizing, pad each side by this many */        \
    /* pixels, as fill_mode describes, and crop a random part that has the size of the image */                       \
    int crop_padding;                                                                                                 \
    /* TrivialAugment: each image gets one change with a random magnitude, as in torchvision's TrivialAugmentWide; */ \
    /* docs/augmentation.md lists the operations. The change is added to the changes of the other options */          \
    bool trivial_augment;                                                                                             \
    unsigned char augment_reserved[19]; /* zero; see lade/base/attributes.h */

/*
 * The options of augmentation.
 */
struct lade_augment {
    LADE_AUGMENT_FIELDS
};

/*
 * The rectangle of random erasing. All values of its pixels, including alpha, become `value`. A width or height of 0
 * means no erasing. The part of the rectangle that is outside of the image is ignored.
 */
struct lade_erasing {
    uint16_t x, y; /* first column and first row, in the result */
    uint16_t width, height;
    float value; /* 0 to 255, before rescale */
};

/*
 * The random changes of one image. lade_transform_draw() draws the values from a struct lade_augment. Zero in all
 * fields means no change. The names are the keys of the dict that Keras's get_random_transform() returns. The changes
 * are applied in this order: turn, shift, shear, zoom, channel shift, flips, brightness, contrast, saturation, hue,
 * sharpness, posterize, solarize, autocontrast, equalize, erasing. Turn, shift, shear and zoom are combined into one
 * affine map. For each pixel of the result, this map computes the position in the image. Because the map goes from the
 * result to the image, it applies the changes in the opposite order: the zoom first and the turn last. Contrast,
 * saturation and hue have the formulas of torchvision. Saturation and hue do not change a grey image.
 */
struct lade_transform {
    double theta; /* degrees, counter-clockwise on the screen */
    double tx;    /* pixels: column x of the result is column x + tx of the image; fractions are interpolated */
    double ty;    /* pixels: row y of the result is row y + ty of the image */
    double shear; /* degrees, counter-clockwise: if shear is 10, vertical lines lean to the left by 10 degrees */
    double zx;    /* the result shows the fraction zx of the width; 0 means 1 */
    double zy;    /* the result shows the fraction zy of the height; 0 means 1 */
    double channel_shift_intensity[4]; /* for each colour, the number that is added. The sum is clamped to 0..255. The
                                          value for alpha is not used. With LADE_QUIRKS_KERAS3, the first value is added
                                          to all channels, and the sum is clamped to the smallest and largest value of
                                          the image */
    double brightness; /* factor of the colours; the product is clamped to 0..255; 0 means 1, LADE_OFF means 0 */
    bool flip_horizontal;
    bool flip_vertical;
    enum lade_fill_mode fill_mode; /* fill_mode, cval, interpolation_order and quirks are copied from struct
                                      lade_augment */
    float cval;
    int interpolation_order;
    enum lade_quirks quirks;
    struct lade_erasing erasing;
    float contrast;   /* factor of the distance between each colour and the mean grey value of the image; the result is
                         clamped to 0..255; 0 means 1, LADE_OFF means 0 */
    float saturation; /* factor of the distance between each colour and the grey value of its pixel; 0 means 1, LADE_OFF
                         means 0 */
    float hue;        /* fraction of the circle by which the hue is turned */
    /* The following changes have the formulas of torchvision's functions adjust_sharpness(), posterize() and so on.
       They do not change alpha. Only TrivialAugment draws such changes */
    float sharpness; /* factor of the distance between each value and the blurred image; 0 means 1, LADE_OFF means 0 */
    float solarize;  /* values from this threshold on are replaced by 255 - value; 0: off, LADE_OFF means 0 */
    uint8_t posterize;         /* number of bits, 1 to 8, that each value keeps; 0: off */
    bool autocontrast;         /* the values of each channel are scaled so that they fill 0..255 */
    bool equalize;             /* the values of each channel get an even distribution */
    unsigned char reserved[1]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_augment_check() - checks the options of augmentation.
 *
 * Returns LADE_OK or LADE_EINVAL. The message in @err contains the invalid field, its value and the allowed values. The
 * subject is the name of the field. Any thread.
 */
LADE_API int lade_augment_check(const struct lade_augment *augment, struct lade_error *err);

/*
 * lade_transform_draw() - draws the random changes of one image of @height x @width. The function always takes the same
 * number of random numbers from @random, even if options are off. So an option that is turned on or off does not change
 * the random numbers of other options. Two streams with the same seed change an image and its mask in the same way.
 * Random erasing and TrivialAugment take their numbers from the streams LADE_RANDOM_ERASE and LADE_RANDOM_TRIVIAL of
 * the same sample.
 *
 * @augment  options that lade_augment_check() accepted; NULL: no changes
 * @random   the random numbers of this sample, with the purpose LADE_RANDOM_AUGMENT
 *
 * Python: ImageDataGenerator.get_random_transform().
 */
LADE_API void lade_transform_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                                  struct lade_transform *out);

#ifdef __cplusplus
}
#endif
#endif
