/*
 * lade/train.h - trains a net from a source of batches.
 *
 *     struct lade_error err = {0};
 *     lade_net *net = lade_net_new("dense 512, relu, dense 10", 3, (int64_t[]){32, 32, 3}, NULL, &err);
 *
 *     lade_for_each (m, lade_fit(net, train, &(struct lade_fit_options){
 *             .optimizer = {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true},
 *             .epochs = 10, .validation = test, .checkpoint = "net.safetensors"}), &err)
 *         printf("epoch %d loss %.3f val %.3f\n", m->epoch, m->loss, m->val_accuracy);
 *
 * A training run is a generator of metrics. No callbacks are necessary for progress, early stopping and learning rates,
 * because the body of the loop can print, break, or assign to m->lr. oneDNN computes the layers.
 */
#ifndef LADE_TRAIN_H
#define LADE_TRAIN_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/batch.h>
#include <lade/gen.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Nets -------------------------------------------------------------------------------------------------------- */

/*
 * A net consists of layers, their parameters, and a loss. Only one thread at a time may use a net. While a generator of
 * lade_fit() is suspended, the program may evaluate the net, save it and use it for predictions, but must not
 * change the net. The net must exist longer than the generator that trains it.
 *
 * A net has its own threads. The first batch that is large enough starts the threads, and lade_net_free() ends them. A
 * waiting thread sleeps, so that the threads that decode the next batch can use the cores. The settings of OpenMP have
 * no effect, except for large nets. If the number of parameters times the number of threads is above 2^26, oneDNN
 * computes the net with OpenMP's threads.
 */
typedef struct lade_net lade_net;

/*
 * A loss also defines the predictions. z are the outputs of the last layer (logits), and y are the labels. The formulas
 * are the same as in PyTorch's CrossEntropyLoss, BCEWithLogitsLoss and MSELoss. The loss of a batch is the mean over
 * its samples. If the batch has a sample_weight w, (n) float32, finite and 0 or more, then the loss of the batch is
 *
 *     sum_i w_i l_i / sum_i w_i
 *
 * where l_i is the loss of sample i. So a sample of weight 2 counts like two equal samples. Keras divides by the number
 * of samples instead, so Keras's loss and gradient are the values of this formula multiplied by the mean of the
 * weights. An evaluation weights the loss in the same way, but its accuracy counts each sample once.
 *
 *   LADE_SOFTMAX_CROSS_ENTROPY  -sum_j y_j log softmax(z)_j. A categorical y is (n, outputs) with any probabilities
 *                               whose sum is 1. A sparse y is (n, 1) with the index of the class. The prediction is
 *                               softmax(z)
 *   LADE_BINARY_CROSS_ENTROPY   -y log s(z) - (1 - y) log(1 - s(z)), where s(z) = 1 / (1 + exp(-z)); mean over the
 *                               outputs. y is (n, outputs), each 0 .. 1. The prediction is s(z)
 *   LADE_MEAN_SQUARED_ERROR     (z - y)^2, mean over the outputs. y is (n, outputs), any finite numbers. The prediction
 *                               is z
 */
enum lade_loss {
    LADE_LOSS_AUTO = 0, /* binary cross-entropy for a net with one output, otherwise softmax cross-entropy */
    LADE_SOFTMAX_CROSS_ENTROPY,
    LADE_BINARY_CROSS_ENTROPY,
    LADE_MEAN_SQUARED_ERROR,
    LADE_LOSS_COUNT
};

/*
 * lade_loss_name() - returns the name of a loss in files, for example "softmax_cross_entropy", or "auto" for
 * LADE_LOSS_AUTO. Returns NULL if @loss is invalid.
 */
LADE_API const char *lade_loss_name(enum lade_loss loss);

/*
 * Options of lade_net_new(). A field that is 0 has its default.
 */
struct lade_net_options {
    uint64_t seed;                  /* seed of the initial parameters and of dropout */
    enum lade_loss loss;            /* default: LADE_LOSS_AUTO */
    int threads;                    /* number of threads that compute, 1 to 1024; default: one for each core */
    bool channels_first;            /* images are (C, H, W), not (H, W, C) */
    const char *const *class_names; /* UTF-8, one name for each output, or two names for a single output; copied, and
                                       saved with the net; or NULL */
};

