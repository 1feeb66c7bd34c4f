/*
 * JPEG by libjpeg-turbo, so that pixels are Pillow's: slow integer DCT, fancy upsampling, the colour space that libjpeg
 * guesses, CMYK taken for inverted as Adobe writes it.
 *
 * What is an error is Pillow's choice too. The bytes are offered as a source that suspends at their end, hence a file
 * that stops short fails; a damaged stretch in the middle, on which libjpeg warns and goes on, is put up with, and
 * lade_decoder_warning() tells. Files that make libjpeg work for ever (thousands of scans) are stopped.
 *
 * At an eighth of the size eighth.c is asked first; what it declines, libjpeg decodes from the start.
 */
#include "image/codec/bytes.h"
#include "image/codec/codec.h"
#include "image/codec/ifd.h"
#include "image/codec/jpeg/eighth.h"

#include <setjmp.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* Progressive files in the wild have about ten. Each costs a pass over all coefficients. */
enum { MAX_SCANS = 500 };

struct jpeg {
    struct jpeg_decompress_struct dec; /* first: libjpeg's callbacks get at us by its address */
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_source_mgr source;
    jmp_buf escape;
    struct lade__decode_job *job; /* under way */
    struct lade_error *err;
    int status; /* set before each jump to `escape`; else LADE_OK */

    struct lade__eighth eighth; /* last: it stays from image to image */
};

/* ---- The header, read by ourselves: before anything is allocated ------------------------------------------------- */

static bool sniff(const uint8_t *bytes, size_t n) {
    return n >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

static bool is_frame(unsigned marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Position after the next marker, *marker its code; 0 at the end of the bytes. */
static size_t next_marker(const uint8_t *bytes, size_t n, size_t at, unsigned *marker) {
    for (; at + 1 < n; at++)
        if (bytes[at] == 0xff && bytes[at + 1] != 0xff && bytes[at + 1] != 0) {
            *marker = bytes[at + 1];
            return at + 2;
        }
    return 0;
}

static int read_frame(const uint8_t *p, struct lade_image_info *info, struct lade_error *err) {
    info->bits = p[0];
    info->height = (int)lade__be16(p + 1);
    info->width = (int)lade__be16(p + 3);
    info->channels = p[5];
    if (info->width < 1 || info->height < 1)
        return lade_error_set(err, LADE_EFORMAT, "JPEG: the header says %d x %d pixels", info->width, info->height);
    return LADE_OK;
}

static int info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    size_t at = 2;
    unsigned marker;
    bool noted = false; /* the first Exif segment counts */
    while ((at = next_marker(bytes, n, at, &marker))) {
        if (marker == 0xd9 || marker == 0xda)
            return lade_error_set(err, LADE_EFORMAT, "JPEG: damaged: no frame header before byte %zu", at);
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8))
            continue; /* stands alone */
        if (at + 2 > n)
            break;
        size_t length = lade__be16(bytes + at);
        if (length < 2)
            return lade_error_set(err, LADE_EFORMAT, "JPEG: damaged: a segment of %zu bytes at byte %zu", length, at);
        if (is_frame(marker)) {
            if (at + 8 > n)
                break;
            return read_frame(bytes + at + 2, info, err);
        }
        if (marker == 0xe1 && !noted && length >= 8 && at + length <= n && !memcmp(bytes + at + 2, "Exif\0\0", 6)) {
            info->orientation = lade__exif_orientation(bytes + at + 2, length - 2);
            noted = true;
        }
        at += length;
    }
    return lade_error_set(err, LADE_EFORMAT, "JPEG: truncated: %zu bytes end within the header", n);
}

/* ---- What libjpeg calls ------------------------------------------------------------------------------------------ */

static size_t offset(const struct jpeg *j) {
    return j->job->n - j->source.bytes_in_buffer;
}

static int status_of(int code) {
    switch (code) {
    case JERR_OUT_OF_MEMORY:
        return LADE_ENOMEM;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return LADE_EUNSUPPORTED;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        return LADE_ELIMIT;
    default:
        return LADE_EFORMAT;
    }
}

static _Noreturn void fail(struct jpeg *j, int status) {
    j->status = status;
    longjmp(j->escape, 1);
}

static void on_error(j_common_ptr dec) {
    struct jpeg *j = (struct jpeg *)dec;
    char words[JMSG_LENGTH_MAX];
    j->errors.format_message(dec, words);
    fail(j, lade_error_set(j->err, status_of(j->errors.msg_code), "JPEG: %s (at byte %zu of %zu)", words, offset(j),
                           j->job->n));
}

