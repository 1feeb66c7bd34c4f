/*
 * lade/flow.h - makes an endless stream of shuffled, augmented and labelled batches from a data set of images. A flow
 * needs tens of megabytes of memory and delivers batches as fast as the machine can decode images.
 *
 *     struct lade_error err = {0};
 *     lade_flow *flow = lade_flow_from_directory("data/train", &(struct lade_flow_options){
 *         .target_size = {224, 224}, .batch_size = 32, .seed = 1, .rescale = 1 / 255.f, .horizontal_flip = true,
 *         .on_error = LADE_ERROR_SKIP }, &err);
 *     lade_for_each (b, lade_take(lade_flow_batches(flow), lade_flow_steps(flow)), &err)      // one epoch
 *         train_step(b->x, b->y);
 *     lade_flow_free(flow);
 *
 * The tensor x has the shape (n, H, W, C), and the tensor y has the shape (n, classes). Both are valid until the next
 * batch. lade_take() is declared in lade/iter.h; without it, the loop is endless.
 *
 * A flow uses generators. The generator lade_scan_files() yields the files, and delegates to one more generator for
 * each class folder. The flow collects and orders the files, and threads decode them. The generator lade_flow_batches()
 * yields the batches.
 *
 * The same seed gives the same bytes: batch k of epoch e is a function of the seed, the options, and the names and
 * contents of the files. It does not depend on the number of workers or ranks, on the load of the machine, or on the
 * position at which a run was resumed.
 */
#ifndef LADE_FLOW_H
#define LADE_FLOW_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/batch.h>
#include <lade/gen.h>
#include <lade/image.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/*
 * The options that select the files of a directory. struct lade_flow_options has fields with the same names.
 */
struct lade_scan_options {
    /* The class folders to use, in the order of their index. The last element is NULL. If `classes` is NULL, all class
       folders are used, in byte order. */
    const char *const *classes;
    /* Inside the class folders, follow symbolic links to directories (followlinks of Python's os.walk), except a link
       to a directory that contains the link. */
    bool follow_links;
};

/*
 * One image file, as lade_scan_files() yields it. The strings are valid until the generator is resumed or closed.
 */
struct lade_scan_file {
    const char *class_name; /* the name of the class folder, for example "cat" */
    const char *directory; /* the directory of the file, relative to the scanned directory, for example "cat/siamese" */
    const char *name;      /* the name of the file, for example "001.jpg" */
    int class_index;       /* the index of the class, from 0 */
};

/*
 * lade_scan_files() - return a generator that yields the image files in @directory. It delegates to one generator for
 * each class folder (yield from).
 *
 * A class folder is a directory, or a link to a directory, directly in @directory. All images in a class folder and in
 * its sub-directories belong to the class. Files are sorted by class index, then by the path of their directory, then
 * by name, all in byte order. Keras uses the same order: sorted(os.walk), then sorted files. An image is a regular
 * file, or a link to a regular file, with a suffix of an image format (lade/image.h) in upper or lower case. The scan
 * does not read the contents of files. Names that begin with a dot are skipped.
 *
 * @directory  the path   (borrowed until the generator is freed)
 * @options    NULL: the defaults   (borrowed until the generator is freed)
 *
 * The generator can end with one of these errors. The subject of the error is the directory or "classes":
 *
 *   LADE_ENOENT   the directory or a folder of `classes` does not exist, there is no class folder, or a class folder
 *                 has no images
 *   LADE_EACCES   a directory cannot be read
 *   LADE_EINVAL   @directory is a file, or `classes` is empty or has an invalid name
 *   LADE_EIO, LADE_ENOMEM
 *
 * Memory: the names of the files of one directory. stat() is not called for each file if the file system reports file
 * types (d_type).
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_scan_file)
    lade_scan_files(const char *directory, const struct lade_scan_options *options);

/*
 * The result of a scan: the classes and the names of all files. Each file needs 8 bytes and the bytes of its name with
 * the final NUL.
 */
typedef struct lade_scan lade_scan;

/*
 * lade_scan_directory() - collects the files of lade_scan_files(). The caller frees the result with lade_scan_free().
 * lade_scan_free()      - frees a scan. NULL is allowed.
 *
 * lade_scan_directory() returns NULL on an error, with @err filled as described at lade_scan_files(). Any thread may
 * call these functions.
 */
LADE_API lade_scan *lade_scan_directory(const char *directory, const struct lade_scan_options *options,
                                        struct lade_error *err);
LADE_API void lade_scan_free(lade_scan *scan);

