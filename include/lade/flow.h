/*
 * lade/flow.h - the image stream: point it at a directory with one folder of images per class, and it yields shuffled,
 * augmented, labelled batches for ever, in tens of megabytes, as fast as the machine can decode.
 *
 *     struct lade_error err = {0};
 *     lade_flow *flow = lade_flow_from_directory("data/train", &(struct lade_flow_options){
 *         .target_size = {224, 224}, .batch_size = 32, .seed = 1, .rescale = 1 / 255.f, .horizontal_flip = true,
 *         .on_error = LADE_ERROR_SKIP }, &err);
 *     lade_for_each (b, lade_take(lade_flow_batches(flow), lade_flow_steps(flow)), &err)      // one epoch; without
 *         train_step(b->x, b->y);                                                           // take: for ever
 *     lade_flow_free(flow);
 *
 * x and y are tensors, (n, H, W, C) and (n, classes), yours until the next batch. (lade_take is in lade/iter.h.)
 *
 * The stream is built of generators: a master generator of files delegates to a sub-generator per class folder
 * (lade_scan_files); what they yield is collected, ordered, decoded by threads, and comes out of lade_flow_batches.
 *
 * Same seed, same bytes: what is in batch k of epoch e is a function of the seed, the options, and the names and
 * contents of the files - not of the number of workers, of ranks, of the load of the machine, nor of where the stream
 * was resumed.
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

/* ---- Files: the generators at the bottom ------------------------------------------------------------------------- */

/*
 * Which files of a directory are the data set; also part of struct lade_flow_options, under the same names.
 */
struct lade_scan_options {
    /* The class folders in the order of their index, ending in NULL. NULL: all, in byte order. */
    const char *const *classes;
    /* Go into symbolic links to folders below the class folders (os.walk's followlinks), but for those that lead back
       to a folder they are in. */
    bool follow_links;
};

/*
 * One image file, as lade_scan_files() yields it. The strings live until the generator is resumed or closed.
 */
struct lade_scan_file {
    const char *class_name; /* "cat": the top folder */
    const char *directory;  /* "cat" or "cat/siamese": where the file is, relative to the directory scanned */
    const char *name;       /* "001.jpg" */
    int class_index;        /* from 0 */
};

/*
 * lade_scan_files() - a generator of the image files below @directory: a master that delegates (yield from) to one
 * sub-generator per class folder.
 *
 * A class folder is a folder (or a link to one) directly in @directory. Files nested below it belong to it. Order:
 * by class index, then by the path of the folder, then by name, all in byte order (Keras's order: sorted(os.walk),
 * then sorted files). An image is a regular file, or a link to one, whose name has the suffix of an image format in upper
 * or lower case (see lade_format_from_path()); its content is checked when it is decoded. Names that begin with a dot are skipped, folders too.
 *
 * @directory  the path   (borrowed until the generator is freed)
 * @options    NULL: the defaults   (borrowed until the generator is freed)
 *
 * Ends with the error LADE_ENOENT (no such directory; no class folder in it; a folder of `classes` that is missing; a
 * class folder without images), LADE_EACCES (a folder that cannot be read), LADE_EINVAL (@directory is a file),
 * LADE_EIO or LADE_ENOMEM; the message names the folder. Memory: the names of one folder at a time. No stat per file
 * where the file system tells types.
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_scan_file)
    lade_scan_files(const char *directory, const struct lade_scan_options *options);

/*
 * What a scan found: classes, and the names of the files in one arena (name + 1 + 12 bytes each).
 */
typedef struct lade_scan lade_scan;

/*
 * lade_scan_directory() - drain lade_scan_files() into a listing. To be given back by lade_scan_free(), NULL is fine.
 *
 * Returns NULL with @err filled as described at lade_scan_files(). Any thread.
 */
LADE_API lade_scan *lade_scan_directory(const char *directory, const struct lade_scan_options *options,
                                        struct lade_error *err);
LADE_API void lade_scan_free(lade_scan *scan);

