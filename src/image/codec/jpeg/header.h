/*
 * image/codec/jpeg/header.h - reads the header of a JPEG without libjpeg, so that no memory is allocated.
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_HEADER_H
#define LADE_SRC_IMAGE_CODEC_JPEG_HEADER_H

#include <lade/image.h>

/*
 * lade__jpeg_read_info() - implements read_info() of struct lade__codec.
 *
 * @process  is set to the code of the frame marker, 0xc0 (baseline) to 0xcf; may be NULL
 */
int lade__jpeg_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, unsigned *process,
                         struct lade_error *err);

/*
 * lade__jpeg_is_lossless() - returns true for the frame markers of lossless compression, which lade does not decode.
 */
bool lade__jpeg_is_lossless(unsigned process);

/*
 * lade__jpeg_count_scans() - returns the number of scans in a file whose header was read. The image is not decoded.
 */
size_t lade__jpeg_count_scans(const uint8_t *bytes, size_t n);

#endif
