/*
 * Prints tensors as NumPy prints arrays: with nested brackets, empty lines between matrices, and rows that are wrapped
 * at 75 columns. If there are more than 1000 elements, only the first three and the last three indices of each
 * dimension are printed. The functions of tensor/format.h format the numbers.
 */
#include "tensor/format.h"

#include <string.h>

enum { LINE_WIDTH = 75, THRESHOLD = 1000, EDGE = 3 };

struct printer {
    const struct lade_tensor *t;
    struct lade__format format;
    FILE *f;
    int summarise;
    int column;  /* output column at which the next word begins, after the pending spaces */
    int pending; /* number of spaces before the next word; they are not written if a line feed follows */
};

/* Returns the index that is printed after index `i` of a dimension with `size` indices. If indices between `i` and this
   index are skipped, sets *skipped, so that "..." is printed. */
static int64_t step(const struct printer *p, int64_t i, int64_t size, int *skipped) {
    *skipped = p->summarise && size > 2 * EDGE && i + 1 == EDGE;
    return *skipped ? size - EDGE : i + 1;
}

static const char *element(const struct printer *p, int64_t offset) {
    return (const char *)p->t->dl.data + (size_t)offset * lade_dtype_size(p->t->dtype);
}

/* Returns the number of elements that belong to one index of dimension `axis`. */
static int64_t stride(const struct lade_tensor *t, int axis) {
    int64_t n = 1;
    for (int i = axis + 1; i < t->dl.ndim; i++)
        n *= t->shape[i];
    return n;
}

static void measure(struct printer *p, int axis, int64_t offset) {
    if (axis == p->t->dl.ndim) {
        lade__format_measure(&p->format, element(p, offset));
        return;
    }
    int64_t size = p->t->shape[axis], below = stride(p->t, axis);
    int skipped = 0;
    for (int64_t i = 0; i < size; i = step(p, i, size, &skipped))
        measure(p, axis + 1, offset + i * below);
}

static void put(struct printer *p, const char *text, int length) {
    fprintf(p->f, "%*s%.*s", p->pending, "", length, text);
    p->pending = 0;
}

/* Prints a word of a row and the spaces before it. If the word does not fit, it is printed on the next line, which is
   indented by one space for each bracket. */
static void put_word(struct printer *p, const char *word) {
    int indent = p->t->dl.ndim, room = LINE_WIDTH - indent; /* `room` leaves space for the closing brackets */
    int length = (int)strlen(word), bare = length;
    if (p->column + length > room && p->column > indent) {
        fputc('\n', p->f);
        p->column = p->pending = indent;
    }
    int leading = (int)strspn(word, " ");
    while (bare > leading && word[bare - 1] == ' ')
        bare--;
    p->pending += leading;
    put(p, word + leading, bare - leading);
    p->pending = length - bare;
    p->column += length;
}

static void put_blank(struct printer *p) {
    p->pending++;
    p->column++;
}

static void put_row(struct printer *p, int axis, int64_t offset) {
    int64_t size = p->t->shape[axis];
    int skipped = 0;
    p->column = p->t->dl.ndim;
    for (int64_t i = 0; i < size; i = step(p, i, size, &skipped)) {
        if (i > 0)
            put_blank(p);
        if (skipped) {
            put_word(p, "...");
            put_blank(p);
        }
        char text[LADE__NUMBER_MAX];
        lade__format_number(&p->format, element(p, offset + i), text);
        put_word(p, text);
    }
}

/* Prints line feeds between two parts of dimension `axis`, and the indent of the next line. There is one line feed for
   each dimension after `axis`. */
static void new_line(struct printer *p, int axis) {
    p->pending = 0;
    for (int i = axis + 1; i < p->t->dl.ndim; i++)
        fputc('\n', p->f);
    p->pending = axis + 1;
}

static void put_part(struct printer *p, int axis, int64_t offset) {
    put(p, "[", 1);
    if (axis + 1 == p->t->dl.ndim) {
        put_row(p, axis, offset);
    } else {
        int64_t size = p->t->shape[axis], below = stride(p->t, axis);
        int skipped = 0;
        for (int64_t i = 0; i < size; i = step(p, i, size, &skipped)) {
            if (i > 0)
                new_line(p, axis);
            if (skipped) {
                put(p, "...", 3);
                new_line(p, axis);
            }
            put_part(p, axis + 1, offset + i * below);
        }
    }
    put(p, "]", 1);
}

int lade_tensor_print(const struct lade_tensor *t, FILE *f) {
    int64_t count = lade_tensor_count(t);
    struct printer p = {.t = t, .f = f, .format = {.dtype = t->dtype}, .summarise = count > THRESHOLD};
    if (count == 0) {
        put(&p, "[]", 2);
    } else if (t->dl.ndim == 0) {
        char text[LADE__NUMBER_MAX];
        lade__format_scalar(t->dtype, t->dl.data, text);
        put(&p, text, (int)strlen(text));
    } else {
        measure(&p, 0, 0);
        lade__format_settle(&p.format);
        if (t->dtype == LADE_FLOAT32 || t->dtype == LADE_FLOAT64)
            measure(&p, 0, 0);
        put_part(&p, 0, 0);
    }
    fputc('\n', f);
    return ferror(f) ? LADE_EIO : LADE_OK;
}
