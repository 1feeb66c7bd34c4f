/*
 * reader.h - makes a struct lade_reader from an object of Python, which reads samples from a storage.
 */
#ifndef LADE_PYTHON_READER_H
#define LADE_PYTHON_READER_H

#include <lade/reader.h>

#include "base/failure.h"

/*
 * lade__py_reader_init() - fills @reader with functions that call the methods of @object, which is a Reader of
 *                          python/lade/_sequence.py. Exceptions of the methods are stored in @failures, which must exist until
 *                          the reader is closed. The function appends the objects that own the strings of @reader to
 *                          the list @keep.
 */
int lade__py_reader_init(struct lade_reader *reader, PyObject *object, struct lade__py_failures *failures,
                         PyObject *keep);

#endif
