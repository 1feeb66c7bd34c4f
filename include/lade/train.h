/*
 * lade/train.h - train a net from a source of batches.
 *
 *     struct lade_error err = {0};
 *     lade_net *net = lade_net_new("dense 512, relu, dense 10", 3, (int64_t[]){32, 32, 3}, NULL, &err);
 *
 *     lade_for_each (m, lade_fit(net, train, &(struct lade_fit_options){
 *             .optimizer = {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true},
 *             .epochs = 10, .validation = test, .checkpoint = "net.safetensors"}), &err)
 *         printf("epoch %d loss %.3f val %.3f\n", m->epoch, m->loss, m->val_accuracy);
 *
 * A training run is a generator of metrics: what other libraries do by callbacks (progress, early stopping, a learning
 * rate of one's own) is the body of the loop, `break` and an assignment. The kernels are oneDNN's.
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
 * A net: layers, their parameters, a loss. One thread at a time; between two resumes of a lade_fit() it may be
 * evaluated, asked and saved, and is changed by nobody else. It must outlive the generator that trains it.
 *
 * It computes on threads of its own, started by the first batch that is large enough and joined by lade_net_free().
 * They sleep while they wait, so that those who decode the next batch have the cores. OpenMP's settings do not matter,
 * but for a net of more than 2^26 parameters divided by its threads: such a net's kernels use OpenMP's threads.
 */
typedef struct lade_net lade_net;

/*
 * What is minimised, and what the outputs of the last layer (logits) become in lade_net_predict(). Formulas are
 * PyTorch's CrossEntropyLoss and BCEWithLogitsLoss; the mean is over the samples of the batch. Where the batch has a
 * sample_weight w, (n) float32, finite and 0 or more, and sample i the loss l_i, the mean is
 *
 *     sum_i w_i l_i / sum_i w_i
 *
 * so that a sample of weight 2 counts as if it were there twice. Keras divides by the number of samples instead: its
 * loss, and with it the gradient, is this one times the mean of the weights. The loss of an evaluation is weighted the
 * same way; the accuracy counts each sample once.
 *
 *   LADE_SOFTMAX_CROSS_ENTROPY  -sum_j y_j log softmax(z)_j. y is (n, outputs) categorical, any weights that add up to
 *                               1, or (n, 1) sparse, the class as a whole number; predicts softmax(z)
 *   LADE_BINARY_CROSS_ENTROPY   -y log s(z) - (1 - y) log(1 - s(z)), s(z) = 1 / (1 + exp(-z)), mean over the outputs
 *                               too. y is (n, outputs), each 0 .. 1; predicts s(z)
 *   LADE_MEAN_SQUARED_ERROR     (z - y)^2, mean over the outputs too (MSELoss). y is (n, outputs), any finite numbers;
 *                               predicts z
 */
enum lade_loss {
    LADE_LOSS_AUTO = 0, /* binary for a net that ends in one output, softmax for any other */
    LADE_SOFTMAX_CROSS_ENTROPY,
    LADE_BINARY_CROSS_ENTROPY,
    LADE_MEAN_SQUARED_ERROR,
    LADE_LOSS_COUNT
};

/*
 * lade_loss_name() - returns the name of a loss in files and on the command line, "softmax_cross_entropy"; "auto" for
 * LADE_LOSS_AUTO; NULL if @loss is not a loss.
 */
LADE_API const char *lade_loss_name(enum lade_loss loss);

/*
 * Options of lade_net_new(); zero is the default of each.
 */
struct lade_net_options {
    uint64_t seed;                  /* of the initial parameters: same seed, same bytes */
    enum lade_loss loss;            /* see above */
    int threads;                    /* that compute, 1 to 1024; 0: every core this process may run on */
    bool channels_first;            /* samples of three dimensions are (C, H, W), not (H, W, C) */
    const char *const *class_names; /* an output each (2 for a single output), UTF-8; copied, saved; or NULL */
};