/*
 * lade_scan_count()       - returns the number of files.
 * lade_scan_classes()     - returns the number of classes.
 * lade_scan_class_name()  - returns the name of class @c, or NULL if there is no such class   (borrowed from the scan).
 * lade_scan_class_count() - returns the number of files of class @c, or 0 if there is no such class.
 * lade_scan_class_of()    - returns the class of file @i, or -1 if there is no such file.
 *
 * Files are numbered from 0 in the order of lade_scan_files(). Any thread may call these functions, also at the same
 * time.
 */
LADE_API int64_t lade_scan_count(const lade_scan *scan);
LADE_API int lade_scan_classes(const lade_scan *scan);
LADE_API const char *lade_scan_class_name(const lade_scan *scan, int c);
LADE_API int64_t lade_scan_class_count(const lade_scan *scan, int c);
LADE_API int lade_scan_class_of(const lade_scan *scan, int64_t i);

/*
 * lade_scan_path() - writes the path of file @i to @buffer. As with snprintf(), the path is cut to @size bytes, which
 * include the final NUL. The path is relative to the scanned directory, for example "cat/siamese/001.jpg". It may
 * contain bytes that are not UTF-8.
 *
 * Returns the length of the whole path, or LADE_EINVAL if there is no such file. Any thread may call it.
 */
LADE_API int64_t lade_scan_path(const lade_scan *scan, int64_t i, char *buffer, size_t size);

/* ---- Options ----------------------------------------------------------------------------------------------------- */

enum lade_class_mode {
    LADE_CLASS_CATEGORICAL = 0, /* y is (n, classes): 1 in the column of the class, 0 in the other columns */
    LADE_CLASS_BINARY,          /* y is (n, 1): 0 or 1; the data set must have two classes */
    LADE_CLASS_SPARSE,          /* y is (n, 1): the class index */
    LADE_CLASS_NONE,            /* y is NULL */
    LADE_CLASS_INPUT,           /* y is the same tensor as x, for autoencoders */
    LADE_CLASS_RAW,             /* y is (n, columns): numbers of a CSV file or an array; also Keras's multi_output */
    LADE_CLASS_MODE_COUNT
};

enum lade_order {
    LADE_ORDER_SHUFFLED = 0, /* a new permutation in each epoch, which depends only on (seed, epoch) */
    LADE_ORDER_SORTED,       /* the order of lade_scan_files(), of the CSV file or of the array */
    /* Each class has the same number of samples in an epoch, or, with class_weights, a number in proportion to its
       weight. The length of the epoch does not change: only a random part of a large class is used, and samples of a
       small class are repeated, each time with a new augmentation. The order depends only on (seed, epoch). */
    LADE_ORDER_BALANCED,
    LADE_ORDER_COUNT
};

enum lade_subset {
    LADE_SUBSET_ALL = 0,
    LADE_SUBSET_TRAINING,   /* all files that are not in LADE_SUBSET_VALIDATION */
    LADE_SUBSET_VALIDATION, /* floor(n * validation_split) of the n files of each class */
    LADE_SUBSET_COUNT
};

enum lade_split {
    LADE_SPLIT_FIRST = 0, /* the validation files are the first files of each class by name, as in Keras */
    LADE_SPLIT_SEEDED,    /* the validation files are random files of each class, which depend on (seed, class index,
                             number of files) */
    LADE_SPLIT_COUNT
};

/*
 * The part of an image that is used. Only this part of a JPEG is decoded.
 */
enum lade_crop {
    LADE_CROP_NONE = 0,
    LADE_CROP_RANDOM, /* torchvision's RandomResizedCrop(target_size, crop_scale, crop_ratio) */
    LADE_CROP_CENTER, /* torchvision's Resize(crop_resize), then CenterCrop(target_size) */
    LADE_CROP_COUNT
};

/*
 * The handling of invalid files. An invalid file is a file that cannot be read or decoded.
 */
enum lade_error_policy {
    LADE_ERROR_FAIL = 0, /* the flow ends with the error of the file */
    LADE_ERROR_SKIP,     /* the file is reported (lade_flow_invalid_file) and left out. Its batch becomes shorter; other
                            batches do not change */
    /* The file is reported and replaced by a valid sample. The first 16 candidates have the class of the file, the next
       16 may have any class. If all candidates are invalid, the file is left out. The candidates depend only on (seed,
       epoch, sample). */
    LADE_ERROR_REPLACE,
    LADE_ERROR_POLICY_COUNT
};

