/*
 * image/codec/avif/container.h - reads the header of an AVIF without libavif, so that no memory is allocated.
 */
#ifndef LADE_SRC_IMAGE_CODEC_AVIF_CONTAINER_H
#define LADE_SRC_IMAGE_CODEC_AVIF_CONTAINER_H

#include <lade/image.h>

/*
 * lade__avif_sniff()       - implements sniff() of struct lade__codec.
 * lade__avif_read_info()   - implements read_info() of struct lade__codec.
 * lade__avif_is_sequence() - returns true if the image is the first frame of a sequence, and not the primary item.
 */
bool lade__avif_sniff(const uint8_t *bytes, size_t n);
int lade__avif_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);
bool lade__avif_is_sequence(const uint8_t *bytes, size_t n);

#endif
