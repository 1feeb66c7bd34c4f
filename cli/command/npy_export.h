/*
 * npy_export.h - writes batches to .npy files: OUT.npy for x, and OUT-y.npy and OUT-sample_weight.npy if they exist.
 */
#ifndef LADE_CLI_COMMAND_NPY_EXPORT_H
#define LADE_CLI_COMMAND_NPY_EXPORT_H

#include <lade/batch.h>
#include <stdbool.h>

/* Initialise it with {0}. */
struct export_files {
    char *paths[3];
    lade_npy_writer *writers[3];
};

/*
 * export_check()  - checks that @path, the value of --to, ends in .npy. Returns false after a message.
 * export_batch()  - appends a batch. The first batch creates the files. Returns false after a message.
 * export_finish() - completes the files if @good is true, otherwise removes them. Returns false after a message, or if
 *                   @good is false.
 */
bool export_check(const char *path);
bool export_batch(struct export_files *files, const char *path, const struct lade_batch *batch);
bool export_finish(struct export_files *files, bool good);

#endif
