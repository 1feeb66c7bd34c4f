/*
 * image/decoder.h - declares struct lade_decoder, which keeps memory and codec data from one image to the next. Each
 * thread uses its own decoder.
 */
#ifndef LADE_SRC_IMAGE_DECODER_H
#define LADE_SRC_IMAGE_DECODER_H

#include "image/codec/codec.h"

struct lade_decoder {
    void *handles[LADE_FORMAT_COUNT]; /* the data that each codec keeps; NULL for a codec that was not used */
    struct lade__sink sink;
    struct lade__resizer resizer; /* for lade_image_resize(), which must not change the image in the sink */
    struct lade__buffer rows;     /* temporary rows of lade_image_to_tensor() */
    struct lade__buffer image;    /* a whole image in floats, for lade_image_to_tensor() */
    struct lade__buffer widened;  /* the result of lade_image_decode16() for an image of 8 bits */
    char warning[128];            /* the warning about the last image; "" means that there is no warning */
};

/*
 * lade__decoder_decode() - does the same as lade_image_decode_resized(). If @keep16 is true, 16-bit samples of a file
 * are not converted to 8 bits. If the result then has 16 bits, *bits16 is set to true, the pixels of @out are uint16_t,
 * and out->stride is in bytes.
 *
 * lade__image_to_tensor() - does the same as lade_image_to_tensor(), for an image whose samples have 16 bits if @bits16
 * is true.
 */
int lade__decoder_decode(lade_decoder *decoder, const void *bytes, size_t n, const struct lade_decode_options *options,
                         bool keep16, struct lade_image *out, bool *bits16, struct lade_error *err);
int lade__image_to_tensor(lade_decoder *decoder, const struct lade_image *in, bool bits16,
                          const struct lade_transform *transform, const struct lade_output *output, void *slot,
                          struct lade_error *err);

/*
 * lade__decoder_standardize() - calls lade__standardize() with a buffer of @decoder.
 */
int lade__decoder_standardize(lade_decoder *decoder, const struct lade_output *output, int height, int width,
                              int channels, float *slot, struct lade_error *err);

#endif
