#ifndef LADE_TRAIN_OPTIMIZER_H
#define LADE_TRAIN_OPTIMIZER_H
#include <stdbool.h>
#include <lade/base.h>
#ifdef __cplusplus
extern "C" {
#endif
enum lade_optimizer_kind { LADE_SGD = 0, LADE_ADAGRAD, LADE_RMSPROP, LADE_ADAM, LADE_ADAMW, LADE_OPTIMIZER_COUNT };
struct lade_optimizer {
    enum lade_optimizer_kind kind;
    float lr;
    float momentum;
    bool nesterov;
    float weight_decay;
    float rho;
    float beta_1;
    float beta_2;
    float epsilon;
    unsigned char reserved[28];
};
struct lade_optimizer_info {
    const char *name;
    const char *const *hyperparameters;
    struct lade_optimizer defaults;
};
LADE_API const struct lade_optimizer_info *lade_optimizer_info(enum lade_optimizer_kind kind);
enum lade_schedule_kind {
    LADE_CONSTANT = 0,
    LADE_STEP,
    LADE_EXPONENTIAL,
    LADE_COSINE,
    LADE_PLATEAU,
    LADE_SCHEDULE_COUNT
};
struct lade_schedule {
    enum lade_schedule_kind kind;
    int64_t warmup;
    int epochs;
    float factor;
    unsigned char reserved[40];
};
struct lade_schedule_info {
    const char *name;
    const char *const *parameters;
    struct lade_schedule defaults;
};
LADE_API const struct lade_schedule_info *lade_schedule_info(enum lade_schedule_kind kind);
#ifdef __cplusplus
}
#endif
#endif
