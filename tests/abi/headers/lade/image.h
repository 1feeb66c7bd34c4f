#ifndef LADE_IMAGE_H
#define LADE_IMAGE_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/image/augment.h>
#include <lade/image/decode.h>
#include <lade/image/names.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_stats {
    int channels;
    double mean[4];
    double std[4];
    int64_t images;
    float rescale;
    int zca_values;
    const float *zca;
    unsigned char reserved[32];
};
#define LADE_ZCA_MAX_VALUES 3072
struct lade_output {
    bool uint8;
    enum lade_data_format data_format;
    float rescale;
    bool samplewise_center;
    bool samplewise_std_normalization;
    bool featurewise_center;
    bool featurewise_std_normalization;
    bool zca_whitening;
    const struct lade_stats *stats;
    unsigned char reserved[64];
};
LADE_API size_t lade_output_bytes(const struct lade_output *output, int height, int width, int channels);
LADE_API int lade_image_to_tensor(lade_decoder *decoder, const struct lade_image *in,
                                  const struct lade_transform *transform, const struct lade_output *output, void *slot,
                                  struct lade_error *err);
LADE_API int lade_image_write(const char *path, const struct lade_image *image, enum lade_format format, int quality,
                              struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
