/*
 * Defines the inner loops for x86-64 with AVX2. The results are equal, bit for bit, to the results of the scalar loops.
 *
 * A weight has 23 bits, but pmaddwd multiplies 16-bit integers. So each weight w is split into two parts, high and low,
 * with w = high * 2^15 + low. The products of each part are added separately, and the two sums are combined at the end.
 * All sums are modulo 2^32. The final sum fits into 32 bits, so it is exact.
 */
#include "image/kernel/kernels.h"

#include "image/kernel/rows.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))
enum { LOW_BITS = 15, LOW_MASK = (1 << LOW_BITS) - 1 };

/* ---- Horizontal -------------------------------------------------------------------------------------------------- */

/*
 * Two output pixels are computed at once, one in each 128-bit half of a register. A tap is a source pixel with its
 * weight; two taps are processed at a time. This struct holds the weights of two taps for two output pixels: tap 0 and
 * tap 1 of the left pixel, then tap 0 and tap 1 of the right pixel.
 */
struct packed {
    int16_t low[4];
    int16_t high[4];
};

static void split(int32_t weight, struct packed *to, int i) {
    to->low[i] = (int16_t)(weight & LOW_MASK);
    to->high[i] = (int16_t)(weight >> LOW_BITS);
}

static int pairs_of(const struct lade__axis *axis) {
    return (axis->most + 1) / 2;
}

static int pack(struct lade__axis *axis, int channels, struct lade_error *err) {
    (void)channels;
    int pairs = pairs_of(axis);
    struct packed *to = lade__buffer_need(&axis->packed, (size_t)axis->out / 2 + 1, (size_t)pairs * sizeof *to);
    if (!to)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the tables of a resize");
    for (int x = 0; x + 1 < axis->out; x += 2)
        for (int pair = 0; pair < pairs; pair++, to++)
            for (int i = 0; i < 4; i++) {
                int tap = 2 * pair + i % 2;
                const int32_t *weight = axis->weight + (size_t)(x + i / 2) * (size_t)axis->taps;
                split(tap < axis->taps ? weight[tap] : 0, to, i);
            }
    return LADE_OK;
}

/* Returns the number of pairs of taps whose pixels come from one load of 16 bytes. A load holds four pixels, or five
   pixels of three bytes. So for RGB one load is enough if a resize needs at most five taps, as most resizes do. */
static int pairs_per_load(const struct lade__axis *axis, int channels) {
    return channels == 3 && axis->most <= 5 ? 3 : 2;
}

/* Returns the number of source bytes that are read for an output pixel. Grey rows are read 8 bytes at a time, other
   rows 16 bytes at a time. */
static int64_t reach(const struct lade__axis *axis, int channels) {
    if (channels == 1)
        return (pairs_of(axis) + 3) / 4 * 8;
    int per_load = pairs_per_load(axis, channels), loads = (pairs_of(axis) + per_load - 1) / per_load;
    return (int64_t)(loads - 1) * 4 * channels + 16;
}

/* Returns the number of output pixels that can be computed without an access beyond the end of a row. Each store writes
   4 bytes. */
static int fast_pixels(const struct lade__axis *axis, int channels) {
    int64_t row = (int64_t)axis->in * channels, most = reach(axis, channels);
    int x = (axis->out - 1) & ~1;
    while (x > 0 && (int64_t)axis->first[x - 1] * channels + most > row)
        x -= 2;
    return x;
}

/* Returns a shuffle mask that converts two neighbouring pixels to 16-bit integers, ordered by channel: r0 r1 g0 g1 b0
   b1 a0 a1. @first is the index of the first of the two pixels in the load: 0, 2 or 4. */
static AVX2 __m256i pair_mask(int channels, int first) {
    int8_t mask[16];
    for (int i = 0; i < 16; i++) {
        int channel = i / 4, from = (first + i / 2 % 2) * channels + channel;
        mask[i] = (int8_t)(i % 2 || channel >= channels || from > 15 ? -1 : from);
    }
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)mask));
}

static inline AVX2 __m256i load_two(const uint8_t *left, const uint8_t *right) {
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)left);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), _mm_loadu_si128((const __m128i *)(const void *)right),
                                   1);
}

