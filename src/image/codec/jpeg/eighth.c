/*
 * Blocks to pixels at an eighth: of luma the mean alone, all other codes are passed over; the chroma of 4:2:0, which
 * has half as many blocks each way, as 2 x 2 samples. The arithmetic is that of libjpeg's small transforms to the bit.
 *
 * Where values are so far out that libjpeg's C and its vector code differ, which no encoder writes, it is left to
 * libjpeg, whichever of the two it has.
 */
#include "image/codec/jpeg/eighth.h"

#include <string.h>

#define HOT static inline __attribute__((always_inline))

enum {
    DC_MOST = 11,            /* bits of a difference, where samples have 8 */
    COEFFICIENT_MOST = 2047, /* times its quantiser */
    LEVEL_MOST = 511,        /* of a sample before it is cut to 0..255, less 128 */
    AHEAD = 64,              /* bytes, more than libjpeg looks at behind the last code that it needs */
    CONST_BITS = 13,         /* behind the point of the transform's constants */
    PASS_BITS = 2,           /* and of what goes from its columns to its rows */
    COLUMNS = 5,             /* that are used: 0, 1, 3, 5, 7 */
    SUMS = 2 * COLUMNS + 1,  /* of what is even and odd down each; the last is for what is not used */
};

static lade__eighth_next *next_of(const struct lade__eighth_plane *plane, bool portable);

/* ---- Is it the plain case? --------------------------------------------------------------------------------------- */

/* The coefficients of a block in the order of the file (T.81, figure A.6): 8 * row + column. */
static const uint8_t zigzag[64] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

/* A transform of 8 values to 2 leaves out the coefficients 2, 4 and 6, and turns the odd ones over for the second
   value. Their weights: 2^13 sqrt(2) (+-c1 +-c3 +-c5 +-c7), where ck is cos(k pi / 16). That of 0 is 2^15. */
static const int odd_weight[8] = {0, 29692, 0, -10426, 0, 6967, 0, -5906};
static const int used[8] = {0, 1, -1, 2, -1, 3, -1, 4};

static bool plain(const struct jpeg_decompress_struct *dec) {
    return !dec->progressive_mode && !dec->arith_code && dec->data_precision == 8 &&
           dec->comps_in_scan == dec->num_components && dec->Ss == 0 && dec->Se == DCTSIZE2 - 1 && dec->Ah == 0 &&
           dec->Al == 0 &&
           ((dec->num_components == 1 && dec->jpeg_color_space == JCS_GRAYSCALE) ||
            (dec->num_components == 3 && dec->jpeg_color_space == JCS_YCbCr));
}

static bool make(struct lade__huffman *tables, JHUFF_TBL *const *said, int number, const struct lade__huffman **table) {
    if (number < 0 || number >= NUM_HUFF_TBLS || !said[number])
        return false;
    *table = &tables[number];
    return lade__huffman_make(&tables[number], said[number]->bits, said[number]->huffval);
}

/* libjpeg refuses a table for DC that has anything else, be it used or not. */
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
    const jpeg_component_info *said = &dec->comp_info[i];
    int number = said->quant_tbl_no;
    if (dec->cur_comp_info[i] != said || number < 0 || number >= NUM_QUANT_TBLS || !dec->quant_tbl_ptrs[number] ||
        !make(eighth->dc, dec->dc_huff_tbl_ptrs, said->dc_tbl_no, &plane->dc) ||
        !make(eighth->ac, dec->ac_huff_tbl_ptrs, said->ac_tbl_no, &plane->ac) || !sizes_only(plane->dc))
        return false;
    plane->h = dec->num_components == 1 ? 1 : said->h_samp_factor;
    plane->v = dec->num_components == 1 ? 1 : said->v_samp_factor;
    plane->side = i > 0 && eighth->plane[0].h == 2 && eighth->plane[0].v == 2 ? 2 : 1;
    plane->last_dc = 0;
    for (int k = 0; k < 64; k++) {
        int row = zigzag[k] / 8, column = zigzag[k] % 8;
        bool counts = used[row] >= 0 && used[column] >= 0;
        plane->quant[k] = dec->quant_tbl_ptrs[number]->quantval[zigzag[k]];
        plane->place[k] = (uint8_t)(counts ? 2 * used[column] + (row > 0) : SUMS - 1);
        plane->weight[k] = !counts ? 0 : row ? odd_weight[row] : 1 << (CONST_BITS + 2);
    }
    if (plane->side == 1)
        lade__huffman_skips(&eighth->ac[said->ac_tbl_no]);
    return plane->quant[0] > 0 && (i == 0 ? plane->h <= 2 && plane->v <= 2 : plane->h == 1 && plane->v == 1);
}

