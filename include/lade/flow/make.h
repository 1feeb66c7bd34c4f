/*
 * lade/flow/make.h - makes flows from directories, lists, paths, arrays and readers. lade/flow.h includes this header.
 */
#ifndef LADE_FLOW_MAKE_H
#define LADE_FLOW_MAKE_H

#include <lade/base.h>
#include <lade/flow/options.h>
#include <lade/reader.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A flow consists of the list of files, the position (the next batch), the memory for batches (the ring), and the
 * worker threads that fill the batches. lade_flow_next(), generators of lade_flow_batches(), lade_flow_state() and
 * lade_flow_resume() must not run at the same time. The description of each function contains the rules for threads.
 */
typedef struct lade_flow lade_flow;

/*
 * lade_flow_from_directory() - scans @directory (see lade_scan_files) and makes a flow of its images. The threads
 * start, and decode the first image, when the first batch is requested. If class_mode is LADE_CLASS_NONE, the directory
 * may also contain images but no folders (see lade_scan_options.flat).
 *
 * @options  NULL: the defaults   (copied)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled:
 *
 *   LADE_EINVAL   an option is out of range; its name is the subject
 *   LADE_ENOMEM   out of memory, or two batches do not fit into memory_limit or into the free memory of the machine
 *   and the errors of lade_scan_files()
 *
 * Cost: one pass over the directories. Python: ImageDataGenerator(...).flow_from_directory(directory, ...).
 */
LADE_API lade_flow *lade_flow_from_directory(const char *directory, const struct lade_flow_options *options,
                                             struct lade_error *err);

/*
 * The options for reading a list of images. The list is a CSV file, whose first line contains the names of the columns.
 * A field that is 0 has its default. The defaults are the same as in Keras's flow_from_dataframe.
 */
