/*
 * image/codec/codec.h - what a file format has to offer to be read. A new one is a folder and a line in table.c.
 */
#ifndef LADE_SRC_IMAGE_CODEC_CODEC_H
#define LADE_SRC_IMAGE_CODEC_CODEC_H

#include "image/geometry/row_sink.h"

/*
 * One image on its way through a codec.
 */
struct lade__decode_job {
    const uint8_t *bytes;
    size_t n;
    struct lade_image_info info; /* what the codec's info() said */
    int min_width, min_height;   /* the codec may decode at a fraction of the size, not below this; 0: it may not */
    uint64_t max_pixels;         /* the limit, for what a format holds besides the image */
    struct lade__sink *sink;     /* where the rows go */
    char warning[128];           /* filled by a codec that put up with something; "" before */
};

struct lade__codec {
    enum lade_format format;
    bool upright; /* the format's readers turn its images as they say, whether one asks for it or not */

    /* Do these first bytes belong to this format? */
    bool (*sniff)(const uint8_t *bytes, size_t n);

    /* Read the header. LADE_OK with a size of at least 1 x 1, or LADE_EFORMAT. Allocates nothing. The format is filled
       in already, and orientation 1. */
    int (*info)(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);

    /* What a decoder keeps for this codec from image to image, made at its first use; NULL: no memory. Both may be
       left out by a codec that keeps nothing. */
    void *(*open)(void);
    void (*close)(void *handle);

    /* Start job->sink and feed it every row. LADE_OK, LADE_EFORMAT, LADE_EUNSUPPORTED, LADE_ELIMIT, LADE_ENOMEM. The
       limits were held against job->info; a decoder that finds another size than that refuses. */
    int (*decode)(void *handle, struct lade__decode_job *job, struct lade_error *err);
};

extern const struct lade__codec lade__codec_jpeg;
extern const struct lade__codec lade__codec_png;
extern const struct lade__codec lade__codec_bmp;
extern const struct lade__codec lade__codec_pnm;
extern const struct lade__codec lade__codec_webp; /* where the build has it, like the next two */
extern const struct lade__codec lade__codec_gif;
extern const struct lade__codec lade__codec_tiff;

/*
 * lade__codec_for() - *codec = the one that knows these bytes. LADE_OK; LADE_EFORMAT: there are none; LADE_EUNSUPPORTED
 * with @err telling what they look like.
 * lade__codec_of() - the codec of a format, NULL for a format that has none.
 */
int lade__codec_for(const uint8_t *bytes, size_t n, const struct lade__codec **codec, struct lade_error *err);
const struct lade__codec *lade__codec_of(enum lade_format format);

/*
 * lade__looks_like() - words for bytes that no codec knows: "text", "a GIF image", ...
 */
void lade__looks_like(const uint8_t *bytes, size_t n, char *words, size_t size);

#endif
