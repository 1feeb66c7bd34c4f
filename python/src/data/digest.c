/*
 * Defines the type Digest, which is a hash of the bytes of batches. The hash does not depend on the order of the
 * batches or on the number of ranks.
 */
#include "data/batch.h"

#include <lade/flow.h>

struct digest {
    PyObject_HEAD struct lade_digest digest;
};

static PyTypeObject *digest_type;

static PyObject *add(PyObject *self, PyObject *object) {
    struct lade_batch *batch = lade__py_batch_get(object);

    if (!batch)
        return NULL;
    int status = lade_digest_add(&((struct digest *)self)->digest, batch);
    if (status == LADE_ENOMEM)
        return PyErr_NoMemory();
    if (status < 0) {
        lade__py_raise_option("batch", "the batch does not come from a flow");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *merge(PyObject *self, PyObject *other) {
    if (Py_TYPE(other) != digest_type)
        return PyErr_Format(PyExc_TypeError, "the argument must be a lade.Digest, not %R", (PyObject *)Py_TYPE(other));
    lade_digest_merge(&((struct digest *)self)->digest, &((struct digest *)other)->digest);
    Py_RETURN_NONE;
}

static PyObject *text(PyObject *self) {
    char hex[33];

    lade_digest_text(&((struct digest *)self)->digest, hex);
    return PyUnicode_FromString(hex);
}

static void dealloc(PyObject *self) {
    lade__py_free(self);
}

int lade__py_add_digest(PyObject *module) {
    static PyMethodDef methods[] = {
        {"add", add, METH_O, "add($self, batch, /)\n--\n\nAdd the rows of a batch of a flow."},
        {"merge", merge, METH_O,
         "merge($self, other, /)\n--\n\nAdd another digest, for example the digest of another rank."},
        {0}};
    static PyType_Slot slots[] = {
        {Py_tp_doc, (char *)"A hash of batches. ``str(digest)`` has 32 hexadecimal digits.\n\nThe order of the batches "
                            "does not matter, and the digests of all ranks can be merged."},
        {Py_tp_dealloc, (void *)dealloc},
        {Py_tp_new, (void *)PyType_GenericNew},
        {Py_tp_str, (void *)text},
        {Py_tp_methods, methods},
        {0}};
    static PyType_Spec spec = {"lade.Digest", sizeof(struct digest), 0, Py_TPFLAGS_DEFAULT, slots};

    return (digest_type = lade__py_type(module, &spec)) ? 0 : -1;
}
