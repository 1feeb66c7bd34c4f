/*
 * Writes CSV. Paths and names are written as they are, without escapes, because another program must find the files.
 */
#include "command/predict_csv.h"

#include <stdio.h>
#include <string.h>

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

bool predict_csv_open(struct output_file *out, const char *path, int top) {
    if (!output_file_open(out, path))
        return false;
    write_text(out, "filename,class,probability");
    for (int k = 2; k <= top; k++) {
        char columns[64];
        snprintf(columns, sizeof columns, ",class_%d,probability_%d", k, k);
        write_text(out, columns);
    }
    write_text(out, "\n");
    return true;
}

void predict_csv_path(struct output_file *out, const char *path) {
    write_field(out, path);
}

void predict_csv_class(struct output_file *out, const char *name, double probability) {
    char number[48];
    snprintf(number, sizeof number, ",%.9g", probability);
    write_text(out, ",");
    write_field(out, name);
    write_text(out, number);
}

void predict_csv_end(struct output_file *out) {
    write_text(out, "\n");
}
