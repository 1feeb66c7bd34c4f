#ifndef LADE_TRAIN_STEP_H
#define LADE_TRAIN_STEP_H
#include <lade/batch.h>
#include <lade/train/net.h>
#include <lade/train/optimizer.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef struct lade_trainer lade_trainer;
#define LADE_FULL_BATCH (-1)
struct lade_trainer_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int epochs;
    int64_t updates_per_epoch;
    int64_t accumulate;
    float global_clipnorm;
    float clipvalue;
    float label_smoothing;
    const float *class_weight;
    unsigned char reserved[64];
};
LADE_API LADE_MUST_CHECK lade_trainer *lade_trainer_new(lade_net *net, const struct lade_trainer_options *options,
                                                        struct lade_error *err);
LADE_API void lade_trainer_free(lade_trainer *trainer);
LADE_API int lade_trainer_backward(lade_trainer *trainer, const struct lade_batch *batch, struct lade_error *err);
LADE_API int lade_trainer_complete(lade_trainer *trainer, struct lade_error *err);
LADE_API int lade_trainer_update(lade_trainer *trainer, struct lade_error *err);
LADE_API void lade_trainer_zero_grad(lade_trainer *trainer);
LADE_API int lade_trainer_set_lr(lade_trainer *trainer, double lr, struct lade_error *err);
LADE_API void lade_trainer_end_epoch(lade_trainer *trainer, double loss);
struct lade_trainer_metrics {
    int64_t samples;
    double weight;
    double loss;
    double accuracy;
    int64_t batches;
    int64_t updates;
    double lr;
};
LADE_API const struct lade_trainer_metrics *lade_trainer_metrics(lade_trainer *trainer);
LADE_API int lade_trainer_get_gradient(const lade_trainer *trainer, const char *name, struct lade_tensor *out,
                                       struct lade_error *err);
LADE_API int lade_trainer_set_gradient(lade_trainer *trainer, const char *name, const struct lade_tensor *values,
                                       struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