/*
 * lade_class_mode_name()   - "categorical", "binary", "sparse", "none", "input", "raw"
 * lade_order_name()        - "shuffled", "sorted", "balanced"
 * lade_subset_name()       - "all", "training", "validation"
 * lade_split_name()        - "first", "seeded"
 * lade_crop_name()         - "none", "random", "center"
 * lade_error_policy_name() - "fail", "skip", "replace"
 *
 * Each function returns the name of a constant as a static string, or "unknown" if the value is not in the enum. Any
 * thread may call these functions.
 */
LADE_API const char *lade_class_mode_name(enum lade_class_mode mode);
LADE_API const char *lade_order_name(enum lade_order order);
LADE_API const char *lade_subset_name(enum lade_subset subset);
LADE_API const char *lade_split_name(enum lade_split split);
LADE_API const char *lade_crop_name(enum lade_crop crop);
LADE_API const char *lade_error_policy_name(enum lade_error_policy policy);

/*
 * lade_class_mode_from_name(), lade_order_from_name(), lade_subset_from_name(), lade_split_from_name(),
 * lade_crop_from_name(), lade_error_policy_from_name() - find the constant that has @name. "multi_output" is a second
 * name of LADE_CLASS_RAW.
 *
 * Return LADE_OK and set *out, or return LADE_EINVAL with a list of the names in @err and leave *out unchanged. Any
 * thread may call these functions.
 */
LADE_API int lade_class_mode_from_name(const char *name, enum lade_class_mode *out, struct lade_error *err);
LADE_API int lade_order_from_name(const char *name, enum lade_order *out, struct lade_error *err);
LADE_API int lade_subset_from_name(const char *name, enum lade_subset *out, struct lade_error *err);
LADE_API int lade_split_from_name(const char *name, enum lade_split *out, struct lade_error *err);
LADE_API int lade_crop_from_name(const char *name, enum lade_crop *out, struct lade_error *err);
LADE_API int lade_error_policy_from_name(const char *name, enum lade_error_policy *out, struct lade_error *err);

/*
 * The sample that is passed to a preprocessing function.
 */
struct lade_flow_sample {
    void *x; /* the row of the sample, with values 0..255, before rescale; the function changes it in place */
    enum lade_dtype dtype; /* type of x: LADE_FLOAT32 or LADE_UINT8 */
    int64_t shape[3];      /* shape of x: (H, W, C) or (C, H, W) */
    int64_t index;         /* the number of the sample */
    int64_t epoch;
};

/*
 * A function of the caller that changes each sample after resizing and augmentation, and before rescale. It is the
 * preprocessing_function of Keras. The worker threads call the function for several samples at the same time, so the
 * data at @ctx must be read-only or protected by a lock. The result may depend only on the arguments; otherwise the
 * same seed does not give the same bytes.
 *
 * The function returns LADE_OK, or an error with @err filled. LADE_ENOMEM ends the flow. After any other error, the
 * sample is handled like an invalid file (on_error).
 */
struct lade_preprocessing {
    int (*call)(void *ctx, const struct lade_flow_sample *sample, struct lade_error *err); /* NULL: none */
    void *ctx;
};

/*
 * The options of a flow. Zero is the default of every field, so {0} selects all defaults. The names are the same as in
 * Keras's ImageDataGenerator and flow_from_directory.
 */
struct lade_flow_options {
    /* the samples */
    int target_size[2];                    /* {height, width}, 1 .. 65535; {0, 0} means {256, 256} */
    enum lade_color_mode color_mode;       /* default: LADE_COLOR_RGB */
    enum lade_class_mode class_mode;       /* default: LADE_CLASS_CATEGORICAL */
    enum lade_interpolation interpolation; /* default: nearest, as in Keras */
    bool keep_aspect_ratio; /* before resizing, crop the image to a centred part with the aspect ratio of target_size */
    enum lade_crop crop;    /* a random crop depends on (seed, epoch, sample) */
    double crop_scale[2];   /* for LADE_CROP_RANDOM: {min, max} fraction of the image area; {0, 0} means {0.08, 1} */
    double crop_ratio[2];   /* for LADE_CROP_RANDOM: {min, max} of width / height; {0, 0} means {3/4, 4/3} */
    /* For LADE_CROP_CENTER: length to which the shorter side of the image is resized. It must be at least the longer
       side of target_size. 0 means 8/7 of the longer side of target_size, for example 256 for 224. */
    int crop_resize;
    enum lade_decode decode;           /* default: LADE_DECODE_EXACT */
    bool exif_orientation;             /* turn photos upright by their Exif orientation; default: off, as in Keras */
    enum lade_dtype dtype;             /* type of x: LADE_FLOAT32 or LADE_UINT8. y is always LADE_FLOAT32 */
    enum lade_data_format data_format; /* default: LADE_CHANNELS_LAST, (n, H, W, C) */
    float rescale;                     /* a factor for all values, after the other transformations; 0: off */

