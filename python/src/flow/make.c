/*
 * Defines the constructors of flows. They are class methods whose last argument is a dict of options, and the functions
 * of python/lade/_make.py call them. The GIL is released while the library reads directories and lists.
 */
#include <string.h>
#include <time.h>

#include "base/job.h"
#include "flow/flow.h"
#include "flow/reader.h"
#include "data/tensor.h"

/* The arguments that all constructors share. */
struct making {
    struct lade__py_flow *self;
    struct lade_flow_options options;
    PyObject *keep; /* objects that own strings and arrays of the options */
    struct timespec next_check;
    struct lade_stop_callback stop; /* ends the search in directories if a signal handler raises an exception */
    struct lade_error err;
};

/* Allocates the object and reads the options. */
static int begin(struct making *m, PyObject *class, PyObject *options) {
    *m = (struct making){0};
    if (!PyDict_Check(options)) {
        PyErr_SetString(PyExc_TypeError, "the options must be a dict");
        return -1;
    }
    m->self = lade__py_flow_new(class);
    m->keep = m->self ? PyList_New(0) : NULL;
    m->stop = (struct lade_stop_callback){lade__py_stop, &m->next_check};
    m->options.stop = &m->stop;
    return m->keep ? lade__py_flow_options_read(m->self, options, &m->options, m->keep) : -1;
}

