/*
 * Submits plans, which choose the samples and the random changes of batches. python/lade/_plan.py converts the arguments
 * of Flow.submit() to arrays whose elements have the layout of the structs of the library, so nothing is copied here.
 */
#include <stddef.h>
#include <string.h>

#include "flow/flow.h"

/* The arrays of a plan: the names of the arguments, and the sizes of an element. */
enum { SAMPLES, TRANSFORMS, CROPS, SEEDS, DRAWS, ARRAYS };

static const struct {
    const char *name;
    size_t size;
} arrays[ARRAYS] = {{"samples", sizeof(int64_t)},
                    {"transforms", sizeof(struct lade_transform)},
                    {"crops", sizeof(struct lade_box)},
                    {"seeds", sizeof(uint64_t)},
                    {"draws", sizeof(uint64_t)}};

/* Gets the memory of each array. An argument of None is a view without memory. All views that were filled must be
   released, also on error. */
static int get_views(PyObject *const *objects, Py_buffer *views) {
    for (int i = 0; i < ARRAYS; i++) {
        if (objects[i] == Py_None)
            continue;
        if (PyObject_GetBuffer(objects[i], &views[i], PyBUF_SIMPLE) < 0)
            return -1;
        Py_ssize_t given = views[i].len / (Py_ssize_t)arrays[i].size, rows = views[0].len / (Py_ssize_t)arrays[0].size;
        if (views[i].len % (Py_ssize_t)arrays[i].size || given != rows)
            return lade__py_raise_option(arrays[i].name,
                                         "%s has %zd elements: it must have one for each of the %zd samples",
                                         arrays[i].name, given, rows);
    }
    return 0;
}

static PyObject *submit(PyObject *object, PyObject *args) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;
    PyObject *o[ARRAYS];
    Py_buffer views[ARRAYS] = {0};
    struct lade_error err = {0};
    long long epoch, step, position;
    int status = -1;

    if (!PyArg_ParseTuple(args, "OOOOOLLL", &o[0], &o[1], &o[2], &o[3], &o[4], &epoch, &step, &position))
        return NULL;
    lade_flow *flow = get_views(o, views) < 0 ? NULL : lade__py_flow_use(self);
    if (flow) {
        const struct lade_plan plan = {.n = views[SAMPLES].len / (Py_ssize_t)sizeof(int64_t),
                                       .samples = views[SAMPLES].buf,
                                       .transforms = views[TRANSFORMS].buf,
                                       .crops = views[CROPS].buf,
                                       .seeds = views[SEEDS].buf,
                                       .draws = views[DRAWS].buf,
                                       .epoch = epoch,
                                       .step = step,
                                       .position = position};
        Py_BEGIN_ALLOW_THREADS; /* the first call starts the workers and opens the reader, which may be in Python */
        status = lade_flow_submit(flow, &plan, &err);
        Py_END_ALLOW_THREADS;
        lade__py_flow_unuse(self);
        if (status < 0)
            lade__py_failures_raise(&self->failures, &err);
    }
    for (int i = 0; i < ARRAYS; i++)
        PyBuffer_Release(&views[i]);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

/* ---- The layout of the structs ----------------------------------------------------------------------------------- */

#define FIELD(type, field, format) \
    { #field, format, offsetof(struct type, field) }

static PyObject *transform_layout(PyObject *module, PyObject *unused) {
    static const struct {
        const char *name, *format; /* the format is a dtype of NumPy */
        size_t offset;
    } fields[] = {
        FIELD(lade_transform, theta, "f8"),
        FIELD(lade_transform, tx, "f8"),
        FIELD(lade_transform, ty, "f8"),
        FIELD(lade_transform, shear, "f8"),
        FIELD(lade_transform, zx, "f8"),
        FIELD(lade_transform, zy, "f8"),
        FIELD(lade_transform, channel_shift_intensity, "4f8"),
        FIELD(lade_transform, brightness, "f8"),
        FIELD(lade_transform, flip_horizontal, "?"),
        FIELD(lade_transform, flip_vertical, "?"),
        FIELD(lade_transform, fill_mode, "i4"),
        FIELD(lade_transform, cval, "f4"),
        FIELD(lade_transform, interpolation_order, "i4"),
        FIELD(lade_transform, quirks, "i4"),
        FIELD(lade_transform, erasing, "u2,u2,u2,u2,f4"),
        FIELD(lade_transform, contrast, "f4"),
        FIELD(lade_transform, saturation, "f4"),
        FIELD(lade_transform, hue, "f4"),
        FIELD(lade_transform, sharpness, "f4"),
        FIELD(lade_transform, solarize, "f4"),
        FIELD(lade_transform, posterize, "u1"),
        FIELD(lade_transform, autocontrast, "?"),
        FIELD(lade_transform, equalize, "?"),
    };
    PyObject *list = PyList_New(0);

    (void)module, (void)unused;
    for (size_t i = 0; list && i < sizeof fields / sizeof *fields; i++) {
        PyObject *row = Py_BuildValue("(ssn)", fields[i].name, fields[i].format, (Py_ssize_t)fields[i].offset);
        if (!row || PyList_Append(list, row) < 0)
            Py_CLEAR(list);
        Py_XDECREF(row);
    }
    return list ? Py_BuildValue("(Nn)", list, (Py_ssize_t)sizeof(struct lade_transform)) : NULL;
}

/* Returns the number of a word of fill_mode or quirks. */
static PyObject *transform_word(PyObject *module, PyObject *args) {
    const char *field, *word;
    enum lade_fill_mode mode = 0;
    enum lade_quirks quirks = 0;
    struct lade_error err = {0};

    (void)module;
    if (!PyArg_ParseTuple(args, "ss", &field, &word))
        return NULL;
    bool is_mode = strcmp(field, "fill_mode") == 0;
    int status = is_mode ? lade_fill_mode_from_name(word, &mode, &err) : lade_quirks_from_name(word, &quirks, &err);
    if (status == LADE_OK)
        return PyLong_FromLong(is_mode ? (long)mode : (long)quirks);
    lade__py_raise_option(field, "%s", err.message);
    return NULL;
}

PyMethodDef lade__py_flow_plan_methods[] = {
    {"_submit", submit, METH_VARARGS,
     "_submit($self, samples, transforms, crops, seeds, draws, epoch, step, position, /)\n--\n\n"},
    {0}};

int lade__py_add_plan(PyObject *module) {
    static PyMethodDef methods[] = {
        {"transform_layout", transform_layout, METH_NOARGS,
         "Return the fields of struct lade_transform as a list of (name, dtype, offset), and the size of the struct."},
        {"transform_word", transform_word, METH_VARARGS,
         "transform_word(field, word, /)\n--\n\nReturn the number of a word of fill_mode or quirks."},
        {0}};

    return PyModule_AddIntConstant(module, "MAX_PLANS", LADE_MAX_PLANS) < 0 ||
                   PyModule_AddIntConstant(module, "OFF", LADE_OFF) < 0
               ? -1
               : PyModule_AddFunctions(module, methods);
}
