/*
 * Reads the directory of a TIFF and checks that lade supports the kind of the image.
 *
 * libtiff supports about fifty kinds of compression. This file has a list of the kinds that lade accepts. The other
 * kinds are rare, and two of them are dangerous: LZMA may need any amount of memory, and old-style JPEG is badly
 * specified. The first checks read the directory without libtiff, because libtiff replaces some values, and fails with
 * an unclear message for other values.
 */
#include "image/codec/tiff/tiff.h"
#include "image/codec/ifd.h"

#if LADE_WITH_TIFF

/* Returns the value of a tag of the directory, or @otherwise if the directory does not have the tag. */
static uint64_t tag(const struct lade__ifd *ifd, enum lade__ifd_tag name, uint64_t otherwise) {
    uint64_t value;
    return lade__ifd_find(ifd, name, &value) ? value : otherwise;
}

int lade__tiff_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    struct lade__ifd ifd;
    bool complete = lade__ifd_open(&ifd, bytes, n);
    uint64_t width = tag(&ifd, LADE__IFD_WIDTH, 0), height = tag(&ifd, LADE__IFD_HEIGHT, 0);
    uint64_t samples = tag(&ifd, LADE__IFD_SAMPLES, 1), bits = tag(&ifd, LADE__IFD_BITS, 1);
    uint64_t orientation = tag(&ifd, LADE__IFD_ORIENTATION, 1);
    if (!complete && (!width || !height))
        return lade_error_set(err, LADE_EFORMAT, "TIFF: truncated: the file ends at byte %zu, within the directory", n);
    if (width - 1 >= INT32_MAX || height - 1 >= INT32_MAX)
        return lade_error_set(err, LADE_EFORMAT,
                              "TIFF: the size in the directory is %llu x %llu pixels, which is not allowed",
                              (unsigned long long)width, (unsigned long long)height);
    info->width = (int)width;
    info->height = (int)height;
    info->channels = samples < 4 ? (int)samples : 4;
    info->bits = bits < 64 ? (int)bits : 64;
    info->orientation = orientation >= 1 && orientation <= 8 ? (int)orientation : 1;
    return LADE_OK;
}

/* ---- Supported kinds --------------------------------------------------------------------------------------------- */

/* A value of a tag that lade does not support, and the name of the value. */
struct name {
    unsigned value;
    const char *words;
};

static const struct name other_compressions[] = {
    {COMPRESSION_OJPEG, "old-style JPEG"},
    {COMPRESSION_THUNDERSCAN, "ThunderScan"},
    {COMPRESSION_JBIG, "JBIG"},
    {COMPRESSION_JP2000, "JPEG 2000"},
    {33003, "JPEG 2000"},
    {33005, "JPEG 2000"},
    {COMPRESSION_SGILOG, "SGI LogLuv"},
    {COMPRESSION_SGILOG24, "SGI LogLuv"},
    {COMPRESSION_LERC, "LERC"},
    {COMPRESSION_LZMA, "LZMA"},
    {COMPRESSION_JXL, "JPEG XL"},
    {34892, "lossy JPEG of DNG"},
    {34713, "camera raw of Nikon"},
    {32767, "camera raw of Sony"},
    {65535, "camera raw of Pentax"},
    {0, NULL},
};
static const struct name other_colors[] = {
    {PHOTOMETRIC_MASK, "a transparency mask"},
    {PHOTOMETRIC_CIELAB, "L*a*b*"},
    {PHOTOMETRIC_ICCLAB, "L*a*b* of ICC"},
    {PHOTOMETRIC_ITULAB, "L*a*b* of ITU"},
    {PHOTOMETRIC_CFA, "camera raw"},
    {PHOTOMETRIC_LOGL, "LogL"},
    {PHOTOMETRIC_LOGLUV, "LogLuv"},
    {34892, "camera raw"},
    {0, NULL},
};

static const char *name_of(const struct name *names, uint64_t value) {
    while (names->words && names->value != value)
        names++;
    return names->words ? names->words : "an unknown kind";
}

static int check_compression(uint64_t compression, struct lade_error *err) {
    static const uint16_t known[] = {COMPRESSION_NONE,      COMPRESSION_CCITTRLE,      COMPRESSION_CCITTFAX3,
                                     COMPRESSION_CCITTFAX4, COMPRESSION_LZW,           COMPRESSION_JPEG,
                                     COMPRESSION_PACKBITS,  COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
                                     COMPRESSION_ZSTD,      COMPRESSION_WEBP};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (compression == known[i])
            return TIFFIsCODECConfigured(known[i])
                       ? LADE_OK
                       : lade_error_set(err, LADE_EUNSUPPORTED,
                                        "TIFF: libtiff was built without a codec for compression %u: convert the image "
                                        "to PNG",
                                        (unsigned)known[i]);
    return lade_error_set(err, LADE_EUNSUPPORTED,
                          "TIFF: compression %llu (%s) is not supported: convert the image to PNG",
                          (unsigned long long)compression, name_of(other_compressions, compression));
}

