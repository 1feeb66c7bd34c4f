/*
 * Defines the inner loops for x86-64 with VNNI and VBMI of AVX-512 (Ice Lake, Zen 4 and later). The results are equal,
 * bit for bit, to the results of the scalar loops.
 *
 * vpdpbusd multiplies four unsigned bytes by four signed bytes and adds the products to a 32-bit sum. So each weight w
 * is split into three signed bytes with w = high * 2^16 + middle * 2^8 + low. The products of each byte are added
 * separately, and the three sums are combined at the end. All sums are modulo 2^32. The final sum fits into 32 bits, so
 * it is exact.
 *
 * The code uses 256-bit registers. With 512-bit registers a resize is a third faster, but some CPUs then lower their
 * clock for a while. The JPEG decoder, which runs between two strips, then loses more time than the resize gains.
 */
#include "image/kernel/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define VNNI   __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vnni")))
#define INLINE static inline VNNI __attribute__((always_inline))

struct split {
    int8_t low, middle, high;
};

static struct split split(int32_t weight) {
    struct split s;
    s.low = (int8_t)(weight & 0xff);
    weight = (weight - s.low) >> 8;
    s.middle = (int8_t)(weight & 0xff);
    s.high = (int8_t)((weight - s.middle) >> 8); /* at most 32, because a weight is below 2 */
    return s;
}

struct sums {
    __m256i low, middle, high;
};

/* Returns the sums before the first product is added. The sums contain one half, so that the final shift rounds. */
INLINE struct sums initial(void) {
    return (struct sums){_mm256_set1_epi32(LADE__WEIGHT_HALF), _mm256_setzero_si256(), _mm256_setzero_si256()};
}

/* Multiplies eight groups of four samples by their weights and adds the products to the sums. */
INLINE void add(struct sums *sums, __m256i samples, __m256i low, __m256i middle, __m256i high) {
    sums->low = _mm256_dpbusd_epi32(sums->low, samples, low);
    sums->middle = _mm256_dpbusd_epi32(sums->middle, samples, middle);
    sums->high = _mm256_dpbusd_epi32(sums->high, samples, high);
}

/* Converts 4 x 8 sums to bytes. The pack instructions change the order of the bytes: the result has four bytes of each
   vector in turn. */
INLINE __m256i to_bytes(const struct sums *sums) {
    __m256i words[4];
    UNROLLED
    for (int i = 0; i < 4; i++) {
        __m256i upper = _mm256_add_epi32(_mm256_slli_epi32(sums[i].high, 8), sums[i].middle);
        words[i] = _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(upper, 8), sums[i].low), LADE__WEIGHT_BITS);
    }
    return _mm256_packus_epi16(_mm256_packs_epi32(words[0], words[1]), _mm256_packs_epi32(words[2], words[3]));
}

/* Returns a mask for the first @n of 32 bytes. */
INLINE __mmask32 first(int64_t n) {
    return n >= 32 ? ~UINT32_C(0) : n <= 0 ? 0 : (UINT32_C(1) << n) - 1;
}

/* ---- Horizontal -------------------------------------------------------------------------------------------------- */

/*
 * A block is eight samples of the output row, which are computed at once. A tap is a source sample with its weight. A
 * step multiplies four taps of each output sample. The source bytes that a step needs are within 32 or 64 bytes of the
 * row. A permutation arranges these bytes by output sample. This permutation is the same for all steps of a block.
 *
 * axis->packed holds the permutation of each block (32 bytes) and then, for each step, the low, the middle and the high
 * bytes of the weights (four bytes a pixel for each of the three parts). These tables must be small, because they share
 * the L1 cache with the codec.
 */
enum { WIDTH = 32, SAMPLES = 8, TAPS = 4 };

static int steps_of(const struct lade__axis *axis) {
    return (axis->most + TAPS - 1) / TAPS;
}

static int blocks_of(const struct lade__axis *axis, int channels) {
    return (axis->out * channels + SAMPLES - 1) / SAMPLES;
}

