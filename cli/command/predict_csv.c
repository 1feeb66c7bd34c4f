/*
 * Writes CSV. Control characters in paths and names are not replaced, because another program must find the files.
 */
#include "command/predict_csv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/text.h"

static void write_text(struct output_file *out, const char *s) {
    output_file_write(out, s, strlen(s));
}

/* Writes a field. A field with a comma, a quote or a line break is quoted, and its quotes are doubled. Spaces at the
   beginning or end are also quoted, because some programs remove them. */
static void write_field(struct output_file *out, const char *s) {
    size_t length = strlen(s);
    bool plain = length > 0 && s[0] != ' ' && s[length - 1] != ' ' && !strpbrk(s, ",\"\r\n");
    if (plain) {
        write_text(out, s);
        return;
    }
    write_text(out, "\"");
    for (; *s; s++) {
        if (*s == '"')
            write_text(out, "\"");
        output_file_write(out, s, 1);
    }
    write_text(out, "\"");
}

bool predict_csv_open(struct output_file *out, const char *path) {
    if (!output_file_open(out, path))
        return false;
    write_text(out, "filename");
    return true;
}

void predict_csv_path(struct output_file *out, const char *path) {
    write_field(out, path);
}

void predict_csv_column(struct output_file *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = text_vprintf(format, args);
    va_end(args);
    write_text(out, ",");
    if (*text)
        write_field(out, text);
    free(text);
}

void predict_csv_end(struct output_file *out) {
    write_text(out, "\n");
}
