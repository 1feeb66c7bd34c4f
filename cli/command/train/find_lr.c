/*
 * Implements lade train --find-lr, which is the learning rate range test of Smith ("Cyclical learning rates for
 * training neural networks", WACV 2017). The learning rate rises exponentially from step to step. At first the loss
 * falls faster and faster. Later the rate is too high, and the loss rises. A good learning rate is a tenth of the
 * highest rate whose loss is still low.
 */
#include <math.h>
#include <stdlib.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/train/train.h"
#include "report/lr_chart.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/module.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/text.h"

enum { STEPS = 120 };
#define LOWEST    1e-6
#define HIGHEST   10.0
#define SMOOTHING 0.9  /* weight of the earlier losses in the smoothed loss */
#define LOW       0.05 /* a loss is low if it is at most lowest + LOW * (first - lowest) */
#define DIVERGED  3.0  /* the test ends if the smoothed loss is this multiple of the lowest smoothed loss */

struct test {
    double rates[STEPS], losses[STEPS]; /* the losses are smoothed */
    int count, best;                    /* best: index of the lowest loss */
};

/* Adds a loss. Returns false if the test must end, because the loss is too high or not finite. */
static bool add(struct test *test, double *mean, double rate, double loss) {
    int i = test->count;
    *mean = SMOOTHING * *mean + (1 - SMOOTHING) * loss;
    double smoothed = *mean / (1 - pow(SMOOTHING, i + 1)); /* removes the effect of the initial mean 0 */
    if (!isfinite(smoothed) || (i > 0 && smoothed > DIVERGED * test->losses[test->best]))
        return false;
    test->rates[i] = rate;
    test->losses[i] = smoothed;
    if (smoothed < test->losses[test->best])
        test->best = i;
    test->count++;
    return true;
}

/* Trains with one batch and the learning rate @rate, and stores the loss. */
static int step(lade_trainer *trainer, const struct lade_source *source, double rate, double *loss,
                struct lade_error *err) {
    struct lade_batch *batch = NULL;
    int status = source->next(source->ctx, &batch, err);
    if (status < 0)
        return status;
    status = lade_trainer_set_lr(trainer, rate, err);
    if (status == LADE_OK)
        status = lade_trainer_backward(trainer, batch, err);
    if (status == LADE_OK)
        status = lade_trainer_update(trainer, err);
    *loss = lade_trainer_metrics(trainer)->loss;
    lade_batch_unref(batch);
    return status;
}

static int run_test(const struct train *t, struct test *test, struct lade_error *err) {
    struct lade_fit_options fit = {0};
    training_options_apply(&t->training, &fit);
    struct lade_trainer_options options = {.optimizer = fit.optimizer,
                                           .clipvalue = fit.clipvalue,
                                           .global_clipnorm = fit.global_clipnorm,
                                           .label_smoothing = fit.label_smoothing,
                                           .class_weight = fit.class_weight};
    struct lade_source source = lade_flow_source(t->flow);
    lade_trainer *trainer = lade_trainer_new(t->net, &options, err);
    int status = trainer ? LADE_OK : err->code;
    double mean = 0, loss = 0;
    progress_start("find-lr", STEPS, "steps");
    for (int i = 0; status == LADE_OK && i < STEPS && !interrupted(); i++) {
        double rate = LOWEST * pow(HIGHEST / LOWEST, i / (STEPS - 1.0));
        status = step(trainer, &source, rate, &loss, err);
        progress_show(i + 1, NULL);
        if (status == LADE_OK && !add(test, &mean, rate, loss))
            break;
    }
    progress_end();
    lade_trainer_free(trainer);
    return status == LADE_ENUMERIC && test->count > 0 ? LADE_OK : status;
}

/* Returns the highest rate with a low loss. */
static double highest_good(const struct test *test) {
    double lowest = test->losses[test->best], limit = lowest + LOW * (test->losses[0] - lowest);
    int i = test->count - 1;
    while (i > test->best && test->losses[i] > limit)
        i--;
    return test->rates[i];
}

/* Returns the rate rounded to one digit. */
static double rounded(double rate) {
    double power = pow(10, floor(log10(rate)));
    return round(rate / power) * power;
}

int train_find_lr(struct train *t) {
    struct lade_error err = {0};
    struct test test = {0};
    int status = run_test(t, &test, &err);
    if (interrupted())
        return EXIT_INTERRUPTED;
    if (status < 0) {
        stream_print_error(&err, t->source.path, &t->stream);
        return EXIT_FAILED;
    }
    double highest = rounded(highest_good(&test)), rate = rounded(highest / 10);
    char *title = text_printf("Learning rates on %s", t->source.path);
    char *below =
        text_printf("%s; the loss is low up to %s; suggested rate %s",
                    lade_optimizer_info(t->training.optimizer.kind)->name, text_number(highest).s, text_number(rate).s);
    bool written =
        module_call("draw", lr_chart_draw, t->find_lr, title, below, test.rates, test.losses, test.count, rate);
    free(below);
    free(title);
    if (!written)
        return EXIT_FAILED;
    out_print("the loss is low up to a learning rate of %s\nsuggestion: --lr %s\n", text_number(highest).s,
              text_number(rate).s);
    char *shown = text_escape(t->find_lr);
    out_print("curve: %s\n", shown);
    free(shown);
    return EXIT_OK;
}
