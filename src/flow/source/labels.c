/*
 * Collects class labels. The cell of a row is the text that names the class of the row. If a cell may name several
 * classes, its classes are stored as consecutive elements of the table `tags` of the samples. A class that a cell names
 * twice is stored once. If a cell may name several classes and is empty, its row has no class.
 */
#include "flow/source/labels.h"

#include <stdlib.h>
#include <string.h>

int lade__labels_init(struct lade__labels *l, struct lade__samples *samples, const char *const *classes, char separator,
                      struct lade_error *err) {
    *l = (struct lade__labels){.samples = samples, .fixed = classes != NULL, .separator = separator};
    for (int32_t i = 0; classes && classes[i]; i++) {
        int32_t c = lade__string_table_add(&l->classes, classes[i], strlen(classes[i]));
        if (c == LADE_ENOMEM)
            return lade_error_set(err, LADE_ENOMEM, "no memory for the list of classes");
        if (c != i)
            return lade_error_set_subject(err, LADE_EINVAL, "classes", "classes: \"%.200s\" is listed twice",
                                          classes[i]);
    }
    return LADE_OK;
}

void lade__labels_release(struct lade__labels *l) {
    lade__string_table_release(&l->classes);
}

/* Stores the number of a class in *c, or -1 if the class is not in the list of classes. Returns LADE_OK or
   LADE_ENOMEM. */
static int find_class(struct lade__labels *l, const char *name, size_t n, int32_t *c) {
    *c = l->fixed ? lade__string_table_find(&l->classes, name, n) : lade__string_table_add(&l->classes, name, n);
    return *c < 0 && !l->fixed ? LADE_ENOMEM : LADE_OK;
}

/* Adds class @c to the row whose tags begin at @first, unless the row already has this class. */
static int add_tag(struct lade__labels *l, int64_t first, int32_t c) {
    struct lade__samples *s = l->samples;

    for (int64_t k = first; k < l->tags; k++)
        if (s->tags[k] == c)
            return LADE_OK;
    if (l->tags == l->tag_capacity) {
        int64_t capacity = l->tag_capacity * 2 + 64;
        int32_t *tags = lade_realloc(s->tags, (size_t)capacity, sizeof *tags);
        if (!tags)
            return LADE_ENOMEM;
        s->tags = tags;
        l->tag_capacity = capacity;
    }
    s->tags[l->tags++] = c;
    return LADE_OK;
}

static int read_tags(struct lade__labels *l, const char *cell) {
    struct lade__samples *s = l->samples;
    int64_t first = l->tags;

    for (const char *p = cell; *cell;) {
        size_t n = strcspn(p, (char[]){l->separator, 0});
        int32_t c;
        if (find_class(l, p, n, &c) < 0 || (c >= 0 && add_tag(l, first, c) < 0))
            return LADE_ENOMEM;
        if (!p[n] || !p[n + 1])
            break; /* the end of the cell, perhaps after a separator */
        p += n + 1;
    }
    s->tag_first[s->rows + 1] = l->tags;
    return !*cell || l->tags > first;
}

int lade__labels_read(struct lade__labels *l, const char *cell) {
    struct lade__samples *s = l->samples;
    int32_t *c = s->class_of ? &s->class_of[s->rows] : NULL;

    if (l->separator)
        return read_tags(l, cell);
    return find_class(l, cell, strlen(cell), c) < 0 ? LADE_ENOMEM : *c >= 0;
}

static int by_number(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int renumber(struct lade__labels *l) {
    struct lade__samples *s = l->samples;
    int32_t *rank;

    if (lade__string_table_sort(&l->classes, &rank) < 0)
        return LADE_ENOMEM;
    for (int64_t i = 0; s->class_of && i < s->rows; i++)
        s->class_of[i] = rank[s->class_of[i]];
    for (int64_t k = 0; k < l->tags; k++)
        s->tags[k] = rank[s->tags[k]];
    lade_free(rank);
    return LADE_OK;
}

int lade__labels_finish(struct lade__labels *l) {
    struct lade__samples *s = l->samples;

    if (!l->fixed && renumber(l) < 0)
        return LADE_ENOMEM;
    for (int64_t i = 0; s->tags && i < s->rows; i++)
        qsort(s->tags + s->tag_first[i], (size_t)(s->tag_first[i + 1] - s->tag_first[i]), sizeof *s->tags, by_number);
    int status = lade__samples_make_classes(s, l->classes.count);
    for (int32_t c = 0; status == LADE_OK && c < l->classes.count; c++)
        status = lade__samples_add_class(s, l->classes.strings[c]);
    return status;
}
