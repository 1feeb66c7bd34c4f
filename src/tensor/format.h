/*
 * tensor/format.h - formats the numbers of an array as NumPy does. All numbers are padded to the same width. Each
 *                   number has the fewest digits that convert back to the same number, but at most 8 digits after the
 *                   point. If some numbers are very large, very small or very different, all numbers have an exponent.
 */
#ifndef LADE_SRC_TENSOR_FORMAT_H
#define LADE_SRC_TENSOR_FORMAT_H

#include <lade/tensor.h>

/* Size of the buffer for one number, in bytes. Large floating-point numbers have an exponent (scientific format), so no
   number has more than 20 digits before the point. */
enum { LADE__NUMBER_MAX = 64 };

/*
 * The common format of the numbers of an array. Initialise the struct with {.dtype = ...}. Then use it in this order:
 *
 * 1. Call lade__format_measure() for each number that will be printed. These calls find the range of the numbers.
 * 2. Call lade__format_settle() once. The range decides whether the format is scientific.
 * 3. Call lade__format_measure() a second time for each number. These calls find the width of the numbers.
 * 4. Call lade__format_number() for each number.
 */
struct lade__format {
    enum lade_dtype dtype;
    int settled;
    int scientific;
    double least, most; /* range of the absolute values of the numbers, without 0, infinity and NaN */
    int left, right;    /* largest number of characters before and after the point */
    int exponent_digits;
    int finite; /* true if there is a finite number; then the points are aligned */
    int plain;  /* width of the widest number without a point: an integer, nan or inf */
};

void lade__format_measure(struct lade__format *f, const void *element);
void lade__format_settle(struct lade__format *f);

/*
 * lade__format_number() - writes one number in the common format, padded to the common width.
 * lade__format_scalar() - writes a single number without padding and with all its digits, as Python's str() does.
 *
 * Both functions write at most LADE__NUMBER_MAX bytes to @text, including the terminating zero.
 */
void lade__format_number(const struct lade__format *f, const void *element, char *text);
void lade__format_scalar(enum lade_dtype dtype, const void *element, char *text);

#endif
