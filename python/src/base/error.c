/*
 * Makes Python exceptions from errors of lade. The classes of the exceptions are defined in Python, in
 * python/lade/_errors.py, because each class has two base classes.
 */
#include "base/extension.h"

#include <stdarg.h>
#include <string.h>

/* Calls lade._errors.make_error(code, name of the code, subject, message). Returns the exception, or NULL. */
static PyObject *make_error(int code, const char *subject, PyObject *message) {
    PyObject *module = PyImport_ImportModule("lade._errors"), *result = NULL;
    PyObject *name = module ? lade__py_name(subject) : NULL;

    if (name)
        result = PyObject_CallMethod(module, "make_error", "isOO", code, lade_status_name(code), name, message);
    Py_XDECREF(name);
    Py_XDECREF(module);
    return result;
}

static void raise(int code, const char *subject, PyObject *message) {
    PyObject *error = message ? make_error(code, subject, message) : NULL;

    if (error)
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
    Py_XDECREF(error);
    Py_XDECREF(message);
}

PyObject *lade__py_raise(const struct lade_error *err) {
    if (!PyErr_Occurred())
        raise(err->code, err->subject, PyUnicode_DecodeUTF8(err->message, (Py_ssize_t)strlen(err->message), "replace"));
    return NULL;
}

int lade__py_raise_option(const char *name, const char *format, ...) {
    va_list args;

    va_start(args, format);
    PyObject *message = PyUnicode_FromFormatV(format, args);
    va_end(args);
    raise(LADE_EINVAL, name, message);
    return -1;
}
