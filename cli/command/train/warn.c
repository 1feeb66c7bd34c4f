/*
 * Warns about a run whose net has not learned anything. Such a net predicts the same for each image. Its loss is not
 * below the loss of chance, which is the loss of a net that always predicts the frequencies of the classes. For
 * numbers, R2 compares the net with the mean of the true numbers.
 */
#include <math.h>

#include "command/train/train.h"
#include "terminal/output.h"
#include "terminal/text.h"

double train_chance_loss(const struct train *t) {
    double images = (double)lade_flow_samples(t->flow), loss = 0;
    enum lade_loss kind = lade_net_info(t->net)->loss;
    bool binary = kind == LADE_BINARY_CROSS_ENTROPY && t->stream.class_mode == LADE_CLASS_BINARY;
    if (kind != LADE_SOFTMAX_CROSS_ENTROPY && !binary)
        return (double)NAN;
    for (int i = 0; i < lade_flow_classes(t->flow); i++) {
        double p = (double)lade_flow_class_count(t->flow, i) / images;
        loss -= p > 0 ? p * log(p) : 0;
    }
    return loss;
}

/* Returns true if the loss has fallen below chance in some epoch, or if the losses cannot be compared. */
static bool has_learned(const struct train *t, double chance) {
    for (int i = 0; i < t->done; i++)
        if (t->history[i].loss < 0.99 * chance || t->history[i].val_loss < 0.99 * chance)
            return true;
    return isnan(chance) || t->training.class_weight;
}

/* Returns the highest R2 of all epochs, or NaN if the run has none. */
static double best_r2(const struct train *t) {
    double best = NAN;
    for (int i = 0; i < t->done && t->task == TASK_NUMBERS; i++)
        best = fmax(best, t->scores[i].r2); /* ignores NaN */
    return best;
}

void train_warn(const struct train *t) {
    if (best_r2(t) <= 0)
        out_error(
            "warning: the predictions of no epoch are better than the mean of the numbers (R2 %s); train for more "
            "epochs, or divide the numbers so that they are near 1",
            text_number(best_r2(t)).s);
    const struct lade_optimizer *o = &t->training.optimizer;
    double chance = train_chance_loss(t), usual = (double)lade_optimizer_info(o->kind)->defaults.lr;
    double lr = o->lr > 0 ? (double)o->lr : usual;
    if (has_learned(t, chance))
        return;
    out_error("warning: the loss did not fall below chance (%s); %s %s%s", text_number(chance).s,
              lr > 5 * usual ? "the learning rate" : "train for more epochs, or change the learning rate",
              text_number(lr).s, lr > 5 * usual ? " is probably too high" : "");
}
