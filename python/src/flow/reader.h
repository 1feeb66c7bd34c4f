/*
 * reader.h - a storage of samples that is written in Python.
 */
#ifndef LADE_PYTHON_READER_H
#define LADE_PYTHON_READER_H

#include <lade/reader.h>

#include "base/failure.h"

/*
 * lade__py_reader_init() - fills @reader with functions that call the methods of @object, which is a Reader of
 *                          python/lade/_sequence.py. Exceptions of the methods are stored in @failures, which must exist until
 *                          the reader is closed. @keep gets the objects that own the strings of @reader.
 */
int lade__py_reader_init(struct lade_reader *reader, PyObject *object, struct lade__py_failures *failures,
                         PyObject *keep);

#endif
