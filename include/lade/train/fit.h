/*
 * lade/train/fit.h - trains a net on the batches of a source. lade/train.h includes this header.
 */
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

/*
 * Options of lade_fit(). A field that is 0 has its default. All strings, arrays and sources are borrowed, and must
 * exist until the generator is freed.
 *
 * A step is one batch. An update is one change of the parameters by the optimizer. By default each step makes an
 * update. With batches of one sample, this is stochastic gradient descent. With larger batches, this is mini-batch
 * gradient descent. If `accumulate` is LADE_FULL_BATCH, each epoch makes one update with the gradient of the whole data
 * set.
 *
 * In the following formulas, y are the labels and z are the outputs, as in enum lade_loss. With class weights w, the
 * softmax cross-entropy of a sample is -sum_j w_j y_j log softmax(z)_j. The loss of a batch is then the sum of the
 * losses of its samples, divided by the sum of all w_j y_j of the batch. PyTorch's CrossEntropyLoss(weight,
 * label_smoothing) computes the same value for class indices. In a binary cross-entropy, w_j multiplies the term with y
 * of output j, as in BCEWithLogitsLoss(pos_weight). If the net has a single output, there are two weights: for class 0
 * and for class 1. Label smoothing with the value s replaces y by y (1 - s) + s / outputs. In a binary cross-entropy,
 * label smoothing replaces y by y (1 - s) + s / 2. If a sample has a weight, its loss and its w_j y_j are multiplied by
 * this weight before they are added to the two sums. An evaluation uses neither class weights nor label smoothing.
 */
struct lade_fit_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int epochs;                    /* number of epochs; default 1 */
    int64_t steps_per_epoch;       /* default: source.steps */
    int64_t accumulate;            /* number of steps for one update, or LADE_FULL_BATCH; default 1. The last update of
                                      an epoch may use fewer steps */
    float global_clipnorm;         /* the gradient of all parameters is multiplied by min(1, global_clipnorm / (norm of
                                      the gradient + 1e-6)), as torch's clip_grad_norm_ does; default: no clipping */
    float clipvalue;               /* after global_clipnorm, each value of the gradient is clamped to -clipvalue ..
                                      clipvalue, even an infinite value; default: no clipping */
    float label_smoothing;         /* 0 or more, below 1 */
    const float *class_weight;     /* one weight for each output (two weights for a single output), each 0 or more;
                                      default: all weights are 1 */
    int64_t yield_every;           /* also yield after every N steps; default: only at the end of each epoch */
    struct lade_source validation; /* evaluated at the end of each epoch; default: no validation */
    int64_t validation_steps;      /* default: validation.steps */
    const char *checkpoint;        /* path of the checkpoint file. The checkpoint is written at the end of each epoch,
                                      before the yield, and when the generator is closed during an epoch; default: no
                                      checkpoints */
    int64_t checkpoint_every;      /* also write the checkpoint after every N steps of an epoch; default: only at the
                                      end */
    const char *resume;            /* path of a checkpoint from which the run continues (may be the same path as
                                      `checkpoint`); default: start a new run */
    bool replay;          /* with `resume`: first yield the metrics of all earlier epochs again, so that the loop gets
                             the same epochs as in a run without interruption */
    bool allow_different; /* allow `resume` with another CPU, oneDNN version or number of threads. The parameters are
                             then not the same, byte for byte, as without an interruption */
    /* A function that is called before each update, when the gradient is complete (see lade_trainer); or NULL. The
       function may call lade_trainer_get_gradient(), lade_trainer_set_gradient() and lade_trainer_metrics(). It may
       also call functions for the net that do not train the net. If the function returns an error, the run ends with
       this error. */
    int (*reduce)(void *ctx, lade_trainer *trainer, struct lade_error *err);
    void *reduce_ctx;          /* first argument of `reduce` */
    bool restore_best_weights; /* with `validation`: keep a copy of the parameters of the best epoch (see
                                    lade_metrics.best_epoch). When the run ends or is closed, also after an error, the
                                    net gets these parameters. With this option, a checkpoint contains the net of the
                                    best epoch, and also the parameters from which a resumed run continues; default: the
                                    net keeps the parameters of the last update. Keras:
                                    EarlyStopping(restore_best_weights=True) */
    bool keep_schedule;        /* with `resume`: LADE_COSINE ends after the number of updates of the saved run, even
                                    if `epochs` has changed. Later updates have the learning rate 0; default: the
                                    schedule ends with the run */
    bool best_by_loss;         /* the best epoch is the epoch with the lowest val_loss, for example because the accuracy
                                    of a regression means nothing; default: see lade_metrics.best_epoch. Keras:
                                    monitor="val_loss" */
    unsigned char reserved[125]; /* zero; see lade/base/attributes.h */
};

