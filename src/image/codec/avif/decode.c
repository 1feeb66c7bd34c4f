/*
 * Decodes an AVIF by libavif. The whole decoded image is in memory, because libavif cannot decode an image in strips.
 * The settings are the same as in Pillow.
 *
 * libavif normally decodes with the library dav1d. Of the decoders that libavif supports, only dav1d checks
 * imageSizeLimit before it allocates memory. dav1d prints a line to stderr if the data of an image is damaged, and
 * libavif has no option that prevents this.
 */
#include "image/codec/avif/container.h"
#include "image/codec/avif/library.h"
#include "image/codec/codec.h"

#include <string.h>

#if LADE_WITH_AVIF

struct avif {
    struct lade__buffer pixels;
};

/* The state of decoding one image. */
struct run {
    const struct lade__libavif *lib;
    struct avif *kept;
    struct lade__decode_job *job;
    struct lade_error *err;
    avifDecoder *decoder;
};

static int failed(const struct run *run, avifResult result) {
    const char *detail = run->decoder->diag.error;
    switch (result) {
    case AVIF_RESULT_OUT_OF_MEMORY:
        return lade_error_set(run->err, LADE_ENOMEM, "AVIF: out of memory");
    case AVIF_RESULT_TRUNCATED_DATA:
    case AVIF_RESULT_IO_ERROR:
        return lade_error_set(run->err, LADE_EFORMAT, "AVIF: truncated: the file ends at byte %zu", run->job->n);
    case AVIF_RESULT_NOT_IMPLEMENTED:
    case AVIF_RESULT_UNSUPPORTED_DEPTH:
    case AVIF_RESULT_NO_CODEC_AVAILABLE:
        return lade_error_set(run->err, LADE_EUNSUPPORTED, "AVIF: libavif does not support this file: %s%s%s",
                              run->lib->ResultToString(result), detail[0] ? ": " : "", detail);
    default:
        return lade_error_set(run->err, LADE_EFORMAT, "AVIF: damaged: %s%s%s (in %zu bytes)",
                              run->lib->ResultToString(result), detail[0] ? ": " : "", detail, run->job->n);
    }
}

/* libavif 0.11 calls abort() if an allocation fails. So this function first checks that there is enough memory for the
   planes of the image and for the copies of libavif. */
static bool has_memory(const struct lade_image_info *info) {
    enum { BYTES = 16 }; /* for each pixel: two copies of 4 planes of 2 bytes */
    void *memory = lade_alloc((size_t)info->width * (size_t)info->height * BYTES);
    lade_free(memory);
    return memory != NULL;
}

static int check_size(const struct run *run) {
    const struct lade_image_info *info = &run->job->info;
    const avifImage *image = run->decoder->image;
    if (image->width == (uint32_t)info->width && image->height == (uint32_t)info->height)
        return LADE_OK;
    return lade_error_set(run->err, LADE_EFORMAT, "AVIF: damaged: the file has two sizes, %d x %d and %u x %u pixels",
                          info->width, info->height, image->width, image->height);
}

/* Decodes the planes of the image. */
static int read_planes(const struct run *run) {
    const struct lade__libavif *lib = run->lib;
    const struct lade__decode_job *job = run->job;
    avifDecoder *decoder = run->decoder;
    bool sequence = lade__avif_is_sequence(job->bytes, job->n);
    decoder->strictFlags &= ~(avifStrictFlags)(AVIF_STRICT_CLAP_VALID | AVIF_STRICT_PIXI_REQUIRED);
    decoder->ignoreExif = decoder->ignoreXMP = AVIF_TRUE;
    decoder->imageSizeLimit =
        job->max_pixels < AVIF_DEFAULT_IMAGE_SIZE_LIMIT ? (uint32_t)job->max_pixels : AVIF_DEFAULT_IMAGE_SIZE_LIMIT;
    decoder->imageDimensionLimit = 0; /* no limit, because the caller has checked the sides */
    avifResult result =
        lib->DecoderSetSource(decoder, sequence ? AVIF_DECODER_SOURCE_TRACKS : AVIF_DECODER_SOURCE_PRIMARY_ITEM);
    if (result == AVIF_RESULT_OK)
        result = lib->DecoderSetIOMemory(decoder, job->bytes, job->n);
    if (result == AVIF_RESULT_OK)
        result = lib->DecoderParse(decoder);
    if (result != AVIF_RESULT_OK)
        return failed(run, result);
    int rc = check_size(run);
    if (rc < 0)
        return rc;
    result = lib->DecoderNextImage(decoder);
    return result == AVIF_RESULT_OK ? check_size(run) : failed(run, result);
}

/* Keeps the highest 8 bits of each sample of a plane, in place. */
static void reduce_plane(uint8_t *plane, uint32_t row_bytes, uint32_t width, uint32_t height, uint32_t bits) {
    for (uint32_t y = 0; plane && y < height; y++) {
        uint8_t *row = plane + (size_t)y * row_bytes;
        for (uint32_t x = 0; x < width; x++) {
            uint16_t sample;
            memcpy(&sample, row + 2 * (size_t)x, sizeof sample);
            row[x] = (uint8_t)(sample >> (bits - 8));
        }
    }
}

