/*
 * Evaluates a net. lade_net_evaluate() is not used, because it returns only loss and accuracy. The confusion matrix
 * needs the prediction of each image.
 */
#include "evaluation/evaluation.h"

#include <stdio.h>
#include <stdlib.h>

#include "evaluation/net.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"

/*
 * Inserts @m into the sorted list of mistakes. If the list is full, the mistake with the lowest probability is dropped.
 * If two probabilities are equal, the earlier mistake comes first.
 */
static void keep_mistake(struct evaluation *e, struct mistake m) {
    int at = e->mistake_count < MISTAKES_KEPT ? e->mistake_count++ : MISTAKES_KEPT;
    for (; at > 0 && e->mistakes[at - 1].probability < m.probability; at--)
        if (at < MISTAKES_KEPT)
            e->mistakes[at] = e->mistakes[at - 1];
    if (at < MISTAKES_KEPT)
        e->mistakes[at] = m;
}

/* Counts sample @i with the outputs @p of the net. */
static void count_image(struct evaluation *e, int64_t i, const float *p, int64_t outputs) {
    int class_index = lade_flow_class_of(e->flow, i), predicted = net_predicted_class(p, outputs);
    int truth = e->truths ? e->truths[class_index] : class_index;
    confusion_add(&e->confusion, truth, predicted);
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
}
