/*
 * Defines the public functions for decoding. The functions find the codec, check the limits and run the codec. The
 * limits are checked before the first allocation, so a file whose header contains a size of 100000 x 100000 pixels
 * cannot make lade allocate much memory.
 */
#include "image/decoder.h"
#include "image/view.h"

#include <inttypes.h>
#include <string.h>

#include "base/option.h"

lade_decoder *lade_decoder_new(void) {
    return lade_calloc(1, sizeof(lade_decoder));
}

void lade_decoder_free(lade_decoder *decoder) {
    if (!decoder)
        return;
    for (unsigned i = 0; i < LADE_FORMAT_COUNT; i++)
        if (decoder->handles[i])
            lade__codec_of((enum lade_format)i)->close(decoder->handles[i]);
    lade__sink_release(&decoder->sink);
    lade__resizer_release(&decoder->resizer);
    lade__buffer_release(&decoder->rows);
    lade__buffer_release(&decoder->image);
    lade__buffer_release(&decoder->widened);
    lade_free(decoder);
}

const char *lade_decoder_warning(const lade_decoder *decoder) {
    return decoder->warning[0] ? decoder->warning : NULL;
}

static int check_file_bytes(size_t n, const struct lade_image_limits *limits, struct lade_error *err) {
    uint64_t most = limits->max_file_bytes ? limits->max_file_bytes : LADE_MAX_FILE_BYTES;
    if (n <= most)
        return LADE_OK;
    return lade_error_set_subject(
        err, LADE_ELIMIT, "max_file_bytes",
        "%zu bytes exceed the limit of %" PRIu64 " (max_file_bytes): raise the limit if you trust the file", n, most);
}

static uint64_t most_pixels(const struct lade_image_limits *limits) {
    return limits->max_pixels ? limits->max_pixels : LADE_MAX_PIXELS;
}

/* max_side also limits the size of the tables of a resize, which grow with the width and the height. */
static int check_sides(const struct lade_image_info *info, const struct lade_image_limits *limits,
                       struct lade_error *err) {
    uint64_t most = limits->max_side ? limits->max_side : LADE_MAX_SIDE;
    int longer = info->width > info->height ? info->width : info->height;
    if ((uint64_t)longer <= most)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ELIMIT, "max_side",
                                  "%d x %d pixels: a side exceeds the limit of %" PRIu64
                                  " (max_side): raise the limit if you trust the file",
                                  info->width, info->height, most);
}

static int check_pixels(const struct lade_image_info *info, const struct lade_image_limits *limits,
                        struct lade_error *err) {
    uint64_t most = most_pixels(limits);
    uint64_t pixels = (uint64_t)info->width * (uint64_t)info->height;
    if (pixels <= most)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ELIMIT, "max_pixels",
                                  "%d x %d = %" PRIu64 " pixels exceed the limit of %" PRIu64
                                  " (max_pixels): raise the limit if you trust the file",
                                  info->width, info->height, pixels, most);
}

static int check_options(const lade_decoder *decoder, const void *bytes, size_t n,
                         const struct lade_decode_options *options, const struct lade_image *out,
                         struct lade_error *err) {
    int height = options->target_size[0], width = options->target_size[1];
    if (!decoder || !out || (!bytes && n))
        return lade_error_set(err, LADE_EINVAL, "decode: decoder, bytes and out must not be NULL");
    if (LADE__RESERVED_CHECK(options, "lade_decode_options", err) < 0 ||
        LADE__RESERVED_CHECK(&options->limits, "lade_image_limits", err) < 0)
        return LADE_EINVAL;
    if (!lade_color_mode_channels(options->color_mode))
        return lade_error_set_subject(err, LADE_EINVAL, "color_mode", "color_mode %d is not known",
                                      (int)options->color_mode);
    if ((unsigned)options->interpolation >= LADE_INTERPOLATION_COUNT)
        return lade_error_set_subject(err, LADE_EINVAL, "interpolation", "interpolation %d is not known",
                                      (int)options->interpolation);
    if ((unsigned)options->decode >= LADE_DECODE_COUNT)
        return lade_error_set_subject(err, LADE_EINVAL, "decode", "decode %d is not known", (int)options->decode);
    if (!(height == 0 && width == 0) && (height < 1 || width < 1))
        return lade_error_set_subject(err, LADE_EINVAL, "target_size",
                                      "target_size %d x %d: height and width must be at least 1", height, width);
    if (options->crop_resize &&
        (options->crop_resize < 1 || options->crop_resize < height || options->crop_resize < width || height == 0))
        return lade_error_set_subject(
            err, LADE_EINVAL, "crop_resize",
            "crop_resize is %d: target_size must be set, and its height and width (%d x %d) must not be larger than "
            "crop_resize",
            options->crop_resize, height, width);
    if ((options->crop_resize > 0) + (options->crop.width != 0) + options->keep_aspect_ratio +
            options->pad_to_aspect_ratio >
        1)
        return lade_error_set_subject(
            err, LADE_EINVAL, "crop",
            "only one of crop, crop_resize, keep_aspect_ratio and pad_to_aspect_ratio can be set");
    return LADE_OK;
}

