/*
 * lade/flow/options.h - the options of a flow. lade/flow.h includes this header.
 */
#ifndef LADE_FLOW_OPTIONS_H
#define LADE_FLOW_OPTIONS_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/image.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

enum lade_class_mode {
    LADE_CLASS_CATEGORICAL = 0, /* y has the shape (n, classes): 1 in the column of the class, otherwise 0 */
    LADE_CLASS_BINARY,          /* y has the shape (n, 1): 0 or 1; the data set must have two classes */
    LADE_CLASS_SPARSE,          /* y has the shape (n, 1): the class index */
    LADE_CLASS_NONE,            /* y is NULL */
    LADE_CLASS_INPUT,           /* y is the same tensor as x, for autoencoders */
    LADE_CLASS_RAW,             /* y has the shape (n, columns): the numbers that belong to the sample, as in Keras's
                                   multi_output */
    LADE_CLASS_MODE_COUNT
};

enum lade_order {
    LADE_ORDER_SHUFFLED = 0, /* a new permutation in each epoch, which depends only on (seed, epoch) */
    LADE_ORDER_SORTED,       /* the order of lade_scan_files(), of the CSV file or of the array */
    /* Each class has the same number of samples in an epoch. With class_weights, the number of samples of a class is
       proportional to the weight of the class. The length of the epoch does not change: only a random part of a large
       class is used, and samples of a small class are repeated. Each repetition has a new augmentation. The order
       depends only on (seed, epoch). */
    LADE_ORDER_BALANCED,
    /* The weight of a sample (weight_col, sample_weight) is its sampling probability: a sample with x times the mean
       weight occurs floor(x) or ceil(x) times in an epoch, and on average x times. The length of the epoch does not
       change. With equal weights, each sample occurs once. Repetitions have a new augmentation. With this order,
       batches have no sample weights, so the loss does not use the weights a second time. The order depends only on
       (seed, epoch). */
    LADE_ORDER_WEIGHTED,
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
 * The part of an image that becomes the sample. If the image is a JPEG, only this part is decoded.
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
 * The handling of a request for a batch while all batches of the ring have references. The ring is the memory of the
 * flow for batches; see lade_flow_batches().
 */
enum lade_held {
    LADE_HELD_REFUSE = 0, /* the request fails with LADE_EBUSY */
    /* The ring grows by its initial size at each such request. The only limit is the memory. When the references are
       removed, the ring shrinks to twice its initial size. */
    LADE_HELD_GROW,
    LADE_HELD_COUNT
};

/*
 * lade_class_mode_name()   - "categorical", "binary", "sparse", "none", "input", "raw"
 * lade_order_name()        - "shuffled", "sorted", "balanced", "weighted"
 * lade_subset_name()       - "all", "training", "validation"
 * lade_split_name()        - "first", "seeded"
 * lade_crop_name()         - "none", "random", "center"
 * lade_error_policy_name() - "fail", "skip", "replace"
 * lade_held_name()         - "refuse", "grow"
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
LADE_API const char *lade_held_name(enum lade_held held);

/*
 * lade_class_mode_from_name(), lade_order_from_name(), lade_subset_from_name(), lade_split_from_name(),
 * lade_crop_from_name(), lade_error_policy_from_name(), lade_held_from_name() - find the constant that has @name.
 * "multi_output" is a second name of LADE_CLASS_RAW.
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
LADE_API int lade_held_from_name(const char *name, enum lade_held *out, struct lade_error *err);

/*
 * The sample that is passed to a preprocessing function.
 */
struct lade_flow_sample {
    void *x; /* the row of the sample, with values 0..255 (0..65535 for LADE_UINT16), before rescale; the function
                changes it in place */
    enum lade_dtype dtype; /* type of x: LADE_FLOAT32, LADE_UINT8 or LADE_UINT16 */
    int64_t shape[3];      /* shape of x: (H, W, C) or (C, H, W) */
    int64_t index;         /* the number of the sample */
    int64_t epoch;
};

/*
 * A function of the caller that changes each sample after resizing and augmentation, and before rescale. Keras has the
 * same option, preprocessing_function. The worker threads call the function for several samples at the same time, so
 * the data at @ctx must be read-only or protected by a lock. The result may depend only on the arguments; otherwise the
 * same seed does not give the same bytes.
 *
 * The function returns LADE_OK, or an error with @err filled. LADE_ENOMEM ends the flow. After any other error, the
 * sample is handled like an invalid file (on_error).
 */
struct lade_preprocessing {
    int (*call)(void *ctx, const struct lade_flow_sample *sample, struct lade_error *err); /* NULL: no function */
    void *ctx;
};

/*
 * The options of a flow. A field that is 0 has its default, so {0} selects all defaults. The names of the fields are
 * the same as in Keras's ImageDataGenerator and flow_from_directory.
 */
struct lade_flow_options {
    /* the samples */
    int target_size[2];                    /* {height, width}, 1 .. 65535; {0, 0} means {256, 256} */
    enum lade_color_mode color_mode;       /* default: LADE_COLOR_RGB */
    enum lade_class_mode class_mode;       /* default: LADE_CLASS_CATEGORICAL */
    enum lade_interpolation interpolation; /* default: nearest, as in Keras */
    bool keep_aspect_ratio; /* before resizing, crop the image to its largest centred part with the aspect ratio of
                               target_size */
    enum lade_crop crop;    /* a random crop depends on (seed, epoch, sample) */
    double crop_scale[2];   /* for LADE_CROP_RANDOM: {min, max} fraction of the image area; {0, 0} means {0.08, 1} */
    double crop_ratio[2];   /* for LADE_CROP_RANDOM: {min, max} of width / height; {0, 0} means {3/4, 4/3} */
    /* For LADE_CROP_CENTER: length to which the shorter side of the image is resized. It must be at least the longer
       side of target_size. 0 means 8/7 of the longer side of target_size, for example 256 for 224. */
    int crop_resize;
    enum lade_decode decode; /* default: LADE_DECODE_EXACT */
    /* By default, images are turned upright if their metadata (Exif, XMP) contain an orientation. With quirks =
       LADE_QUIRKS_KERAS3, images are turned only if exif_orientation is true, because Keras does not turn images. See
       also ignore_exif_orientation */
    bool exif_orientation;
    /* Type of x. (The type of y is always LADE_FLOAT32.)
       LADE_FLOAT32: values from 0 to 255, before rescale. Values of 16 bits (PNG, TIFF, PNM) are divided by 257, and
       the quotients may have fractions.
       LADE_UINT8: values from 0 to 255, rounded.
       LADE_UINT16: values from 0 to 65535. Values of 16 bits are copied, and values of 8 bits are multiplied by 257.
       With LADE_QUIRKS_KERAS3, grey values above 255 become 255 before this conversion, as in Keras */
    enum lade_dtype dtype;
    enum lade_data_format data_format; /* default: LADE_CHANNELS_LAST, (n, H, W, C) */
    float rescale;                     /* all values are multiplied by this factor, after augmentation and before
                                          standardisation; 0: off */

