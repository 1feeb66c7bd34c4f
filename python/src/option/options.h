/*
 * options.h - reads the options structs of lade from the keyword arguments of Python.
 */
#ifndef LADE_PYTHON_OPTIONS_H
#define LADE_PYTHON_OPTIONS_H

#include "base/extension.h"

/*
 * A kind of options struct.
 */
struct lade__py_option_kind {
    const char *name;                                  /* the name for messages, for example "a flow" */
    const struct lade_option_info *(*info)(int index); /* the table of options of the library */
    /* Stores an option that is a pointer or a struct (LADE_OPTION_OTHER), or an enum without words. */
    int (*store)(void *context, const struct lade_option_info *option, PyObject *value, void *field);
};

/*
 * lade__py_options_read() - stores the values of the dict @values in the struct @options. A value of None means the
 *                           default. In C, 0 also means the default; here, 0 always means 0.
 *
 * @context  the first argument of kind->store
 * @keep     a list, to which the function appends the objects that own the memory of strings. The list must exist as
 *           long as the library uses @options
 */
int lade__py_options_read(const struct lade__py_option_kind *kind, PyObject *values, void *options, void *context,
                          PyObject *keep);

/*
 * lade__py_options_dict() - returns a dict with the values of the options in @options. Options that are pointers or
 *                           structs are left out.
 */
PyObject *lade__py_options_dict(const struct lade__py_option_kind *kind, const void *options);

/*
 * lade__py_option_size()         - returns the size of one value of @type in bytes, or 0 if @type is not bool, a number
 *                                  or an enum.
 * lade__py_option_store_number() - stores one or two numbers in the field @at of the option @o.
 */
size_t lade__py_option_size(enum lade_option_type type);
int lade__py_option_store_number(const struct lade_option_info *o, PyObject *value, void *at);

/* The kinds of options. The files that read the options define them. */
extern const struct lade__py_option_kind lade__py_flow_options, lade__py_net_options, lade__py_fit_options,
    lade__py_optimizer_options, lade__py_schedule_options;

#endif
