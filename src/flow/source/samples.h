/*
 * The samples of a flow, whatever its source is: class folders, a CSV file, a list of paths or arrays. This header has
 * the number of samples and, for each sample, the place of its image, its class, its label and its weight. The stages
 * after this one use only this interface and do not depend on the kind of source.
 *
 * A source has rows. The samples are the rows of the subset, numbered from 0 in the order of the rows.
 */
#ifndef LADE_SRC_FLOW_SOURCE_SAMPLES_H
#define LADE_SRC_FLOW_SOURCE_SAMPLES_H

#include "flow/source/scan.h"

/* The rows of one class. A source without classes has one group for all rows. */
struct lade__group {
    const char *name;         /* of the class, or "" */
    int64_t first, count;     /* the samples first .. first+count-1 in the order of classes */
    int64_t rows;             /* number of rows, including those of the other subset */
    struct lade_digest names; /* hash of the paths, labels and weights of the rows */
};

struct lade__samples {
    char *source; /* the name of the source for messages: "data/train", "list.csv" */
    int64_t rows, count;
    int64_t *row_of;   /* (count) the row of each sample, in rising order; NULL: sample i is row i */
    int64_t *by_class; /* (count) the samples sorted by class; NULL: the samples are already sorted by class */

    int class_count;            /* 0: the source has no classes */
    const char **class_names;   /* (class_count), then NULL */
    struct lade__group *groups; /* (class_count), or one group */

    /* The labels of the rows. Most sources use one of these tables. */
    int32_t *class_of; /* (rows) the class of each row; NULL: `files` has the classes, or there are none */
    int64_t *
        tag_first; /* (rows + 1) for several classes in a row: row i has tags[tag_first[i]] .. tags[tag_first[i+1]-1] */
    int32_t *tags; /* classes, in rising order within a row */
    int64_t columns; /* of values */
    float *values;   /* (rows, columns) numeric labels */
    float *weights;  /* (rows); NULL: no weights */

    /* The images are files relative to an open directory, or rows of an array. */
    lade_scan *files;
    int root; /* descriptor of the directory; -1: none */
    struct lade_tensor *x;
};

/*
 * Each of these functions opens one kind of source. It returns LADE_OK with @s filled, or an error with @err filled.
 * The caller calls lade__samples_release() in both cases.
 *
 * lade__samples_from_directory() - opens class folders. Returns the errors of lade_scan_directory().
 * lade__samples_from_csv()       - opens the CSV file @path. @classes is the list of wanted classes, or NULL.
 * lade__samples_from_paths()     - opens a list of files and directories, which ends with NULL.
 * lade__samples_from_arrays()    - opens arrays. @y and @weights may be NULL. @classes is the list of class names, or
 *                                  NULL.
 * lade__samples_check_array()    - must be called before lade__samples_from_arrays(). It checks @x and the options that
 *                                  depend on @x, and fills in those that are not set. Returns LADE_OK or LADE_EINVAL.
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
 * For the functions above:
 *
 * lade__samples_make_classes() - allocates memory for @count classes; 0: for the one group of a source without classes.
 * lade__samples_add_class()    - adds a class and copies its name.
 * lade__samples_count_rows()   - fills in `rows` and `names` of each group. All other tables must be complete.
 *
 * The first two return LADE_OK or LADE_ENOMEM.
 */
int lade__samples_make_classes(struct lade__samples *s, int count);
int lade__samples_add_class(struct lade__samples *s, const char *name);
void lade__samples_count_rows(struct lade__samples *s);

/*
 * lade__samples_sort_by_class() - fills in by_class, and `first` and `count` of each group. row_of and count must be
 *                                 set before. Returns LADE_OK, or LADE_ENOMEM with @err filled.
 * lade__samples_release()       - frees all memory. @s may be incomplete if root was -1 from the start.
 */
int lade__samples_sort_by_class(struct lade__samples *s, struct lade_error *err);
void lade__samples_release(struct lade__samples *s);

/*
 * lade__samples_row()    - returns the row of sample @i.
 * lade__samples_class()  - returns the class of sample @i, or -1 if the sample has no class or several classes.
 * lade__samples_member() - returns sample @k, 0 .. count-1, of group @g.
 * lade__samples_label()  - writes the label of sample @i to @y, which has @columns numbers.
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
