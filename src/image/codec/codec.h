/*
 * image/codec/codec.h - a codec reads, and may also write, one file format.
 *
 * All that the library knows about a format is in its struct lade__codec. A new codec is a folder with that struct and
 * a line in LADE__CODECS; CONTRIBUTING.md has the steps.
 */
#ifndef LADE_SRC_IMAGE_CODEC_CODEC_H
#define LADE_SRC_IMAGE_CODEC_CODEC_H

#include "image/geometry/row_sink.h"

/* An encoded image. */
struct lade__encoded {
    uint8_t *data; /* to be freed with lade_free() */
    size_t size;
};

/*
 * Encodes an image for which lade__image_ok() is true.
 *
 * @quality  1 to 100, or 0 for the default; formats without loss ignore it
 * @out      is set to the encoded bytes, which the caller owns
 *
 * Returns LADE_OK, LADE_EINVAL (for example RGBA in a format without alpha) or LADE_ENOMEM.
 */
typedef int lade__encode_fn(const struct lade_image *image, int quality, struct lade__encoded *out,
                            struct lade_error *err);

/* One image while it is decoded. */
struct lade__decode_job {
    const uint8_t *bytes;
    size_t n;
    struct lade_image_info info; /* the result of the codec's read_info() */
    int min_width, min_height;   /* the codec may decode at a fraction of the size, but not below this; 0 forbids it */
    uint64_t max_pixels;         /* the limit, for anything that the file holds besides the image */
    struct lade__sink *sink;     /* takes the rows */
    char warning[128];           /* set by a codec that tolerated a defect; "" means that there was none */
};

struct lade__codec {
    enum lade_format format;
    struct lade_format_info about; /* the public part; about.readable is false if the build leaves the codec out */
    const char *build_option;      /* CMake option that turns the codec on; NULL if it is always built */
    const char *library;           /* library that the option needs */
    bool upright;                  /* images are always turned as their orientation says, because Pillow does so */

    /* True if the first bytes of a file belong to this format. Works in every build. */
    bool (*sniff)(const uint8_t *bytes, size_t n);

    /* Reads the header into @info, whose format and orientation (1) are already set. Returns LADE_OK with a size of at
       least 1 x 1, or LADE_EFORMAT. Must not allocate memory. */
    int (*read_info)(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);

    /* open() returns the data that a decoder keeps for this codec from image to image, or NULL if there is no memory.
       It is called before the first image. Both are NULL for a codec that keeps nothing. */
    void *(*open)(void);
    void (*close)(void *handle);

    /* Calls lade__sink_start() and gives the sink every row. Returns LADE_OK, LADE_EFORMAT, LADE_EUNSUPPORTED,
       LADE_ELIMIT or LADE_ENOMEM. The limits were checked against the size in job->info, so the codec must fail if it
       finds another size later. */
    int (*decode)(void *handle, struct lade__decode_job *job, struct lade_error *err);

    /* NULL if lade does not write the format. */
    lade__encode_fn *encode;
};

/* All codecs, in the order of enum lade_format. lade__codec_find() tries them in this order. */
#define LADE__CODECS(CODEC) CODEC(jpeg) CODEC(png) CODEC(webp) CODEC(gif) CODEC(bmp) CODEC(tiff) CODEC(pnm)

#define LADE__DECLARE_CODEC(name)                       \
    extern const struct lade__codec lade__codec_##name; \
    lade__encode_fn lade__encode_##name; /* defined only if the codec writes */
LADE__CODECS(LADE__DECLARE_CODEC)

/*
 * lade__codec_of() - the codec of a format; NULL for a value that is not a format.
 */
const struct lade__codec *lade__codec_of(enum lade_format format);

/*
 * lade__codec_find() - set *codec to the codec that can decode these bytes.
 *
 * Returns LADE_OK; LADE_EFORMAT for 0 bytes; or LADE_EUNSUPPORTED, and @err then says what the bytes look like.
 */
int lade__codec_find(const uint8_t *bytes, size_t n, const struct lade__codec **codec, struct lade_error *err);

/*
 * lade__codec_left_out() - describe a file whose codec the build leaves out: "a GIF image, which ...".
 */
void lade__codec_left_out(const struct lade__codec *codec, char *text, size_t size);

/*
 * lade__looks_like() - describe bytes that no codec recognises: "a ZIP archive: unpack it first".
 */
void lade__looks_like(const uint8_t *bytes, size_t n, char *text, size_t size);

#endif
