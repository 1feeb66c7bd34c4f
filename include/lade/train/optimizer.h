/*
 * lade/train/optimizer.h - optimizers, and schedules of their learning rate. lade/train.h includes this header.
 */
#ifndef LADE_TRAIN_OPTIMIZER_H
#define LADE_TRAIN_OPTIMIZER_H

#include <stdbool.h>

#include <lade/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An optimizer changes the parameters p with their gradients g. The formulas, the order of operations and the defaults
 * are the same as in PyTorch (torch.optim). All values are float32. t is the number of the update, counted from 1. v, s
 * and m are the state of the optimizer and are initially 0.
 *
 *   LADE_SGD      g += weight_decay * p;  v = momentum * v + g  (v = g in the first update);
 *                 g = nesterov ? g + momentum * v : v  (only if momentum is not 0);  p -= lr * g
 *   LADE_ADAGRAD  g += weight_decay * p;  s += g^2;  p -= lr * g / (sqrt(s) + epsilon)
 *   LADE_RMSPROP  g += weight_decay * p;  s = rho * s + (1 - rho) * g^2;  g = g / (sqrt(s) + epsilon);
 *                 v = momentum * v + g, g = v  (only if momentum is not 0);  p -= lr * g
 *   LADE_ADAM     g += weight_decay * p;  m = beta_1 * m + (1 - beta_1) * g;  s = beta_2 * s + (1 - beta_2) * g^2;
 *                 p -= lr / (1 - beta_1^t) * m / (sqrt(s) / sqrt(1 - beta_2^t) + epsilon)
 *   LADE_ADAMW    p -= lr * weight_decay * p;  then the same as LADE_ADAM without weight decay
 */
enum lade_optimizer_kind { LADE_SGD = 0, LADE_ADAGRAD, LADE_RMSPROP, LADE_ADAM, LADE_ADAMW, LADE_OPTIMIZER_COUNT };

/*
 * An optimizer and its hyper-parameters. A field that is 0 has the default of the optimizer; LADE_OFF means 0.
 * lade_optimizer_info() returns the defaults and the names of the fields that an optimizer uses. The fields that an
 * optimizer does not use must be 0 or LADE_OFF.
 */
struct lade_optimizer {
    enum lade_optimizer_kind kind;
    float lr;                   /* learning rate */
    float momentum;             /* 0 or more, below 1 */
    bool nesterov;              /* Nesterov momentum (Sutskever and others, ICML 2013); requires a momentum above 0 */
    float weight_decay;         /* factor of the L2 penalty, which is added to the gradient; LADE_ADAMW subtracts the
                                   penalty from the parameters instead */
    float rho;                  /* decay of the mean of squared gradients, below 1 (PyTorch's alpha) */
    float beta_1;               /* decay of the mean of gradients, below 1 */
    float beta_2;               /* decay of the mean of squared gradients, below 1 */
    float epsilon;              /* added to square roots before a division */
    unsigned char reserved[28]; /* zero; see lade/base/attributes.h */
};

/*
 * The name of an optimizer, its hyper-parameters and their defaults.
 */
struct lade_optimizer_info {
    const char *name;                   /* the name in checkpoints and in options of the command, for example "adamw" */
    const char *const *hyperparameters; /* names of the fields that the optimizer uses ("lr", ...), then NULL */
    struct lade_optimizer defaults;     /* the default of each of these fields */
};

LADE__SAME_NAME_BEGIN
/*
 * lade_optimizer_info() - returns the description of an optimizer, which is static. Returns NULL if @kind is invalid.
 */
LADE_API const struct lade_optimizer_info *lade_optimizer_info(enum lade_optimizer_kind kind);
LADE__SAME_NAME_END

/*
 * A schedule changes the learning rate during a run. The learning rate of an update is lr times a factor. The list
 * below has the factor of each schedule, and PyTorch's class in brackets. e is the number of the epoch and u is the
 * number of the update, both counted from 0. U is the number of updates in the run.
 *
 *   LADE_CONSTANT     1
 *   LADE_STEP         factor^floor(e / epochs)   [StepLR]
 *   LADE_EXPONENTIAL  factor^e   [ExponentialLR]
 *   LADE_COSINE       (1 + cos(pi * (u - warmup) / (U - warmup))) / 2   [CosineAnnealingLR, stepped with the optimizer]
 *   LADE_PLATEAU      initially 1. An epoch has no progress if its loss is not below 0.9999 times the lowest loss so
 *                     far. After more than `epochs` epochs in a row without progress, the factor is multiplied by the
 *                     field `factor`. If this would reduce the learning rate by `eps` or less, the factor does not
 *                     change. The learning rate never falls below `min_lr`. If there is a validation source, the loss
 *                     is the validation loss   [ReduceLROnPlateau]
 *
 * During the first `warmup` updates, the factor of every schedule is (u + 1) / warmup instead.
 */
enum lade_schedule_kind {
    LADE_CONSTANT = 0,
    LADE_STEP,
    LADE_EXPONENTIAL,
    LADE_COSINE,
    LADE_PLATEAU,
    LADE_SCHEDULE_COUNT
};

/*
 * A program may store a learning rate (metrics.lr of lade_fit(), lade_trainer_set_lr()). All later updates then use
 * this learning rate, and the schedule has no effect. If the program stores LADE_SCHEDULED_LR, later updates use the
 * learning rate of the schedule again. PyTorch differs: its schedules multiply the stored learning rate.
 */
#define LADE_SCHEDULED_LR ((double)LADE_OFF)

/*
 * A schedule and its parameters. A field that is 0 has the default of the schedule.
 */
struct lade_schedule {
    enum lade_schedule_kind kind;
    int64_t warmup; /* number of updates; default 0 */
    int epochs;     /* 1 or more; for LADE_PLATEAU, PyTorch's patience */
    float factor;   /* above 0, at most 1; for LADE_EXPONENTIAL, PyTorch's gamma */
    float min_lr;   /* LADE_PLATEAU: the lowest learning rate; default 0 */
    float eps;      /* LADE_PLATEAU: a reduction of the learning rate by this amount or less is not made; default 1e-8,
                       LADE_OFF means 0 */
    unsigned char reserved[32]; /* zero; see lade/base/attributes.h */
};

/*
 * The name of a schedule, its parameters (except warmup), and their defaults.
 */
struct lade_schedule_info {
    const char *name;              /* the name in checkpoints and in options of the command, for example "cosine" */
    const char *const *parameters; /* names of the fields that the schedule uses, then NULL */
    struct lade_schedule defaults;
};

LADE__SAME_NAME_BEGIN
/*
 * lade_schedule_info() - returns the description of a schedule, which is static. Returns NULL if @kind is invalid.
 */
LADE_API const struct lade_schedule_info *lade_schedule_info(enum lade_schedule_kind kind);
LADE__SAME_NAME_END

#ifdef __cplusplus
}
#endif
#endif
