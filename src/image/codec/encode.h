/*
 * image/codec/encode.h - pixels to the bytes of a file, in memory.
 */
#ifndef LADE_SRC_IMAGE_CODEC_ENCODE_H
#define LADE_SRC_IMAGE_CODEC_ENCODE_H

#include <lade/image.h>

struct lade__encoded {
    uint8_t *data; /* lade_free() */
    size_t size;
};

/*
 * lade__encode_png()  - grey, RGB or RGBA, 8 bits.
 * lade__encode_bmp()  - grey or RGB.
 * lade__encode_pnm()  - grey or RGB.
 * lade__encode_jpeg() - grey or RGB; @quality 1..100; @progressive as it says.
 *
 * @image is as lade__image_ok() wants it. Return LADE_OK with *out the caller's, LADE_EINVAL, LADE_ENOMEM.
 */
int lade__encode_png(const struct lade_image *image, struct lade__encoded *out, struct lade_error *err);
int lade__encode_bmp(const struct lade_image *image, struct lade__encoded *out, struct lade_error *err);
int lade__encode_pnm(const struct lade_image *image, struct lade__encoded *out, struct lade_error *err);
int lade__encode_jpeg(const struct lade_image *image, int quality, bool progressive, struct lade__encoded *out,
                      struct lade_error *err);

#endif