    /* augmentation: rotation_range, horizontal_flip and the other fields of struct lade_augment (lade/image.h). The
       random changes depend only on (seed, epoch, sample) */
    LADE_AUGMENT_FIELDS

    /* Standardisation, as in struct lade_output. The steps are applied in this order, after rescale */
    bool samplewise_center;
    bool samplewise_std_normalization;
    bool featurewise_center;
    bool featurewise_std_normalization;
    bool zca_whitening;
    double zca_epsilon; /* a number that lade_flow_fit() adds to the singular values; 0 means 1e-6, LADE_OFF means 0 */
    /* The statistics for featurewise_center, featurewise_std_normalization and zca_whitening, for example the result of
       lade_flow_stats() for another flow   (copied). If one of these options is set and `stats` is NULL, call
       lade_flow_fit() for this flow before the first batch. */
    const struct lade_stats *stats;

    /* The function is called for each sample before rescale. A saved state does not contain the function, but only a
       flag, which is true if a function was set. */
    struct lade_preprocessing preprocessing_function;

    /* If save_to_dir is set, every delivered sample is also saved as an image file, so that a person can check the
       samples. The image has the values before rescale, rounded and clipped to 0..255. The name of a file is
       PREFIX_EPOCH_POSITION_SAMPLE, followed by the suffix of save_format. */
    const char *save_to_dir;      /* an existing directory. It must not be in the directory of the samples, because the
                                     next flow would read the saved images as samples   (copied). NULL: no images are
                                     saved */
    const char *save_prefix;      /* (copied) */
    enum lade_format save_format; /* a format that lade can write (lade/image.h); 0 means LADE_FORMAT_PNG */

