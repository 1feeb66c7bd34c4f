/*
 * tensor/format.h - formats the numbers of an array as NumPy does. All numbers are padded to the same width. Each
 *                   number has the fewest digits that read back as the same number. The format is scientific if the
 *                   range of the numbers requires it.
 */
#ifndef LADE_SRC_TENSOR_FORMAT_H
#define LADE_SRC_TENSOR_FORMAT_H

#include <lade/tensor.h>

/* Size of the buffer for one number. Numbers from 1e8 on have the scientific format, so there are never more than 8
   digits before the point. */
enum { LADE__NUMBER_MAX = 64 };

/*
 * The common format of the numbers of an array. Initialise it with {.dtype = ...}. Call lade__format_measure() for
 * every number that will be printed, then lade__format_settle() once, then lade__format_measure() for every number
 * again, and then lade__format_number() for each number. (The numbers are measured twice: the first round finds their
 * range, which decides whether the format is scientific, and the second round finds the width.)
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
 * Both write at most LADE__NUMBER_MAX bytes to @text, including the terminating zero.
 */
void lade__format_number(const struct lade__format *f, const void *element, char *text);
void lade__format_scalar(enum lade_dtype dtype, const void *element, char *text);

#endif
