/*
 * Draws the plots of a training run: the curves of --plot, and the confusion matrix and the mistakes of the validation
 * images.
 */
#include <math.h>
#include <stdlib.h>

#include "command/train/train.h"
#include "evaluation/evaluation.h"
#include "evaluation/value_evaluation.h"
#include "option/stream.h"
#include "report/chart.h"
#include "terminal/exit_code.h"
#include "terminal/module.h"
#include "terminal/text.h"

/* The metrics of the plot. Each metric has an array. The array NONE contains only NaN, for a panel without a training
   curve. */
enum { LOSS, VAL_LOSS, ACCURACY, VAL_ACCURACY, RATE, NONE, AVERAGE_PRECISION, R2, METRICS };

/* Returns METRICS arrays of @count values each. The caller must free() the result. */
static double *metric_arrays(const struct train *t, int count) {
    double *values = text_alloc((size_t)(METRICS * count), sizeof *values);
    for (int i = 0; i < count; i++) {
        const struct lade_metrics *m = &t->history[i];
        const struct epoch_scores *s = &t->scores[i];
        const double of_epoch[METRICS] = {
            m->loss, m->val_loss, m->accuracy, m->val_accuracy, m->last_lr, NAN, s->mean_average_precision, s->r2};
        for (int k = 0; k < METRICS; k++)
            values[k * count + i] = of_epoch[k];
    }
    return values;
}

static bool changes(const double *values, int count) {
    for (int i = 1; i < count; i++)
        if (values[i] != values[0])
            return true;
    return false;
}

bool train_plot(const struct train *t) {
    int n = t->done;
    double *values = metric_arrays(t, n), *rate = values + RATE * n;
    /* The best epoch has the highest accuracy, but for several labels or numbers the lowest loss. */
    bool by_loss = t->task != TASK_CLASS;
    struct chart_panel panels[4] = {{.title = "Loss",
                                     .training = values + LOSS * n,
                                     .validation = values + VAL_LOSS * n,
                                     .best = by_loss ? CHART_LOWEST : CHART_NO_BEST}};
    int count = 1;
    if (t->task != TASK_NUMBERS)
        panels[count++] = (struct chart_panel){.title = "Accuracy",
                                               .training = values + ACCURACY * n,
                                               .validation = values + VAL_ACCURACY * n,
                                               .percent = true,
                                               .best = by_loss ? CHART_NO_BEST : CHART_HIGHEST};
    if (by_loss && t->validation_flow)
        panels[count++] =
            (struct chart_panel){.title = t->task == TASK_LABELS ? "Mean average precision" : "R2",
                                 .training = values + NONE * n,
                                 .validation = values + (t->task == TASK_LABELS ? AVERAGE_PRECISION : R2) * n};
    if (changes(rate, n))
        panels[count++] = (struct chart_panel){.title = "Learning rate", .training = rate};
    char *title = text_printf("Training on %s", t->source.path), *augmentation = stream_augmentation(&t->stream);
    char *training = training_options_text(&t->training);
    char *below =
        text_printf("%s  \u00b7  %s  \u00b7  %s  \u00b7  %s, %s", lade_net_info(t->net)->spec, training, augmentation,
                    text_counted(lade_flow_samples(t->flow), "image").s, text_counted(n, "epoch").s);
    bool written = module_call("draw", chart_draw, t->plot, title, below, panels, count, n);
    free(below);
    free(training);
    free(augmentation);
    free(title);
    free(values);
    return written;
}

/* Draws the images with the highest loss, for several labels or numbers. */
static int draw_values(const struct train *t, const char *title) {
    struct value_evaluation evaluation = {.net = t->net,
                                          .source = &t->validation_source,
                                          .stream = &t->validation_stream,
                                          .flow = t->validation_flow,
                                          .names = train_label_names(t),
                                          .progress = "eval"};
    int code = value_evaluation_run(&evaluation);
    if (code == EXIT_OK && !value_draw(&evaluation, t->mistakes, title))
        code = EXIT_FAILED;
    value_evaluation_release(&evaluation);
    return code;
}

static int draw_classes(const struct train *t, const char *title) {
    struct evaluation evaluation = {.net = t->net,
                                    .source = &t->validation_source,
                                    .stream = &t->validation_stream,
                                    .flow = t->validation_flow,
                                    .classes = lade_flow_classes(t->validation_flow),
                                    .names = lade_flow_class_names(t->validation_flow)};
    int code = evaluation_run(&evaluation);
    if (code == EXIT_OK && !evaluation_draw(&evaluation, t->confusion, t->mistakes, title))
        code = EXIT_FAILED;
    evaluation_release(&evaluation);
    return code;
}

int train_evaluate(const struct train *t) {
    if (!t->confusion && !t->mistakes)
        return EXIT_OK;
    char *name = text_base_name(t->validation_source.path);
    char *title = text_printf("%s%s", name, t->validation ? "" : " (validation)");
    int code = t->task == TASK_CLASS ? draw_classes(t, title) : draw_values(t, title);
    free(title);
    free(name);
    return code;
}
