#ifndef LADE_TRAIN_FIT_H
#define LADE_TRAIN_FIT_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/batch.h>
#include <lade/gen.h>
#include <lade/train/net.h>
#include <lade/train/optimizer.h>
#include <lade/train/step.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_fit_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int epochs;
    int64_t steps_per_epoch;
    int64_t accumulate;
    float global_clipnorm;
    float clipvalue;
    float label_smoothing;
    const float *class_weight;
    int64_t yield_every;
    struct lade_source validation;
    int64_t validation_steps;
    const char *checkpoint;
    int64_t checkpoint_every;
    const char *resume;
    bool replay;
    bool allow_different;
    int (*reduce)(void *ctx, lade_trainer *trainer, struct lade_error *err);
    void *reduce_ctx;
    unsigned char reserved[128];
};
struct lade_metrics {
    int epoch;
    int epochs;
    int64_t step;
    int64_t steps;
    int64_t samples;
    bool epoch_end;
    bool replayed;
    double loss;
    double accuracy;
    double val_loss;
    double val_accuracy;
    double seconds;
    double wait_seconds;
    double images_per_s;
    double last_lr;
    double lr;
};
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options);
typedef struct lade_fit_run lade_fit_run;
LADE_API LADE_MUST_CHECK lade_fit_run *lade_fit_new(lade_net *net, const struct lade_source *source,
                                                    const struct lade_fit_options *options, struct lade_error *err);
LADE_API int lade_fit_next(lade_fit_run *run, struct lade_metrics **out, struct lade_error *err);
LADE_API int lade_fit_close(lade_fit_run *run, struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
