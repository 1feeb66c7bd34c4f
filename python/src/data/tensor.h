/*
 * tensor.h - declares the type Tensor, and makes tensors from Python objects.
 */
#ifndef LADE_PYTHON_TENSOR_H
#define LADE_PYTHON_TENSOR_H

#include "base/extension.h"

#include <lade/tensor.h>

/*
 * An object of the type Tensor.
 */
struct lade__py_tensor {
    PyObject_HEAD struct lade_tensor *tensor;
    Py_ssize_t shape[LADE_MAX_DIMS], strides[LADE_MAX_DIMS]; /* for the buffer protocol; strides in bytes */
};

/*
 * lade__py_tensor_new()  - returns a Tensor that uses @tensor. The function takes over the caller's reference, even if
 *                          it fails. If @tensor is NULL, raises MemoryError.
 * lade__py_tensor_from() - makes a tensor of the library that uses the memory of an array. The array must support the
 *                          buffer protocol, be contiguous in C order, and have an element type of lade in the byte
 *                          order of this machine. @name is the name of the argument, for messages. The tensor is
 *                          read-only. Returns NULL with an exception.
 * lade__py_tensor_format() - returns the format of a dtype in the buffer protocol and the module struct.
 */
PyObject *lade__py_tensor_new(struct lade_tensor *tensor);
struct lade_tensor *lade__py_tensor_from(PyObject *array, const char *name);
const char *lade__py_tensor_format(enum lade_dtype dtype);

/* The methods __dlpack__() and __dlpack_device__(). */
PyObject *lade__py_tensor_dlpack(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *lade__py_tensor_dlpack_device(PyObject *self, PyObject *unused);

#endif
