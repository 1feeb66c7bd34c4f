/*
 * lade/train/net.h - nets: layers, parameters, predictions, evaluation. lade/train.h includes this header.
 */
#ifndef LADE_TRAIN_NET_H
#define LADE_TRAIN_NET_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/batch.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A net consists of layers, their parameters, and a loss. Only one thread at a time may use a net. While a generator of
 * lade_fit() is suspended, the program may evaluate and save the net, compute predictions, and change parameters with
 * lade_net_set_parameter(). The net must exist longer than the generator that trains it. Two generators must not train
 * a net at the same time: the second generator ends with LADE_ESTATE.
 *
 * The functions for nets need 24 KiB of free stack, so a thread with a stack of 48 KiB (pthread_attr_setstacksize) can
 * train a net. If less than 24 KiB is left, lade_net_new(), lade_net_load(), predictions, evaluations and steps of
 * training return LADE_ELIMIT with the subject "stack", and do not change the net. If a step of a lade_trainer fails in
 * this way, the gradient since the last update is discarded.
 *
 * A net has its own threads. The first batch that is large enough starts the threads, and lade_net_free() ends them. A
 * waiting thread sleeps, so that the threads that decode the next batch can use the cores. The settings of OpenMP have
 * an effect only for large nets: if the number of parameters times the number of threads is above 2^26, oneDNN computes
 * the net with OpenMP's threads.
 *
 * While a thread computes with a net, denormal numbers (below 1e-38) become 0, results are rounded to the nearest
 * number, and floating point exceptions are not trapped. The mode of the calling thread is restored before a function
 * returns. Threads that OpenMP starts during such a computation keep this mode. PyTorch:
 * torch.set_flush_denormal(True).
 *
 * fork(): a net, its trainer and its run of lade_fit() can be used in a child process. The threads of the net do not
 * exist in the child, so the first batch starts new threads. The child does not use OpenMP's threads. If the parent
 * used OpenMP's threads, the results of the child may differ in the last bits. If another thread was computing with the
 * net during fork(), the parameters may be incomplete, and in the child each function that computes with the net
 * returns LADE_ESTATE. Parent and child must not write the same checkpoint.
 *
 * pthread_cancel(): the functions that compute with a net, and lade_net_save() and lade_net_load(), defer the
 * cancellation of the calling thread until they return. The functions of lade/train/cancel.h can end a computation
 * earlier.
 */
typedef struct lade_net lade_net;

/*
 * The loss that training reduces. The loss also determines how predictions are computed from the outputs. In the
 * formulas, z are the outputs of the last layer (logits), and y are the labels. The formulas are the same as in
 * PyTorch's CrossEntropyLoss, BCEWithLogitsLoss and MSELoss. The loss of a batch is the mean over its samples. If the
 * batch has a sample_weight w, its n weights must be finite and 0 or more. The loss of the batch is then
 *
 *     sum_i w_i l_i / sum_i w_i
 *
 * where l_i is the loss of sample i. So a sample of weight 2 counts like two equal samples. Keras divides by the number
 * of samples instead of the sum of the weights, so Keras's loss is the value of this formula multiplied by the mean of
 * the weights. The same is true for the gradient. An evaluation weights the loss with the same formula, but its
 * accuracy counts each sample once.
 *
 *   LADE_SOFTMAX_CROSS_ENTROPY  -sum_j y_j log softmax(z)_j. A categorical y has the shape (n, outputs) and contains
 *                               probabilities whose sum is 1. A sparse y has the shape (n, 1) and contains the index of
 *                               the class. The prediction is softmax(z)
 *   LADE_BINARY_CROSS_ENTROPY   -y log s(z) - (1 - y) log(1 - s(z)), where s(z) = 1 / (1 + exp(-z)); mean over the
 *                               outputs. y has the shape (n, outputs) and values in 0 .. 1. The prediction is s(z)
 *   LADE_MEAN_SQUARED_ERROR     (z - y)^2, mean over the outputs. y has the shape (n, outputs) and any finite values.
 *                               The prediction is z
 */