/* Keeps the first warning. Trace messages (level >= 0) are of no use to anybody here. */
static void on_message(j_common_ptr dec, int level) {
    struct jpeg *j = (struct jpeg *)dec;
    if (level >= 0)
        return;
    j->errors.num_warnings++;
    if (j->job->warning[0])
        return;
    char words[JMSG_LENGTH_MAX];
    j->errors.format_message(dec, words);
    snprintf(j->job->warning, sizeof j->job->warning, "%.80s (at byte %zu)", words, offset(j));
}

static void on_output(j_common_ptr dec) {
    (void)dec; /* the library never prints */
}

static void on_progress(j_common_ptr dec) {
    struct jpeg *j = (struct jpeg *)dec;
    if (j->dec.input_scan_number > MAX_SCANS)
        fail(j, lade_error_set(j->err, LADE_ELIMIT, "JPEG: more than %d scans: made to waste time", MAX_SCANS));
}

static void source_init(j_decompress_ptr dec) {
    (void)dec;
}

/* No more bytes: suspend. */
static boolean source_fill(j_decompress_ptr dec) {
    (void)dec;
    return FALSE;
}

static void source_skip(j_decompress_ptr dec, long count) {
    struct jpeg *j = (struct jpeg *)dec;
    size_t left = j->source.bytes_in_buffer;
    size_t step = count < 0 ? 0 : (size_t)count < left ? (size_t)count : left;
    j->source.next_input_byte += step;
    j->source.bytes_in_buffer -= step;
}

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct jpeg));
}

/* What Pillow's modes L, RGB and CMYK ask libjpeg for. */
static enum lade__pixel_layout choose_layout(struct jpeg *j) {
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
        fail(j, lade_error_set(j->err, LADE_EUNSUPPORTED, "JPEG: %d components are not supported (1, 3 and 4 are)",
                               j->dec.num_components));
    }
}

/* The smallest of 1/8, 1/4, 1/2 that does not fall below the target. */
static void choose_scale(struct jpeg *j) {
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

static _Noreturn void truncated(struct jpeg *j) {
    const struct lade__decode_job *job = j->job;
    if (j->dec.output_scanline == 0)
        fail(j, lade_error_set(j->err, LADE_EFORMAT, "JPEG: truncated: the file ends at byte %zu, before the first row",
                               job->n));
    fail(j, lade_error_set(j->err, LADE_EFORMAT, "JPEG: truncated: the file ends at byte %zu, after %u of %u rows",
                           job->n, j->dec.output_scanline, j->dec.output_height));
}

/*
 * What the sink does not need is not decoded, only its Huffman codes are read; and behind the last row that it needs
 * the file is not read at all. Chroma is interpolated from neighbours, which the first and last columns and rows of
 * what is decoded lack: an iMCU more on each side, and all that is kept equals the same part of the whole image.
 *
 * Returns the first column that is decoded. The scanline to go on with is the sink's.
 */
static size_t crop(struct jpeg *j) {
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
        if (jpeg_skip_scanlines(&j->dec, (JDIMENSION)above) != (JDIMENSION)above)
            truncated(j);
        lade__sink_skip(sink, above);
    }
    return (size_t)left * (size_t)j->dec.output_components;
}

/* libjpeg-turbo writes rows that are aligned to 32 bytes past the cache, which is where the resize would like to find
   them. The sink's strips are not so aligned, but with a part of their columns left out rows may be. */
static size_t unaligned(const uint8_t *start, size_t stride) {
    return stride % 32 == 0 && (uintptr_t)start % 32 == 0 ? 16 : 0;
}

static void read_rows(struct jpeg *j, size_t left) {
    struct lade__sink *sink = j->job->sink;
    JSAMPROW rows[64];
    while (sink->y < sink->part.y + sink->part.height) {
        size_t stride;
        int room;
        uint8_t *start = lade__sink_rows(sink, &stride, &room);
        start += left ? unaligned(start + left, stride) : 0;
        for (int i = 0; i < room; i++)
            rows[i] = start + left + (size_t)i * stride;
        int filled = 0;
        while (filled < room) {
            int got = (int)jpeg_read_scanlines(&j->dec, rows + filled, (JDIMENSION)(room - filled));
            if (got == 0)
                truncated(j);
            filled += got;
        }
        lade__sink_take(sink, start, stride, filled);
    }
}

