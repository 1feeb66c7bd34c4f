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
 * A training run is a generator of metrics. Other libraries have callbacks for progress, early stopping and learning
 * rates; here the body of the loop prints, breaks, or assigns to m->lr. oneDNN computes the layers.
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
 * A net: layers, their parameters, and a loss. One thread at a time may use it. While a lade_fit() is suspended, the
 * net may be evaluated and saved, and may predict, but nothing else may change it. It must exist longer than the
 * generator that trains it.
 *
 * A net has its own threads. They are started by the first batch that is large enough, and lade_net_free() ends them.
 * They sleep while they wait, so that the threads that decode the next batch can use the cores. The settings of OpenMP
 * have no effect, with one exception: if a net has more than 2^26 parameters divided by its number of threads, oneDNN
 * computes it with OpenMP's threads.
 */
typedef struct lade_net lade_net;

/*
 * A loss, and the predictions that belong to it. z are the outputs of the last layer (logits), y the labels. Formulas
 * are those of PyTorch's CrossEntropyLoss, BCEWithLogitsLoss and MSELoss. The loss of a batch is the mean over its
 * samples. If the batch has a sample_weight w, (n) float32, finite and 0 or more, then the loss of the batch is
 *
 *     sum_i w_i l_i / sum_i w_i
 *
 * where l_i is the loss of sample i. So a sample of weight 2 counts like two equal samples. Keras divides by the number
 * of samples instead: its loss and gradient are these, multiplied by the mean of the weights. An evaluation weights the
 * loss in the same way; its accuracy counts each sample once.
 *
 *   LADE_SOFTMAX_CROSS_ENTROPY  -sum_j y_j log softmax(z)_j. y is (n, outputs), categorical: any probabilities whose
 *                               sum is 1; or (n, 1), sparse: the index of the class. The prediction is softmax(z)
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
 * lade_loss_name() - returns the name of a loss in files, "softmax_cross_entropy"; "auto" for LADE_LOSS_AUTO; NULL if
 * @loss is not a loss.
 */
LADE_API const char *lade_loss_name(enum lade_loss loss);

/*
 * Options of lade_net_new(). A field that is 0 has its default.
 */
struct lade_net_options {
    uint64_t seed;                  /* of the initial parameters and of dropout */
    enum lade_loss loss;            /* default: LADE_LOSS_AUTO */
    int threads;                    /* number of threads that compute, 1 to 1024; default: one for each core */
    bool channels_first;            /* images are (C, H, W), not (H, W, C) */
    const char *const *class_names; /* UTF-8, one for each output, or two for a single output; copied, and saved with
                                       the net; or NULL */
};