    /* augmentation: rotation_range, horizontal_flip and the other fields of struct lade_augment (lade/image.h). The
       random changes depend only on (seed, epoch, sample) */
    LADE_AUGMENT_FIELDS

    /* standardisation, as in struct lade_output. The steps are applied after rescale and in this order */
    bool samplewise_center;
    bool samplewise_std_normalization;
    bool featurewise_center;
    bool featurewise_std_normalization;
    bool zca_whitening;
    double zca_epsilon; /* lade_flow_fit() adds it to the singular values; 0 means 1e-6, LADE_OFF means 0 */
    /* Statistics from lade_flow_fit() of another flow, for featurewise_center, featurewise_std_normalization and
       zca_whitening   (copied). If `stats` is NULL, call lade_flow_fit() on this flow before the first batch. */
    const struct lade_stats *stats;

    /* The function is called for each sample before rescale. A saved state does not contain the function, but only
       whether one was set. */
    struct lade_preprocessing preprocessing_function;

    /* Every delivered sample is saved as an image, so that a person can check the samples. The image has the values
       before rescale, rounded and clipped to 0..255. The name of a file is PREFIX_EPOCH_POSITION_SAMPLE, followed by
       the suffix of save_format. */
    const char *save_to_dir;      /* an existing directory   (copied); NULL: no images are saved */
    const char *save_prefix;      /* (copied) */
    enum lade_format save_format; /* a format that lade can write (lade/image.h); 0 means LADE_FORMAT_PNG */

    /* the choice of the samples and their order */
    int64_t batch_size; /* samples in a batch, of all ranks together; 0 means 32. The last batch may be shorter */
    enum lade_order order;
    /* For LADE_ORDER_BALANCED: the weight of each class, by index, 0 or more   (borrowed for the call). NULL: equal
       weights. */
    const double *class_weights;
    uint64_t seed;              /* seed of order, split and augmentation */
    const char *const *classes; /* as in struct lade_scan_options   (borrowed for the call) */
    bool follow_links;          /* as in struct lade_scan_options */
    double validation_split;    /* the fraction of each class that is used for validation, 0 <= f < 1 */
    enum lade_subset subset;
    enum lade_split split;

    /* parallelism and error handling: these options do not change the bytes of a batch that has no invalid files */
    int workers; /* number of threads that read and decode; 0: one for each core that this process may use */
    /* The number of this process, 0 .. world - 1. The process gets the rows m*rank/world .. m*(rank+1)/world - 1 of a
       batch of m rows. */
    int rank;
    int world; /* the number of processes that share the batches; 0 means 1 */
    enum lade_error_policy on_error;
    int64_t max_bad;     /* the flow ends with LADE_ELIMIT after more than this number of invalid files; 0: no limit */
    double max_bad_rate; /* the same limit as a fraction of the samples, 0 .. 1; 0: no limit */
    struct lade_image_limits limits; /* a file that exceeds a limit is an invalid file; no memory is allocated for it */
};

/*
 * lade_flow_option_info() - returns the description of option @i of struct lade_flow_options, in static memory. Returns
 * NULL if @i is not the index of an option. Each field of `limits` has its own description, with the name max_pixels or
 * max_file_bytes. The values of save_format are the names of lade_format_info(). Any thread.
 *
 *     for (int i = 0; lade_flow_option_info(i); i++)
 *         puts(lade_flow_option_info(i)->name);
 */
LADE_API const struct lade_option_info *lade_flow_option_info(int i);

/* ---- Making a flow ----------------------------------------------------------------------------------------------- */

/*
 * A flow consists of the list of files, the position, the ring of batches, and the threads that fill the batches.
 * lade_flow_next(), generators of lade_flow_batches(), lade_flow_state() and lade_flow_resume() must not run at the
 * same time. The description of each function contains the rules for threads.
 */
typedef struct lade_flow lade_flow;

/*
 * lade_flow_from_directory() - scans @directory (see lade_scan_files) and makes a flow of its images. No image is
 * decoded and no thread is started before the first batch.
 *
 * @options  NULL: the defaults   (copied)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled:
 *
 *   LADE_EINVAL   an option is out of range; its name is the subject
 *   LADE_ENOMEM   out of memory
 *   and the errors of lade_scan_files()
 *
 * Cost: one pass over the directories. Python: ImageDataGenerator(...).flow_from_directory(directory, ...).
 */
