/*
 * Reads samples that are the rows of an array of images.
 */
#ifndef LADE_SRC_FLOW_SOURCE_ARRAY_READER_H
#define LADE_SRC_FLOW_SOURCE_ARRAY_READER_H

#include <lade/reader.h>

/*
 * lade__array_reader() - makes a reader of the rows of @x, which has the shape (n, H, W, C). The reader keeps a
 *                        reference to @x until the reader is closed. Cannot fail.
 */
void lade__array_reader(struct lade_reader *reader, struct lade_tensor *x);

#endif
