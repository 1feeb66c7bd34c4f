/*
 * lade/image.h - decodes, resizes, augments and writes images.
 *
 * The functions work on memory, except lade_image_write(), which writes a file. The functions use no global variables
 * and no threads. A lade_decoder uses the same memory for one image after another. Each thread needs its own decoder.
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

#include <stdbool.h>

#include <lade/base.h>
#include <lade/image/augment.h>
#include <lade/image/bits16.h>
#include <lade/image/decode.h>
#include <lade/image/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Into the batch ---------------------------------------------------------------------------------------------- */

/*
 * The statistics that featurewise_center, featurewise_std_normalization and zca_whitening use. They describe the values
 * of a whole data set after rescale. lade_flow_fit() (lade/flow.h) computes the statistics. A caller may also fill in
 * known values.
 */
struct lade_stats {
    int channels;     /* 1, 3 or 4 */
    double mean[4];   /* mean of each channel */
    double std[4];    /* standard deviation of each channel: sqrt(sum of squared deviations / number of values) */
    int64_t images;   /* number of images from which the statistics were computed; 0 means unknown */
    float rescale;    /* the value of lade_output.rescale for these images. The output must use the same value; 0 means
                         unknown */
    int zca_values;   /* height * width * channels of an image; 0 means that `zca` is missing */
    const float *zca; /* matrix of zca_values rows and columns. The product of a centred, flattened sample and this
                         matrix is the whitened sample */
    int64_t left_out; /* number of files and folders that were left out, because they are invalid or cannot be read; 0
                          means that the statistics are those of all images */
    unsigned char reserved[24]; /* zero; see lade/base/attributes.h */
};

/* The largest number of values (height * width * channels) of an image for zca_whitening: 32 * 32 * 3. The matrix has
   one row and one column for each value, so it has up to 38 MB. */
#define LADE_ZCA_MAX_VALUES 3072

/*
 * The format of the pixels in a batch, and the steps that standardise the values. Zero in all fields means float32,
 * channels last, 0..255. The steps have the same names and the same order as in Keras's standardize(). The steps need
 * float32.
 */
struct lade_output {
    bool uint8; /* true: elements are uint8, and values are rounded; false: float32 or uint16 */
    enum lade_data_format data_format;
    float rescale;                      /* factor of all values; 0 means 1 */
    bool samplewise_center;             /* subtract the mean of the sample. One mean is computed from all channels
                                           together */
    bool samplewise_std_normalization;  /* subtract the mean as in samplewise_center, then divide by (the standard
                                           deviation of the sample + 10^-6) */
    bool featurewise_center;            /* subtract stats->mean from each channel */
    bool featurewise_std_normalization; /* subtract stats->mean from each channel, then divide by (stats->std +
                                           10^-6) */
    bool zca_whitening;                 /* subtract stats->mean, then multiply by stats->zca */
    const struct lade_stats *stats;     /* for the last three steps   (borrowed) */
    bool uint16;                /* true: elements are uint16, from 0 to 65535. A value of an image with 8 bits is
                                           multiplied by 257, so that 255 becomes 65535 */
    unsigned char reserved[63]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_output_bytes() - returns the size in bytes of the slot for one image in a batch. The image has @height x @width
 *                       pixels and @channels channels.
 */
LADE_API size_t lade_output_bytes(const struct lade_output *output, int height, int width, int channels);

/*
 * lade_image_to_tensor() - applies a transform to an image and writes the result to a slot, which is the memory of one
 *                          image in a batch.
 *
 * @decoder    provides buffers; @in may be borrowed from @decoder
 * @transform  NULL means no transform
 * @output     NULL means the default
 * @slot       lade_output_bytes() bytes: (H, W, C) or (C, H, W), float32, uint8 or uint16
 *
 * Returns
 *   LADE_OK;
 *   LADE_EINVAL  the image has no pixels; an enum is invalid; the transform reads more than 2^30 pixels outside the
 *                image; uint8 or uint16 is set together with rescale or a step that needs float32; or the stats are for
 *                another number of channels or another size;
 *   LADE_ESTATE  a step needs stats, but they are missing;
 *   LADE_ENOMEM.
 *
 * Positions between pixels are rounded to multiples of 2^-14 pixel. The result is the same on every CPU. With
 * LADE_QUIRKS_KERAS3, the result is the same as in Keras 3, but the function takes several times longer.
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
 *   LADE_EINVAL  the image has no pixels, the image is RGBA but the format has no alpha, the quality is out of range,
 *                or lade does not write the format;
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
