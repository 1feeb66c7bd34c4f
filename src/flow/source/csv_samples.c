/*
 * Makes samples from a CSV file. Each record has the path of an image and its labels. If the caller names a column of
 * weights, each record also has a weight. A record is left out if its classes are not in the list of classes. All
 * tables have one row for each record that is not left out.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "flow/source/csv.h"
#include "flow/source/file_reader.h"
#include "flow/source/labels.h"

struct column {
    const char *name;
    int index; /* index of the column in the file */
};

struct list {
    struct lade__csv csv;
    struct lade__samples *samples;
    lade_scan *files; /* belongs to the reader of the samples */
    enum lade_class_mode mode;
    struct lade__labels labels;
    struct column path, weight, *y; /* weight.index is -1 if there are no weights */
    int y_count;
    int columns;      /* number of columns in the file */
    int64_t capacity; /* number of rows for which the tables have memory */
};

static int no_memory(const struct list *r, struct lade_error *err) {
    return lade_error_set_subject(err, LADE_ENOMEM, r->csv.path, "%s: no memory for a list of %lld samples",
                                  r->csv.path, (long long)r->samples->rows);
}

/* ---- The header -------------------------------------------------------------------------------------------------- */

/* Finds the column with the title @name. Returns LADE_OK, or LADE_EINVAL with the subject @option. */
static int find_column(const struct list *r, const char *name, const char *option, struct column *out,
                       struct lade_error *err) {
    char titles[400] = "";
    size_t n = 0;

    *out = (struct column){name, -1};
    for (int i = 0; i < r->columns; i++) {
        const char *title = lade__csv_field(&r->csv, i);
        if (strcmp(title, name) == 0) {
            out->index = i;
            return LADE_OK;
        }
        if (n < sizeof titles - 1)
            n += (size_t)snprintf(titles + n, sizeof titles - n, "%s\"%.40s\"", i ? ", " : "", title);
    }
    return lade_error_set_subject(err, LADE_EINVAL, option, "%s:%lld: there is no column \"%.100s\": %s can be %s",
                                  r->csv.path, (long long)r->csv.line, name, option, titles);
}

static int find_labels(struct list *r, const char *const *names, struct lade_error *err) {
    static const char *const usual[] = {"class", NULL};
    int count = 0;

    if (r->mode == LADE_CLASS_NONE || r->mode == LADE_CLASS_INPUT)
        return LADE_OK;
    for (names = names ? names : usual; names[count]; count++)
        ;
    if (count == 0 || (count > 1 && r->mode != LADE_CLASS_RAW))
        return lade_error_set_subject(err, LADE_EINVAL, "y_col",
                                      "y_col names %d columns, but class_mode %s needs one column%s", count,
                                      lade_class_mode_name(r->mode), count ? "; raw accepts several" : "");
    r->y = lade_calloc((size_t)count, sizeof *r->y);
    if (!r->y)
        return no_memory(r, err);
    for (; r->y_count < count; r->y_count++)
        if (find_column(r, names[r->y_count], "y_col", &r->y[r->y_count], err) < 0)
            return LADE_EINVAL;
    r->samples->columns = r->mode == LADE_CLASS_RAW ? count : 0;
    return LADE_OK;
}

static int read_header(struct list *r, const struct lade_manifest *m, struct lade_error *err) {
    int status = lade__csv_next(&r->csv, err);

    if (status < 0)
        return status;
    if (status == 0)
        return lade_error_set_subject(err, LADE_EFORMAT, r->csv.path,
                                      "%s: the file is empty: its first line must have the names of the columns",
                                      r->csv.path);
    r->columns = r->csv.fields;
    r->weight.index = -1;
    if (find_column(r, m->x_col ? m->x_col : "filename", "x_col", &r->path, err) < 0 ||
        (m->weight_col && find_column(r, m->weight_col, "weight_col", &r->weight, err) < 0))
        return LADE_EINVAL;
    return find_labels(r, m->y_col, err);
}

/* ---- One record -------------------------------------------------------------------------------------------------- */

/* Allocates memory for one more row in each table that is used. */
static int reserve_row(struct list *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;
    int64_t capacity = r->capacity + r->capacity / 4 + 64;
    bool classes = r->mode != LADE_CLASS_RAW && r->y_count, several = r->labels.separator;
    struct {
        bool used;
        void **table;
        size_t size;
    } tables[] = {{classes && !several, (void **)&s->class_of, sizeof *s->class_of},
                  {several, (void **)&s->tag_first, sizeof *s->tag_first},
                  {r->mode == LADE_CLASS_RAW, (void **)&s->values, sizeof *s->values * (size_t)s->columns},
                  {r->weight.index >= 0, (void **)&s->weights, sizeof *s->weights}};

    if (s->rows < r->capacity)
        return LADE_OK;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!tables[i].used)
            continue;
        void *p = lade_realloc(*tables[i].table, (size_t)capacity + 1, tables[i].size);
        if (!p)
            return no_memory(r, err);
        *tables[i].table = p;
    }
    if (s->tag_first && !r->capacity)
        s->tag_first[0] = 0;
    r->capacity = capacity;
    return LADE_OK;
}

