/*
 * Defines the extension module lade._lade. The module has static variables, so it can be used by the main interpreter
 * only, and not by subinterpreters.
 */
#include "base/extension.h"

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "lade._lade",
    .m_doc = "The C part of lade. Use the names of the package lade instead.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__lade(void);

PyMODINIT_FUNC PyInit__lade(void) {
    static int (*const add[])(PyObject *) = {lade__py_add_options, lade__py_add_tensor, lade__py_add_batch,
                                             lade__py_add_stats,   lade__py_add_digest, lade__py_add_flow,
                                             lade__py_add_epoch,   lade__py_add_plan,   lade__py_add_scan,
                                             lade__py_add_net,     lade__py_add_run,    lade__py_add_gradients};
    PyObject *module = PyModule_Create(&definition);

    if (!module)
        return NULL;
    if (PyModule_AddStringConstant(module, "version", lade_version()) < 0)
        goto failed;
    for (size_t i = 0; i < sizeof add / sizeof *add; i++)
        if (add[i](module) < 0)
            goto failed;
    return module;
failed:
    Py_DECREF(module);
    return NULL;
}
