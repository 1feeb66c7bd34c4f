/*
 * Reads options from Python objects. The code depends only on the tables of struct lade_option_info, so an option that
 * is added to a table of the library exists in Python without further code.
 */
#include "option/options.h"

#include <string.h>

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* Returns the word of an enum value: the str itself, "none" for None, the text of an integer, or the name of a type such
   as numpy.float32. */
static PyObject *word_of(PyObject *value) {
    if (value == Py_None)
        return PyUnicode_FromString("none");
    if (PyUnicode_Check(value) || PyLong_Check(value))
        return PyObject_Str(value);
    PyObject *name = PyObject_GetAttrString(value, "name");
    if (!name) {
        PyErr_Clear();
        name = PyObject_GetAttrString(value, "__name__");
    }
    if (name && PyUnicode_Check(name))
        return name;
    Py_XDECREF(name);
    PyErr_Clear();
    return PyObject_Str(value);
}

static bool allowed(const struct lade_option_info *o, const struct lade_word *w) {
    return o->maximum <= 0 || w->value <= o->maximum;
}

/* Raises an exception that lists the words of the option. */
static int refuse_word(const struct lade_option_info *o, PyObject *value) {
    PyObject *list = PyUnicode_FromString("");

    for (const struct lade_word *w = o->words; list && w->word; w++) {
        if (!allowed(o, w) || (!w->description && w != o->words))
            continue;
        PyObject *longer = PyUnicode_FromFormat("%U%s'%s'", list, w == o->words ? "" : ", ", w->word);
        Py_DECREF(list);
        list = longer;
    }
    if (list)
        lade__py_raise_option(o->name, "%s is %R: it must be %U", o->name, value, list);
    Py_XDECREF(list);
    return -1;
}

static int store_word(const struct lade_option_info *o, PyObject *value, char *at) {
    PyObject *text = word_of(value);
    const char *word = text ? PyUnicode_AsUTF8AndSize(text, NULL) : NULL;
    int status = -1;

    if (!word) {
        Py_XDECREF(text);
        return -1;
    }
    for (const struct lade_word *w = o->words; w->word && status < 0; w++)
        if (strcmp(w->word, word) == 0 && allowed(o, w)) {
            memcpy(at, &w->value, sizeof w->value);
            status = 0;
        }
    Py_DECREF(text);
    if (status == 0 || value == Py_None) /* None is the default of an enum that has no word "none" */
        return 0;
    return refuse_word(o, value);
}

/* ---- Strings ----------------------------------------------------------------------------------------------------- */

static int store_text(const struct lade_option_info *o, PyObject *value, char *at, PyObject *keep) {
    PyObject *bytes = lade__py_path(value, o->name);
    const char *text = bytes ? PyBytes_AsString(bytes) : NULL;

    if (!bytes || PyList_Append(keep, bytes) < 0) {
        Py_XDECREF(bytes);
        return -1;
    }
    Py_DECREF(bytes);
    memcpy(at, &text, sizeof text);
    return 0;
}

static int store_list(const struct lade_option_info *o, PyObject *value, char *at, PyObject *keep) {
    PyObject *owner;
    const char *const *names = lade__py_names(value, o->name, &owner);

    if (!names || PyList_Append(keep, owner) < 0) {
        Py_XDECREF(owner);
        return -1;
    }
    Py_DECREF(owner);
    memcpy(at, &names, sizeof names);
    return 0;
}

/* ---- The struct -------------------------------------------------------------------------------------------------- */

static const struct lade_option_info *find(const struct lade__py_option_kind *kind, const char *name) {
    const struct lade_option_info *o;

    for (int i = 0; (o = kind->info(i)); i++)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

/* Raises an exception, which also names the most similar option if there is one. */
static void refuse_name(const struct lade__py_option_kind *kind, PyObject *name) {
    PyObject *names = PyList_New(0), *module = PyImport_ImportModule("difflib"), *similar = NULL;
    const struct lade_option_info *o;

    for (int i = 0; names && (o = kind->info(i)); i++) {
        PyObject *item = PyUnicode_FromString(o->name);
        if (!item || PyList_Append(names, item) < 0)
            Py_CLEAR(names);
        Py_XDECREF(item);
    }
    if (names && module)
        similar = PyObject_CallMethod(module, "get_close_matches", "OOi", name, names, 1);
    if (similar && PyList_Size(similar) > 0)
        PyErr_Format(PyExc_TypeError, "%s has no option %R: did you mean %R?", kind->name, name,
                     PyList_GetItem(similar, 0));
    else if (similar)
        PyErr_Format(PyExc_TypeError, "%s has no option %R", kind->name, name);
    Py_XDECREF(similar);
    Py_XDECREF(module);
    Py_XDECREF(names);
}

static int store(const struct lade__py_option_kind *kind, const struct lade_option_info *o, PyObject *value,
                 void *options, void *context, PyObject *keep) {
    char *at = (char *)options + o->offset;

    if (o->type == LADE_OPTION_ENUM && o->words)
        return store_word(o, value, at);
    if (value == Py_None)
        return 0;
    if (o->type == LADE_OPTION_TEXT)
        return store_text(o, value, at, keep);
    if (o->type == LADE_OPTION_LIST)
        return store_list(o, value, at, keep);
    if (o->type == LADE_OPTION_OTHER || o->type == LADE_OPTION_ENUM)
        return kind->store(context, o, value, at);
    return lade__py_option_store_number(o, value, at);
}

int lade__py_options_read(const struct lade__py_option_kind *kind, PyObject *values, void *options, void *context,
                          PyObject *keep) {
    PyObject *key, *value;
    Py_ssize_t position = 0;

    while (PyDict_Next(values, &position, &key, &value)) {
        const char *name = PyUnicode_AsUTF8AndSize(key, NULL);
        const struct lade_option_info *o = name ? find(kind, name) : NULL;
        if (!name)
            return -1;
        if (!o) {
            refuse_name(kind, key);
            return -1;
        }
        if (store(kind, o, value, options, context, keep) < 0)
            return -1;
    }
    return 0;
}
