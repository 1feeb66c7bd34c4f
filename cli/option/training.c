/*
 * Options of gradient descent. Their defaults are the library's, but for the momentum of sgd, which nobody does
 * without.
 */
#include "option/training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

static const struct opt_word optimizers[] = {{"sgd", LADE_SGD},   {"adagrad", LADE_ADAGRAD}, {"rmsprop", LADE_RMSPROP},
                                             {"adam", LADE_ADAM}, {"adamw", LADE_ADAMW},     {0}};
static const struct opt_word schedules[] = {{"constant", LADE_CONSTANT},       {"step", LADE_STEP},
                                            {"exponential", LADE_EXPONENTIAL}, {"cosine", LADE_COSINE},
                                            {"plateau", LADE_PLATEAU},         {0}};

const struct opt training_option_table[] = {
    {"optimizer", OPT_CHOICE, OPT_AT(struct training_options, optimizer.kind), .value = "NAME", .words = optimizers,
     .help = "variant of gradient descent", .preset = "sgd"},
    {"lr", OPT_REAL, OPT_AT(struct training_options, optimizer.lr), .value = "X", .low = 0, .above = true, .high = 1e6,
     .help = "learning rate", .preset = "0.01; of adam and adamw 0.001"},
    {"momentum", OPT_REAL, OPT_AT(struct training_options, optimizer.momentum), .value = "X", .low = 0,
     .high = 0.999999, .help = "share of the last step that is kept in the next, of sgd and rmsprop",
     .preset = "0.9; of rmsprop 0"},
    {"nesterov", OPT_FLAG, OPT_AT(struct training_options, optimizer.nesterov),
     .help = "look ahead along the momentum of sgd"},
    {"weight-decay", OPT_REAL, OPT_AT(struct training_options, optimizer.weight_decay), .value = "X", .low = 0,
     .high = 1e6, .help = "pull towards small weights", .preset = "0; of adamw 0.01"},
    {"rho", OPT_REAL, OPT_AT(struct training_options, optimizer.rho), .value = "X", .low = 0, .high = 0.999999,
     .help = "what rmsprop keeps of its mean of squares", .preset = "0.99"},
    {"beta-1", OPT_REAL, OPT_AT(struct training_options, optimizer.beta_1), .value = "X", .low = 0, .high = 0.999999,
     .help = "what adam and adamw keep of the mean gradient", .preset = "0.9"},
    {"beta-2", OPT_REAL, OPT_AT(struct training_options, optimizer.beta_2), .value = "X", .low = 0, .high = 0.999999,
     .help = "and of their mean of squares", .preset = "0.999"},
    {"epsilon", OPT_REAL, OPT_AT(struct training_options, optimizer.epsilon), .value = "X", .low = 0, .above = true,
     .high = 1, .help = "added to roots that are divided by", .preset = "1e-8; of adagrad 1e-10"},
    {"schedule", OPT_CHOICE, OPT_AT(struct training_options, schedule.kind), .value = "NAME", .words = schedules,
     .help = "how the learning rate falls", .preset = "constant"},
    {"warmup", OPT_INT, OPT_AT(struct training_options, schedule.warmup), .value = "N", .low = 0, .high = 1e15,
     .help = "steps in which it rises to --lr before that", .preset = "0"},
    {"schedule-epochs", OPT_INT, OPT_AT(struct training_options, schedule.epochs), .value = "N", .low = 1, .high = 1e6,
     .help = "of step: epochs between two; of plateau: how many may bring nothing", .preset = "1; of plateau 10"},
    {"schedule-factor", OPT_REAL, OPT_AT(struct training_options, schedule.factor), .value = "X", .low = 0,
     .above = true, .high = 1, .help = "what it is multiplied by then", .preset = "0.1; of exponential 0.95"},
    {"accumulate", OPT_INT, OPT_AT(struct training_options, accumulate), .value = "N", .low = 1, .high = 1e15,
     .help = "batches that make one step together", .preset = "1"},
    {"full-batch", OPT_FLAG, OPT_AT(struct training_options, full_batch),
     .help = "one step an epoch, along the gradient over all"},
    {"global-clipnorm", OPT_REAL, OPT_AT(struct training_options, global_clipnorm), .value = "X", .low = 0,
     .above = true, .high = 1e9, .help = "scale longer gradients down to this length"},
    {"clipvalue", OPT_REAL, OPT_AT(struct training_options, clipvalue), .value = "X", .low = 0, .above = true,
     .high = 1e9, .help = "keep each number of the gradient within this"},
    {"label-smoothing", OPT_REAL, OPT_AT(struct training_options, label_smoothing), .value = "X", .low = 0,
     .high = 0.999999, .help = "share of each label that is spread over all classes", .preset = "0"},
    {"class-weight", OPT_LIST, OPT_AT(struct training_options, class_weight), .value = "X,X,...",
     .help = "what a sample of each class counts for; balanced: the rarer the more", .preset = "1 each"},
    {0}};

