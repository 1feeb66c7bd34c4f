/*
 * tensor/format.h - the formats of NumPy for the numbers of an array: all numbers have the same width, and the shortest
 * form that reads back as the same number. The form is scientific if the range of the numbers requires it.
 */
#ifndef LADE_SRC_TENSOR_FORMAT_H
#define LADE_SRC_TENSOR_FORMAT_H

#include <lade/tensor.h>

/* Size of the longest number. From 1e8 the form is scientific, so there are never many digits before the point. */
enum { LADE__NUMBER_MAX = 64 };

/*
 * The common form of the numbers of an array. Initialise it with {.dtype = ...}. Call lade__format_measure() for every
 * number that will be printed, then lade__format_settle() once, then lade__format_measure() for every number again, and
 * then lade__format_number() for each number. (There are two rounds because only the range of all numbers decides
 * whether the form is scientific.)
 */
struct lade__format {
    enum lade_dtype dtype;
    int settled;
    int scientific;
    double least, most; /* of the finite absolute values other than 0 */
    int left, right;    /* characters before and after the point */
    int exponent_digits;
    int finite; /* true if there is a finite number, so that points are aligned */
    int plain;  /* width of the widest number without a point: integers, nan, inf */
};

void lade__format_measure(struct lade__format *f, const void *element);
void lade__format_settle(struct lade__format *f);

/*
 * lade__format_number() - writes one number in the common form, padded to the common width.
 * lade__format_scalar() - writes a single number with all its digits, as Python's str() does.
 *
 * Both write at most LADE__NUMBER_MAX bytes to @text, including the terminating zero.
 */
void lade__format_number(const struct lade__format *f, const void *element, char *text);
void lade__format_scalar(enum lade_dtype dtype, const void *element, char *text);

#endif