/*
 * lade_net_new() - makes a net from a specification, with random initial parameters.
 *
 * @spec          layers with commas between them. The arguments of a layer follow its name. PyTorch's name of the layer
 *                is in brackets:
 *                    dense N        N outputs; each is a weighted sum of all inputs, plus a bias [Linear]. An input of
 *                                   several dimensions is flattened in the order of memory
 *                    conv N K       N channels; each is a weighted sum over a window of K x K of all channels of the
 *                                   input, plus a bias [Conv2d]
 *                    maxpool K      the maximum of each K x K window [MaxPool2d]
 *                    avgpool K      the mean of each K x K window, without the padding [AvgPool2d with
 *                                   count_include_pad=False]
 *                    globalavgpool  the mean of each channel: (channels) [AdaptiveAvgPool2d(1), Flatten]
 *                    relu, tanh, sigmoid
 *                    batchnorm      normalises each channel by its mean and variance over the whole batch, for any
 *                                   number of threads; momentum 0.1, eps 1e-5 [BatchNorm1d, BatchNorm2d]. If a batch
 *                                   has a single number of a channel, the output is the bias, and the running mean and
 *                                   variance do not change; PyTorch refuses such a batch
 *                    dropout P      in training, a fraction P of the numbers becomes 0, and the others are divided by
 *                                   1 - P [Dropout]
 *                    flatten        one dimension; "dense" does the same by itself
 *                Options of conv and the pools, in any order:
 *                    same           pads the input so that the output has the size of the input, divided by the stride.
 *                                   An odd number is added at the end (Keras's padding; PyTorch's for a stride of 1)
 *                    valid          no padding; the default
 *                    stride S       default 1, of pools K
 *                    groups G       conv only; default 1; must divide N and the channels of the input
 *                The input of conv and the pools is an image: a sample with three dimensions.
 *                Two names stand for a whole net:
 *                    mlp N          dense 512, relu, dense N
 *                    cnn N          conv 32 3 same, relu, conv 32 3, relu, maxpool 2, conv 64 3 same, relu, conv 64 3,
 *                                   relu, maxpool 2, dense 512, relu, dropout 0.5, dense N
 * @sample_ndim   1 .. LADE_MAX_DIMS - 1
 * @sample_shape  shape of one sample, {32, 32, 3}, as in struct lade_source   (copied)
 * @options       or NULL   (borrowed for the call)
 *
 * Initial weights and biases of a dense layer with k inputs, or of a convolution with k numbers in a window, are
 * uniform in [-1/sqrt(k), 1/sqrt(k)). This is PyTorch's default, kaiming_uniform(a = sqrt(5)), after He, Zhang, Ren,
 * Sun, "Delving deep into rectifiers", ICCV 2015. Number i of parameter p of the net (parameter 0 is the weight of the
 * first layer that has one) is a lade_random_uniform() of the stream (seed, p, i / 65536, LADE_RANDOM_WEIGHTS). A
 * batchnorm is the identity at first.
 *
 * Dropout is a function of seed, batch and position. In sample i of training batch number b, from 0, in layer l with c
 * numbers, number j is dropped if the (j mod 65536)-th lade_random_u32() of the stream (seed, b, l * 2^48 + i *
 * ceil(c / 65536) + j / 65536, LADE_RANDOM_DROPOUT) is below P * 2^32.
 *
 * Returns the net, which the caller frees with lade_net_free(). Returns NULL with @err: LADE_EINVAL (a layer or option
 * is invalid; the subject is the layer, the option or "spec"), LADE_ELIMIT (a layer has more than 2^31 - 1 weights, a
 * padded window is larger than 32767), LADE_ENOMEM, LADE_ERUNTIME (oneDNN failed). Cost: the memory of the parameters.
 * The first batch of each size makes the kernels.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_new(const char *spec, int sample_ndim, const int64_t *sample_shape,
                                                const struct lade_net_options *options, struct lade_error *err);

/*
 * lade_net_free() - frees a net. NULL is allowed. The generators of lade_fit() for this net must be closed before.
 */
LADE_API void lade_net_free(lade_net *net);

/*
 * A description of a net. The pointers belong to the net.
 */
struct lade_net_info {
    const char *spec; /* as given to lade_net_new(), with "mlp N" and "cnn N" replaced by their layers */
    int sample_ndim;
    int64_t sample_shape[LADE_MAX_DIMS]; /* of one sample */
    int64_t outputs;                     /* numbers in the output of one sample */
    int64_t parameters;                  /* numbers that training changes */
    int layers;
    uint64_t seed;
    enum lade_loss loss;            /* never LADE_LOSS_AUTO */
    int threads;                    /* number of threads that compute */
    bool channels_first;            /* images are (C, H, W) */
    const char *const *class_names; /* one for each output (two for a single output), or NULL */
    int class_names_count;
    const char *preprocessing; /* lade_source.preprocessing of the last lade_fit(), also after lade_net_load();
                                  lade_flow_options_set_preprocessing() reads it; or NULL */
};

/*
 * lade_net_info() - returns the description of @net, which exists as long as the net. Only preprocessing changes,
 * when a lade_fit() begins.
 */
LADE_API const struct lade_net_info *lade_net_info(const lade_net *net);

