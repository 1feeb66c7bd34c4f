/*
 * Decodes the first image of a WebP file by libwebp, and draws the image on the canvas of the file. The pixels around
 * the image are black or transparent, as in Pillow. The whole decoded image is in memory, because libwebp cannot decode
 * an image in strips.
 */
#include "image/codec/bytes.h"
#include "image/codec/codec.h"
#include "image/codec/metadata.h"

#include <string.h>

static bool is_webp(const uint8_t *bytes, size_t n) {
    return n >= 12 && !memcmp(bytes, "RIFF", 4) && !memcmp(bytes + 8, "WEBP", 4);
}

#if LADE_WITH_WEBP
#include <webp/decode.h>
#include <webp/demux.h>

struct webp {
    struct lade__buffer pixels; /* the pixels of the frame */
};

/* Returns true if the file is shorter than the size in its header. */
static bool is_short(const uint8_t *bytes, size_t n) {
    return n < 12 || n - 8 < lade__le32(bytes + 4);
}

/* Returns true if the memory that libwebp may need (up to 4 planes of 4 bytes a pixel) cannot be allocated. libwebp 1.3
   and later return VP8_STATUS_OUT_OF_MEMORY not only if there is no memory, but also if the header of an alpha chunk is
   damaged. This function distinguishes the two causes. */
static bool is_out_of_memory(const struct lade_image_info *info) {
    enum { PLANES = 4, BYTES = 4 };
    void *memory = lade_calloc((size_t)info->width * (size_t)info->height, PLANES * BYTES);
    lade_free(memory);
    return !memory;
}

/* Sets @err for the status @code of libwebp. */
static int failed(const struct lade__decode_job *job, VP8StatusCode code, struct lade_error *err) {
    static const char *const causes[] = {
        [VP8_STATUS_INVALID_PARAM] = "the size is not allowed",
        [VP8_STATUS_BITSTREAM_ERROR] = "the data is invalid",
        [VP8_STATUS_UNSUPPORTED_FEATURE] = "libwebp does not support a feature of the file",
        [VP8_STATUS_NOT_ENOUGH_DATA] = "the image data ends early",
    };
    if (code == VP8_STATUS_OUT_OF_MEMORY && is_out_of_memory(&job->info))
        return lade_error_set(err, LADE_ENOMEM, "WebP: out of memory");
    if (is_short(job->bytes, job->n))
        return lade_error_set(err, LADE_EFORMAT, "WebP: truncated: the file ends at byte %zu", job->n);
    const char *cause = (size_t)code < sizeof causes / sizeof *causes ? causes[code] : NULL;
    return lade_error_set(err, LADE_EFORMAT, "WebP: damaged: %s (in %zu bytes)", cause ? cause : "the data is invalid",
                          job->n);
}

/* Returns the orientation in the chunk EXIF or XMP. These chunks are after the image. Returns 1 if the file has no
   valid orientation. */
static int orientation(const uint8_t *bytes, size_t n) {
    struct lade__metadata metadata = {0};
    for (size_t at = 12; n - at >= 8;) {
        size_t length = lade__le32(bytes + at + 4);
        if (length > n - at - 8)
            break;
        if (!memcmp(bytes + at, "EXIF", 4) && !metadata.exif.bytes)
            metadata.exif = (struct lade__part){bytes + at + 8, length};
        if (!memcmp(bytes + at, "XMP ", 4) && !metadata.xmp.bytes)
            metadata.xmp = (struct lade__part){bytes + at + 8, length};
        at += 8 + length;
        at += at < n ? length % 2 : 0;
    }
    return lade__metadata_orientation(&metadata);
}

static int read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    WebPBitstreamFeatures features;
    VP8StatusCode code = WebPGetFeatures(bytes, n, &features);
    if (code == VP8_STATUS_NOT_ENOUGH_DATA)
        return lade_error_set(err, LADE_EFORMAT, "WebP: truncated: the file ends at byte %zu, within the header", n);
    if (code != VP8_STATUS_OK || features.width < 1 || features.height < 1)
        return lade_error_set(err, LADE_EFORMAT, "WebP: damaged: the header describes no image");
    info->width = features.width;
    info->height = features.height;
    info->channels = features.has_alpha ? 4 : 3;
    info->bits = 8;
    info->orientation = orientation(bytes, n);
    return LADE_OK;
}

static size_t row_bytes(const struct lade__decode_job *job, int width) {
    return (size_t)width * (job->info.channels == 4 ? 4 : 3);
}