/*
 * The metrics of a run. The struct belongs to the generator. When the generator is resumed, it overwrites the struct.
 * The consumer may change only lr.
 */
struct lade_metrics {
    int epoch;       /* number of the epoch, counted from 0 */
    int epochs;      /* number of epochs of the run */
    int64_t step;    /* number of steps of this epoch so far */
    int64_t steps;   /* number of steps of an epoch */
    int64_t samples; /* number of samples of this epoch so far */
    bool epoch_end;  /* true at the end of an epoch, false at a yield of yield_every */
    bool replayed;   /* true for an epoch that is yielded again (option `replay`). seconds, wait_seconds, images_per_s
                        and lr are then 0, and the net is already the net of the checkpoint */
    double loss;     /* weighted mean of the losses of all samples of this epoch so far. The loss of a sample is
                        computed before the update that uses the sample. NaN if there are no samples, or if all weights
                        are 0 */
    double accuracy; /* accuracy for the same samples, as in struct lade_score */
    double val_loss; /* NaN, except at the end of an epoch with a validation */
    double val_accuracy;
    double seconds;      /* time of the steps of this epoch, without the time of the validation and of the consumer */
    double wait_seconds; /* the part of `seconds` in which the run waited for the source */
    double images_per_s; /* samples / seconds; in a resumed epoch, without the samples before the resume */
    double last_lr;      /* learning rate of the last step */
    double lr;           /* learning rate of the next step. If the consumer changes lr, all later steps use the new
                            value. LADE_SCHEDULED_LR returns to the learning rate of the schedule */
    int best_epoch;      /* number of the best epoch so far, which is the epoch with the highest val_accuracy. If
                            accuracies are equal or NaN, the lowest val_loss decides. If the losses are also equal, the
                            earliest epoch is the best. -1 without a validation, and before the end of the first
                            epoch. With the option best_by_loss, only val_loss decides */
    double resumed_lr;   /* in a resumed run, the learning rate that the saved run had for its next step. The learning
                            rate of the resumed run may differ, because LADE_COSINE depends on `epochs`. NaN in other
                            runs */
};