/*
 * lade_net_describe() - writes a table to @f: the output shape and the number of parameters of each layer, and the
 * loss.
 *
 * Returns LADE_OK or LADE_EIO (writing to @f failed).
 */
LADE_API int lade_net_describe(const lade_net *net, FILE *f);

/*
 * lade_net_predict() - computes the predictions of enum lade_loss for some samples: probabilities, or the outputs
 * themselves for LADE_MEAN_SQUARED_ERROR. With a single output, the probability is that of class 1.
 *
 * @x    (n, sample shape...) float32, or uint8, which is divided by 255; n may be 0. If a sample contains NaN or
 *       infinity, its prediction is meaningless and may still look normal, because relu turns NaN into 0   (borrowed)
 * @out  (n, outputs) float32, written   (the caller's)
 *
 * Returns LADE_OK; LADE_EINVAL (shape or dtype), LADE_ENOMEM, LADE_ERUNTIME with @err.
 */
LADE_API int lade_net_predict(lade_net *net, const struct lade_tensor *x, float *out, struct lade_error *err);

/*
 * How good a net is on some samples. accuracy is the fraction of samples whose largest output (the first one of
 * several) is at the position of the largest label. For LADE_BINARY_CROSS_ENTROPY it is the fraction of outputs for
 * which z >= 0 and y >= 1/2 are both true or both false.
 */
struct lade_score {
    int64_t samples;
    double loss;     /* weighted mean over the samples; NaN if the sum of the weights is 0 */
    double accuracy; /* 0 .. 1; NaN for no samples, and for LADE_MEAN_SQUARED_ERROR with one output */
};

/*
 * lade_net_evaluate() - computes loss and accuracy over the next @steps batches of a source. The parameters do not
 * change.
 *
 * @source  read from its present position   (borrowed; the caller closes it)
 * @steps   number of batches; 0: one epoch, source.steps
 *
 * Returns LADE_OK; LADE_EINVAL (the batches do not fit the net), LADE_ENOMEM, LADE_ERUNTIME, or what the source
 * returned, with @err.
 */
LADE_API int lade_net_evaluate(lade_net *net, struct lade_source source, int64_t steps, struct lade_score *out,
                               struct lade_error *err);

/* ---- Optimizers -------------------------------------------------------------------------------------------------- */

/*
 * An optimizer changes parameters p by their gradients g. Formulas, the order of operations and defaults are PyTorch's
 * (torch.optim), computed in float32. t is the number of the update, from 1. States (v, s, m) are initially 0.
 *
 *   LADE_SGD      g += weight_decay * p;  v = momentum * v + g  (v = g in the first update);
 *                 g = nesterov ? g + momentum * v : v  (only if momentum is not 0);  p -= lr * g
 *   LADE_ADAGRAD  g += weight_decay * p;  s += g^2;  p -= lr * g / (sqrt(s) + epsilon)
 *   LADE_RMSPROP  g += weight_decay * p;  s = rho * s + (1 - rho) * g^2;  g = g / (sqrt(s) + epsilon);
 *                 v = momentum * v + g, g = v  (only if momentum is not 0);  p -= lr * g
 *   LADE_ADAM     g += weight_decay * p;  m = beta_1 * m + (1 - beta_1) * g;  s = beta_2 * s + (1 - beta_2) * g^2;
 *                 p -= lr / (1 - beta_1^t) * m / (sqrt(s) / sqrt(1 - beta_2^t) + epsilon)
 *   LADE_ADAMW    p -= lr * weight_decay * p;  then as LADE_ADAM without weight decay
 */
enum lade_optimizer_kind { LADE_SGD = 0, LADE_ADAGRAD, LADE_RMSPROP, LADE_ADAM, LADE_ADAMW, LADE_OPTIMIZER_COUNT };

/*
 * An optimizer and its hyper-parameters. A field that is 0 has the default of the optimizer; LADE_OFF means 0.
 * lade_optimizer_info() returns the defaults, and the fields that an optimizer uses. The others must be 0 or LADE_OFF.
 */