/*
 * lade_net_new() - make a net from a specification, its parameters drawn from the seed.
 *
 * @spec          layers between commas, arguments after blanks; PyTorch's name in brackets:
 *                    dense N        N outputs, each a weighted sum of all inputs and a bias [Linear]; an input of more
 *                                   than one dimension is flattened, in the order in which it lies in memory
 *                    conv N K       N pictures out of all that come in, by a window of K x K, and a bias [Conv2d]
 *                    maxpool K      the largest of each K x K [MaxPool2d]
 *                    avgpool K      their mean; what lies outside the picture does not count [AvgPool2d with
 *                                   count_include_pad=False]
 *                    globalavgpool  the mean of each channel: (channels) [AdaptiveAvgPool2d(1), Flatten]
 *                    relu, tanh, sigmoid
 *                    batchnorm      each channel by its mean and variance, over the whole batch however many threads
 *                                   compute; momentum 0.1, eps 1e-5 [BatchNorm1d, BatchNorm2d]. Where a batch has one
 *                                   number of a channel (a sample, no picture) the output is the bias, and the running
 *                                   mean and variance stay: PyTorch refuses such a batch
 *                    dropout P      a share P of the numbers becomes 0, the others are divided by 1 - P; only in
 *                                   training. A function of seed, batch and position: see below [Dropout]
 *                    flatten        to one dimension; dense does it by itself
 *                conv and pools take, in any order: "same" (padded, so that the output is as large as the input divided
 *                by the stride, an odd rest behind: Keras's padding, and PyTorch's for a stride of 1) or "valid" (the
 *                default), "stride S" (1; of pools: K); conv also "groups G" (1; both channels in and N divide by it).
 *                Pictures are samples of three dimensions.
 *                Two words stand for a net: "mlp N" (dense 512, relu, dense N) and "cnn N" (conv 32 3 same, relu, conv
 *                32 3, relu, maxpool 2, conv 64 3 same, relu, conv 64 3, relu, maxpool 2, dense 512, relu, dropout 0.5,
 *                dense N).
 * @sample_ndim   1 .. LADE_MAX_DIMS - 1
 * @sample_shape  of one sample, without the batch: {32, 32, 3}; what lade_source says   (copied)
 * @options       or NULL   (borrowed for the call)
 *
 * Weights and biases of a dense layer with k inputs, or a convolution with k numbers in a window, are uniform in
 * [-1/sqrt(k), 1/sqrt(k)): PyTorch's default, kaiming_uniform(a = sqrt(5)), after He, Zhang, Ren, Sun, "Delving deep
 * into rectifiers", ICCV 2015. Number i of parameter p of the net (its first weights are parameter 0) is a
 * lade_random_uniform() of the stream (seed, p, i / 65536, LADE_RANDOM_WEIGHTS). A batchnorm begins as the identity.
 *
 * What dropout leaves out of sample i of the b-th batch (from 0) that the net learns from, in layer l of c numbers: its
 * j-th number where the (j mod 65536)-th lade_random_u32() of the stream (seed, b, l * 2^48 + i * ceil(c / 65536) +
 * j / 65536, LADE_RANDOM_DROPOUT) is below P * 2^32.
 *
 * Returns the net, which the caller gives back by lade_net_free(); or NULL with @err: LADE_EINVAL (the layer or option
 * that is wrong, and what is allowed), LADE_ELIMIT (a layer of more than 2^31 - 1 weights, a padded window of more than
 * 32767), LADE_ENOMEM, LADE_ERUNTIME (oneDNN failed). Costs the memory of the parameters; kernels are made by the first
 * batch of each size.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_new(const char *spec, int sample_ndim, const int64_t *sample_shape,
                                                const struct lade_net_options *options, struct lade_error *err);

/*
 * lade_net_free() - give back a net; NULL is fine. No lade_fit() on it may be alive.
 */
LADE_API void lade_net_free(lade_net *net);

/*
 * What there is to know of a net. Pointers are the net's.
 */
struct lade_net_info {
    const char *spec; /* as given to lade_net_new(); for "mlp N" and "cnn N" the layers */
    int sample_ndim;
    int64_t sample_shape[LADE_MAX_DIMS]; /* of one sample */
    int64_t outputs;                     /* numbers that come out for a sample */
    int64_t parameters;                  /* numbers that are learnt */
    int layers;
    uint64_t seed;
    enum lade_loss loss;            /* never LADE_LOSS_AUTO */
    int threads;                    /* that compute */
    bool channels_first;            /* pictures are (C, H, W) */
    const char *const *class_names; /* one for each output (2 for a single output), or NULL */
    int class_names_count;
    const char *preprocessing; /* what the source of the last lade_fit() said of itself, also in a net that was loaded;
                                  lade_flow_options_set_preprocessing() reads it; or NULL */
};

