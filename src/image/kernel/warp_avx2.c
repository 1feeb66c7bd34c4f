/*
 * Warps an image on x86-64 with AVX2, eight pixels at a time. Positions and weights are integers, and the floats are
 * computed in the same way as in the scalar kernel, so the bytes are the same.
 *
 * On each axis, the kernel always reads a sample and the next sample. At the end of an axis, the kernel reads the last
 * two samples, and the first of these two samples has weight 0. In two cases, the scalar kernel computes a group of
 * eight pixels: if a pixel needs two samples that are not neighbours (the last and the first sample with "wrap"), and
 * if a load of 16 bytes would go beyond the end of the image.
 */
#include "image/kernel/warp.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define AVX2   __attribute__((target("avx2")))
#define INLINE static inline AVX2 __attribute__((always_inline))

enum { GROUP = 8, MOST_READ = 16 };

/* For each of eight pixels, on one axis: the index of the first sample, the weight of the second sample, and a mask
   that is not 0 if this kernel cannot compute the pixel. */
struct eight {
    __m256i first, weight, unfit;
};

/* The next eight positions in two vectors of four: a has positions 0, 1, 4 and 5, and b has positions 2, 3, 6 and 7.
   HALVES() returns the positions in order. */
struct eight_positions {
    __m256i a, b, step;
};

INLINE struct eight_positions positions_from(int64_t start, int64_t step) {
    struct eight_positions p;
    p.a = _mm256_setr_epi64x(start, start + step, start + 4 * step, start + 5 * step);
    p.b = _mm256_setr_epi64x(start + 2 * step, start + 3 * step, start + 6 * step, start + 7 * step);
    p.step = _mm256_set1_epi64x(8 * step);
    return p;
}

/* Returns the upper (@which is 0xdd) or the lower (@which is 0x88) 32 bits of each position. */
#define HALVES(p, which) \
    _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps((p)->a), _mm256_castsi256_ps((p)->b), (which)))

/* Returns @i modulo @n, for |i| < 2^22. The quotient is computed in floats and may be wrong by one; the last lines
   correct this error. */
INLINE __m256i modulo(__m256i i, int n) {
    __m256 quotient = _mm256_floor_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(i), _mm256_set1_ps(1.f / (float)n)));
    __m256i period = _mm256_set1_epi32(n);
    __m256i r = _mm256_sub_epi32(i, _mm256_mullo_epi32(_mm256_cvttps_epi32(quotient), period));
    r = _mm256_add_epi32(r, _mm256_and_si256(_mm256_srai_epi32(r, 31), period));
    __m256i over = _mm256_cmpgt_epi32(r, _mm256_set1_epi32(n - 1));
    return _mm256_sub_epi32(r, _mm256_and_si256(over, period));
}

/* Returns the indices and weights of pixels inside the image, which need no fill mode. */
INLINE struct eight taps_inside(const struct eight_positions *p) {
    __m256i fraction = _mm256_srli_epi32(HALVES(p, 0x88), LADE__FIXED_BITS - LADE__FRACTION_BITS);
    return (struct eight){HALVES(p, 0xdd), fraction, _mm256_setzero_si256()};
}

INLINE struct eight taps_of(const struct eight_positions *p, int n, enum lade_fill_mode mode) {
    const __m256i one = _mm256_set1_epi32(LADE__FRACTION_ONE), zero = _mm256_setzero_si256();
    struct eight taps = taps_inside(p);
    __m256i i = taps.first, f = taps.weight;
    if (mode == LADE_FILL_WRAP) {
        i = modulo(i, n);
        return (struct eight){i, f, _mm256_cmpeq_epi32(i, _mm256_set1_epi32(n - 1))};
    }
    if (mode == LADE_FILL_REFLECT) {
        i = modulo(i, 2 * n);
        __m256i back = _mm256_cmpgt_epi32(i, _mm256_set1_epi32(n - 1));
        i = _mm256_blendv_epi8(i, _mm256_sub_epi32(_mm256_set1_epi32(2 * n - 2), i), back);
        f = _mm256_blendv_epi8(f, _mm256_sub_epi32(one, f), back);
    }
    __m256i last = _mm256_set1_epi32(n - 2);
    f = _mm256_andnot_si256(_mm256_srai_epi32(i, 31), f); /* positions before the first sample use only this sample */
    f = _mm256_blendv_epi8(f, one, _mm256_cmpgt_epi32(i, last));
    i = _mm256_min_epi32(_mm256_max_epi32(i, zero), last);
    return (struct eight){i, f, zero};
}

/* The weights of the upper two and of the lower two pixels. Each weight has 16 bits. The weight of the left pixel is in
   the lower half of a 32-bit element, the weight of the right pixel in the upper half. */
struct weights {
    __m256i upper, lower;
};

