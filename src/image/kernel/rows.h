/*
 * image/kernel/rows.h - loops over the samples of a row. Compilers turn them into vector code for any CPU. The result
 * is the same on every CPU, because no sum is reordered.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_ROWS_H
#define LADE_SRC_IMAGE_KERNEL_ROWS_H

#include <stddef.h>
#include <stdint.h>

/*
 * lade__row_pick() - copies pixel from[i] of @in to pixel i of @out, for @n pixels. @in has @width pixels.
 *
 * lade__row_tone()      - @v = (@v + @add) * @factor * @scale, clamped to 0..255 after the sum and the first product.
 * lade__row_normalize() - @v = (@v - @mean) * @factor.
 *
 * lade__row_to_floats() - @out = @in * @scale.
 * lade__row_to_bytes()  - @out = @in rounded. All of @in must be within 0..255.
 *
 * lade__row_split(), lade__row_split_floats() - split @n pixels into their channels. Channel c is stored as @n samples
 * from @out + c * @distance on.
 */
void lade__row_pick(const int *from, int n, int channels, const uint8_t *in, int width, uint8_t *out);
void lade__row_tone(float *v, const float *add, const float *factor, size_t n, float scale);
void lade__row_normalize(float *v, size_t n, float mean, float factor);
void lade__row_to_floats(const uint8_t *in, size_t n, float scale, float *out);
void lade__row_to_bytes(const float *in, size_t n, uint8_t *out);
void lade__row_split(const uint8_t *in, size_t n, int channels, uint8_t *out, size_t distance);
void lade__row_split_floats(const float *in, size_t n, int channels, float *out, size_t distance);

#endif
