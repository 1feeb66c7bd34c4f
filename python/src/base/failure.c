/*
 * Stores the first exceptions that functions of the user raise. A function that has a bug may raise an exception for
 * every sample, and each exception holds references to its stack frames and their arrays. So only the first
 * MOST_FAILURES exceptions are stored.
 */
#include "base/failure.h"

#include <string.h>

enum { MOST_FAILURES = 32, LONGEST_TEXT = 400 };

PyObject *lade__py_take_exception(void) {
    PyObject *type, *value, *traceback;

    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value && traceback)
        PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
}

/* Returns "ValueError: message" as it appears in a message of the library. */
static PyObject *text_of(PyObject *exception) {
    PyObject *name = PyType_GetName(Py_TYPE(exception)), *message = PyObject_Str(exception), *text = NULL;
    char buffer[LONGEST_TEXT];

    PyObject *full = name && message ? PyUnicode_FromFormat("%U: %U", name, message) : NULL;
    PyObject *bytes = full ? PyUnicode_AsEncodedString(full, "utf-8", "backslashreplace") : NULL;
    if (bytes) {
        Py_ssize_t length = PyBytes_Size(bytes);
        lade_text_escape(PyBytes_AsString(bytes), (size_t)length, false, buffer, sizeof buffer);
        text = PyBytes_FromString(buffer);
    }
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(message);
    Py_XDECREF(full);
    Py_XDECREF(bytes);
    return text;
}

int lade__py_failures_store(struct lade__py_failures *f, struct lade_error *err) {
    int status = PyErr_ExceptionMatches(PyExc_MemoryError) ? LADE_ENOMEM : LADE_ERUNTIME;
    PyObject *exception = lade__py_take_exception();
    PyObject *text = exception ? text_of(exception) : NULL;

    lade_error_set(err, status, "%s", text ? PyBytes_AsString(text) : "an exception without a text");
    if (!f->list)
        f->list = PyList_New(0);
    if (text && f->list && PyList_Size(f->list) < MOST_FAILURES) {
        PyObject *pair = PyTuple_Pack(2, text, exception);
        if (pair)
            PyList_Append(f->list, pair);
        Py_XDECREF(pair);
    }
    PyErr_Clear();
    Py_XDECREF(text);
    Py_XDECREF(exception);
    return status;
}

/* Adds the message of the library, which contains the name of the sample, as a note. */
static void add_note(PyObject *exception, const struct lade_error *err) {
    PyObject *result = PyObject_CallMethod(exception, "add_note", "s", err->message);

    if (!result)
        PyErr_Clear();
    Py_XDECREF(result);
}

PyObject *lade__py_failures_raise(struct lade__py_failures *f, const struct lade_error *err) {
    Py_ssize_t count = f->list && (err->code == LADE_ERUNTIME || err->code == LADE_ENOMEM) ? PyList_Size(f->list) : 0;
    PyObject *found = NULL;

    for (Py_ssize_t i = 0; i < count && !found; i++) {
        PyObject *pair = PyList_GetItem(f->list, i);
        if (strstr(err->message, PyBytes_AsString(PyTuple_GetItem(pair, 0))))
            found = Py_NewRef(PyTuple_GetItem(pair, 1));
    }
    lade__py_failures_clear(f);
    if (!found)
        return lade__py_raise(err);
    add_note(found, err);
    PyErr_SetObject((PyObject *)Py_TYPE(found), found);
    Py_DECREF(found);
    return NULL;
}

void lade__py_failures_clear(struct lade__py_failures *f) {
    Py_CLEAR(f->list);
}