struct lade_optimizer {
    enum lade_optimizer_kind kind;
    float lr;           /* learning rate */
    float momentum;     /* 0 or more, below 1 */
    bool nesterov;      /* Nesterov momentum (Sutskever and others, ICML 2013); requires a momentum above 0 */
    float weight_decay; /* L2 penalty, added to the gradient; LADE_ADAMW multiplies the parameters instead */
    float rho;          /* decay of the mean of squared gradients, below 1 (PyTorch's alpha) */
    float beta_1;       /* decay of the mean of gradients, below 1 */
    float beta_2;       /* decay of the mean of squared gradients, below 1 */
    float epsilon;      /* added to square roots before a division */
};

/*
 * The name of an optimizer, its hyper-parameters and their defaults.
 */
struct lade_optimizer_info {
    const char *name;                   /* "adamw": in checkpoints and on the command line */
    const char *const *hyperparameters; /* names of the fields that the optimizer uses ("lr", ...); ends with NULL */
    struct lade_optimizer defaults;     /* the default of each of these fields */
};

/*
 * lade_optimizer_info() - returns the description of an optimizer, which is static; NULL if @kind is not an optimizer.
 */
LADE_API const struct lade_optimizer_info *lade_optimizer_info(enum lade_optimizer_kind kind);

/*
 * A schedule changes the learning rate during a run: the learning rate of an update is lr times a factor. e is the
 * number of the epoch and u the number of the update, both from 0. U is the number of updates in the run. PyTorch's
 * class is in brackets.
 *
 *   LADE_CONSTANT     1
 *   LADE_STEP         factor^floor(e / epochs)   [StepLR]
 *   LADE_EXPONENTIAL  factor^e   [ExponentialLR]
 *   LADE_COSINE       (1 + cos(pi * (u - warmup) / (U - warmup))) / 2   [CosineAnnealingLR, stepped with the optimizer]
 *   LADE_PLATEAU      1 at first. It is multiplied by `factor` when for more than `epochs` epochs the loss has not been
 *                     lower than 0.9999 times the lowest loss before. The loss is the validation loss, if there is a
 *                     validation source.   [ReduceLROnPlateau]
 *
 * During the first `warmup` updates the factor is (u + 1) / warmup instead.
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
    int epochs;     /* 1 or more; of LADE_PLATEAU PyTorch's patience */
    float factor;   /* above 0, at most 1; of LADE_EXPONENTIAL PyTorch's gamma */
};

/*
 * The name of a schedule, its parameters other than warmup, and their defaults.
 */
struct lade_schedule_info {
    const char *name;              /* "cosine": in checkpoints and on the command line */
    const char *const *parameters; /* names of the fields that the schedule uses; ends with NULL */
    struct lade_schedule defaults;
};

/*
 * lade_schedule_info() - returns the description of a schedule, which is static; NULL if @kind is not a schedule.
 */
LADE_API const struct lade_schedule_info *lade_schedule_info(enum lade_schedule_kind kind);

/* ---- Training ---------------------------------------------------------------------------------------------------- */

/*
 * The value of lade_fit_options.accumulate for one update in each epoch.
 */
#define LADE_FULL_BATCH (-1)

/*
 * Options of lade_fit(). A field that is 0 has its default. Everything that is pointed to is borrowed and must exist
 * longer than the generator.
 *
 * A step is one batch. An update is one change of the parameters by the optimizer. By default each step makes an
 * update. This is stochastic gradient descent for batches of one sample, mini-batch gradient descent for larger ones,
 * and gradient descent with LADE_FULL_BATCH.
 *
 * With class weights w, a softmax cross-entropy is -sum_j w_j y_j log softmax(z)_j, and the mean over the batch divides
 * by the sum of all w_j y_j. This is CrossEntropyLoss(weight, label_smoothing) for class indices. In a binary
 * cross-entropy, w_j multiplies the first term of output j (BCEWithLogitsLoss(pos_weight)); a net with a single output
 * has two weights, for 0 and for 1. Label smoothing replaces y by y (1 - label_smoothing) + label_smoothing / outputs,
 * in a binary cross-entropy by y (1 - label_smoothing) + label_smoothing / 2. Sample weights multiply both sums. An
 * evaluation uses neither class weights nor smoothing.
 */