/*
 * lade_scan_count()       - how many files.
 * lade_scan_classes()     - how many classes.
 * lade_scan_class_name()  - the name of class @c, or NULL where there is no such class   (borrowed from the scan).
 * lade_scan_class_count() - how many files it has; 0 where there is no such class.
 * lade_scan_class_of()    - the class of file @i, or -1 where there is no such file.
 *
 * Files are numbered from 0 in the order of lade_scan_files(). Any thread.
 */
LADE_API int64_t lade_scan_count(const lade_scan *scan);
LADE_API int lade_scan_classes(const lade_scan *scan);
LADE_API const char *lade_scan_class_name(const lade_scan *scan, int c);
LADE_API int64_t lade_scan_class_count(const lade_scan *scan, int c);
LADE_API int lade_scan_class_of(const lade_scan *scan, int64_t i);

/*
 * lade_scan_path() - write the path of file @i, relative to the directory ("cat/siamese/001.jpg"), to @buffer, cut to
 * @size bytes with the final 0, as snprintf does. The bytes are the file system's: not always UTF-8.
 *
 * Returns the length of the whole path, or LADE_EINVAL where there is no such file. Any thread.
 */
LADE_API int64_t lade_scan_path(const lade_scan *scan, int64_t i, char *buffer, size_t size);

/* ---- The stream -------------------------------------------------------------------------------------------------- */

enum lade_class_mode {
    LADE_CLASS_CATEGORICAL = 0, /* y is (n, classes): 1 in the column of the class, 0 elsewhere */
    LADE_CLASS_BINARY,          /* y is (n, 1): 0 or 1; needs two classes */
    LADE_CLASS_SPARSE,          /* y is (n, 1): the class index */
    LADE_CLASS_NONE,            /* y is NULL */
    LADE_CLASS_INPUT,           /* y is x, the same tensor: for nets that give back what they are given */
    LADE_CLASS_RAW, /* y is (n, columns): the numbers of a list or an array as they are; Keras's multi_output too */
    LADE_CLASS_MODE_COUNT
};

enum lade_order {
    LADE_ORDER_SHUFFLED = 0, /* each epoch another permutation, a function of (seed, epoch) */
    LADE_ORDER_SORTED,       /* as lade_scan_files() lists them; in a list or an array, as they stand there */
    LADE_ORDER_BALANCED, /* an epoch of the same length in which each class has the same share, or that of class_weights:
                          a function of (seed, epoch). Of large classes a random part comes, small ones come again and
                          again, each time augmented anew */
    LADE_ORDER_COUNT
};

enum lade_subset {
    LADE_SUBSET_ALL = 0,
    LADE_SUBSET_TRAINING,   /* the files that are not for validation */
    LADE_SUBSET_VALIDATION, /* floor(n * validation_split) of the n files of each class */
    LADE_SUBSET_COUNT
};

enum lade_split {
    LADE_SPLIT_FIRST = 0, /* validation: the first of each class by name, as Keras does */
    LADE_SPLIT_SEEDED,    /* validation: a random choice in each class, a function of (seed, class index, n) */
    LADE_SPLIT_COUNT
};

/*
 * What part of an image is used. Of a JPEG only this part is decoded.
 */
enum lade_crop {
    LADE_CROP_NONE = 0,
    LADE_CROP_RANDOM, /* torchvision's RandomResizedCrop(target_size, crop_scale, crop_ratio) */
    LADE_CROP_CENTER, /* torchvision's Resize(crop_resize), then CenterCrop(target_size) */
    LADE_CROP_COUNT
};

enum lade_error_policy {
    LADE_ERROR_FAIL = 0, /* an invalid file ends the stream with its error */
    LADE_ERROR_SKIP, /* it is reported (lade_flow_invalid_file) and left out: its batch gets shorter, no other changes */
    LADE_ERROR_REPLACE, /* it is reported, and a good one takes its row: of its class if there is one in 16 tries, else any,
                      chosen by (seed, epoch, sample). Where 32 tries find none it is left out */
    LADE_ERROR_POLICY_COUNT
};