LADE_API lade_flow *lade_flow_from_directory(const char *directory, const struct lade_flow_options *options,
                                             struct lade_error *err);

/*
 * The options for reading a list of images. The list is a CSV file with the names of the columns in its first line.
 * Zero is the default of every field. The defaults are the same as in Keras's flow_from_dataframe.
 */
struct lade_manifest {
    const char *x_col;        /* the column of paths; NULL: "filename" */
    const char *const *y_col; /* the names of the label columns; the last element is NULL. Name one column of classes
                                 or, for LADE_CLASS_RAW, one or more columns of numbers. If `y_col` is NULL, the
                                 label column is "class" */
    const char *weight_col;   /* the column of sample weights, 0 or more; NULL: no weights */
    const char *directory;    /* the directory to which paths are relative; NULL: the directory of the CSV file */
    char label_separator; /* for LADE_CLASS_CATEGORICAL: the separator between several classes in one cell. y has a 1
                                 for each class of the cell; the cell may be empty. 0: each cell has exactly one
                                 class */
};

/*
 * lade_flow_from_manifest() - makes a flow of the images listed in the CSV file @path, in the order of the list.
 * Options and guarantees are the same as for lade_flow_from_directory().
 *
 * The classes are the distinct labels in byte order. If the option `classes` is set, its classes are used in its order,
 * and samples of other classes are left out. The validation split is made for each class, in the order of the list. If
 * samples do not have exactly one class (raw, none, several labels), the whole list is split. Files are not checked in
 * advance: a missing file is an invalid file.
 *
 * The list is UTF-8 text in the format of RFC 4180: fields are separated by commas, and lines end with LF or CR LF. A
 * field that contains one of these characters must be quoted, and a quote inside a field must be doubled. A record has
 * at most 1 MiB.
 *
 * @manifest  NULL: the defaults   (borrowed for the call)
 * @options   NULL: the defaults   (copied)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled:
 *
 *   LADE_EINVAL   an option is out of range, a column does not exist, or there is no sample
 *   LADE_EFORMAT  wrong quotes, a wrong number of fields, an invalid number, or an empty cell. The message begins with
 *                 the path and the line, for example "list.csv:17: "
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
 * @paths    absolute, or relative to the working directory at the time of the call; ends in NULL   (borrowed for the
 *           call)
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
 * not decoded or resized: target_size and color_mode are taken from @x. The file name of row i is "x[i]".
 *
 * @x  shape (n, H, W, C) with C = 1, 3 or 4; dtype uint8 or float32. float32 images cannot be augmented. (The flow
 *     keeps a reference.)
 * @y  shape (n) or (n, 1): class indices of any dtype. The names of the classes are taken from `classes`; without
 *     `classes` they are "0", "1", ... For LADE_CLASS_RAW, @y has numbers and the shape (n) or (n, columns). For
 *     LADE_CLASS_NONE and LADE_CLASS_INPUT, @y is NULL.   (borrowed for the call)
 * @sample_weight  shape (n), 0 or more; NULL: no weights   (borrowed for the call)
 *
 * Returns a flow, which the caller frees with lade_flow_free(), or NULL with @err filled: LADE_EINVAL (the subject is
 * the option or the array that is wrong) or LADE_ENOMEM. A saved state depends on the labels and weights but not on the
 * pixels. Python: ImageDataGenerator(...).flow(x, y, sample_weight=...).
 */
LADE_API lade_flow *lade_flow_from_arrays(struct lade_tensor *x, struct lade_tensor *y,
                                          struct lade_tensor *sample_weight, const struct lade_flow_options *options,
                                          struct lade_error *err);

/*
 * lade_flow_free() - stops and joins the threads and frees the flow. It can be called at any time, also while threads
 * work on a batch. NULL is allowed. Batches that are still referenced remain valid. A generator of lade_flow_batches()
 * that is still active can be freed later; if it is resumed, it ends with LADE_ESTATE.
 */
LADE_API void lade_flow_free(lade_flow *flow);

/* ---- Properties -------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_options_get() - returns the options of @flow with all defaults filled in. For a flow from arrays,
 * target_size and color_mode describe the arrays. The result and its pointers are borrowed from the flow; `classes`
 * points to the names of all classes. Only lade_flow_fit() changes the result, because it sets `stats`. Must not run at
 * the same time as lade_flow_fit().
 *
 * Another flow with these options has the same batches. But the other flow does not accept the saved states of @flow:
 * for some defaults, the states of @flow contain 0, and the states of the other flow contain the value.
 */