/* Returns the offset of the first source byte that a block needs. This byte belongs to the first sample of the block,
   or to the next pixel if the window of the next pixel begins earlier in the row. */
static inline int base_of(const struct lade__axis *axis, int channels, int block) {
    int x = block * SAMPLES / channels, channel = block * SAMPLES % channels;
    int base = axis->first[x] * channels + channel;
    if (channel && x + 1 < axis->out && axis->first[x + 1] * channels < base)
        return axis->first[x + 1] * channels;
    return base;
}

/* Computes the permutation of a block. Returns the number of source bytes from which the permutation selects. */
static int fill_block(uint8_t from[WIDTH], const struct lade__axis *axis, int channels, int block) {
    int reach = 0, base = base_of(axis, channels, block);
    for (int k = 0; k < SAMPLES; k++) {
        int sample = block * SAMPLES + k, x = sample / channels;
        x = x < axis->out ? x : axis->out - 1;
        int at = axis->first[x] * channels + sample % channels - base;
        for (int tap = 0; tap < TAPS; tap++, at += channels)
            from[TAPS * k + tap] = (uint8_t)at;
        at += 1 - channels; /* offset of the byte after the last tap */
        reach = at > reach ? at : reach;
    }
    return reach;
}

static void fill_weights(int8_t *to, const struct lade__axis *axis, int i) {
    int8_t *low = to, *middle = low + TAPS * axis->out, *high = middle + TAPS * axis->out;
    for (int x = 0; x < axis->out; x++)
        for (int tap = TAPS * i; tap < TAPS * (i + 1); tap++) {
            struct split w = split(tap < axis->taps ? axis->weight[x * axis->taps + tap] : 0);
            *low++ = w.low;
            *middle++ = w.middle;
            *high++ = w.high;
        }
}

/* Stores the tables. A resize to less than about a fifth of the source size is computed by the AVX2 kernels, because
   the source bytes of a step do not fit into two registers. */
static int pack(struct lade__axis *axis, int channels, struct lade_error *err) {
    int blocks = blocks_of(axis, channels), steps = steps_of(axis), weights = 3 * TAPS * axis->out;
    uint8_t *to = lade__buffer_need(&axis->packed, 1, (size_t)blocks * WIDTH + (size_t)steps * (size_t)weights + WIDTH);
    if (!to)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the tables of a resize");
    axis->packed_reach = 0;
    for (int block = 0; block < blocks; block++, to += WIDTH) {
        int reach = fill_block(to, axis, channels, block);
        axis->packed_reach = reach > axis->packed_reach ? reach : axis->packed_reach;
    }
    if (axis->packed_reach > 2 * WIDTH)
        return lade__kernels_avx2()->pack(axis, channels, err);
    for (int i = 0; i < steps; i++, to += weights)
        fill_weights((int8_t *)to, axis, i);
    return LADE_OK;
}

/* Returns a permutation that copies the weights of each pixel to all samples (channels) of the pixel. */
INLINE __m256i pixel_of_sample(int channels, int block) {
    int32_t pixel[SAMPLES];
    for (int k = 0; k < SAMPLES; k++)
        pixel[k] = (block * SAMPLES % channels + k) / channels;
    return _mm256_loadu_si256((const __m256i *)(const void *)pixel);
}

INLINE __m256i load(const void *at) {
    return _mm256_loadu_si256((const __m256i *)at);
}

/* Loads and permutes the source bytes of a step. @wide is true if a step may need more than 32 bytes. @end is true for
   the last blocks of a row. The loads of these blocks must stop at the end of the row, which is @left bytes after
   @row. */
