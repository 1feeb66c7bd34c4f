/*
 * gradients.h - the option `reduce` of a training run, and the type Gradients.
 */
#ifndef LADE_PYTHON_GRADIENTS_H
#define LADE_PYTHON_GRADIENTS_H

#include "train/net.h"

/*
 * The function of the option `reduce`. The fields are set by the run before each job.
 */
struct lade__py_reduce {
    PyObject *function; /* or NULL */
    struct lade__py_net *net;
    struct lade__py_source *source; /* the first source of the run, which knows the job and carries the exception */
};

/*
 * lade__py_reduce() - is the function `reduce` of struct lade_fit_options. @ctx is a struct lade__py_reduce.
 */
int lade__py_reduce(void *ctx, lade_trainer *trainer, struct lade_error *err);

#endif
