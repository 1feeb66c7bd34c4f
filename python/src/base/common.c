/*
 * Defines functions for types, names and paths that several files need. The name of a file or a class is a string of
 * bytes in C. In Python, the name is a str with surrogate escapes, so each name can be converted back to the same
 * bytes.
 */
#include "base/extension.h"

#include <string.h>

PyTypeObject *lade__py_type(PyObject *module, PyType_Spec *spec) {
    PyObject *type = PyType_FromSpec(spec);

    if (!type || PyModule_AddType(module, (PyTypeObject *)type) < 0) {
        Py_XDECREF(type);
        return NULL;
    }
    return (PyTypeObject *)type;
}

void *lade__py_new(PyTypeObject *type) {
    return PyType_GenericAlloc(type, 0);
}

void lade__py_free(void *object) {
    PyTypeObject *type = Py_TYPE(object);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);

    release(object);
    Py_DECREF(type);
}

void lade__py_replace(PyObject **field, PyObject *value) {
    PyObject *old = *field;

    *field = value;
    Py_XDECREF(old);
}

PyObject *lade__py_name(const char *name) {
    return PyUnicode_DecodeFSDefault(name);
}

PyObject *lade__py_path(PyObject *value, const char *name) {
    PyObject *bytes = NULL;

    if (PyUnicode_FSConverter(value, &bytes))
        return bytes;
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "%s must be a str, bytes or os.PathLike, not %R", name,
                     (PyObject *)Py_TYPE(value));
    } else if (PyErr_ExceptionMatches(PyExc_ValueError)) {
        PyErr_Clear();
        lade__py_raise_option(name, "%s is %R: it must not contain a null character", name, value);
    }
    return NULL;
}

const char *const *lade__py_names(PyObject *value, const char *name, PyObject **keep) {
    PyObject *list = NULL, *memory = NULL;
    const char **array = NULL;

    *keep = NULL;
    if (PyUnicode_Check(value) || PyBytes_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a list of strings, not one string: %R", name, value);
        return NULL;
    }
    list = PySequence_List(value);
    if (!list)
        return NULL;
    Py_ssize_t count = PyList_Size(list);
    memory = PyBytes_FromStringAndSize(NULL, (count + 1) * (Py_ssize_t)sizeof *array);
    if (!memory)
        goto failed;
    array = (const char **)(void *)PyBytes_AsString(memory);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *bytes = lade__py_path(PyList_GetItem(list, i), name);
        if (!bytes)
            goto failed;
        array[i] = PyBytes_AsString(bytes);
        if (PyList_SetItem(list, i, bytes) < 0)
            goto failed;
    }
    array[count] = NULL;
    if (PyList_Append(list, memory) < 0)
        goto failed;
    Py_DECREF(memory);
    *keep = list;
    return array;
failed:
    Py_XDECREF(memory);
    Py_DECREF(list);
    return NULL;
}