/*
 * lade_class_mode_name()   - "categorical", "binary", "sparse", "none", "input", "raw".
 * lade_order_name()        - "shuffled", "sorted", "balanced".
 * lade_subset_name()       - "all", "training", "validation".
 * lade_split_name()        - "first", "seeded".
 * lade_crop_name()         - "none", "random", "center".
 * lade_error_policy_name() - "fail", "skip", "replace".
 *
 * Static strings; "unknown" for a value that is none. Any thread.
 */
LADE_API const char *lade_class_mode_name(enum lade_class_mode mode);
LADE_API const char *lade_order_name(enum lade_order order);
LADE_API const char *lade_subset_name(enum lade_subset subset);
LADE_API const char *lade_split_name(enum lade_split split);
LADE_API const char *lade_crop_name(enum lade_crop crop);
LADE_API const char *lade_error_policy_name(enum lade_error_policy policy);

/*
 * lade_class_mode_from_name(), lade_order_from_name(), lade_subset_from_name(), lade_split_from_name(),
 * lade_crop_from_name(), lade_error_policy_from_name() - the other way round. "multi_output" is "raw".
 *
 * Return LADE_OK with *out set, or LADE_EINVAL with @err listing the names there are, and *out untouched. Any thread.
 */
LADE_API int lade_class_mode_from_name(const char *name, enum lade_class_mode *out, struct lade_error *err);
LADE_API int lade_order_from_name(const char *name, enum lade_order *out, struct lade_error *err);
LADE_API int lade_subset_from_name(const char *name, enum lade_subset *out, struct lade_error *err);
LADE_API int lade_split_from_name(const char *name, enum lade_split *out, struct lade_error *err);
LADE_API int lade_crop_from_name(const char *name, enum lade_crop *out, struct lade_error *err);
LADE_API int lade_error_policy_from_name(const char *name, enum lade_error_policy *out, struct lade_error *err);

/*
 * A sample on its way into a batch, as a preprocessing function gets it.
 */
struct lade_flow_sample {
    void *x;               /* its row, to be changed in place: 0..255, before rescale */
    enum lade_dtype dtype; /* of x: LADE_FLOAT32 or LADE_UINT8 */
    int64_t shape[3];      /* of x: (H, W, C) or (C, H, W) */
    int64_t index;         /* its number */
    int64_t epoch;
};

/*
 * A function of yours, called for each sample after it was resized and augmented, and before it is rescaled: Keras's
 * preprocessing_function. It runs on the worker threads, several samples at a time, so what @ctx leads to is to be read
 * only, or locked. For the same bytes from the same seed it must be a function of what it is given.
 *
 * Returns LADE_OK, or a status with @err filled: then the sample is a bad one, and on_error decides. LADE_ENOMEM ends
 * the stream.
 */
struct lade_preprocessing {
    int (*call)(void *ctx, const struct lade_flow_sample *sample, struct lade_error *err); /* NULL: none */
    void *ctx;
};

/*
 * How to stream. Every field's zero is its default, so {0} is a valid one; names are those of Keras's
 * ImageDataGenerator and flow_from_directory.
 */
struct lade_flow_options {
    /* what a sample is */
    int target_size[2];                    /* {height, width}, 1 .. 65535 each; {0, 0}: {256, 256} */
    enum lade_color_mode color_mode;       /* LADE_COLOR_RGB */
    enum lade_class_mode class_mode;       /* LADE_CLASS_CATEGORICAL */
    enum lade_interpolation interpolation; /* LADE_INTERPOLATION_NEAREST, as in Keras; Pillow's result, byte for byte */
    bool keep_aspect_ratio;                /* resize the largest centred part that has the target's shape, not all */
    enum lade_crop crop;                   /* drawn for each sample and epoch, a function of (seed, epoch, sample) */
    double crop_scale[2];                  /* random: share of the area, from, to; {0, 0}: {0.08, 1} */
    double crop_ratio[2];                  /* random: width to height, from, to; {0, 0}: {3/4, 4/3} */
    int crop_resize; /* center: what the shorter side is resized to, both sides of target_size or more; 0: 8/7 of its
                        longer one, 256 for 224 */
    enum lade_decode decode;           /* LADE_DECODE_EXACT */
    bool exif_orientation;             /* turn photos upright, as their camera noted it; off, as in Keras */
    enum lade_dtype dtype;             /* of x: LADE_FLOAT32 or LADE_UINT8. y is always float32 */
    enum lade_data_format data_format; /* LADE_CHANNELS_LAST: (n, H, W, C) */
    float rescale;                     /* multiplies every value after the other transformations; 0: off */

