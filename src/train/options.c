/*
 * train/options.c - contains the descriptions of the options of nets and of training. The functions that use the
 * options check their values. The tables are for programs that read options from text.
 */
#include <math.h>
#include <stddef.h>

#include <lade/train.h>

#define FIELD(tag, field) \
    .name = #field, .offset = offsetof(struct tag, field), .size = sizeof(((struct tag *)0)->field)
#define NUMBER(kind, low, high) .type = LADE_OPTION_##kind, .minimum = (low), .maximum = (high)
#define COUNT                   NUMBER(INT64, 1, 0x1p63)
#define BOOL                    .type = LADE_OPTION_BOOL
#define TEXT                    .type = LADE_OPTION_TEXT
#define OTHER                   .type = LADE_OPTION_OTHER
#define WORDS(table)            .type = LADE_OPTION_ENUM, .words = (table)
#define VALUE(name)             .placeholder = (name)
#define HELP(text)              .description = (text)
#define BY_DEFAULT(text)        .default_text = (text)

/* Returns row @i of @table, or NULL. The last row of a table has no name. */
static const struct lade_option_info *row(const struct lade_option_info *table, size_t count, int i) {
    return i >= 0 && (size_t)i + 1 < count ? &table[i] : NULL;
}
#define ROW(table, i) row(table, sizeof(table) / sizeof *(table), i)

/* ---- Nets -------------------------------------------------------------------------------------------------------- */

static const struct lade_word losses[] = {
    {"auto", LADE_LOSS_AUTO, "binary_cross_entropy for one output, otherwise softmax_cross_entropy"},
    {"softmax_cross_entropy", LADE_SOFTMAX_CROSS_ENTROPY, "for classes that exclude each other"},
    {"binary_cross_entropy", LADE_BINARY_CROSS_ENTROPY, "for outputs that are independent probabilities"},
    {"mean_squared_error", LADE_MEAN_SQUARED_ERROR, "for outputs that are numbers"},
    {0}};

#define NET(field) FIELD(lade_net_options, field), .section = "Net"

static const struct lade_option_info net_options[] = {
    {NET(seed), NUMBER(UINT64, 0, 0x1p64), VALUE("S"), HELP("seed of the initial parameters and of dropout")},
    {NET(loss), WORDS(losses), VALUE("NAME"), HELP("loss that training reduces")},
    {NET(threads), NUMBER(INT, 1, 1024), VALUE("N"), BY_DEFAULT("one per core"), HELP("threads that compute")},
    {NET(channels_first), BOOL, HELP("images have the shape (C, H, W)")},
    {NET(class_names), .type = LADE_OPTION_LIST, VALUE("A,B,..."), BY_DEFAULT("none"),
     HELP("one name for each output; two names if the net has only one output")},
    {0}};

const struct lade_option_info *lade_net_option_info(int i) {
    return ROW(net_options, i);
}

/* ---- Training ---------------------------------------------------------------------------------------------------- */

#define FIT(field) FIELD(lade_fit_options, field), .section = "Training"

static const struct lade_option_info fit_options[] = {
    {FIT(optimizer), OTHER, HELP("algorithm that updates the parameters")},
    {FIT(schedule), OTHER, HELP("how the learning rate changes")},
    {FIT(epochs), NUMBER(INT, 1, INT32_MAX), VALUE("N"), .default_value = {1}, HELP("number of epochs")},
    {FIT(steps_per_epoch), COUNT, VALUE("N"), BY_DEFAULT("all batches of the source"),
     HELP("number of batches in an epoch")},
    {FIT(accumulate), NUMBER(INT64, -1, 0x1p63), VALUE("N"), .default_value = {1},
     HELP("number of batches for one update; -1: all batches of an epoch")},
    {FIT(global_clipnorm), NUMBER(FLOAT, 0, INFINITY), .above_minimum = true, VALUE("X"), BY_DEFAULT("off"),
     HELP("if the norm of the whole gradient is above X, scale the gradient to the norm X")},
    {FIT(clipvalue), NUMBER(FLOAT, 0, INFINITY), .above_minimum = true, VALUE("X"), BY_DEFAULT("off"),
     HELP("limit each value of the gradient to -X .. X")},
    {FIT(label_smoothing), NUMBER(FLOAT, 0, 1), .below_maximum = true, VALUE("X"),
     HELP("fraction of each label that is spread over all classes")},
    {FIT(class_weight), OTHER, HELP("one weight for each output; two weights if the net has only one output")},
    {FIT(yield_every), COUNT, VALUE("N"), BY_DEFAULT("at the end of each epoch only"),
     HELP("also yield metrics after every N steps")},
    {FIT(validation), OTHER, HELP("source that is evaluated at the end of each epoch")},
    {FIT(validation_steps), COUNT, VALUE("N"), BY_DEFAULT("all batches of the source"),
     HELP("number of batches of a validation")},
    {FIT(checkpoint), TEXT, VALUE("FILE"), BY_DEFAULT("no checkpoints"),
     HELP("file to which the net and the state of the run are written at the end of each epoch")},
    {FIT(checkpoint_every), COUNT, VALUE("N"), BY_DEFAULT("at the end of each epoch only"),
     HELP("also write the checkpoint after every N steps")},
    {FIT(resume), TEXT, VALUE("FILE"), BY_DEFAULT("a new run"), HELP("checkpoint from which the run continues")},
    {FIT(replay), BOOL, HELP("with resume: first yield the metrics of the earlier epochs again")},
    {FIT(allow_different), BOOL,
     HELP("with resume: allow another CPU, oneDNN version or number of threads; the last bits of parameters change")},
    {FIT(reduce), OTHER, HELP("a function that changes the gradient before each update")},
    {FIT(reduce_ctx), OTHER, HELP("first argument of reduce")},
    {FIT(keep_schedule), BOOL,
     HELP("with resume: a cosine schedule keeps the length of the saved run, even if epochs has changed")},
    {FIT(restore_best_weights), BOOL,
     HELP("with a validation: at the end, the net gets the parameters of the best epoch")},
    {FIT(best_by_loss), BOOL, HELP("the best epoch has the lowest validation loss, not the highest accuracy")},
    {0}};

