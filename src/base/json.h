/*
 * base/json.h - reads, writes and compares JSON with the library jansson. The functions are inline, because the
 *               libraries lade-data and lade-train use them, and the library lade does not link jansson.
 */
#ifndef LADE_SRC_BASE_JSON_H
#define LADE_SRC_BASE_JSON_H

#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/*
 * Returns @v as compact JSON text, which the caller frees with lade_free(). Returns NULL if there is no memory or @v is
 * NULL. json_dumps() is not used, because it returns incomplete text when there is no memory for a larger buffer.
 */
static inline char *lade__json_to_text(const json_t *v) {
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t size = v ? json_dumpb(v, NULL, 0, flags) : 0;
    char *text = size ? lade_alloc(size + 1) : NULL;
    if (text && json_dumpb(v, text, size, flags) != size) {
        lade_free(text);
        return NULL;
    }
    if (text)
        text[size] = '\0';
    return text;
}

/*
 * Parses @text, which may come from an untrusted file. Returns the value. On error, stores the reason in @why and
 * returns NULL.
 */
static inline json_t *lade__json_parse(const char *text, size_t size, char why[LADE__QUOTED]) {
    json_error_t error;
    if (lade__nests_too_deeply(text, size)) {
        strcpy(why, "it is nested too deeply");
        return NULL;
    }
    json_t *v = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!v)
        lade__quote(error.text, strlen(error.text), why);
    return v;
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

/* Converts NaN and infinity to null, because JSON has no such numbers. */
static inline json_t *lade__number_to_json(double v) {
    return isfinite(v) ? json_real(v) : json_null();
}

/* The largest count that is accepted from a file. Sums of such counts do not overflow. */
#define LADE__COUNT_MOST ((int64_t)1 << 53)

/*
 * Each of the three functions below stores the value of @v in *@out and returns true. Returns false if @v has the wrong
 * type or is out of range.
 */
static inline bool lade__number_from_json(const json_t *v, double least, double most, double *out) {
    *out = json_number_value(v);
    return json_is_number(v) && *out >= least && *out <= most;
}

/* Accepts null as well, and stores @none for null. */
static inline bool lade__number_or_null_from_json(const json_t *v, double none, double *out) {
    *out = json_is_number(v) ? json_number_value(v) : none;
    return json_is_number(v) || json_is_null(v);
}

static inline bool lade__count_from_json(const json_t *v, int64_t most, int64_t *out) {
    *out = json_integer_value(v);
    return json_is_integer(v) && *out >= 0 && *out <= most;
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

static inline int lade__json_mismatch(const char *key, const json_t *saved, const json_t *now, const char *what,
                                      const char *advice, struct lade_error *err) {
    char *was = lade__json_to_text(saved), *is = lade__json_to_text(now);
    int status =
        lade_error_set_subject(err, LADE_EMISMATCH, key, "%s was %.200s when the %s was saved and is %.200s now; %s",
                               key, was ? was : "unknown", what, is ? is : "unknown", advice);
    lade_free(was);
    lade_free(is);
    return status;
}

/*
 * Compares the members of two objects. @what names the saved object in the message, for example "state" or "run".
 * @advice is the end of the message.
 *
 * Returns LADE_OK if the objects are equal. Otherwise fills @err, whose subject is the first key that differs, and
 * returns LADE_EMISMATCH.
 */
static inline int lade__json_compare(json_t *saved, json_t *now, const char *what, const char *advice,
                                     struct lade_error *err) {
    const char *key;
    json_t *value;
    json_object_foreach (now, key, value) {
        const json_t *before = json_object_get(saved, key);
        if (!before || !json_equal(before, value))
            return lade__json_mismatch(key, before, value, what, advice, err);
    }
    json_object_foreach (saved, key, value)
        if (!json_object_get(now, key))
            return lade__json_mismatch(key, value, NULL, what, advice, err);
    return LADE_OK;
}

#endif