    /* augmentation, as in struct lade_augment: drawn for each sample and epoch, a function of (seed, epoch, sample) */
    double rotation_range;
    double width_shift_range;
    double height_shift_range;
    enum lade_shift_unit shift_unit;
    double brightness_range[2];
    double shear_range;
    double zoom_range[2];
    double channel_shift_range;
    enum lade_fill_mode fill_mode;
    float cval;
    bool horizontal_flip;
    bool vertical_flip;
    int interpolation_order;
    enum lade_quirks quirks;

    /* standardisation, as in struct lade_output, after rescale and in this order */
    bool samplewise_center;
    bool samplewise_std_normalization;
    bool featurewise_center;
    bool featurewise_std_normalization;
    bool zca_whitening;
    double zca_epsilon;             /* of lade_flow_fit(), added to singular values; 0: 10^-6, LADE_OFF: 0 */
    const struct lade_stats *stats; /* for the last three: what lade_flow_fit() of another flow found   (copied); NULL:
                                       call it on this one before the first batch */

    struct lade_preprocessing preprocessing_function; /* before rescale. A saved state knows only that there is one */

    /* pictures to look at: each sample of each batch that is handed out, as it was before rescale, its values rounded
       and cut to 0..255 but not stretched, as PREFIX_EPOCH_POSITION_SAMPLE.SUFFIX */
    const char *save_to_dir; /* a directory that is there; NULL: none are saved   (copied, as is the next) */
    const char *save_prefix;
    enum lade_format save_format; /* any format that lade writes; 0 means LADE_FORMAT_PNG */

    /* which samples, in which order */
    int64_t batch_size; /* of all ranks together; 0: 32. The last batch of an epoch may be shorter */
    enum lade_order order;
    const double
        *class_weights; /* LADE_ORDER_BALANCED: the shares of the classes, by index, as many as there are classes,
                                    each 0 or more; NULL: equal   (borrowed for the call) */
    uint64_t seed;      /* of order, split and augmentation */
    const char *const *classes; /* as in struct lade_scan_options   (borrowed for the call) */
    bool follow_links;
    double validation_split; /* 0 <= f < 1; the share of each class that is for validation */
    enum lade_subset subset;
    enum lade_split split;

    /* who computes, and what may go wrong: none of these changes a byte of a good batch */
    int workers; /* threads that read and decode; 0: one per core that this process may use */
    int rank;    /* 0 .. world - 1: this process gets rows m*rank/world .. m*(rank+1)/world - 1 of each batch of m */
    int world;   /* processes that share the stream; 0: 1 */
    enum lade_error_policy on_error;
    int64_t max_bad;     /* more invalid files than this end the stream with LADE_ELIMIT; 0: no limit */
    double max_bad_rate; /* so do more than this share of the samples, 0 .. 1; 0: no limit */
    struct lade_image_limits
        limits; /* a file above one of them is an invalid file, found before memory is taken for it */
};

/*
 * A stream: the listing, the position, the ring of batches, and the threads that fill it. Its calls say which of them
 * may be made by any thread; lade_flow_next(), generators of lade_flow_batches(), lade_flow_state() and
 * lade_flow_resume() are for one thread at a time.
 */
typedef struct lade_flow lade_flow;

/*
 * lade_flow_from_directory() - scan @directory (see lade_scan_files) and make a stream of it. Nothing is decoded and no
 * thread started until the first batch is asked for.
 *
 * @options  NULL: the defaults   (copied)
 *
 * Returns a flow that the caller gives back by lade_flow_free(), or NULL with @err filled: LADE_EINVAL (an option out
 * of its range: the message names it, what was given and what is allowed), the errors of lade_scan_files(),
 * LADE_ENOMEM. Cost: one pass over the folders. Python: ImageDataGenerator(...).flow_from_directory(directory, ...).
 */