const struct lade_option_info *lade_fit_option_info(int i) {
    return ROW(fit_options, i);
}

/* ---- Optimizers and schedules ------------------------------------------------------------------------------------ */

static const struct lade_word optimizers[] = {{"sgd", LADE_SGD, "stochastic gradient descent"},
                                              {"adagrad", LADE_ADAGRAD, "Adagrad"},
                                              {"rmsprop", LADE_RMSPROP, "RMSprop"},
                                              {"adam", LADE_ADAM, "Adam"},
                                              {"adamw", LADE_ADAMW, "Adam with decoupled weight decay"},
                                              {0}};

#define OPTIMIZER(field) FIELD(lade_optimizer, field), .section = "Optimizer"
#define DEPENDS          .can_be_off = true, BY_DEFAULT("depends on the optimizer")
#define FRACTION         NUMBER(FLOAT, 0, 1), .below_maximum = true, VALUE("X"), DEPENDS
#define NOT_NEGATIVE     NUMBER(FLOAT, 0, INFINITY), VALUE("X"), DEPENDS

static const struct lade_option_info optimizer_options[] = {
    {OPTIMIZER(kind), WORDS(optimizers), VALUE("NAME"), HELP("algorithm that updates the parameters")},
    {OPTIMIZER(lr), NOT_NEGATIVE, HELP("learning rate")},
    {OPTIMIZER(momentum), FRACTION, HELP("fraction of the last update that is added to the next update")},
    {OPTIMIZER(nesterov), BOOL, HELP("use Nesterov momentum")},
    {OPTIMIZER(weight_decay), NOT_NEGATIVE, HELP("L2 penalty for large weights")},
    {OPTIMIZER(rho), FRACTION, HELP("decay of the mean of squared gradients")},
    {OPTIMIZER(beta_1), FRACTION, HELP("decay of the mean of gradients")},
    {OPTIMIZER(beta_2), FRACTION, HELP("decay of the mean of squared gradients")},
    {OPTIMIZER(epsilon), NOT_NEGATIVE, HELP("number that is added to square roots before a division")},
    {0}};

const struct lade_option_info *lade_optimizer_option_info(int i) {
    return ROW(optimizer_options, i);
}

static const struct lade_word schedules[] = {{"constant", LADE_CONSTANT, "no change"},
                                             {"step", LADE_STEP, "multiplied by factor after every `epochs` epochs"},
                                             {"exponential", LADE_EXPONENTIAL, "multiplied by factor after each epoch"},
                                             {"cosine", LADE_COSINE, "half a cosine, down to 0"},
                                             {"plateau", LADE_PLATEAU, "multiplied by factor if there is no progress"},
                                             {0}};

#define SCHEDULE(field) FIELD(lade_schedule, field), .section = "Schedule"

static const struct lade_option_info schedule_options[] = {
    {SCHEDULE(kind), WORDS(schedules), VALUE("NAME"), HELP("rule by which the learning rate changes")},
    {SCHEDULE(warmup), NUMBER(INT64, 0, 0x1p63), VALUE("N"),
     HELP("number of updates at the beginning in which the learning rate rises")},
    {SCHEDULE(epochs), NUMBER(INT, 1, INT32_MAX), VALUE("N"), BY_DEFAULT("depends on the schedule"),
     HELP("step: epochs between two changes; plateau: epochs without progress before a change")},
    {SCHEDULE(factor), NUMBER(FLOAT, 0, 1), .above_minimum = true, VALUE("X"), BY_DEFAULT("depends on the schedule"),
     HELP("number by which the learning rate is multiplied at each change")},
    {SCHEDULE(min_lr), NUMBER(FLOAT, 0, INFINITY), VALUE("X"), HELP("plateau: the lowest learning rate")},
    {SCHEDULE(eps), NUMBER(FLOAT, 0, INFINITY), VALUE("X"), .can_be_off = true, BY_DEFAULT("depends on the schedule"),
     HELP("plateau: the learning rate does not change if the change would be smaller than X")},
    {0}};

const struct lade_option_info *lade_schedule_option_info(int i) {
    return ROW(schedule_options, i);
}
