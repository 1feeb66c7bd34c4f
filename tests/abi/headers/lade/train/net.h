#ifndef LADE_TRAIN_NET_H
#define LADE_TRAIN_NET_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/batch.h>
#include <lade/tensor.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef struct lade_net lade_net;
enum lade_loss {
    LADE_LOSS_AUTO = 0,
    LADE_SOFTMAX_CROSS_ENTROPY,
    LADE_BINARY_CROSS_ENTROPY,
    LADE_MEAN_SQUARED_ERROR,
    LADE_LOSS_COUNT
};
LADE_API const char *lade_loss_name(enum lade_loss loss);
struct lade_net_options {
    uint64_t seed;
    enum lade_loss loss;
    int threads;
    bool channels_first;
    const char *const *class_names;
    unsigned char reserved[64];
};
LADE_API LADE_MUST_CHECK lade_net *lade_net_new(const char *spec, int sample_ndim, const int64_t *sample_shape,
                                                const struct lade_net_options *options, struct lade_error *err);
LADE_API void lade_net_free(lade_net *net);
struct lade_net_info {
    const char *spec;
    int sample_ndim;
    int64_t sample_shape[LADE_MAX_DIMS];
    int64_t outputs;
    int64_t parameters;
    int layers;
    uint64_t seed;
    enum lade_loss loss;
    int threads;
    bool channels_first;
    const char *const *class_names;
    int class_names_count;
    const char *preprocessing;
};
LADE_API const struct lade_net_info *lade_net_info(const lade_net *net);
LADE_API int lade_net_set_class_names(lade_net *net, const char *const *names, int count, struct lade_error *err);
LADE_API int lade_net_describe(const lade_net *net, FILE *f);
LADE_API int lade_net_predict(lade_net *net, const struct lade_tensor *x, float *out, struct lade_error *err);
struct lade_score {
    int64_t samples;
    double loss;
    double accuracy;
    unsigned char reserved[40];
};
LADE_API int lade_net_evaluate(lade_net *net, struct lade_source source, int64_t steps, struct lade_score *out,
                               struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
