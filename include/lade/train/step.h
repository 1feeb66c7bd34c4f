/*
 * lade/train/step.h - trains a net step by step, for programs that have their own loop. lade/train.h includes this
 * header.
 *
 *     lade_trainer *t = lade_trainer_new(net, &(struct lade_trainer_options){.optimizer = {LADE_ADAM}}, &err);
 *     while (status == LADE_OK && (batch = next_batch())) {
 *         status = lade_trainer_backward(t, batch, &err);
 *         if (status == LADE_OK)
 *             status = lade_trainer_update(t, &err);
 *     }
 *     lade_trainer_free(t);
 *
 * lade_fit() computes its steps with the same code. A loop over the same batches that calls these functions in the same
 * order, with the same options, ends with the same parameters as lade_fit(), byte for byte.
 */
#ifndef LADE_TRAIN_STEP_H
#define LADE_TRAIN_STEP_H

#include <lade/batch.h>
#include <lade/train/net.h>
#include <lade/train/optimizer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A trainer has an optimizer, a schedule, and the gradient of one net. A step consists of four parts. In PyTorch, these
 * lines do the same:
 *
 *   lade_trainer_backward()   loss = criterion(net(x), y); loss.backward()
 *   lade_trainer_complete()   no line is necessary, because p.grad is always complete
 *   the caller's own code     for example torch.distributed.all_reduce(p.grad), or p.grad.mul_(0.5)
 *   lade_trainer_update()     clip_grad_norm_(...); optimizer.step(); scheduler.step(); optimizer.zero_grad()
 *
 * The second and the third part are optional, because lade_trainer_update() completes a gradient that is not complete.
 * Between lade_trainer_backward() and lade_trainer_update(), the program may call all functions for the net that do not
 * train the net, such as lade_net_evaluate(), lade_net_save() and lade_net_set_parameter().
 *
 * At any time, only one object may train a net: a trainer, or a run of lade_fit(). If the net is freed before its
 * trainer, the functions of the trainer return LADE_ESTATE, but lade_trainer_free() still frees the trainer. Only one
 * thread at a time may use a trainer and its net. Cost: a step of a trainer takes as long as a step of lade_fit().
 */
typedef struct lade_trainer lade_trainer;

/*
 * A value of the option `accumulate`. For a trainer, this value means that an update may use any number of batches. For
 * lade_fit(), this value means that each epoch has one update.
 */
#define LADE_FULL_BATCH (-1)

/*
 * Options of lade_trainer_new(). A field that is 0 has its default. struct lade_fit_options describes the fields with
 * the same names.
 */
struct lade_trainer_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int epochs;                /* number of epochs, from which LADE_COSINE computes the number of updates; default 1 */
    int64_t updates_per_epoch; /* must be 1 or more for LADE_STEP, LADE_EXPONENTIAL and LADE_COSINE; other schedules
                                  ignore it */
    int64_t accumulate;        /* the largest number of batches for one update, or LADE_FULL_BATCH; default 1. If the
                                  value is not 1, the trainer needs memory for a second gradient. The gradient of a
                                  single batch may then differ in the last bits from the gradient with the value 1 */
    float global_clipnorm;
    float clipvalue;
    float label_smoothing;
    const float *class_weight;  /* copied */
    unsigned char reserved[64]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_trainer_new() - makes a trainer for @net.
 *
 * @net      the net   (borrowed; if it is freed before the trainer, the functions of the trainer return LADE_ESTATE)
 * @options  or NULL   (copied)
 *
 * Returns the trainer. The caller must free the trainer with lade_trainer_free(). On error, returns NULL with @err:
 * LADE_EINVAL (an option is invalid; the subject is its name), LADE_ESTATE (the net already has a trainer, or a run of
 * lade_fit() that is not closed; the subject is "net"), LADE_ENOMEM.
 *
 * lade_trainer_free() - frees a trainer. NULL is allowed. The net keeps the parameters of the last update.
 */
LADE_API LADE_MUST_CHECK lade_trainer *lade_trainer_new(lade_net *net, const struct lade_trainer_options *options,
                                                        struct lade_error *err);
LADE_API void lade_trainer_free(lade_trainer *trainer);

/*
 * lade_trainer_backward() - computes the loss of a batch and its gradient, and adds this gradient to the sum of the
 * gradients since the last update. The function also changes the running mean and variance of batchnorm layers.
 *
 * The gradient of several batches is the gradient of the mean loss of all their samples (see struct lade_fit_options
 * for weights). PyTorch adds the gradients of the batches instead, so a PyTorch program must divide each loss by the
 * number of batches. A batch that is empty, or whose weights are all 0, is counted and changes nothing else.
 *
 * @batch  x has the shape of the net's samples, y has the labels   (borrowed for the call)
 *
 * Returns LADE_OK, or with @err:
 *
 *   LADE_EINVAL    the batch does not fit the net, or a label or weight is invalid; the subject is "x", "y",
 *                  "class_mode" or "sample_weight". Nothing has changed
 *   LADE_ECANCELED the net was canceled (lade_net_cancel). Nothing has changed
 *   LADE_ESTATE    lade_trainer_update() must be called first, because the gradient is complete or contains
 *                  `accumulate` batches; or the net was freed. Nothing has changed
 *   LADE_ENUMERIC  the loss or the gradient is not finite. The gradient since the last update is discarded, and the
 *                  parameters have not changed. The program may continue with another batch
 *   LADE_ELIMIT, LADE_ENOMEM, LADE_ERUNTIME (oneDNN failed). The gradient since the last update is discarded
 */