/* Returns a register with the weights of two taps for each channel: the weights of the left pixel in the lower half,
   and the weights of the right pixel in the upper half. */
static inline AVX2 __m256i spread(const int16_t *four) {
    int64_t bits;
    memcpy(&bits, four, sizeof bits);
    return _mm256_permutevar8x32_epi32(_mm256_set1_epi64x(bits), _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1));
}

struct sums {
    __m256i low[LADE__ROWS_AT_ONCE], high[LADE__ROWS_AT_ONCE];
};

static inline AVX2 __attribute__((always_inline)) void add_pair(struct sums *sums, const __m256i *pixels, __m256i mask,
                                                                const struct packed *weights) {
    __m256i low = spread(weights->low), high = spread(weights->high);
    UNROLLED
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        __m256i taps = _mm256_shuffle_epi8(pixels[r], mask);
        sums->low[r] = _mm256_add_epi32(sums->low[r], _mm256_madd_epi16(taps, low));
        sums->high[r] = _mm256_add_epi32(sums->high[r], _mm256_madd_epi16(taps, high));
    }
}

/* ---- Wide windows at the end of a row ---------------------------------------------------------------------------- */

/*
 * If an image is reduced to a few columns, each output pixel needs thousands of source pixels, and a large part of the
 * output pixels needs the last source pixels of a row. A load would read beyond the end of the row. So the vector code
 * adds all taps but the last ones, and scalar code adds the last taps of these output pixels.
 */
enum { WIDE = 64 }; /* the smallest window for which this is useful */

static bool is_wide(const struct lade__axis *axis) {
    return axis->most >= WIDE;
}

/* Returns the number of pairs of taps of the pixels @x and @x + 1 whose loads do not read beyond the end of the row. */
static int safe_pairs(const struct lade__axis *axis, int channels, int x) {
    int first = axis->first[x] > axis->first[x + 1] ? axis->first[x] : axis->first[x + 1];
    int64_t left = (int64_t)(axis->in - first) * channels, pairs;
    if (channels == 1)
        pairs = left / 8 * 4;
    else
        pairs = left < 16 ? 0 : ((left - 16) / (4 * channels) + 1) * 2;
    return pairs < pairs_of(axis) ? (int)pairs : pairs_of(axis);
}

/* Computes the sum of the taps after the first @pairs pairs, for channel @c of pixel @x. */
static int32_t tail_sum(const struct lade__axis *axis, int channels, const uint8_t *row, int x, int c, int pairs) {
    const int32_t *weight = axis->weight + (size_t)x * (size_t)axis->taps;
    int32_t sum = 0;
    for (int k = 2 * pairs; k < axis->count[x]; k++)
        sum += row[(size_t)(axis->first[x] + k) * (size_t)channels + (size_t)c] * weight[k];
    return sum;
}

/* ---- Sums to bytes ----------------------------------------------------------------------------------------------- */

static inline AVX2 __m256i whole(__m256i low, __m256i high) {
    return _mm256_srai_epi32(_mm256_add_epi32(low, _mm256_slli_epi32(high, LOW_BITS)), LADE__WEIGHT_BITS);
}

/* Converts two pixels of four rows to bytes and stores four bytes for each pixel. If a pixel has three bytes, the next
   pixel overwrites the fourth byte. If the right pixel is the last pixel of the row, @last is true, and only the bytes
   of this pixel are stored. */
static inline AVX2 __attribute__((always_inline)) void store(const struct sums *sums, int channels, size_t at,
                                                             uint8_t *const *out, bool last) {
    __m256i words01 = _mm256_packs_epi32(sums->low[0], sums->low[1]);
    __m256i words23 = _mm256_packs_epi32(sums->low[2], sums->low[3]);
    __m256i bytes = _mm256_packus_epi16(words01, words23);
    __m128i left = _mm256_castsi256_si128(bytes), right = _mm256_extracti128_si256(bytes, 1);
    int32_t pixel[8] = {_mm_extract_epi32(left, 0),  _mm_extract_epi32(left, 1),  _mm_extract_epi32(left, 2),
                        _mm_extract_epi32(left, 3),  _mm_extract_epi32(right, 0), _mm_extract_epi32(right, 1),
                        _mm_extract_epi32(right, 2), _mm_extract_epi32(right, 3)};
    UNROLLED
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        memcpy(out[r] + at, &pixel[r], 4);
        memcpy(out[r] + at + (size_t)channels, &pixel[4 + r], last ? (size_t)channels : 4);
    }
}

