/*
 * Reads CSV files in the format of RFC 4180. In addition, a line may end with a line feed alone, and the file may begin
 * with the byte order mark of UTF-8. Everything else is an error whose message contains the line number.
 */
#ifndef LADE_SRC_FLOW_SOURCE_CSV_H
#define LADE_SRC_FLOW_SOURCE_CSV_H

#include <lade/base.h>

struct lade__csv {
    FILE *f;
    const char *path;
    int64_t line;      /* the first line of the record, from 1 */
    int64_t next_line; /* the first line of the next record */
    char *bytes;       /* the fields of the record, each with a final NUL */
    size_t used, capacity;
    size_t *starts; /* offset of each field in `bytes` */
    int fields, field_capacity;
};

/*
 * lade__csv_open()  - opens the file @path. If @text is not NULL, reads this text instead. Returns LADE_OK,
 *                     LADE_EFORMAT (the file is not UTF-8 text), LADE_ENOENT, LADE_EACCES or LADE_EIO. @path and @text
 *                     are borrowed. The caller must call lade__csv_close(), also after an error.
 * lade__csv_next()  - reads the next record. Empty lines are skipped. Returns 1 if there is a record, 0 if there are no
 *                     more records, or LADE_EFORMAT, LADE_ELIMIT, LADE_EIO or LADE_ENOMEM.
 * lade__csv_field() - returns field @i of the record. The string is valid until the next record is read.
 * lade__csv_error() - fills @err with a message about the current record. The message begins with "path:line: ".
 *                     @column is the name of the column that the error is about, or NULL. Returns LADE_EFORMAT.
 */
int lade__csv_open(struct lade__csv *csv, const char *path, const char *text, struct lade_error *err);
int lade__csv_next(struct lade__csv *csv, struct lade_error *err);
const char *lade__csv_field(const struct lade__csv *csv, int i);
int lade__csv_error(const struct lade__csv *csv, struct lade_error *err, const char *column, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void lade__csv_close(struct lade__csv *csv);

#endif