static int check_colors(uint64_t photometric, struct lade_error *err) {
    static const uint16_t known[] = {PHOTOMETRIC_MINISWHITE, PHOTOMETRIC_MINISBLACK, PHOTOMETRIC_RGB,
                                     PHOTOMETRIC_PALETTE,    PHOTOMETRIC_SEPARATED,  PHOTOMETRIC_YCBCR};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (photometric == known[i])
            return LADE_OK;
    return lade_error_set(err, LADE_EUNSUPPORTED,
                          "TIFF: colours of photometric %llu (%s) are not supported: convert the image to PNG",
                          (unsigned long long)photometric, name_of(other_colors, photometric));
}

static int check_bits(uint64_t bits, struct lade_error *err) {
    if (bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32)
        return LADE_OK;
    if (bits == 0)
        return lade_error_set(err, LADE_EFORMAT, "TIFF: damaged: the number of bits of a sample is 0 in the directory");
    return lade_error_set(err, LADE_EUNSUPPORTED,
                          "TIFF: samples of %llu bits are not supported: convert the image to 8 or 16 bits",
                          (unsigned long long)bits);
}

/* Returns the default of Pillow if the tag is missing. */
static uint64_t photometric_of(const struct lade__ifd *ifd) {
    return tag(ifd, LADE__IFD_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
}

/* Checks the sizes of all tags, because libtiff copies the value of every tag. In a malicious file, thousands of tags
   share the same bytes. */
static int check_tags(const struct lade__ifd *ifd, const struct lade__decode_job *job, struct lade_error *err) {
    uint64_t size = lade__ifd_value_bytes(ifd);
    if (size <= job->n)
        return LADE_OK;
    return lade_error_set(err, LADE_ELIMIT,
                          "TIFF: the values of the tags have %llu bytes, but the limit is the size of the file, %zu "
                          "bytes: convert the image to PNG",
                          (unsigned long long)size, job->n);
}

int lade__tiff_check_kind(const struct lade__decode_job *job, struct lade_error *err) {
    struct lade__ifd ifd;
    lade__ifd_open(&ifd, job->bytes, job->n);
    int rc = check_tags(&ifd, job, err);
    if (rc == LADE_OK)
        rc = check_compression(tag(&ifd, LADE__IFD_COMPRESSION, COMPRESSION_NONE), err);
    if (rc == LADE_OK)
        rc = check_colors(photometric_of(&ifd), err);
    return rc < 0 ? rc : check_bits(tag(&ifd, LADE__IFD_BITS, 1), err);
}

/* ---- The directory in libtiff ------------------------------------------------------------------------------------ */

/* Reads two tags without libtiff, because libtiff replaces the value of a tag that is missing or invalid. */
static int read_colors(struct lade__tiff *t) {
    struct lade__ifd ifd;
    lade__ifd_open(&ifd, t->job->bytes, t->job->n);
    uint64_t photometric = photometric_of(&ifd), extra = tag(&ifd, LADE__IFD_EXTRA, LADE__TIFF_NO_EXTRA);
    t->extra = extra < LADE__TIFF_NO_EXTRA ? (uint16_t)extra : LADE__TIFF_NO_EXTRA;
    if (TIFFGetField(t->tiff, TIFFTAG_PHOTOMETRIC, &t->photometric) && t->photometric != photometric)
        return lade_error_set(t->err, LADE_EFORMAT,
                              "TIFF: damaged: photometric is %llu, but the tags for this value are missing",
                              (unsigned long long)photometric);
    return LADE_OK;
}

int lade__tiff_check_compression(struct lade__tiff *t) {
    TIFFGetFieldDefaulted(t->tiff, TIFFTAG_COMPRESSION, &t->compression);
    return check_compression(t->compression, t->err);
}

int lade__tiff_read_directory(struct lade__tiff *t) {
    uint32_t width = 0, height = 0;
    TIFFGetField(t->tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(t->tiff, TIFFTAG_IMAGELENGTH, &height);
    if (width != (uint32_t)t->job->info.width || height != (uint32_t)t->job->info.height)
        return lade_error_set(t->err, LADE_EFORMAT,
                              "TIFF: damaged: the directory has two sizes, %d x %d and %u x %u pixels",
                              t->job->info.width, t->job->info.height, width, height);
    TIFFGetFieldDefaulted(t->tiff, TIFFTAG_BITSPERSAMPLE, &t->bits);
    TIFFGetFieldDefaulted(t->tiff, TIFFTAG_SAMPLESPERPIXEL, &t->samples);
    TIFFGetFieldDefaulted(t->tiff, TIFFTAG_SAMPLEFORMAT, &t->sample_format);
    TIFFGetFieldDefaulted(t->tiff, TIFFTAG_PLANARCONFIG, &t->planar);
    int rc = lade__tiff_check_compression(t);
    return rc < 0 ? rc : read_colors(t);
}

#endif
