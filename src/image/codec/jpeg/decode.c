/*
 * Decodes JPEG by libjpeg-turbo. The pixels are equal to Pillow's pixels, because the settings are the same: the slow
 * integer DCT, fancy upsampling and the colour space that libjpeg guesses. In a CMYK file, the value 255 means no ink,
 * because Adobe programs write inverted values. Pillow reads CMYK files in the same way.
 *
 * If an image is needed at an eighth of its size, eighth.c first tries to decode the image. If eighth.c cannot decode
 * the image, libjpeg decodes it.
 */
#include "image/codec/jpeg/header.h"
#include "image/codec/jpeg/libjpeg.h"

#include <string.h>

static bool is_jpeg(const uint8_t *bytes, size_t n) {
    return n >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

static int read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    return lade__jpeg_read_info(bytes, n, info, NULL, err);
}

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct lade__jpeg));
}

/* Chooses the colour space of libjpeg's output, as Pillow does for its modes L, RGB and CMYK. */
static enum lade__pixel_layout choose_layout(struct lade__jpeg *j) {
    switch (j->dec.num_components) {
    case 1:
        j->dec.out_color_space = JCS_GRAYSCALE;
        return LADE__GREY;
    case 3:
        j->dec.out_color_space = JCS_RGB;
        return LADE__RGB;
    case 4:
        j->dec.out_color_space = JCS_CMYK;
        return LADE__CMYK_INVERTED;
    default:
        lade__jpeg_fail(j, lade_error_set(j->err, LADE_EUNSUPPORTED,
                                          "JPEG: only 1, 3 and 4 components are supported, not %d",
                                          j->dec.num_components));
    }
}

/* Chooses the smallest of the scales 1/8, 1/4, 1/2 and 1 at which the image has at least the size job->min_width x
   job->min_height. */
static void choose_scale(struct lade__jpeg *j) {
    const struct lade__decode_job *job = j->job;
    if (!job->min_width)
        return;
    for (unsigned denominator = 8; denominator > 1; denominator /= 2) {
        j->dec.scale_num = 1;
        j->dec.scale_denom = denominator;
        jpeg_calc_output_dimensions(&j->dec);
        if (j->dec.output_width >= (unsigned)job->min_width && j->dec.output_height >= (unsigned)job->min_height)
            return;
    }
    j->dec.scale_denom = 1;
}

static _Noreturn void truncated(struct lade__jpeg *j) {
    const struct lade__decode_job *job = j->job;
    if (j->dec.output_scanline == 0)
        lade__jpeg_fail(j, lade_error_set(j->err, LADE_EFORMAT,
                                          "JPEG: truncated: the file ends at byte %zu, before the first row", job->n));
    lade__jpeg_fail(j, lade_error_set(j->err, LADE_EFORMAT,
                                      "JPEG: truncated: the file ends at byte %zu, after %u of %u rows", job->n,
                                      j->dec.output_scanline, j->dec.output_height));
}

/* Reads the Huffman codes of the next @count rows without computing pixels. Checks j->ended, because
   jpeg_skip_scanlines() does not report that the file ends within these rows. */
static void skip_rows(struct lade__jpeg *j, JDIMENSION count) {
    if (jpeg_skip_scanlines(&j->dec, count) != count || j->ended)
        truncated(j);
}

/*
 * Restricts decoding to the part that the sink needs. For the other rows, libjpeg only reads the Huffman codes.
 *
 * Chroma is interpolated between neighbouring samples, and samples at the border of the decoded part lack a neighbour.
 * So the decoded part is one iMCU (the smallest block that libjpeg decodes) larger on each side than the part that is
 * needed. The needed pixels are then the same as if the whole image were decoded.
 *
 * Returns the byte offset of the first decoded column in a row of the image.
 */
static size_t crop(struct lade__jpeg *j) {
    struct lade__sink *sink = j->job->sink;
    const struct lade_box *part = &sink->part;
    int block = DCTSIZE / (int)j->dec.scale_denom;
    int mcu_width = block * j->dec.max_h_samp_factor, mcu_height = block * j->dec.max_v_samp_factor;
    int left = part->x - mcu_width, right = part->x + part->width + mcu_width;
    left = left < 0 ? 0 : left / mcu_width * mcu_width;
    right = right > sink->width ? sink->width : right;
    if (right - left < sink->width) {
        JDIMENSION x = (JDIMENSION)left, width = (JDIMENSION)(right - left);
        jpeg_crop_scanline(&j->dec, &x, &width);
        left = (int)x;
    }
    int above = (part->y - mcu_height) / mcu_height * mcu_height;
    if (above > 0) {
        skip_rows(j, (JDIMENSION)above);
        lade__sink_skip(sink, above);
    }
    return (size_t)left * (size_t)j->dec.output_components;
}

