/*
 * image/codec/png/orientation.h - finds the orientation of a PNG.
 */
#ifndef LADE_SRC_IMAGE_CODEC_PNG_ORIENTATION_H
#define LADE_SRC_IMAGE_CODEC_PNG_ORIENTATION_H

#include <lade/image.h>

/*
 * lade__png_orientation() - sets *orientation to the orientation in the metadata of a PNG, or to 1 if the
 * metadata has no orientation.
 *
 * Allocates up to 200 kB if the metadata is a text chunk that is compressed or contains hexadecimal digits. Returns
 * LADE_OK or LADE_ENOMEM.
 */
int lade__png_orientation(const uint8_t *bytes, size_t n, int *orientation, struct lade_error *err);

#endif
