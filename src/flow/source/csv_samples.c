/*
 * A list as samples: a CSV file with a path, labels and perhaps a weight in each record. Classes are numbered while the
 * list is read, and anew in byte order at its end, unless the user gave their order.
 */
#define _GNU_SOURCE /* O_DIRECTORY, O_CLOEXEC under any -std */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/text.h"
#include "flow/source/csv.h"
#include "flow/source/string_table.h"
#include "flow/option/options.h"
#include "flow/flow_impl.h"

struct reader {
    struct lade__csv csv;
    struct lade__samples *samples;
    enum lade_class_mode mode;
    const char *const *classes; /* as the user wants them, or NULL */
    char separator;             /* of several labels in a cell, or 0 */
    int x, weight;              /* columns; weight -1: none */
    int *y, y_count;
    int columns;  /* of the file */
    int64_t room; /* of the tables of rows */
    int64_t tags, tag_room;
    struct lade__intern labels;
};

static int no_memory(const struct reader *r, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "%s: no memory for a list of %lld samples", r->csv.path,
                          (long long)r->samples->rows);
}

/* ---- The header -------------------------------------------------------------------------------------------------- */

/* The column called @name; LADE_EINVAL, as told by @option. */
static int find_column(const struct reader *r, const char *name, const char *option, struct lade_error *err) {
    char list[400] = "";
    size_t n = 0;

    for (int i = 0; i < r->columns; i++) {
        const char *title = lade__csv_field(&r->csv, i);
        if (strcmp(title, name) == 0)
            return i;
        if (n < sizeof list - 1)
            n += (size_t)snprintf(list + n, sizeof list - n, "%s\"%.40s\"", i ? ", " : "", title);
    }
    return lade_error_set(err, LADE_EINVAL, "%s:%lld: there is no column \"%.100s\": %s can be %s", r->csv.path,
                          (long long)r->csv.line, name, option, list);
}

static int find_labels(struct reader *r, const char *const *names, struct lade_error *err) {
    static const char *const usual[] = {"class", NULL};
    int count = 0;

    if (r->mode == LADE_CLASS_NONE || r->mode == LADE_CLASS_INPUT)
        return LADE_OK;
    for (names = names ? names : usual; names[count]; count++)
        ;
    if (count == 0 || (count > 1 && r->mode != LADE_CLASS_RAW))
        return lade_error_set(err, LADE_EINVAL, "y_col names %d columns: class_mode %s needs one%s", count,
                              lade_class_mode_name(r->mode), count ? "; raw takes several" : "");
    r->y = lade_calloc((size_t)count, sizeof *r->y);
    if (!r->y)
        return no_memory(r, err);
    for (; r->y_count < count; r->y_count++) {
        r->y[r->y_count] = find_column(r, names[r->y_count], "y_col", err);
        if (r->y[r->y_count] < 0)
            return LADE_EINVAL;
    }
    r->samples->columns = r->mode == LADE_CLASS_RAW ? count : 0;
    return LADE_OK;
}

static int read_header(struct reader *r, const struct lade_manifest *m, struct lade_error *err) {
    int status = lade__csv_next(&r->csv, err);

    if (status < 0)
        return status;
    if (status == 0)
        return lade_error_set(err, LADE_EFORMAT, "%s: is empty: its first line has to name the columns", r->csv.path);
    r->columns = r->csv.fields;
    r->x = find_column(r, m->x_col ? m->x_col : "filename", "x_col", err);
    r->weight = m->weight_col ? find_column(r, m->weight_col, "weight_col", err) : -1;
    if (r->x < 0 || (m->weight_col && r->weight < 0))
        return LADE_EINVAL;
    return find_labels(r, m->y_col, err);
}

/* ---- One record -------------------------------------------------------------------------------------------------- */

