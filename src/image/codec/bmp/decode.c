/*
 * Decodes BMP without a library. Supports headers of Windows and OS/2, pixels of 1 to 32 bits, run-length encoding,
 * colour masks, and rows in both orders (bottom row first or top row first). Uncompressed rows are decoded in strips. A
 * run-length encoded image is decoded as a whole, because its top row is stored last.
 *
 * Two things differ from Pillow 9.4 on purpose. Run-length encoding is decoded as the format defines it; Pillow decodes
 * wrong pixels after a delta, a literal run of odd length or an empty row. An image of 4 or 8 bits a pixel whose
 * palette holds only black and white is decoded like an image with any other palette.
 */
#include "image/codec/bmp/header.h"
#include "image/codec/bmp/run_lengths.h"
#include "image/codec/bytes.h"
#include "image/codec/codec.h"
#include "image/color/palette.h"

#include <string.h>

/* The bits of a pixel that hold one colour channel. */
struct channel {
    uint32_t mask, largest; /* largest: largest value of the channel */
    int shift;
};

/* The state of decoding one image. */
struct run {
    struct lade__decode_job *job;
    struct lade_error *err;
    struct lade__bmp_header header;
    struct lade__palette palette;
    struct channel channels[4];
    enum lade__pixel_layout layout;
};

struct bmp {
    struct lade__buffer row;   /* palette indices of a row */
    struct lade__buffer whole; /* palette indices of a run-length encoded image, in the order of the file */
};

/* ---- Uncompressed rows ------------------------------------------------------------------------------------------- */

static void set_channel(struct channel *channel, uint32_t mask) {
    channel->mask = mask;
    channel->shift = mask ? __builtin_ctz(mask) : 0;
    channel->largest = mask ? mask >> channel->shift : 1;
}

static void choose_masks(struct run *run) {
    static const uint32_t usual16[] = {0x7c00, 0x3e0, 0x1f, 0}, usual32[] = {0xff0000, 0xff00, 0xff, 0},
                          none[] = {0, 0, 0, 0}, with_alpha[] = {0xff0000, 0xff00, 0xff, 0xff000000};
    const struct lade__bmp_header *h = &run->header;
    const uint32_t *masks = h->compression == LADE__BMP_MASKS ? h->masks : h->bits == 16 ? usual16 : usual32;
    if (h->bits == 32 && !memcmp(masks, none, sizeof none))
        masks = with_alpha;
    for (int c = 0; c < 4; c++)
        set_channel(&run->channels[c], masks[c]);
    run->layout = h->bits == 32 && masks[3] ? LADE__RGBA : LADE__RGB;
}

static uint8_t channel_of(const struct channel *channel, uint32_t pixel) {
    uint32_t value = (pixel & channel->mask) >> channel->shift;
    return (uint8_t)(channel->largest == 255 ? value : (uint64_t)value * 255 / channel->largest);
}

static void masked_row(const struct run *run, const uint8_t *in, uint8_t *out) {
    int channels = lade__layout_channels(run->layout);
    size_t step = (size_t)run->header.bits / 8;
    for (int x = 0; x < run->header.width; x++, in += step, out += channels) {
        uint32_t pixel = step == 2 ? lade__le16(in) : lade__le32(in);
        for (int c = 0; c < channels; c++)
            out[c] = channel_of(&run->channels[c], pixel);
    }
}

static void bgr_row(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 3, out += 3) {
        out[0] = in[2];
        out[1] = in[1];
        out[2] = in[0];
    }
}

static void uncompressed_row(const struct run *run, struct bmp *bmp, const uint8_t *in, uint8_t *out) {
    const struct lade__bmp_header *h = &run->header;
    if (h->bits == 24) {
        bgr_row(in, out, h->width);
    } else if (h->bits > 8) {
        masked_row(run, in, out);
    } else {
        lade__unpack_row(in, h->bits, bmp->row.data, (size_t)h->width);
        lade__palette_row(&run->palette, run->layout, bmp->row.data, out, h->width);
    }
}

static int rows_missing(const struct run *run, size_t complete) {
    return lade_error_set(run->err, LADE_EFORMAT, "BMP: truncated: the file ends at byte %zu, after %zu of %d rows",
                          run->job->n, complete, run->header.height);
}

/* ---- Run lengths ------------------------------------------------------------------------------------------------- */