/* Releases the memory of the arguments. Returns the object, or NULL with an exception if it has no flow. */
static PyObject *end(struct making *m) {
    PyObject *self = (PyObject *)m->self;

    if (self && !m->self->flow) {
        if (!PyErr_Occurred())
            lade__py_failures_raise(&m->self->failures, &m->err);
        Py_CLEAR(self);
    }
    Py_XDECREF(m->keep);
    return self;
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static PyObject *from_directory(PyObject *class, PyObject *args) {
    PyObject *path, *options, *bytes;
    struct making m;

    if (!PyArg_ParseTuple(args, "OO", &path, &options) || !(bytes = lade__py_path(path, "directory")))
        return NULL;
    if (begin(&m, class, options) == 0) {
        const char *directory = PyBytes_AsString(bytes);
        Py_BEGIN_ALLOW_THREADS;
        m.self->flow = lade_flow_from_directory(directory, &m.options, &m.err);
        Py_END_ALLOW_THREADS;
    }
    Py_DECREF(bytes);
    return end(&m);
}

static PyObject *from_paths(PyObject *class, PyObject *args) {
    PyObject *paths, *options, *owner = NULL;
    const char *const *names;
    struct making m;

    if (!PyArg_ParseTuple(args, "OO", &paths, &options) || !(names = lade__py_names(paths, "paths", &owner)))
        return NULL;
    if (begin(&m, class, options) == 0) {
        Py_BEGIN_ALLOW_THREADS;
        m.self->flow = lade_flow_from_paths(names, &m.options, &m.err);
        Py_END_ALLOW_THREADS;
    }
    Py_DECREF(owner);
    return end(&m);
}

/* Stores the bytes of an argument, which may be None, in *text. The bytes belong to @keep. */
static int optional_text(PyObject *value, const char *name, const char **text, PyObject *keep) {
    PyObject *bytes = value == Py_None ? NULL : lade__py_path(value, name);

    if (value == Py_None)
        return 0;
    int status = bytes ? PyList_Append(keep, bytes) : -1;
    if (status == 0)
        *text = PyBytes_AsString(bytes);
    Py_XDECREF(bytes);
    return status;
}

static PyObject *from_csv(PyObject *class, PyObject *args) {
    PyObject *path, *x_col, *y_col, *weight_col, *directory, *separator, *text, *options, *owner = NULL;
    struct lade_manifest manifest = {0};
    const char *name = NULL, *letter = NULL;
    struct making m;

    if (!PyArg_ParseTuple(args, "OOOOOOOO", &path, &x_col, &y_col, &weight_col, &directory, &separator, &text,
                          &options))
        return NULL;
    int status = begin(&m, class, options);
    if (status == 0 && y_col != Py_None)
        status = (manifest.y_col = lade__py_names(y_col, "y_col", &owner)) ? 0 : -1;
    if (status == 0 &&
        (optional_text(path, "path", &name, m.keep) < 0 || optional_text(x_col, "x_col", &manifest.x_col, m.keep) < 0 ||
         optional_text(weight_col, "weight_col", &manifest.weight_col, m.keep) < 0 ||
         optional_text(directory, "directory", &manifest.directory, m.keep) < 0 ||
         optional_text(text, "text", &manifest.text, m.keep) < 0 ||
         optional_text(separator, "label_separator", &letter, m.keep) < 0))
        status = -1;
    if (status == 0 && letter && strlen(letter) != 1)
        status = lade__py_raise_option("label_separator", "label_separator is %R: it must be one character", separator);
    if (status == 0) {
        manifest.label_separator = letter ? *letter : 0;
        Py_BEGIN_ALLOW_THREADS;
        m.self->flow = lade_flow_from_manifest(name, &manifest, &m.options, &m.err);
        Py_END_ALLOW_THREADS;
    }
    Py_XDECREF(owner);
    return end(&m);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* Makes a tensor from an argument. For None, *tensor does not change. Returns 0, or -1 with an exception. */
static int optional_tensor(PyObject *value, const char *name, struct lade_tensor **tensor) {
    if (value != Py_None)
        *tensor = lade__py_tensor_from(value, name);
    return value == Py_None || *tensor ? 0 : -1;
}

static PyObject *from_arrays(PyObject *class, PyObject *args) {
    PyObject *arrays[3], *options;
    struct lade_tensor *x = NULL, *y = NULL, *weight = NULL;
    struct making m;

    if (!PyArg_ParseTuple(args, "OOOO", &arrays[0], &arrays[1], &arrays[2], &options))
        return NULL;
    int status = begin(&m, class, options);
    if (status == 0 && (x = lade__py_tensor_from(arrays[0], "x")) && optional_tensor(arrays[1], "y", &y) == 0 &&
        optional_tensor(arrays[2], "sample_weight", &weight) == 0) {
        Py_BEGIN_ALLOW_THREADS;
        m.self->flow = lade_flow_from_arrays(x, y, weight, &m.options, &m.err);
        Py_END_ALLOW_THREADS;
    }
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    lade_tensor_unref(weight);
    return end(&m);
}

static PyObject *from_reader(PyObject *class, PyObject *args) {
    PyObject *reader_object, *options;
    struct lade_reader reader;
    struct making m;

    if (!PyArg_ParseTuple(args, "OO", &reader_object, &options))
        return NULL;
    if (begin(&m, class, options) == 0 &&
        lade__py_reader_init(&reader, reader_object, &m.self->failures, m.keep) == 0) {
        Py_BEGIN_ALLOW_THREADS;
        m.self->flow = lade_flow_from_reader(&reader, &m.options, &m.err);
        Py_END_ALLOW_THREADS;
        m.self->reader = m.self->flow ? reader_object : NULL;
    }
    return end(&m);
}

PyMethodDef lade__py_flow_constructors[] = {
    {"_from_directory", from_directory, METH_VARARGS | METH_CLASS, "_from_directory(directory, options, /)\n--\n\n"},
    {"_from_paths", from_paths, METH_VARARGS | METH_CLASS, "_from_paths(paths, options, /)\n--\n\n"},
    {"_from_csv", from_csv, METH_VARARGS | METH_CLASS,
     "_from_csv(path, x_col, y_col, weight_col, directory, label_separator, text, options, /)\n--\n\n"},
    {"_from_arrays", from_arrays, METH_VARARGS | METH_CLASS, "_from_arrays(x, y, sample_weight, options, /)\n--\n\n"},
    {"_from_reader", from_reader, METH_VARARGS | METH_CLASS, "_from_reader(reader, options, /)\n--\n\n"},
    {0}};
