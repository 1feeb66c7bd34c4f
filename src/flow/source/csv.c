/*
 * A reader of records, a byte at a time through stdio's buffer, so that a list of any length takes the memory of one
 * line. Strict, for a quote in the wrong place means that everything behind it would be taken for something else.
 */
#define _POSIX_C_SOURCE 200809L
#include "flow/source/csv.h"

#include <errno.h>
#include <string.h>

enum { RECORD_LIMIT = 1 << 20 };

int lade__csv_open(struct lade__csv *csv, const char *path, struct lade_error *err) {
    *csv = (struct lade__csv){.path = path, .next_line = 1};
    csv->f = fopen(path, "rbe");
    if (!csv->f)
        return lade_error_from_errno(err, errno, path, "%s: cannot open", path);
    int c = getc_unlocked(csv->f);
    if (c != 0xEF) {
        ungetc(c, csv->f);
        return LADE_OK;
    }
    if (getc_unlocked(csv->f) == 0xBB && getc_unlocked(csv->f) == 0xBF)
        return LADE_OK;
    return lade_error_set(err, LADE_EFORMAT, "%s:1: is no text in UTF-8: save the list as CSV in UTF-8", path);
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

static int malformed(const struct lade__csv *csv, const char *what, struct lade_error *err) {
    return lade_error_set(err, LADE_EFORMAT, "%s:%lld: %s", csv->path, (long long)csv->next_line, what);
}

/* ---- Storing ----------------------------------------------------------------------------------------------------- */

static int put(struct lade__csv *csv, int c, struct lade_error *err) {
    if (csv->used == csv->room) {
        size_t room = csv->room ? csv->room * 2 : 256;
        char *p = csv->used < RECORD_LIMIT ? lade_realloc(csv->bytes, room, 1) : NULL;
        if (!p && csv->used < RECORD_LIMIT)
            return lade_error_set(err, LADE_ENOMEM, "%s: no memory for a line", csv->path);
        if (!p)
            return lade_error_set(err, LADE_ELIMIT, "%s:%lld: a record of more than %d bytes: is a quote missing?",
                                  csv->path, (long long)csv->line, RECORD_LIMIT);
        csv->bytes = p;
        csv->room = room;
    }
    csv->bytes[csv->used++] = (char)c;
    return LADE_OK;
}

static int begin_field(struct lade__csv *csv, struct lade_error *err) {
    if (csv->fields == csv->field_room) {
        int room = csv->field_room ? csv->field_room * 2 : 16;
        size_t *p = lade_realloc(csv->starts, (size_t)room, sizeof *p);
        if (!p)
            return lade_error_set(err, LADE_ENOMEM, "%s: no memory for a line", csv->path);
        csv->starts = p;
        csv->field_room = room;
    }
    csv->starts[csv->fields++] = csv->used;
    return LADE_OK;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* What ends a field: a comma, a line feed (also for CR LF) or EOF; LADE_EFORMAT for anything else. */
static int delimiter(struct lade__csv *csv, int c, struct lade_error *err) {
    if (c == '\r') {
        c = getc_unlocked(csv->f);
        if (c != '\n')
            return malformed(csv, "a carriage return without a line feed", err);
    }
    if (c == ',' || c == '\n' || c == EOF)
        return c == EOF ? 0 : c;
    return malformed(csv, "something follows the quotes of a field: a quote inside of them is written twice", err);
}

static int quoted(struct lade__csv *csv, struct lade_error *err) {
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
            return malformed(csv, c == EOF ? "these quotes never end" : "a byte of zero", err);
        }
        csv->next_line += c == '\n';
        int status = put(csv, c, err);
        if (status < 0)
            return status;
    }
}

static int plain(struct lade__csv *csv, int c, struct lade_error *err) {
    for (; c != ',' && c != '\n' && c != '\r' && c != EOF; c = getc_unlocked(csv->f)) {
        if (c == '"')
            return malformed(csv, "a quote inside a field without quotes: put the field in quotes and write it twice",
                             err);
        if (c == 0)
            return malformed(csv, "a byte of zero: this is no text", err);
        int status = put(csv, c, err);
        if (status < 0)
            return status;
    }
    return delimiter(csv, c, err);
}

/* One record; what ended it, or a status below 0. */
static int record(struct lade__csv *csv, struct lade_error *err) {
    int end = ',';

    csv->used = 0;
    csv->fields = 0;
    csv->line = csv->next_line;
    while (end == ',') {
        int status = begin_field(csv, err), c = getc_unlocked(csv->f);
        if (status < 0)
            return status;
        end = c == '"' ? quoted(csv, err) : plain(csv, c, err);
        if (end < 0)
            return end;
        status = put(csv, 0, err);
        if (status < 0)
            return status;
    }
    csv->next_line += end == '\n';
    return end;
}

int lade__csv_next(struct lade__csv *csv, struct lade_error *err) {
    int end;

    do {
        end = record(csv, err);
        if (end < 0)
            return end;
        if (end == 0 && ferror(csv->f))
            return lade_error_from_errno(err, errno ? errno : EIO, csv->path, "%s: cannot read", csv->path);
    } while (end && csv->fields == 1 && csv->used == 1);
    return csv->fields > 1 || csv->used > 1;
}
