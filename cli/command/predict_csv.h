/*
 * predict_csv.h - writes predictions to a CSV file (RFC 4180). The paths are in the column "filename" and the predicted
 * classes in the column "class". These are the default column names of a list, so the file can be the SOURCE of another
 * command.
 */
#ifndef LADE_CLI_COMMAND_PREDICT_CSV_H
#define LADE_CLI_COMMAND_PREDICT_CSV_H

#include <stdbool.h>

#include "terminal/output_file.h"

/* predict_csv_open() - opens the file and begins the header with "filename". On error, prints a message and returns
   false. */
bool predict_csv_open(struct output_file *out, const char *path);

/* predict_csv_path(), predict_csv_column(), predict_csv_end() - write the parts of a row: the path of the image, another
   field, and the end of the line. On error, output_file_close() prints the message. */
void predict_csv_path(struct output_file *out, const char *path);
void predict_csv_column(struct output_file *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void predict_csv_end(struct output_file *out);

#endif
