/*
 * Reads samples that are files, for class folders, CSV files and lists of paths.
 */
#ifndef LADE_SRC_FLOW_SOURCE_FILE_READER_H
#define LADE_SRC_FLOW_SOURCE_FILE_READER_H

#include <lade/reader.h>

#include "flow/source/scan.h"

/*
 * lade__file_reader_open() - makes a reader of the files of @scan. The reader then owns @scan; after an error, @scan
 *                            has been freed. The paths of the files are relative to scan->root, or to the working
 *                            directory if scan->root is "". Files may be appended to @scan until the first sample is
 *                            read. Returns LADE_OK with all functions of @reader set, or an error with @reader set to
 *                            zero.
 */
int lade__file_reader_open(struct lade_reader *reader, lade_scan *scan, struct lade_error *err);

#endif
