/*
 * image/kernel/rows.h - declares loops over the samples of a row. Compilers turn these loops into vector code for every
 * CPU. The results are the same on every CPU, because the order of additions does not change.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_ROWS_H
#define LADE_SRC_IMAGE_KERNEL_ROWS_H

#include <stddef.h>
#include <stdint.h>

/*
 * lade__row_pick() - copies pixel from[i] of @in to pixel i of @out, for @n pixels. @in has @width pixels.
 *
 * lade__row_tone()      - sets @v to (@v + @add) * @factor * @scale. Clamps the sum, and the product of the sum and
 *                         @factor, to 0..255.
 * lade__row_normalize() - sets @v to (@v - @mean) * @factor.
 *
 * lade__row_to_floats() - sets @out to @in * @scale.
 * lade__row_to_bytes()  - rounds @in to integers in @out. All values of @in must be within 0..255.
 *
 * lade__row_split(), lade__row_split_floats() - split @n pixels into their channels. The @n samples of channel c are
 * stored at @out + c * @distance.
 */
void lade__row_pick(const int *from, int n, int channels, const uint8_t *in, int width, uint8_t *out);
void lade__row_tone(float *v, const float *add, const float *factor, size_t n, float scale);
void lade__row_normalize(float *v, size_t n, float mean, float factor);
void lade__row_to_floats(const uint8_t *in, size_t n, float scale, float *out);
void lade__row_to_bytes(const float *in, size_t n, uint8_t *out);
void lade__row_split(const uint8_t *in, size_t n, int channels, uint8_t *out, size_t distance);
void lade__row_split_floats(const float *in, size_t n, int channels, float *out, size_t distance);

/*
 * lade__from_16() - converts a value of 16 bits to the range 0..255. White, 65535, becomes exactly 255, and 257 * n
 * becomes n. All conversions use this function, so that equal values stay equal.
 */
static inline float lade__from_16(double value) {
    return (float)(value / 257);
}

/*
 * The following functions are for samples of 16 bits. If the type of @in or @out is a pointer to uint8_t, the pointer
 * must point to samples of type uint16_t.
 *
 * lade__row_from_16() - sets @out to lade__from_16(@in) * @scale.
 * lade__row_to_16()   - multiplies @n values from 0 to 255 by 257 and rounds them. Takes the values from @floats, or
 *                       from @bytes if @floats is NULL. Splits pixels into their channels, as lade__row_split() does.
 * lade__row_pick_16() - does the same as lade__row_pick().
 */
void lade__row_from_16(const uint8_t *in, size_t n, float scale, float *out);
void lade__row_to_16(const float *floats, const uint8_t *bytes, size_t n, int channels, uint16_t *out, size_t distance);
void lade__row_pick_16(const int *from, int n, int channels, const uint8_t *in, uint8_t *out);

#endif