/* Adds the taps after the first @pairs pairs to the sums of the pixels @x and @x + 1. */
static AVX2 void add_tails(struct sums *sums, const struct lade__axis *axis, int channels, const uint8_t *const *in,
                           int x, int pairs) {
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        int32_t tails[8] = {0};
        for (int c = 0; c < channels; c++) {
            tails[c] = tail_sum(axis, channels, in[r], x, c, pairs);
            tails[4 + c] = tail_sum(axis, channels, in[r], x + 1, c, pairs);
        }
        sums->low[r] = _mm256_add_epi32(sums->low[r], _mm256_loadu_si256((const __m256i *)(const void *)tails));
    }
}

static inline AVX2 __attribute__((always_inline)) void horizontal_n(const struct lade__axis *axis, int channels,
                                                                    const uint8_t *const *in, uint8_t *const *out,
                                                                    int begin, int end, bool tail) {
    int pairs = pairs_of(axis), per_load = pairs_per_load(axis, channels);
    __m256i first_two = pair_mask(channels, 0), next_two = pair_mask(channels, 2), fifth = pair_mask(channels, 4);
    const struct packed *weights = (const struct packed *)axis->packed.data + (size_t)(begin / 2) * (size_t)pairs;
    for (int x = begin; x < end; x += 2) {
        size_t left = (size_t)axis->first[x] * (size_t)channels, right = (size_t)axis->first[x + 1] * (size_t)channels;
        int safe = tail ? safe_pairs(axis, channels, x) : pairs;
        struct sums sums;
        UNROLLED
        for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
            sums.low[r] = _mm256_set1_epi32(LADE__WEIGHT_HALF);
            sums.high[r] = _mm256_setzero_si256();
        }
        for (int pair = 0; pair < safe; pair += per_load) {
            __m256i pixels[LADE__ROWS_AT_ONCE];
            UNROLLED
            for (int r = 0; r < LADE__ROWS_AT_ONCE; r++)
                pixels[r] = load_two(in[r] + left, in[r] + right);
            add_pair(&sums, pixels, first_two, weights++);
            if (pair + 1 < safe)
                add_pair(&sums, pixels, next_two, weights++);
            if (per_load == 3 && pair + 2 < safe)
                add_pair(&sums, pixels, fifth, weights++);
            left += (size_t)channels * 4;
            right += (size_t)channels * 4;
        }
        if (tail)
            add_tails(&sums, axis, channels, in, x, safe);
        weights += pairs - safe;
        UNROLLED
        for (int r = 0; r < LADE__ROWS_AT_ONCE; r++)
            sums.low[r] = whole(sums.low[r], sums.high[r]);
        store(&sums, channels, (size_t)x * (size_t)channels, out, tail && x + 2 == axis->out);
    }
}

/* Loads eight samples of each of four rows, and arranges them as eight pixels whose four channels are the rows. */
static inline AVX2 __attribute__((always_inline)) void load_columns(const uint8_t *const *in, size_t at,
                                                                    __m128i pixels[2]) {
    __m128i row[LADE__ROWS_AT_ONCE];
    UNROLLED
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++)
        row[r] = _mm_loadl_epi64((const __m128i *)(const void *)(in[r] + at));
    __m128i two = _mm_unpacklo_epi8(row[0], row[1]), other_two = _mm_unpacklo_epi8(row[2], row[3]);
    pixels[0] = _mm_unpacklo_epi16(two, other_two);
    pixels[1] = _mm_unpackhi_epi16(two, other_two);
}