/*
 * lade_net_new() - makes a net from a specification, with random initial parameters.
 *
 * @spec          layers, separated by commas. The arguments of a layer follow its name. PyTorch's name of the layer is
 *                in brackets:
 *                    dense N        N outputs; each is a weighted sum of all inputs, plus a bias [Linear]. An input of
 *                                   several dimensions is flattened in the order of memory
 *                    conv N K       N channels; each is a weighted sum over a window of K x K of all channels of the
 *                                   input, plus a bias [Conv2d]
 *                    maxpool K      the maximum of each K x K window [MaxPool2d]
 *                    avgpool K      the mean of each K x K window, without the padding [AvgPool2d with
 *                                   count_include_pad=False]
 *                    globalavgpool  the mean of each channel; the output is (channels) [AdaptiveAvgPool2d(1), Flatten]
 *                    relu, tanh, sigmoid
 *                    batchnorm      normalises each channel by its mean and variance over the whole batch, for any
 *                                   number of threads; momentum 0.1, eps 1e-5 [BatchNorm1d, BatchNorm2d]. If a batch
 *                                   has only one value for each channel, the output is the bias, and the running mean
 *                                   and variance do not change; PyTorch rejects such a batch
 *                    dropout P      in training, a fraction P of the values becomes 0, and the other values are divided
 *                                   by 1 - P [Dropout]
 *                    flatten        makes the sample one-dimensional; "dense" also does this
 *                Options of conv, maxpool and avgpool, in any order:
 *                    same           pads the input, so that the size of the output is the size of the input divided by
 *                                   the stride. If the padding is odd, the end has one more row or column (as in Keras,
 *                                   and for a stride of 1 as in PyTorch)
 *                    valid          no padding; the default
 *                    stride S       default: 1 for conv, K for maxpool and avgpool
 *                    groups G       conv only; default 1; must divide N and the channels of the input
 *                The input of conv and of all pools must be an image, which is a sample with three dimensions.
 *                Two names are presets for a whole net:
 *                    mlp N          dense 512, relu, dense N
 *                    cnn N          conv 32 3 same, relu, conv 32 3, relu, maxpool 2, conv 64 3 same, relu, conv 64 3,
 *                                   relu, maxpool 2, dense 512, relu, dropout 0.5, dense N
 * @sample_ndim   1 .. LADE_MAX_DIMS - 1
 * @sample_shape  shape of one sample, {32, 32, 3}, as in struct lade_source   (copied)
 * @options       or NULL   (borrowed for the call)
 *
 * Initial weights and biases of a dense layer with k inputs, or of a convolution with k values in a window, are uniform
 * in [-1/sqrt(k), 1/sqrt(k)). PyTorch's default is the same, kaiming_uniform(a = sqrt(5)) (He, Zhang, Ren, Sun,
 * "Delving deep into rectifiers", ICCV 2015). Number i of parameter p of the net (parameter 0 is the weight of the
 * first layer with a weight) is a lade_random_uniform() of the stream (seed, p, i / 65536, LADE_RANDOM_WEIGHTS). A
 * batchnorm initially has weight 1, bias 0, running mean 0 and running variance 1.
 *
 * Dropout depends only on the seed, the number of the batch and the position. In sample i of training batch b (counted
 * from 0), in layer l with c values, value j is dropped if the (j mod 65536)-th lade_random_u32() of the stream (seed,
 * b, l * 2^48 + i * ceil(c / 65536) + j / 65536, LADE_RANDOM_DROPOUT) is below P * 2^32.
 *
 * Returns the net. The caller must free the net with lade_net_free(). On error, returns NULL with @err: LADE_EINVAL (a
 * layer or option is invalid; the subject is the layer, the option or "spec"), LADE_ELIMIT (a layer has more than 2^31
 * - 1 weights, or a padded window is larger than 32767), LADE_ENOMEM, LADE_ERUNTIME (oneDNN failed). Cost: the function
 * allocates the memory of the parameters. The first batch of each size takes longer, because it makes the kernels.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_new(const char *spec, int sample_ndim, const int64_t *sample_shape,
                                                const struct lade_net_options *options, struct lade_error *err);

/*
 * lade_net_free() - frees a net. NULL is allowed. All generators of lade_fit() for this net must already be closed.
 */
