/*
 * Reads samples through an object of Python. The bytes of a sample are not copied, because the worker holds the buffer
 * until it reads its next sample.
 */
#include "flow/reader.h"

#include <string.h>

#include "flow/callback.h"
#include "data/tensor.h"

struct reader {
    PyObject *object;
    struct lade__py_failures *failures;
    int workers;
    Py_buffer *views;     /* one for each worker: the bytes of its current sample; view.obj is NULL if it has no
                             sample */
    PyObject *class_name; /* owns the string of the last result of label() */
};

/* ---- The functions of struct lade_reader ------------------------------------------------------------------------- */

static int open_workers(void *context, int workers, struct lade_error *err) {
    struct reader *r = context;

    if (workers <= r->workers)
        return LADE_OK;
    PyGILState_STATE state = PyGILState_Ensure();
    Py_buffer *views = PyMem_Realloc(r->views, (size_t)workers * sizeof *views);
    if (views) {
        memset(views + r->workers, 0, (size_t)(workers - r->workers) * sizeof *views);
        r->views = views;
        r->workers = workers;
    }
    PyGILState_Release(state);
    return views ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory for a reader");
}

static int64_t read_sample(struct reader *r, Py_buffer *view, int64_t i, lade_reader_buffer *buffer,
                           struct lade_error *err) {
    PyBuffer_Release(view);
    PyObject *bytes = PyObject_CallMethod(r->object, "read", "L", (long long)i);
    int status = bytes ? PyObject_GetBuffer(bytes, view, PyBUF_SIMPLE) : -1;
    Py_XDECREF(bytes);
    if (status < 0)
        return lade__py_failures_store(r->failures, err);
    status = lade_reader_lend(buffer, view->buf, view->len, err);
    return status < 0 ? status : view->len;
}

static int64_t read_with_gil(void *context, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
    struct reader *r = context;

    if (!lade__py_threads_may_run())
        return lade_error_set(err, LADE_ECANCELED, "the Python interpreter ends");
    PyGILState_STATE state = PyGILState_Ensure();
    int64_t size = read_sample(r, &r->views[worker], i, buffer, err);
    PyGILState_Release(state);
    return size;
}

/* Stores the result of Reader.label(), which is (class name or None, values or None, weight). */
static int store_label(struct reader *r, PyObject *result, int columns, struct lade_reader_label *label) {
    PyObject *name, *values;
    double weight;

    if (!PyArg_ParseTuple(result, "OOd", &name, &values, &weight))
        return -1;
    label->weight = (float)weight;
    for (int c = 0; c < columns; c++) {
        PyObject *value = PySequence_GetItem(values, c);
        label->values[c] = value ? (float)PyFloat_AsDouble(value) : 0;
        Py_XDECREF(value);
        if (PyErr_Occurred())
            return -1;
    }
    if (name == Py_None)
        return 0;
    PyObject *bytes = lade__py_path(name, "class");
    if (!bytes)
        return -1;
    lade__py_replace(&r->class_name, bytes);
    label->class_name = PyBytes_AsString(bytes);
    return 0;
}

static int label(void *context, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    struct reader *r = context;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *columns = PyObject_GetAttrString(r->object, "columns");
    PyObject *result = columns ? PyObject_CallMethod(r->object, "label", "L", (long long)i) : NULL;
    int status = result ? store_label(r, result, (int)PyLong_AsLong(columns), label) : -1;

    if (status < 0)
        status = lade__py_failures_store(r->failures, err);
    Py_XDECREF(columns);
    Py_XDECREF(result);
    PyGILState_Release(state);
    return status;
}

static void close_reader(void *context) {
    struct reader *r = context;

    if (!lade__py_threads_may_run())
        return;
    PyGILState_STATE state = PyGILState_Ensure();
    for (int i = 0; i < r->workers; i++)
        PyBuffer_Release(&r->views[i]);
    PyMem_Free(r->views);
    Py_XDECREF(r->class_name);
    Py_XDECREF(r->object);
    PyMem_Free(r);
    PyGILState_Release(state);
}

/* ---- Initialisation ---------------------------------------------------------------------------------------------- */

static int64_t integer(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    int64_t number = value ? PyLong_AsLongLong(value) : -1;

    Py_XDECREF(value);
    return number;
}

static const char *text(PyObject *object, const char *name, PyObject *keep) {
    PyObject *value = PyObject_GetAttrString(object, name);
    PyObject *bytes = value ? lade__py_path(value, name) : NULL;
    const char *string = bytes && PyList_Append(keep, bytes) == 0 ? PyBytes_AsString(bytes) : NULL;

    Py_XDECREF(value);
    Py_XDECREF(bytes);
    return string;
}

static int fill(struct lade_reader *reader, PyObject *object, PyObject *keep) {
    long long shape[3];
    PyObject *size = PyObject_GetAttrString(object, "shape");
    int parsed = size && PyArg_ParseTuple(size, "LLL", &shape[0], &shape[1], &shape[2]);
    const char *separator;

    Py_XDECREF(size);
    if (!parsed || !(reader->source = text(object, "source", keep)) ||
        !(separator = text(object, "label_separator", keep)))
        return -1;
    for (int i = 0; i < 3; i++)
        reader->shape[i] = shape[i];
    reader->label_separator = *separator;
    reader->samples = integer(object, "samples");
    reader->dtype = (enum lade_dtype)integer(object, "dtype");
    reader->columns = (int)integer(object, "columns");
    reader->weighted = integer(object, "weighted") > 0;
    reader->label = integer(object, "labelled") > 0 ? label : NULL;
    return PyErr_Occurred() ? -1 : 0;
}

int lade__py_reader_init(struct lade_reader *reader, PyObject *object, struct lade__py_failures *failures,
                         PyObject *keep) {
    *reader = (struct lade_reader){.open = open_workers, .read = read_with_gil, .close = close_reader};
    if (fill(reader, object, keep) < 0)
        return -1;
    struct reader *r = PyMem_Calloc(1, sizeof *r);
    if (!r) {
        PyErr_NoMemory();
        return -1;
    }
    r->object = Py_NewRef(object);
    r->failures = failures;
    reader->ctx = r;
    return 0;
}