static int expand_all(struct run *run, struct bmp *bmp) {
    struct lade__bmp_header *h = &run->header;
    uint8_t *whole = lade__buffer_need(&bmp->whole, (size_t)h->height, (size_t)h->width);
    if (!whole)
        return lade_error_set(run->err, LADE_ENOMEM, "BMP: no memory for an image of %d x %d pixels", h->width,
                              h->height);
    memset(whole, 0, (size_t)h->height * (size_t)h->width);
    struct lade__bmp_pen pen = {.pixels = whole, .width = h->width, .height = h->height};
    enum lade__bmp_end end =
        lade__bmp_run_lengths(run->job->bytes, run->job->n, h->pixels, h->compression == LADE__BMP_RLE4, &pen);
    if (end == LADE__BMP_TRUNCATED)
        return rows_missing(run, (size_t)pen.y);
    if (end == LADE__BMP_EARLY)
        snprintf(run->job->warning, sizeof run->job->warning, "the pixels end after %d of %d rows", pen.y, h->height);
    return LADE_OK;
}

/* ---- All images -------------------------------------------------------------------------------------------------- */

static int read_palette(struct run *run) {
    const struct lade__bmp_header *h = &run->header;
    lade__palette_init(&run->palette);
    for (uint32_t i = 0; i < h->colors; i++) {
        size_t at = h->palette + i * h->palette_step;
        if (run->job->n < at + 3)
            return lade__bmp_too_short(run->job->n, "palette", run->err);
        bgr_row(run->job->bytes + at, run->palette.rgba[i], 1);
    }
    return LADE_OK;
}

/* Checks that the file has all rows. The last row may lack its padding. */
static int check_rows(const struct run *run, size_t row_bytes, size_t stride) {
    const struct lade__bmp_header *h = &run->header;
    size_t n = run->job->n, size = n > h->pixels ? n - h->pixels : 0;
    size_t whole = size / stride + (size % stride >= row_bytes);
    if (whole >= (size_t)h->height) {
        size_t end = h->pixels + stride * (size_t)h->height, declared = lade__le32(run->job->bytes + 2);
        run->job->end = declared > end ? declared : end;
        return LADE_OK;
    }
    return rows_missing(run, whole);
}

static int feed(struct run *run, struct bmp *bmp, size_t stride) {
    struct lade__bmp_header *h = &run->header;
    struct lade__sink *sink = run->job->sink;
    bool run_lengths = h->compression == LADE__BMP_RLE4 || h->compression == LADE__BMP_RLE8;
    while (!lade__sink_complete(sink)) {
        size_t out_stride;
        int count;
        uint8_t *rows = lade__sink_rows(sink, &out_stride, &count);
        for (int i = 0; i < count; i++) {
            size_t y = (size_t)(h->top_down ? sink->y + i : h->height - 1 - sink->y - i);
            uint8_t *out = rows + (size_t)i * out_stride;
            if (run_lengths)
                lade__palette_row(&run->palette, run->layout, (uint8_t *)bmp->whole.data + y * (size_t)h->width, out,
                                  h->width);
            else
                uncompressed_row(run, bmp, run->job->bytes + h->pixels + y * stride, out);
        }
        lade__sink_take(sink, rows, out_stride, count);
    }
    return LADE_OK;
}

static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct bmp *bmp = handle;
    struct run run = {.job = job, .err = err};
    struct lade__bmp_header *h = &run.header;
    int rc = lade__bmp_read_header(job->bytes, job->n, h, err);
    if (rc < 0 || (rc = read_palette(&run)) < 0)
        return rc;
    size_t row_bytes = ((size_t)h->width * (size_t)h->bits + 7) / 8, stride = (row_bytes + 3) / 4 * 4;
    choose_masks(&run);
    rc = h->compression == LADE__BMP_RLE4 || h->compression == LADE__BMP_RLE8 ? expand_all(&run, bmp)
                                                                              : check_rows(&run, row_bytes, stride);
    if (rc < 0)
        return rc;
    if (h->bits <= 8 && !lade__buffer_need(&bmp->row, (size_t)h->width, 1))
        return lade_error_set(err, LADE_ENOMEM, "BMP: no memory for a row of %d pixels", h->width);
    rc = lade__sink_start(job->sink, h->width, h->height, run.layout, err);
    return rc < 0 ? rc : feed(&run, bmp, stride);
}

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct bmp));
}

static void handle_close(void *handle) {
    struct bmp *bmp = handle;
    lade__buffer_release(&bmp->row);
    lade__buffer_release(&bmp->whole);
    lade_free(bmp);
}

const struct lade__codec lade__codec_bmp = {
    .format = LADE_FORMAT_BMP,
    .about = {.name = "bmp",
              .title = "BMP",
              .suffixes = (const char *const[]){"bmp", "dib", NULL},
              .readable = true,
              .writable = true},
    .sniff = lade__bmp_sniff,
    .read_info = lade__bmp_read_info,
    .open = handle_open,
    .close = handle_close,
    .decode = decode,
    .encode = lade__encode_bmp,
};
