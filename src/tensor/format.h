/*
 * tensor/format.h - how NumPy writes the numbers of an array: all in one width, in the shortest form that reads back as
 * the same number, scientific where the range asks for it.
 */
#ifndef LADE_SRC_TENSOR_FORMAT_H
#define LADE_SRC_TENSOR_FORMAT_H

#include <lade/tensor.h>

/* Room for any one number: 309 digits before the point never happen, from 1e8 on the form is scientific. */
enum { LADE__NUMBER_MAX = 64 };

/*
 * The common form. Starts as {.dtype = ...}; lade__format_measure() is told of every number that will be shown,
 * lade__format_settle() once, lade__format_measure() of every number again, and then lade__format_number() writes them.
 * (Two rounds, because only the whole range says whether the form is scientific.)
 */
struct lade__format {
    enum lade_dtype dtype;
    int settled;
    int scientific;
    double least, most; /* of the finite absolute values other than 0 */
    int left, right;    /* characters before and after the point */
    int exponent_digits;
    int finite; /* there are finite numbers, that is, a point to align with */
    int plain;  /* widest number without a point: integers, nan, inf */
};

void lade__format_measure(struct lade__format *f, const void *element);
void lade__format_settle(struct lade__format *f);

/*
 * lade__format_number() - one number in the common form, padded to the common width.
 * lade__format_scalar() - one number alone, all its digits, as Python's str() writes it.
 *
 * Both write at most LADE__NUMBER_MAX bytes with the final 0 to @text.
 */
void lade__format_number(const struct lade__format *f, const void *element, char *text);
void lade__format_scalar(enum lade_dtype dtype, const void *element, char *text);

#endif
