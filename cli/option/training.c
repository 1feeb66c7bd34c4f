/*
 * Defines, checks and applies the options of training. option_family.c finds the optimizers and schedules that use an
 * option, and their defaults.
 */
#include "option/training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "option/option_family.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

static struct lade_word losses[LADE_LOSS_COUNT + 1], optimizers[LADE_OPTIMIZER_COUNT + 1],
    schedules[LADE_SCHEDULE_COUNT + 1];

#define AT(field) OPT_AT(struct training_options, field)

/* The preset is the default value in the help. If an option of an optimizer or a schedule has no preset in this table,
   training_option_table() sets the preset. */
static struct opt table[] = {
    {"loss", OPT_CHOICE, AT(loss), .value = "NAME", .words = losses,
     .help = "loss function; auto is softmax-cross-entropy for one class, binary-cross-entropy for two classes with "
             "--class-mode binary and for several labels, and mean-squared-error for numbers"},
    {"optimizer", OPT_CHOICE, AT(optimizer.kind), .value = "NAME", .words = optimizers,
     .help = "algorithm that updates the parameters"},
    {"lr", OPT_REAL, AT(optimizer.lr), .value = "X", .low = 0, .above = true, .high = 1e6, .help = "learning rate"},
    {"momentum", OPT_REAL, AT(optimizer.momentum), .value = "X", .low = 0, .high = 1, .below = true,
     .help = "fraction of the last update that is added to the next update"},
    {"nesterov", OPT_FLAG, AT(optimizer.nesterov), .help = "use Nesterov momentum"},
    {"weight-decay", OPT_REAL, AT(optimizer.weight_decay), .value = "X", .low = 0, .high = 1e6,
     .help = "L2 penalty for large weights"},
    {"rho", OPT_REAL, AT(optimizer.rho), .value = "X", .low = 0, .high = 1, .below = true,
     .help = "decay of the mean of squared gradients"},
    {"beta-1", OPT_REAL, AT(optimizer.beta_1), .value = "X", .low = 0, .high = 1, .below = true,
     .help = "decay of the mean of gradients"},
    {"beta-2", OPT_REAL, AT(optimizer.beta_2), .value = "X", .low = 0, .high = 1, .below = true,
     .help = "decay of the mean of squared gradients"},
    {"epsilon", OPT_REAL, AT(optimizer.epsilon), .value = "X", .low = 0, .above = true, .high = 1,
     .help = "number that is added to square roots before a division"},
    {"schedule", OPT_CHOICE, AT(schedule.kind), .value = "NAME", .words = schedules,
     .help = "how the learning rate changes"},
    {"warmup", OPT_INT, AT(schedule.warmup), .value = "N", .low = 0, .high = 1e15,
     .help = "number of updates at the beginning in which the learning rate rises to --lr", .preset = "0"},
    {"schedule-epochs", OPT_INT, AT(schedule.epochs), .value = "N", .low = 1, .high = 1e6,
     .help = "step: epochs between two changes; plateau: epochs without improvement before a change"},
    {"schedule-factor", OPT_REAL, AT(schedule.factor), .value = "X", .low = 0, .above = true, .high = 1,
     .help = "number by which the learning rate is multiplied at each change"},
    {"schedule-min-lr", OPT_REAL, AT(schedule.min_lr), .value = "X", .low = 0, .high = 1e6,
     .help = "lowest learning rate"},
    {"schedule-eps", OPT_REAL, AT(schedule.eps), .value = "X", .low = 0, .high = 1e6,
     .help = "do not change the learning rate if the change would be smaller than X"},
    {"accumulate", OPT_INT, AT(accumulate), .value = "N", .low = 1, .high = 1e15,
     .help = "number of batches for each update", .preset = "1"},
    {"full-batch", OPT_FLAG, AT(full_batch), .help = "make one update in each epoch, with the gradient of all images"},
    {"global-clipnorm", OPT_REAL, AT(global_clipnorm), .value = "X", .low = 0, .above = true, .high = 1e9,
     .help = "if the norm of the whole gradient is above X, scale the gradient to the norm X"},
    {"clipvalue", OPT_REAL, AT(clipvalue), .value = "X", .low = 0, .above = true, .high = 1e9,
     .help = "limit each component of the gradient to -X .. X"},
    {"label-smoothing", OPT_REAL, AT(label_smoothing), .value = "X", .low = 0, .high = 1, .below = true,
     .help = "fraction of each label that is spread over all classes", .preset = "0"},
    {"class-weight", OPT_LIST, AT(class_weight), .value = "X,X,...",
     .help = "one weight for each class, or the word 'balanced', which gives rare classes a higher weight",
     .preset = "1 for each class"},
    {0}};

const struct opt *training_option_table(void) {
    for (int i = 0; i < LADE_LOSS_COUNT; i++)
        losses[i] = (struct lade_word){opt_name(lade_loss_name((enum lade_loss)i)), i};
    for (int i = 0; i < LADE_OPTIMIZER_COUNT; i++)
        optimizers[i] = (struct lade_word){lade_optimizer_info((enum lade_optimizer_kind)i)->name, i};
    for (int i = 0; i < LADE_SCHEDULE_COUNT; i++)
        schedules[i] = (struct lade_word){lade_schedule_info((enum lade_schedule_kind)i)->name, i};
    for (struct opt *o = table; o->name; o++)
        if (!o->preset && o->type == OPT_CHOICE)
            o->preset = o->words[0].word;
        else if (!o->preset && o->type != OPT_FLAG && option_family_of(o))
            o->preset = option_family_default(option_family_of(o), o); /* never freed */
    return table;
}