static int read_number(const struct list *r, const struct column *column, float *out, struct lade_error *err) {
    const char *text = lade__csv_field(&r->csv, column->index);
    char *end;
    double v = lade__parse_double(text, &end);

    *out = (float)v;
    if (end != text && !*end && isfinite(*out))
        return LADE_OK;
    return lade__csv_error(&r->csv, err, column->name, "\"%.60s\" in column %.60s is not a finite number", text,
                           column->name);
}

static int read_numbers(const struct list *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;

    for (int i = 0; i < r->y_count; i++)
        if (read_number(r, &r->y[i], &s->values[s->rows * s->columns + i], err) < 0)
            return LADE_EFORMAT;
    return 1;
}

/* Reads the labels of a record. Returns 1 if the record is used, 0 if its classes are not in the list of classes, or an
   error. */
static int read_labels(struct list *r, struct lade_error *err) {
    if (r->mode == LADE_CLASS_RAW)
        return read_numbers(r, err);
    if (!r->y_count)
        return 1;
    const char *cell = lade__csv_field(&r->csv, r->y[0].index);
    if (!*cell && !r->labels.separator)
        return lade__csv_error(&r->csv, err, r->y[0].name, "the class in column %.60s is missing", r->y[0].name);
    int wanted = lade__labels_read(&r->labels, cell);
    return wanted < 0 ? no_memory(r, err) : wanted;
}

static int read_record(struct list *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;

    if (r->csv.fields != r->columns)
        return lade__csv_error(&r->csv, err, NULL, "the record has %d fields, but the first line has %d columns",
                               r->csv.fields, r->columns);
    const char *path = lade__csv_field(&r->csv, r->path.index);
    if (!*path)
        return lade__csv_error(&r->csv, err, r->path.name, "the path in column %.60s is missing", r->path.name);
    int status = reserve_row(r, err), wanted = status < 0 ? status : read_labels(r, err);
    if (wanted <= 0)
        return wanted;
    if (r->weight.index >= 0) {
        if (read_number(r, &r->weight, &s->weights[s->rows], err) < 0)
            return LADE_EFORMAT;
        if (s->weights[s->rows] < 0)
            return lade__csv_error(&r->csv, err, r->weight.name, "the weight %g is below 0",
                                   (double)s->weights[s->rows]);
    }
    if (lade__scan_append(r->files, "", path) < 0)
        return no_memory(r, err);
    s->rows++;
    return LADE_OK;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

static int read_records(struct list *r, struct lade_error *err) {
    for (;;) {
        int more = lade__csv_next(&r->csv, err);
        if (more <= 0)
            return more;
        int status = read_record(r, err);
        if (status < 0)
            return status;
    }
}

static int finish(struct list *r, struct lade_error *err) {
    struct lade__samples *s = r->samples;

    if (!s->rows)
        return lade_error_set_subject(err, LADE_EINVAL, r->csv.path, "%s: the file has no samples%s", r->csv.path,
                                      r->labels.fixed ? " of the listed classes" : "");
    bool has_classes = r->y_count && r->mode != LADE_CLASS_RAW;
    if ((has_classes ? lade__labels_finish(&r->labels) : lade__samples_make_classes(s, 0)) < 0)
        return no_memory(r, err);
    s->reader.samples = s->rows;
    lade__samples_count_rows(s);
    return LADE_OK;
}

/* Opens the reader of the files. The paths are relative to @directory. If @directory is NULL, the paths are relative to
   the directory of the CSV file. */
static int open_reader(struct list *r, const char *path, const char *directory, struct lade_error *err) {
    const char *slash = strrchr(path, '/');
    char *name = lade_strdup(directory ? directory : slash ? path : ".");

    if (name && !directory && slash)
        name[slash > path ? slash - path : 1] = 0;
    r->samples->source = lade_strdup(path);
    r->files = name ? lade__scan_new(name) : NULL;
    lade_free(name);
    int status = r->files ? lade__file_reader_open(&r->samples->reader, r->files, err) : LADE_ENOMEM;
    if (!r->files || !r->samples->source)
        status = lade_error_set_subject(err, LADE_ENOMEM, path, "%s: no memory for a flow", path);
    return status;
}

static int read_file(struct list *r, const char *path, const struct lade_manifest *m, const char *const *classes,
                     struct lade_error *err) {
    char separator = r->mode == LADE_CLASS_CATEGORICAL ? m->label_separator : 0;
    int status = lade__csv_open(&r->csv, path, m->text, err);

    if (status == LADE_OK)
        status = open_reader(r, path, m->text && !m->directory ? "." : m->directory, err);
    if (status == LADE_OK)
        status = lade__labels_init(&r->labels, r->samples, classes, separator, err);
    if (status == LADE_OK)
        status = read_header(r, m, err);
    if (status == LADE_OK)
        status = read_records(r, err);
    return status == LADE_OK ? finish(r, err) : status;
}

int lade__samples_from_csv(struct lade__samples *s, const char *path, const struct lade_manifest *manifest,
                           enum lade_class_mode mode, const char *const *classes, struct lade_error *err) {
    static const struct lade_manifest usual;
    struct list r = {.samples = s, .mode = mode};

    *s = (struct lade__samples){0};
    int status = read_file(&r, path, manifest ? manifest : &usual, classes, err);
    lade__labels_release(&r.labels);
    lade__csv_close(&r.csv);
    lade_free(r.y);
    return status;
}
