/*
 * Returns the tables of options as Python objects. tools/write-python-options writes the type hints of the package from
 * these tables, and the tests compare the tables with the type hints.
 */
#include "option/options.h"

#include <string.h>

#include <lade/image.h>
#include <lade/train.h>

/* ---- Values ------------------------------------------------------------------------------------------------------ */

/* Returns the word as a str. A word that is a number, such as "1", becomes an int. */
static PyObject *word_object(const char *word) {
    return *word >= '0' && *word <= '9' ? PyLong_FromString(word, NULL, 10) : PyUnicode_FromString(word);
}

/* Returns the word of an enum value. The only enum without words is save_format. */
static PyObject *word_of(const struct lade_option_info *o, int value) {
    if (!o->words)
        return PyUnicode_FromString(lade_format_name((enum lade_format)value));
    for (const struct lade_word *w = o->words; w->word; w++)
        if (w->value == value)
            return word_object(w->word);
    return PyLong_FromLong(value);
}

static PyObject *one_value(const struct lade_option_info *o, const char *at) {
    union {
        bool b;
        int i;
        int64_t i64;
        uint64_t u64;
        float f;
        double d;
    } v;

    memcpy(&v, at, lade__py_option_size(o->type));
    switch (o->type) {
    case LADE_OPTION_BOOL:
        return PyBool_FromLong(v.b);
    case LADE_OPTION_INT:
        return PyLong_FromLong(v.i == LADE_OFF ? 0 : v.i);
    case LADE_OPTION_INT64:
        return PyLong_FromLongLong(v.i64);
    case LADE_OPTION_UINT64:
        return PyLong_FromUnsignedLongLong(v.u64);
    case LADE_OPTION_FLOAT:
        return PyFloat_FromDouble((double)v.f <= LADE_OFF ? 0 : (double)v.f);
    case LADE_OPTION_DOUBLE:
        return PyFloat_FromDouble(v.d <= LADE_OFF ? 0 : v.d);
    default:
        return word_of(o, v.i);
    }
}