/* Checks that the selected optimizer or schedule uses the option @o, if @o is given. Returns EXIT_OK. On error, prints
   a message and returns EXIT_USAGE. */
static int check_family(const struct training_options *t, const struct opt *o) {
    const struct option_family *f = option_family_of(o);
    int kind;
    if (!f || !opt_given((const char *)t + o->at))
        return EXIT_OK;
    const char *selector = option_family_selector(f, t, &kind);
    if (option_family_uses(f, kind, o))
        return EXIT_OK;
    char *users = option_family_users(f, o, (double)NAN);
    out_usage("--%s is for %s; --%s is %s", o->name, users, selector, option_family_name(f, kind));
    free(users);
    return EXIT_USAGE;
}

/* Replaces 0 with LADE_OFF if the user has given 0, because 0 in a struct of the library means the default. */
static void keep_zero(struct training_options *t, const struct opt *o) {
    float *number = (float *)(void *)((char *)t + o->at);
    if (o->type == OPT_REAL && option_family_of(o) && opt_given(number) && *number == 0)
        *number = LADE_OFF;
}

int training_options_check(struct training_options *t) {
    struct lade_optimizer *optimizer = &t->optimizer;
    for (const struct opt *o = table; o->name; o++) {
        if (check_family(t, o) != EXIT_OK)
            return EXIT_USAGE;
        keep_zero(t, o);
    }
    if (optimizer->momentum == 0 && optimizer->kind == LADE_SGD)
        optimizer->momentum = OPTION_SGD_MOMENTUM;
    if (optimizer->nesterov && optimizer->momentum <= 0)
        return out_usage("--nesterov needs a --momentum above 0");
    if (t->full_batch && t->accumulate)
        return out_usage("--full-batch and --accumulate exclude each other");
    return EXIT_OK;
}

/* Sets the weight of each class to samples / (classes * samples of the class), so that all classes have the same
   influence. If images may have several classes, the weight is (samples without the class) / (samples of the class),
   because it multiplies only the loss of the images that have the class. The documentation of BCEWithLogitsLoss in
   PyTorch recommends this weight. */
static void balance(struct training_options *t, const lade_flow *flow, int classes) {
    double samples = (double)lade_flow_samples(flow);
    bool several = t->loss == LADE_BINARY_CROSS_ENTROPY && lade_flow_source((lade_flow *)flow).classes > 1;
    for (int i = 0; i < classes; i++) {
        double count = (double)lade_flow_class_count(flow, i);
        double weight = several ? (samples - count) / count : samples / (classes * count);
        t->weights[i] = count > 0 ? (float)weight : 0;
    }
}

int training_options_set_class_weights(struct training_options *t, const lade_flow *flow) {
    int classes = lade_flow_classes(flow), given = 0;
    if (!t->class_weight)
        return EXIT_OK;
    while (t->class_weight[given])
        given++;
    t->weights = text_alloc((size_t)classes + 1, sizeof *t->weights);
    if (given == 1 && strcmp(t->class_weight[0], "balanced") == 0) {
        balance(t, flow, classes);
        return EXIT_OK;
    }
    if (given != classes)
        return out_usage(
            "--class-weight: there are %d classes; give %d numbers separated by commas, or the word 'balanced'",
            classes, classes);
    for (int i = 0; i < classes; i++) {
        char *end;
        t->weights[i] = strtof(t->class_weight[i], &end);
        if (*end || end == t->class_weight[i] || !(t->weights[i] >= 0 && isfinite(t->weights[i])))
            return out_usage("--class-weight %s: give a number that is not negative", t->class_weight[i]);
    }
    return EXIT_OK;
}

void training_options_apply(const struct training_options *t, struct lade_fit_options *fit) {
    fit->optimizer = t->optimizer;
    fit->schedule = t->schedule;
    fit->accumulate = t->full_batch ? LADE_FULL_BATCH : t->accumulate;
    fit->clipvalue = t->clipvalue;
    fit->global_clipnorm = t->global_clipnorm;
    fit->label_smoothing = t->label_smoothing;
    fit->class_weight = t->weights;
}

char *training_options_text(const struct training_options *t) {
    const struct lade_optimizer *o = &t->optimizer;
    const struct lade_optimizer_info *info = lade_optimizer_info(o->kind);
    bool constant = t->schedule.kind == LADE_CONSTANT;
    char *momentum =
        o->momentum > 0 ? text_printf(", momentum %s", text_number((double)o->momentum).s) : text_printf("%s", "");
    char *text =
        text_printf("%s, lr %s%s%s%s%s", info->name, text_number((double)(o->lr > 0 ? o->lr : info->defaults.lr)).s,
                    momentum, o->nesterov ? ", nesterov" : "", constant ? "" : ", ",
                    constant ? "" : lade_schedule_info(t->schedule.kind)->name);
    free(momentum);
    return text;
}

void training_options_release(struct training_options *t) {
    free(t->weights);
}
