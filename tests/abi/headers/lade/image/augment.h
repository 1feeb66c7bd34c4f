#ifndef LADE_IMAGE_AUGMENT_H
#define LADE_IMAGE_AUGMENT_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/image/decode.h>
#include <lade/image/names.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_crop_range {
    double scale[2];
    double ratio[2];
    unsigned char reserved[32];
};
LADE_API int lade_crop_check(const struct lade_crop_range *range, struct lade_error *err);
LADE_API void lade_crop_draw(const struct lade_crop_range *range, struct lade_random *random, int height, int width,
                             struct lade_box *out);
enum lade_shift_unit {
    LADE_SHIFT_AUTO = 0,
    LADE_SHIFT_FRACTION,
    LADE_SHIFT_PIXELS,
    LADE_SHIFT_WHOLE_PIXELS,
    LADE_SHIFT_UNIT_COUNT
};
LADE_API const char *lade_shift_unit_name(enum lade_shift_unit unit);
LADE_API int lade_shift_unit_from_name(const char *name, enum lade_shift_unit *out, struct lade_error *err);
#define LADE_AUGMENT_FIELDS                                                                                       \
                              \
    double rotation_range;                                                                                        \
            \
    double width_shift_range;                                                                                     \
    double height_shift_range;                                                                                    \
    enum lade_shift_unit shift_unit;                                                                              \
                                       \
    double brightness_range[2];                                                                                   \
                                \
    double shear_range;                                                                                           \
                \
                                                                     \
    double zoom_range[2];                                                                                         \
                \
    double channel_shift_range;                                                                                   \
    enum lade_fill_mode fill_mode;                                                                                \
                                                   \
    float cval;                                                                                                   \
                                  \
    bool horizontal_flip;                                                                                         \
    bool vertical_flip;                                                                                           \
      \
    int interpolation_order;                                                                                      \
    enum lade_quirks quirks;                                                                                      \
    unsigned char augment_reserved[68];
struct lade_augment {
    LADE_AUGMENT_FIELDS
};
struct lade_transform {
    double theta;
    double tx;
    double ty;
    double shear;
    double zx;
    double zy;
    double channel_shift_intensity[4];
    double brightness;
    bool flip_horizontal;
    bool flip_vertical;
    enum lade_fill_mode fill_mode;
    float cval;
    int interpolation_order;
    enum lade_quirks quirks;
    unsigned char reserved[36];
};
LADE_API int lade_augment_check(const struct lade_augment *augment, struct lade_error *err);
LADE_API void lade_transform_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                                  struct lade_transform *out);
#ifdef __cplusplus
}
#endif
#endif