struct lade_fit_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int epochs;                    /* number of epochs; default 1 */
    int64_t steps_per_epoch;       /* default: source.steps */
    int64_t accumulate;            /* number of steps for one update; default 1. The last update of an epoch uses the
                                      steps that remain. Or LADE_FULL_BATCH */
    float global_clipnorm;         /* the gradient of all parameters is multiplied by min(1, global_clipnorm / (norm +
                                      1e-6)), as torch's clip_grad_norm_ does; default: no clipping */
    float clipvalue;               /* then each number of the gradient is clamped to -clipvalue .. clipvalue, even an
                                      infinite one; default: no clipping */
    float label_smoothing;         /* 0 or more, below 1 */
    const float *class_weight;     /* 0 or more, one for each output (two for a single output); default: 1 each */
    int64_t yield_every;           /* also yield after every N steps; default: only at the end of each epoch */
    struct lade_source validation; /* evaluated at the end of each epoch; default: no validation */
    int64_t validation_steps;      /* default: validation.steps */
    const char *checkpoint;        /* path of the checkpoint. It is written at the end of each epoch, before the yield,
                                      and when the generator is closed during an epoch; default: no checkpoints */
    int64_t checkpoint_every;      /* also write it after every N steps of an epoch; default: no */
    const char *resume;            /* path of a checkpoint that the run continues from (may be the same path); default:
                                      start a new run */
    bool replay;          /* with resume: first yield the metrics of all earlier epochs again, so that the loop can draw
                             its curve, or stop early, as in a run without interruption */
    bool allow_different; /* resume also with another CPU, oneDNN version or number of threads. The result has other
                             bytes then */
};

/*
 * The metrics of a run. They belong to the generator and are overwritten when it is resumed. The consumer may change
 * lr, and nothing else.
 */
struct lade_metrics {
    int epoch;       /* from 0 */
    int epochs;      /* number of epochs of the run */
    int64_t step;    /* number of steps of this epoch so far */
    int64_t steps;   /* number of steps of an epoch */
    int64_t samples; /* number of samples of this epoch so far */
    bool epoch_end;  /* true at the end of an epoch, false at a yield of yield_every */
    bool replayed;   /* true for an epoch that is yielded again (option replay). Times, speed and lr are 0, and the net
                        is the net of the checkpoint */
    double loss;     /* weighted mean over the samples of this epoch, each before its update; NaN if there are no
                        samples, or their weights are 0 */
    double accuracy; /* over the same samples, as in struct lade_score */
    double val_loss; /* NaN, except at the end of an epoch with a validation */
    double val_accuracy;
    double seconds;      /* time that the steps of this epoch took, without validation and without the consumer */
    double wait_seconds; /* part of it that was spent waiting for the source */
    double images_per_s; /* samples / seconds; after a resume, only samples and seconds since the resume */
    double last_lr;      /* learning rate of the last step */
    double lr;           /* learning rate of the next step. If the consumer changes it, the schedule multiplies the new
                            value from now on */
};

