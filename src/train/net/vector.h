/*
 * train/net/vector.h - defines vectors of four floats with the vector extensions of GCC and Clang, because gcc 12
 * vectorises few loops at -O2. Every x86-64 and AArch64 CPU has vectors of four floats. All machines compute the same
 * bits, because a multiplication and an addition are never fused (-ffp-contract=off) and square roots are rounded
 * correctly.
 */
#ifndef LADE_SRC_TRAIN_NET_VECTOR_H
#define LADE_SRC_TRAIN_NET_VECTOR_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined __SSE2__
#include <emmintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

#define LADE__VEC_FLOATS 4
typedef float lade__vec __attribute__((vector_size(LADE__VEC_FLOATS * sizeof(float)), may_alias));
/* A vector whose address need not be a multiple of 16. */
typedef float lade__vec_unaligned
    __attribute__((vector_size(LADE__VEC_FLOATS * sizeof(float)), aligned(sizeof(float)), may_alias));
typedef int32_t lade__vec_mask __attribute__((vector_size(LADE__VEC_FLOATS * sizeof(float))));

static inline lade__vec lade__vec_of(float v) {
    return (lade__vec){v, v, v, v};
}

static inline lade__vec lade__vec_sqrt(lade__vec v) {
#if defined __SSE2__
    return (lade__vec)_mm_sqrt_ps((__m128)v);
#elif defined __aarch64__
    return (lade__vec)vsqrtq_f32((float32x4_t)v);
#else
    for (int i = 0; i < LADE__VEC_FLOATS; i++)
        v[i] = sqrtf(v[i]);
    return v;
#endif
}

static inline bool lade__all_finite(const float *v, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(v[i]))
            return false;
    return true;
}

/* Does the same as lade__all_finite(), but faster, for numbers whose sum the caller has already computed in @sum. If
   the sum is finite, all numbers are finite. */
static inline bool lade__vec_finite(lade__vec sum, const float *v, size_t count) {
    float all = 0;
    for (int i = 0; i < LADE__VEC_FLOATS; i++)
        all += sum[i];
    return isfinite(all) || lade__all_finite(v, count); /* the sum of finite numbers may be infinite */
}

/* Returns @a where @mask is set, and @b elsewhere. */
static inline lade__vec lade__vec_choose(lade__vec_mask mask, lade__vec a, lade__vec b) {
    return (lade__vec)((mask & (lade__vec_mask)a) | (~mask & (lade__vec_mask)b));
}

/* Clamps @v to -limit .. limit. NaN remains NaN. */
static inline lade__vec lade__vec_clamp(lade__vec v, lade__vec limit) {
    v = lade__vec_choose((lade__vec_mask)(v > limit), limit, v);
    return lade__vec_choose((lade__vec_mask)(v < -limit), -limit, v);
}

#endif
