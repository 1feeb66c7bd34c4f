/*
 * Runs the training. Opens the streams for training and validation, and loops over the metrics that lade_fit() yields.
 * The body of the loop updates the progress line and the table, and stops after Ctrl-C.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/train/defaults.h"
#include "command/train/train.h"
#include "option/stream.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

/* Opens the validation stream. Validation samples are prepared in the same way as training samples, but without random
   changes. */
static bool open_validation(struct train *t, int *code) {
    t->validation_stream = stream_unaugmented(t->stream);
    t->validation_stream.order = LADE_ORDER_SORTED;
    if (t->validation_stream.on_error == LADE_ERROR_REPLACE)
        t->validation_stream.on_error = LADE_ERROR_SKIP; /* a replacement image would be counted twice */
    t->validation_stream.subset = t->validation ? LADE_SUBSET_ALL : LADE_SUBSET_VALIDATION;
    t->validation_stream.validation_split = t->validation ? 0 : t->validation_split;
    t->validation_stream.classes = lade_flow_class_names(t->flow); /* the same class indices; NULL for numbers */
    t->validation_source = t->source;
    if (t->validation) {
        t->validation_source.path = t->validation;
        t->validation_source.labels = t->validation_labels;
        t->validation_source.weights = NULL;
        t->validation_stream.allow_missing_classes = true; /* source_open() prints a warning */
    }
    t->validation_flow = source_open(&t->validation_source, &t->validation_stream, code);
    if (t->validation_flow && t->validation)
        source_warn_other_classes(&t->validation_source, &t->validation_stream, t->validation_flow);
    return t->validation_flow != NULL;
}

bool train_open_streams(struct train *t, int *code) {
    stream_rescale_for_net(&t->stream);
    bool split = !t->validation && t->validation_split > 0;
    t->stream.subset = split ? LADE_SUBSET_TRAINING : LADE_SUBSET_ALL;
    t->stream.validation_split = split ? t->validation_split : 0;
    t->flow = source_open(&t->source, &t->stream, code);
    if (t->flow && t->task != TASK_NUMBERS && t->stream.class_mode != LADE_CLASS_BINARY &&
        lade_flow_source(t->flow).classes < 2) {
        *code = out_usage("%s has one class; training needs at least two", t->source.path);
        return false;
    }
    return t->flow && ((!split && !t->validation) || open_validation(t, code));
}

/* Returns true if the loss has not improved for --patience epochs (early stopping). */
static bool out_of_patience(const struct train *t) {
    int best = 0;
    for (int i = 1; i < t->done; i++) {
        const struct lade_metrics *m = &t->history[i], *b = &t->history[best];
        if (t->validation_flow ? m->val_loss < b->val_loss : m->loss < b->loss)
            best = i;
    }
    return t->patience > 0 && t->done - 1 - best >= t->patience;
}

/* This function is called after each epoch. Returns false to stop training. */
static bool finish_epoch(struct train *t, const struct lade_metrics *m) {
    t->history[t->done++] = *m;
    t->validated = 0;
    if (t->task == TASK_NUMBERS) /* numbers have no accuracy */
        t->history[t->done - 1].accuracy = t->history[t->done - 1].val_accuracy = (double)NAN;
    if (!train_score_epoch(t, m))
        return false;
    if (t->json)
        train_json_epoch(t, &t->history[t->done - 1]);
    else
        train_print_epoch(t, &t->history[t->done - 1]);
    if (!out_flush() || !train_files_epoch(t, &t->history[t->done - 1]))
        return false;
    t->over = m->epoch + 1 == t->epochs || out_of_patience(t);
    return !t->over || m->epoch + 1 == t->epochs;
}

/* This function is called after each validation batch. Returns false to cancel the validation. */
static bool on_validation_batch(void *train, const struct lade_batch *b) {
    struct train *t = train;
    t->validated += b->n;
    train_show_validation(t);
    return !interrupted();
}

static struct lade_fit_options fit_options(struct train *t) {
    struct lade_fit_options fit = {.epochs = (int)t->epochs,
                                   .steps_per_epoch = t->steps,
                                   .yield_every = 1,
                                   .checkpoint = t->out,
                                   .checkpoint_every = t->checkpoint_every,
                                   .allow_different = t->allow_different,
                                   .keep_schedule = t->keep_schedule,
                                   .restore_best_weights = t->keep != KEEP_LAST,
                                   .best_by_loss = t->task != TASK_CLASS};
    training_options_apply(&t->training, &fit);
    fit.schedule.warmup = train_warmup(t);
    if (t->validation_flow) {
        t->observed = (struct observed_source){lade_flow_source(t->validation_flow), on_validation_batch, t};
        fit.validation = observed_source_open(&t->observed);
    }
    if (t->resume && access(t->out, F_OK) == 0)
        fit.resume = t->out;
    fit.replay = true; /* the table, the curves and --patience cover the whole run */
    return fit;
}

/* Returns true if @subject, the subject of a LADE_EMISMATCH error, is a property of the machine. With
   --allow-different, such a property may differ from the process that saved the checkpoint. */
static bool is_machine(const char *subject) {
    return strcmp(subject, "threads") == 0 || strcmp(subject, "kernels") == 0;
}

/* Prints a message if the learning rate of the first step after --resume differs from the rate that the saved run would
   have used. */
static void report_jump(const struct train *t, const struct lade_metrics *m) {
    if (m->epoch_end || !(fabs(m->last_lr - m->resumed_lr) > 1e-6 * fmax(m->last_lr, m->resumed_lr)))
        return;
    out_error("the learning rate jumps from %s to %s, because the schedule now ends after %" PRId64
              " epochs; use --keep-schedule to keep its old course",
              text_number(m->resumed_lr).s, text_number(m->last_lr).s, t->epochs);
}

int train_run(struct train *t) {
    struct lade_fit_options fit = fit_options(t);
    struct lade_error err = {0};
    double start = terminal_now();
    bool too_long = false, begun = false;
    train_start(t);
    interrupt_protect(true); /* after a signal, lade_fit() writes a checkpoint. train() ends the protection */
    lade_for_each (m, lade_fit(t->net, lade_flow_source(t->flow), &fit), &err) {
        if (!m->replayed && !begun)
            report_jump(t, m);
        begun = begun || !m->replayed;
        if (m->epoch_end && t->done == t->epochs) {
            too_long = true;
            break;
        }
        if (m->epoch_end && !finish_epoch(t, m))
            break;
        train_show_step(t, m);
        if (interrupted())
            break;
    }
    t->seconds = terminal_now() - start;
    t->peak_rss = stream_peak_rss();
    progress_end();
    if (interrupted()) {
        if (t->out && access(t->out, F_OK) == 0)
            out_error("the run is saved in %s; use --resume to continue it", t->out);
        return EXIT_INTERRUPTED;
    }
    if (err.code == LADE_EINVAL) /* the options, the net and the images do not fit together */
        return out_usage("%s", err.message);
    if (err.code)
        stream_print_error(&err, t->source.path, &t->stream);
    if (err.code == LADE_EMISMATCH && is_machine(err.subject))
        out_error("to continue anyway, use --allow-different");
    if (err.code == LADE_EMISMATCH && strcmp(err.subject, "warmup") == 0 && !opt_given(&t->training.schedule.warmup))
        out_error(
            "the default of --warmup depends on --epochs; to continue the run, give the saved value with --warmup");
    if (too_long)
        return out_usage("--epochs %" PRId64 ": the run saved in %s has already trained more epochs", t->epochs,
                         t->out);
    return err.code || !t->over ? EXIT_FAILED : EXIT_OK;
}
