/*
 * Makes and reads the tables of samples. A table that a source does not need is not allocated. Therefore a million
 * files in class folders need little more memory than their names.
 */
#include "flow/source/samples.h"

#include <string.h>
#include <xxhash.h>

#include "base/monitor.h"
#include "flow/source/file_reader.h"
#include "flow/source/reader_buffer.h"

/* ---- Making ------------------------------------------------------------------------------------------------------ */

int lade__samples_open(struct lade__samples *s, int workers, struct lade_error *err) {
    const struct lade_reader *r = &s->reader;
    struct lade_error cause = {0};

    if (s->opened && s->forks == lade__forks())
        return LADE_OK;
    s->forks = lade__forks();
    int status = r->open ? r->open(r->ctx, workers, &cause) : LADE_OK;
    s->opened = status >= 0;
    if (s->opened)
        return LADE_OK;
    const char *text = *cause.message ? cause.message : lade_status_text(status);
    return lade_error_set_subject(err, status, s->source, "%s: %s", s->source, text);
}

void lade__samples_release(struct lade__samples *s) {
    if (s->reader.close)
        s->reader.close(s->reader.ctx);
    for (int c = 0; s->class_names && c < s->class_count; c++)
        lade_free((char *)s->class_names[c]);
    lade_free(s->class_names);
    lade_free(s->groups);
    lade_free(s->row_of);
    lade_free(s->by_class);
    lade_free(s->class_first);
    lade_free(s->class_of);
    lade_free(s->tag_first);
    lade_free(s->tags);
    lade_free(s->values);
    lade_free(s->weights);
    lade_free(s->reader_index);
    lade_free(s->source);
    lade_free(s->root);
    *s = (struct lade__samples){0};
}

int lade__samples_make_classes(struct lade__samples *s, int count) {
    s->groups = lade_calloc((size_t)count + 1, sizeof *s->groups);
    if (!s->groups)
        return LADE_ENOMEM;
    s->groups[0].name = "";
    if (!count)
        return LADE_OK;
    s->class_names = lade_calloc((size_t)count + 1, sizeof *s->class_names);
    return s->class_names ? LADE_OK : LADE_ENOMEM;
}

int lade__samples_add_class(struct lade__samples *s, const char *name) {
    const char *copy = lade_strdup(name);

    if (!copy)
        return LADE_ENOMEM;
    s->class_names[s->class_count] = s->groups[s->class_count].name = copy;
    s->class_count++;
    return LADE_OK;
}

/* Returns a hash of the position, name, label and weight of a row. The class is not part of the hash. The rows of
   arrays have no names. */
static XXH128_hash_t hash_row(const struct lade__samples *s, int64_t row) {
    const float *values = s->values ? s->values + row * s->columns : NULL;
    size_t bytes = values ? (size_t)s->columns * sizeof *values : 0;
    XXH128_hash_t hash;
    char name[4096] = "";

    if (s->reader.name) {
        lade__reader_name(&s->reader, lade__samples_index(s, row), name, sizeof name);
        hash = XXH3_128bits_withSeed(name, strlen(name), (XXH64_hash_t)row);
        if (values)
            hash = XXH3_128bits_withSeed(values, bytes, hash.low64);
    } else {
        hash = XXH3_128bits_withSeed(values, bytes, (XXH64_hash_t)row);
    }
    if (s->weights)
        hash = XXH3_128bits_withSeed(s->weights + row, sizeof *s->weights, hash.low64);
    return hash;
}

static void count_row(struct lade__group *g, XXH128_hash_t hash) {
    lade_digest_merge(&g->names, &(struct lade_digest){hash.low64, hash.high64});
    g->rows++;
}

void lade__samples_count_rows(struct lade__samples *s) {
    for (int64_t row = 0; row < s->rows; row++) {
        XXH128_hash_t hash = hash_row(s, row);
        if (!s->tag_first) {
            count_row(&s->groups[s->class_of ? s->class_of[row] : 0], hash);
            continue;
        }
        for (int64_t k = s->tag_first[row]; k < s->tag_first[row + 1]; k++)
            count_row(&s->groups[s->tags[k]], hash);
    }
}

static void count_tags(struct lade__samples *s) {
    for (int64_t i = 0; i < s->count; i++) {
        int64_t row = lade__samples_row(s, i);
        for (int64_t k = s->tag_first[row]; k < s->tag_first[row + 1]; k++)
            s->groups[s->tags[k]].count++;
    }
}

/* Counts the samples of each group. Returns true if the samples are already sorted by class. */
static bool count_samples(struct lade__samples *s) {
    bool sorted = true;
    int before = 0;

    for (int64_t i = 0; i < s->count; i++) {
        int c = lade__samples_class(s, i);
        sorted = sorted && c >= before;
        before = c;
        s->groups[c].count++;
    }
    for (int c = 1; c < s->class_count; c++)
        s->groups[c].first = s->groups[c - 1].first + s->groups[c - 1].count;
    return sorted;
}

int lade__samples_sort_by_class(struct lade__samples *s, struct lade_error *err) {
    if (!s->class_count)
        s->groups[0].count = s->count;
    else if (s->tag_first)
        count_tags(s);
    if (!s->class_count || s->tag_first || count_samples(s))
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

/* Copies the classes of @scan, whose files are sorted by class. */
static int copy_classes(struct lade__samples *s, const lade_scan *scan) {
    int n = scan->class_count, status = lade__samples_make_classes(s, n);

    s->class_first = lade_calloc((size_t)n + 1, sizeof *s->class_first);
    if (!s->class_first)
        return LADE_ENOMEM;
    s->class_first[n] = scan->count;
    for (int c = 0; status == LADE_OK && c < n; c++) {
        status = lade__samples_add_class(s, scan->classes[c].name);
        s->class_first[c] = scan->classes[c].first;
        s->groups[c].rows = scan->classes[c].count;
        s->groups[c].names = scan->classes[c].names;
    }
    return status;
}

int lade__samples_from_directory(struct lade__samples *s, const char *directory,
                                 const struct lade_scan_options *options, struct lade_error *err) {
    lade_scan *scan = lade_scan_directory(directory, options, err);

    *s = (struct lade__samples){0};
    if (!scan)
        return err->code;
    s->rows = scan->count;
    s->source = lade_strdup(directory);
    int status = lade__file_reader_open(&s->reader, scan, err);
    if (status == LADE_OK && (!s->source || copy_classes(s, scan) < 0))
        status = lade_error_set(err, LADE_ENOMEM, "%s: no memory for a flow", directory);
    return status;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

int64_t lade__samples_row(const struct lade__samples *s, int64_t i) {
    return s->row_of ? s->row_of[i] : i;
}

int lade__samples_row_class(const struct lade__samples *s, int64_t row) {
    if (!s->class_count || s->tag_first)
        return -1;
    if (s->class_of)
        return s->class_of[row];
    int low = 0, high = s->class_count - 1; /* the class is one of low .. high */
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (s->class_first[middle] <= row)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

int lade__samples_class(const struct lade__samples *s, int64_t i) {
    return lade__samples_row_class(s, lade__samples_row(s, i));
}

int64_t lade__samples_index(const struct lade__samples *s, int64_t row) {
    return s->reader_index ? s->reader_index[row] : row;
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
        int64_t row = lade__samples_row(s, i), end = s->tag_first ? s->tag_first[row + 1] : 0;
        for (int64_t k = s->tag_first ? s->tag_first[row] : 0; k < end; k++)
            y[s->tags[k]] = 1;
    }
}
