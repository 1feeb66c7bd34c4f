/*
 * Evaluates a net. lade_net_evaluate() is not used, because it returns only loss and accuracy, and the confusion matrix
 * needs the prediction of each image.
 */
#include "evaluation/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "evaluation/net.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

static void keep_mistake(struct evaluation *e, struct mistake m) {
    if (e->mistake_count == e->mistake_capacity) {
        int64_t capacity = e->mistake_capacity ? 2 * e->mistake_capacity : 64;
        struct mistake *mistakes = realloc(e->mistakes, (size_t)capacity * sizeof *mistakes);
        if (!mistakes)
            out_die("out of memory");
        e->mistakes = mistakes;
        e->mistake_capacity = capacity;
    }
    e->mistakes[e->mistake_count++] = m;
}

/* NaN comes first. Mistakes with equal probabilities have the order of the samples. */
static int compare_mistakes(const void *a, const void *b) {
    const struct mistake *x = a, *y = b;
    int nan = (isnan(y->probability) != 0) - (isnan(x->probability) != 0);
    int order = nan ? nan : (y->probability > x->probability) - (y->probability < x->probability);
    return order ? order : (x->sample > y->sample) - (x->sample < y->sample);
}

/* Adds sample number @i, for which the net has the outputs @p, to the results. */
static void count_image(struct evaluation *e, int64_t i, const float *p, int64_t outputs) {
    int class_index = lade_flow_class_of(e->flow, i), predicted = net_predicted_class(p, outputs);
    int truth = e->truths ? e->truths[class_index] : class_index;
    confusion_add(&e->confusion, truth, predicted);
    metrics_add(&e->metrics, p, outputs, truth);
    e->loss += net_loss(e->net, p, truth);
    if (predicted != truth)
        keep_mistake(e, (struct mistake){i, truth, predicted, net_probability(p, outputs, predicted)});
}

int evaluation_run(struct evaluation *e) {
    int64_t outputs = lade_net_info(e->net)->outputs, steps = lade_flow_steps(e->flow);
    float *p = NULL;
    struct lade_error err = {0};
    double start = terminal_now();
    e->confusion = confusion_new(e->classes, e->names);
    progress_start("eval", lade_flow_samples(e->flow), "img");
    lade_for_each (b, lade_flow_batches(e->flow), &err) {
        p = realloc(p, sizeof *p * (size_t)((b->n + 1) * outputs));
        if (!p)
            out_die("out of memory");
        if (lade_net_predict(e->net, b->x, p, &err) < 0)
            break;
        for (int64_t i = 0; i < b->n; i++)
            count_image(e, b->indices[i], p + i * outputs, outputs);
        char accuracy[40];
        snprintf(accuracy, sizeof accuracy, "accuracy %5.1f%%", 100 * confusion_accuracy(&e->confusion));
        progress_show(e->confusion.images, &(struct progress_text){.more = accuracy});
        if (b->step + 1 == steps || interrupted())
            break;
    }
    if (e->mistake_count > 0)
        qsort(e->mistakes, (size_t)e->mistake_count, sizeof *e->mistakes, compare_mistakes);
    e->seconds = terminal_now() - start;
    progress_end();
    free(p);
    if (interrupted())
        return EXIT_INTERRUPTED;
    if (err.code)
        stream_print_error(&err, e->source->path, e->stream);
    else if (e->confusion.images == 0)
        out_error("%s: all images are invalid files; lade scan --check lists them", e->source->path);
    return err.code || e->confusion.images == 0 ? EXIT_FAILED : EXIT_OK;
}

void evaluation_release(struct evaluation *e) {
    confusion_release(&e->confusion);
    metrics_release(&e->metrics);
    free(e->mistakes);
    e->mistakes = NULL;
}

/* ---- Reports ----------------------------------------------------------------------------------------------------- */

void evaluation_print_mistakes(const struct evaluation *e) {
    json_print_begin("mistakes");
    for (int64_t i = 0; i < e->mistake_count; i++) {
        const struct mistake *m = &e->mistakes[i];
        json_t *entry = json_new_object();
        char *path = stream_path(e->flow, m->sample);
        json_put_path(entry, path);
        json_put_text(entry, "class", e->confusion.names[m->truth]);
        json_put_text(entry, "predicted", e->confusion.names[m->predicted]);
        json_put_real(entry, "probability", m->probability);
        json_print_item(entry);
        free(path);
    }
}

void evaluation_put_metrics(json_t *object, struct evaluation *e) {
    const struct confusion *c = &e->confusion;
    struct metrics_macro macro = metrics_macro(c);
    json_put_real(object, "accuracy", confusion_accuracy(c));
    json_put_real(object, "top_5_accuracy", metrics_top_accuracy(&e->metrics, c));
    json_put_real(object, "macro_precision", macro.precision);
    json_put_real(object, "macro_recall", macro.recall);
    json_put_real(object, "macro_f1", macro.f1);
    json_put_real(object, "roc_auc", metrics_roc_auc(&e->metrics));
    json_put_real(object, "loss", e->loss / (double)c->images);
}

void evaluation_print_metrics(struct evaluation *e) {
    const struct confusion *c = &e->confusion;
    struct metrics_macro macro = metrics_macro(c);
    double top = metrics_top_accuracy(&e->metrics, c), auc = metrics_roc_auc(&e->metrics);
    out_print("  accuracy     %.1f%% of %s\n", 100 * confusion_accuracy(c), text_counted(c->images, "image").s);
    if (isfinite(top))
        out_print("  top-5        %.1f%%\n", 100 * top);
    out_print("  macro        precision %.1f%%, recall %.1f%%, F1 %.1f%%\n", 100 * macro.precision, 100 * macro.recall,
              100 * macro.f1);
    if (isfinite(auc))
        out_print("  ROC-AUC      %.4f\n", auc);
    out_print("  loss         %s\n", text_number(e->loss / (double)c->images).s);
}
