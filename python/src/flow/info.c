/*
 * Defines the properties of flows.
 */
#include <string.h>

#include "flow/flow.h"
#include "option/options.h"
#include "data/stats.h"
#include "data/tensor.h"

/* Returns the flow, or NULL with an exception. The functions in this file hold the GIL, so no other thread can close
   the flow meanwhile. */
static lade_flow *open_flow(PyObject *self) {
    lade_flow *flow = lade__py_flow_use((struct lade__py_flow *)self);

    if (flow)
        lade__py_flow_unuse((struct lade__py_flow *)self);
    return flow;
}

static PyObject *get_samples(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);

    (void)unused;
    return flow ? PyLong_FromLongLong(lade_flow_samples(flow)) : NULL;
}

static PyObject *get_steps(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);

    (void)unused;
    return flow ? PyLong_FromLongLong(lade_flow_steps(flow)) : NULL;
}

/* ---- Classes ----------------------------------------------------------------------------------------------------- */

static PyObject *get_class_names(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);
    int count = flow ? lade_flow_classes(flow) : 0;
    PyObject *list = flow ? PyList_New(0) : NULL;

    (void)unused;
    for (int i = 0; list && i < count; i++) {
        PyObject *name = lade__py_name(lade_flow_class_names(flow)[i]);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *get_class_counts(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);
    int count = flow ? lade_flow_classes(flow) : 0;
    PyObject *list = flow ? PyList_New(0) : NULL;

    (void)unused;
    for (int i = 0; list && i < count; i++) {
        PyObject *number = PyLong_FromLongLong(lade_flow_class_count(flow, i));
        if (!number || PyList_Append(list, number) < 0)
            Py_CLEAR(list);
        Py_XDECREF(number);
    }
    return list;
}

static PyObject *get_classes(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);
    int64_t samples = flow ? lade_flow_samples(flow) : 0;
    struct lade_tensor *t = flow ? lade_tensor_new(LADE_INT32, 1, &samples) : NULL;

    (void)unused;
    if (!flow)
        return NULL;
    int32_t *classes = t ? lade_tensor_data(t) : NULL;
    for (int64_t i = 0; t && i < samples; i++)
        classes[i] = lade_flow_class_of(flow, i);
    return lade__py_tensor_new(t);
}

/* ---- Samples ----------------------------------------------------------------------------------------------------- */

static PyObject *filename_of(lade_flow *flow, int64_t i) {
    char buffer[4096];
    int64_t length = lade_flow_filename(flow, i, buffer, sizeof buffer);

    if (length < 0)
        return PyErr_Format(PyExc_IndexError, "the flow has no sample %lld", (long long)i);
    if (length < (int64_t)sizeof buffer)
        return lade__py_name(buffer);
    char *longer = PyMem_Malloc((size_t)length + 1);
    if (!longer)
        return PyErr_NoMemory();
    lade_flow_filename(flow, i, longer, (size_t)length + 1);
    PyObject *name = lade__py_name(longer);
    PyMem_Free(longer);
    return name;
}

static PyObject *get_filenames(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);
    int64_t samples = flow ? lade_flow_samples(flow) : 0;
    PyObject *list = flow ? PyList_New(0) : NULL;

    (void)unused;
    for (int64_t i = 0; list && i < samples; i++) {
        PyObject *name = filename_of(flow, i);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *filename(PyObject *self, PyObject *number) {
    lade_flow *flow = open_flow(self);
    int64_t i = flow ? PyLong_AsLongLong(number) : -1;

    return !flow || PyErr_Occurred() ? NULL : filename_of(flow, i);
}

static PyObject *get_sample_shape(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);
    int64_t shape[3];

    (void)unused;
    if (!flow)
        return NULL;
    lade_flow_sample_shape(flow, shape);
    return Py_BuildValue("(LLL)", (long long)shape[0], (long long)shape[1], (long long)shape[2]);
}

/* ---- Options, counters, invalid files ---------------------------------------------------------------------------- */

static PyObject *get_options(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);

    (void)unused;
    return flow ? lade__py_options_dict(&lade__py_flow_options, lade_flow_options_get(flow)) : NULL;
}

static PyObject *get_preprocessing(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);

    (void)unused;
    return flow ? PyUnicode_FromString(lade_flow_preprocessing(flow)) : NULL;
}

static PyObject *get_stats(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);
    const struct lade_stats *stats = flow ? lade_flow_stats(flow) : NULL;

    (void)unused;
    if (!flow)
        return NULL;
    return stats ? lade__py_stats_new(lade_stats_copy(stats)) : Py_NewRef(Py_None);
}

static PyObject *get_counters(PyObject *self, void *unused) {
    lade_flow *flow = open_flow(self);
    struct lade_flow_counters c;

    (void)unused;
    if (!flow)
        return NULL;
    lade_flow_counters(flow, &c);
    return Py_BuildValue("{sL sL sL sd sd sd sd sd si si}", "images", (long long)c.images, "batches",
                         (long long)c.batches, "bytes_read", (long long)c.bytes_read, "read", c.read, "decode",
                         c.decode, "transform", c.transform, "wait_full", c.wait_full, "wait_empty", c.wait_empty,
                         "workers", c.workers, "ring", c.ring);
}

static PyObject *invalid_files(PyObject *self, PyObject *unused) {
    lade_flow *flow = open_flow(self);
    PyObject *list = flow ? PyList_New(0) : NULL;
    struct lade_invalid_file file;

    (void)unused;
    for (int64_t i = 0; list && lade_flow_invalid_file(flow, i, &file) == LADE_OK; i++) {
        PyObject *item = Py_BuildValue("(LLLss)", (long long)file.sample, (long long)file.epoch, (long long)file.step,
                                       lade_status_name(file.code), file.cause);
        if (!item || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
    }
    return list;
}

PyGetSetDef lade__py_flow_properties[] = {
    {"samples", get_samples, NULL, "int: The number of samples in an epoch, of all ranks together.", NULL},
    {"steps", get_steps, NULL, "int: The number of batches in an epoch.", NULL},
    {"class_names", get_class_names, NULL, "list of str: The names of the classes, in the order of their index.", NULL},
    {"class_counts", get_class_counts, NULL, "list of int: The number of samples of each class.", NULL},
    {"classes", get_classes, NULL,
     "Tensor: The class index of each sample, int32 of the shape (samples,); -1 if a sample does not have exactly one "
     "class.",
     NULL},
    {"filenames", get_filenames, NULL,
     "list of str: The path of each sample. Each use of the property makes a new list.", NULL},
    {"sample_shape", get_sample_shape, NULL, "tuple of int: The shape of a row of x: (H, W, C) or (C, H, W).", NULL},
    {"options", get_options, NULL, "dict: The options, with all defaults filled in.", NULL},
    {"preprocessing", get_preprocessing, NULL,
     "str: The options that turn an image into a sample, as JSON. A net that is trained on the flow stores the text.",
     NULL},
    {"stats", get_stats, NULL, "Stats or None: The statistics that the flow uses.", NULL},
    {"counters", get_counters, NULL,
     "dict: The number of images and batches so far, and the times of each stage in seconds.", NULL},
    {0}};

PyMethodDef lade__py_flow_info_methods[] = {
    {"filename", filename, METH_O, "filename($self, sample, /)\n--\n\nReturn the path of one sample."},
    {"_invalid_files", invalid_files, METH_NOARGS, "_invalid_files($self)\n--\n\n"},
    {0}};