LADE_API void lade_net_free(lade_net *net);

/*
 * A description of a net. The pointers belong to the net.
 */
struct lade_net_info {
    const char *spec; /* the spec of lade_net_new(), with the layers instead of "mlp N" and "cnn N" */
    int sample_ndim;
    int64_t sample_shape[LADE_MAX_DIMS]; /* shape of one sample */
    int64_t outputs;                     /* number of values in the output of one sample */
    int64_t parameters;                  /* number of values that training changes */
    int layers;
    uint64_t seed;
    enum lade_loss loss;            /* never LADE_LOSS_AUTO */
    int threads;                    /* number of threads that compute */
    bool channels_first;            /* images are (C, H, W) */
    const char *const *class_names; /* one name for each output (two names for a single output); or NULL */
    int class_names_count;
    const char *preprocessing; /* lade_source.preprocessing of the last lade_fit(); or NULL. lade_net_save() writes this
                                  text to the file, and lade_flow_options_set_preprocessing() reads it */
};

/*
 * lade_net_info() - returns the description of @net, which is valid until the net is freed. Only `preprocessing`
 * changes later, when a lade_fit() begins.
 */
LADE_API const struct lade_net_info *lade_net_info(const lade_net *net);

/*
 * lade_net_describe() - writes a table with the output shape and the number of parameters of each layer to @f, and the
 * name of the loss below the table.
 *
 * Returns LADE_OK or LADE_EIO (writing to @f failed).
 */
LADE_API int lade_net_describe(const lade_net *net, FILE *f);

/*
 * lade_net_predict() - computes the predictions of some samples. The comment of enum lade_loss defines the predictions,
 * which are outputs for LADE_MEAN_SQUARED_ERROR and probabilities otherwise. A net with a single output predicts the
 * probability of class 1.
 *
 * @x    (n, sample shape...) float32, or uint8, which is divided by 255; n may be 0. If a sample contains NaN or
 *       infinity, its prediction is meaningless, but may be a finite number, because relu changes NaN to 0   (borrowed)
 * @out  (n, outputs) float32, written   (the caller's)
 *
 * Returns LADE_OK; LADE_EINVAL (shape or dtype), LADE_ENOMEM, LADE_ERUNTIME with @err.
 */
LADE_API int lade_net_predict(lade_net *net, const struct lade_tensor *x, float *out, struct lade_error *err);

/*
 * The loss and the accuracy of a net on some samples. A sample is correct if its largest output is at the position of
 * its largest label; if several are equal, the first position counts. The accuracy is the fraction of correct samples.
 * For LADE_BINARY_CROSS_ENTROPY, the accuracy is the fraction of outputs for which z >= 0 and y >= 1/2 are both true or
 * both false.
 */
struct lade_score {
    int64_t samples;
    double loss;     /* weighted mean over the samples; NaN if the sum of the weights is 0 */
    double accuracy; /* 0 .. 1; NaN if there are no samples, and for LADE_MEAN_SQUARED_ERROR with one output */
};

/*
 * lade_net_evaluate() - computes loss and accuracy over the next @steps batches of a source. The parameters do not
 * change.
 *
 * @source  read from its current position   (borrowed; the caller closes it)
 * @steps   number of batches; 0: one epoch, source.steps
 *
 * Returns LADE_OK; LADE_EINVAL (the batches do not fit the net), LADE_ENOMEM, LADE_ERUNTIME, or a status of the source,
 * with @err.
 */
LADE_API int lade_net_evaluate(lade_net *net, struct lade_source source, int64_t steps, struct lade_score *out,
                               struct lade_error *err);

/* ---- Optimizers -------------------------------------------------------------------------------------------------- */

/*
 * An optimizer changes the parameters p with their gradients g. The formulas, the order of operations and the defaults
 * are the same as in PyTorch (torch.optim). All values are float32. t is the number of the update, counted from 1. The
 * states v, s and m are initially 0.
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
 * lade_optimizer_info() returns the defaults, and the fields that an optimizer uses. All other fields must be 0 or
 * LADE_OFF.
 */
