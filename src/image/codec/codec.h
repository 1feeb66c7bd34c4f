/*
 * image/codec/codec.h - defines a codec, which reads one file format and may also write it.
 *
 * Everything that depends on a format is in its struct lade__codec. To add a codec, add a folder that defines such a
 * struct, and a line in LADE__CODECS. CONTRIBUTING.md describes the steps.
 */
#ifndef LADE_SRC_IMAGE_CODEC_CODEC_H
#define LADE_SRC_IMAGE_CODEC_CODEC_H

#include "image/geometry/row_sink.h"

/* An encoded image. */
struct lade__encoded {
    uint8_t *data; /* the owner must free it with lade_free() */
    size_t size;
};

/*
 * Encodes an image for which lade__image_ok() is true.
 *
 * @quality  1 to 100, or 0 for the default; lossless formats ignore it
 * @out      is set to the encoded bytes, which the caller owns
 *
 * Returns LADE_OK, LADE_EINVAL (for example RGBA in a format without alpha) or LADE_ENOMEM.
 */
typedef int lade__encode_fn(const struct lade_image *image, int quality, struct lade__encoded *out,
                            struct lade_error *err);

/* An image that is being decoded. */
struct lade__decode_job {
    const uint8_t *bytes;
    size_t n;
    struct lade_image_info info; /* the result of the codec's read_info() */
    int min_width, min_height;   /* the codec may scale the image down to this size; 0: no scaling */
    bool clip_grey;              /* see struct lade_decode_options */
    bool keep16;                 /* the codec may pass rows of 16-bit samples; it must then set sink->bits16 */
    uint64_t max_pixels;         /* limit for other sizes that the codec checks, such as the size of a row of tiles */
    struct lade__sink *sink;     /* receives the rows */
    char warning[128];           /* describes a defect of the file that is not an error; "": no such defect */

    /* decode() must also check the images after the first image, and must call lade__job_warn() for their defects */
    bool check_all;
    size_t end;            /* offset of the first byte after the image; 0 if the codec does not set it */
    uint64_t later_pixels; /* number of pixels of the later images that were checked so far */
};

/*
 * lade__job_warn()  - stores the description of a defect in job->warning, if it is the first defect of the file.
 * lade__job_later() - counts a later image of the file, which has @pixels pixels. A later image is any image except the
 *                     first. If all later images together have too many pixels, reports a defect and returns false. No
 *                     more images may then be checked.
 */
void lade__job_warn(struct lade__decode_job *job, const char *format, ...) LADE_PRINTF(2, 3);
bool lade__job_later(struct lade__decode_job *job, uint64_t pixels);

/*
 * lade__grey16() - converts a grey value of 16 bits to 8 bits, rounded to nearest.
 */
static inline uint8_t lade__grey16(unsigned value) {
    return (uint8_t)((value + 128) / 257);
}

struct lade__codec {
    enum lade_format format;
    struct lade_format_info about; /* public description; about.readable is false if the build leaves the codec out */
    const char *build_option;      /* CMake option that turns the codec on; NULL if it is always built */
    const char *library;           /* library that the option needs */
    bool upright;      /* images are always turned upright, even without exif_orientation, because Pillow does this */
    bool concatenated; /* a file may contain several images, one after the other */

    /* Returns true if the first bytes of a file belong to this format. The function also works if the build leaves the
       codec out. */
    bool (*sniff)(const uint8_t *bytes, size_t n);

    /* Reads the header into @info. Before the call, the caller sets info->format to the format of the codec, and
       info->orientation to 1. Returns LADE_OK if the size is at least 1 x 1, and otherwise LADE_EFORMAT. The
       function must not allocate memory, except up to 200 kB for compressed metadata. */
    int (*read_info)(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);

    /* A decoder calls open() before the first image of this format. open() returns the data that the decoder keeps for
       the codec from one image to the next, or NULL if there is no memory. close() frees this data. Both pointers are
       NULL if the codec keeps no data. */
    void *(*open)(void);
    void (*close)(void *handle);

    /* Calls lade__sink_start() and passes every row to the sink. Returns LADE_OK, LADE_EFORMAT, LADE_EUNSUPPORTED,
       LADE_ELIMIT or LADE_ENOMEM. The caller has checked that the size in job->info is within the limits, so the codec
       must fail if it later finds another size in the file. */
    int (*decode)(void *handle, struct lade__decode_job *job, struct lade_error *err);

    /* NULL if lade does not write the format. */
    lade__encode_fn *encode;
};

/* Lists all codecs in the order of enum lade_format. lade__codec_find() tries the codecs in this order. */
#define LADE__CODECS(CODEC) CODEC(jpeg) CODEC(png) CODEC(webp) CODEC(gif) CODEC(bmp) CODEC(tiff) CODEC(pnm) CODEC(avif)

#define LADE__DECLARE_CODEC(name)                       \
    extern const struct lade__codec lade__codec_##name; \
    lade__encode_fn lade__encode_##name; /* defined only if lade writes the format */
LADE__CODECS(LADE__DECLARE_CODEC)

/*
 * lade__codec_of() - returns the codec of @format, or NULL for a value that is not a format.
 */
const struct lade__codec *lade__codec_of(enum lade_format format);

/*
 * lade__codec_find() - sets *codec to the codec that can decode these bytes.
 *
 * Returns LADE_OK; LADE_EFORMAT for 0 bytes; or LADE_EUNSUPPORTED with a message that describes the bytes.
 */
int lade__codec_find(const uint8_t *bytes, size_t n, const struct lade__codec **codec, struct lade_error *err);

/*
 * lade__codec_left_out() - writes a description of a file whose codec the build leaves out, such as "GIF, which
 * ...", to @text.
 */
void lade__codec_left_out(const struct lade__codec *codec, char *text, size_t size);

/*
 * lade__looks_like() - writes a description of bytes that no codec recognises to @text, such as "a ZIP archive: unpack
 * it first".
 */
void lade__looks_like(const uint8_t *bytes, size_t n, char *text, size_t size);

#endif