LADE_API lade_flow *lade_flow_from_directory(const char *directory, const struct lade_flow_options *options,
                                             struct lade_error *err);

/*
 * How a list of images is to be read: a CSV file whose first line names its columns. Zero everywhere: the defaults of
 * Keras's flow_from_dataframe.
 */
struct lade_manifest {
    const char *x_col;        /* the column of paths; NULL: "filename" */
    const char *const *y_col; /* the column of classes; for class mode raw one or more, of numbers. Ends in NULL.
                                 NULL: "class" */
    const char *weight_col;   /* the column of sample weights, 0 or more; NULL: no weights */
    const char *directory;    /* what paths are relative to; NULL: the folder of the list */
    char label_separator;     /* class mode categorical: a cell may hold several classes with this between them, or none
                                 at all, and y has a 1 for each; 0: one class in each cell */
};

/*
 * lade_flow_from_manifest() - a stream of the images that the CSV file @path lists, in the order of the list. Same
 * options, same promises as lade_flow_from_directory(). Classes are the words in y_col, in byte order, or those of
 * `classes`, in that order; samples of other classes are left out. Splits go class by class, in the order of the list;
 * where samples have no class of their own (raw, none, several labels) they go over all of it. Nothing is asked of
 * the files before they are read: one that is missing is an invalid file.
 *
 * The list is UTF-8 text by RFC 4180: commas, line ends of LF or CR LF, fields that have such in double quotes, in
 * which a quote is written twice. A record of more than 1 MiB is refused.
 *
 * @manifest  NULL: the defaults   (borrowed for the call)
 * @options   NULL: the defaults   (copied)
 *
 * Returns a flow that the caller gives back by lade_flow_free(), or NULL with @err filled: LADE_EINVAL (an option out
 * of its range, a column that is not there, no sample), LADE_EFORMAT ("list.csv:17: " and the cause: quotes, fields,
 * numbers, empty cells), LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_ELIMIT, LADE_ENOMEM. Cost: one pass over the list.
 * Python: ImageDataGenerator(...).flow_from_dataframe(pandas.read_csv(path), ...).
 */
LADE_API lade_flow *lade_flow_from_manifest(const char *path, const struct lade_manifest *manifest,
                                            const struct lade_flow_options *options, struct lade_error *err);

/*
 * lade_flow_from_paths() - a stream of images without labels: of the files at @paths, whatever they are called, and of
 * all images in and below those that are folders, as lade_scan_files() finds them. Same options, same promises as
 * lade_flow_from_directory(), but that class_mode must be none or input. Sorted, samples come in the order of @paths.
 * Nothing is asked of files before they are read: one that is missing is an invalid file.
 *
 * @paths    relative to the working directory of this moment, or absolute; ends in NULL   (borrowed for the call)
 * @options  NULL is of no use here, for the class mode   (copied; `classes` is not looked at)
 *
 * Returns a flow that the caller gives back by lade_flow_free(), or NULL with @err filled: LADE_EINVAL (an option out
 * of its range, no path), LADE_ENOENT (a folder without images), LADE_EACCES, LADE_EIO, LADE_ENOMEM. Cost: one pass
 * over the folders, a stat for each path. Python: flow_from_dataframe(..., class_mode=None).
 */
LADE_API lade_flow *lade_flow_from_paths(const char *const *paths, const struct lade_flow_options *options,
                                         struct lade_error *err);

/*
 * lade_flow_from_arrays() - a stream of the rows of arrays, also of .npy files larger than memory
 * (lade_tensor_map_npy). Same options, same promises as lade_flow_from_directory(), but that nothing is decoded or
 * resized: target_size and color_mode are those of x. Row i is x[i] by name.
 *
 * @x  (n, H, W, C), C 1, 3 or 4; uint8, or float32, which is not augmented   (a reference is kept)
 * @y  (n) or (n, 1) class indices, 0 or more, of any dtype, with names from `classes` or "0", "1", ...; class mode raw:
 *     (n) or (n, columns) numbers; NULL: none, for class modes none and input   (borrowed for the call)
 * @sample_weight  (n), 0 or more; NULL: none   (borrowed for the call)
 *
 * Returns a flow that the caller gives back by lade_flow_free(), or NULL with @err filled: LADE_EINVAL (an option or an
 * array: which one, what was given and what is allowed) or LADE_ENOMEM. A saved state knows the labels and weights, not
 * the pixels. Python: ImageDataGenerator(...).flow(x, y, sample_weight=...).
 */
