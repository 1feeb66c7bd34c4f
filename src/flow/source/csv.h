/*
 * Reading CSV, strictly: RFC 4180, with line feeds alone allowed as ends of lines, and a byte order mark of UTF-8
 * before the first. Anything else is an error with its line.
 */
#ifndef LADE_FLOW_SOURCE_CSV_H
#define LADE_FLOW_SOURCE_CSV_H

#include <lade/base.h>

struct lade__csv {
    FILE *f;
    const char *path;
    int64_t line;      /* where the record begins, from 1 */
    int64_t next_line; /* where the next one does */
    char *bytes;       /* the fields of the record, each with a final 0 */
    size_t used, room;
    size_t *starts; /* of the fields */
    int fields, field_room;
};

/*
 * lade__csv_open()  - LADE_OK; LADE_ENOENT, LADE_EACCES, LADE_EIO, with @err naming @path (borrowed). To be closed
 * either way. lade__csv_next()  - 1: the next record is there; 0: there is none; LADE_EFORMAT (with path:line),
 * LADE_ELIMIT, LADE_EIO, LADE_ENOMEM. Lines of nothing at all are passed over. lade__csv_field() - field @i of the
 * record, a string   (borrowed until the next one)
 */
int lade__csv_open(struct lade__csv *csv, const char *path, struct lade_error *err);
int lade__csv_next(struct lade__csv *csv, struct lade_error *err);
const char *lade__csv_field(const struct lade__csv *csv, int i);
void lade__csv_close(struct lade__csv *csv);

#endif