INLINE __m256i fetch(const uint8_t *row, int left, __m256i from, __mmask32 beyond, bool wide, bool end) {
    __m256i bytes = _mm256_permutexvar_epi8(from, end ? _mm256_maskz_loadu_epi8(first(left), row) : load(row));
    if (wide) {
        __m256i more = end ? _mm256_maskz_loadu_epi8(first(left - WIDTH), row + WIDTH) : load(row + WIDTH);
        bytes = _mm256_mask_permutexvar_epi8(bytes, beyond, from, more);
    }
    return bytes;
}

INLINE void store_rows(const struct sums *sums, uint8_t *const *out, int at, int left, bool end) {
    __m256i rows = _mm256_permutevar8x32_epi32(to_bytes(sums), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    __m128i two = _mm256_castsi256_si128(rows), others = _mm256_extracti128_si256(rows, 1);
    __m128i row[LADE__ROWS_AT_ONCE] = {two, _mm_unpackhi_epi64(two, two), others, _mm_unpackhi_epi64(others, others)};
    UNROLLED
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        if (end)
            _mm_mask_storeu_epi8(out[r] + at, (__mmask16)first(left < SAMPLES ? left : SAMPLES), row[r]);
        else
            _mm_storel_epi64((__m128i *)(void *)(out[r] + at), row[r]);
    }
}

INLINE void blocks_n(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                     int block, int stop, bool wide, bool end) {
    const uint8_t *permutations = axis->packed.data;
    const __m256i pixels[3] = {pixel_of_sample(channels, 0), pixel_of_sample(channels, 1),
                               pixel_of_sample(channels, 2)};
    int blocks = blocks_of(axis, channels), steps = steps_of(axis), part = TAPS * axis->out;
    for (; block < stop; block++) {
        struct sums sums[LADE__ROWS_AT_ONCE] = {initial(), initial(), initial(), initial()};
        const uint8_t *w = permutations + blocks * WIDTH + block * SAMPLES / channels * TAPS;
        __m256i from = load(permutations + block * WIDTH), pixel = pixels[block % 3];
        __mmask32 beyond = _mm256_movepi8_mask(_mm256_slli_epi16(from, 2)); /* bytes with an index >= 32 */
        int base = base_of(axis, channels, block);
        for (int i = 0; i < steps; i++, base += TAPS * channels, w += 3 * part) {
            __m256i low = _mm256_permutevar8x32_epi32(load(w), pixel);
            __m256i middle = _mm256_permutevar8x32_epi32(load(w + part), pixel);
            __m256i high = _mm256_permutevar8x32_epi32(load(w + 2 * part), pixel);
            int left = axis->in * channels - base, at = end && left < 0 ? 0 : base;
            UNROLLED
            for (int r = 0; r < LADE__ROWS_AT_ONCE; r++)
                add(&sums[r], fetch(in[r] + at, left, from, beyond, wide, end), low, middle, high);
        }
        store_rows(sums, out, block * SAMPLES, axis->out * channels - block * SAMPLES, end);
    }
}

/* Returns the number of blocks that access no byte beyond the end of a row. */
static int inner_blocks(const struct lade__axis *axis, int channels) {
    int block = axis->out * channels / SAMPLES, tail = TAPS * channels * (steps_of(axis) - 1) + 2 * WIDTH;
    while (block > 0 && base_of(axis, channels, block - 1) + tail > axis->in * channels)
        block--;
    return block;
}

INLINE void horizontal_n(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out) {
    int blocks = blocks_of(axis, channels), inner = inner_blocks(axis, channels);
    if (axis->packed_reach > WIDTH)
        blocks_n(axis, channels, in, out, 0, inner, true, false);
    else
        blocks_n(axis, channels, in, out, 0, inner, false, false);
    blocks_n(axis, channels, in, out, inner, blocks, true, true);
}

