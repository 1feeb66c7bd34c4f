/*
 * image/codec/jpeg/encode.h - encodes JPEG, with the option @progressive that only tests use.
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_ENCODE_H
#define LADE_SRC_IMAGE_CODEC_JPEG_ENCODE_H

#include "image/codec/codec.h"

/*
 * lade__jpeg_encode() - encodes a grey or RGB image; see lade__encode_fn. @progressive selects a progressive JPEG.
 */
int lade__jpeg_encode(const struct lade_image *image, int quality, bool progressive, struct lade__encoded *out,
                      struct lade_error *err);

#endif