static int check_crop(const struct lade__crop *crop, struct lade_error *err) {
    const struct lade_box *box = &crop->box;
    int width = crop->whole_width, height = crop->whole_height;
    if (box->width == 0 || (box->width > 0 && box->height > 0 && box->x >= 0 && box->y >= 0 && box->x < width &&
                            box->y < height && box->width <= width - box->x && box->height <= height - box->y))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, "crop",
                                  "crop %d x %d at (%d, %d) is not inside the image of %d x %d pixels", box->width,
                                  box->height, box->x, box->y, width, height);
}

static int run_codec(lade_decoder *decoder, const struct lade__codec *codec, struct lade__decode_job *job,
                     struct lade_error *err) {
    void **handle = &decoder->handles[codec->format];
    if (codec->open && !*handle) {
        *handle = codec->open();
        if (!*handle)
            return lade_error_set(err, LADE_ENOMEM, "no memory for a %s decoder", codec->about.title);
    }
    int rc = codec->decode(*handle, job, err);
    memcpy(decoder->warning, job->warning, sizeof decoder->warning);
    if (rc == LADE_OK && !lade__sink_complete(job->sink))
        return lade_error_set(err, LADE_EFORMAT, "%s: the image ends after %d of %d rows", codec->about.title,
                              job->sink->y, job->sink->height);
    return rc;
}

/* Decodes the images that follow the first image in the same file, and finds bytes after the last image. Between two
   images, zero bytes are allowed. Returns LADE_OK or LADE_ENOMEM. */
static int check_rest(lade_decoder *decoder, const struct lade__codec *codec, struct lade__decode_job *job,
                      struct lade_error *err) {
    size_t end = job->end;
    for (int image = 2; end && end < job->n; image++) {
        size_t at = end;
        while (codec->concatenated && at < job->n && job->bytes[at] == 0)
            at++;
        struct lade__decode_job next = {
            .bytes = job->bytes + at, .n = job->n - at, .max_pixels = job->max_pixels, .sink = job->sink};
        next.info = (struct lade_image_info){.format = codec->format, .orientation = 1};
        if (!codec->concatenated || !codec->sniff(next.bytes, next.n)) {
            lade__job_warn(job, "there is data after the end of the image (%zu bytes, at byte %zu)", job->n - end, end);
            return LADE_OK;
        }
        struct lade_error cause = {0};
        int rc = codec->read_info(next.bytes, next.n, &next.info, &cause);
        uint64_t pixels = (uint64_t)next.info.width * (uint64_t)next.info.height;
        if (rc == LADE_OK && !lade__job_later(job, pixels))
            return LADE_OK;
        next.sink->y = 0;
        next.sink->bits16 = false;
        if (rc == LADE_OK && pixels > job->max_pixels)
            rc = lade_error_set(&cause, LADE_ELIMIT, "the image exceeds the limit max_pixels");
        if (rc == LADE_OK)
            rc = codec->decode(decoder->handles[codec->format], &next, &cause);
        if (rc == LADE_ENOMEM)
            return lade_error_set(err, rc, "%s", cause.message);
        if (rc < 0 || next.warning[0])
            lade__job_warn(job, "image %d, at byte %zu: %s", image, at, rc < 0 ? cause.message : next.warning);
        end = rc == LADE_OK && next.end ? at + next.end : 0;
    }
    return LADE_OK;
}

/* Additional options of decode_file(). */
struct extra {
    bool check_all; /* also check the rest of the file */
    bool keep16;    /* see lade__decoder_decode() */
};