/* Converts samples of 10 and 12 bits to 8 bits before the conversion to RGB. libavif 1.0 and later also convert in this
   way if libyuv has no function for these samples. libavif 0.11 would convert in another way, which gives other
   pixels. */
static void reduce_bits(avifImage *image) {
    uint32_t width = image->width, height = image->height, bits = image->depth;
    bool halves_width = image->yuvFormat == AVIF_PIXEL_FORMAT_YUV420 || image->yuvFormat == AVIF_PIXEL_FORMAT_YUV422;
    bool halves_height = image->yuvFormat == AVIF_PIXEL_FORMAT_YUV420;
    if (bits <= 8 || (bits == 10 && image->alphaPlane))
        return;
    for (int i = 0; i < AVIF_PLANE_COUNT_YUV; i++)
        reduce_plane(image->yuvPlanes[i], image->yuvRowBytes[i], i && halves_width ? (width + 1) / 2 : width,
                     i && halves_height ? (height + 1) / 2 : height, bits);
    reduce_plane(image->alphaPlane, image->alphaRowBytes, width, height, bits);
    image->depth = 8;
}

/* Converts the planes to RGB or RGBA, and passes the rows to the sink. */
static int feed(const struct run *run) {
    struct lade__sink *sink = run->job->sink;
    const struct lade_image_info *info = &run->job->info;
    bool alpha = run->decoder->alphaPresent;
    size_t stride = (size_t)info->width * (alpha ? 4 : 3);
    int rc = lade__sink_start(sink, info->width, info->height, alpha ? LADE__RGBA : LADE__RGB, run->err);
    if (rc < 0)
        return rc;
    uint8_t *pixels = lade__buffer_need(&run->kept->pixels, (size_t)info->height, stride);
    if (!pixels)
        return lade_error_set(run->err, LADE_ENOMEM, "AVIF: no memory for an image of %d x %d pixels", info->width,
                              info->height);
    avifRGBImage rgb;
    reduce_bits(run->decoder->image);
    run->lib->RGBImageSetDefaults(&rgb, run->decoder->image);
    rgb.depth = 8;
    rgb.format = alpha ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
    rgb.pixels = pixels;
    rgb.rowBytes = (uint32_t)stride;
    avifResult result = run->lib->ImageYUVToRGB(run->decoder->image, &rgb);
    if (result != AVIF_RESULT_OK)
        return failed(run, result);
    while (!lade__sink_complete(sink)) {
        size_t unused;
        int count;
        lade__sink_rows(sink, &unused, &count);
        lade__sink_take(sink, pixels + (size_t)sink->y * stride, stride, count);
    }
    return LADE_OK;
}

/* Decodes the frames after the first frame. Returns LADE_OK or LADE_ENOMEM. */
static int check_frames(const struct run *run) {
    struct lade__decode_job *job = run->job;
    uint64_t pixels = (uint64_t)job->info.width * (uint64_t)job->info.height;
    for (int frame = 2; frame <= run->decoder->imageCount && lade__job_later(job, pixels); frame++) {
        struct lade_error cause = {0};
        struct run later = {.lib = run->lib, .job = job, .err = &cause, .decoder = run->decoder};
        avifResult result = run->lib->DecoderNextImage(run->decoder);
        if (result == AVIF_RESULT_OK)
            continue;
        if (failed(&later, result) == LADE_ENOMEM)
            return lade_error_set(run->err, LADE_ENOMEM, "%s", cause.message);
        lade__job_warn(job, "frame %d: %s", frame, cause.message);
        break;
    }
    return LADE_OK;
}

static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct run run = {.lib = lade__libavif(), .kept = handle, .job = job, .err = err};
    if (!run.lib)
        return lade_error_set(err, LADE_EUNSUPPORTED, "AVIF: cannot load %s: install this library", LADE_AVIF_SONAME);
    run.decoder = has_memory(&job->info) ? run.lib->DecoderCreate() : NULL;
    if (!run.decoder)
        return lade_error_set(err, LADE_ENOMEM, "AVIF: no memory for an image of %d x %d pixels", job->info.width,
                              job->info.height);
    int rc = read_planes(&run);
    if (rc == LADE_OK)
        rc = feed(&run);
    if (rc == LADE_OK && job->check_all)
        rc = check_frames(&run);
    run.lib->DecoderDestroy(run.decoder);
    return rc;
}

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct avif));
}

static void handle_close(void *handle) {
    struct avif *avif = handle;
    lade__buffer_release(&avif->pixels);
    lade_free(avif);
}
#endif

const struct lade__codec lade__codec_avif = {
    .format = LADE_FORMAT_AVIF,
    .about = {.name = "avif",
              .title = "AVIF",
              .suffixes = (const char *const[]){"avif", "avifs", NULL},
              .readable = LADE_WITH_AVIF},
    .build_option = "LADE_AVIF",
    .library = "libavif",
    .sniff = lade__avif_sniff,
#if LADE_WITH_AVIF
    .read_info = lade__avif_read_info,
    .open = handle_open,
    .close = handle_close,
    .decode = decode,
#endif
};
