/*
 * Decodes a JPEG at an eighth of its size. This file checks if an image can be decoded in this way, and converts
 * samples to pixels.
 *
 * libjpeg's C code and its vector code give different results for coefficients that are far out of range. No encoder
 * writes such coefficients. An image with such coefficients is decoded by libjpeg.
 */
#include "image/codec/jpeg/eighth.h"

#include <string.h>

/* ---- Checking the image ------------------------------------------------------------------------------------------ */

static bool is_supported(const struct jpeg_decompress_struct *dec) {
    return !dec->progressive_mode && !dec->arith_code && dec->data_precision == 8 &&
           dec->comps_in_scan == dec->num_components && dec->Ss == 0 && dec->Se == DCTSIZE2 - 1 && dec->Ah == 0 &&
           dec->Al == 0 &&
           ((dec->num_components == 1 && dec->jpeg_color_space == JCS_GRAYSCALE) ||
            (dec->num_components == 3 && dec->jpeg_color_space == JCS_YCbCr));
}

static bool make(struct lade__huffman *tables, JHUFF_TBL *const *defined, int number,
                 const struct lade__huffman **table) {
    if (number < 0 || number >= NUM_HUFF_TBLS || !defined[number])
        return false;
    *table = &tables[number];
    return lade__huffman_make(&tables[number], defined[number]->bits, defined[number]->huffval);
}

/* Returns true if all values of a DC table are from 0 to 15. Such a value is the number of bits of a coefficient.
   libjpeg rejects a table with a larger value, even if the image does not use this value. */
static bool sizes_only(const struct lade__huffman *table) {
    int count = 0;
    for (int length = 1; length <= 16; length++)
        count += table->bits[length];
    for (int i = 0; i < count; i++)
        if (table->values[i] > 15)
            return false;
    return true;
}

static bool start_plane(struct lade__eighth *eighth, const struct jpeg_decompress_struct *dec, int i) {
    struct lade__eighth_plane *plane = &eighth->plane[i];
    const jpeg_component_info *info = &dec->comp_info[i];
    int number = info->quant_tbl_no;
    if (dec->cur_comp_info[i] != info || number < 0 || number >= NUM_QUANT_TBLS || !dec->quant_tbl_ptrs[number] ||
        !make(eighth->dc, dec->dc_huff_tbl_ptrs, info->dc_tbl_no, &plane->dc) ||
        !make(eighth->ac, dec->ac_huff_tbl_ptrs, info->ac_tbl_no, &plane->ac) || !sizes_only(plane->dc))
        return false;
    plane->h = dec->num_components == 1 ? 1 : info->h_samp_factor;
    plane->v = dec->num_components == 1 ? 1 : info->v_samp_factor;
    plane->side = i > 0 && eighth->plane[0].h == 2 && eighth->plane[0].v == 2 ? 2 : 1;
    plane->last_dc = 0;
    lade__eighth_weights(plane, dec->quant_tbl_ptrs[number]->quantval);
    if (plane->side == 1)
        lade__huffman_skips(&eighth->ac[info->ac_tbl_no]);
    return plane->quant[0] > 0 && (i == 0 ? plane->h <= 2 && plane->v <= 2 : plane->h == 1 && plane->v == 1);
}

bool lade__eighth_start(struct lade__eighth *eighth, const struct jpeg_decompress_struct *dec, const uint8_t *scan,
                        const uint8_t *end) {
    if (!is_supported(dec))
        return false;
    eighth->planes = dec->num_components;
    for (int i = 0; i < eighth->planes; i++)
        if (!start_plane(eighth, dec, i))
            return false;
    for (int i = 0; i < eighth->planes; i++)
        eighth->plane[i].next = lade__eighth_next_of(&eighth->plane[i], eighth->portable);
    eighth->bits = (struct lade__bits){.at = scan, .end = end};
    eighth->width = (int)(dec->image_width + 7) / 8;
    eighth->height = (int)(dec->image_height + 7) / 8;
    eighth->mcus = (eighth->width + eighth->plane[0].h - 1) / eighth->plane[0].h;
    eighth->y = 0;
    eighth->interval = eighth->until_restart = dec->restart_interval;
    eighth->restarts = 0;
    return true;
}

/* ---- Samples ----------------------------------------------------------------------------------------------------- */

/* Moves past the restart marker that must be at this position. Returns false if the marker is missing. */
static bool restart(struct lade__eighth *eighth) {
    if (!lade__bits_marker(&eighth->bits, 0xd0 + eighth->restarts++ % 8))
        return false;
    lade__bits_restart(&eighth->bits);
    eighth->until_restart = eighth->interval;
    for (int i = 0; i < eighth->planes; i++)
        eighth->plane[i].last_dc = 0;
    return true;
}

/* Decodes a row of MCUs to samples. */
static bool next_mcus(struct lade__eighth *eighth) {
    for (int mcu = 0; mcu < eighth->mcus; mcu++) {
        if (eighth->interval && eighth->until_restart == 0 && !restart(eighth))
            return false;
        eighth->until_restart--;
        for (int i = 0; i < eighth->planes; i++) {
            struct lade__eighth_plane *plane = &eighth->plane[i];
            if (!plane->next(plane, &eighth->bits, mcu))
                return false;
        }
    }
    return lade__bits_good(&eighth->bits);
}

/* ---- Samples to pixels ------------------------------------------------------------------------------------------- */

static uint8_t cut(int v) {
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static int rounded16(int v) {
    return (v + (1 << 15)) >> 16;
}

/* Converts a row of YCbCr to RGB. The factors have 16 fraction bits. There is one chroma sample for 1 << @shift luma
   samples. */
static void to_rgb(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, int shift, int n, uint8_t *out) {
    for (int x = 0; x < n; x++, out += 3) {
        int y = luma[x], cb = blue[x >> shift] - 128, cr = red[x >> shift] - 128;
        out[0] = cut(y + rounded16(91881 * cr));               /* 1.402 */
        out[1] = cut(y + rounded16(-22554 * cb - 46802 * cr)); /* 0.34414, 0.71414 */
        out[2] = cut(y + rounded16(116130 * cb));              /* 1.772 */
    }
}

bool lade__eighth_rows(struct lade__eighth *eighth, uint8_t *rows, size_t stride) {
    if (!next_mcus(eighth))
        return false;
    const struct lade__eighth_plane *plane = eighth->plane;
    bool twice = plane[1].side == 2;
    for (int i = 0; i < plane[0].v && eighth->y < eighth->height; i++, eighth->y++) {
        if (!rows)
            continue;
        uint8_t *out = rows + (size_t)i * stride;
        if (eighth->planes == 1)
            memcpy(out, plane[0].samples[i], (size_t)eighth->width);
        else
            to_rgb(plane[0].samples[i], plane[1].samples[twice && i], plane[2].samples[twice && i],
                   plane[0].h == 2 && !twice, eighth->width, out);
    }
    return true;
}

bool lade__eighth_end(const struct lade__eighth *eighth) {
    return lade__bits_marker(&eighth->bits, JPEG_EOI);
}