/*
 * lade_net_info() - what there is to know of @net; borrowed, it lives as long as the net. Nothing in
 * it changes but for preprocessing, which is another after the first resume of a lade_fit().
 */
LADE_API const struct lade_net_info *lade_net_info(const lade_net *net);

/*
 * lade_net_describe() - write a table for people: each layer, its output's shape, its number of parameters; the loss.
 *
 * Returns LADE_OK or LADE_EIO (@f failed).
 */
LADE_API int lade_net_describe(const lade_net *net, FILE *f);

/*
 * lade_net_predict() - what the net makes of some samples: probabilities, by the loss's last step (softmax, sigmoid);
 * for LADE_MEAN_SQUARED_ERROR the outputs as they are.
 *
 * @x    (n, sample shape...) float32, taken as it is, or uint8, taken as x / 255; n may be 0. Of a sample with a number
 *       that is not finite the prediction means nothing, and may look as any other: relu makes 0 of NaN   (borrowed)
 * @out  (n, outputs) float32, written   (the caller's)
 *
 * Returns LADE_OK; LADE_EINVAL (shape or dtype), LADE_ENOMEM, LADE_ERUNTIME with @err. For a single output the
 * probability is that of class 1.
 */
LADE_API int lade_net_predict(lade_net *net, const struct lade_tensor *x, float *out, struct lade_error *err);

/*
 * How good a net is on some samples. Accuracy is the share of samples whose largest output (the first of several) is
 * the largest of y; for binary cross-entropy the share of outputs on y's side of 1/2, z >= 0 counting as class 1. For
 * LADE_MEAN_SQUARED_ERROR with one output there is none: NaN.
 */
struct lade_score {
    int64_t samples;
    double loss;     /* mean over the samples, weighted where they are; NaN for none, or none that weighs anything */
    double accuracy; /* 0 .. 1; NaN for none */
};

/*
 * lade_net_evaluate() - loss and accuracy over the next @steps batches of a source; the parameters stay as they are.
 *
 * @source  from where it stands on   (borrowed; the caller closes it)
 * @steps   batches; 0: source.steps, one epoch
 *
 * Returns LADE_OK; LADE_EINVAL (the batches do not fit the net: what differs is named), LADE_ENOMEM, LADE_ERUNTIME, or
 * what the source returned, with @err.
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
 * What an optimizer is called, which fields of struct lade_optimizer it uses, and their defaults.
 */
struct lade_optimizer_info {
    const char *name;                   /* "adamw": in checkpoints and on the command line */
    const char *const *hyperparameters; /* names of the fields that it uses ("lr", ...), after the last one NULL */
    struct lade_optimizer defaults;     /* the value that stands for 0 in each of these fields */
};

/*
 * lade_optimizer_info() - returns the description of an optimizer, which is static; NULL if @kind is not an optimizer.
 */
LADE_API const struct lade_optimizer_info *lade_optimizer_info(enum lade_optimizer_kind kind);

/*
 * How the learning rate changes during a run. It is lr times a factor. e is the number of the epoch and u the number of
 * the update, both from 0; U is the number of updates in the run. In brackets: the class of PyTorch.
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
 * What a schedule is called, which fields of struct lade_schedule it uses besides warmup, and their defaults.
 */
struct lade_schedule_info {
    const char *name;              /* "cosine": in checkpoints and on the command line */
    const char *const *parameters; /* names of the fields that it uses, after the last one NULL */
    struct lade_schedule defaults;
};

/*
 * lade_schedule_info() - returns the description of a schedule, which is static; NULL if @kind is not a schedule.
 */
LADE_API const struct lade_schedule_info *lade_schedule_info(enum lade_schedule_kind kind);

/* ---- Training ---------------------------------------------------------------------------------------------------- */

