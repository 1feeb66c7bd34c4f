/*
 * image/codec/bmp/header.h - reads the headers of BMP.
 */
#ifndef LADE_SRC_IMAGE_CODEC_BMP_HEADER_H
#define LADE_SRC_IMAGE_CODEC_BMP_HEADER_H

#include <lade/image.h>

/* The values of lade__bmp_header.compression. */
enum { LADE__BMP_RGB = 0, LADE__BMP_RLE8 = 1, LADE__BMP_RLE4 = 2, LADE__BMP_MASKS = 3 };

struct lade__bmp_header {
    int width, height, bits;
    bool top_down;
    uint32_t compression;
    uint32_t colors;     /* number of palette entries */
    size_t palette;      /* offset of the palette in the file */
    size_t palette_step; /* bytes from one palette entry to the next */
    uint32_t masks[4];   /* red, green, blue, alpha */
    size_t pixels;       /* offset of the pixels in the file */
};

/*
 * lade__bmp_sniff()       - returns true if the bytes are the beginning of a BMP.
 * lade__bmp_read_info()   - implements read_info() of struct lade__codec.
 * lade__bmp_read_header() - reads the whole header. Returns LADE_OK, LADE_EFORMAT or LADE_EUNSUPPORTED.
 * lade__bmp_too_short()   - fills @err for a file of @n bytes that ends inside the part @where. Returns LADE_EFORMAT.
 */
bool lade__bmp_sniff(const uint8_t *bytes, size_t n);
int lade__bmp_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);
int lade__bmp_read_header(const uint8_t *bytes, size_t n, struct lade__bmp_header *h, struct lade_error *err);
int lade__bmp_too_short(size_t n, const char *where, struct lade_error *err);

#endif
