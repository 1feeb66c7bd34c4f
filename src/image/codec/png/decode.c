/*
 * Decodes PNG by libspng. Pixels are converted as in Pillow. Of a 16-bit colour sample, only the high byte is used.
 * Grey samples and palette indices of 1 to 4 bits are converted to 8 bits. Grey samples of 16 bits are divided by 257;
 * with clip_grey, they are clamped to 255 instead, as in Pillow. If the result has 16 bits, samples are not converted.
 * An alpha channel or a tRNS chunk is used only if the result is RGBA.
 *
 * Three things differ from Pillow 9.4 on purpose. The transparent colour of a tRNS chunk is compared with the samples
 * as they are in the file (Pillow compares it with scaled samples, which is wrong for 1, 2, 4 and 16 bits). A wrong
 * checksum before the end of the image data is an error. A pixel is black if its palette index has no palette entry, as
 * in browsers.
 */
#include "image/codec/bytes.h"
#include "image/codec/codec.h"
#include "image/codec/png/memory.h"
#include "image/codec/png/orientation.h"

#include <string.h>

/* MAX_CHUNK_BYTES is the limit for the size of one comment or colour profile, and also for the size of all comments and
   profiles together. MAX_CHUNKS is the limit for their number. lade does not use comments and profiles, but libspng
   stores them. */
enum { MAX_CHUNK_BYTES = 16 << 20, MAX_CHUNKS = 1000 };

struct png {
    /* The whole image if it is interlaced. The rows of an interlaced image are complete only after the last pass. */
    struct lade__buffer whole;
    struct lade__buffer samples; /* a row of 16-bit grey */
};

static bool is_png(const uint8_t *bytes, size_t n) {
    return n >= 8 && !memcmp(bytes, "\x89PNG\r\n\x1a\n", 8);
}

static int read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    static const int channels[] = {1, 0, 3, 1, 2, 0, 4};
    if (n < 33)
        return lade_error_set(err, LADE_EFORMAT, "PNG: truncated: the file ends at byte %zu, within the header", n);
    if (memcmp(bytes + 8, "\0\0\0\rIHDR", 8) != 0)
        return lade_error_set(err, LADE_EFORMAT, "PNG: damaged: there is no IHDR chunk at byte 8");
    uint32_t width = lade__be32(bytes + 16), height = lade__be32(bytes + 20);
    if (width - 1 >= INT32_MAX || height - 1 >= INT32_MAX)
        return lade_error_set(err, LADE_EFORMAT, "PNG: the size in the header is %u x %u pixels, which is not allowed",
                              width, height);
    if (bytes[25] >= sizeof channels / sizeof *channels || !channels[bytes[25]])
        return lade_error_set(err, LADE_EFORMAT, "PNG: damaged: colour type %d at byte 25 is invalid", bytes[25]);
    info->width = (int)width;
    info->height = (int)height;
    info->bits = bytes[24];
    info->channels = channels[bytes[25]];
    return lade__png_orientation(bytes, n, &info->orientation, err);
}

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct png));
}

static void handle_close(void *handle) {
    struct png *png = handle;
    lade__buffer_release(&png->whole);
    lade__buffer_release(&png->samples);
    lade_free(png);
}

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

/* The state of decoding one image. */
struct run {
    struct png *png;
    struct lade__decode_job *job;
    struct lade_error *err;
    spng_ctx *spng;
    struct spng_ihdr ihdr;
    enum spng_format format;
    int flags;
    enum lade__pixel_layout layout;
    bool grey16;         /* the samples are 16-bit grey, which narrow() converts */
    int32_t see_through; /* the grey value that the tRNS chunk makes transparent; -1: no such value */
};

static int failed(const struct run *run, int code) {
    const struct lade__sink *sink = run->job->sink;
    if (lade__png_memory_failed()) /* in this case, libspng may report that the file is damaged */
        return lade_error_set(run->err, LADE_ENOMEM, "PNG: out of memory (after %d of %d rows)", sink->y,
                              run->job->info.height);
    switch (code) {
    case SPNG_ECHUNK_LIMITS:
        return lade_error_set(run->err, LADE_ELIMIT,
                              "PNG: there are more than %d comments and profiles, or they have more than %d bytes: "
                              "remove them",
                              MAX_CHUNKS, MAX_CHUNK_BYTES);
    case SPNG_EOVERFLOW:
        return lade_error_set(run->err, LADE_ELIMIT, "PNG: %s", spng_strerror(code));
    case SPNG_IO_EOF:
    case SPNG_EOF:
        return lade_error_set(run->err, LADE_EFORMAT, "PNG: truncated: the file ends at byte %zu, after %d of %d rows",
                              run->job->n, sink->y, run->job->info.height);
    default:
        return lade_error_set(run->err, LADE_EFORMAT, "PNG: damaged: %s (after %d of %d rows)", spng_strerror(code),
                              sink->y, run->job->info.height);
    }
}

