/*
 * Scans a directory without making a flow.
 */
#include <time.h>

#include <lade/flow.h>

#include "base/job.h"

/* Appends @item to @list, and removes the caller's reference to @item. If @item is NULL or memory runs out, returns -1
   with an exception. */
static int append(PyObject *list, PyObject *item) {
    int status = item ? PyList_Append(list, item) : -1;

    Py_XDECREF(item);
    return status;
}

/* The scan calls this function without the GIL. */
static void add_problem(void *list, const struct lade_scan_problem *problem) {
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *path = lade__py_name(problem->path);

    if (!path || append(list, Py_BuildValue("(Nss)", path, lade_status_name(problem->status), problem->cause)) < 0)
        PyErr_Clear();
    PyGILState_Release(state);
}

static PyObject *path_of(const lade_scan *scan, int64_t i) {
    char buffer[4096];
    int64_t length = lade_scan_path(scan, i, buffer, sizeof buffer);

    if (length < (int64_t)sizeof buffer)
        return lade__py_name(buffer);
    char *longer = PyMem_Malloc((size_t)length + 1);
    if (!longer)
        return PyErr_NoMemory();
    lade_scan_path(scan, i, longer, (size_t)length + 1);
    PyObject *path = lade__py_name(longer);
    PyMem_Free(longer);
    return path;
}

/* Returns (class names, paths, class indices, problems). */
static PyObject *result_of(const lade_scan *scan, PyObject *problems) {
    PyObject *names = PyList_New(0), *paths = PyList_New(0), *indices = PyList_New(0);
    int status = names && paths && indices ? 0 : -1;

    for (int c = 0; status == 0 && c < lade_scan_classes(scan); c++)
        status = append(names, lade__py_name(lade_scan_class_name(scan, c)));
    for (int64_t i = 0; status == 0 && i < lade_scan_count(scan); i++) {
        status = append(paths, path_of(scan, i));
        if (status == 0)
            status = append(indices, PyLong_FromLong(lade_scan_class_of(scan, i)));
    }
    PyObject *tuple = status == 0 ? PyTuple_Pack(4, names, paths, indices, problems) : NULL;
    Py_XDECREF(names);
    Py_XDECREF(paths);
    Py_XDECREF(indices);
    return tuple;
}

static PyObject *scan_directory(PyObject *module, PyObject *args) {
    PyObject *path, *classes, *owner = NULL, *problems = PyList_New(0), *result = NULL;
    struct timespec next_check = {0};
    const struct lade_stop_callback stop = {lade__py_stop, &next_check};
    struct lade_scan_options options = {.on_problem = add_problem, .problem_ctx = problems, .stop = &stop};
    struct lade_error err = {0};
    int follow_links, flat, all_files;

    (void)module;
    if (!problems || !PyArg_ParseTuple(args, "OOppp", &path, &classes, &follow_links, &flat, &all_files)) {
        Py_XDECREF(problems);
        return NULL;
    }
    options.follow_links = follow_links;
    options.flat = flat;
    options.all_files = all_files;
    PyObject *bytes = lade__py_path(path, "directory");
    if (bytes && (classes == Py_None || (options.classes = lade__py_names(classes, "classes", &owner)))) {
        const char *directory = PyBytes_AsString(bytes);
        lade_scan *scan;
        Py_BEGIN_ALLOW_THREADS;
        scan = lade_scan_directory(directory, &options, &err);
        Py_END_ALLOW_THREADS;
        result = scan ? result_of(scan, problems) : lade__py_raise(&err);
        lade_scan_free(scan);
    }
    Py_XDECREF(bytes);
    Py_XDECREF(owner);
    Py_DECREF(problems);
    return result;
}

int lade__py_add_scan(PyObject *module) {
    static PyMethodDef methods[] = {{"scan_directory", scan_directory, METH_VARARGS,
                                     "scan_directory(directory, classes, follow_links, flat, all_files, /)\n--\n\n"},
                                    {0}};

    return PyModule_AddFunctions(module, methods);
}
