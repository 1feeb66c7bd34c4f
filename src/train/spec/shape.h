/*
 * train/spec/shape.h - defines the shape of one sample or of one parameter.
 */
#ifndef LADE_SRC_TRAIN_SPEC_SHAPE_H
#define LADE_SRC_TRAIN_SPEC_SHAPE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <lade/tensor.h>

struct lade__shape {
    int ndim;
    int64_t size[LADE_MAX_DIMS];
};

/* Returns the shape with these sizes. Only the first LADE_MAX_DIMS sizes are copied, even if @ndim is larger. */
static inline struct lade__shape lade__shape_of(int ndim, const int64_t *size) {
    struct lade__shape s = {.ndim = ndim};
    for (int i = 0; i < ndim && i < LADE_MAX_DIMS; i++)
        s.size[i] = size[i];
    return s;
}

/* Returns the number of elements. */
static inline int64_t lade__shape_count(const struct lade__shape *s) {
    int64_t count = 1;
    for (int i = 0; i < s->ndim; i++)
        count *= s->size[i];
    return count;
}

static inline bool lade__shape_equal(const struct lade__shape *a, const struct lade__shape *b) {
    return a->ndim == b->ndim && memcmp(a->size, b->size, (size_t)a->ndim * sizeof *a->size) == 0;
}

/* Writes the shape as text, for example "32x32x3", to @text. Returns @text. */
#define LADE__SHAPE_TEXT (LADE_MAX_DIMS * 21)
static inline char *lade__shape_text(const struct lade__shape *s, char text[LADE__SHAPE_TEXT]) {
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < s->ndim; i++)
        length += (size_t)snprintf(text + length, LADE__SHAPE_TEXT - length, "%s%" PRId64, i ? "x" : "", s->size[i]);
    return text;
}

#endif