static int decode_file(lade_decoder *decoder, const void *bytes, size_t n, const struct lade_decode_options *options,
                       struct extra extra, struct lade_image *out, struct lade_error *err) {
    int rc = check_options(decoder, bytes, n, options, out, err);
    if (rc < 0)
        return rc;
    decoder->warning[0] = '\0';

    const struct lade__codec *codec;
    struct lade__decode_job job = {.bytes = bytes,
                                   .n = n,
                                   .info.orientation = 1,
                                   .clip_grey = options->clip_grey,
                                   .max_pixels = most_pixels(&options->limits),
                                   .sink = &decoder->sink,
                                   .keep16 = extra.keep16 && !options->clip_grey,
                                   .check_all = extra.check_all};
    if ((rc = check_file_bytes(n, &options->limits, err)) < 0 || (rc = lade__codec_find(bytes, n, &codec, err)) < 0 ||
        (rc = codec->read_info(bytes, n, &job.info, err)) < 0 ||
        (rc = check_pixels(&job.info, &options->limits, err)) < 0 ||
        (rc = check_sides(&job.info, &options->limits, err)) < 0)
        return rc;

    struct lade__sink *sink = &decoder->sink;
    sink->color_mode = options->color_mode;
    sink->interpolation = options->interpolation;
    sink->orientation = options->exif_orientation || codec->upright ? job.info.orientation : 1;
    bool swaps = lade__orient_swaps(sink->orientation);
    sink->crop = (struct lade__crop){.target_width = options->target_size[1],
                                     .target_height = options->target_size[0],
                                     .keep_aspect_ratio = options->keep_aspect_ratio,
                                     .box = options->crop,
                                     .shorter_side = options->crop_resize,
                                     .pad = options->pad_to_aspect_ratio && options->target_size[0],
                                     .pad_value = options->pad_value,
                                     .whole_width = swaps ? job.info.height : job.info.width,
                                     .whole_height = swaps ? job.info.width : job.info.height};
    sink->y = 0;
    sink->bits16 = false;
    if ((rc = check_crop(&sink->crop, err)) < 0)
        return rc;
    if (options->decode == LADE_DECODE_FAST && options->target_size[0])
        lade__crop_min_size(&sink->crop, swaps ? &job.min_height : &job.min_width,
                            swaps ? &job.min_width : &job.min_height);
    rc = run_codec(decoder, codec, &job, err);
    if (rc == LADE_OK)
        *out = sink->whole;
    if (rc == LADE_OK && extra.check_all) {
        rc = check_rest(decoder, codec, &job, err);
        memcpy(decoder->warning, job.warning, sizeof decoder->warning);
    }
    return rc;
}

int lade_image_decode_resized(lade_decoder *decoder, const void *bytes, size_t n,
                              const struct lade_decode_options *options, struct lade_image *out,
                              struct lade_error *err) {
    static const struct lade_decode_options defaults;
    return decode_file(decoder, bytes, n, options ? options : &defaults, (struct extra){0}, out, err);
}

int lade__decoder_decode(lade_decoder *decoder, const void *bytes, size_t n, const struct lade_decode_options *options,
                         bool keep16, struct lade_image *out, bool *bits16, struct lade_error *err) {
    int rc = decode_file(decoder, bytes, n, options, (struct extra){.keep16 = keep16}, out, err);
    *bits16 = rc == LADE_OK && decoder->sink.bits16;
    return rc;
}

int lade_image_check(lade_decoder *decoder, const void *bytes, size_t n, const struct lade_image_limits *limits,
                     struct lade_error *err) {
    /* The result has one pixel, so the sink needs little memory. The codec still decodes the file to its end. */
    struct lade_decode_options options = {.target_size = {1, 1}};
    struct lade_image unused;
    if (limits)
        options.limits = *limits;
    return decode_file(decoder, bytes, n, &options, (struct extra){.check_all = true}, &unused, err);
}

int lade_image_decode(lade_decoder *decoder, const void *bytes, size_t n, enum lade_color_mode color_mode,
                      const struct lade_image_limits *limits, struct lade_image *out, struct lade_error *err) {
    struct lade_decode_options options = {.color_mode = color_mode};
    if (limits)
        options.limits = *limits;
    return lade_image_decode_resized(decoder, bytes, n, &options, out, err);
}

int lade_image_resize(lade_decoder *decoder, const struct lade_image *in, const struct lade_image *out,
                      enum lade_interpolation interpolation, struct lade_error *err) {
    if (!decoder || !lade__image_ok(in) || !lade__image_ok(out) || in->channels != out->channels)
        return lade_error_set(err, LADE_EINVAL,
                              "lade_image_resize: both images need pixels, a size of at least 1 x 1, a stride of at "
                              "least one row, and the same number of channels (1, 3 or 4)");
    if ((unsigned)interpolation >= LADE_INTERPOLATION_COUNT)
        return lade_error_set_subject(err, LADE_EINVAL, "interpolation", "interpolation %d is not known",
                                      (int)interpolation);
    struct lade__resizer *resizer = &decoder->resizer;
    struct lade__resize_plan plan = {{0, 0, in->width, in->height}, out->width, out->height, 0, 0};
    int rc = lade__resizer_start(resizer, interpolation, in->width, in->height, &plan, out, false, err);
    if (rc < 0)
        return rc;
    const struct lade_box *part = &resizer->part;
    const uint8_t *rows = in->pixels + (size_t)part->y * in->stride + (size_t)(part->x * in->channels);
    lade__resizer_feed(resizer, rows, in->stride, part->height);
    return LADE_OK;
}