static VNNI void horizontal(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                            int count) {
    if (axis->pick || axis->identity) {
        lade__kernels_scalar.horizontal(axis, channels, in, out, count);
        return;
    }
    if (axis->packed_reach > 2 * WIDTH) {
        lade__kernels_avx2()->horizontal(axis, channels, in, out, count);
        return;
    }
    const uint8_t *from[LADE__ROWS_AT_ONCE];
    uint8_t *to[LADE__ROWS_AT_ONCE];
    lade__fill_rows(in, out, count, from, to);
    if (channels == 1)
        horizontal_n(axis, 1, from, to);
    else if (channels == 3)
        horizontal_n(axis, 3, from, to);
    else
        horizontal_n(axis, 4, from, to);
}

/* ---- Vertical ---------------------------------------------------------------------------------------------------- */

enum { MOST_ROWS = 64 };

/* Four weights, split into their three parts. Each integer holds one part of all four weights, one byte for each. */
struct four {
    int32_t low, middle, high;
};

static void split_four(const int32_t *weight, int count, struct four *to) {
    int8_t low[4], middle[4], high[4];
    for (int k = 0; k < 4; k++) {
        struct split w = split(k < count ? weight[k] : 0);
        low[k] = w.low;
        middle[k] = w.middle;
        high[k] = w.high;
    }
    memcpy(&to->low, low, 4);
    memcpy(&to->middle, middle, 4);
    memcpy(&to->high, high, 4);
}

/* Interleaves 32 samples of four rows, so that the four samples of a column are neighbours. The interleaving changes
   the order of the columns, and to_bytes() restores this order. */
INLINE void interleave(const uint8_t *const *rows, size_t at, __mmask32 mask, __m256i out[4]) {
    __m256i row[4];
    UNROLLED
    for (int i = 0; i < 4; i++)
        row[i] = _mm256_maskz_loadu_epi8(mask, rows[i] + at);
    __m256i low01 = _mm256_unpacklo_epi8(row[0], row[1]), low23 = _mm256_unpacklo_epi8(row[2], row[3]);
    __m256i high01 = _mm256_unpackhi_epi8(row[0], row[1]), high23 = _mm256_unpackhi_epi8(row[2], row[3]);
    out[0] = _mm256_unpacklo_epi16(low01, low23);
    out[1] = _mm256_unpackhi_epi16(low01, low23);
    out[2] = _mm256_unpacklo_epi16(high01, high23);
    out[3] = _mm256_unpackhi_epi16(high01, high23);
}

static VNNI void vertical(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out) {
    if (count > MOST_ROWS) {
        lade__kernels_avx2()->vertical(rows, weight, count, n, out);
        return;
    }
    const uint8_t *padded[MOST_ROWS];
    struct four fours[MOST_ROWS / 4];
    int groups = (count + 3) / 4;
    for (int k = 0; k < 4 * groups; k++)
        padded[k] = rows[k < count ? k : 0]; /* the weight of an added row is 0 */
    for (int i = 0; i < groups; i++)
        split_four(weight + 4 * i, count - 4 * i, &fours[i]);
    for (size_t at = 0; at < n; at += WIDTH) {
        __mmask32 mask = first((int64_t)(n - at));
        struct sums sums[4] = {initial(), initial(), initial(), initial()};
        for (int i = 0; i < groups; i++) {
            __m256i samples[4], low = _mm256_set1_epi32(fours[i].low);
            __m256i middle = _mm256_set1_epi32(fours[i].middle), high = _mm256_set1_epi32(fours[i].high);
            interleave(padded + 4 * i, at, mask, samples);
            UNROLLED
            for (int k = 0; k < 4; k++)
                add(&sums[k], samples[k], low, middle, high);
        }
        _mm256_mask_storeu_epi8(out + at, mask, to_bytes(sums));
    }
}

static const struct lade__kernels kernels = {"vnni",          pack, horizontal, vertical, lade__to_floats_avx2,
                                             lade__fence_avx2};

const struct lade__kernels *lade__kernels_vnni(void) {
    bool there = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                 __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
                 __builtin_cpu_supports("avx512vnni") && lade__kernels_avx2();
    return there ? &kernels : NULL;
}

#else

const struct lade__kernels *lade__kernels_vnni(void) {
    return NULL;
}

#endif