enum lade_loss {
    LADE_LOSS_AUTO = 0, /* binary cross-entropy for a net with one output, otherwise softmax cross-entropy */
    LADE_SOFTMAX_CROSS_ENTROPY,
    LADE_BINARY_CROSS_ENTROPY,
    LADE_MEAN_SQUARED_ERROR,
    LADE_LOSS_COUNT
};

/*
 * lade_loss_name() - returns the name that files use for a loss, for example "softmax_cross_entropy". Returns "auto"
 * for LADE_LOSS_AUTO. Returns NULL if @loss is invalid.
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
    const char *const *class_names; /* one name for each output, or two names for a single output, in UTF-8; or NULL.
                                       The names are copied, and saved with the net */
    /* The number of elements of class_names. If it is not the number of classes, lade_net_new() fails. 0: not checked,
       but a NULL before the last name is an error */
    int class_names_count;
    unsigned char reserved[60]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_net_new() - makes a net from a specification, with random initial parameters.
 *
 * @spec          layers, separated by commas. The arguments of a layer follow its name. PyTorch's name of the layer is
 *                in brackets:
 *                    dense N        N outputs. Each output is a weighted sum of all inputs, plus a bias [Linear]. An
 *                                   input of several dimensions is flattened in the order of memory
 *                    conv N K       N channels. Each output value is a weighted sum of the values of all input channels
 *                                   in a window of K x K pixels, plus a bias [Conv2d]
 *                    maxpool K      the maximum of each K x K window [MaxPool2d]
 *                    avgpool K      the mean of each K x K window, without the padding [AvgPool2d with
 *                                   count_include_pad=False]
 *                    globalavgpool  the mean of each channel; the output has one dimension [AdaptiveAvgPool2d(1),
 *                                   Flatten]
 *                    relu, tanh, sigmoid
 *                    batchnorm      normalises each channel with its mean and variance over the whole batch, even if
 *                                   several threads share the batch; momentum 0.1, eps 1e-5 [BatchNorm1d, BatchNorm2d].
 *                                   If a batch has only one value for each channel, the output is the bias, and the
 *                                   running mean and variance do not change; PyTorch rejects such a batch
 *                    dropout P      in training, a fraction P of the values becomes 0, and the other values are divided
 *                                   by 1 - P [Dropout]
 *                    flatten        makes the sample one-dimensional; "dense" also does this
 *                Options of conv, maxpool and avgpool, in any order:
 *                    same           pads the input, so that the size of the output is the size of the input divided by
 *                                   the stride, rounded up. If the padding is odd, the end of the axis is padded by one
 *                                   more row or column (as in Keras, and for a stride of 1 as in PyTorch)
 *                    valid          no padding; the default
 *                    stride S       default: 1 for conv, K for maxpool and avgpool
 *                    groups G       conv only; default 1; must divide N and the channels of the input
 *                The input of conv and of all pools must be an image, which is a sample with three dimensions.
 *                Two layers have branches. A branch is a list of layers. Each branch gets the input of the whole
 *                residual or concat:
 *                    residual(A | B)   the sum of the outputs of its branches, which must have equal shapes. With a
 *                                      single branch, residual(A), the input is added to the output of A
 *                    concat(A | B)     the channels of the outputs of all branches, in the order of the branches [cat].
 *                                      The outputs must be images of equal height and width, or must have one dimension
 *                There may be any number of branches, and branches may contain residual and concat up to a depth of 16.
 *                The output of an empty branch is its input, so residual(A | ) is the same as residual(A). For example,
 *                a block of a residual net is "residual(conv 16 3 same, batchnorm, relu, conv 16 3 same, batchnorm),
 *                relu". A specification has at most 1024 layers and branches.
 *                Three names are presets for a whole net:
 *                    mlp N          dense 512, relu, dense N
 *                    cnn N          conv 32 3 same, relu, conv 32 3, relu, maxpool 2, conv 64 3 same, relu, conv 64 3,
 *                                   relu, maxpool 2, dense 512, relu, dropout 0.5, dense N
 *                    resnet N       a small residual net for images, which ends with globalavgpool, dense N. Its number
 *                                   of parameters does not depend on the size of the image: 289,280 + 81 N if the
 *                                   height and the width are below 96 pixels, and 1,209,216 + 257 N otherwise (with
 *                                   three input channels). lade_net_info() returns its layers
 * @sample_ndim   1 .. LADE_MAX_DIMS - 1
 * @sample_shape  shape of one sample, for example {32, 32, 3}, as in struct lade_source   (copied)
 * @options       or NULL   (borrowed for the call)
 *
 * The initial weights and biases of dense and conv layers are random numbers, uniform in [-1/sqrt(k), 1/sqrt(k)). For a
 * dense layer, k is the number of inputs; for a conv layer, k is the number of values in a window. PyTorch's default is
 * the same, kaiming_uniform(a = sqrt(5)) (He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015). Value i of
 * parameter p of the net is a result of lade_random_uniform(). (Parameter 0 is the weight of the first layer that has a
 * weight.) The arguments of lade_random_init() for this random number are (seed, p, i / 65536, LADE_RANDOM_WEIGHTS). A
 * batchnorm initially has weight 1, bias 0, running mean 0 and running variance 1.
 *
 * A layer has a path, which is the number of the layer in the specification. If the layer is in a branch, its path
 * consists of the path of the residual or concat, the number of the branch, and the number of the layer in the branch.
 * For example, "3.0.2" is layer 2 of branch 0 of layer 3. All numbers are counted from 0. lade_net_describe(), error
 * messages and the names of parameters use paths. Layers also have an order, which is their order in the specification
 * with one exception: a residual or concat comes after all layers in its branches.
 *
 * Dropout depends only on the seed and on these numbers, which are counted from 0: the training batch b, the sample i
 * in the batch, the layer l in the order of layers, and the value j of the c values of this sample in this layer.
 * lade_random_init() starts the stream of random numbers with these arguments:
 *
 *     (seed, b, l * 2^48 + i * ceil(c / 65536) + j / 65536, LADE_RANDOM_DROPOUT)
 *
 * Result number j mod 65536 of lade_random_u32(), counted from 0, decides about value j: the value becomes 0 if the
 * result is below P * 2^32.
 *
 * Returns the net. The caller must free the net with lade_net_free(). On error, returns NULL with @err: LADE_EINVAL (a
 * layer or option is invalid; the subject is the layer, the option or "spec"), LADE_ELIMIT (a layer has 2^31 or more
 * weights, a window with its padding is larger than 32767, or there are too many layers or branches), LADE_ENOMEM,
 * LADE_ERUNTIME (oneDNN failed). Cost: the function allocates the memory of the parameters. The first batch of each
 * batch size takes longer, because oneDNN then compiles its code for this size.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_new(const char *spec, int sample_ndim, const int64_t *sample_shape,
                                                const struct lade_net_options *options, struct lade_error *err);