LADE_API lade_flow *lade_flow_from_arrays(struct lade_tensor *x, struct lade_tensor *y,
                                          struct lade_tensor *sample_weight, const struct lade_flow_options *options,
                                          struct lade_error *err);

/*
 * lade_flow_free() - stop and join the threads, give everything back. Works at any time, also in the middle of a batch.
 * Batches that are still referenced stay valid; a generator of lade_flow_batches() that is live may be freed later, and
 * ends with LADE_ESTATE if it is asked for a batch before. NULL is fine.
 */
LADE_API void lade_flow_free(lade_flow *flow);

/*
 * lade_flow_samples()      - samples in an epoch (of the subset, of all ranks together).
 * lade_flow_steps()        - batches in an epoch, the same for every rank: ceil(samples / batch_size).
 * lade_flow_classes()      - how many classes.
 * lade_flow_class_names()  - their names by index; as many pointers, then NULL   (borrowed from the flow).
 * lade_flow_class_index()  - the index of a class name (Keras's class_indices), -1 where there is none.
 * lade_flow_class_count()  - samples of class @c in the subset; 0 where there is no such class. A sample of several
 *                            classes counts in each.
 * lade_flow_class_of()     - the class of sample @i, or -1 where there is no such sample, or it has none or several.
 * lade_flow_sample_shape() - the shape of one row of x: (H, W, C) or (C, H, W).
 *
 * Samples are numbered from 0 in the order of lade_scan_files(), the other subset left out; lade_batch.indices are such
 * numbers. Any thread.
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
 * lade_flow_filename() - the path of sample @i relative to the directory, or as the list has it, written as
 * lade_scan_path() does (Keras's filenames[i]); "x[7]" in arrays.
 */
LADE_API int64_t lade_flow_filename(const lade_flow *flow, int64_t i, char *buffer, size_t size);

/* ---- Statistics -------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_fit() - look at every sample of the flow once, on all its workers, and keep what the featurewise steps
 * need: mean and standard deviation of each channel and, with zca_whitening, the matrix. Samples are those of the
 * subset, as the flow makes them up to those steps - resized, rescaled, samplewise steps done - but not augmented. Each
 * rank looks at all of them.
 *
 * Invalid files are handled as on_error says, and reported with epoch 0. From now on the flow uses the result; its stats
 * are then those of lade_flow_stats(). The numbers are the same for any number of workers.
 *
 * Returns LADE_OK; LADE_ESTATE (the stream has begun: its first batches would have been others), LADE_EINVAL
 * (zca_whitening of images with more than LADE_ZCA_MAX_VALUES values; no good image), LADE_ENOMEM, LADE_ELIMIT, or the error
 * of an invalid file. One thread at a time with lade_flow_next(). Cost: an epoch. Python: ImageDataGenerator.fit(), which
 * wants the whole data set in memory, and leaves the samplewise steps out.
 */
LADE_API int lade_flow_fit(lade_flow *flow, struct lade_error *err);

/*
 * lade_flow_stats() - what the flow was given as `stats`, or found by lade_flow_fit(); NULL: neither. Borrowed from the
 * flow. One thread at a time with lade_flow_fit().
 */
LADE_API const struct lade_stats *lade_flow_stats(const lade_flow *flow);

/*
 * lade_stats_save() - write statistics to a JSON file.
 * lade_stats_load() - read them; NULL with @err: LADE_EFORMAT (not such a file), or that of a file that cannot be read.
 * lade_stats_free() - give back what lade_stats_load() returned. NULL is fine.
 *
 * lade_stats_save() returns LADE_OK, LADE_ENOMEM, or that of a file that cannot be written. Any thread.
 */