/* Returns the number of bytes by which rows must be moved so that they are not aligned to 32 bytes. libjpeg-turbo
   writes aligned rows with stores that bypass the cache, but the resize needs the rows in the cache. The memory that
   lade__sink_rows() returns is not aligned. But if the first columns of the image are not decoded, libjpeg writes from
   a later column on, and the address of this column can be aligned. */
static size_t unaligned(const uint8_t *start, size_t stride) {
    return stride % 32 == 0 && (uintptr_t)start % 32 == 0 ? 16 : 0;
}

static void read_rows(struct lade__jpeg *j, size_t left) {
    struct lade__sink *sink = j->job->sink;
    JSAMPROW rows[64];
    while (sink->y < sink->part.y + sink->part.height) {
        size_t stride;
        int count;
        uint8_t *start = lade__sink_rows(sink, &stride, &count);
        start += left ? unaligned(start + left, stride) : 0;
        for (int i = 0; i < count; i++)
            rows[i] = start + left + (size_t)i * stride;
        int filled = 0;
        while (filled < count) {
            int got = (int)jpeg_read_scanlines(&j->dec, rows + filled, (JDIMENSION)(count - filled));
            if (got == 0)
                truncated(j);
            filled += got;
        }
        lade__sink_take(sink, start, stride, filled);
    }
}

/* If the next marker that libjpeg would process is the end-of-image marker, sets *end to the offset of the first byte
   after this marker and returns true. The codes before the marker can then be ignored, because libjpeg only emits a
   warning if they are damaged. libjpeg ignores the markers RST and TEM if the file has no restart intervals. */
static bool find_end_marker(const struct lade__jpeg *j, size_t *end) {
    enum { RST0 = 0xd0, TEM = 0x01, FILL = 0xff };
    const uint8_t *at = j->source.next_input_byte, *last = at + j->source.bytes_in_buffer;
    if (j->dec.unread_marker || j->dec.restart_interval || j->dec.arith_code || j->ended)
        return false;
    while ((at = memchr(at, 0xff, (size_t)(last - at)))) {
        while (at < last && *at == FILL)
            at++;
        if (at == last)
            return false;
        if (*at != 0 && *at != TEM && (*at < RST0 || *at > RST0 + 7)) {
            *end = (size_t)(at + 1 - j->job->bytes);
            return *at == JPEG_EOI;
        }
        at++;
    }
    return false;
}

/* Reads the file to its end, so that the result of the decoder does not depend on the part that the sink needs. libjpeg
   does not read the rest of the file if all remaining rows are skipped, so the last row is decoded. A file with several
   scans needs no such step, because libjpeg has read it to its end before the first row. */
static void read_rest(struct lade__jpeg *j) {
    struct jpeg_decompress_struct *dec = &j->dec;
    struct lade__sink *sink = j->job->sink;
    JDIMENSION left = dec->output_height - dec->output_scanline;
    if (jpeg_has_multiple_scans(dec)) {
        lade__sink_skip(sink, sink->height - sink->y);
        j->job->end = j->job->n - j->source.bytes_in_buffer;
        return;
    }
    if (left > 0 && !j->job->check_all && find_end_marker(j, &j->job->end)) {
        lade__sink_skip(sink, (int)left);
        return;
    }
    if (left > 0) {
        if (left > 1)
            skip_rows(j, left - 1);
        size_t stride;
        int count;
        JSAMPROW last = lade__sink_rows(sink, &stride, &count);
        if (jpeg_read_scanlines(dec, &last, 1) != 1)
            truncated(j);
        lade__sink_skip(sink, (int)left);
    }
    if (jpeg_finish_decompress(dec))
        j->job->end = j->job->n - j->source.bytes_in_buffer;
    else
        lade__job_warn(j->job, "there is no end-of-image marker (at byte %zu)", j->job->n);
}

static void check_header(struct lade__jpeg *j) {
    const struct lade_image_info *info = &j->job->info;
    if (j->dec.image_width != (unsigned)info->width || j->dec.image_height != (unsigned)info->height)
        lade__jpeg_fail(j, lade_error_set(j->err, LADE_EFORMAT,
                                          "JPEG: damaged: the file has two headers, for %d x %d and for %u x %u pixels",
                                          info->width, info->height, j->dec.image_width, j->dec.image_height));
}