/*
 * lade_net_free() - frees a net. NULL is allowed. Free a net only after its training has ended: if a lade_trainer or a
 * run of lade_fit() still exists, the functions of this trainer or run return LADE_ESTATE from now on.
 */
LADE_API void lade_net_free(lade_net *net);

/*
 * A description of a net. The pointers belong to the net.
 */
struct lade_net_info {
    const char *spec; /* the specification of the net. It contains the layers of a preset instead of its name */
    int sample_ndim;
    int64_t sample_shape[LADE_MAX_DIMS]; /* shape of one sample */
    int64_t outputs;                     /* number of values in the output of one sample */
    int64_t parameters;                  /* number of values that training changes */
    int layers;                          /* number of layers; residual, concat and the layers in their branches count */
    uint64_t seed;
    enum lade_loss loss;            /* never LADE_LOSS_AUTO */
    int threads;                    /* number of threads that compute */
    bool channels_first;            /* images are (C, H, W) */
    const char *const *class_names; /* one name for each output (two names for a single output); or NULL */
    int class_names_count;
    const char *preprocessing; /* lade_source.preprocessing of the last lade_fit(); or NULL. lade_net_save() writes this
                                  text to the file, and lade_flow_options_set_preprocessing() reads it */
    const struct lade_tensor *preprocessing_values; /* lade_source.preprocessing_values of the last lade_fit(); or NULL.
                                                       lade_net_save() writes this tensor to the file, and
                                                       lade_stats_from_preprocessing() reads it */
};

