/*
 * Chooses the loss and the metrics by the kind of labels: one class for each image, several labels, or numbers.
 * lade_fit() computes only loss and accuracy, so the metrics of labels and numbers need a second pass over the
 * validation images.
 */
#include <math.h>
#include <stdlib.h>

#include "command/train/train.h"
#include "evaluation/value_evaluation.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"

static enum net_task task_of(const struct train *t) {
    if (t->stream.class_mode == LADE_CLASS_RAW)
        return t->training.loss == LADE_BINARY_CROSS_ENTROPY ? TASK_LABELS : TASK_NUMBERS;
    return t->source.label_separator ? TASK_LABELS : TASK_CLASS;
}

static int check_loss(const struct train *t) {
    enum lade_class_mode mode = t->stream.class_mode;
    enum lade_loss loss = t->training.loss;
    if (t->task == TASK_LABELS && loss != LADE_LOSS_AUTO && loss != LADE_BINARY_CROSS_ENTROPY)
        return out_usage("--loss: images with several classes need binary-cross-entropy");
    if (t->task == TASK_NUMBERS && loss != LADE_LOSS_AUTO && loss != LADE_MEAN_SQUARED_ERROR)
        return out_usage("--loss: --class-mode raw needs mean-squared-error for numbers, or binary-cross-entropy for "
                         "columns of 0 and 1");
    if (t->task == TASK_CLASS && loss == LADE_BINARY_CROSS_ENTROPY && mode != LADE_CLASS_BINARY)
        return out_usage(
            "--loss binary-cross-entropy needs --class-mode binary, --label-separator or --class-mode raw; "
            "for one of several classes give softmax-cross-entropy");
    if (t->task == TASK_CLASS && loss == LADE_MEAN_SQUARED_ERROR && mode == LADE_CLASS_BINARY)
        return out_usage("--loss mean-squared-error needs one output for each class; give --class-mode categorical");
    return EXIT_OK;
}

int train_choose_task(struct train *t) {
    enum lade_class_mode mode = t->stream.class_mode;
    if (mode == LADE_CLASS_NONE || mode == LADE_CLASS_INPUT)
        return out_usage("--class-mode %s: lade train needs labels; give categorical, binary, sparse or raw",
                         lade_class_mode_name(mode));
    if (t->source.label_separator && mode != LADE_CLASS_CATEGORICAL)
        return out_usage("--label-separator needs --class-mode categorical, not %s", lade_class_mode_name(mode));
    t->task = task_of(t);
    int code = check_loss(t);
    if (code == EXIT_OK && t->task != TASK_CLASS && t->confusion)
        code = out_usage("--confusion needs one class for each image");
    if (code == EXIT_OK && mode == LADE_CLASS_RAW && t->training.class_weight)
        code = out_usage("--class-weight needs classes, but --class-mode raw has numbers");
    if (t->task == TASK_LABELS)
        t->training.loss = LADE_BINARY_CROSS_ENTROPY;
    if (t->task == TASK_NUMBERS)
        t->training.loss = LADE_MEAN_SQUARED_ERROR;
    return code;
}

const char *const *train_label_names(const struct train *t) {
    return t->stream.class_mode == LADE_CLASS_RAW ? t->source.y_col : lade_flow_class_names(t->flow);
}

/* Computes the scores of the validation images. On error, prints a message and returns false. */
static bool score(const struct train *t, struct epoch_scores *scores) {
    struct value_evaluation evaluation = {
        .net = t->net, .source = &t->validation_source, .stream = &t->validation_stream, .flow = t->validation_flow};
    int code = value_evaluation_run(&evaluation);
    if (code == EXIT_OK) {
        struct value_metrics v = value_metrics(&evaluation);
        *scores = (struct epoch_scores){v.mean_average_precision, v.mae, v.r2};
    }
    value_evaluation_release(&evaluation);
    return code == EXIT_OK;
}

/* The validation stream is set back to its old position, because each checkpoint contains the position. A resumed run
   does not compute the scores of earlier epochs. Without the old position, its checkpoint would differ from the
   checkpoint of a run that was not interrupted. */
bool train_score_epoch(struct train *t, const struct lade_metrics *m) {
    struct epoch_scores *scores = &t->scores[t->done - 1];
    *scores = (struct epoch_scores){NAN, NAN, NAN};
    if (t->task == TASK_CLASS || !t->validation_flow || m->replayed)
        return true;
    struct lade_source source = lade_flow_source(t->validation_flow);
    struct lade_error err = {0};
    char *position = NULL;
    bool good = source.state_get(source.ctx, &position, &err) == LADE_OK && score(t, scores) &&
                source.state_set(source.ctx, position, &err) == LADE_OK;
    lade_free(position);
    if (err.code)
        out_error("%s", err.message);
    return good;
}

const char *const *train_score_names(const struct train *t) {
    static const char *const names[][3] = {[TASK_CLASS] = {NULL},
                                           [TASK_LABELS] = {"val_mean_average_precision", NULL},
                                           [TASK_NUMBERS] = {"val_mae", "val_r2", NULL}};
    return names[t->task];
}

double train_score(const struct train *t, int epoch, int i) {
    const struct epoch_scores *s = &t->scores[epoch];
    return t->task == TASK_LABELS ? s->mean_average_precision : i == 0 ? s->mae : s->r2;
}