/* Room for one row more in each of the tables there are. */
static int reserve(struct reader *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;
    int64_t room = r->room + r->room / 4 + 64;
    struct {
        bool wanted;
        void **table;
        size_t size;
    } tables[] = {
        {r->mode != LADE_CLASS_RAW && r->y_count && !r->separator, (void **)&s->class_of, sizeof *s->class_of},
        {r->separator, (void **)&s->tag_first, sizeof *s->tag_first},
        {r->mode == LADE_CLASS_RAW, (void **)&s->values, sizeof *s->values * (size_t)s->columns},
        {r->weight >= 0, (void **)&s->weights, sizeof *s->weights}};

    if (s->rows < r->room)
        return LADE_OK;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!tables[i].wanted)
            continue;
        void *p = lade_realloc(*tables[i].table, (size_t)room + 1, tables[i].size);
        if (!p)
            return no_memory(r, err);
        *tables[i].table = p;
    }
    if (s->tag_first && !r->room)
        s->tag_first[0] = 0;
    r->room = room;
    return LADE_OK;
}

static int number(const struct reader *r, int column, float *out, struct lade_error *err) {
    const char *text = lade__csv_field(&r->csv, column);
    char *end;
    double v = lade__parse_double(text, &end);

    *out = (float)v;
    if (end != text && !*end && isfinite(*out))
        return LADE_OK;
    return lade_error_set(err, LADE_EFORMAT, "%s:%lld: \"%.60s\" is no number, in column %d", r->csv.path,
                          (long long)r->csv.line, text, column + 1);
}

/* *c = the number of a label; -1: it is none of `classes`. */
static int number_label(struct reader *r, const char *text, size_t n, int32_t *c, struct lade_error *err) {
    *c = r->classes ? lade__intern_find(&r->labels, text, n) : lade__intern_add(&r->labels, text, n);
    return *c < 0 && !r->classes ? no_memory(r, err) : LADE_OK;
}