LADE_API int lade_trainer_backward(lade_trainer *trainer, const struct lade_batch *batch, struct lade_error *err);

/*
 * lade_trainer_complete() - computes the gradient that the next update uses. After this call,
 * lade_trainer_get_gradient() can read the gradient, and lade_trainer_set_gradient() can change it. Clipping and weight
 * decay follow in the update. After lade_trainer_complete(), lade_trainer_backward() returns LADE_ESTATE until the next
 * update. A second call of lade_trainer_complete() changes nothing.
 *
 * Returns LADE_OK, or with @err: LADE_ESTATE (no batch since the last update, or the net was freed; nothing has
 * changed), LADE_ENOMEM (the gradient since the last update is discarded). Cost: reads each gradient once for each
 * thread of the net. Without this call, lade_trainer_update() does the same work.
 */
LADE_API int lade_trainer_complete(lade_trainer *trainer, struct lade_error *err);

/*
 * lade_trainer_update() - clips the gradient, changes the parameters with the optimizer, and discards the gradient.
 * Then the schedule sets the learning rate of the next update. If all weights of the batches since the last update are
 * 0, and the program has not changed the gradient, the parameters do not change, and only the schedule advances.
 *
 * Returns LADE_OK, or with @err: LADE_ESTATE (no batch since the last update, or the net was freed; nothing has
 * changed), LADE_ENUMERIC (the gradient, or a parameter after the update, is not finite; some parameters may have
 * changed, and the net must not be used), LADE_ENOMEM. After LADE_ENUMERIC and LADE_ENOMEM, the gradient is discarded.
 */
LADE_API int lade_trainer_update(lade_trainer *trainer, struct lade_error *err);

/*
 * lade_trainer_zero_grad() - discards the gradient since the last update, for example to leave out a batch.
 * lade_trainer_update() does the same at its end, so a normal loop does not need this function.
 */
LADE_API void lade_trainer_zero_grad(lade_trainer *trainer);

/*
 * lade_trainer_set_lr() - sets the learning rate of all later updates. LADE_SCHEDULED_LR returns to the learning rate
 * of the schedule. Returns LADE_OK, or LADE_EINVAL with @err (the subject is "lr"): any other @lr must be finite and 0
 * or more.
 *
 * lade_trainer_end_epoch() - ends an epoch whose loss is @loss. The schedule LADE_PLATEAU may then reduce the learning
 * rate. For other schedules, the function changes nothing. PyTorch: ReduceLROnPlateau.step(loss).
 */
LADE_API int lade_trainer_set_lr(lade_trainer *trainer, double lr, struct lade_error *err);
LADE_API void lade_trainer_end_epoch(lade_trainer *trainer, double loss);

/*
 * The numbers of a trainer. samples, weight, loss and accuracy belong to the last batch of lade_trainer_backward(), and
 * are computed before the update that uses this batch.
 */
struct lade_trainer_metrics {
    int64_t samples; /* number of samples */
    double weight;   /* sum of the sample weights; without weights, the number of samples */
    double loss;     /* weighted mean over the samples; NaN if the weight is 0 */
    double accuracy; /* as in struct lade_score */
    int64_t batches; /* number of batches since the last update */
    int64_t updates; /* number of updates that changed the parameters */
    double lr;       /* learning rate of the next update */
};

LADE__SAME_NAME_BEGIN
/*
 * lade_trainer_metrics() - returns the numbers of @trainer. The struct belongs to the trainer, and each call of the
 * function overwrites it.
 */
LADE_API const struct lade_trainer_metrics *lade_trainer_metrics(lade_trainer *trainer);
LADE__SAME_NAME_END

/*
 * lade_trainer_get_gradient() - copies the gradient of a parameter to @out.
 * lade_trainer_set_gradient() - replaces the gradient of a parameter by @values. The next update uses the new gradient.
 *
 * @name   the name of a parameter that is not a buffer; see lade_net_parameter_info()
 * @out    a float32 tensor with the shape of the parameter, for the result   (memory of the caller)
 * @values a float32 tensor with the shape of the parameter   (borrowed for the call)
 *
 * Return LADE_OK, or with @err, whose subject is @name: LADE_ENOENT (no such parameter), LADE_EINVAL (@name is a
 * buffer, which has no gradient; or the shape or type of the tensor is different), LADE_ESTATE (the gradient is not
 * complete; call lade_trainer_complete() first). If the net was freed, returns LADE_ESTATE with the subject "net".
 * Cost: one copy.
 */
LADE_API int lade_trainer_get_gradient(const lade_trainer *trainer, const char *name, struct lade_tensor *out,
                                       struct lade_error *err);
LADE_API int lade_trainer_set_gradient(lade_trainer *trainer, const char *name, const struct lade_tensor *values,
                                       struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