INLINE struct weights weights_of(__m256i across, __m256i down) {
    const __m256i one = _mm256_set1_epi32(LADE__FRACTION_ONE), half = _mm256_set1_epi32(LADE__FRACTION_ONE / 2);
    __m256i product = _mm256_madd_epi16(across, down); /* the upper halves are 0 */
    __m256i lower_right = _mm256_srli_epi32(_mm256_add_epi32(product, half), LADE__FRACTION_BITS);
    __m256i lower_left = _mm256_sub_epi32(down, lower_right), upper_right = _mm256_sub_epi32(across, lower_right);
    __m256i upper_left = _mm256_sub_epi32(_mm256_sub_epi32(one, across), lower_left);
    return (struct weights){_mm256_or_si256(upper_left, _mm256_slli_epi32(upper_right, 16)),
                            _mm256_or_si256(lower_left, _mm256_slli_epi32(lower_right, 16))};
}

/* Returns a shuffle mask that prepares two neighbouring pixels for pmaddwd: for each channel, it makes a pair of 16-bit
   integers. */
INLINE __m256i pair_mask(int channels) {
    return channels == 3
               ? _mm256_broadcastsi128_si256(_mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1))
               : _mm256_broadcastsi128_si256(_mm_setr_epi8(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1));
}

INLINE __m256i load_two(const uint8_t *left, const uint8_t *right) {
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)left);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), _mm_loadu_si128((const __m128i *)(const void *)right),
                                   1);
}

/* Computes the pixels k and k + 4, one in each half of a register. */
#define COLOURS(k)                                                                                       \
    do {                                                                                                 \
        __m256i above = _mm256_shuffle_epi8(load_two(upper + offset[k], upper + offset[(k) + 4]), mask); \
        __m256i below = _mm256_shuffle_epi8(load_two(lower + offset[k], lower + offset[(k) + 4]), mask); \
        above = _mm256_madd_epi16(above, _mm256_shuffle_epi32(weights.upper, 0x55 * (k)));               \
        below = _mm256_madd_epi16(below, _mm256_shuffle_epi32(weights.lower, 0x55 * (k)));               \
        result[k] = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_add_epi32(above, below)), unit);             \
    } while (0)

/* Store the pixels k and k + 4. Each store writes four floats. If a pixel has three floats, the next pixel overwrites
   the fourth float. */
#define STORE_LOW(k)  _mm_storeu_ps(out + (k)*channels, _mm256_castps256_ps128(result[k]))
#define STORE_HIGH(k) _mm_storeu_ps(out + ((k) + 4) * channels, _mm256_extractf128_ps(result[k], 1))

INLINE void store_colours(const __m256 result[4], int channels, float *out) {
    STORE_LOW(0);
    STORE_LOW(1);
    STORE_LOW(2);
    STORE_LOW(3);
    STORE_HIGH(0);
    STORE_HIGH(1);
    STORE_HIGH(2);
    if (channels == 4) {
        STORE_HIGH(3);
        return;
    }
    __m128 last = _mm256_extractf128_ps(result[3], 1); /* the last pixel must not write a fourth float */
    _mm_storel_pi((__m64 *)(void *)(out + 21), last);
    _mm_store_ss(out + 23, _mm_movehl_ps(last, last));
}

INLINE void eight_colours(const struct lade_image *in, __m256i offsets, struct weights weights, __m256 unit,
                          int channels, float *out) {
    const uint8_t *upper = in->pixels, *lower = upper + in->stride;
    __m256i mask = pair_mask(channels);
    uint32_t offset[GROUP];
    __m256 result[4];
    _mm256_storeu_si256((__m256i *)(void *)offset, offsets);
    /* keeps `offset` in memory, because loading an element is cheaper than extracting it from a register */
    __asm__("" : "+m"(offset));
    COLOURS(0);
    COLOURS(1);
    COLOURS(2);
    COLOURS(3);
    store_colours(result, channels, out);
}

/* Loads two neighbouring samples for each of eight pixels as 16-bit integers. */
INLINE __m256i gather_greys(const uint8_t *from, __m256i offsets) {
    const __m256i mask =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1));
    return _mm256_shuffle_epi8(_mm256_i32gather_epi32((const int *)(const void *)from, offsets, 1), mask);
}

INLINE void eight_greys(const struct lade_image *in, __m256i offsets, struct weights weights, __m256 unit, float *out) {
    __m256i above = _mm256_madd_epi16(gather_greys(in->pixels, offsets), weights.upper);
    __m256i below = _mm256_madd_epi16(gather_greys(in->pixels + in->stride, offsets), weights.lower);
    _mm256_storeu_ps(out, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_add_epi32(above, below)), unit));
}

