/*
 * Makes tensors from arrays of Python, which support the buffer protocol. The memory is not copied. The tensor holds
 * the buffer until the last reference to the tensor is removed, which can happen on a worker thread.
 */
#include <string.h>

#include "data/tensor.h"

/* Removes the reference to the array. Any thread may call the function. After the interpreter has ended, the memory of
   the array no longer belongs to Python, so nothing is released. */
static void release_buffer(void *buffer) {
    if (!Py_IsInitialized())
        return;
    PyGILState_STATE state = PyGILState_Ensure();
    PyBuffer_Release(buffer);
    PyMem_Free(buffer);
    PyGILState_Release(state);
}

/* Returns the dtype with the item size and the kind of @format, or LADE_DTYPE_COUNT. The letters l and L have the size
   of the C type long, so the size of an item is compared, and not the letter. */
static enum lade_dtype dtype_of(const char *format, Py_ssize_t size) {
    static const char kinds[LADE_DTYPE_COUNT] = {
        [LADE_FLOAT32] = 'f', [LADE_UINT8] = 'u',  [LADE_INT8] = 'i',  [LADE_INT16] = 'i',  [LADE_UINT16] = 'u',
        [LADE_INT32] = 'i',   [LADE_UINT32] = 'u', [LADE_INT64] = 'i', [LADE_UINT64] = 'u', [LADE_FLOAT64] = 'f'};
    const char native = PY_BIG_ENDIAN ? '>' : '<';
    const char *letter = format ? format : "B";

    if (*letter == '@' || *letter == '=' || *letter == native)
        letter++;
    if (!*letter || letter[1])
        return LADE_DTYPE_COUNT;
    char kind = strchr("bhilqn", *letter) ? 'i' : strchr("BHILQN?", *letter) ? 'u' : strchr("fd", *letter) ? 'f' : 0;
    for (int d = 0; d < LADE_DTYPE_COUNT; d++)
        if (kinds[d] == kind && (Py_ssize_t)lade_dtype_size((enum lade_dtype)d) == size)
            return (enum lade_dtype)d;
    return LADE_DTYPE_COUNT;
}

static void refuse(const char *name, PyObject *array, const char *rule) {
    PyErr_Clear();
    PyObject *dtype = PyObject_GetAttrString(array, "dtype"), *shape = PyObject_GetAttrString(array, "shape");

    PyErr_Clear();
    if (dtype && shape)
        lade__py_raise_option(name, "%s has the dtype %S and the shape %S: it must be %s", name, dtype, shape, rule);
    else
        lade__py_raise_option(name, "%s is of %R: it must be %s", name, (PyObject *)Py_TYPE(array), rule);
    Py_XDECREF(dtype);
    Py_XDECREF(shape);
}

struct lade_tensor *lade__py_tensor_from(PyObject *array, const char *name) {
    Py_buffer *view = PyMem_Calloc(1, sizeof *view);
    int64_t shape[LADE_MAX_DIMS] = {0};

    if (!view)
        return (struct lade_tensor *)PyErr_NoMemory();
    if (PyObject_GetBuffer(array, view, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) < 0) {
        PyMem_Free(view);
        refuse(name, array, "an array that is contiguous in C order, for example numpy.ascontiguousarray(array)");
        return NULL;
    }
    enum lade_dtype dtype = dtype_of(view->format, view->itemsize);
    bool fits = view->ndim <= LADE_MAX_DIMS;
    for (int i = 0; fits && i < view->ndim; i++)
        shape[i] = view->shape[i];
    struct lade_tensor *t = NULL;
    if (dtype == LADE_DTYPE_COUNT)
        refuse(name, array, "an array of integers or floating-point numbers in the byte order of this machine");
    else if (!fits)
        refuse(name, array, "an array of at most 8 dimensions");
    else if (!(t = lade_tensor_wrap(view->buf, dtype, view->ndim, shape, release_buffer, view)))
        PyErr_NoMemory();
    if (t)
        t->read_only = true;
    else {
        PyBuffer_Release(view);
        PyMem_Free(view);
    }
    return t;
}
