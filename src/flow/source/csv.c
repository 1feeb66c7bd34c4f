/*
 * Reads CSV files. The reader takes one byte at a time from the buffer of stdio, so the reader needs memory only for
 * one record, even if the file is large. A misplaced quote is an error, because all fields after the quote would be
 * wrong.
 */
#define _POSIX_C_SOURCE 200809L
#include "flow/source/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum { RECORD_LIMIT = 1 << 20 };

int lade__csv_open(struct lade__csv *csv, const char *path, const char *text, struct lade_error *err) {
    *csv = (struct lade__csv){.path = path, .next_line = 1};
    csv->f = text ? fmemopen((char *)(uintptr_t)text, strlen(text), "rb") : fopen(path, "rbe");
    if (!csv->f)
        return lade_error_from_errno(err, errno, path, "%s cannot be opened", path);
    int c = getc_unlocked(csv->f);
    if (c != 0xEF) {
        ungetc(c, csv->f);
        return LADE_OK;
    }
    if (getc_unlocked(csv->f) == 0xBB && getc_unlocked(csv->f) == 0xBF)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EFORMAT, path,
                                  "%s:1: the file is not UTF-8 text: save the list as CSV in UTF-8", path);
}

void lade__csv_close(struct lade__csv *csv) {
    if (csv->f)
        fclose(csv->f);
    lade_free(csv->bytes);
    lade_free(csv->starts);
    *csv = (struct lade__csv){0};
}

const char *lade__csv_field(const struct lade__csv *csv, int i) {
    return csv->bytes + csv->starts[i];
}

int lade__csv_error(const struct lade__csv *csv, struct lade_error *err, const char *column, const char *fmt, ...) {
    char text[400];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return lade_error_set_subject(err, LADE_EFORMAT, column ? column : csv->path, "%s:%lld: %s", csv->path,
                                  (long long)csv->line, text);
}

static int malformed(const struct lade__csv *csv, const char *what, struct lade_error *err) {
    return lade_error_set_subject(err, LADE_EFORMAT, csv->path, "%s:%lld: %s", csv->path, (long long)csv->next_line,
                                  what);
}

/* ---- Storing ----------------------------------------------------------------------------------------------------- */

static int add_byte(struct lade__csv *csv, int c, struct lade_error *err) {
    if (csv->used == csv->capacity) {
        size_t capacity = csv->capacity ? csv->capacity * 2 : 256;
        char *p = csv->used < RECORD_LIMIT ? lade_realloc(csv->bytes, capacity, 1) : NULL;
        if (!p && csv->used < RECORD_LIMIT)
            return lade_error_set_subject(err, LADE_ENOMEM, csv->path, "%s: no memory for a line", csv->path);
        if (!p)
            return lade_error_set_subject(err, LADE_ELIMIT, csv->path,
                                          "%s:%lld: the record has more than %d bytes: is a quote missing?", csv->path,
                                          (long long)csv->line, RECORD_LIMIT);
        csv->bytes = p;
        csv->capacity = capacity;
    }
    csv->bytes[csv->used++] = (char)c;
    return LADE_OK;
}

static int begin_field(struct lade__csv *csv, struct lade_error *err) {
    if (csv->fields == csv->field_capacity) {
        int capacity = csv->field_capacity ? csv->field_capacity * 2 : 16;
        size_t *p = lade_realloc(csv->starts, (size_t)capacity, sizeof *p);
        if (!p)
            return lade_error_set_subject(err, LADE_ENOMEM, csv->path, "%s: no memory for a line", csv->path);
        csv->starts = p;
        csv->field_capacity = capacity;
    }
    csv->starts[csv->fields++] = csv->used;
    return LADE_OK;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Returns the byte that ends a field: a comma, a line feed (also for CR LF), or 0 at the end of the file. @c is the
   byte after the field. If @c is another byte, fills @err and returns an error. */
static int delimiter(struct lade__csv *csv, int c, struct lade_error *err) {
    if (c == '\r') {
        c = getc_unlocked(csv->f);
        if (c != '\n')
            return malformed(csv, "a carriage return without a line feed", err);
    }
    if (c == ',' || c == '\n' || c == EOF)
        return c == EOF ? 0 : c;
    return malformed(csv, "text after the closing quote of a field: write a quote inside a field twice", err);
}

static int read_quoted(struct lade__csv *csv, struct lade_error *err) {
    int64_t opened = csv->next_line;

    for (;;) {
        int c = getc_unlocked(csv->f);
        if (c == '"') {
            c = getc_unlocked(csv->f);
            if (c != '"')
                return delimiter(csv, c, err);
        } else if (c == EOF || c == 0) {
            if (c == EOF)
                csv->next_line = opened;
            return malformed(csv, c == EOF ? "the closing quote is missing" : "a byte 0: the file is not text", err);
        }
        csv->next_line += c == '\n';
        int status = add_byte(csv, c, err);
        if (status < 0)
            return status;
    }
}

static int read_plain(struct lade__csv *csv, int c, struct lade_error *err) {
    for (; c != ',' && c != '\n' && c != '\r' && c != EOF; c = getc_unlocked(csv->f)) {
        if (c == '"')
            return malformed(
                csv, "a quote inside a field without quotes: quote the field and write the inner quote twice", err);
        if (c == 0)
            return malformed(csv, "a byte 0: the file is not text", err);
        int status = add_byte(csv, c, err);
        if (status < 0)
            return status;
    }
    return delimiter(csv, c, err);
}

/* Reads one record. Returns the byte that ends the record, 0 at the end of the file, or a negative status. */
static int read_record(struct lade__csv *csv, struct lade_error *err) {
    int end = ',';

    csv->used = 0;
    csv->fields = 0;
    csv->line = csv->next_line;
    while (end == ',') {
        int status = begin_field(csv, err), c = getc_unlocked(csv->f);
        if (status < 0)
            return status;
        end = c == '"' ? read_quoted(csv, err) : read_plain(csv, c, err);
        if (end < 0)
            return end;
        status = add_byte(csv, 0, err);
        if (status < 0)
            return status;
    }
    csv->next_line += end == '\n';
    return end;
}

int lade__csv_next(struct lade__csv *csv, struct lade_error *err) {
    int end;

    do {
        end = read_record(csv, err);
        if (end < 0)
            return end;
        if (end == 0 && ferror(csv->f))
            return lade_error_from_errno(err, errno ? errno : EIO, csv->path, "%s cannot be read", csv->path);
    } while (end && csv->fields == 1 && csv->used == 1);
    return csv->fields > 1 || csv->used > 1;
}