static void check_header(struct jpeg *j) {
    const struct lade_image_info *info = &j->job->info;
    if (j->dec.image_width != (unsigned)info->width || j->dec.image_height != (unsigned)info->height)
        fail(j, lade_error_set(j->err, LADE_EFORMAT, "JPEG: damaged: two headers, of %d x %d and %u x %u pixels",
                               info->width, info->height, j->dec.image_width, j->dec.image_height));
}

static void create(struct jpeg *j) {
    j->errors.error_exit = on_error;
    j->errors.emit_message = on_message;
    j->errors.output_message = on_output;
    jpeg_create_decompress(&j->dec);
    j->progress.progress_monitor = on_progress;
    j->dec.progress = &j->progress;
    j->source.init_source = source_init;
    j->source.fill_input_buffer = source_fill;
    j->source.skip_input_data = source_skip;
    j->source.resync_to_restart = jpeg_resync_to_restart;
    j->source.term_source = source_init;
    j->dec.src = &j->source;
}

static void start_sink(struct jpeg *j, enum lade__pixel_layout layout) {
    int rc = lade__sink_start(j->job->sink, (int)j->dec.output_width, (int)j->dec.output_height, layout, j->err);
    if (rc < 0)
        fail(j, rc);
}

/* The whole image at an eighth, without libjpeg; false: it has to be decoded by libjpeg. */
static bool read_eighth(struct jpeg *j, enum lade__pixel_layout layout) {
    struct lade__eighth *eighth = &j->eighth;
    const uint8_t *scan = j->source.next_input_byte;
    if (j->dec.scale_denom != 8 || !lade__eighth_start(eighth, &j->dec, scan, scan + j->source.bytes_in_buffer))
        return false;
    start_sink(j, layout);
    struct lade__sink *sink = j->job->sink;
    int step = eighth->plane[0].v;
    while (sink->y + step <= sink->part.y) {
        if (!lade__eighth_rows(eighth, NULL, 0))
            return false;
        lade__sink_skip(sink, step);
    }
    while (sink->y < sink->part.y + sink->part.height) {
        size_t stride;
        int room;
        uint8_t *start = lade__sink_rows(sink, &stride, &room);
        for (int filled = 0; filled < room; filled += step)
            if (!lade__eighth_rows(eighth, start + (size_t)filled * stride, stride))
                return false;
        lade__sink_take(sink, start, stride, room);
    }
    if (!lade__eighth_end(eighth))
        return false;
    lade__sink_skip(sink, sink->height - sink->y);
    return true;
}

static void decode_all(struct jpeg *j) {
    create(j);
    if (jpeg_read_header(&j->dec, TRUE) != JPEG_HEADER_OK)
        truncated(j);
    check_header(j);
    enum lade__pixel_layout layout = choose_layout(j);
    j->dec.dct_method = JDCT_ISLOW;
    j->dec.do_fancy_upsampling = TRUE;
    choose_scale(j);
    if (read_eighth(j, layout))
        return;
    if (!jpeg_start_decompress(&j->dec))
        truncated(j);
    start_sink(j, layout);
    struct lade__sink *sink = j->job->sink;
    read_rows(j, crop(j));
    if (sink->y < sink->height)
        lade__sink_skip(sink, sink->height - sink->y);
    else if (!jpeg_finish_decompress(&j->dec) && !j->job->warning[0])
        snprintf(j->job->warning, sizeof j->job->warning, "no end-of-image marker (at byte %zu)", j->job->n);
}

/* A libjpeg object lives for one image only: it keeps Huffman and quantisation tables, and a file that lacks its own
   would be decoded with those of whatever image this thread had before. Making one takes a quarter of a microsecond. */
static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct jpeg *j = handle;
    if (job->info.bits != 8)
        return lade_error_set(err, LADE_EUNSUPPORTED, "JPEG: %d bits a sample are not supported: convert it to 8 bits",
                              job->info.bits);
    memset(j, 0, offsetof(struct jpeg, eighth));
    j->job = job;
    j->err = err;
    j->dec.err = jpeg_std_error(&j->errors);
    j->source.next_input_byte = job->bytes;
    j->source.bytes_in_buffer = job->n;
    if (setjmp(j->escape) == 0)
        decode_all(j);
    jpeg_destroy_decompress(&j->dec);
    return j->status;
}

const struct lade__codec lade__codec_jpeg = {.format = LADE_FORMAT_JPEG,
                                             .sniff = sniff,
                                             .info = info,
                                             .open = handle_open,
                                             .close = lade_free,
                                             .decode = decode};
