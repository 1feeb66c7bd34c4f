/*
 * train/file/json_number.h - numbers in JSON, which has neither NaN nor infinity: null there. Of files of any origin none is
 * believed before it is known to lie where it can.
 */
#ifndef LADE_SRC_TRAIN_FILE_JSON_NUMBER_H
#define LADE_SRC_TRAIN_FILE_JSON_NUMBER_H

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* More of anything than there is time to count, and far from where a sum would overflow. */
#define LADE__COUNT_MOST ((int64_t)1 << 53)

static inline json_t *lade__number_to_json(double v) {
    return isfinite(v) ? json_real(v) : json_null();
}

/* Each fills @out; false: @v is no number, or lies outside. */
static inline bool lade__number_from_json(const json_t *v, double least, double most, double *out) {
    *out = json_number_value(v);
    return json_is_number(v) && *out >= least && *out <= most;
}

/* @none: for null. */
static inline bool lade__number_or_null_from_json(const json_t *v, double none, double *out) {
    *out = json_is_number(v) ? json_number_value(v) : none;
    return json_is_number(v) || json_is_null(v);
}

static inline bool lade__count_from_json(const json_t *v, int64_t most, int64_t *out) {
    *out = json_integer_value(v);
    return json_is_integer(v) && *out >= 0 && *out <= most;
}

#endif