static void choose_format(struct run *run) {
    enum lade_color_mode mode = run->job->sink->color_mode;
    bool grey = run->ihdr.color_type == SPNG_COLOR_TYPE_GRAYSCALE;
    run->grey16 = grey && run->ihdr.bit_depth == 16;
    run->see_through = -1;
    if (run->job->keep16 && run->ihdr.bit_depth == 16) {
        run->job->sink->bits16 = true;
        run->grey16 = false;
        run->format = SPNG_FMT_RGBA16;
        run->flags = mode == LADE_COLOR_RGBA ? SPNG_DECODE_TRNS : 0;
        run->layout = LADE__RGBA;
    } else if (run->grey16) {
        struct spng_trns trns;
        run->format = SPNG_FMT_PNG;
        if (mode == LADE_COLOR_RGBA && spng_get_trns(run->spng, &trns) == 0)
            run->see_through = trns.gray;
        run->layout = run->see_through >= 0 ? LADE__RGBA : LADE__GREY;
    } else if (mode == LADE_COLOR_RGBA) {
        run->format = SPNG_FMT_RGBA8;
        run->flags = SPNG_DECODE_TRNS;
        run->layout = LADE__RGBA;
    } else {
        run->format = grey ? SPNG_FMT_G8 : SPNG_FMT_RGB8;
        run->layout = grey ? LADE__GREY : LADE__RGB;
    }
}

/* Converts 16-bit grey to 8 bits. */
static void narrow(const struct run *run, const uint16_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++) {
        uint8_t grey = !run->job->clip_grey ? lade__grey16(in[x]) : in[x] < 255 ? (uint8_t)in[x] : 255;
        if (run->see_through < 0) {
            out[x] = grey;
        } else {
            memset(out + 4 * (size_t)x, grey, 3);
            out[4 * (size_t)x + 3] = in[x] == run->see_through ? 0 : 255;
        }
    }
}

static size_t pixel_bytes(const struct run *run) {
    return (size_t)lade__layout_channels(run->layout) << run->job->sink->bits16;
}

/* Reads the next row into @row. 16-bit grey is read into a buffer and then converted. */
static int read_row(struct run *run, uint8_t *row, size_t size) {
    if (!run->grey16)
        return spng_decode_row(run->spng, row, size);
    uint16_t *samples = run->png->samples.data;
    int code = spng_decode_row(run->spng, samples, run->ihdr.width * sizeof *samples);
    if (code == 0 || code == SPNG_EOI)
        narrow(run, samples, row, (int)run->ihdr.width);
    return code;
}

static int read_rows(struct run *run) {
    struct lade__sink *sink = run->job->sink;
    size_t size = (size_t)run->ihdr.width * pixel_bytes(run);
    int code = spng_decode_image(run->spng, NULL, 0, run->format, run->flags | SPNG_DECODE_PROGRESSIVE);
    if (code)
        return failed(run, code);
    while (!lade__sink_complete(sink)) {
        size_t stride;
        int count;
        uint8_t *rows = lade__sink_rows(sink, &stride, &count);
        for (int i = 0; i < count; i++) {
            code = read_row(run, rows + (size_t)i * stride, size);
            if (code && code != SPNG_EOI)
                return failed(run, code);
        }
        lade__sink_take(sink, rows, stride, count);
    }
    return LADE_OK;
}

/* Returns the offset of the first byte after the last chunk of the type @type, or 0 if there is no such chunk. */
static size_t find_end(const uint8_t *bytes, size_t n, const char *type) {
    size_t end = 0;
    for (size_t at = 8; n - at >= 12 && lade__be32(bytes + at) <= n - at - 12;) {
        size_t next = at + 12 + lade__be32(bytes + at);
        end = memcmp(bytes + at + 4, type, 4) == 0 ? next : end;
        if (memcmp(bytes + at + 4, "IEND", 4) == 0)
            break;
        at = next;
    }
    return end;
}

