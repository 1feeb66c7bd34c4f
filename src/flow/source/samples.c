/*
 * Asking samples what they are. Tables that a source does without are not there: a million files in class folders cost
 * what their names cost.
 */
#define _GNU_SOURCE /* O_DIRECTORY, O_CLOEXEC under any -std */
#include "flow/source/samples.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "flow/order/split.h"

/* ---- Making ------------------------------------------------------------------------------------------------------ */

void lade__samples_release(struct lade__samples *s) {
    for (int c = 0; s->class_names && c < s->class_count; c++)
        lade_free((char *)s->class_names[c]);
    lade_free(s->class_names);
    lade_free(s->groups);
    lade_free(s->row_of);
    lade_free(s->by_class);
    lade_free(s->class_of);
    lade_free(s->tag_first);
    lade_free(s->tags);
    lade_free(s->values);
    lade_free(s->weights);
    lade_free(s->source);
    lade_scan_free(s->files);
    lade_tensor_unref(s->x);
    lade__close_fd(&s->root);
    *s = (struct lade__samples){.root = -1};
}

/* Counts the groups' samples; true: they are in the order of their classes. */
static bool count_groups(struct lade__samples *s) {
    bool rising = true;
    int before = 0;

    for (int64_t i = 0; i < s->count; i++) {
        int c = lade__samples_class(s, i);
        rising = rising && c >= before;
        before = c;
        if (c >= 0)
            s->groups[c].count++;
        int64_t row = s->tag_first ? lade__samples_row(s, i) : 0;
        for (int64_t k = s->tag_first ? s->tag_first[row] : 0; s->tag_first && k < s->tag_first[row + 1]; k++)
            s->groups[s->tags[k]].count++;
    }
    for (int c = 1; c < s->class_count && !s->tag_first; c++)
        s->groups[c].first = s->groups[c - 1].first + s->groups[c - 1].count;
    return rising;
}

int lade__samples_index(struct lade__samples *s, const struct lade_flow_options *o, struct lade_error *err) {
    s->count = s->rows;
    if (lade__split_apply(s, o->split, o->subset, o->validation_split, o->seed) < 0)
        return lade_error_set(err, LADE_ENOMEM, "%s: no memory to split %lld samples", s->source, (long long)s->rows);
    if (!s->class_count) {
        s->groups[0].count = s->count;
        return LADE_OK;
    }
    if (count_groups(s) || s->tag_first)
        return LADE_OK;
    int64_t *next = lade_calloc((size_t)s->class_count, sizeof *next);
    s->by_class = next ? lade_calloc((size_t)s->count, sizeof *s->by_class) : NULL;
    for (int c = 0; s->by_class && c < s->class_count; c++)
        next[c] = s->groups[c].first;
    for (int64_t i = 0; s->by_class && i < s->count; i++)
        s->by_class[next[lade__samples_class(s, i)]++] = i;
    lade_free(next);
    return s->by_class ? LADE_OK
                       : lade_error_set(err, LADE_ENOMEM, "%s: no memory to sort %lld samples by class", s->source,
                                        (long long)s->count);
}

int lade__samples_from_directory(struct lade__samples *s, const char *directory,
                                 const struct lade_scan_options *options, struct lade_error *err) {
    *s = (struct lade__samples){.root = -1};
    s->files = lade_scan_directory(directory, options, err);
    if (!s->files)
        return err->code;
    s->root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->root < 0)
        return lade_error_from_errno(err, errno, directory, "%s cannot be opened", directory);
    const lade_scan *scan = s->files;
    s->rows = scan->count;
    s->source = lade_strdup(directory);
    s->groups = lade_calloc((size_t)scan->class_count, sizeof *s->groups);
    s->class_names = lade_calloc((size_t)scan->class_count + 1, sizeof *s->class_names);
    bool good = s->source && s->groups && s->class_names;
    for (; good && s->class_count < scan->class_count; s->class_count += good) {
        const struct lade__class *c = &scan->classes[s->class_count];
        const char *name = lade_strdup(c->name);
        good = name != NULL;
        s->class_names[s->class_count] = name;
        s->groups[s->class_count] =
            (struct lade__group){.name = name, .rows = c->count, .hash_low = c->hash_low, .hash = c->hash};
    }
    return good ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "%s: no memory for a stream", directory);
}

/* ---- Asking ------------------------------------------------------------------------------------------------------ */

int64_t lade__samples_row(const struct lade__samples *s, int64_t i) {
    return s->row_of ? s->row_of[i] : i;
}

int lade__samples_class(const struct lade__samples *s, int64_t i) {
    if (!s->class_count || s->tag_first)
        return -1;
    int64_t row = lade__samples_row(s, i);
    return s->class_of ? s->class_of[row] : lade_scan_class_of(s->files, row);
}

int64_t lade__samples_member(const struct lade__samples *s, int g, int64_t k) {
    k += s->groups[g].first;
    return s->by_class ? s->by_class[k] : k;
}

void lade__samples_label(const struct lade__samples *s, int64_t i, enum lade_class_mode mode, int64_t columns,
                         float *y) {
    int c = lade__samples_class(s, i);

    if (!columns)
        return;
    if (mode == LADE_CLASS_RAW) {
        memcpy(y, s->values + lade__samples_row(s, i) * columns, (size_t)columns * sizeof *y);
    } else if (mode != LADE_CLASS_CATEGORICAL) {
        y[0] = (float)c;
    } else {
        memset(y, 0, (size_t)columns * sizeof *y);
        if (c >= 0)
            y[c] = 1;
        int64_t row = s->tag_first ? lade__samples_row(s, i) : 0;
        for (int64_t k = s->tag_first ? s->tag_first[row] : 0; s->tag_first && k < s->tag_first[row + 1]; k++)
            y[s->tags[k]] = 1;
    }
}

int64_t lade__samples_path(const struct lade__samples *s, int64_t i, char *buffer, size_t size) {
    int64_t row = lade__samples_row(s, i);

    if (s->files)
        return lade_scan_path(s->files, row, buffer, size);
    return snprintf(buffer, size, "x[%lld]", (long long)row);
}