/* Does the same as add_tails() for grey rows. */
static AVX2 __m256i add_grey_tails(__m256i sums, const struct lade__axis *axis, const uint8_t *const *in, int x,
                                   int pairs) {
    int32_t tails[8];
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        tails[r] = tail_sum(axis, 1, in[r], x, 0, pairs);
        tails[4 + r] = tail_sum(axis, 1, in[r], x + 1, 0, pairs);
    }
    return _mm256_add_epi32(sums, _mm256_loadu_si256((const __m256i *)(const void *)tails));
}

/* Resizes grey rows. The four rows are processed like the four channels of RGBA, so that all elements of a register are
   used. */
static inline AVX2 __attribute__((always_inline)) void horizontal_grey(const struct lade__axis *axis,
                                                                       const uint8_t *const *in, uint8_t *const *out,
                                                                       int begin, int end, bool tail) {
    __m256i masks[2] = {pair_mask(4, 0), pair_mask(4, 2)};
    int pairs = pairs_of(axis);
    const struct packed *weights = (const struct packed *)axis->packed.data + (size_t)(begin / 2) * (size_t)pairs;
    for (int x = begin; x < end; x += 2) {
        int safe = tail ? safe_pairs(axis, 1, x) : pairs;
        __m256i low = _mm256_set1_epi32(LADE__WEIGHT_HALF), high = _mm256_setzero_si256();
        for (int pair = 0; pair < safe; pair += 4) {
            __m128i left[2], right[2];
            load_columns(in, (size_t)(axis->first[x] + 2 * pair), left);
            load_columns(in, (size_t)(axis->first[x + 1] + 2 * pair), right);
            for (int k = 0; k < 4 && pair + k < safe; k++, weights++) {
                __m256i pixels = _mm256_inserti128_si256(_mm256_castsi128_si256(left[k / 2]), right[k / 2], 1);
                __m256i taps = _mm256_shuffle_epi8(pixels, masks[k % 2]);
                low = _mm256_add_epi32(low, _mm256_madd_epi16(taps, spread(weights->low)));
                high = _mm256_add_epi32(high, _mm256_madd_epi16(taps, spread(weights->high)));
            }
        }
        if (tail)
            low = add_grey_tails(low, axis, in, x, safe);
        weights += pairs - safe;
        __m256i words = whole(low, high);
        words = _mm256_packs_epi32(words, words);
        words = _mm256_packus_epi16(words, words);
        uint32_t left = (uint32_t)_mm256_extract_epi32(words, 0), right = (uint32_t)_mm256_extract_epi32(words, 4);
        for (int r = 0; r < LADE__ROWS_AT_ONCE; r++, left >>= 8, right >>= 8) {
            out[r][x] = (uint8_t)left;
            out[r][x + 1] = (uint8_t)right;
        }
    }
}

static AVX2 void horizontal(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                            int count) {
    int inner = axis->pick || axis->identity ? 0 : fast_pixels(axis, channels);
    int end = !axis->pick && !axis->identity && is_wide(axis) ? axis->out & ~1 : inner;
    const uint8_t *from[LADE__ROWS_AT_ONCE];
    uint8_t *to[LADE__ROWS_AT_ONCE];
    lade__fill_rows(in, out, count, from, to);
    if (channels == 1) {
        horizontal_grey(axis, from, to, 0, inner, false);
        horizontal_grey(axis, from, to, inner, end, true);
    } else if (channels == 3) {
        horizontal_n(axis, 3, from, to, 0, inner, false);
        horizontal_n(axis, 3, from, to, inner, end, true);
    } else {
        horizontal_n(axis, 4, from, to, 0, inner, false);
        horizontal_n(axis, 4, from, to, inner, end, true);
    }
    for (int r = 0; r < count; r++)
        lade__horizontal_scalar(axis, channels, end, in[r], out[r]);
}

/* ---- Vertical ---------------------------------------------------------------------------------------------------- */

enum { BLOCK = 32, LANES = BLOCK / 8 };

/* Interleaves a block of two rows as 16-bit integers, multiplies the rows by their weights and adds the products to the
   sums. */