/* Reads the chunks after the last row. A wrong checksum is an error. A missing IEND chunk is only a warning. */
static int read_end(struct run *run) {
    int code = spng_decode_chunks(run->spng);
    if (code == 0) {
        run->job->end = run->job->check_all ? find_end(run->job->bytes, run->job->n, "IEND") : 0;
        return LADE_OK;
    }
    if (code != SPNG_IO_EOF && code != SPNG_EOF)
        return failed(run, code);
    lade__job_warn(run->job, "there is no IEND chunk (at byte %zu)", run->job->n);
    return LADE_OK;
}

static int read_interlaced(struct run *run) {
    struct lade__sink *sink = run->job->sink;
    size_t size = run->ihdr.width * (run->grey16 ? sizeof(uint16_t) : pixel_bytes(run));
    uint8_t *whole = lade__buffer_need(&run->png->whole, run->ihdr.height, size);
    if (!whole)
        return lade_error_set(run->err, LADE_ENOMEM, "PNG: no memory for an interlaced image of %u x %u pixels",
                              run->ihdr.width, run->ihdr.height);
    int code = spng_decode_image(run->spng, whole, run->ihdr.height * size, run->format, run->flags);
    if (code)
        return failed(run, code);
    for (uint32_t y = 0; y < run->ihdr.height; y++) {
        uint8_t *row = whole + y * size;
        if (run->grey16) {
            size_t stride;
            int count;
            uint8_t *to = lade__sink_rows(sink, &stride, &count);
            narrow(run, (const uint16_t *)(const void *)row, to, (int)run->ihdr.width);
            row = to;
        }
        lade__sink_take(sink, row, 0, 1);
    }
    return LADE_OK;
}

static int decode_all(struct run *run) {
    int code = spng_set_crc_action(run->spng, SPNG_CRC_ERROR, SPNG_CRC_ERROR);
    if (code == 0)
        code = spng_set_chunk_limits(run->spng, MAX_CHUNK_BYTES, MAX_CHUNK_BYTES);
    if (code == 0)
        code = spng_set_png_buffer(run->spng, run->job->bytes, run->job->n);
    if (code == 0)
        code = spng_get_ihdr(run->spng, &run->ihdr);
    if (code)
        return failed(run, code);
    choose_format(run);
    if (run->grey16 && !lade__buffer_need(&run->png->samples, run->ihdr.width, sizeof(uint16_t)))
        return lade_error_set(run->err, LADE_ENOMEM, "PNG: no memory for a row of %u pixels", run->ihdr.width);
    int rc = lade__sink_start(run->job->sink, (int)run->ihdr.width, (int)run->ihdr.height, run->layout, run->err);
    if (rc < 0)
        return rc;
    rc = run->ihdr.interlace_method == SPNG_INTERLACE_NONE ? read_rows(run) : read_interlaced(run);
    return rc == LADE_OK ? read_end(run) : rc;
}

static int decode_bytes(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct spng_alloc memory = lade__png_memory_start();
    struct run run = {.png = handle, .job = job, .err = err};
    run.spng = spng_ctx_new2(&memory, 0);
    if (!run.spng)
        return lade_error_set(err, LADE_ENOMEM, "PNG: no memory for a decoder");
    int rc = decode_all(&run);
    lade__png_memory_free(run.spng);
    return rc;
}

/* Decodes a PNG. If an error occurs after the last row, decodes the file again without the chunks after the image data.
   If the second attempt succeeds, the pixels are valid, and the damaged chunk is only a warning, as in Pillow. */
static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct lade_error first = {0};
    struct lade__decode_job cut = *job;
    int rc = decode_bytes(handle, job, &first);
    cut.n = rc == LADE_EFORMAT && lade__sink_complete(job->sink) ? find_end(job->bytes, job->n, "IDAT") : 0;
    if (cut.n && decode_bytes(handle, &cut, NULL) == LADE_OK) {
        lade__job_warn(job, "%s", first.message);
        return LADE_OK;
    }
    if (rc < 0 && err)
        *err = first;
    return rc;
}

const struct lade__codec lade__codec_png = {
    .format = LADE_FORMAT_PNG,
    .about = {.name = "png",
              .title = "PNG",
              .suffixes = (const char *const[]){"png", "apng", NULL},
              .readable = true,
              .writable = true,
              .writes_alpha = true},
    .sniff = is_png,
    .read_info = read_info,
    .open = handle_open,
    .close = handle_close,
    .decode = decode,
    .encode = lade__encode_png,
};
