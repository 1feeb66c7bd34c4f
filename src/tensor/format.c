/*
 * Formats numbers as NumPy does, with the defaults of numpy.set_printoptions: precision 8, floatmode maxprec. The
 * shortest decimal that converts back to the same number is found by trying 1 digit, 2 digits, and so on. This method
 * is simple, and fast enough for printing. The decimal separator is always a point, in every locale.
 */
#include "tensor/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PRECISION = 8 };

/* A decimal number with the value 0.d1d2d3... * 10^point, where d1d2d3... are the `count` digits. Zero has the digit
   "0" and point 1. */
struct decimal {
    int negative;
    int count;
    int point;
    char digits[24];
};

static int is_floating(enum lade_dtype dtype) {
    return dtype == LADE_FLOAT32 || dtype == LADE_FLOAT64;
}

static double load_floating(enum lade_dtype dtype, const void *element) {
    if (dtype == LADE_FLOAT64) {
        double v;
        memcpy(&v, element, sizeof v);
        return v;
    }
    float v;
    memcpy(&v, element, sizeof v);
    return v;
}

static void write_integer(enum lade_dtype dtype, const void *element, char *text) {
    switch (dtype) {
#define CASE(name, type, format)                     \
    case name: {                                     \
        type v;                                      \
        memcpy(&v, element, sizeof v);               \
        snprintf(text, LADE__NUMBER_MAX, format, v); \
        break;                                       \
    }
        CASE(LADE_UINT8, uint8_t, "%d")
        CASE(LADE_INT8, int8_t, "%d")
        CASE(LADE_INT16, int16_t, "%d")
        CASE(LADE_UINT16, uint16_t, "%d")
        CASE(LADE_INT32, int32_t, "%" PRId32)
        CASE(LADE_UINT32, uint32_t, "%" PRIu32)
        CASE(LADE_INT64, int64_t, "%" PRId64)
        CASE(LADE_UINT64, uint64_t, "%" PRIu64)
#undef CASE
    default:
        text[0] = 0;
    }
}

/* ---- Decimals ---------------------------------------------------------------------------------------------------- */

/* Stores the digits of a text in the format %e or %f in `d`. The decimal separator of the text may be any character. */
static void take_digits(struct decimal *d, const char *text) {
    d->count = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (d->count || *text != '0') && d->count < (int)sizeof d->digits)
            d->digits[d->count++] = *text;
    while (d->count > 1 && d->digits[d->count - 1] == '0')
        d->count--;
    if (d->count == 0)
        d->digits[d->count++] = '0';
}

/* Returns the fewest digits that convert back to exactly v. v must be finite. */
static struct decimal shortest(enum lade_dtype dtype, double v) {
    struct decimal d = {.negative = signbit(v) != 0, .count = 1, .point = 1, .digits = "0"};
    if (v == 0)
        return d;
    char text[40];
    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, fabs(v));
        if (dtype == LADE_FLOAT32 ? strtof(text, NULL) == (float)fabs(v) : strtod(text, NULL) == fabs(v))
            break;
    }
    take_digits(&d, text);
    d.point = atoi(strchr(text, 'e') + 1) + 1;
    return d;
}

/* Rounds the number to at most `places` digits after the point. The exact value v is rounded, because rounding the
   shortest digits can give another result. */
static void limit_places(struct decimal *d, double v, int places) {
    if (d->count - d->point <= places)
        return;
    char text[40];
    snprintf(text, sizeof text, "%.*f", places, fabs(v));
    int whole = (int)strspn(text, "0123456789"); /* digits before the point */
    int zeros = 0;                               /* leading zeros before and after the point */
    for (const char *p = text; *p; p++) {
        if (*p >= '1' && *p <= '9')
            break;
        zeros += *p == '0';
    }
    take_digits(d, text);
    d->point = d->digits[0] == '0' ? 1 : whole - zeros;
}

/* Replaces the digits by the exact value v, rounded to one digit before the point and `places` digits after it. */
static void fix_scientific(struct decimal *d, double v, int places) {
    char text[40];
    snprintf(text, sizeof text, "%.*e", places, fabs(v));
    take_digits(d, text);
    d->point = atoi(strchr(text, 'e') + 1) + 1;
}

/* Writes the number without an exponent, for example "-12.5", "0.001" or "3.". */
static void write_positional(const struct decimal *d, char *text) {
    char *p = text;
    if (d->negative)
        *p++ = '-';
    if (d->point <= 0)
        *p++ = '0';
    for (int i = 0; i < d->point; i++)
        *p++ = i < d->count ? d->digits[i] : '0';
    *p++ = '.';
    for (int i = d->point; i < d->count; i++)
        *p++ = i < 0 ? '0' : d->digits[i];
    *p = 0;
}

/* Writes the number as "-1.25e+00", with `places` digits after the point and at least `exponent_digits` digits in the
   exponent. */
