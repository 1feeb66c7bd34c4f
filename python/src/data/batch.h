/*
 * batch.h - declares the functions of the type Batch.
 */
#ifndef LADE_PYTHON_BATCH_H
#define LADE_PYTHON_BATCH_H

#include "base/extension.h"

#include <lade/batch.h>

/*
 * lade__py_batch_new() - returns a Batch for @batch. The function takes over the caller's reference, even if it fails.
 * lade__py_batch_get() - returns the batch of an object of the type Batch, or NULL with a TypeError.
 */
PyObject *lade__py_batch_new(struct lade_batch *batch);
struct lade_batch *lade__py_batch_get(PyObject *object);

#endif