/*
 * lade_fit() - trains @net on the batches of @source. A generator of metrics that runs the steps when it is resumed.
 *
 * @source   endless; read from its present position, one batch at a time. A batch that is empty, or whose weights are
 *           0, counts as a step and changes nothing   (borrowed: must exist longer than the generator; the caller
 *           closes it)
 * @options  or NULL   (copied; what it points to is borrowed)
 *
 * Each item is a `struct lade_metrics *`. The generator ends after the last epoch. If it is closed before (break,
 * lade_gen_close), the net keeps the parameters of the last update. The generator computes nothing in advance.
 *
 * A checkpoint is a file of lade_net_save() that also contains the state of the run: of the optimizer, the sources and
 * dropout. A resumed run ends with the same bytes as a run without interruption, if it has the same net (from
 * lade_net_new() or lade_net_load()), the same sources, and the same options except paths and `epochs`. Its first item
 * is the first one after the checkpoint; if the run was finished, there is none. A learning rate that the consumer has
 * changed after the last checkpoint is lost. If a run cannot be resumed, the net does not change. If the validation
 * source fails, a checkpoint of the state before the validation is written; a run that resumes from it begins with the
 * validation.
 *
 * Ends with one of these errors: LADE_EINVAL (an option, a label or a weight is invalid, or a source does not fit the
 * net; the subject is its name), LADE_ENUMERIC (see below), LADE_ENOMEM, LADE_ERUNTIME (oneDNN failed), what the source
 * or lade_net_save() returned. With `resume` also what lade_net_load() returns, LADE_EMISMATCH (the net, an option or
 * the machine is another one; the subject is its name), LADE_EUNSUPPORTED (a source has no state).
 *
 * LADE_ENUMERIC means that the loss of a batch, its gradient, a parameter after the update, or the validation loss is
 * not finite. The message contains the epoch, the step, the learning rate, and the sample that has such a number,
 * otherwise the first samples of the batch. The run is not saved any more, so that the last checkpoint remains good. If
 * the loss of a batch was not finite, the net has the parameters of the last update. In the other cases some parameters
 * may have changed, and the net must not be used. NaN or infinity in a sample makes the loss or the gradient not
 * finite, unless a relu or maxpool comes before all layers with parameters.
 *
 * Same seed, source, number of threads, CPU and oneDNN version: the same parameters, byte for byte.
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options);

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/*
 * lade_net_save() - writes a net to a safetensors file (https://github.com/huggingface/safetensors), which Python can
 * read. The file is written to PATH.tmp, synced and renamed, so that PATH always contains either the old net or the new
 * one. The permissions of the old file are kept. If PATH is a symbolic link, the file that it points to is replaced.
 *
 * Tensors are float32. Their names are those of torch.nn.Sequential with the same layers, "0.weight", where the number
 * is the position of the layer in the specification:
 *   weight        (outputs, inputs) of a dense layer, (N, channels / groups, K, K) of a convolution
 *   bias          (outputs)
 *   running_mean, running_var  of a batchnorm
 * "__metadata__" contains everything else that lade_net_load() needs ("lade.format", "lade.spec", "lade.sample_shape",
 * "lade.loss", "lade.seed", "lade.data_format", "lade.class_names", "lade.preprocessing"). The bytes depend on the net
 * alone, not on the time or the path.
 *
 * Returns LADE_OK; or with @err, whose subject is the path: LADE_EIO, LADE_EACCES (also if PATH.tmp is a link, a pipe
 * or another user's file), LADE_EBUSY (another process or thread is writing to the same path; its file will be
 * complete), LADE_ENOENT, LADE_ELIMIT, LADE_ENOMEM. After a failure PATH.tmp is removed, unless it belongs to somebody
 * else.
 */
LADE_API int lade_net_save(const lade_net *net, const char *path, struct lade_error *err);

/*
 * lade_net_load() - reads a net that lade_net_save() wrote. Every field of the file is checked, so that the file may
 * come from an unknown origin.
 *
 * @threads  as in struct lade_net_options
 *
 * Returns the net, which the caller frees with lade_net_free(). Returns NULL with @err, whose subject is the path:
 * LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_EFORMAT (truncated, damaged, or not written by lade), LADE_EUNSUPPORTED
 * (written by a later version, or not a regular file), LADE_EINVAL (@threads), LADE_ELIMIT, LADE_ENOMEM, LADE_ERUNTIME.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_load(const char *path, int threads, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
