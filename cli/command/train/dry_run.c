/*
 * Implements lade train --dry-run, which estimates the memory and the time of a training. For the estimates, some steps
 * and one validation batch run with the net and the images of the real training. The first step is not measured,
 * because it compiles the kernels of oneDNN.
 */
#include <stdio.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/train/train.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

enum { MOST_STEPS = 20 };
#define LONGEST 3.0 /* seconds */

/* Trains with the next batch of the stream. */
static int step(lade_trainer *trainer, const struct lade_source *source, struct lade_error *err) {
    struct lade_batch *batch = NULL;
    int status = source->next(source->ctx, &batch, err);
    if (status < 0)
        return status;
    status = lade_trainer_backward(trainer, batch, err);
    if (status == LADE_OK)
        status = lade_trainer_update(trainer, err);
    lade_batch_unref(batch);
    return status;
}

/* Stores the time of a step. */
static int measure_steps(const struct train *t, double *seconds, struct lade_error *err) {
    struct lade_trainer_options options = {.optimizer = t->training.optimizer, .updates_per_epoch = 1};
    struct lade_source source = lade_flow_source(t->flow);
    lade_trainer *trainer = lade_trainer_new(t->net, &options, err);
    int status = trainer ? step(trainer, &source, err) : err->code, count = 0;
    double start = terminal_now();
    while (status == LADE_OK && count < MOST_STEPS && terminal_now() - start < LONGEST && !interrupted()) {
        status = step(trainer, &source, err);
        count++;
    }
    *seconds = count ? (terminal_now() - start) / count : 0;
    lade_trainer_free(trainer);
    return status;
}

/* Stores the time of a whole validation, which is computed from the time of its second batch. */
static int measure_validation(const struct train *t, double *seconds, struct lade_error *err) {
    *seconds = 0;
    if (!t->validation_flow)
        return LADE_OK;
    struct lade_source source = lade_flow_source(t->validation_flow);
    struct lade_score score;
    int status = lade_net_evaluate(t->net, source, 1, &score, err);
    double start = terminal_now();
    if (status == LADE_OK && source.steps > 1)
        status = lade_net_evaluate(t->net, source, 1, &score, err);
    *seconds = (terminal_now() - start) * (double)source.steps;
    return status;
}

int train_dry_run(struct train *t) {
    struct lade_error err = {0};
    double step_seconds, validation_seconds = 0;
    if (!out_flush() || lade_net_describe(t->net, stdout) < 0)
        return EXIT_FAILED;
    int status = measure_steps(t, &step_seconds, &err);
    if (status == LADE_OK)
        status = measure_validation(t, &validation_seconds, &err);
    if (interrupted())
        return EXIT_INTERRUPTED;
    if (status < 0) {
        stream_print_error(&err, t->source.path, &t->stream);
        return EXIT_FAILED;
    }
    int64_t steps = t->steps ? t->steps : lade_flow_steps(t->flow);
    double epoch = step_seconds * (double)steps + validation_seconds;
    out_print("\n  memory  %s\n", text_bytes(stream_peak_rss()).s);
    out_print("  epoch   %s, with %s\n", text_seconds(epoch).s, text_counted(steps, "step").s);
    out_print("  run     %s, with %s\n", text_seconds(epoch * (double)t->epochs).s, text_counted(t->epochs, "epoch").s);
    return EXIT_OK;
}