LADE_API const struct lade_flow_options *lade_flow_options_get(const lade_flow *flow);

/*
 * lade_flow_samples()      - returns the number of samples of the subset in an epoch, of all ranks together.
 * lade_flow_steps()        - returns the number of batches in an epoch, ceil(samples / batch_size), the same for each
 *                            rank.
 * lade_flow_classes()      - returns the number of classes.
 * lade_flow_class_names()  - returns the names of the classes by index, ending in NULL   (borrowed from the flow).
 * lade_flow_class_index()  - returns the index of a class name (Keras's class_indices), or -1 if there is no such
 *                            class.
 * lade_flow_class_count()  - returns the number of samples of class @c in the subset, or 0 if there is no such class. A
 *                            sample of several classes counts for each of them.
 * lade_flow_class_of()     - returns the class of sample @i, or -1 if there is no such sample or if it does not have
 *                            exactly one class.
 * lade_flow_sample_shape() - stores the shape of a row of x: (H, W, C) or (C, H, W).
 *
 * Samples are numbered from 0 in the order of lade_scan_files(). Samples of the other subset are not counted.
 * lade_batch.indices holds these numbers. Any thread may call these functions.
 */
LADE_API int64_t lade_flow_samples(const lade_flow *flow);
LADE_API int64_t lade_flow_steps(const lade_flow *flow);
LADE_API int lade_flow_classes(const lade_flow *flow);
LADE_API const char *const *lade_flow_class_names(const lade_flow *flow);
LADE_API int lade_flow_class_index(const lade_flow *flow, const char *name);
LADE_API int64_t lade_flow_class_count(const lade_flow *flow, int c);
LADE_API int lade_flow_class_of(const lade_flow *flow, int64_t i);
LADE_API void lade_flow_sample_shape(const lade_flow *flow, int64_t shape[3]);

/*
 * lade_flow_filename() - writes the path of sample @i to @buffer as lade_scan_path() does (Keras's filenames[i]). For a
 * directory, the path is relative to the directory. For a CSV file or a list of paths, it is the path in the list. For
 * arrays, it is "x[i]".
 */
LADE_API int64_t lade_flow_filename(const lade_flow *flow, int64_t i, char *buffer, size_t size);

/* ---- Statistics -------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_fit() - computes the statistics that the featurewise steps need, in one pass over all samples with all
 * workers: the mean and standard deviation of each channel and, with zca_whitening, the matrix. They are computed
 * from the samples of the subset after resizing, rescaling and the samplewise steps, but without augmentation. Each
 * rank uses all samples.
 *
 * The flow then uses the result, and lade_flow_stats() returns it. Invalid files are handled as set by on_error and
 * reported with epoch 0. The result does not depend on the number of workers.
 *
 * Returns LADE_OK, or an error:
 *
 *   LADE_ESTATE   batches have already been read; they were made without these statistics
 *   LADE_EINVAL   zca_whitening of images with more than LADE_ZCA_MAX_VALUES values, dtype uint8, or no valid image
 *   LADE_ENOMEM, LADE_ELIMIT, or the error of an invalid file
 *
 * Must not run at the same time as lade_flow_next(). Cost: one epoch. Python: ImageDataGenerator.fit(), which needs the
 * whole data set in memory and leaves out the samplewise steps.
 */
LADE_API int lade_flow_fit(lade_flow *flow, struct lade_error *err);

/*
 * lade_flow_stats() - returns the result of lade_flow_fit(), or the option `stats`, or NULL if there are no statistics
 * (borrowed from the flow). Must not run at the same time as lade_flow_fit().
 */
LADE_API const struct lade_stats *lade_flow_stats(const lade_flow *flow);

/*
 * lade_stats_save() - writes statistics to a JSON file. Returns LADE_OK, LADE_ENOMEM or the write error (LADE_EACCES,
 *                     LADE_EIO, ...).
 * lade_stats_load() - reads statistics. On an error it returns NULL and fills @err: LADE_EFORMAT if the file does not
 *                     contain statistics, or the read error (LADE_ENOENT, ...).
 * lade_stats_free() - frees the result of lade_stats_load(). NULL is allowed.
 *
 * Any thread may call these functions.
 */
