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
    char warning[128];            /* the warning about the last image; "" means that there is none */
};

/*
 * lade__decoder_standardize() - calls lade__standardize() with a buffer of @decoder.
 */
int lade__decoder_standardize(lade_decoder *decoder, const struct lade_output *output, int height, int width,
                              int channels, float *slot, struct lade_error *err);

#endif