static PyObject *list_of(const char *const *names) {
    PyObject *list = PyList_New(0);

    for (; list && *names; names++) {
        PyObject *name = lade__py_name(*names);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *value_of(const struct lade_option_info *o, const char *at) {
    size_t size = lade__py_option_size(o->type);
    const void *pointer;

    if (size && o->size == size)
        return one_value(o, at);
    if (size)
        return Py_BuildValue("NN", one_value(o, at), one_value(o, at + size));
    memcpy(&pointer, at, sizeof pointer);
    if (o->type == LADE_OPTION_OTHER || !pointer)
        return Py_NewRef(Py_None);
    return o->type == LADE_OPTION_TEXT ? lade__py_name(pointer) : list_of(pointer);
}

PyObject *lade__py_options_dict(const struct lade__py_option_kind *kind, const void *options) {
    PyObject *dict = PyDict_New();
    const struct lade_option_info *o;

    for (int i = 0; dict && (o = kind->info(i)); i++) {
        PyObject *value = o->type == LADE_OPTION_OTHER ? NULL : value_of(o, (const char *)options + o->offset);
        if (!value && o->type == LADE_OPTION_OTHER)
            continue;
        if (!value || PyDict_SetItemString(dict, o->name, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    return dict;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static const char *const type_names[] = {"bool",  "int",  "int",  "int",  "float",
                                         "float", "word", "text", "list", "other"};

static PyObject *words_of(const struct lade_option_info *o) {
    PyObject *list = PyList_New(0);

    for (const struct lade_word *w = o->words; list && w && w->word; w++) {
        if (o->maximum > 0 && w->value > o->maximum)
            continue;
        PyObject *pair = Py_BuildValue("(Nz)", word_object(w->word), w->description);
        if (!pair || PyList_Append(list, pair) < 0)
            Py_CLEAR(list);
        Py_XDECREF(pair);
    }
    return list;
}

static PyObject *default_of(const struct lade_option_info *o, bool pair) {
    if (o->type == LADE_OPTION_BOOL)
        return PyBool_FromLong(o->default_value[0] != 0);
    if (o->type == LADE_OPTION_ENUM)
        return word_of(o, (int)o->default_value[0]);
    return pair ? Py_BuildValue("dd", o->default_value[0], o->default_value[1])
                : PyFloat_FromDouble(o->default_value[0]);
}

static PyObject *describe(const struct lade_option_info *o) {
    size_t size = lade__py_option_size(o->type);
    bool pair = size && o->size == 2 * size;
    PyObject *words = words_of(o), *standard = default_of(o, pair);

    if (!words || !standard) {
        Py_XDECREF(words);
        Py_XDECREF(standard);
        return NULL;
    }
    return Py_BuildValue("{ss ss ss sN sN sN sd sd sN sN sz sz}", "name", o->name, "section", o->section, "type",
                         type_names[o->type], "pair", PyBool_FromLong(pair), "random", PyBool_FromLong(o->random),
                         "single", PyBool_FromLong(o->single), "minimum", o->minimum, "maximum", o->maximum, "words",
                         words, "default", standard, "default_text", o->default_text, "description", o->description);
}

static PyObject *option_table(PyObject *module, PyObject *kind_name) {
    static const struct lade__py_option_kind *const kinds[] = {&lade__py_flow_options, &lade__py_net_options,
                                                               &lade__py_fit_options, &lade__py_optimizer_options,
                                                               &lade__py_schedule_options};
    const struct lade__py_option_kind *kind = NULL;
    PyObject *list;

    (void)module;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (PyUnicode_Check(kind_name) && PyUnicode_CompareWithASCIIString(kind_name, kinds[i]->name) == 0)
            kind = kinds[i];
    if (!kind)
        return PyErr_Format(PyExc_ValueError, "there is no table of options with the name %R", kind_name);
    list = PyList_New(0);
    for (int i = 0; list && kind->info(i); i++) {
        PyObject *row = describe(kind->info(i));
        if (!row || PyList_Append(list, row) < 0)
            Py_CLEAR(list);
        Py_XDECREF(row);
    }
    return list;
}

/* Adds (names of the fields, dict of the defaults) to @dict with the key @name. */
static int add_settings(PyObject *dict, const char *name, const char *const *names,
                        const struct lade__py_option_kind *kind, const void *defaults) {
    PyObject *pair = Py_BuildValue("(NN)", list_of(names), lade__py_options_dict(kind, defaults));
    int status = pair ? PyDict_SetItemString(dict, name, pair) : -1;

    Py_XDECREF(pair);
    return status;
}

static PyObject *settings_of(PyObject *module, PyObject *table) {
    bool optimizers = PyUnicode_Check(table) && PyUnicode_CompareWithASCIIString(table, "optimizer") == 0;
    int count = optimizers ? LADE_OPTIMIZER_COUNT : LADE_SCHEDULE_COUNT, status = 0;
    PyObject *dict = PyDict_New();

    (void)module;
    for (int i = 0; dict && status == 0 && i < count; i++) {
        const struct lade_optimizer_info *o = lade_optimizer_info((enum lade_optimizer_kind)i);
        const struct lade_schedule_info *s = lade_schedule_info((enum lade_schedule_kind)i);
        status = optimizers ? add_settings(dict, o->name, o->hyperparameters, &lade__py_optimizer_options, &o->defaults)
                            : add_settings(dict, s->name, s->parameters, &lade__py_schedule_options, &s->defaults);
    }
    if (status < 0)
        Py_CLEAR(dict);
    return dict;
}

int lade__py_add_options(PyObject *module) {
    static PyMethodDef methods[] = {
        {"settings_of", settings_of, METH_O,
         "Return a dict with the fields and the defaults of each kind of \"optimizer\" or \"schedule\"."},
        {"option_table", option_table, METH_O,
         "Return the table of the options of a kind, for example \"flow\", as a list of dicts."},
        {0}};

    return PyModule_AddFunctions(module, methods);
}