/*
 * lade_fit_options.accumulate: every step of the optimiser follows the gradient over a whole epoch.
 */
#define LADE_FULL_BATCH (-1)

/*
 * Options of lade_fit(); zero is the default of each. What is pointed to is borrowed: it must outlive the generator.
 *
 * Batches of one sample are stochastic gradient descent, larger ones mini-batch; LADE_FULL_BATCH is what the textbooks
 * call gradient descent.
 *
 * With class weights w a softmax cross-entropy is -sum_j w_j y_j log softmax(z)_j, and the mean over the batch divides
 * by the sum of w_j y_j: CrossEntropyLoss(weight, label_smoothing) for class indices. In a binary one w_j multiplies
 * the first term of output j (BCEWithLogitsLoss(pos_weight)); with a single output there are two, for 0 and for 1.
 * Smoothing makes y (1 - label_smoothing) + label_smoothing / outputs of y, in a binary one / 2. Evaluation knows
 * neither. Weights of samples multiply what they make of a sample, in both sums.
 */
struct lade_fit_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int epochs;                    /* 0 means 1 */
    int64_t steps_per_epoch;       /* 0 means source.steps */
    int64_t accumulate;            /* batches whose samples make one step of the optimiser together; 0 means 1; the last
                                      step of an epoch takes what is left; or LADE_FULL_BATCH */
    float global_clipnorm;         /* gradients longer than this, all parameters together, are scaled down to it: times
                                      min(1, global_clipnorm / (norm + 1e-6)), torch's clip_grad_norm_; 0: they are not */
    float clipvalue;               /* then every number of it, infinite or not, is brought to -clipvalue .. clipvalue;
                                      0: it is not */
    float label_smoothing;         /* 0 .. 1, below 1 */
    const float *class_weight;     /* 0 or more, one for each output (2 for a single one); NULL: 1 each */
    int64_t yield_every;           /* also yield after every so many steps; 0: at the end of each epoch only */
    struct lade_source validation; /* evaluated at the end of each epoch; all zero: none */
    int64_t validation_steps;      /* 0 means validation.steps */
    const char *checkpoint;   /* path that the run is saved to before each yield at the end of an epoch, and when the
                                 generator is closed between two; NULL: never */
    int64_t checkpoint_every; /* also after every so many steps of an epoch; 0: not */
    const char *resume;       /* path of a checkpoint to go on from (it may be the one above); NULL: begin */
    bool replay;          /* with resume: first yield, once more, the ends of the epochs before, so that what the loop
                             makes of all epochs - a curve, early stopping - is as if the run had never been left */
    bool allow_different; /* resume on another CPU, oneDNN or number of threads: the bytes will differ */
};

/*
 * How a run goes. It belongs to the generator and is overwritten by the next resume; only lr may be changed. A step is
 * a batch, whether the optimiser makes one of its own after it or not.
 */
struct lade_metrics {
    int epoch;       /* from 0 */
    int epochs;      /* in all */
    int64_t step;    /* steps of this epoch that are done, from 1 */
    int64_t steps;   /* of an epoch */
    int64_t samples; /* trained on in this epoch */
    bool epoch_end;  /* this is the yield at the end of an epoch */
    bool replayed;   /* of an epoch before this run was resumed: seconds, rates and lr are 0, the net is what it was at
                        the checkpoint */
    double loss;     /* mean over the samples of this epoch, weighted where they are, each before the step that used it;
                        NaN for none, or none that weighs anything */
    double accuracy; /* likewise, as in struct lade_score */
    double val_loss; /* NaN but for epoch_end with a validation source */
    double val_accuracy; /* likewise */
    double seconds;      /* spent on this epoch's steps: waiting and computing, neither validation nor the consumer */
    double wait_seconds; /* of these, waiting for the source */
    double images_per_s; /* samples / seconds; of an epoch that was resumed half-way, both since then */
    double last_lr;      /* the learning rate of the last step */
    double lr;           /* the learning rate of the next step. Write it, and the next steps use what you wrote, times
                            what the schedule makes of it from there on. */
};