LADE_API int lade_stats_save(const struct lade_stats *stats, const char *path, struct lade_error *err);
LADE_API struct lade_stats *lade_stats_load(const char *path, struct lade_error *err);
LADE_API void lade_stats_free(struct lade_stats *stats);

/* ---- Batches ----------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_batches() - return an endless generator of batches. After the last batch of an epoch, it yields the first
 * batch of the next epoch. lade_take(..., lade_flow_steps(flow)) ends the generator after one epoch.
 *
 * A batch is valid until the generator is resumed or closed; lade_batch_ref() keeps the batch valid longer. Batches
 * with references occupy slots of the ring of the flow. If all slots are occupied, the ring grows once, to twice its
 * size. If all slots are occupied again, the generator ends with LADE_EBUSY, because waiting would never end.
 *
 * The flow stores the position, which is the batch to deliver next. After the generator is closed, a new generator
 * continues at this position and uses the batches that were decoded ahead. Only one generator may be active at a time.
 * The generator can end with one of these errors; the position is then at the batch that failed:
 *
 *   LADE_ESTATE   another generator is active, or a featurewise step has no statistics
 *   LADE_EBUSY    all batches of the ring are referenced
 *   LADE_ELIMIT   more invalid files than max_bad or max_bad_rate allow
 *   LADE_ENOMEM   out of memory
 *   the error of an invalid file, with its path as the subject
 *   the error of an image that cannot be saved (save_to_dir)
 *
 * @flow  must not be freed before the first batch. After the first batch, it may be freed before or after the generator
 *        (see lade_flow_free)   (borrowed)
 *
 * Python: iter(flow), next(flow).
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_batch *) lade_flow_batches(lade_flow *flow);

/*
 * lade_flow_next() - stores the next batch in *out, with a reference that the caller releases with lade_batch_unref().
 * The batches are the same as with lade_flow_batches().
 *
 * Returns LADE_OK, or the errors of lade_flow_batches() with @err filled. A second call at the same time, or a call
 * while a generator of lade_flow_batches() is active, returns LADE_ESTATE.
 */
LADE_API int lade_flow_next(lade_flow *flow, struct lade_batch **out, struct lade_error *err);

/*
 * lade_flow_batch() - makes batch @step of @epoch and stores it in *out, with a reference that the caller releases. The
 * position of the flow does not change. Python: a Sequence's __getitem__.
 *
 * Returns LADE_OK, LADE_EINVAL (@step is not 0 .. steps-1, or @epoch is not 0 .. 2^32-1), LADE_ENOMEM, LADE_ELIMIT, or
 * the error of an invalid file. Any thread may call it, also at the same time and while a generator is active.
 */
LADE_API int lade_flow_batch(lade_flow *flow, int64_t epoch, int64_t step, struct lade_batch **out,
                             struct lade_error *err);

/*
 * lade_flow_source() - returns the flow as a source of batches for a net (lade/batch.h). The source borrows @flow, and
 * its function close does nothing.
 */
LADE_API struct lade_source lade_flow_source(lade_flow *flow);

/*
 * lade_flow_preprocessing() - returns the preprocessing of this flow as JSON, borrowed from the flow. The JSON
 * contains the options target_size, color_mode, interpolation, keep_aspect_ratio, crop, crop_resize, decode,
 * exif_orientation, dtype, data_format and rescale, and the flags of standardisation without the statistics. It does
 * not contain random steps; a random crop is replaced by a centre crop. A net that is trained from lade_flow_source()
 * stores this text (struct lade_net_info).
 *
 * lade_flow_options_set_preprocessing() - sets these options in @options from @preprocessing, so that images for
 * inference are prepared as in training. Other options do not change. If the text is not valid, fills @err, returns
 * LADE_EFORMAT and does not change @options. Otherwise returns LADE_OK.
 *
 *     struct lade_flow_options o = {.order = LADE_ORDER_SORTED, .class_mode = LADE_CLASS_NONE};
 *     if (lade_flow_options_set_preprocessing(&o, lade_net_info(net)->preprocessing, &err) == LADE_OK)
 *         flow = lade_flow_from_paths(paths, &o, &err);
 *
 * Any thread may call these functions.
 */
LADE_API const char *lade_flow_preprocessing(const lade_flow *flow);
LADE_API int lade_flow_options_set_preprocessing(struct lade_flow_options *options, const char *preprocessing,
                                                 struct lade_error *err);

