/*
 * Decodes a JPEG at an eighth of its size with one of two decoders, so that tests can compare the results. The decoder
 * BY_LIBJPEG is libjpeg. The decoder BY_LADE reads the header with libjpeg and decodes the image data with lade.
 */
#ifndef LADE_TESTS_JPEG_TWO_WAYS_H
#define LADE_TESTS_JPEG_TWO_WAYS_H

#include "image/codec/jpeg/eighth.h"

#include <setjmp.h>
#include <stdlib.h>

enum eighth_decoder { BY_LIBJPEG, BY_LADE };
enum eighth_outcome {
    BROKEN, /* the decoder has found an error, or the file is too short */
    ODD,    /* lade does not decode the file, or libjpeg gives a warning */
    GOOD
};

struct eighth {
    enum eighth_outcome outcome;
    bool warned; /* true if libjpeg gave a warning for the header or the image data, or if the outcome is ODD */
    int width, height, channels;
    int rows;        /* number of rows that were decoded to pixels */
    uint8_t *pixels; /* the caller frees the pixels */
};

struct eighth_reader {
    struct jpeg_decompress_struct dec; /* must be the first member, because callbacks cast its address */
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    jmp_buf escape;
};

static inline void eighth_error(j_common_ptr dec) {
    longjmp(((struct eighth_reader *)dec)->escape, 1);
}

static inline void eighth_message(j_common_ptr dec, int level) {
    dec->err->num_warnings += level < 0;
}

static inline void eighth_init(j_decompress_ptr dec) {
    (void)dec;
}

static inline boolean eighth_suspend(j_decompress_ptr dec) {
    (void)dec;
    return FALSE;
}

static inline void eighth_skip(j_decompress_ptr dec, long count) {
    size_t left = dec->src->bytes_in_buffer, step = count < 0 ? 0 : (size_t)count < left ? (size_t)count : left;
    dec->src->next_input_byte += step;
    dec->src->bytes_in_buffer -= step;
}

static inline bool eighth_header(struct eighth_reader *r, const uint8_t *bytes, size_t n, struct eighth *out) {
    r->source = (struct jpeg_source_mgr){.next_input_byte = bytes,
                                         .bytes_in_buffer = n,
                                         .init_source = eighth_init,
                                         .fill_input_buffer = eighth_suspend,
                                         .skip_input_data = eighth_skip,
                                         .resync_to_restart = jpeg_resync_to_restart,
                                         .term_source = eighth_init};
    r->dec.src = &r->source;
    if (jpeg_read_header(&r->dec, TRUE) != JPEG_HEADER_OK)
        return false;
    r->dec.out_color_space = r->dec.num_components == 1   ? JCS_GRAYSCALE
                             : r->dec.num_components == 3 ? JCS_RGB
                                                          : JCS_CMYK;
    r->dec.scale_num = 1;
    r->dec.scale_denom = 8;
    r->dec.dct_method = JDCT_ISLOW;
    jpeg_calc_output_dimensions(&r->dec);
    out->width = (int)r->dec.output_width;
    out->height = (int)r->dec.output_height;
    out->channels = r->dec.out_color_components;
    out->pixels = calloc((size_t)out->width * (size_t)out->height, (size_t)out->channels);
    return out->pixels != NULL;
}

static inline enum eighth_outcome eighth_by_libjpeg(struct eighth_reader *r, const struct eighth *out) {
    long warnings = r->errors.num_warnings;
    if (!jpeg_start_decompress(&r->dec))
        return BROKEN;
    while (r->dec.output_scanline < r->dec.output_height) {
        JSAMPROW row = out->pixels + r->dec.output_scanline * (size_t)out->width * (size_t)out->channels;
        if (jpeg_read_scanlines(&r->dec, &row, 1) != 1)
            return BROKEN;
    }
    bool ended = jpeg_finish_decompress(&r->dec);
    return ended && r->errors.num_warnings == warnings ? GOOD : ODD;
}

static inline enum eighth_outcome eighth_by_lade(struct eighth_reader *r, const struct eighth *out) {
    static struct lade__eighth lade; /* the same struct decodes all images, as in a lade_decoder */
    size_t stride = (size_t)out->width * (size_t)out->channels;
    const uint8_t *scan = r->source.next_input_byte;
    lade.portable = !lade.portable; /* half of the images are decoded with the portable code */
    if (!lade__eighth_start(&lade, &r->dec, scan, scan + r->source.bytes_in_buffer))
        return ODD;
    for (int y = 0; y < out->height; y += lade.plane[0].v)
        if (!lade__eighth_rows(&lade, y < out->rows ? out->pixels + (size_t)y * stride : NULL, stride))
            return ODD;
    return lade__eighth_end(&lade) ? GOOD : ODD;
}

/* Decodes the whole file. BY_LADE computes the pixels of the first @rows rows and skips the other rows. If @rows is 0,
   BY_LADE computes all rows. */
static inline struct eighth decode_eighth(enum eighth_decoder by, const uint8_t *bytes, size_t n, int rows) {
    struct eighth *out = calloc(1, sizeof *out), copy;
    struct eighth_reader *r = calloc(1, sizeof *r);
    if (!out || !r)
        abort();
    r->dec.err = jpeg_std_error(&r->errors);
    r->errors.error_exit = eighth_error;
    r->errors.emit_message = eighth_message;
    out->outcome = BROKEN;
    if (setjmp(r->escape) == 0) {
        jpeg_create_decompress(&r->dec);
        if (eighth_header(r, bytes, n, out)) {
            out->rows = rows && rows < out->height ? rows : out->height;
            out->outcome = (by == BY_LADE ? eighth_by_lade : eighth_by_libjpeg)(r, out);
        }
    }
    out->warned = r->errors.num_warnings > 0 || out->outcome == ODD;
    jpeg_destroy_decompress(&r->dec);
    free(r);
    copy = *out;
    free(out);
    return copy;
}

#endif
