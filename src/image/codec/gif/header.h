/*
 * Reads the blocks of a GIF before its first image.
 */
#ifndef LADE_SRC_IMAGE_CODEC_GIF_HEADER_H
#define LADE_SRC_IMAGE_CODEC_GIF_HEADER_H

#include "image/codec/codec.h"

/*
 * lade__gif_read_info()       - is the read_info() of the codec.
 * lade__gif_check_code_size() - returns LADE_EFORMAT if the codes of the first image have more than 8 bits. giflib
 *                               refuses such data, but it reports no reason. Must be called after
 *                               lade__gif_read_info() has returned LADE_OK for the same bytes.
 */
int lade__gif_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);
int lade__gif_check_code_size(const struct lade__decode_job *job, struct lade_error *err);

#endif