static void write_scientific(const struct decimal *d, int places, int exponent_digits, char *text) {
    char *p = text;
    if (d->negative)
        *p++ = '-';
    *p++ = d->digits[0];
    *p++ = '.';
    for (int i = 1; i <= places; i++)
        *p++ = i < d->count ? d->digits[i] : '0';
    int exponent = d->point - 1;
    snprintf(p, (size_t)(text + LADE__NUMBER_MAX - p), "e%c%0*d", exponent < 0 ? '-' : '+', exponent_digits,
             abs(exponent));
}

/* ---- The common form --------------------------------------------------------------------------------------------- */

static void write_nonfinite(double v, char *text) {
    strcpy(text, isnan(v) ? "nan" : v < 0 ? "-inf" : "inf");
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

/* Returns the digits of `v` that are printed: the shortest digits, limited to the precision. */
static struct decimal wanted(const struct lade__format *f, double v) {
    struct decimal d = shortest(f->dtype, v);
    if (!f->scientific)
        limit_places(&d, v, PRECISION);
    else if (d.count - 1 > PRECISION)
        fix_scientific(&d, v, PRECISION);
    return d;
}

static int before_point(const struct lade__format *f, const struct decimal *d) {
    return d->negative + (f->scientific ? 1 : larger(d->point, 1));
}

static int after_point(const struct lade__format *f, const struct decimal *d) {
    return f->scientific ? d->count - 1 : larger(d->count - d->point, 0);
}

static void measure_range(struct lade__format *f, double v) {
    v = fabs(v);
    if (!isfinite(v) || v == 0)
        return;
    f->most = fmax(f->most, v);
    f->least = f->least > 0 ? fmin(f->least, v) : v;
}

static void measure_width(struct lade__format *f, double v) {
    char text[LADE__NUMBER_MAX];
    if (!isfinite(v)) {
        write_nonfinite(v, text);
        f->plain = larger(f->plain, (int)strlen(text));
        return;
    }
    struct decimal d = wanted(f, v);
    f->finite = 1;
    f->left = larger(f->left, before_point(f, &d));
    f->right = larger(f->right, after_point(f, &d));
    if (f->scientific && abs(d.point - 1) >= 100)
        f->exponent_digits = 3;
}

void lade__format_measure(struct lade__format *f, const void *element) {
    if (is_floating(f->dtype)) {
        double v = load_floating(f->dtype, element);
        if (f->settled)
            measure_width(f, v);
        else
            measure_range(f, v);
    } else {
        char text[LADE__NUMBER_MAX];
        write_integer(f->dtype, element, text);
        f->plain = larger(f->plain, (int)strlen(text));
    }
}

void lade__format_settle(struct lade__format *f) {
    double ratio = f->dtype == LADE_FLOAT32 ? (double)((float)f->most / (float)f->least) : f->most / f->least;
    f->scientific = f->most > 0 && (f->most >= 1e8 || f->least < 1e-4 || ratio > 1000);
    f->exponent_digits = f->scientific ? 2 : 0;
    f->settled = 1;
}

void lade__format_number(const struct lade__format *f, const void *element, char *text) {
    char bare[LADE__NUMBER_MAX];
    /* The width of the text after the point: the digits, and an exponent such as "e+00" in the scientific format. */
    int after = f->right + (f->scientific ? 2 + f->exponent_digits : 0);
    int width = f->finite ? larger(f->left + 1 + after, f->plain) : f->plain;
    if (!is_floating(f->dtype)) {
        write_integer(f->dtype, element, bare);
        snprintf(text, LADE__NUMBER_MAX, "%*s", width, bare);
        return;
    }
    double v = load_floating(f->dtype, element);
    if (!isfinite(v)) {
        write_nonfinite(v, bare);
        snprintf(text, LADE__NUMBER_MAX, "%*s", width, bare);
        return;
    }
    struct decimal d = wanted(f, v);
    if (f->scientific) {
        fix_scientific(&d, v, f->right);
        write_scientific(&d, f->right, f->exponent_digits, bare);
    } else {
        write_positional(&d, bare);
    }
    memset(text, ' ', (size_t)width);
    memcpy(text + width - 1 - after - before_point(f, &d), bare, strlen(bare));
    text[width] = 0;
}

void lade__format_scalar(enum lade_dtype dtype, const void *element, char *text) {
    if (!is_floating(dtype)) {
        write_integer(dtype, element, text);
        return;
    }
    double v = load_floating(dtype, element);
    if (!isfinite(v)) {
        write_nonfinite(v, text);
        return;
    }
    struct decimal d = shortest(dtype, v);
    if (v != 0 && (fabs(v) < 1e-4 || fabs(v) >= 1e16)) {
        write_scientific(&d, d.count - 1, 2, text);
        char *point = strchr(text, '.');
        if (d.count == 1) /* removes the point, because no digit follows it, as in "1e-05" */
            memmove(point, point + 1, strlen(point));
        return;
    }
    write_positional(&d, text);
    if (text[strlen(text) - 1] == '.')
        strcat(text, "0");
}
