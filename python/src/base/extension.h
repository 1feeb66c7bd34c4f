/*
 * extension.h - declares functions that all files of the extension module lade._lade use.
 *
 * The module uses only the limited API of Python 3.11, so that one binary works with every later version of CPython.
 * Each file defines one type or one group of functions. The modules of python/lade/ build the public interface from
 * these types and functions. Functions that return `int` return 0, or -1 with a Python exception.
 */
#ifndef LADE_PYTHON_EXTENSION_H
#define LADE_PYTHON_EXTENSION_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

#include <lade/base.h>

/*
 * Each function adds the types and functions of one file to the module. module.c calls these functions.
 */
int lade__py_add_options(PyObject *module);
int lade__py_add_tensor(PyObject *module);
int lade__py_add_batch(PyObject *module);
int lade__py_add_stats(PyObject *module);
int lade__py_add_digest(PyObject *module);
int lade__py_add_flow(PyObject *module);
int lade__py_add_epoch(PyObject *module);
int lade__py_add_plan(PyObject *module);
int lade__py_add_scan(PyObject *module);
int lade__py_add_net(PyObject *module);
int lade__py_add_gradients(PyObject *module);
int lade__py_add_run(PyObject *module);

/*
 * lade__py_raise() - raises the exception for @err. The class of the exception is defined in python/lade/_errors.py. Returns
 *                    NULL. If an exception is already set, it stays.
 *
 * lade__py_raise_option() - raises lade.OptionError, which is a ValueError, with the subject @name. @format is a format
 *                           of PyUnicode_FromFormat(). Returns -1.
 */
PyObject *lade__py_raise(const struct lade_error *err);
int lade__py_raise_option(const char *name, const char *format, ...);

/*
 * lade__py_type()      - makes a type from @spec and adds it to @module. Returns the type, which is never freed, or
 *                        NULL with an exception.
 * lade__py_new()       - allocates an object of @type, filled with zeros.
 * lade__py_free()      - frees the memory of an object in its tp_dealloc.
 * lade__py_replace()   - stores @value in *field, which takes over the caller's reference. Then removes the reference
 *                        to the old value.
 * lade__py_name()      - returns the str for a name or path. Bytes that are not UTF-8 become surrogate escapes, as with
 *                        os.fsdecode().
 * lade__py_path()      - returns the bytes of a path, which can be a str, bytes or an os.PathLike. @name is the name of
 *                        the argument, for messages.
 * lade__py_names()     - returns the strings of an iterable as an array that ends with NULL. *keep becomes the object
 *                        that owns the strings and the array. @name is the name of the argument, for messages.
 */
PyTypeObject *lade__py_type(PyObject *module, PyType_Spec *spec);
void *lade__py_new(PyTypeObject *type);
void lade__py_free(void *object);
void lade__py_replace(PyObject **field, PyObject *value);
PyObject *lade__py_name(const char *name);
PyObject *lade__py_path(PyObject *value, const char *name);
const char *const *lade__py_names(PyObject *value, const char *name, PyObject **keep);

#endif
