/*
 * image/kernel/rows.h - loops over the samples of a row. Plain C in blocks of constant size, which compilers turn into
 * vector code for any CPU; no sum changes its order by it, so the bytes stay the same.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_ROWS_H
#define LADE_SRC_IMAGE_KERNEL_ROWS_H

#include <stddef.h>
#include <stdint.h>

/*
 * lade__row_pick() - out pixel i = in pixel from[i], for @n pixels; @in has @width pixels, all from[i] are within.
 *
 * lade__row_tone()      - @v = (@v + @add) * @factor * @scale, each of the first two results cut to 0..255.
 * lade__row_normalize() - @v = (@v - @mean) * @factor.
 *
 * lade__row_to_floats() - @out = @in * @scale.
 * lade__row_to_bytes()  - @out = @in rounded; all of @in is within 0..255.
 *
 * lade__row_split(), lade__row_split_floats() - pixels apart into rows of @n samples of one channel, which are @apart
 * samples from each other in @out.
 */
void lade__row_pick(const int *from, int n, int channels, const uint8_t *in, int width, uint8_t *out);
void lade__row_tone(float *v, const float *add, const float *factor, size_t n, float scale);
void lade__row_normalize(float *v, size_t n, float mean, float factor);
void lade__row_to_floats(const uint8_t *in, size_t n, float scale, float *out);
void lade__row_to_bytes(const float *in, size_t n, uint8_t *out);
void lade__row_split(const uint8_t *in, size_t n, int channels, uint8_t *out, size_t apart);
void lade__row_split_floats(const float *in, size_t n, int channels, float *out, size_t apart);

#endif
