/*
 * Stores numbers of Python in the fields of options. The library checks the ranges. This file checks only properties
 * that the C value no longer has: the type of the object, the size of an integer, and whether a zero was given
 * explicitly.
 */
#include "option/options.h"

#include <limits.h>
#include <math.h>
#include <string.h>

size_t lade__py_option_size(enum lade_option_type type) {
    switch (type) {
    case LADE_OPTION_BOOL:
        return sizeof(bool);
    case LADE_OPTION_INT:
    case LADE_OPTION_ENUM:
        return sizeof(int);
    case LADE_OPTION_INT64:
    case LADE_OPTION_UINT64:
        return sizeof(int64_t);
    case LADE_OPTION_FLOAT:
        return sizeof(float);
    case LADE_OPTION_DOUBLE:
        return sizeof(double);
    default:
        return 0;
    }
}

static int wrong_type(const struct lade_option_info *o, const char *expected, PyObject *value) {
    PyErr_Format(PyExc_TypeError, "%s is %R: it must be %s", o->name, value, expected);
    return -1;
}

/* Raises an exception with the allowed numbers. */
static int out_of_range(const struct lade_option_info *o, PyObject *value) {
    char minimum[40], maximum[40];

    PyErr_Clear();
    snprintf(minimum, sizeof minimum, "%.15g", o->minimum);
    if (o->type == LADE_OPTION_UINT64)
        snprintf(maximum, sizeof maximum, "2**64 - 1");
    else
        snprintf(maximum, sizeof maximum, "%.15g", o->maximum);
    return lade__py_raise_option(o->name, "%s is %R: it must be a number %s %s %s %s", o->name, value,
                                 o->above_minimum ? "above" : "from", minimum, o->below_maximum ? "and below" : "to",
                                 maximum);
}

static int store_integer(const struct lade_option_info *o, PyObject *value, char *at) {
    PyObject *number = PyBool_Check(value) ? NULL : PyNumber_Index(value);

    if (!number) {
        PyErr_Clear();
        return wrong_type(o, "an integer", value);
    }
    if (o->type == LADE_OPTION_UINT64) {
        uint64_t n = PyLong_AsUnsignedLongLong(number);
        Py_DECREF(number);
        if (n == UINT64_MAX && PyErr_Occurred())
            return out_of_range(o, value);
        memcpy(at, &n, sizeof n);
        return 0;
    }
    int64_t n = PyLong_AsLongLong(number);
    Py_DECREF(number);
    if (n == -1 && PyErr_Occurred())
        return out_of_range(o, value);
    if (o->type == LADE_OPTION_INT64) {
        memcpy(at, &n, sizeof n);
        return 0;
    }
    int small = (int)n;
    if (n <= LADE_OFF || n > INT_MAX)
        return out_of_range(o, value);
    memcpy(at, &small, sizeof small);
    return 0;
}

static int store_real(const struct lade_option_info *o, PyObject *value, char *at) {
    double n = PyBool_Check(value) || PyUnicode_Check(value) ? -1 : PyFloat_AsDouble(value);
    float f = (float)n;

    if (n == -1 && (PyErr_Occurred() || !PyNumber_Check(value) || PyBool_Check(value))) {
        PyErr_Clear();
        return wrong_type(o, "a number", value);
    }
    if (!isfinite(n) || (o->type == LADE_OPTION_FLOAT && !isfinite(f)))
        return lade__py_raise_option(o->name, "%s is %R: it must be a finite number", o->name, value);
    if (o->type == LADE_OPTION_FLOAT)
        memcpy(at, &f, sizeof f);
    else
        memcpy(at, &n, sizeof n);
    return 0;
}

static int store_bool(const struct lade_option_info *o, PyObject *value, char *at) {
    int truth = PyObject_IsTrue(value);
    bool b = truth > 0;

    if (truth < 0) {
        PyErr_Clear();
        return wrong_type(o, "True or False", value);
    }
    if (PyUnicode_Check(value))
        return wrong_type(o, "True or False", value);
    memcpy(at, &b, sizeof b);
    return 0;
}

static int store_number(const struct lade_option_info *o, PyObject *value, char *at) {
    switch (o->type) {
    case LADE_OPTION_BOOL:
        return store_bool(o, value, at);
    case LADE_OPTION_FLOAT:
    case LADE_OPTION_DOUBLE:
        return store_real(o, value, at);
    default:
        return store_integer(o, value, at);
    }
}

/* Stores two numbers. One integer means two equal integers. One floating-point number f means {f, 0}, if the option
   allows this. */
static int store_pair(const struct lade_option_info *o, PyObject *value, char *at) {
    size_t size = lade__py_option_size(o->type);
    bool integer = o->type == LADE_OPTION_INT;

    if (PyNumber_Check(value) && !PySequence_Check(value) && (integer || o->single))
        return store_number(o, value, at) < 0 || (integer && store_number(o, value, at + size) < 0) ? -1 : 0;
    if (PyUnicode_Check(value) || !PySequence_Check(value) || PySequence_Size(value) != 2) {
        PyErr_Clear();
        return wrong_type(o, integer ? "two integers, (height, width)" : "two numbers, (low, high)", value);
    }
    for (int i = 0; i < 2; i++) {
        PyObject *item = PySequence_GetItem(value, i);
        int status = item ? store_number(o, item, at + (size_t)i * size) : -1;
        Py_XDECREF(item);
        if (status < 0)
            return -1;
    }
    return 0;
}

/* In C, zero selects the default. In Python, an option that is left out has the default, and zero means zero. So if the
   value is 0 and the default is not 0, stores LADE_OFF, or raises an exception if the option cannot be off. */
static int keep_zero(const struct lade_option_info *o, PyObject *value, char *at) {
    static const char zeros[16];

    if (o->size > sizeof zeros || memcmp(at, zeros, o->size) != 0 || o->type == LADE_OPTION_BOOL)
        return 0;
    if (!o->can_be_off)
        return o->default_value[0] == 0 ? 0 : out_of_range(o, value);
    int off = LADE_OFF;
    float f = (float)LADE_OFF;
    double d = LADE_OFF;
    memcpy(at,
           o->type == LADE_OPTION_FLOAT    ? (void *)&f
           : o->type == LADE_OPTION_DOUBLE ? (void *)&d
                                           : (void *)&off,
           o->size);
    return 0;
}

int lade__py_option_store_number(const struct lade_option_info *o, PyObject *value, void *at) {
    size_t size = lade__py_option_size(o->type);
    int status = o->size == 2 * size ? store_pair(o, value, at) : store_number(o, value, at);

    return status < 0 ? status : keep_zero(o, value, at);
}
