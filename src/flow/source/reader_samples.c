/*
 * Makes samples from the reader of a program. The labels are read once and copied to the tables of struct
 * lade__samples, so the flow does not call lade_reader.label again.
 */
#include <math.h>
#include <stdlib.h>

#include "base/option.h"
#include "flow/source/labels.h"
#include "flow/source/reader_buffer.h"

struct labelling {
    struct lade__samples *samples;
    struct lade__labels labels;
    bool has_classes; /* the first sample has a class */
};

/* Fills @err with the name of sample @i and a message. Returns @status. */
static int fail(const struct lade__samples *s, int64_t i, int status, const char *text, struct lade_error *err) {
    struct lade_error cause = {.code = status};

    snprintf(cause.message, sizeof cause.message, "%s", text);
    return lade__reader_fail(&s->reader, i, &cause, err);
}

static int no_memory(const struct lade__samples *s, struct lade_error *err) {
    return lade_error_set_subject(err, LADE_ENOMEM, s->source, "%s: no memory for a list of %lld samples", s->source,
                                  (long long)s->reader.samples);
}

/* ---- Labels ------------------------------------------------------------------------------------------------------ */

static int make_tables(struct lade__samples *s) {
    const struct lade_reader *r = &s->reader;
    size_t n = (size_t)r->samples;

    s->columns = r->columns;
    s->values = r->columns ? lade_calloc(n * (size_t)r->columns + 1, sizeof *s->values) : NULL;
    s->weights = r->weighted ? lade_calloc(n + 1, sizeof *s->weights) : NULL;
    if (r->label_separator)
        s->tag_first = lade_calloc(n + 1, sizeof *s->tag_first);
    else
        s->class_of = lade_calloc(n + 1, sizeof *s->class_of);
    s->reader_index = lade_calloc(n + 1, sizeof *s->reader_index);
    bool values = s->values || !r->columns, weights = s->weights || !r->weighted;
    return values && weights && s->reader_index && (s->tag_first || s->class_of) ? LADE_OK : LADE_ENOMEM;
}

/* Reads the classes of a sample. Returns 1 if the sample is used, 0 if its classes are not in the list of classes, or
   an error. */
static int read_classes(struct labelling *l, int64_t i, const char *names, struct lade_error *err) {
    if (i == 0)
        l->has_classes = names != NULL;
    if (l->has_classes != (names != NULL))
        return fail(l->samples, i, LADE_EINVAL,
                    names ? "the sample has a class, but the first sample has none"
                          : "the sample has no class, but the first sample has one",
                    err);
    if (!names)
        return 1;
    if (!*names && !l->labels.separator)
        return fail(l->samples, i, LADE_EINVAL, "the name of the class is empty", err);
    int wanted = lade__labels_read(&l->labels, names);
    return wanted < 0 ? no_memory(l->samples, err) : wanted;
}

/* Reads the label of sample @i of the reader into the next row. */
static int read_label(struct labelling *l, int64_t i, struct lade_error *err) {
    struct lade__samples *s = l->samples;
    const struct lade_reader *r = &s->reader;
    float *values = s->values ? s->values + s->rows * s->columns : NULL;
    struct lade_reader_label label = {.values = values, .weight = 1};
    struct lade_error cause = {0};

    for (int c = 0; c < r->columns; c++)
        values[c] = 0;
    int status = r->label(r->ctx, i, &label, &cause);
    if (status < 0)
        return fail(s, i, status, *cause.message ? cause.message : lade_status_text(status), err);
    for (int c = 0; c < r->columns; c++)
        if (!isfinite(values[c]))
            return fail(s, i, LADE_EINVAL, "a value of the label is not a finite number", err);
    if (r->weighted && !(label.weight >= 0 && isfinite(label.weight)))
        return fail(s, i, LADE_EINVAL, "the weight is below 0 or not a finite number", err);
    int wanted = read_classes(l, i, label.class_name, err);
    if (wanted <= 0)
        return wanted;
    if (s->weights)
        s->weights[s->rows] = label.weight;
    s->reader_index[s->rows++] = i;
    return LADE_OK;
}

static int finish_labels(struct labelling *l, struct lade_error *err) {
    struct lade__samples *s = l->samples;

    if (!s->rows)
        return lade_error_set_subject(err, LADE_EINVAL, "classes", "classes: %s has no samples of the listed classes",
                                      s->source);
    if (s->rows == s->reader.samples)
        lade_freep(&s->reader_index);
    if (!l->has_classes) {
        lade_freep(&s->class_of);
        lade_freep(&s->tag_first);
    }
    if ((l->has_classes ? lade__labels_finish(&l->labels) : lade__samples_make_classes(s, 0)) < 0)
        return no_memory(s, err);
    return LADE_OK;
}

static int read_labels(struct lade__samples *s, const char *const *classes, struct lade_error *err) {
    struct labelling l = {.samples = s};
    int status = lade__labels_init(&l.labels, s, classes, s->reader.label_separator, err);

    if (status == LADE_OK && make_tables(s) < 0)
        status = no_memory(s, err);
    for (int64_t i = 0; status == LADE_OK && i < s->reader.samples; i++)
        status = read_label(&l, i, err);
    if (status == LADE_OK)
        status = finish_labels(&l, err);
    lade__labels_release(&l.labels);
    return status;
}

/* ---- The reader -------------------------------------------------------------------------------------------------- */

static int refuse(struct lade_error *err, const char *field, const char *rule) {
    return lade_error_set_subject(err, LADE_EINVAL, field, "%s of a reader %s", field, rule);
}

static int check(const struct lade_reader *r, struct lade_error *err) {
    enum { MOST_COLUMNS = 1 << 20 };

    if (!r->source)
        return refuse(err, "source", "must not be NULL");
    if (!r->read)
        return refuse(err, "read", "must not be NULL");
    if (r->samples < 1 || r->samples > INT64_MAX / 64)
        return lade_error_set_subject(err, LADE_EINVAL, "samples", "%s has %lld samples: there must be at least one",
                                      r->source, (long long)r->samples);
    if (r->columns < 0 || r->columns > MOST_COLUMNS)
        return refuse(err, "columns", "must be 0 to 1048576");
    if (!r->label && (r->columns || r->weighted || r->label_separator))
        return refuse(err, "label", "must not be NULL if columns, weighted or label_separator is set");
    return LADE__RESERVED_CHECK(r, "lade_reader", err);
}

/* Copies the strings of the reader, which may belong to the caller. */
static int copy_names(struct lade__samples *s) {
    struct lade_reader *r = &s->reader;

    s->source = lade_strdup(r->source);
    s->root = r->root ? lade_strdup(r->root) : NULL;
    if (!s->source || (r->root && !s->root))
        return LADE_ENOMEM;
    r->source = s->source;
    r->root = s->root;
    return LADE_OK;
}

int lade__samples_from_reader(struct lade__samples *s, const struct lade_reader *reader, const char *const *classes,
                              struct lade_error *err) {
    *s = (struct lade__samples){.reader = *reader};
    int status = check(reader, err);
    if (status == LADE_OK && copy_names(s) < 0)
        status = lade_error_set(err, LADE_ENOMEM, "%s: no memory for a flow", reader->source);
    if (status == LADE_OK && reader->label) {
        status = read_labels(s, classes, err);
    } else if (status == LADE_OK) {
        s->rows = reader->samples;
        if (lade__samples_make_classes(s, 0) < 0)
            status = no_memory(s, err);
    }
    if (status == LADE_OK)
        lade__samples_count_rows(s);
    return status;
}