bool lade__eighth_start(struct lade__eighth *eighth, const struct jpeg_decompress_struct *dec, const uint8_t *scan,
                        const uint8_t *end) {
    if (!plain(dec))
        return false;
    eighth->planes = dec->num_components;
    for (int i = 0; i < eighth->planes; i++)
        if (!start_plane(eighth, dec, i))
            return false;
    for (int i = 0; i < eighth->planes; i++)
        eighth->plane[i].next = next_of(&eighth->plane[i], eighth->portable);
    eighth->bits = (struct lade__bits){.at = scan, .end = end};
    eighth->width = (int)(dec->image_width + 7) / 8;
    eighth->height = (int)(dec->image_height + 7) / 8;
    eighth->mcus = (eighth->width + eighth->plane[0].h - 1) / eighth->plane[0].h;
    eighth->y = 0;
    eighth->interval = eighth->until_restart = dec->restart_interval;
    eighth->restarts = 0;
    return true;
}

/* ---- Codes to samples -------------------------------------------------------------------------------------------- */

/* A value with @bits behind the point, rounded. */
HOT int rounded(int v, int bits) {
    return (v + (1 << (bits - 1))) >> bits;
}

HOT bool put(int level, uint8_t *sample) {
    int v = level + 128;
    *sample = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    return level >= -LEVEL_MOST && level <= LEVEL_MOST;
}

/* The mean of the next block, times its quantiser. */
HOT bool next_dc(struct lade__eighth_plane *plane, struct lade__bits *bits, int *dc) {
    lade__bits_more(bits);
    unsigned code = lade__huffman_see(plane->dc, bits->next), size = code & 255;
    if (!code || size > DC_MOST)
        return false;
    plane->last_dc += lade__bits_number(bits, code >> 8, size);
    *dc = plane->last_dc * plane->quant[0];
    return true;
}

/* The next AC coefficient, from place *k on; *k becomes its place, LADE__BLOCK if there are no more in the block.
   False: there can be no such code. Zero for a run of zeroes alone. */
HOT bool next_ac(const struct lade__huffman *table, struct lade__bits *bits, int *k, int *number) {
    if (bits->count < 32)
        lade__bits_more(bits);
    unsigned code = lade__huffman_see(table, bits->next), run = code >> 4 & 15, size = code & 15;
    *number = lade__bits_number(bits, code >> 8, size);
    *k += (int)run;
    if (size > 0 || run == 15)
        return *k < LADE__BLOCK;
    *k = LADE__BLOCK;
    return code && run == 0;
}

/* Past the AC coefficients from @k on, code by code: where the block ends without a code that says so. */
static __attribute__((noinline)) void skip_singly(const struct lade__huffman *table, struct lade__bits *bits, int k) {
    for (; k < LADE__BLOCK; k++) {
        int number;
        if (!next_ac(table, bits, &k, &number)) {
            lade__bits_odd(bits);
            return;
        }
    }
}

/* Past all AC coefficients of a block. */
HOT void skip(const struct lade__huffman *table, struct lade__bits *bits) {
    unsigned k = 1;
    for (;;) {
        if (bits->count < 32)
            lade__bits_more(bits);
        unsigned codes = table->skip[bits->next >> (64 - LADE__LOOKUP_BITS)], coefficients = codes >> 6;
        if (k + coefficients >= LADE__BLOCK) {
            if (k + coefficients - LADE__BLOCK_END < LADE__BLOCK) {
                lade__bits_drop(bits, codes);
                return;
            }
            struct lade__bits rare = *bits;
            skip_singly(table, &rare, (int)k);
            *bits = rare;
            return;
        }
        k += coefficients;
        lade__bits_drop(bits, codes);
    }
}

/* Of the 8 values of a transform the 2 that remain, before they are rounded; of its coefficients 0, 1, 3, 5, 7. */
HOT void two(const int in[COLUMNS], int *first, int *second) {
    int even = in[0] * (1 << (CONST_BITS + 2));
    int odd = in[1] * odd_weight[1] + in[2] * odd_weight[3] + in[3] * odd_weight[5] + in[4] * odd_weight[7];
    *first = even + odd;
    *second = even - odd;
}