LADE__SAME_NAME_BEGIN
/*
 * lade_net_info() - returns the description of @net, which is valid until the net is freed. Only two properties can
 * change later: the preprocessing changes when a lade_fit() begins, and lade_net_set_class_names() changes the class
 * names.
 */
LADE_API const struct lade_net_info *lade_net_info(const lade_net *net);
LADE__SAME_NAME_END

/*
 * lade_net_set_class_names() - replaces the names of the classes by a copy of @names. NULL removes the names.
 *
 * @count must be the number of outputs, or 2 for a single output. Returns LADE_OK; LADE_EINVAL (@count is wrong, or a
 * name is not UTF-8; the subject is "class_names") or LADE_ENOMEM with @err. On error, the net keeps its names.
 */
LADE_API int lade_net_set_class_names(lade_net *net, const char *const *names, int count, struct lade_error *err);

/*
 * lade_net_describe() - writes a table to @f. The table has the path, the output shape and the number of parameters of
 * each layer. The name of the loss is below the table. The layers in branches are indented and follow the row of their
 * residual or concat.
 *
 * Returns LADE_OK or LADE_EIO (writing to @f failed).
 */
LADE_API int lade_net_describe(const lade_net *net, FILE *f);

/*
 * lade_net_predict() - computes the predictions of some samples. The comment of enum lade_loss defines the predictions,
 * which are the outputs for LADE_MEAN_SQUARED_ERROR and probabilities for the other losses. With a single output and
 * LADE_BINARY_CROSS_ENTROPY, the prediction is the probability of class 1.
 *
 * @x    the samples, float32 or uint8, with the shape (n, sample shape...). uint8 values are divided by 255. n may be
 *       0. If a sample contains NaN or infinity, its prediction is meaningless, but may be a finite number, because
 *       relu changes NaN to 0   (borrowed)
 * @out  an array of n * outputs floats for the predictions   (memory of the caller)
 *
 * Returns LADE_OK. On error, fills @err and returns LADE_EINVAL (the shape or dtype of @x is not allowed),
 * LADE_ENUMERIC (a parameter contains NaN or infinity), LADE_ECANCELED, LADE_ESTATE (see fork() at lade_net),
 * LADE_ENOMEM or LADE_ERUNTIME.
 */
LADE_API int lade_net_predict(lade_net *net, const struct lade_tensor *x, float *out, struct lade_error *err);

/*
 * The loss and the accuracy of a net on some samples. A sample is correct if its largest output and its largest label
 * have the same index. If several outputs, or several labels, are the largest, the lowest index counts. The accuracy is
 * the fraction of correct samples. For LADE_BINARY_CROSS_ENTROPY, the accuracy is the fraction of outputs for which z
 * >= 0 and y >= 1/2 are both true or both false.
 */
struct lade_score {
    int64_t samples;
    double loss;     /* weighted mean over the samples; NaN if the sum of the weights is 0 */
    double accuracy; /* 0 .. 1; NaN if there are no samples, and for LADE_MEAN_SQUARED_ERROR with one output */
    unsigned char reserved[40]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_net_evaluate() - computes loss and accuracy over the next @steps batches of a source. The parameters do not
 * change.
 *
 * @source  is read from its current position   (borrowed; the caller closes the source)
 * @steps   number of batches; 0: one epoch, source.steps
 *
 * Returns LADE_OK. On error, fills @err and returns LADE_EINVAL (the batches do not fit the net), LADE_ENUMERIC (a
 * parameter contains NaN or infinity), LADE_ECANCELED (the source then continues after the last batch that was read),
 * LADE_ESTATE (see fork() at lade_net), LADE_ENOMEM, LADE_ERUNTIME, or a status of the source.
 */
LADE_API int lade_net_evaluate(lade_net *net, struct lade_source source, int64_t steps, struct lade_score *out,
                               struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