struct lade_manifest {
    const char *x_col;        /* the column of paths; NULL: "filename" */
    const char *const *y_col; /* the names of the label columns; the last element is NULL. Name one column of classes
                                 or, for LADE_CLASS_RAW, one or more columns of numbers. If `y_col` is NULL, the
                                 label column is "class" */
    const char *weight_col;   /* the column of sample weights (each is 0 or more); NULL: no weights */
    const char *directory;    /* the directory to which paths are relative; NULL: the directory of the CSV file */
    char label_separator; /* for LADE_CLASS_CATEGORICAL: the separator between several classes in one cell. y has a 1
                                 for each class of the cell; the cell may be empty. 0: each cell has exactly one
                                 class */
    const char
        *text; /* the text of the list, if the list is in memory and not in a file. The argument @path is then the
                                 name of the list for messages, and the default of `directory` is "."   (borrowed for
                                 the call) */
    unsigned char reserved[48]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_flow_from_manifest() - makes a flow of the images listed in the CSV file @path, in the order of the list.
 * Options and guarantees are the same as for lade_flow_from_directory().
 *
 * The classes are the distinct labels in byte order. If the option `classes` is set, the flow uses these classes in
 * their order, and leaves out samples of other classes. The validation split divides the samples of each class, in the
 * order of the list. If samples do not have exactly one class (class modes raw and none, or several labels), the
 * validation split divides the whole list. Files are not checked in advance: a missing file is an invalid file.
 *
 * The list is UTF-8 text in the format of RFC 4180: fields are separated by commas, and lines end with LF or CR LF. A
 * field that contains one of these characters must be quoted, and a quote inside a field must be doubled. A record has
 * at most 1 MiB.
 *
 * @path      the file, or a name if manifest->text is set
 * @manifest  NULL: the defaults   (borrowed for the call)
 * @options   NULL: the defaults   (copied)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled:
 *
 *   LADE_EINVAL   an option is out of range, a column does not exist, or there is no sample
 *   LADE_EFORMAT  the list has wrong quotes, a wrong number of fields, an invalid number, or an empty cell. The message
 *                 begins with the path and the line, for example "list.csv:17: "
 *   LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_ELIMIT, LADE_ENOMEM
 *
 * Cost: one pass over the list. Python: ImageDataGenerator(...).flow_from_dataframe(pandas.read_csv(path), ...).
 */
LADE_API lade_flow *lade_flow_from_manifest(const char *path, const struct lade_manifest *manifest,
                                            const struct lade_flow_options *options, struct lade_error *err);

/*
 * lade_flow_from_paths() - makes a flow of images without labels. A path can be a file with any suffix, or a directory.
 * A directory is searched recursively for images, by the rules of lade_scan_files(). Options and guarantees are the
 * same as for lade_flow_from_directory(), except that class_mode must be LADE_CLASS_NONE or LADE_CLASS_INPUT. With
 * LADE_ORDER_SORTED, the samples have the order of @paths. Files are not checked in advance: a missing file is an
 * invalid file.
 *
 * @paths    the paths, absolute or relative to the working directory at the time of the call. The last element is NULL
 *           (borrowed for the call)
 * @options  must not be NULL, because class_mode must be set   (copied; `classes` is ignored)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled: LADE_EINVAL (an option is out
 * of range, or there is no path), LADE_ENOENT (a directory without images), LADE_EACCES, LADE_EIO or LADE_ENOMEM.
 *
 * Cost: one pass over the directories and one stat() for each path. Python: flow_from_dataframe(..., class_mode=None).
 */
LADE_API lade_flow *lade_flow_from_paths(const char *const *paths, const struct lade_flow_options *options,
                                         struct lade_error *err);

/*
 * lade_flow_from_arrays() - makes a flow of the rows of arrays, for example .npy files larger than memory
 * (lade_tensor_map_npy). Options and guarantees are the same as for lade_flow_from_directory(), except that images are
 * not decoded or resized: the shape of @x determines target_size and color_mode. The file name of row i is "x[i]".
 *
 * @x  shape (n, H, W, C) with C = 1, 3 or 4; dtype uint8, uint16 or float32. uint16 images are used like files of 16
 *     bits. float32 images cannot be augmented. (The flow keeps a reference.)
 * @y  shape (n) or (n, 1): class indices of any dtype. The option `classes` contains the names of the classes. If
 *     `classes` is NULL, the names are "0", "1", ... For LADE_CLASS_RAW, @y contains numbers and has the shape (n) or
 *     (n, columns). For LADE_CLASS_NONE and LADE_CLASS_INPUT, @y is NULL.   (borrowed for the call)
 * @sample_weight  shape (n); each weight is 0 or more; NULL: no weights   (borrowed for the call)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled: LADE_EINVAL (the subject is
 * the option or the array that is wrong) or LADE_ENOMEM. A saved state contains a hash of the labels and weights, but
 * not of the pixels. Python: ImageDataGenerator(...).flow(x, y, sample_weight=...).
 */
LADE_API lade_flow *lade_flow_from_arrays(struct lade_tensor *x, struct lade_tensor *y,
                                          struct lade_tensor *sample_weight, const struct lade_flow_options *options,
                                          struct lade_error *err);

/*
 * lade_flow_from_reader() - makes a flow of the samples of a reader (lade/reader.h), for storage that lade does not
 * support, for example a database. All options have the same meaning as for lade_flow_from_directory(). The classes are
 * the distinct class names in byte order. If the option `classes` is set, the flow uses these classes in their order,
 * and leaves out samples of other classes. If samples do not have exactly one class, the validation split divides the
 * whole list. The subject of an error about a sample is the name that the reader returns.
 *
 * @reader   (copied; its functions and its ctx are used until lade_reader.close is called)
 * @options  NULL: the defaults   (copied)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled. lade_flow_free() calls
 * lade_reader.close. If lade_flow_from_reader() fails, it calls lade_reader.close itself. Errors:
 *
 *   LADE_EINVAL   an option or a field of @reader is out of range (the field is the subject), or some samples have a
 *                 class and others have none
 *   LADE_ENOMEM   out of memory
 *   and the errors of lade_reader.label, with the name of the sample as the subject
 *
 * Cost: one call of lade_reader.label and of lade_reader.name for each sample, and 4 bytes of memory for the class of
 * each sample.
 */
LADE_API lade_flow *lade_flow_from_reader(const struct lade_reader *reader, const struct lade_flow_options *options,
                                          struct lade_error *err);

/*
 * lade_flow_free() - stops and joins the threads and frees the flow. The function can be called at any time, even while
 * threads work on a batch. lade_flow_free() then waits until each thread has finished its current sample.
 * lade/flow/cancel.h shows how to avoid this wait. NULL is allowed. Batches that are still referenced remain valid. A
 * generator of lade_flow_batches() that is still active can be freed later; if it is resumed, it ends with LADE_ESTATE.
 */
LADE_API void lade_flow_free(lade_flow *flow);

#ifdef __cplusplus
}
#endif
#endif