/*
 * lade_fit() - trains @net on the batches of @source. Returns a generator of metrics, which runs the steps when it is
 * resumed.
 *
 * @source   is endless, and is read from its current position, one batch at a time. A batch that is empty, or whose
 *           weights are all 0, counts as a step and changes nothing   (borrowed: must exist until the generator is
 *           freed; the caller closes the source)
 * @options  or NULL   (copied, but its strings, arrays and sources are borrowed)
 *
 * Each item is a `struct lade_metrics *`. The generator ends after the last epoch. If the generator is closed earlier
 * (break, lade_gen_close), the net keeps the parameters of the last update. The generator computes nothing in advance.
 *
 * A checkpoint is a file of lade_net_save() that also contains the states of the optimizer, of the sources and of
 * dropout. A resumed run ends with the same parameters, byte for byte, as a run without interruption. Both runs must
 * have the same net (from lade_net_new() or lade_net_load()), the same sources, and the same options; only paths and
 * `epochs` may differ. The first item of the resumed run is the first item after the checkpoint. If the saved run was
 * finished, the resumed run has no items. If the consumer has changed the learning rate after the last checkpoint, this
 * change is lost. If a run cannot be resumed, the net does not change. If the validation source fails, the run writes a
 * checkpoint of the state before the validation. A run that is resumed from this checkpoint begins with the validation.
 *
 * The generator can end with one of these errors: LADE_ECANCELED (see lade/train/cancel.h), LADE_EINVAL (an option, a
 * label or a weight is invalid, or a source does not fit the net; the subject is the name of the invalid argument),
 * LADE_ESTATE (the net is already in training, or was freed; the subject is "net"), LADE_ENUMERIC (see below),
 * LADE_ENOMEM, LADE_ERUNTIME (oneDNN failed), or an error of the source, of `reduce`, or of lade_net_save(). With
 * `resume`, these errors are also possible: the errors of lade_net_load(), LADE_EMISMATCH (the net, an option or the
 * machine is not the same; the subject is the name of the difference), and LADE_EUNSUPPORTED (a source has no state).
 *
 * LADE_ENUMERIC means that the loss of a batch, its gradient, a parameter after the update, or the validation loss is
 * not finite. The message contains the epoch, the step and the learning rate. If a sample contains NaN or infinity, the
 * message names this sample; otherwise it names the first samples of the batch. The run does not write another
 * checkpoint, so the last good checkpoint is kept. If the loss of a batch is not finite, the net has the parameters of
 * the last update. In all other cases, some parameters may have changed, and the net must not be used. If a sample
 * contains NaN or infinity, the loss or the gradient is not finite. But if a relu or maxpool is before the first layer
 * with parameters, the relu or maxpool may replace the NaN or infinity, and the error may not occur.
 *
 * Two runs with the same options, seed, source, number of threads, CPU and oneDNN version end with the same parameters,
 * byte for byte.
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options);

/* ---- The same without a generator -------------------------------------------------------------------------------- */

/*
 * A run of lade_fit() for programs that cannot use generators, for example in other languages:
 *
 *     lade_fit_run *run = lade_fit_new(net, &source, &options, &err);
 *     struct lade_metrics *m;
 *     while (run && (status = lade_fit_next(run, &m, &err)) == LADE_OK && m)
 *         printf("epoch %d loss %.3f\n", m->epoch, m->loss);
 *     lade_fit_close(run, &err);
 *
 * Only one thread at a time may use a run and its net.
 */
typedef struct lade_fit_run lade_fit_run;

/*
 * lade_fit_new() - begins a run. The arguments are the same as for lade_fit(), except that @source is a pointer
 * (the struct is copied).
 *
 * Returns the run. The caller must close the run with lade_fit_close(). On error, returns NULL with @err: the errors of
 * lade_fit() about options, sources and `resume`, and LADE_ESTATE (the net already has a lade_trainer, or a run that is
 * not closed; the subject is "net").
 */
LADE_API LADE_MUST_CHECK lade_fit_run *lade_fit_new(lade_net *net, const struct lade_source *source,
                                                    const struct lade_fit_options *options, struct lade_error *err);

/*
 * lade_fit_next() - trains until the next item of lade_fit(), and stores the address of its metrics in *out. At the end
 * of the run, stores NULL. The metrics belong to the run, and the next call overwrites them. The caller may change only
 * the field lr.
 *
 * Returns LADE_OK, also at the end of the run. On error, returns a status of lade_fit() with @err and stores NULL in
 * *out. The run has then ended, and further calls return LADE_ESTATE. There is one exception: after LADE_ECANCELED
 * during training, the run has not ended, and the next call continues with the next step.
 */
LADE_API int lade_fit_next(lade_fit_run *run, struct lade_metrics **out, struct lade_error *err);

/*
 * lade_fit_close() - ends a run and frees it, even if the function returns an error. NULL is allowed. If the run has
 * not reached its end and has the option `checkpoint`, a checkpoint is written, as when the generator of lade_fit() is
 * closed.
 *
 * Returns LADE_OK, or an error with @err: LADE_EINVAL (the caller stored an invalid lr in the last metrics; the subject
 * is "lr"), LADE_ESTATE (the net was freed before the checkpoint was written; the subject is "net"), or a status of
 * lade_net_save(). When the generator of lade_fit() is closed, these errors are passed to the hook of
 * lade_set_unhandled_hook().
 */
LADE_API int lade_fit_close(lade_fit_run *run, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