struct lade_optimizer {
    enum lade_optimizer_kind kind;
    float lr;           /* learning rate */
    float momentum;     /* 0 or more, below 1 */
    bool nesterov;      /* Nesterov momentum (Sutskever and others, ICML 2013); requires a momentum above 0 */
    float weight_decay; /* L2 penalty, added to the gradient; LADE_ADAMW reduces the parameters directly */
    float rho;          /* decay of the mean of squared gradients, below 1 (PyTorch's alpha) */
    float beta_1;       /* decay of the mean of gradients, below 1 */
    float beta_2;       /* decay of the mean of squared gradients, below 1 */
    float epsilon;      /* added to square roots before a division */
};

/*
 * The name of an optimizer, its hyper-parameters and their defaults.
 */
struct lade_optimizer_info {
    const char *name;                   /* the name in checkpoints and on the command line, for example "adamw" */
    const char *const *hyperparameters; /* names of the fields that the optimizer uses ("lr", ...), then NULL */
    struct lade_optimizer defaults;     /* the default of each of these fields */
};

/*
 * lade_optimizer_info() - returns the description of an optimizer, which is static. Returns NULL if @kind is invalid.
 */
LADE_API const struct lade_optimizer_info *lade_optimizer_info(enum lade_optimizer_kind kind);

/*
 * A schedule changes the learning rate during a run. The learning rate of an update is lr times a factor. The list
 * below has the factor of each schedule, and PyTorch's class in brackets. e is the number of the epoch and u is the
 * number of the update, both counted from 0. U is the number of updates in the run.
 *
 *   LADE_CONSTANT     1
 *   LADE_STEP         factor^floor(e / epochs)   [StepLR]
 *   LADE_EXPONENTIAL  factor^e   [ExponentialLR]
 *   LADE_COSINE       (1 + cos(pi * (u - warmup) / (U - warmup))) / 2   [CosineAnnealingLR, stepped with the optimizer]
 *   LADE_PLATEAU      initially 1. The factor is multiplied by `factor` when the loss of more than `epochs` epochs in a
 *                     row was not below 0.9999 times the lowest loss so far. The loss is the validation loss, if there
 *                     is a validation source   [ReduceLROnPlateau]
 *
 * During the first `warmup` updates, the factor is (u + 1) / warmup instead.
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
 * A schedule and its parameters. A field that is 0 has the default of the schedule.
 */
struct lade_schedule {
    enum lade_schedule_kind kind;
    int64_t warmup; /* number of updates; default 0 */
    int epochs;     /* 1 or more; for LADE_PLATEAU, PyTorch's patience */
    float factor;   /* above 0, at most 1; for LADE_EXPONENTIAL, PyTorch's gamma */
};

/*
 * The name of a schedule, its parameters (except warmup), and their defaults.
 */
struct lade_schedule_info {
    const char *name;              /* the name in checkpoints and on the command line, for example "cosine" */
    const char *const *parameters; /* names of the fields that the schedule uses, then NULL */
    struct lade_schedule defaults;
};

/*
 * lade_schedule_info() - returns the description of a schedule, which is static. Returns NULL if @kind is invalid.
 */
LADE_API const struct lade_schedule_info *lade_schedule_info(enum lade_schedule_kind kind);

/* ---- Training ---------------------------------------------------------------------------------------------------- */

/*
 * This value of lade_fit_options.accumulate means one update in each epoch.
 */
#define LADE_FULL_BATCH (-1)

/*
 * Options of lade_fit(). A field that is 0 has its default. All strings, arrays and sources are borrowed and must exist
 * longer than the generator.
 *
 * A step is one batch. An update is one change of the parameters by the optimizer. By default each step makes an
 * update. This is stochastic gradient descent for batches of one sample, and mini-batch gradient descent for larger
 * batches. LADE_FULL_BATCH makes it gradient descent.
 *
 * With class weights w, a softmax cross-entropy is -sum_j w_j y_j log softmax(z)_j, and the loss of a batch is the sum
 * over its samples divided by the sum of all w_j y_j. PyTorch's CrossEntropyLoss(weight, label_smoothing) computes the
 * same for class indices. In a binary cross-entropy, w_j multiplies the first term of output j
 * (BCEWithLogitsLoss(pos_weight)); a net with a single output has two weights, for 0 and for 1. Label smoothing
 * replaces y by y (1 - label_smoothing) + label_smoothing / outputs, and in a binary cross-entropy by y (1 -
 * label_smoothing) + label_smoothing / 2. Sample weights multiply both sums. An evaluation uses neither class weights
 * nor label smoothing.
 */
