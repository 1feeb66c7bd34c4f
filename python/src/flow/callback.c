/*
 * Calls a preprocessing_function of Python on the worker threads. The function gets a copy of the sample, so the
 * function may store the array and use it later. After the call, the elements of the copy replace the elements of the
 * sample.
 */
#include "flow/callback.h"

#include <string.h>

#include "data/tensor.h"

bool lade__py_threads_may_run(void) {
    return Py_IsInitialized();
}

static int run(struct lade__py_callback *callback, const struct lade_flow_sample *sample, struct lade_error *err) {
    struct lade_tensor *copy = lade_tensor_new(sample->dtype, 3, sample->shape);
    size_t size = copy ? lade_tensor_bytes(copy) : 0;

    if (copy)
        memcpy(lade_tensor_data(copy), sample->x, size);
    PyObject *tensor = lade__py_tensor_new(copy);
    PyObject *result = tensor ? PyObject_CallFunctionObjArgs(callback->function, tensor, NULL) : NULL;
    int status = result ? LADE_OK : lade__py_failures_store(callback->failures, err);
    if (result)
        memcpy(sample->x, lade_tensor_data(copy), size);
    Py_XDECREF(result);
    Py_XDECREF(tensor);
    return status;
}

static int call(void *context, const struct lade_flow_sample *sample, struct lade_error *err) {
    if (!lade__py_threads_may_run())
        return lade_error_set(err, LADE_ECANCELED, "the Python interpreter ends");
    PyGILState_STATE state = PyGILState_Ensure();
    int status = run(context, sample, err);
    PyGILState_Release(state);
    return status;
}

struct lade_preprocessing lade__py_callback_option(struct lade__py_callback *callback) {
    return (struct lade_preprocessing){.call = call, .ctx = callback};
}