static int by_number(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The labels of a cell, each once. 1: some; 0: none that is wanted; or a status. */
static int read_tags(struct reader *r, const char *cell, struct lade_error *err) {
    struct lade__samples *s = r->samples;
    int64_t first = r->tags;

    for (const char *p = cell; *cell; p++) {
        const char *end = strchr(p, r->separator);
        size_t n = end ? (size_t)(end - p) : strlen(p);
        int32_t c;
        if (number_label(r, p, n, &c, err) < 0)
            return LADE_ENOMEM;
        if (r->tags == r->tag_room) {
            int64_t room = r->tag_room * 2 + 64;
            int32_t *tags = lade_realloc(s->tags, (size_t)room, sizeof *tags);
            if (!tags)
                return no_memory(r, err);
            s->tags = tags;
            r->tag_room = room;
        }
        bool known = c < 0;
        for (int64_t k = first; k < r->tags && !known; k++)
            known = s->tags[k] == c;
        if (!known)
            s->tags[r->tags++] = c;
        p += n;
        if (!end)
            break;
    }
    s->tag_first[s->rows + 1] = r->tags;
    return !*cell || r->tags > first;
}

/* 1: the row is wanted; 0: its class is none of `classes`; or a status. */
static int read_labels(struct reader *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;

    if (r->mode == LADE_CLASS_RAW)
        for (int i = 0; i < r->y_count; i++)
            if (number(r, r->y[i], &s->values[s->rows * s->columns + i], err) < 0)
                return LADE_EFORMAT;
    if (r->mode == LADE_CLASS_RAW || !r->y_count)
        return 1;
    const char *cell = lade__csv_field(&r->csv, r->y[0]);
    if (r->separator)
        return read_tags(r, cell, err);
    if (!*cell)
        return lade_error_set(err, LADE_EFORMAT, "%s:%lld: no class, in column %d", r->csv.path, (long long)r->csv.line,
                              r->y[0] + 1);
    int32_t *c = &s->class_of[s->rows];
    return number_label(r, cell, strlen(cell), c, err) < 0 ? LADE_ENOMEM : *c >= 0;
}

static int read_record(struct reader *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;

    if (r->csv.fields != r->columns)
        return lade_error_set(err, LADE_EFORMAT, "%s:%lld: %d fields, but the first line names %d columns", r->csv.path,
                              (long long)r->csv.line, r->csv.fields, r->columns);
    const char *path = lade__csv_field(&r->csv, r->x);
    if (!*path)
        return lade_error_set(err, LADE_EFORMAT, "%s:%lld: no path, in column %d", r->csv.path, (long long)r->csv.line,
                              r->x + 1);
    int status = reserve(r, err), wanted = status < 0 ? status : read_labels(r, err);
    if (wanted <= 0)
        return wanted;
    if (r->weight >= 0) {
        if (number(r, r->weight, &s->weights[s->rows], err) < 0)
            return LADE_EFORMAT;
        if (s->weights[s->rows] < 0)
            return lade_error_set(err, LADE_EFORMAT, "%s:%lld: the weight %g is below 0", r->csv.path,
                                  (long long)r->csv.line, (double)s->weights[s->rows]);
    }
    if (lade__scan_append(s->files, "", path) < 0)
        return no_memory(r, err);
    s->rows++;
    return LADE_OK;
}

/* ---- What the records make --------------------------------------------------------------------------------------- */

/* The classes under their last numbers. */
static int settle_classes(struct reader *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;
    int32_t *rank = NULL;

    if (!r->classes) {
        if (lade__intern_sort(&r->labels, &rank) < 0)
            return no_memory(r, err);
        for (int64_t i = 0; s->class_of && i < s->rows; i++)
            s->class_of[i] = rank[s->class_of[i]];
        for (int64_t k = 0; k < r->tags; k++)
            s->tags[k] = rank[s->tags[k]];
        lade_free(rank);
    }
    for (int64_t i = 0; s->tags && i < s->rows; i++)
        qsort(s->tags + s->tag_first[i], (size_t)(s->tag_first[i + 1] - s->tag_first[i]), sizeof *s->tags, by_number);
    int count = r->labels.count;
    s->class_names = lade_calloc((size_t)count + 1, sizeof *s->class_names);
    s->groups = lade_calloc((size_t)count + 1, sizeof *s->groups);
    if (!s->class_names || !s->groups)
        return no_memory(r, err);
    for (; s->class_count < count; s->class_count++) {
        s->class_names[s->class_count] = s->groups[s->class_count].name = r->labels.words[s->class_count];
        r->labels.words[s->class_count] = NULL; /* the samples' now */
    }
    return LADE_OK;
}

static void count_row(struct lade__group *g, XXH128_hash_t hash) {
    struct lade_digest d = {g->hash_low, g->hash};

    lade_digest_merge(&d, &(struct lade_digest){hash.low64, hash.high64});
    g->hash_low = d.low;
    g->hash = d.high;
    g->rows++;
}

/* What a state is held against: paths, labels and weights, each in its place. */
static void hash_rows(struct lade__samples *s) {
    for (int64_t i = 0; i < s->rows; i++) {
        const char *path = lade__scan_name(s->files, i);
        XXH128_hash_t hash = XXH3_128bits_withSeed(path, strlen(path), (XXH64_hash_t)i);
        if (s->values)
            hash =
                XXH3_128bits_withSeed(s->values + i * s->columns, (size_t)s->columns * sizeof *s->values, hash.low64);
        if (s->weights)
            hash = XXH3_128bits_withSeed(s->weights + i, sizeof *s->weights, hash.low64);
        if (!s->tag_first)
            count_row(&s->groups[s->class_of ? s->class_of[i] : 0], hash);
        for (int64_t k = s->tag_first ? s->tag_first[i] : 0; s->tag_first && k < s->tag_first[i + 1]; k++)
            count_row(&s->groups[s->tags[k]], hash);
    }
}

static int settle(struct reader *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;
    int status = LADE_OK;

    if (!s->rows)
        return lade_error_set(err, LADE_EINVAL, "%s: lists no sample%s", r->csv.path,
                              r->classes ? " of the classes that are wanted" : "");
    if (r->y_count && r->mode != LADE_CLASS_RAW)
        status = settle_classes(r, err);
    if (status == LADE_OK && !s->groups) {
        s->groups = lade_calloc(1, sizeof *s->groups);
        if (!s->groups)
            return no_memory(r, err);
    }
    if (status == LADE_OK && !s->class_count)
        s->groups[0].name = "";
    if (status == LADE_OK)
        hash_rows(s);
    return status;
}

/* ---- All of it --------------------------------------------------------------------------------------------------- */

static int add_classes(struct reader *r, struct lade_error *err) {
    for (size_t i = 0; r->classes && r->classes[i]; i++) {
        int32_t c = lade__intern_add(&r->labels, r->classes[i], strlen(r->classes[i]));
        if (c == LADE_ENOMEM)
            return no_memory(r, err);
        if (c != (int32_t)i)
            return lade_error_set(err, LADE_EINVAL, "classes: \"%.200s\" is listed twice", r->classes[i]);
    }
    return LADE_OK;
}

static int read_list(struct reader *r, const struct lade_manifest *m, struct lade_error *err) {
    int status = add_classes(r, err);

    if (status == LADE_OK)
        status = read_header(r, m, err);
    while (status == LADE_OK) {
        int more = lade__csv_next(&r->csv, err);
        if (more <= 0) {
            status = more;
            break;
        }
        status = read_record(r, err);
    }
    return status < 0 ? status : settle(r, err);
}

/* The folder that paths are relative to: opened, and named. */
static int open_folder(struct lade__samples *s, const char *path, const char *directory, struct lade_error *err) {
    const char *slash = strrchr(path, '/');
    char *folder = lade_strdup(directory ? directory : slash ? path : ".");

    if (folder && !directory && slash)
        folder[slash > path ? slash - path : 1] = 0;
    s->source = lade_strdup(path);
    s->files = folder ? lade__scan_new(folder) : NULL;
    if (s->files)
        s->root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int status = !s->source || !s->files ? lade_error_set(err, LADE_ENOMEM, "%s: no memory for a stream", path)
                 : s->root < 0 ? lade_error_from_errno(err, errno, folder, "directory: %s cannot be opened", folder)
                               : LADE_OK;
    lade_free(folder);
    return status;
}

static int read_manifest(struct lade__samples *s, const char *path, const struct lade_manifest *m,
                         const struct lade_flow_options *o, const char *const *classes, struct lade_error *err) {
    struct reader r = {.samples = s, .mode = o->class_mode, .classes = classes};
    int status = lade__csv_open(&r.csv, path, err);

    r.separator = o->class_mode == LADE_CLASS_CATEGORICAL ? m->label_separator : 0;
    if (status == LADE_OK)
        status = open_folder(s, path, m->directory, err);
    if (status == LADE_OK)
        status = read_list(&r, m, err);
    lade__intern_release(&r.labels);
    lade__csv_close(&r.csv);
    lade_free(r.y);
    return status;
}

lade_flow *lade_flow_from_manifest(const char *path, const struct lade_manifest *manifest,
                                   const struct lade_flow_options *options, struct lade_error *err) {
    static const struct lade_manifest usual;
    struct lade_flow_options resolved;
    struct lade__samples samples = {.root = -1};
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__options_resolve(&resolved, options, err) < 0)
        return NULL;
    if (read_manifest(&samples, path, manifest ? manifest : &usual, &resolved, options ? options->classes : NULL,
                      err) == LADE_OK)
        return lade__flow_new(&samples, &resolved, err);
    lade__samples_release(&samples);
    return NULL;
}
