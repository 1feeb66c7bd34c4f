/*
 * npy_export.h - batches into .npy files: OUT.npy for x, and beside it OUT-y.npy and OUT-sample_weight.npy if there are
 * such.
 */
#ifndef LADE_CLI_COMMAND_NPY_EXPORT_H
#define LADE_CLI_COMMAND_NPY_EXPORT_H

#include <lade/batch.h>
#include <stdbool.h>

/* Starts as {0}, which writes nothing. */
struct export_files {
    char *paths[3];
    lade_npy_writer *writers[3];
};

/*
 * export_check()  - is @path, of option --to, a name that ends in .npy? False after a message.
 * export_batch()  - append a batch; the first one makes the files. False after a message.
 * export_finish() - complete the files if @good, else remove them. False after a message, or if not @good.
 */
bool export_check(const char *path);
bool export_batch(struct export_files *files, const char *path, const struct lade_batch *batch);
bool export_finish(struct export_files *files, bool good);

#endif
