/*
 * image/decoder.h - what a thread keeps between images.
 */
#ifndef LADE_SRC_IMAGE_DECODER_H
#define LADE_SRC_IMAGE_DECODER_H

#include "image/codec.h"

struct lade_decoder {
    void *handles[LADE_FORMAT_COUNT]; /* of the codecs used so far */
    struct lade__sink sink;
    struct lade__resizer resizer; /* of lade_image_resize(), which leaves the sink's image alone */
    struct lade__buffer places;   /* of lade_image_to_tensor(): where each column and row comes from */
    char warning[128];            /* of the last image; "": none */
};

#endif