/* A block to 2 x 2 samples, its columns having been summed up. */
HOT bool put_four(const int sums[SUMS], uint8_t *above, uint8_t *below) {
    int upper[COLUMNS], lower[COLUMNS], v[4];
    for (int c = 0; c < COLUMNS; c++) {
        upper[c] = rounded(sums[2 * c] + sums[2 * c + 1], CONST_BITS);
        lower[c] = rounded(sums[2 * c] - sums[2 * c + 1], CONST_BITS);
    }
    two(upper, &v[0], &v[1]);
    two(lower, &v[2], &v[3]);
    enum { BITS = CONST_BITS + PASS_BITS + 5 };
    return put(rounded(v[0], BITS), above) && put(rounded(v[1], BITS), above + 1) && put(rounded(v[2], BITS), below) &&
           put(rounded(v[3], BITS), below + 1);
}

/* The part of an MCU that is a component's, as 2 x 2 samples of one block, or as a sample of each block. Two functions
   for compilers too: in one they run out of registers for the bits. */
HOT bool four(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu) {
    struct lade__bits bits = *shared;
    uint8_t *above = plane->samples[0] + 2 * mcu, *below = plane->samples[1] + 2 * mcu;
    int sums[SUMS] = {0}, dc;
    if (!next_dc(plane, &bits, &dc) || dc < -COEFFICIENT_MOST || dc > COEFFICIENT_MOST)
        return false;
    sums[0] = dc * (1 << (CONST_BITS + 2));
    for (int k = 1, v; k < LADE__BLOCK; k++) {
        if (!next_ac(plane->ac, &bits, &k, &v))
            return false;
        if (k == LADE__BLOCK)
            break;
        v *= plane->quant[k];
        if (v < -COEFFICIENT_MOST || v > COEFFICIENT_MOST)
            return false;
        sums[plane->place[k]] += v * plane->weight[k];
    }
    *shared = bits;
    return put_four(sums, above, below);
}

HOT bool ones(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu) {
    struct lade__bits bits = *shared;
    for (int y = 0; y < plane->v; y++)
        for (int x = 0; x < plane->h; x++) {
            int dc;
            if (!next_dc(plane, &bits, &dc) || !put(rounded(dc, 3), &plane->samples[y][mcu * plane->h + x]))
                return false;
            skip(plane->ac, &bits);
        }
    *shared = bits;
    return true;
}

static __attribute__((noinline)) bool next_four(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu) {
    return four(plane, shared, mcu);
}

static __attribute__((noinline)) bool next_ones(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu) {
    return ones(plane, shared, mcu);
}

#if defined(__x86_64__)
/* The same with shifts by a number in any register, of which there is one for each code. */
#define BMI2 __attribute__((noinline, target("bmi2")))

static BMI2 bool next_four_bmi2(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu) {
    return four(plane, shared, mcu);
}

static BMI2 bool next_ones_bmi2(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu) {
    return ones(plane, shared, mcu);
}

static bool has_bmi2(void) {
    return __builtin_cpu_supports("bmi2");
}
#else
#define next_four_bmi2 next_four
#define next_ones_bmi2 next_ones

static bool has_bmi2(void) {
    return false;
}
#endif

static lade__eighth_next *next_of(const struct lade__eighth_plane *plane, bool portable) {
    if (portable || !has_bmi2())
        return plane->side == 2 ? next_four : next_ones;
    return plane->side == 2 ? next_four_bmi2 : next_ones_bmi2;
}

/* Go on behind the restart marker that is due. */
static bool restart(struct lade__eighth *eighth) {
    if (!lade__bits_marker(&eighth->bits, 0xd0 + eighth->restarts++ % 8))
        return false;
    lade__bits_restart(&eighth->bits);
    eighth->until_restart = eighth->interval;
    for (int i = 0; i < eighth->planes; i++)
        eighth->plane[i].last_dc = 0;
    return true;
}

/* A row of MCUs to samples. */
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

/* YCbCr to RGB with 16 bits behind the point; a sample of chroma for 1 << @shift of luma. */
static void to_rgb(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, int shift, int n, uint8_t *out) {
    for (int x = 0; x < n; x++, out += 3) {
        int y = luma[x], cb = blue[x >> shift] - 128, cr = red[x >> shift] - 128;
        out[0] = cut(y + rounded(91881 * cr, 16));               /* 1.402 */
        out[1] = cut(y + rounded(-22554 * cb - 46802 * cr, 16)); /* 0.34414, 0.71414 */
        out[2] = cut(y + rounded(116130 * cb, 16));              /* 1.772 */
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
    const struct lade__bits *bits = &eighth->bits;
    return eighth->y == eighth->height ? lade__bits_marker(bits, JPEG_EOI) : bits->end - bits->at >= AHEAD;
}