/*
 * lade_fit() - train @net on batches of @source; a generator of metrics, which does the steps as it is resumed.
 *
 * @source   endless; taken from where it stands, one batch at a time; batches without rows, or whose rows weigh
 *           nothing, count as steps and change nothing   (borrowed: must outlive the generator; the caller closes it)
 * @options  or NULL   (copied; what it points to is borrowed)
 *
 * Each yield is a `struct lade_metrics *`. The generator ends after the last epoch. Closing it (break, lade_gen_close) ends
 * the run where it stands: the net keeps what it has learnt. It computes nothing ahead of its consumer.
 *
 * A checkpoint is a file as lade_net_save() writes it, and the state of the run besides: the optimiser's, the sources',
 * dropout's. Resumed from it - the net made as it was, by lade_net_new() or lade_net_load(); sources as they were; the
 * same options, but for `epochs`, and paths - a run ends with the same bytes as if it had never been left. A resumed
 * run begins with what came after the checkpoint; where that is nothing, it yields nothing. What the consumer writes
 * into lr after the last checkpoint is not in it. A resume that is refused leaves the net as it was. Where the source
 * of the validation fails, the run is saved as it was before, and goes on with the validation.
 *
 * Ends with an error: LADE_EINVAL (an option, or the source does not fit the net, or a label or weight: it is named),
 * LADE_ENUMERIC (below), LADE_ENOMEM, LADE_ERUNTIME (oneDNN), what the source returned, what lade_net_save() returned;
 * of `resume` what lade_net_load() returns, LADE_EMISMATCH (another net, option, machine: named), LADE_EUNSUPPORTED
 * (the source has no state).
 *
 * LADE_ENUMERIC: the loss of a batch, its gradient, a parameter after the step, or the loss of the validation is not
 * finite. Epoch, step and learning rate are named, and the sample that holds such a number, or else the first ones of
 * the batch. Nothing is saved any more: the last checkpoint is good. If it was the loss of a batch the parameters are
 * those after the step before; otherwise the net is not to be used, for some of them may have followed. A number that
 * is not finite in a sample shows in the loss or the gradient, whatever the layers, unless a relu or maxpool stands
 * before all those that learn.
 *
 * Same seed, source, number of threads, CPU and oneDNN: the same parameters, byte for byte.
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options);

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/*
 * lade_net_save() - write a net as a safetensors file (https://github.com/huggingface/safetensors), which Python reads
 * too. Written to PATH.tmp, synced and renamed: whatever happens, PATH is the old file or the new one, of the
 * permissions of the old one. A symbolic link goes on to be one.
 *
 * Tensors are float32 and named as in torch.nn.Sequential of the same layers: "0.weight" (outputs, inputs), (N,
 * channels, K, K) of a convolution, "0.bias", of a batchnorm also "0.running_mean" and "0.running_var"; the number
 * being the layer's place in the specification. What else lade_net_load() needs is in "__metadata__"
 * ("lade.format", "lade.spec", "lade.sample_shape", "lade.loss", "lade.seed", "lade.data_format", "lade.class_names",
 * "lade.preprocessing"). The bytes depend on the net alone: no clock, no path.
 *
 * Returns LADE_OK; LADE_EIO, LADE_EACCES (also: PATH.tmp exists and is not what a killed process leaves: a link, a
 * pipe, somebody else's), LADE_EBUSY (another process or thread is writing to the path at this moment; the file is
 * whole, and will be theirs), LADE_ENOENT, LADE_ELIMIT, LADE_ENOMEM with @err naming the path. After a failure of its
 * own PATH.tmp is gone.
 */
LADE_API int lade_net_save(const lade_net *net, const char *path, struct lade_error *err);

/*
 * lade_net_load() - read a net that lade_net_save() wrote. The file may be anything: its every field is checked.
 *
 * @threads  as in struct lade_net_options
 *
 * Returns the net, which the caller gives back by lade_net_free(); or NULL with @err naming the path and the field:
 * LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_EFORMAT (truncated or damaged, or a safetensors file that lade did not
 * write), LADE_EUNSUPPORTED (written by a later version, or no regular file), LADE_EINVAL (@threads), LADE_ELIMIT,
 * LADE_ENOMEM, LADE_ERUNTIME.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_load(const char *path, int threads, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