LADE_API int lade_stats_save(const struct lade_stats *stats, const char *path, struct lade_error *err);
LADE_API struct lade_stats *lade_stats_load(const char *path, struct lade_error *err);
LADE_API void lade_stats_free(struct lade_stats *stats);

/* ---- Batches ----------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_batches() - a generator of batches, endless: after the last batch of an epoch comes the first of the next.
 * To stop after an epoch take lade_flow_steps() of them.
 *
 * A batch lives until the generator is resumed or closed; lade_batch_ref() keeps it longer. While batches are kept the
 * ring behind the stream grows to twice its size, then the stream ends with LADE_EBUSY: it never waits for its
 * consumer.
 *
 * The position belongs to the flow: closing the generator keeps it, and what was decoded ahead, for the next one. Only
 * one may be live at a time. Ends with the error LADE_ESTATE (another one is live; a featurewise step has no
 * statistics), LADE_EBUSY, LADE_ELIMIT (max_bad), LADE_ENOMEM, that of a picture that cannot be saved (save_to_dir), or
 * that of an invalid file, its path in the message; the position then stays at the batch that failed.
 *
 * @flow  to be freed after the generator or before (see lade_flow_free), but not before its first batch   (borrowed)
 *
 * Python: iter(flow), next(flow).
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_batch *) lade_flow_batches(lade_flow *flow);

/*
 * lade_flow_next() - the same stream as a plain call: *@out = the next batch, with a reference that the caller gives
 * back by lade_batch_unref(). Neither while a generator of lade_flow_batches() is live (LADE_ESTATE), nor by two
 * threads at a time.
 *
 * Returns LADE_OK, or the errors of lade_flow_batches() with @err filled.
 */
LADE_API int lade_flow_next(lade_flow *flow, struct lade_batch **out, struct lade_error *err);

/*
 * lade_flow_batch() - batch @step of @epoch, computed now; the position of the stream stays as it is. *@out carries a
 * reference that the caller gives back. Python: a Sequence's __getitem__.
 *
 * Returns LADE_OK; LADE_EINVAL (@step is not 0 .. steps-1, or @epoch not 0 .. 2^32-1), LADE_ENOMEM, LADE_ELIMIT, or the
 * error of an invalid file. Any thread, also several at a time and while a generator is live.
 */
LADE_API int lade_flow_batch(lade_flow *flow, int64_t epoch, int64_t step, struct lade_batch **out,
                             struct lade_error *err);

/*
 * lade_flow_source() - the flow as a source of batches for a net (lade/batch.h). The source borrows @flow, which must
 * outlive it; its close does nothing.
 */
LADE_API struct lade_source lade_flow_source(lade_flow *flow);

/*
 * lade_flow_preprocessing() - what becomes of an image in this flow, chance aside, as JSON: its options target_size,
 * color_mode, interpolation, keep_aspect_ratio, crop (the centre instead of a random part), crop_resize, decode,
 * exif_orientation, dtype, data_format, rescale, and the flags of standardisation (of the statistics only that they are
 * needed). A net that learns from lade_flow_source() keeps it (struct lade_net_info). Borrowed from the flow. Any
 * thread.
 *
 * lade_flow_options_set_preprocessing() - set these options as @preprocessing says, and no others, so that images which a net is
 * asked about become samples as it knows them. LADE_OK, or LADE_EFORMAT with @err (not such a text); then nothing
 * changes. Any thread.
 *
 *     struct lade_flow_options o = {.order = LADE_ORDER_SORTED, .class_mode = LADE_CLASS_NONE};
 *     if (lade_flow_options_set_preprocessing(&o, lade_net_info(net)->preprocessing, &err) == LADE_OK)
 *         flow = lade_flow_from_paths(paths, &o, &err);
 */
LADE_API const char *lade_flow_preprocessing(const lade_flow *flow);
LADE_API int lade_flow_options_set_preprocessing(struct lade_flow_options *options, const char *preprocessing,
                                                 struct lade_error *err);

