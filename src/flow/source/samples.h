/*
 * Declares the samples of a flow for every kind of source: class folders, a CSV file, a list of paths, arrays, or the
 * reader of a program. The struct has the number of samples and, for each sample, its class, its label and its weight.
 * A struct lade_reader reads the bytes of a sample. Later stages do not depend on the kind of source.
 *
 * A source consists of rows. The samples are the rows that belong to the subset, numbered from 0 in the order of the
 * rows.
 */
#ifndef LADE_SRC_FLOW_SOURCE_SAMPLES_H
#define LADE_SRC_FLOW_SOURCE_SAMPLES_H

#include <lade/flow.h>
#include <lade/reader.h>

/* The rows of one class. A source without classes has one group for all rows. */
struct lade__group {
    const char *name;         /* name of the class, or "" */
    int64_t first, count;     /* the samples of the class are first .. first+count-1 if samples are sorted by class */
    int64_t rows;             /* number of rows of the class, in both subsets */
    struct lade_digest names; /* hash of the paths, labels and weights of the rows */
};

struct lade__samples {
    char *root;        /* a copy of reader.root, or NULL */
    char *source;      /* the name of the source for messages, for example "data/train" or "list.csv" */
    int64_t rows;      /* number of rows */
    int64_t count;     /* number of samples */
    int64_t *row_of;   /* (count) the row of each sample, in rising order; NULL: sample i is row i */
    int64_t *by_class; /* (count) the samples sorted by class; NULL: the samples are already in this order */

    int class_count;            /* 0: the source has no classes */
    const char **class_names;   /* (class_count), then NULL */
    struct lade__group *groups; /* (class_count), or one group */

    /* The labels of the rows. A source with classes uses one of the first three tables.
       class_first:     (class_count + 1) the rows are sorted by class, and class c has the rows class_first[c] ..
                        class_first[c+1]-1.
       class_of:        (rows) the class of each row.
       tag_first, tags: (rows + 1) a row can have several classes. Row i has the classes tags[tag_first[i]] ..
                        tags[tag_first[i+1]-1], in rising order.
       values:          (rows, columns) numeric labels. */
    int64_t *class_first;
    int32_t *class_of;
    int64_t *tag_first;
    int32_t *tags;
    int64_t columns;
    float *values;
    float *weights; /* (rows); NULL: no weights */

    struct lade_reader reader; /* reads the rows; reader.close is NULL until the reader is open */
    int64_t *reader_index;     /* (rows) the index of each row in the reader; NULL: index = row number */
    bool opened;               /* reader.open has succeeded in the process in which lade__forks() returned `forks` */
    unsigned forks;
};

/*
 * Each function lade__samples_from_...() opens one kind of source. It returns LADE_OK with @s filled, or an error with
 * @err filled. The caller must call lade__samples_release(), also after an error. The check functions return LADE_OK,
 * or LADE_EINVAL with @err filled.
 *
 * lade__samples_from_directory() - opens class folders. Returns the errors of lade_scan_directory().
 * lade__samples_from_csv()       - opens the CSV file @path. @classes is the list of classes to use; NULL means all.
 * lade__samples_from_paths()     - opens a list of files and directories, which ends with NULL.
 * lade__samples_from_arrays()    - opens arrays. @y and @weights may be NULL. @classes is the list of class names, or
 *                                  NULL.
 * lade__samples_from_reader()    - uses the reader of a program, which then belongs to @s, also after an error.
 *                                  @classes is the list of classes to use; NULL means all.
 * lade__samples_check_array()    - checks @x. Must be called before lade__samples_from_arrays().
 * lade__samples_check_pixels()   - checks options against samples that are pixels of @dtype and @shape (H, W, C), and
 *                                  sets the options that depend on the shape. @name is the name of the source for
 *                                  messages. Must be called before the options are resolved.
 */
int lade__samples_from_directory(struct lade__samples *s, const char *directory,
                                 const struct lade_scan_options *options, struct lade_error *err);
int lade__samples_from_csv(struct lade__samples *s, const char *path, const struct lade_manifest *manifest,
                           enum lade_class_mode mode, const char *const *classes, struct lade_error *err);
int lade__samples_from_paths(struct lade__samples *s, const char *const *paths, const struct lade_scan_options *options,
                             struct lade_error *err);
int lade__samples_from_arrays(struct lade__samples *s, struct lade_tensor *x, struct lade_tensor *y,
                              struct lade_tensor *weights, enum lade_class_mode mode, const char *const *classes,
                              struct lade_error *err);
int lade__samples_from_reader(struct lade__samples *s, const struct lade_reader *reader, const char *const *classes,
                              struct lade_error *err);
int lade__samples_check_array(const struct lade_tensor *x, struct lade_error *err);
int lade__samples_check_pixels(const char *name, enum lade_dtype dtype, const int64_t shape[3],
                               struct lade_flow_options *options, struct lade_error *err);

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
 * lade__samples_open()          - calls reader.open for @workers workers, if no earlier call in this process has
 *                                 succeeded. Returns LADE_OK or the error of the reader.
 * lade__samples_release()       - closes the reader and frees all memory. @s may be incomplete.
 */
int lade__samples_sort_by_class(struct lade__samples *s, struct lade_error *err);
int lade__samples_open(struct lade__samples *s, int workers, struct lade_error *err);
void lade__samples_release(struct lade__samples *s);

/*
 * lade__samples_row()       - returns the row of sample @i.
 * lade__samples_row_class() - returns the class of row @row, or -1 if the row has no class or several classes.
 * lade__samples_class()     - returns the class of sample @i, or -1 if the sample has no class or several classes.
 * lade__samples_member()    - returns the index of the sample that is number @k, 0 .. count-1, in group @g.
 * lade__samples_label()     - writes the label of sample @i to @y, which has @columns elements.
 * lade__samples_index()     - returns the index of row @row in the reader.
 */
int64_t lade__samples_row(const struct lade__samples *s, int64_t i);
int lade__samples_row_class(const struct lade__samples *s, int64_t row);
int lade__samples_class(const struct lade__samples *s, int64_t i);
int64_t lade__samples_member(const struct lade__samples *s, int g, int64_t k);
void lade__samples_label(const struct lade__samples *s, int64_t i, enum lade_class_mode mode, int64_t columns,
                         float *y);
int64_t lade__samples_index(const struct lade__samples *s, int64_t row);

#endif