/* Decodes the frame to webp->pixels. */
static int decode_pixels(struct webp *webp, const WebPIterator *frame, const struct lade__decode_job *job,
                         struct lade_error *err) {
    const struct lade_image_info *info = &job->info;
    WebPDecoderConfig config;
    if (frame->x_offset < 0 || frame->y_offset < 0 || frame->x_offset + frame->width > info->width ||
        frame->y_offset + frame->height > info->height)
        return lade_error_set(err, LADE_EFORMAT, "WebP: damaged: the image is larger than its canvas of %d x %d pixels",
                              info->width, info->height);
    if (!WebPInitDecoderConfig(&config))
        return lade_error_set(err, LADE_EUNSUPPORTED, "WebP: lade was built for another version of libwebp");
    size_t stride = row_bytes(job, frame->width);
    uint8_t *pixels = lade__buffer_need(&webp->pixels, (size_t)frame->height, stride);
    if (!pixels)
        return lade_error_set(err, LADE_ENOMEM, "WebP: no memory for an image of %d x %d pixels", frame->width,
                              frame->height);
    config.output.colorspace = info->channels == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int)stride;
    config.output.u.RGBA.size = stride * (size_t)frame->height;
    VP8StatusCode code = WebPDecode(frame->fragment.bytes, frame->fragment.size, &config);
    return code == VP8_STATUS_OK ? LADE_OK : failed(job, code, err);
}

/* Passes the rows of the canvas to the sink. The frame is at its position on the canvas; all other pixels are 0. */
static void feed(const struct webp *webp, const WebPIterator *frame, struct lade__decode_job *job) {
    struct lade__sink *sink = job->sink;
    const uint8_t *pixels = webp->pixels.data;
    size_t stride = row_bytes(job, frame->width);
    bool whole = frame->width == job->info.width && frame->height == job->info.height;
    while (!lade__sink_complete(sink)) {
        size_t out_stride;
        int count;
        uint8_t *rows = lade__sink_rows(sink, &out_stride, &count);
        if (whole) {
            lade__sink_take(sink, pixels + (size_t)sink->y * stride, stride, count);
            continue;
        }
        for (int i = 0; i < count; i++) {
            uint8_t *row = rows + (size_t)i * out_stride;
            int y = sink->y + i - frame->y_offset;
            memset(row, 0, row_bytes(job, job->info.width));
            if (y >= 0 && y < frame->height)
                memcpy(row + row_bytes(job, frame->x_offset), pixels + (size_t)y * stride, stride);
        }
        lade__sink_take(sink, rows, out_stride, count);
    }
}

static int decode_frame(struct webp *webp, const WebPIterator *frame, struct lade__decode_job *job,
                        struct lade_error *err) {
    int rc = decode_pixels(webp, frame, job, err);
    if (rc == LADE_OK)
        rc = lade__sink_start(job->sink, job->info.width, job->info.height,
                              job->info.channels == 4 ? LADE__RGBA : LADE__RGB, err);
    if (rc == LADE_OK)
        feed(webp, frame, job);
    return rc;
}

/* Decodes the frames after the first frame. Returns LADE_OK or LADE_ENOMEM. */
static int check_frames(struct webp *webp, WebPIterator *frame, struct lade__decode_job *job, struct lade_error *err) {
    const struct lade_image_info *info = &job->info;
    while (WebPDemuxNextFrame(frame)) {
        struct lade_error cause = {0};
        if (!lade__job_later(job, (uint64_t)info->width * (uint64_t)info->height))
            return LADE_OK;
        int rc = decode_pixels(webp, frame, job, &cause);
        if (rc == LADE_ENOMEM)
            return lade_error_set(err, rc, "%s", cause.message);
        if (rc < 0)
            lade__job_warn(job, "frame %d: %s", frame->frame_num, cause.message);
    }
    return LADE_OK;
}

static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    WebPDemuxer *demuxer = WebPDemux(&(WebPData){job->bytes, job->n});
    if (!demuxer)
        return failed(job, VP8_STATUS_BITSTREAM_ERROR, err);
    WebPIterator frame;
    int rc;
    if ((int)WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH) != job->info.width ||
        (int)WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT) != job->info.height)
        rc = lade_error_set(err, LADE_EFORMAT, "WebP: damaged: two headers have different image sizes");
    else if (!WebPDemuxGetFrame(demuxer, 1, &frame))
        rc = failed(job, VP8_STATUS_NOT_ENOUGH_DATA, err);
    else {
        rc = decode_frame(handle, &frame, job, err);
        job->end = 8 + (size_t)lade__le32(job->bytes + 4);
        if (rc == LADE_OK && job->check_all)
            rc = check_frames(handle, &frame, job, err);
        WebPDemuxReleaseIterator(&frame);
    }
    WebPDemuxDelete(demuxer);
    return rc;
}

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct webp));
}

static void handle_close(void *handle) {
    struct webp *webp = handle;
    lade__buffer_release(&webp->pixels);
    lade_free(webp);
}
#endif

const struct lade__codec lade__codec_webp = {
    .format = LADE_FORMAT_WEBP,
    .about = {.name = "webp",
              .title = "WebP",
              .suffixes = (const char *const[]){"webp", NULL},
              .readable = LADE_WITH_WEBP},
    .build_option = "LADE_WEBP",
    .library = "libwebp",
    .sniff = is_webp,
#if LADE_WITH_WEBP
    .read_info = read_info,
    .open = handle_open,
    .close = handle_close,
    .decode = decode,
#endif
};
