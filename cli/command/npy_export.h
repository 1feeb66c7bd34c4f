/*
 * npy_export.h - writes batches to .npy files. x is written to OUT.npy. If the batch has labels, y is written to
 * OUT-y.npy. If the batch has sample weights, the weights are written to OUT-sample_weight.npy.
 */
#ifndef LADE_CLI_COMMAND_NPY_EXPORT_H
#define LADE_CLI_COMMAND_NPY_EXPORT_H

#include <lade/batch.h>
#include <stdbool.h>

/* Initialise the struct with {0}. */
struct export_files {
    char *paths[3];
    lade_npy_writer *writers[3];
};

/*
 * export_check()  - checks that @path, which is the value of --out, ends in .npy
 * export_batch()  - appends a batch. The first batch creates temporary files
 * export_finish() - completes the files and renames them to their final names if @good is true; otherwise removes the
 *                   temporary files and returns false
 *
 * On error, each function prints a message and returns false.
 */
bool export_check(const char *path);
bool export_batch(struct export_files *files, const char *path, const struct lade_batch *batch);
bool export_finish(struct export_files *files, bool good);

#endif
