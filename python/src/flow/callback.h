/*
 * callback.h - calls a preprocessing_function that is written in Python.
 */
#ifndef LADE_PYTHON_CALLBACK_H
#define LADE_PYTHON_CALLBACK_H

#include "base/failure.h"

#include <lade/flow.h>

struct lade__py_callback {
    PyObject
        *function; /* a function of python/lade/_callback.py that gets a Tensor and changes its elements; or NULL */
    struct lade__py_failures *failures;
};

/*
 * lade__py_callback_option() - returns the value of the option preprocessing_function that calls @callback. @callback
 *                              must exist as long as the flow.
 * lade__py_threads_may_run() - returns false if the interpreter is ending. A thread of the library must then not use
 *                              Python.
 */
struct lade_preprocessing lade__py_callback_option(struct lade__py_callback *callback);
bool lade__py_threads_may_run(void);

#endif