/* ---- Position ---------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_state() - where the stream stands, as JSON: epoch and position in samples, and what they are only valid
 * for: the options that shape the stream, the seed, and a 128-bit hash (XXH3) of the file names of each class folder.
 * *@out is the caller's, to lade_free(). Right after batch k was got it describes the stream that goes on with k + 1;
 * after the last batch of epoch e that is (e + 1, 0).
 *
 * Returns LADE_OK or LADE_ENOMEM. One thread at a time with lade_flow_next().
 */
LADE_API int lade_flow_state(lade_flow *flow, char **out, struct lade_error *err);

/*
 * lade_flow_resume() - go on from a state, also one of another number of workers or ranks: the batches that follow are
 * those that the saved stream would have given, byte for byte. What was decoded ahead is dropped.
 *
 * Returns LADE_OK; LADE_EFORMAT (@state is not such a text), LADE_EMISMATCH (the message names the option or the class
 * folder that differs), LADE_ESTATE (a generator of lade_flow_batches() is live), LADE_ENOMEM; then nothing changes.
 */
LADE_API int lade_flow_resume(lade_flow *flow, const char *state, struct lade_error *err);

/* ---- What happened ----------------------------------------------------------------------------------------------- */

/*
 * A file that could not be used.
 */
struct lade_invalid_file {
    int64_t sample; /* its number */
    int64_t epoch;  /* where it was met first */
    int64_t step;
    int code;          /* a negative enum lade_status */
    const char *cause; /* "data/cat/001.jpg: ..."   (borrowed from the flow, until lade_flow_free) */
};

/*
 * lade_flow_invalid_count() - how many different files were bad in the batches delivered so far.
 * lade_flow_invalid_file()       - the @i-th of them, in order of delivery; the first 10,000 are kept.
 *
 * lade_flow_invalid_file() returns LADE_OK, or LADE_EINVAL where there is none. Any thread. lade_flow_filename() tells the path.
 */
LADE_API int64_t lade_flow_invalid_count(lade_flow *flow);
LADE_API int lade_flow_invalid_file(lade_flow *flow, int64_t i, struct lade_invalid_file *out);

/*
 * What the stream did since it was made. Times are seconds, those of the workers summed over all of them: a large
 * wait_full says that the trainer is slower than the loader, a large wait_empty the opposite.
 */
struct lade_flow_counters {
    int64_t images;     /* samples decoded, also ahead of delivery */
    int64_t batches;    /* batches delivered */
    int64_t bytes_read; /* bytes of files */
    double read;        /* opening and reading files */
    double decode;      /* decoding and resizing to the target */
    double transform;   /* augmentation, and the last write into the batch */
    double wait_full;   /* workers: every batch of the ring is full or held */
    double wait_empty;  /* the consumer: the next batch is not ready */
    int workers;        /* threads */
    int ring;           /* batches that the ring may hold at present */
};

/*
 * lade_flow_counters() - read all counters. Always on. Any thread.
 */
LADE_API void lade_flow_counters(lade_flow *flow, struct lade_flow_counters *out);

/* ---- Digest ------------------------------------------------------------------------------------------------------ */

/*
 * A digest of a stream: the sum modulo 2^128 over samples of XXH3-128(global position, the bytes of its row of x, those
 * of its row of y). The global position is epoch * samples + position in the epoch, 8 bytes, little endian. A sum, so
 * that the digests of the ranks add up to that of the whole, in any order of batches. Starts as {0}.
 */
struct lade_digest {
    uint64_t low, high;
};

/*
 * lade_digest_add()   - add the rows of a batch that came from a flow.
 * lade_digest_merge() - add the digest @from, of another rank, to @d.
 * lade_digest_text()  - as 32 hexadecimal digits and a final 0.
 *
 * lade_digest_add() returns LADE_OK, or LADE_EINVAL for a batch that no flow made. Any thread, each its own @d.
 */
LADE_API int lade_digest_add(struct lade_digest *d, const struct lade_batch *b);
LADE_API void lade_digest_merge(struct lade_digest *d, const struct lade_digest *from);
LADE_API void lade_digest_text(const struct lade_digest *d, char text[33]);

#ifdef __cplusplus
}
#endif
#endif
