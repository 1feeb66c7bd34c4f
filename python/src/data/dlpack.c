/*
 * Passes tensors to other libraries as capsules of DLPack (https://dmlc.github.io/dlpack). A library that supports
 * DLPack 1 passes max_version, and receives DLManagedTensorVersioned. Every other library receives the older struct
 * DLManagedTensor.
 */
#include <string.h>

#include "data/tensor.h"

/* Python calls a destructor for each capsule. If a library has used the capsule, it has also renamed the capsule, and
   the destructor does nothing. */
static void free_old(PyObject *capsule) {
    if (PyCapsule_IsValid(capsule, "dltensor")) {
        DLManagedTensor *managed = PyCapsule_GetPointer(capsule, "dltensor");
        managed->deleter(managed);
    }
}

static void free_versioned(PyObject *capsule) {
    if (PyCapsule_IsValid(capsule, "dltensor_versioned")) {
        DLManagedTensorVersioned *managed = PyCapsule_GetPointer(capsule, "dltensor_versioned");
        managed->deleter(managed);
    }
}

/* Returns true if the consumer accepts version 1 of DLPack. @max_version is None or a pair. Returns -1 on error. */
static int accepts_versions(PyObject *max_version) {
    int major, minor;

    if (max_version == Py_None)
        return false;
    if (!PyTuple_Check(max_version)) {
        PyErr_Format(PyExc_TypeError, "max_version is %R: it must be None or a tuple (major, minor)", max_version);
        return -1;
    }
    return PyArg_ParseTuple(max_version, "ii:max_version", &major, &minor) ? major >= 1 : -1;
}

/* Raises an exception and returns -1 if the caller wants a stream, or a device that is not the CPU. */
static int check_arguments(PyObject *stream, PyObject *device) {
    int type, number;

    if (stream != Py_None) {
        PyErr_Format(PyExc_BufferError, "stream is %R: a tensor in the memory of the CPU has no stream", stream);
        return -1;
    }
    if (device == Py_None)
        return 0;
    if (!PyTuple_Check(device) || !PyArg_ParseTuple(device, "ii:dl_device", &type, &number))
        return -1;
    if (type == kDLCPU && number == 0)
        return 0;
    PyErr_Format(PyExc_BufferError, "dl_device is %R: the tensor is in the memory of the CPU, (1, 0)", device);
    return -1;
}

/* Returns a copy of @t, or NULL if memory runs out. */
static struct lade_tensor *copy_of(struct lade_tensor *t) {
    struct lade_tensor *copy = lade_tensor_new(t->dtype, t->dl.ndim, t->shape);

    if (copy && lade_tensor_bytes(t))
        memcpy(lade_tensor_data(copy), lade_tensor_data(t), lade_tensor_bytes(t));
    return copy;
}

static PyObject *versioned_capsule(struct lade_tensor *t, bool copied) {
    DLManagedTensorVersioned *managed = lade_tensor_to_dlpack_versioned(t);
    PyObject *capsule = managed ? PyCapsule_New(managed, "dltensor_versioned", free_versioned) : PyErr_NoMemory();

    if (managed && copied)
        managed->flags |= DLPACK_FLAG_BITMASK_IS_COPIED;
    if (managed && !capsule)
        managed->deleter(managed);
    return capsule;
}

static PyObject *old_capsule(struct lade_tensor *t) {
    if (t->read_only) {
        PyErr_SetString(PyExc_BufferError, "the tensor is read-only, which this version of DLPack cannot express");
        return NULL;
    }
    DLManagedTensor *managed = lade_tensor_to_dlpack(t);
    PyObject *capsule = managed ? PyCapsule_New(managed, "dltensor", free_old) : PyErr_NoMemory();
    if (managed && !capsule)
        managed->deleter(managed);
    return capsule;
}

PyObject *lade__py_tensor_dlpack(PyObject *self, PyObject *args, PyObject *keywords) {
    static char *names[] = {(char *)"stream", (char *)"max_version", (char *)"dl_device", (char *)"copy", NULL};
    PyObject *stream = Py_None, *max_version = Py_None, *device = Py_None, *copy = Py_None;
    struct lade_tensor *t = ((struct lade__py_tensor *)self)->tensor;

    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|$OOOO:__dlpack__", names, &stream, &max_version, &device,
                                     &copy) ||
        check_arguments(stream, device) < 0)
        return NULL;
    int versioned = accepts_versions(max_version), copied = PyObject_IsTrue(copy);
    if (versioned < 0 || copied < 0)
        return NULL;
    t = copied ? copy_of(t) : lade_tensor_ref(t);
    if (!t)
        return PyErr_NoMemory();
    PyObject *capsule = versioned ? versioned_capsule(t, copied) : old_capsule(t);
    lade_tensor_unref(t);
    return capsule;
}

PyObject *lade__py_tensor_dlpack_device(PyObject *self, PyObject *unused) {
    (void)self;
    (void)unused;
    return Py_BuildValue("ii", kDLCPU, 0);
}