    /* the choice of the samples and their order */
    int64_t batch_size; /* number of samples in a batch, for all ranks together; 0 means 32. The last batch may be
                           shorter */
    enum lade_order order;
    /* For LADE_ORDER_BALANCED: one weight for each class, in the order of the class indices. A weight is 0 or more.
       NULL: equal weights   (borrowed for the call) */
    const double *class_weights;
    uint64_t seed;              /* seed of order, split and augmentation */
    const char *const *classes; /* as in struct lade_scan_options   (borrowed for the call) */
    bool follow_links;          /* as in struct lade_scan_options */
    double validation_split;    /* the fraction of each class that is used for validation, 0 <= f < 1 */
    enum lade_subset subset;
    enum lade_split split;

    /* parallelism and error handling: these options do not change the bytes of a batch that has no invalid files */
    int workers; /* number of threads that read and decode; 0: one for each core that this process may use. The flow
                    uses fewer threads if memory_limit or the free memory requires it */
    /* The number of this process, 0 .. world - 1. The process gets the rows m*rank/world .. m*(rank+1)/world - 1 of a
       batch of m rows. */
    int rank;
    int world; /* the number of processes that share the batches; 0 means 1 */
    enum lade_error_policy on_error;
    int64_t max_bad;     /* if there are more invalid files than this number, the flow ends with LADE_ELIMIT; 0: no
                            limit */
    double max_bad_rate; /* the same limit as a fraction of the samples, 0 .. 1; 0: no limit */
    struct lade_image_limits limits; /* a file that exceeds a limit is an invalid file; no memory is allocated for it */
    enum lade_held held;
    /* The largest number of bytes that the batches of the flow and the buffers of its workers may use; 0: no limit. If
       necessary, the flow uses fewer batches and fewer workers. If one worker and two batches do not fit,
       lade_flow_from_directory() and similar functions fail with LADE_ENOMEM, and the message contains a batch_size
       that fits. The memory of a worker is an estimate: about 1 MB, and more for images that must be decoded
       completely, such as progressive JPEGs. The limit does not include the list of files, the program itself, batches
       of lade_flow_batch() and the memory of lade_flow_fit(). */
    int64_t memory_limit;
    /* MixUp and CutMix, as in torchvision. Each sample of a batch is mixed with the previous sample of the batch, and
       the first sample is mixed with the last sample. mixup_alpha blends the two samples. cutmix_alpha copies a
       rectangle from the previous sample. The labels are mixed in the same proportion, so class_mode must
       be categorical, input or none. The proportion is drawn for each batch from the distribution Beta(alpha, alpha),
       and depends only on (seed, epoch, step). alpha is 0.01 to 4; 0: off. If mixup_alpha and cutmix_alpha are set, one
       of the two methods is drawn for each batch. A sample is not mixed if the other sample is an invalid file. Each
       sample is made twice, which costs time. save_to_dir saves the samples before they are mixed */
    float mixup_alpha;
    float cutmix_alpha;
    /* Letterbox: resize the whole image to the largest size with its own aspect ratio that fits into target_size. The
       image is in the centre, and all values of the other pixels are pad_value, 0 to 255, before rescale */
    int pad_value;
    bool pad_to_aspect_ratio;
    bool all_files;               /* as in struct lade_scan_options */
    bool refuse_empty_classes;    /* as in struct lade_scan_options */
    bool ignore_exif_orientation; /* true: only TIFF images are turned; exif_orientation must be false */
    bool drop_last; /* true: the last batch of an epoch is left out if it has fewer samples than batch_size */
    /* The number of elements of class_weights. If this number differs from the number of classes, no flow is made, and
       the error is LADE_EINVAL. 0: the number is not checked */
    int class_weights_count;
    /* A function that can end a search in directories, which can take minutes. lade_flow_from_directory() and
       lade_flow_from_paths() then fail with LADE_ECANCELED. NULL: no function   (borrowed for the call) */
    const struct lade_stop_callback *stop;
    bool allow_missing_classes; /* as in struct lade_scan_options. In sources without folders, a class of `classes` may
                                   always have no images */
    unsigned char reserved[79]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_flow_option_info() - returns the description of option @i of struct lade_flow_options, in static memory. Returns
 * NULL if @i is not the index of an option. Each field of `limits` has its own description, with the name max_pixels,
 * max_file_bytes or max_side. The values of save_format are the names of lade_format_info(). Any thread.
 *
 *     for (int i = 0; lade_flow_option_info(i); i++)
 *         puts(lade_flow_option_info(i)->name);
 */
LADE_API const struct lade_option_info *lade_flow_option_info(int i);

#ifdef __cplusplus
}
#endif
#endif
