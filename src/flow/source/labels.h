/*
 * Collects the class labels of a list of samples while the list is read. The cell of a sample is the text that names
 * its class or classes. Classes are numbered in the order in which they are found. If the caller passed no list of
 * classes, the classes are numbered again in byte order at the end.
 */
#ifndef LADE_SRC_FLOW_SOURCE_LABELS_H
#define LADE_SRC_FLOW_SOURCE_LABELS_H

#include "flow/source/samples.h"
#include "flow/source/string_table.h"

struct lade__labels {
    struct lade__samples *samples; /* receives the tables class_of, tag_first and tags */
    bool fixed;                    /* the caller passed a list of classes */
    char separator;                /* separator of several classes in one cell; 0: a cell has one class */
    struct lade__string_table classes;
    int64_t tags, tag_capacity;
};

/*
 * lade__labels_init()    - prepares to read labels into @samples. @classes is the list of classes to use; NULL means
 *                          all classes. Returns LADE_OK, LADE_EINVAL (a class is listed twice) or LADE_ENOMEM.
 * lade__labels_read()    - reads the cell @cell of the next row. class_of or tag_first must have memory for the row.
 *                          Returns 1, or 0 if no class of the cell is in the list of classes, or LADE_ENOMEM.
 * lade__labels_finish()  - numbers the classes in their final order and adds the classes to the samples. Returns
 *                          LADE_OK or LADE_ENOMEM.
 * lade__labels_release() - frees the memory that does not belong to the samples. @l may be all zero.
 *
 * Only lade__labels_init() fills @err.
 */
int lade__labels_init(struct lade__labels *l, struct lade__samples *samples, const char *const *classes, char separator,
                      struct lade_error *err);
int lade__labels_read(struct lade__labels *l, const char *cell);
int lade__labels_finish(struct lade__labels *l);
void lade__labels_release(struct lade__labels *l);

#endif