struct lade_fit_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int epochs;                    /* number of epochs; default 1 */
    int64_t steps_per_epoch;       /* default: source.steps */
    int64_t accumulate;            /* number of steps for one update, or LADE_FULL_BATCH; default 1. The last update of
                                      an epoch may have fewer steps */
    float global_clipnorm;         /* the gradient of all parameters is multiplied by min(1, global_clipnorm / (norm +
                                      1e-6)), as torch's clip_grad_norm_ does; default: no clipping */
    float clipvalue;               /* after global_clipnorm, each value of the gradient is clamped to -clipvalue ..
                                      clipvalue, even an infinite value; default: no clipping */
    float label_smoothing;         /* 0 or more, below 1 */
    const float *class_weight;     /* one weight for each output (two weights for a single output), each 0 or more;
                                      default: all weights are 1 */
    int64_t yield_every;           /* also yield after every N steps; default: only at the end of each epoch */
    struct lade_source validation; /* evaluated at the end of each epoch; default: no validation */
    int64_t validation_steps;      /* default: validation.steps */
    const char *checkpoint;        /* path of the checkpoint. It is written at the end of each epoch, before the yield,
                                      and when the generator is closed during an epoch; default: no checkpoints */
    int64_t checkpoint_every;      /* also write the checkpoint after every N steps of an epoch; default: only at the
                                      end */
    const char *resume;            /* path of a checkpoint from which the run continues (may be the path `checkpoint`);
                                      default: start a new run */
    bool replay;          /* with `resume`: first yield the metrics of all earlier epochs again, so that the loop sees
                             the same epochs as in a run without interruption */
    bool allow_different; /* allow `resume` with another CPU, oneDNN version or number of threads. The bytes of the
                             result are then different */
};

/*
 * The metrics of a run. The struct belongs to the generator, which overwrites it when it is resumed. The consumer may
 * change only lr.
 */
struct lade_metrics {
    int epoch;       /* number of the epoch, counted from 0 */
    int epochs;      /* number of epochs of the run */
    int64_t step;    /* number of steps of this epoch so far */
    int64_t steps;   /* number of steps of an epoch */
    int64_t samples; /* number of samples of this epoch so far */
    bool epoch_end;  /* true at the end of an epoch, false at a yield of yield_every */
    bool replayed;   /* true for an epoch that is yielded again (option `replay`). Times, speed and lr are 0, and the
                        net is already the net of the checkpoint */
    double loss;     /* weighted mean over the samples of this epoch so far. The loss of a sample is computed before the
                        update that uses the sample. NaN if there are no samples, or all weights are 0 */
    double accuracy; /* accuracy of the same samples, as in struct lade_score */
    double val_loss; /* NaN, except at the end of an epoch with a validation */
    double val_accuracy;
    double seconds;      /* time of the steps of this epoch, without validation and without the consumer */
    double wait_seconds; /* the part of `seconds` in which the run waited for the source */
    double images_per_s; /* samples / seconds; in a resumed epoch, without the samples before the resume */
    double last_lr;      /* learning rate of the last step */
    double lr;           /* learning rate of the next step. If the consumer changes lr, the schedule continues from the
                            new value */
};