static void start_sink(struct lade__jpeg *j, enum lade__pixel_layout layout) {
    int rc = lade__sink_start(j->job->sink, (int)j->dec.output_width, (int)j->dec.output_height, layout, j->err);
    if (rc < 0)
        lade__jpeg_fail(j, rc);
}

/* Skips the rows from the current row to row @end - 1. @end must be the first row of an MCU, or the height of the
   image. Returns false if libjpeg must decode the image. */
static bool skip_eighth(struct lade__jpeg *j, int end) {
    struct lade__sink *sink = j->job->sink;
    while (sink->y < end) {
        int left = end - sink->y, step = j->eighth.plane[0].v;
        if (!lade__eighth_rows(&j->eighth, NULL, 0))
            return false;
        lade__sink_skip(sink, left < step ? left : step);
    }
    return true;
}

/* Decodes the image at an eighth of its size without libjpeg. Returns false if libjpeg must decode the image. */
static bool read_eighth(struct lade__jpeg *j, enum lade__pixel_layout layout) {
    struct lade__eighth *eighth = &j->eighth;
    const uint8_t *scan = j->source.next_input_byte;
    if (j->dec.scale_denom != 8 || !lade__eighth_start(eighth, &j->dec, scan, scan + j->source.bytes_in_buffer))
        return false;
    start_sink(j, layout);
    struct lade__sink *sink = j->job->sink;
    int step = eighth->plane[0].v;
    if (!skip_eighth(j, sink->part.y / step * step))
        return false;
    while (sink->y < sink->part.y + sink->part.height) {
        size_t stride;
        int count;
        uint8_t *start = lade__sink_rows(sink, &stride, &count);
        for (int filled = 0; filled < count; filled += step)
            if (!lade__eighth_rows(eighth, start + (size_t)filled * stride, stride))
                return false;
        lade__sink_take(sink, start, stride, count);
    }
    return skip_eighth(j, sink->height) && lade__eighth_end(eighth);
}

static void decode_all(struct lade__jpeg *j) {
    lade__jpeg_create(j);
    if (jpeg_read_header(&j->dec, TRUE) != JPEG_HEADER_OK)
        truncated(j);
    check_header(j);
    if (j->dec.progressive_mode)
        lade__jpeg_check_scans(j, lade__jpeg_count_scans(j->job->bytes, j->job->n));
    enum lade__pixel_layout layout = choose_layout(j);
    j->dec.dct_method = JDCT_ISLOW;
    j->dec.do_fancy_upsampling = TRUE;
    choose_scale(j);
    if (read_eighth(j, layout))
        return;
    if (!jpeg_start_decompress(&j->dec))
        truncated(j);
    start_sink(j, layout);
    read_rows(j, crop(j));
    read_rest(j);
}

/* Creates a new libjpeg object for each image. An object keeps the Huffman and quantisation tables of the previous
   image. If an object was used again for a file without tables, the object would decode this file with the tables of
   the previous image. Creating an object takes a quarter of a microsecond. */
static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct lade__jpeg *j = handle;
    struct lade_image_info info = {0};
    unsigned process = 0;
    lade__jpeg_read_info(job->bytes, job->n, &info, &process, NULL);
    if (lade__jpeg_is_lossless(process))
        return lade_error_set(err, LADE_EUNSUPPORTED,
                              "JPEG: lossless compression is not supported: convert the image to PNG");
    if (job->info.bits != 8)
        return lade_error_set(err, LADE_EUNSUPPORTED,
                              "JPEG: %d bits a sample are not supported: convert the image to 8 bits", job->info.bits);
    memset(j, 0, offsetof(struct lade__jpeg, eighth));
    j->job = job;
    j->err = err;
    j->dec.err = jpeg_std_error(&j->errors);
    if (setjmp(j->escape) == 0)
        decode_all(j);
    jpeg_destroy_decompress(&j->dec);
    return j->status;
}

const struct lade__codec lade__codec_jpeg = {
    .format = LADE_FORMAT_JPEG,
    .about = {.name = "jpeg",
              .title = "JPEG",
              .suffixes = (const char *const[]){"jpg", "jpeg", "jfif", "jpe", "mpo", NULL},
              .readable = true,
              .writable = true},
    .concatenated = true,
    .sniff = is_jpeg,
    .read_info = read_info,
    .open = handle_open,
    .close = lade_free,
    .decode = decode,
    .encode = lade__encode_jpeg,
};