/* ---- Position ---------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_state() - stores the position (epoch, sample) as JSON in *out, which the caller frees with lade_free(). The
 * state also contains the data that must be the same when the flow is resumed: the options that affect the batches, the
 * seed, and a 128-bit hash (XXH3) of the file names of each class. After batch k has been returned, the position is at
 * batch k + 1. After the last batch of epoch e, the position is at batch 0 of epoch e + 1.
 *
 * Returns LADE_OK or LADE_ENOMEM. Must not run at the same time as lade_flow_next().
 */
LADE_API int lade_flow_state(lade_flow *flow, char **out, struct lade_error *err);

/*
 * lade_flow_resume() - continues from a saved state. The number of workers or ranks may be different. The next batches
 * are the same, byte by byte, as without an interruption. Batches that were decoded ahead are discarded.
 *
 * Returns LADE_OK, or an error, after which the flow is unchanged:
 *
 *   LADE_EFORMAT    @state does not come from lade_flow_state()
 *   LADE_EMISMATCH  an option or the files of a class are different; the subject is the name of the option or class
 *   LADE_ESTATE     a generator of lade_flow_batches() is active
 *   LADE_ENOMEM     out of memory
 */
LADE_API int lade_flow_resume(lade_flow *flow, const char *state, struct lade_error *err);

/* ---- Invalid files and counters ---------------------------------------------------------------------------------- */

/*
 * An invalid file.
 */
struct lade_invalid_file {
    int64_t sample; /* the number of the sample */
    int64_t epoch;  /* epoch and step: the batch in which the file first occurred */
    int64_t step;
    int code;          /* a negative enum lade_status */
    const char *cause; /* the message, for example "data/cat/001.jpg: ..."   (borrowed from the flow) */
};

/*
 * lade_flow_invalid_count() - returns the number of different invalid files in the batches delivered so far.
 * lade_flow_invalid_file()  - stores invalid file @i in *out; the files are numbered from 0 in the order of delivery.
 *                             Only the first 10,000 files are kept. Returns LADE_OK, or LADE_EINVAL if there is no such
 *                             file.
 *
 * lade_flow_filename() returns the path of a file. Any thread may call these functions.
 */
LADE_API int64_t lade_flow_invalid_count(lade_flow *flow);
LADE_API int lade_flow_invalid_file(lade_flow *flow, int64_t i, struct lade_invalid_file *out);

/*
 * The counters of a flow since it was made. Times are in seconds. The times of the workers are sums over all threads. A
 * large wait_full means that the consumer is slower than the workers. A large wait_empty means that the workers are
 * slower than the consumer.
 */
struct lade_flow_counters {
    int64_t images;     /* number of samples that were made, including samples of batches that are not delivered yet */
    int64_t batches;    /* number of batches that were delivered */
    int64_t bytes_read; /* number of bytes that were read from files */
    double read;        /* time for opening and reading files */
    double decode;      /* time for decoding and resizing to the target size */
    double transform;   /* time for augmentation and for writing the row of the batch */
    double wait_full;   /* time in which workers waited because every batch of the ring was full or referenced */
    double wait_empty;  /* time in which the consumer waited because the next batch was not ready */
    int workers;        /* number of threads */
    int ring;           /* current size of the ring, in batches */
};

/*
 * lade_flow_counters() - stores all counters in *out. Any thread may call it.
 */
LADE_API void lade_flow_counters(lade_flow *flow, struct lade_flow_counters *out);

/* ---- Digest ------------------------------------------------------------------------------------------------------ */

/*
 * A digest of batches. It is the sum, modulo 2^128, of one hash for each sample. The hash is XXH3-128 of the sample's
 * global position and of the bytes of its rows of x, y and the sample weights. The global position is epoch * samples +
 * position in the epoch, as 8 bytes in little endian order. Because the digest is a sum, the order of the batches does
 * not matter, and the sum of the digests of all ranks is the digest of the whole stream. A new digest is {0}.
 */
struct lade_digest {
    uint64_t low, high;
};

/*
 * lade_digest_add()   - adds the rows of a batch. Returns LADE_OK, LADE_EINVAL if the batch does not come from a flow,
 *                       or LADE_ENOMEM.
 * lade_digest_merge() - adds the digest @from to @d, for example the digest of another rank.
 * lade_digest_text()  - writes @d as 32 hexadecimal digits and a final NUL.
 *
 * The functions may be called at the same time for different @d.
 */
LADE_API int lade_digest_add(struct lade_digest *d, const struct lade_batch *b);
LADE_API void lade_digest_merge(struct lade_digest *d, const struct lade_digest *from);
LADE_API void lade_digest_text(const struct lade_digest *d, char text[33]);

#ifdef __cplusplus
}
#endif
#endif