/*
 * lade_fit() - trains @net on the batches of @source. Returns a generator of metrics, which runs the steps when it is
 * resumed.
 *
 * @source   endless; read from its current position, one batch at a time. A batch that is empty, or whose weights are
 *           all 0, counts as a step and changes nothing   (borrowed: must exist longer than the generator; the caller
 *           closes it)
 * @options  or NULL   (copied, but its strings, arrays and sources are borrowed)
 *
 * Each item is a `struct lade_metrics *`. The generator ends after the last epoch. If the generator is closed earlier
 * (break, lade_gen_close), the net keeps the parameters of the last update. The generator computes nothing in advance.
 *
 * A checkpoint is a file of lade_net_save() that also contains the states of the optimizer, of the sources and of
 * dropout. A resumed run ends with the same bytes as a run without interruption, if it has the same net (from
 * lade_net_new() or lade_net_load()), the same sources, and the same options except paths and `epochs`. The first item
 * of the resumed run is the first item after the checkpoint. If the saved run was finished, the resumed run has no
 * item. If the consumer has changed the learning rate after the last checkpoint, this change is lost. If a run cannot
 * be resumed, the net does not change. If the validation source fails, a checkpoint of the state before the validation
 * is written, and a run that is resumed from this checkpoint begins with the validation.
 *
 * Ends with one of these errors: LADE_EINVAL (an option, a label or a weight is invalid, or a source does not fit the
 * net; the subject is its name), LADE_ENUMERIC (see below), LADE_ENOMEM, LADE_ERUNTIME (oneDNN failed), or an error of
 * the source or of lade_net_save(). With `resume` also an error of lade_net_load(), LADE_EMISMATCH (the net, an option
 * or the machine is not the same; the subject is its name), LADE_EUNSUPPORTED (a source has no state).
 *
 * LADE_ENUMERIC means that the loss of a batch, its gradient, a parameter after the update, or the validation loss is
 * not finite. The message contains the epoch, the step and the learning rate. If a sample contains NaN or infinity, the
 * message names this sample; otherwise it names the first samples of the batch. The run does not write another
 * checkpoint, so the last good checkpoint is kept. If the loss of a batch was not finite, the net has the parameters of
 * the last update. In all other cases, some parameters may have changed, and the net must not be used. NaN or infinity
 * in a sample makes the loss or the gradient not finite, unless a relu or maxpool is before the first layer with
 * parameters.
 *
 * Two runs with the same options, seed, source, number of threads, CPU and oneDNN version end with the same parameters,
 * byte for byte.
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options);

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/*
 * lade_net_save() - writes a net to a safetensors file (https://github.com/huggingface/safetensors), which Python can
 * read. The file is written to PATH.tmp, synced and renamed, so that PATH always contains either the old net or the new
 * net. The new file has the permissions of the old file. If PATH is a symbolic link, the target of the link is
 * replaced.
 *
 * Tensors are float32. A tensor has the same name as in a torch.nn.Sequential with the same layers, for example
 * "0.weight". The number is the position of the layer in the specification, counted from 0.
 *   weight  (outputs, inputs) of a dense layer, (N, channels / groups, K, K) of a convolution
 *   bias    (outputs) of a dense layer, (N) of a convolution
 *   weight, bias, running_mean, running_var  (channels) of a batchnorm
 * "__metadata__" contains everything else that lade_net_load() needs ("lade.format", "lade.spec", "lade.sample_shape",
 * "lade.loss", "lade.seed", "lade.data_format", "lade.class_names", "lade.preprocessing"). The bytes depend only on the
 * net, and not on the time or the path.
 *
 * Returns LADE_OK; or with @err, whose subject is the path: LADE_EIO, LADE_EACCES (also if PATH.tmp is a link, a pipe
 * or another user's file), LADE_EBUSY (another process or thread is writing to the same path, and can continue),
 * LADE_ENOENT, LADE_ELIMIT, LADE_ENOMEM. On error, PATH.tmp is removed, unless another process or user made it.
 */
LADE_API int lade_net_save(const lade_net *net, const char *path, struct lade_error *err);

/*
 * lade_net_load() - reads a net that lade_net_save() wrote. Every field of the file is checked, so that the file may be
 * untrusted.
 *
 * @threads  as in struct lade_net_options
 *
 * Returns the net. The caller must free the net with lade_net_free(). On error, returns NULL with @err, whose subject
 * is the path: LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_EFORMAT (truncated, damaged, or not written by lade),
 * LADE_EUNSUPPORTED (written by a later version, or not a regular file), LADE_EINVAL (@threads), LADE_ELIMIT,
 * LADE_ENOMEM, LADE_ERUNTIME.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_load(const char *path, int threads, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
