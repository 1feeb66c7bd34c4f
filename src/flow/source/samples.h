/*
 * Declares the samples of a flow for every kind of source: class folders, a CSV file, a list of paths, or arrays. The
 * struct has the number of samples and, for each sample, the path or array row of its image, its class, its label and
 * its weight. Later stages use only this interface and do not depend on the kind of source.
 *
 * A source consists of rows. The samples are the rows that belong to the subset, numbered from 0 in the order of the
 * rows.
 */
#ifndef LADE_SRC_FLOW_SOURCE_SAMPLES_H
#define LADE_SRC_FLOW_SOURCE_SAMPLES_H

#include "flow/source/scan.h"

/* The rows of one class. A source without classes has one group for all rows. */
struct lade__group {
    const char *name;         /* name of the class, or "" */
    int64_t first, count;     /* the samples of the class are first .. first+count-1 if samples are sorted by class */
    int64_t rows;             /* number of rows of the class, in both subsets */
    struct lade_digest names; /* hash of the paths, labels and weights of the rows */
};

struct lade__samples {
    char *source;      /* the name of the source for messages, for example "data/train" or "list.csv" */
    int64_t rows;      /* number of rows */
    int64_t count;     /* number of samples */
    int64_t *row_of;   /* (count) the row of each sample, in rising order; NULL: sample i is row i */
    int64_t *by_class; /* (count) the samples sorted by class; NULL: the samples are already in this order */

    int class_count;            /* 0: the source has no classes */
    const char **class_names;   /* (class_count), then NULL */
    struct lade__group *groups; /* (class_count), or one group */

    /* The labels of the rows. A source uses at most one of these three kinds of labels.
       class_of:        (rows) the class of each row; NULL: `files` has the classes, or the source has no classes.
       tag_first, tags: (rows + 1) for several classes in a row. Row i has the classes tags[tag_first[i]] ..
                        tags[tag_first[i+1]-1], in rising order.
       values:          (rows, columns) numeric labels. */
    int32_t *class_of;
    int64_t *tag_first;
    int32_t *tags;
    int64_t columns;
    float *values;
    float *weights; /* (rows); NULL: no weights */

    /* The images are files relative to an open directory, or rows of an array. */
    lade_scan *files;
    int root; /* file descriptor of the directory; -1: no directory */
    struct lade_tensor *x;
};

/*
 * Each of these functions opens one kind of source. It returns LADE_OK with @s filled, or an error with @err filled.
 * The caller must call lade__samples_release() in both cases.
 *
 * lade__samples_from_directory() - opens class folders. Returns the errors of lade_scan_directory().
 * lade__samples_from_csv()       - opens the CSV file @path. @classes is the list of classes to use; NULL means all.
 * lade__samples_from_paths()     - opens a list of files and directories, which ends with NULL.
 * lade__samples_from_arrays()    - opens arrays. @y and @weights may be NULL. @classes is the list of class names, or
 *                                  NULL.
 * lade__samples_check_array()    - must be called before lade__samples_from_arrays(). It checks @x and the options that
 *                                  depend on @x, and sets such an option if it is not set. Returns LADE_OK or
 *                                  LADE_EINVAL.
 */
int lade__samples_from_directory(struct lade__samples *s, const char *directory,
                                 const struct lade_scan_options *options, struct lade_error *err);
int lade__samples_from_csv(struct lade__samples *s, const char *path, const struct lade_manifest *manifest,
                           enum lade_class_mode mode, const char *const *classes, struct lade_error *err);
int lade__samples_from_paths(struct lade__samples *s, const char *const *paths, bool follow_links,
                             struct lade_error *err);
int lade__samples_from_arrays(struct lade__samples *s, struct lade_tensor *x, const struct lade_tensor *y,
                              const struct lade_tensor *weights, enum lade_class_mode mode, const char *const *classes,
                              struct lade_error *err);
int lade__samples_check_array(const struct lade_tensor *x, struct lade_flow_options *options, struct lade_error *err);

/*
 * The functions above use these functions:
 *
 * lade__samples_make_classes() - allocates memory for @count classes. If @count is 0, allocates the one group of a
 *                                source without classes. Returns LADE_OK or LADE_ENOMEM.
 * lade__samples_add_class()    - adds a class and copies its name. Returns LADE_OK or LADE_ENOMEM.
 * lade__samples_count_rows()   - fills `rows` and `names` of each group. All other tables must be complete.
 */
int lade__samples_make_classes(struct lade__samples *s, int count);
int lade__samples_add_class(struct lade__samples *s, const char *name);
void lade__samples_count_rows(struct lade__samples *s);

/*
 * lade__samples_sort_by_class() - fills by_class, and `first` and `count` of each group. The caller must set row_of and
 *                                 count first. Returns LADE_OK, or LADE_ENOMEM with @err filled.
 * lade__samples_release()       - frees all memory. @s may be incomplete, but s->root must have been set to -1 before.
 */
int lade__samples_sort_by_class(struct lade__samples *s, struct lade_error *err);
void lade__samples_release(struct lade__samples *s);

/*
 * lade__samples_row()    - returns the row of sample @i.
 * lade__samples_class()  - returns the class of sample @i, or -1 if the sample has no class or several classes.
 * lade__samples_member() - returns sample @k, 0 .. count-1, of group @g.
 * lade__samples_label()  - writes the label of sample @i to @y, which has @columns elements.
 * lade__samples_path()   - writes the path of sample @i to @buffer as snprintf() does. The path is relative to `root`,
 *                          or absolute. For arrays it is "x[7]".
 */
int64_t lade__samples_row(const struct lade__samples *s, int64_t i);
int lade__samples_class(const struct lade__samples *s, int64_t i);
int64_t lade__samples_member(const struct lade__samples *s, int g, int64_t k);
void lade__samples_label(const struct lade__samples *s, int64_t i, enum lade_class_mode mode, int64_t columns,
                         float *y);
int64_t lade__samples_path(const struct lade__samples *s, int64_t i, char *buffer, size_t size);

#endif
