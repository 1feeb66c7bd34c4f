#ifndef LADE_IMAGE_DECODE_H
#define LADE_IMAGE_DECODE_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/image/names.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_image {
    uint8_t *pixels;
    int width;
    int height;
    int channels;
    size_t stride;
};
struct lade_image_info {
    enum lade_format format;
    int width;
    int height;
    int channels;
    int bits;
    int orientation;
    unsigned char reserved[40];
};
struct lade_image_limits {
    uint64_t max_pixels;
    uint64_t max_file_bytes;
    uint64_t max_side;
    unsigned char reserved[40];
};
#define LADE_MAX_PIXELS     UINT64_C(178956970)
#define LADE_MAX_FILE_BYTES UINT64_C(536870912)
#define LADE_MAX_SIDE       UINT64_C(65535)
LADE_API int lade_image_probe(const void *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);
LADE_API int lade_image_size(const void *bytes, size_t n, bool exif_orientation, int *height, int *width,
                             struct lade_error *err);
typedef struct lade_decoder lade_decoder;
LADE_API lade_decoder *lade_decoder_new(void);
LADE_API void lade_decoder_free(lade_decoder *decoder);
LADE_API const char *lade_decoder_warning(const lade_decoder *decoder);
LADE_API int lade_image_decode(lade_decoder *decoder, const void *bytes, size_t n, enum lade_color_mode color_mode,
                               const struct lade_image_limits *limits, struct lade_image *out, struct lade_error *err);
struct lade_box {
    int x, y;
    int width, height;
};
struct lade_decode_options {
    enum lade_color_mode color_mode;
    int target_size[2];
    enum lade_interpolation interpolation;
    bool keep_aspect_ratio;
    enum lade_decode decode;
    struct lade_box crop;
    int crop_resize;
    bool exif_orientation;
    struct lade_image_limits limits;
    unsigned char reserved[64];
};
LADE_API int lade_image_decode_resized(lade_decoder *decoder, const void *bytes, size_t n,
                                       const struct lade_decode_options *options, struct lade_image *out,
                                       struct lade_error *err);
LADE_API int lade_image_resize(lade_decoder *decoder, const struct lade_image *in, const struct lade_image *out,
                               enum lade_interpolation interpolation, struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