static inline AVX2 __attribute__((always_inline)) void add_rows(__m256i low[LANES], __m256i high[LANES],
                                                                const uint8_t *a, const uint8_t *b, int32_t weight_a,
                                                                int32_t weight_b) {
    uint32_t lows = ((uint32_t)weight_a & LOW_MASK) | ((uint32_t)weight_b & LOW_MASK) << 16;
    uint32_t highs = ((uint32_t)(weight_a >> LOW_BITS) & 0xffff) | (uint32_t)(weight_b >> LOW_BITS) << 16;
    __m256i w_low = _mm256_set1_epi32((int32_t)lows), w_high = _mm256_set1_epi32((int32_t)highs);
    UNROLLED
    for (int i = 0; i < LANES; i++) {
        __m128i row_a = _mm_loadl_epi64((const __m128i *)(const void *)(a + 8 * i));
        __m128i row_b = _mm_loadl_epi64((const __m128i *)(const void *)(b + 8 * i));
        __m256i pairs = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(row_a, row_b));
        low[i] = _mm256_add_epi32(low[i], _mm256_madd_epi16(pairs, w_low));
        high[i] = _mm256_add_epi32(high[i], _mm256_madd_epi16(pairs, w_high));
    }
}

static AVX2 void vertical_block(const uint8_t *const *rows, const int32_t *weight, int count, size_t at, uint8_t *out) {
    __m256i low[LANES], high[LANES];
    UNROLLED
    for (int i = 0; i < LANES; i++) {
        low[i] = _mm256_set1_epi32(LADE__WEIGHT_HALF);
        high[i] = _mm256_setzero_si256();
    }
    int k = 0;
    for (; k + 1 < count; k += 2)
        add_rows(low, high, rows[k] + at, rows[k + 1] + at, weight[k], weight[k + 1]);
    if (k < count)
        add_rows(low, high, rows[k] + at, rows[k] + at, weight[k], 0);
    UNROLLED
    for (int i = 0; i < LANES; i++)
        low[i] = whole(low[i], high[i]);
    __m256i bytes = _mm256_packus_epi16(_mm256_packs_epi32(low[0], low[1]), _mm256_packs_epi32(low[2], low[3]));
    bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    _mm256_storeu_si256((__m256i *)(void *)(out + at), bytes);
}

static AVX2 void vertical(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out) {
    if (n < BLOCK) {
        lade__vertical_scalar(rows, weight, count, n, out);
        return;
    }
    for (size_t at = 0; at + BLOCK <= n; at += BLOCK)
        vertical_block(rows, weight, count, at, out);
    if (n % BLOCK)
        vertical_block(rows, weight, count, n - BLOCK, out); /* the last block overlaps the block before it */
}

/* ---- To floats --------------------------------------------------------------------------------------------------- */

static inline AVX2 __m256 eight_floats(const uint8_t *in, __m256 by) {
    __m256i wide = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)in));
    return _mm256_mul_ps(_mm256_cvtepi32_ps(wide), by);
}

AVX2 void lade__to_floats_avx2(const uint8_t *in, size_t n, float scale, float *out, bool non_temporal) {
    __m256 by = _mm256_set1_ps(scale);
    size_t i = 0;
    if (non_temporal) {
        size_t head = (-(uintptr_t)out & 31) / sizeof *out;
        head = head < n ? head : n;
        lade__row_to_floats(in, head, scale, out);
        for (i = head; i + 8 <= n; i += 8)
            _mm256_stream_ps(out + i, eight_floats(in + i, by));
    }
    for (; i + 8 <= n; i += 8)
        _mm256_storeu_ps(out + i, eight_floats(in + i, by));
    lade__row_to_floats(in + i, n - i, scale, out + i);
}

void lade__fence_avx2(void) {
    _mm_sfence();
}

static const struct lade__kernels kernels = {"avx2",          pack, horizontal, vertical, lade__to_floats_avx2,
                                             lade__fence_avx2};

const struct lade__kernels *lade__kernels_avx2(void) {
    return __builtin_cpu_supports("avx2") ? &kernels : NULL;
}

#else

const struct lade__kernels *lade__kernels_avx2(void) {
    return NULL;
}

#endif