/* 0 stands for the default in the library; who writes it means 0. */
static void mean_zero(float *number) {
    if (opt_given(number) && *number == 0)
        *number = LADE_OFF;
}

static int check_schedule(const struct lade_schedule *s) {
    bool stepwise = s->kind == LADE_STEP || s->kind == LADE_PLATEAU;
    if (opt_given(&s->epochs) && !stepwise)
        return out_usage("--schedule-epochs is for step and plateau; --schedule is %s", schedules[s->kind].word);
    if (opt_given(&s->factor) && !stepwise && s->kind != LADE_EXPONENTIAL)
        return out_usage("--schedule-factor is for step, exponential and plateau; --schedule is %s",
                         schedules[s->kind].word);
    return EXIT_OK;
}

int training_options_check(struct training_options *d) {
    struct lade_optimizer *o = &d->optimizer;
    float *numbers[] = {&o->momentum, &o->weight_decay, &o->rho, &o->beta_1, &o->beta_2};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        mean_zero(numbers[i]);
    const char *name = optimizers[o->kind].word;
    bool adam = o->kind == LADE_ADAM || o->kind == LADE_ADAMW;
    if (o->momentum == 0 && o->kind == LADE_SGD)
        o->momentum = 0.9f;
    if (o->lr == 0)
        o->lr = adam ? 0.001f : 0.01f;
    if (opt_given(&o->momentum) && o->kind != LADE_SGD && o->kind != LADE_RMSPROP)
        return out_usage("--momentum is for sgd and rmsprop; --optimizer is %s", name);
    if (o->nesterov && o->kind != LADE_SGD)
        return out_usage("--nesterov is for sgd; --optimizer is %s", name);
    if (o->nesterov && o->momentum <= 0)
        return out_usage("--nesterov needs a --momentum above 0");
    if (opt_given(&o->rho) && o->kind != LADE_RMSPROP)
        return out_usage("--rho is for rmsprop; --optimizer is %s", name);
    if ((opt_given(&o->beta_1) || opt_given(&o->beta_2)) && !adam)
        return out_usage("--beta-1 and --beta-2 are for adam and adamw; --optimizer is %s", name);
    if (d->full_batch && d->accumulate)
        return out_usage("--full-batch and --accumulate exclude each other");
    return check_schedule(&d->schedule);
}

/* n / (classes * n of the class): every class counts for as much as every other. */
static void balance(struct training_options *d, const lade_flow *flow, int classes) {
    double samples = (double)lade_flow_samples(flow);
    for (int i = 0; i < classes; i++) {
        double count = (double)lade_flow_class_count(flow, i);
        d->weights[i] = count > 0 ? (float)(samples / (classes * count)) : 0;
    }
}

int training_options_set_class_weights(struct training_options *d, const lade_flow *flow) {
    int classes = lade_flow_classes(flow), given = 0;
    if (!d->class_weight)
        return EXIT_OK;
    while (d->class_weight[given])
        given++;
    d->weights = text_alloc((size_t)classes + 1, sizeof *d->weights);
    if (given == 1 && strcmp(d->class_weight[0], "balanced") == 0) {
        balance(d, flow, classes);
        return EXIT_OK;
    }
    if (given != classes)
        return out_usage("--class-weight: there are %d classes; give as many numbers with commas between them, or "
                         "balanced",
                         classes);
    for (int i = 0; i < classes; i++) {
        char *end;
        d->weights[i] = strtof(d->class_weight[i], &end);
        if (*end || end == d->class_weight[i] || !(d->weights[i] >= 0 && isfinite(d->weights[i])))
            return out_usage("--class-weight %s: give a number, 0 or more", d->class_weight[i]);
    }
    return EXIT_OK;
}

void training_options_apply(const struct training_options *d, struct lade_fit_options *fit) {
    fit->optimizer = d->optimizer;
    fit->schedule = d->schedule;
    fit->accumulate = d->full_batch ? LADE_FULL_BATCH : d->accumulate;
    fit->clipvalue = d->clipvalue;
    fit->global_clipnorm = d->global_clipnorm;
    fit->label_smoothing = d->label_smoothing;
    fit->class_weight = d->weights;
}

char *training_options_text(const struct training_options *d) {
    const struct lade_optimizer *o = &d->optimizer;
    char *momentum =
        o->momentum > 0 ? text_printf(", momentum %s", text_number((double)o->momentum).s) : text_printf("%s", "");
    char *words = text_printf("%s, lr %s%s%s%s%s", optimizers[o->kind].word, text_number((double)o->lr).s, momentum,
                              o->nesterov ? ", nesterov" : "", d->schedule.kind == LADE_CONSTANT ? "" : ", ",
                              d->schedule.kind == LADE_CONSTANT ? "" : schedules[d->schedule.kind].word);
    free(momentum);
    return words;
}

void training_options_release(struct training_options *d) {
    free(d->weights);
}
