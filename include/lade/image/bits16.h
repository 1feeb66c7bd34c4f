/*
 * lade/image/bits16.h - decodes and augments images with 16 bits for each sample. lade/image.h includes this header.
 *
 * PNG, TIFF and PNM files may have samples of 16 bits, for example the images of scanners, microscopes and CT. The
 * functions of lade/image/decode.h reduce such samples to 8 bits. The functions of this header keep all bits.
 */
#ifndef LADE_IMAGE_BITS16_H
#define LADE_IMAGE_BITS16_H

#include <lade/image/decode.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lade_output;
struct lade_transform;

/*
 * An image with samples of 16 bits, from 0 (black) to 65535 (white). The struct does not own the memory of its pixels.
 *
 * The pixels are in the order (H, W, C): pixel (y, x) is at pixels + y * stride + x * channels.
 */
struct lade_image16 {
    uint16_t *pixels;
    int width;
    int height;
    int channels;  /* 1: grey, 3: RGB, 4: RGBA */
    size_t stride; /* samples from one row to the next, >= width * channels */
};

/*
 * lade_image_decode16() - decodes and resizes an image, and keeps samples of 16 bits.
 *
 * @options  NULL means the default; clip_grey must be false
 * @out      is set to the image; its pixels belong to @decoder and are valid until the next call with @decoder
 *
 * The values of a file with 16 bits are not changed, except in PNM, where they are scaled so that the maximum in the
 * header becomes 65535. A file with fewer bits is decoded and resized with 8 bits, and then each value is multiplied by
 * 257, so that 255 becomes 65535. In TIFF, unsigned samples of grey, RGB and RGBA keep 16 bits. Of each CMYK sample, only
 * the high byte is used. AVIF has at most 12 bits and is decoded to 8 bits.
 *
 * Without a resize, the pixels of a grey file are equal to the pixels that Pillow decodes with the mode I;16. After a
 * resize, the pixels differ from the pixels of Pillow by at most 1. lade/image/decode.h describes how much memory a
 * decoder needs at most if it keeps 16 bits.
 *
 * Returns the same values as lade_image_decode_resized(). Only one thread at a time may use @decoder.
 */
LADE_API int lade_image_decode16(lade_decoder *decoder, const void *bytes, size_t n,
                                 const struct lade_decode_options *options, struct lade_image16 *out,
                                 struct lade_error *err);

/*
 * lade_image16_to_tensor() - applies a transform to an image of 16 bits and writes the result to a slot, in the same
 *                            way as lade_image_to_tensor().
 *
 * The numbers in @transform have the same meaning as for images of 8 bits: values are from 0 to 255, and each sample is
 * divided by 257. So a slot of float32 gets values from 0 to 255 with fractions, before rescale. A slot of uint16 gets
 * values from 0 to 65535. If the transform changes neither colours nor positions, these values are equal to the samples
 * of the image.
 *
 * Returns the same values as lade_image_to_tensor(), and LADE_EINVAL for LADE_QUIRKS_KERAS3, because Keras has no
 * images of 16 bits.
 */
LADE_API int lade_image16_to_tensor(lade_decoder *decoder, const struct lade_image16 *in,
                                    const struct lade_transform *transform, const struct lade_output *output,
                                    void *slot, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