INLINE __m256i offsets_of(__m256i row, __m256i column, __m256i stride, int channels) {
    if (channels == 3)
        column = _mm256_add_epi32(column, _mm256_slli_epi32(column, 1));
    else if (channels == 4)
        column = _mm256_slli_epi32(column, 2);
    return _mm256_add_epi32(_mm256_mullo_epi32(row, stride), column);
}

/* Returns true if @first and @last are at least 0 and below @limit. All positions between @first and @last are then
   also in this range. */
static inline bool both_below(int64_t first, int64_t last, int64_t limit) {
    return (uint64_t)first < (uint64_t)limit && (uint64_t)last < (uint64_t)limit;
}

INLINE void step(struct eight_positions *p) {
    p->a = _mm256_add_epi64(p->a, p->step);
    p->b = _mm256_add_epi64(p->b, p->step);
}

INLINE void row_of(const struct lade__warp *w, int y, int begin, int end, float scale, float *out, int channels,
                   enum lade_fill_mode mode) {
    const struct lade_image *in = w->in;
    const struct lade__affine *m = &w->map;
    const __m256 unit = _mm256_set1_ps(scale * (1.f / LADE__FRACTION_ONE));
    const __m256i stride = _mm256_set1_epi32((int)in->stride);
    /* `readable` is the largest offset in the image for which 16 bytes can be read at the offset and also one row
       below. Only the last two rows have pixels at larger offsets. */
    int64_t size = (int64_t)in->stride * (in->height - 1) + (int64_t)in->width * channels;
    const __m256i readable = _mm256_set1_epi32((int)(size - (int64_t)in->stride - MOST_READ));
    int64_t limit_x = (int64_t)(in->width - 1) << LADE__FIXED_BITS;
    int64_t limit_y = in->stride < MOST_READ ? 0 : (int64_t)(in->height - 2) << LADE__FIXED_BITS;
    int64_t from_x = m->x0 + y * m->xy + begin * m->xx + LADE__HALF_STEP;
    int64_t from_y = m->y0 + y * m->yy + begin * m->yx + LADE__HALF_STEP;
    struct eight_positions px = positions_from(from_x, m->xx), py = positions_from(from_y, m->yx);

    for (int x = begin; x < end; x += GROUP, out += GROUP * channels) {
        bool inside =
            both_below(from_x, from_x + 7 * m->xx, limit_x) && both_below(from_y, from_y + 7 * m->yx, limit_y);
        struct eight across = inside ? taps_inside(&px) : taps_of(&px, in->width, mode);
        struct eight down = inside ? taps_inside(&py) : taps_of(&py, in->height, mode);
        __m256i offsets = offsets_of(down.first, across.first, stride, channels);
        __m256i unfit =
            _mm256_or_si256(_mm256_cmpgt_epi32(offsets, readable), _mm256_or_si256(across.unfit, down.unfit));
        if (inside || _mm256_testz_si256(unfit, unfit)) {
            float few[GROUP * 4], *to = x + GROUP <= end ? out : few;
            struct weights weights = weights_of(across.weight, down.weight);
            if (channels == 1)
                eight_greys(in, offsets, weights, unit, to);
            else
                eight_colours(in, offsets, weights, unit, channels, to);
            if (to == few)
                memcpy(out, few, (size_t)((end - x) * channels) * sizeof *out);
        } else {
            lade__warp_scalar.row(w, y, x, x + GROUP < end ? x + GROUP : end, scale, out);
        }
        step(&px);
        step(&py);
        from_x += 8 * m->xx;
        from_y += 8 * m->yx;
    }
}

#define ROW(channels, mode) row_of(w, y, begin, end, scale, out, channels, mode)
#define ROW_OF_MODE(channels)                       \
    do {                                            \
        if (w->fill_mode == LADE_FILL_WRAP)         \
            ROW(channels, LADE_FILL_WRAP);          \
        else if (w->fill_mode == LADE_FILL_REFLECT) \
            ROW(channels, LADE_FILL_REFLECT);       \
        else                                        \
            ROW(channels, LADE_FILL_NEAREST);       \
    } while (0)

static AVX2 void row(const struct lade__warp *w, int y, int begin, int end, float scale, float *out) {
    if (w->in->channels == 1)
        ROW_OF_MODE(1);
    else if (w->in->channels == 3)
        ROW_OF_MODE(3);
    else
        ROW_OF_MODE(4);
}

static const struct lade__warp_kernel kernel = {"avx2", row};

const struct lade__warp_kernel *lade__warp_avx2(const struct lade__warp *w) {
    const struct lade_image *in = w->in;
    bool fit = w->linear && in->width >= 2 && in->height >= 2 && w->reach < 1 << 22 &&
               (int64_t)in->stride * in->height < INT32_MAX;
    return fit && __builtin_cpu_supports("avx2") ? &kernel : NULL;
}

#else

const struct lade__warp_kernel *lade__warp_avx2(const struct lade__warp *w) {
    (void)w;
    return NULL;
}

#endif
