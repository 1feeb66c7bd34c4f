/*
 * failure.h - passes Python exceptions through the library.
 */
#ifndef LADE_PYTHON_FAILURE_H
#define LADE_PYTHON_FAILURE_H

#include "base/extension.h"

/* Returns the current exception, complete with its traceback, and clears it. The caller owns the result. */
PyObject *lade__py_take_exception(void);

/*
 * The exceptions that functions of the user raised on worker threads. An error of the library contains only the text of
 * an exception. When the library returns an error with this text, the original exception is raised again, with its
 * traceback.
 */
struct lade__py_failures {
    PyObject *list; /* of pairs (text, exception), or NULL; guarded by the GIL */
};

/*
 * lade__py_failures_store() - moves the current exception to @f and fills @err with its text. Returns LADE_ENOMEM for a
 *                             MemoryError and LADE_ERUNTIME for other exceptions. The caller holds the GIL.
 * lade__py_failures_raise() - raises the exception to which @err belongs. If @f does not contain it, calls
 *                             lade__py_raise(). Returns NULL.
 * lade__py_failures_clear() - removes all exceptions.
 */
int lade__py_failures_store(struct lade__py_failures *f, struct lade_error *err);
PyObject *lade__py_failures_raise(struct lade__py_failures *f, const struct lade_error *err);
void lade__py_failures_clear(struct lade__py_failures *f);

#endif
