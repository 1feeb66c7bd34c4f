/*
 * train/json_number.h - numbers that may be none, in JSON, which has neither NaN nor infinity: null there.
 */
#ifndef LADE_SRC_TRAIN_JSON_NUMBER_H
#define LADE_SRC_TRAIN_JSON_NUMBER_H

#include <jansson.h>
#include <math.h>

static inline json_t *lade__number_to_json(double v) {
    return isfinite(v) ? json_real(v) : json_null();
}

/* @otherwise: for null, or what is no number at all. */
static inline double lade__number_from_json(const json_t *v, double otherwise) {
    return json_is_number(v) ? json_number_value(v) : otherwise;
}

#endif
