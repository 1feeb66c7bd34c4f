/*
 * image/decoder.h - what a thread keeps between images.
 */
#ifndef LADE_SRC_IMAGE_DECODER_H
#define LADE_SRC_IMAGE_DECODER_H

#include "image/codec/codec.h"

struct lade_decoder {
    void *handles[LADE_FORMAT_COUNT]; /* of the codecs used so far */
    struct lade__sink sink;
    struct lade__resizer resizer; /* of lade_image_resize(), which leaves the sink's image alone */
    struct lade__buffer rows;     /* of lade_image_to_tensor() */
    struct lade__buffer image;    /* the same: a whole one, in floats */
    char warning[128];            /* of the last image; "": none */
};

/*
 * lade__decoder_standardize() - lade__standardize() with a buffer of @decoder.
 */
int lade__decoder_standardize(lade_decoder *decoder, const struct lade_output *output, int height, int width,
                              int channels, float *slot, struct lade_error *err);

#endif
