/*
 * stats.h - declares the functions of the type Stats, the mean and the standard deviation of a data set.
 */
#ifndef LADE_PYTHON_STATS_H
#define LADE_PYTHON_STATS_H

#include "base/extension.h"

#include <lade/image.h>

/*
 * lade__py_stats_new() - returns a Stats object that owns @stats. The function takes over @stats, even if it fails. If
 *                        @stats is NULL, raises MemoryError.
 * lade__py_stats_get() - returns the statistics of a Stats object, or of a name such as "imagenet". Raises an exception
 *                        for other values and returns NULL.
 */
PyObject *lade__py_stats_new(struct lade_stats *stats);
const struct lade_stats *lade__py_stats_get(PyObject *value);

#endif
