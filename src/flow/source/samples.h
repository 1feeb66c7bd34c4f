/*
 * The samples of a stream, whatever it is made from - class folders, a list, arrays: how many there are, where the
 * image of each is, its class, label and weight. Everything behind this header asks here and knows of no source.
 *
 * A source has rows; the samples are those of them that are in the subset, numbered from 0 in the order of the rows.
 */
#ifndef LADE_FLOW_SOURCE_SAMPLES_H
#define LADE_FLOW_SOURCE_SAMPLES_H

#include "flow/source/scan.h"

/* A class; or everything, in the one group of a source without classes. */
struct lade__group {
    const char *name;        /* of the class; "" */
    int64_t first, count;    /* its samples: first .. first+count-1 of the samples by class */
    int64_t rows;            /* of the source, in the subset or not; */
    uint64_t hash_low, hash; /* 128 bits of what they are called and labelled */
};

struct lade__samples {
    char *source; /* what messages call it: "data/train", "list.csv" */
    int64_t rows, count;
    int64_t *row_of;   /* (count) the rows that are samples, rising; NULL: all are */
    int64_t *by_class; /* (count) samples in the order of their classes; NULL: they are in that order */

    int class_count;            /* 0: there are no classes */
    const char **class_names;   /* (class_count), then NULL; each a lade_strdup() */
    struct lade__group *groups; /* (class_count), or one */

    /* What there is of the labels of a row. */
    int32_t *class_of;  /* (rows) the class of each; NULL: the files know, or there is none */
    int64_t *tag_first; /* (rows + 1) several classes for each row: tags[tag_first[i]] and on; or NULL */
    int32_t *tags;      /* each row's rise */
    int64_t columns;    /* numbers instead: */
    float *values;      /* (rows, columns); or NULL */
    float *weights;     /* (rows); NULL: no weights */

    /* The images: files below an open directory, or rows of an array. */
    lade_scan *files;
    int root; /* -1: none */
    struct lade_tensor *x;
};

/*
 * lade__samples_index()   - to be called once all rows are known: the samples are those of @subset, and the groups
 * count them. LADE_OK, or LADE_ENOMEM with @err. lade__samples_release() - give everything back; @s may be half made
 * (root is -1 from the start).
 */
int lade__samples_index(struct lade__samples *s, const struct lade_flow_options *options, struct lade_error *err);
void lade__samples_release(struct lade__samples *s);

/*
 * lade__samples_row()    - the row of sample @i.
 * lade__samples_class()  - its class; -1 where there are none or several.
 * lade__samples_member() - sample @k, 0 .. count-1, of group @g.
 * lade__samples_label()  - its label as @columns numbers of a row of y in @mode.
 * lade__samples_path()   - its path, cut to @size, as snprintf: relative to root, or absolute; "x[7]" in arrays.
 */
int64_t lade__samples_row(const struct lade__samples *s, int64_t i);
int lade__samples_class(const struct lade__samples *s, int64_t i);
int64_t lade__samples_member(const struct lade__samples *s, int g, int64_t k);
void lade__samples_label(const struct lade__samples *s, int64_t i, enum lade_class_mode mode, int64_t columns,
                         float *y);
int64_t lade__samples_path(const struct lade__samples *s, int64_t i, char *buffer, size_t size);

/*
 * lade__samples_from_directory() - of class folders. LADE_OK with @s filled, or the errors of lade_scan_directory();
 *                                  @s is to be released either way.
 */
int lade__samples_from_directory(struct lade__samples *s, const char *directory,
                                 const struct lade_scan_options *options, struct lade_error *err);

#endif
