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
    LADE_CLASS_CATEGORICAL = 0,
    LADE_CLASS_BINARY,
    LADE_CLASS_SPARSE,
    LADE_CLASS_NONE,
    LADE_CLASS_INPUT,
    LADE_CLASS_RAW,
    LADE_CLASS_MODE_COUNT
};
enum lade_order {
    LADE_ORDER_SHUFFLED = 0,
    LADE_ORDER_SORTED,
    LADE_ORDER_BALANCED,
    LADE_ORDER_COUNT
};
enum lade_subset {
    LADE_SUBSET_ALL = 0,
    LADE_SUBSET_TRAINING,
    LADE_SUBSET_VALIDATION,
    LADE_SUBSET_COUNT
};
enum lade_split {
    LADE_SPLIT_FIRST = 0,
    LADE_SPLIT_SEEDED,
    LADE_SPLIT_COUNT
};
enum lade_crop {
    LADE_CROP_NONE = 0,
    LADE_CROP_RANDOM,
    LADE_CROP_CENTER,
    LADE_CROP_COUNT
};
enum lade_error_policy {
    LADE_ERROR_FAIL = 0,
    LADE_ERROR_SKIP,
    LADE_ERROR_REPLACE,
    LADE_ERROR_POLICY_COUNT
};
enum lade_held {
    LADE_HELD_REFUSE = 0,
    LADE_HELD_GROW,
    LADE_HELD_COUNT
};
LADE_API const char *lade_class_mode_name(enum lade_class_mode mode);
LADE_API const char *lade_order_name(enum lade_order order);
LADE_API const char *lade_subset_name(enum lade_subset subset);
LADE_API const char *lade_split_name(enum lade_split split);
LADE_API const char *lade_crop_name(enum lade_crop crop);
LADE_API const char *lade_error_policy_name(enum lade_error_policy policy);
LADE_API const char *lade_held_name(enum lade_held held);
LADE_API int lade_class_mode_from_name(const char *name, enum lade_class_mode *out, struct lade_error *err);
LADE_API int lade_order_from_name(const char *name, enum lade_order *out, struct lade_error *err);
LADE_API int lade_subset_from_name(const char *name, enum lade_subset *out, struct lade_error *err);
LADE_API int lade_split_from_name(const char *name, enum lade_split *out, struct lade_error *err);
LADE_API int lade_crop_from_name(const char *name, enum lade_crop *out, struct lade_error *err);
LADE_API int lade_error_policy_from_name(const char *name, enum lade_error_policy *out, struct lade_error *err);
LADE_API int lade_held_from_name(const char *name, enum lade_held *out, struct lade_error *err);
struct lade_flow_sample {
    void *x;
    enum lade_dtype dtype;
    int64_t shape[3];
    int64_t index;
    int64_t epoch;
};
struct lade_preprocessing {
    int (*call)(void *ctx, const struct lade_flow_sample *sample, struct lade_error *err);
    void *ctx;
};
struct lade_flow_options {
    int target_size[2];
    enum lade_color_mode color_mode;
    enum lade_class_mode class_mode;
    enum lade_interpolation interpolation;
    bool keep_aspect_ratio;
    enum lade_crop crop;
    double crop_scale[2];
    double crop_ratio[2];
    int crop_resize;
    enum lade_decode decode;
    bool exif_orientation;
    enum lade_dtype dtype;
    enum lade_data_format data_format;
    float rescale;
    LADE_AUGMENT_FIELDS
    bool samplewise_center;
    bool samplewise_std_normalization;
    bool featurewise_center;
    bool featurewise_std_normalization;
    bool zca_whitening;
    double zca_epsilon;
    const struct lade_stats *stats;
    struct lade_preprocessing preprocessing_function;
    const char *save_to_dir;
    const char *save_prefix;
    enum lade_format save_format;
    int64_t batch_size;
    enum lade_order order;
    const double *class_weights;
    uint64_t seed;
    const char *const *classes;
    bool follow_links;
    double validation_split;
    enum lade_subset subset;
    enum lade_split split;
    int workers;
    int rank;
    int world;
    enum lade_error_policy on_error;
    int64_t max_bad;
    double max_bad_rate;
    struct lade_image_limits limits;
    enum lade_held held;
    unsigned char reserved[124];
};
LADE_API const struct lade_option_info *lade_flow_option_info(int i);
#ifdef __cplusplus
}
#endif
#endif
