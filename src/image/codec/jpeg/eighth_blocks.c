/*
 * Decodes the entropy-coded blocks of a JPEG to samples at an eighth of the image size. For most blocks only the DC
 * coefficient is decoded, and the codes of the AC coefficients are skipped. In 4:2:0 images, chroma has half as many
 * blocks as luma in each direction, so each chroma block is decoded to 2 x 2 samples. The samples are equal, bit for
 * bit, to the samples that libjpeg's reduced-size transforms compute.
 */
#include "image/codec/jpeg/eighth.h"

#define HOT static inline __attribute__((always_inline))

enum {
    DC_MAX_BITS = 11,       /* largest number of bits in a difference of DC coefficients, for 8-bit samples */
    COEFFICIENT_MAX = 2047, /* largest coefficient after multiplication by its quantiser */
    LEVEL_MAX = 511,        /* largest value of a sample minus 128, before the sample is clamped to 0..255 */
    CONST_BITS = 13,        /* fraction bits of the transform's constants */
    PASS_BITS = 2,          /* fraction bits of the values between the two passes of the transform */
    COLUMNS = 5,            /* number of columns that are used: 0, 1, 3, 5 and 7 */
    SUMS = 2 * COLUMNS + 1, /* an even and an odd sum for each column, and one sum for unused coefficients */
};

/* Index (8 * row + column) of each coefficient of a block, in the order of the file (T.81, figure A.6). */
static const uint8_t zigzag[64] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

/* The transform of 8 coefficients to 2 values does not use the coefficients 2, 4 and 6. The weight of coefficient 0 is
   2^15. The weights of the odd coefficients are 2^13 sqrt(2) (+-c1 +-c3 +-c5 +-c7) with ck = cos(k pi / 16). The odd
   coefficients are added in the first value and subtracted in the second value. */
static const int odd_weight[8] = {0, 29692, 0, -10426, 0, 6967, 0, -5906};
static const int used[8] = {0, 1, -1, 2, -1, 3, -1, 4};

void lade__eighth_weights(struct lade__eighth_plane *plane, const UINT16 *quantisers) {
    for (int k = 0; k < LADE__BLOCK; k++) {
        int row = zigzag[k] / 8, column = zigzag[k] % 8;
        bool counts = used[row] >= 0 && used[column] >= 0;
        plane->quant[k] = quantisers[zigzag[k]];
        plane->place[k] = (uint8_t)(counts ? 2 * used[column] + (row > 0) : SUMS - 1);
        plane->weight[k] = !counts ? 0 : row ? odd_weight[row] : 1 << (CONST_BITS + 2);
    }
}

/* Rounds a fixed-point value with @bits fraction bits. */
HOT int rounded(int v, int bits) {
    return (v + (1 << (bits - 1))) >> bits;
}

/* Stores the sample @level + 128. Returns false if @level is so far out of range that libjpeg's C code and its vector
   code may store different samples. */
HOT bool put(int level, uint8_t *sample) {
    int v = level + 128;
    *sample = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    return level >= -LEVEL_MAX && level <= LEVEL_MAX;
}

/* Reads the DC coefficient of the next block and multiplies it by its quantiser. */
HOT bool next_dc(struct lade__eighth_plane *plane, struct lade__bits *bits, int *dc) {
    lade__bits_more(bits);
    unsigned code = lade__huffman_peek(plane->dc, bits->next), size = code & 255;
    if (!code || size > DC_MAX_BITS)
        return false;
    plane->last_dc += lade__bits_number(bits, code >> 8, size);
    *dc = plane->last_dc * plane->quant[0];
    return true;
}

/* Reads the next AC coefficient into *number. Before the call, *k is the first index that was not read yet. After the
   call, *k is the index of the coefficient, or LADE__BLOCK at the end of the block. For a code that means 16 zeros,
   *number is 0. Returns false for an invalid code. */
HOT bool next_ac(const struct lade__huffman *table, struct lade__bits *bits, int *k, int *number) {
    if (bits->count < 32)
        lade__bits_more(bits);
    unsigned code = lade__huffman_peek(table, bits->next), run = code >> 4 & 15, size = code & 15;
    *number = lade__bits_number(bits, code >> 8, size);
    *k += (int)run;
    if (size > 0 || run == 15)
        return *k < LADE__BLOCK;
    *k = LADE__BLOCK;
    return code && run == 0;
}

/* Skips the AC coefficients from index @k on, one code at a time. This function is called if the table cannot skip the
   rest of the block, for example because the block has no end-of-block code. */
static __attribute__((noinline)) void skip_singly(const struct lade__huffman *table, struct lade__bits *bits, int k) {
    for (; k < LADE__BLOCK; k++) {
        int number;
        if (!next_ac(table, bits, &k, &number)) {
            lade__bits_odd(bits);
            return;
        }
    }
}

/* Skips all AC coefficients of a block, several codes at a time. */
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

/* Transforms the coefficients 0, 1, 3, 5 and 7 to two values. Does not round the values. */
HOT void two(const int in[COLUMNS], int *first, int *second) {
    int even = in[0] * (1 << (CONST_BITS + 2));
    int odd = in[1] * odd_weight[1] + in[2] * odd_weight[3] + in[3] * odd_weight[5] + in[4] * odd_weight[7];
    *first = even + odd;
    *second = even - odd;
}

/* Computes the 2 x 2 samples of a block from the sums of its columns. */
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

/* four() and ones() decode the blocks of one component in an MCU. four() is for a component that has one block in an
   MCU, and stores 2 x 2 samples. ones() stores one sample for each block. There are two functions, because a single
   function would need more registers than the CPU has. */
HOT bool four(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu) {
    struct lade__bits bits = *shared;
    uint8_t *above = plane->samples[0] + 2 * mcu, *below = plane->samples[1] + 2 * mcu;
    int sums[SUMS] = {0}, dc;
    if (!next_dc(plane, &bits, &dc) || dc < -COEFFICIENT_MAX || dc > COEFFICIENT_MAX)
        return false;
    sums[0] = dc * (1 << (CONST_BITS + 2));
    for (int k = 1, v; k < LADE__BLOCK; k++) {
        if (!next_ac(plane->ac, &bits, &k, &v))
            return false;
        if (k == LADE__BLOCK)
            break;
        v *= plane->quant[k];
        if (v < -COEFFICIENT_MAX || v > COEFFICIENT_MAX)
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
/* The next two functions use BMI2. The shift instructions of BMI2 can take the count from any register. These
   instructions make the functions faster, because every code needs a shift. */
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

lade__eighth_next *lade__eighth_next_of(const struct lade__eighth_plane *plane, bool portable) {
    if (portable || !has_bmi2())
        return plane->side == 2 ? next_four : next_ones;
    return plane->side == 2 ? next_four_bmi2 : next_ones_bmi2;
}
