/*
 * Prints the output of a training run. The table and the progress line are printed during the run, and the summary and
 * the JSON after the run.
 */
#include "command/train/train.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "option/stream.h"
#include "report/json.h"
#include "report/stream_report.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/text.h"

/* Prints the numbers of images and the shape of the samples. */
static void print_images(const struct train *t) {
    char *name = text_escape(t->source.path), *shape = stream_shape(t->flow, &t->stream);
    int64_t outputs = t->task == TASK_CLASS ? lade_flow_classes(t->flow) : lade_flow_source(t->flow).classes;
    static const char *const kinds[] = {[TASK_CLASS] = "class", [TASK_LABELS] = "label", [TASK_NUMBERS] = "number"};
    out_print("%s: %s %s %s as %s", name, text_counted(lade_flow_samples(t->flow), "image").s,
              t->task == TASK_CLASS ? "in" : "with", text_counted(outputs, kinds[t->task]).s, shape);
    if (t->validation_flow)
        out_print("; %s for validation", text_count(lade_flow_samples(t->validation_flow)).s);
    if (t->validation_flow && !t->validation)
        out_print(" (%.3g of %s, %s)", (double)t->validation_split, t->task == TASK_CLASS ? "each class" : "the images",
                  t->stream.split == LADE_SPLIT_SEEDED ? "chosen by the seed" : "the first by name");
    if (t->sizes.count && !opt_given(&t->stream.target_size))
        out_print("\ntarget size %dx%d: the shorter side of the images has %d pixels (median of %d)",
                  t->stream.target_size[0], t->stream.target_size[1], t->sizes.shorter_side, t->sizes.count);
    out_print("\n");
    free(shape);
    free(name);
}

void train_print_settings(const struct train *t) {
    const struct lade_net_info *info = lade_net_info(t->net);
    /* The layers of a preset are a long text, which --dry-run prints as a table. */
    char *net = text_escape(train_net_is_preset(t->net_text) ? t->net_text : info->spec);
    char *training = training_options_text(&t->training), *augmentation = stream_augmentation(&t->stream);
    print_images(t);
    out_print("%s: %s\n%s, batches of %" PRId64 "; %s\n\n", net, text_counted(info->parameters, "parameter").s,
              training, (int64_t)lade_flow_options_get(t->flow)->batch_size, augmentation);
    free(augmentation);
    free(training);
    free(net);
}

void train_print_head(const struct train *t) {
    out_print("%7s  %8s", "epoch", "loss");
    if (t->task != TASK_NUMBERS)
        out_print("  %8s", "accuracy");
    if (t->validation_flow)
        out_print("  %15s", "validation loss");
    if (t->validation_flow && t->task != TASK_NUMBERS)
        out_print("  %19s", "validation accuracy");
    if (t->validation_flow && t->task == TASK_LABELS)
        out_print("  %7s", "mean AP");
    if (t->validation_flow && t->task == TASK_NUMBERS)
        out_print("  %8s  %7s", "MAE", "R2");
    out_print("  %8s  %8s\n", "images/s", "time");
    out_flush();
}

/* Prints the metrics of epoch number @epoch that exist only for several labels or for numbers. */
static void print_scores(const struct train *t, int epoch) {
    const struct epoch_scores *s = &t->scores[epoch];
    if (t->task == TASK_LABELS)
        out_print("  %7.4f", s->mean_average_precision);
    if (t->task != TASK_NUMBERS)
        return;
    out_print("  %8s", isfinite(s->mae) ? text_number(s->mae).s : "-");
    out_print("  %7.4f", s->r2);
}

void train_print_epoch(const struct train *t, const struct lade_metrics *m) {
    char epoch[32];
    snprintf(epoch, sizeof epoch, "%d/%d", m->epoch + 1, m->epochs);
    progress_hide();
    out_print(m->loss < 1e3 ? "%7s  %8.4f" : "%7s  %8.2g", epoch, m->loss);
    if (t->task != TASK_NUMBERS)
        out_print("  %7.1f%%", 100 * m->accuracy);
    if (t->validation_flow)
        out_print(m->val_loss < 1e3 ? "  %15.4f" : "  %15.2g", m->val_loss);
    if (t->validation_flow && t->task != TASK_NUMBERS)
        out_print("  %18.1f%%", 100 * m->val_accuracy);
    if (t->validation_flow)
        print_scores(t, m->epoch);
    if (m->replayed) /* an epoch of an earlier process, whose speed is unknown */
        out_print("  %8s  %8s\n", "-", "-");
    else
        out_print("  %8s  %8s\n", text_rate(m->images_per_s).s, text_seconds(m->seconds).s);
}

/* The next three functions return the number of images of an epoch: for training, for validation, and in total. */
static int64_t train_images(const struct train *t) {
    int64_t batch = lade_flow_options_get(t->flow)->batch_size;
    return t->steps ? t->steps * batch : lade_flow_samples(t->flow);
}

static int64_t validation_images(const struct train *t) {
    return t->validation_flow ? lade_flow_samples(t->validation_flow) : 0;
}

static int64_t epoch_images(const struct train *t) {
    return train_images(t) + validation_images(t);
}

/* Starts one progress line for all epochs, so that the line shows the remaining time of the whole run. */
void train_start(const struct train *t) {
    progress_start("train", t->epochs * epoch_images(t), "img");
}

/*
 * Returns true if the stream is slower than the computation. Batches are prepared in advance, so the computation waits
 * only if the stream is slower. @wait is the part of @seconds that was spent waiting.
 */
static bool loader_bound(double wait, double seconds) {
    return wait > 0.1 * seconds;
}

void train_show_step(const struct train *t, const struct lade_metrics *m) {
    char epoch[40], step[48], text[64];
    int64_t epochs_done = m->epoch + m->epoch_end;
    snprintf(epoch, sizeof epoch, "epoch %d/%lld", m->epoch + 1, (long long)t->epochs);
    progress_rename(epoch);
    snprintf(step, sizeof step, "step %*lld/%lld", snprintf(NULL, 0, "%lld", (long long)m->steps), (long long)m->step,
             (long long)m->steps);
    int end = snprintf(text, sizeof text, m->loss < 1e3 ? "loss %.3f" : "loss %.2g", m->loss);
    if (t->task != TASK_NUMBERS)
        snprintf(text + end, sizeof text - (size_t)end, "  acc %5.1f%%", 100 * m->accuracy);
    struct progress_text line = {.count = step,
                                 .more = text,
                                 .last = loader_bound(m->wait_seconds, m->seconds) ? "loader-bound" : "compute-bound"};
    progress_show(epochs_done * epoch_images(t) + (m->epoch_end ? 0 : m->samples), &line);
}

void train_show_validation(const struct train *t) {
    char epoch[40], count[64];
    snprintf(epoch, sizeof epoch, "epoch %d/%lld", t->done + 1, (long long)t->epochs);
    progress_rename(epoch);
    snprintf(count, sizeof count, "validation %s/%s", text_count(t->validated).s, text_count(validation_images(t)).s);
    progress_show(t->done * epoch_images(t) + train_images(t) + t->validated, &(struct progress_text){.count = count});
}

/* Returns the epoch with the best validation result, or the last epoch if there is no validation. */
static const struct lade_metrics *best_epoch(const struct train *t) {
    const struct lade_metrics *last = &t->history[t->done - 1];
    return last->best_epoch < 0 ? last : &t->history[last->best_epoch];
}

const struct lade_metrics *train_kept_epoch(const struct train *t) {
    return t->keep == KEEP_LAST ? &t->history[t->done - 1] : best_epoch(t);
}

/*
 * Returns the total time of the finished epochs, the part of this time that was spent waiting for the stream, and the
 * average rate. Epochs that an earlier process trained before --resume are not included.
 */
static struct lade_metrics run_totals(const struct train *t) {
    struct lade_metrics sum = {0};
    double images = 0;
    for (int i = 0; i < t->done; i++) {
        images += t->history[i].images_per_s * t->history[i].seconds;
        sum.seconds += t->history[i].seconds;
        sum.wait_seconds += t->history[i].wait_seconds;
    }
    sum.images_per_s = sum.seconds > 0 ? images / sum.seconds : (double)NAN;
    return sum;
}

static json_t *epoch_json(const struct train *t, const struct lade_metrics *m) {
    json_t *epoch = json_new_object();
    json_put_int(epoch, "epoch", m->epoch + 1);
    json_put_real(epoch, "loss", m->loss);
    json_put_real(epoch, "accuracy", m->accuracy);
    json_put_real(epoch, "val_loss", m->val_loss);
    json_put_real(epoch, "val_accuracy", m->val_accuracy);
    json_put_real(epoch, "images_per_s", m->replayed ? (double)NAN : m->images_per_s);
    json_put_real(epoch, "seconds", m->replayed ? (double)NAN : m->seconds);
    json_put_real(epoch, "wait_seconds", m->replayed ? (double)NAN : m->wait_seconds);
    json_put_real(epoch, "lr", m->last_lr);
    for (int i = 0; train_score_names(t)[i]; i++)
        json_put_real(epoch, train_score_names(t)[i], train_score(t, m->epoch, i));
    return epoch;
}

void train_json_epoch(const struct train *t, const struct lade_metrics *m) {
    json_print(epoch_json(t, m));
}

void train_report_json(const struct train *t) {
    const struct lade_net_info *info = lade_net_info(t->net);
    json_t *object = json_new_object(), *epochs = json_new_array();
    for (int i = 0; i < t->done; i++)
        json_append(epochs, epoch_json(t, &t->history[i]));
    json_put(object, "epochs", epochs);
    json_put_real(object, "val_accuracy", t->history[t->done - 1].val_accuracy);
    for (int i = 0; train_score_names(t)[i]; i++)
        json_put_real(object, train_score_names(t)[i], train_score(t, t->done - 1, i));
    json_put_int(object, "best_epoch", best_epoch(t)->epoch + 1);
    json_put_real(object, "best_val_accuracy", best_epoch(t)->val_accuracy);
    json_put_int(object, "kept_epoch", train_kept_epoch(t)->epoch + 1);
    json_put_real(object, "chance_loss", train_chance_loss(t));
    json_put(object, "stopped_early", json_boolean(t->history[t->done - 1].epoch + 1 < t->epochs));
    json_put_text(object, "net", info->spec);
    json_put_int(object, "parameters", info->parameters);
    json_put_int(object, "images", lade_flow_samples(t->flow));
    json_put_int(object, "held_out", t->validation_flow ? lade_flow_samples(t->validation_flow) : 0);
    json_put_int(object, "classes", lade_flow_classes(t->flow));
    json_put_int(object, "outputs", info->outputs);
    json_put_int(object, "skipped",
                 lade_flow_invalid_count(t->flow) +
                     (t->validation_flow ? lade_flow_invalid_count(t->validation_flow) : 0));
    stream_put_invalid(object, t->flow, t->validation_flow);
    struct lade_metrics sum = run_totals(t);
    json_put_real(object, "images_per_s", sum.images_per_s);
    json_put_text(object, "bound", loader_bound(sum.wait_seconds, sum.seconds) ? "loader" : "compute");
    json_put_real(object, "seconds", t->seconds);
    json_put_int(object, "peak_rss_bytes", t->peak_rss);
    const char *names[] = {"out", "last_out", "log", "plot", "confusion", "mistakes"};
    const char *paths[] = {t->out, t->last_path, t->log_path, t->plot, t->confusion, t->mistakes};
    for (int i = 0; i < 6; i++)
        if (paths[i])
            json_put_text(object, names[i], paths[i]);
    json_print(object);
}

/* Prints the metrics of the best epoch for several labels or numbers. */
static void report_scores(const struct train *t) {
    const struct lade_metrics *best = best_epoch(t);
    const struct epoch_scores *s = &t->scores[best->epoch];
    if (t->task == TASK_CLASS || !t->validation_flow)
        return;
    out_print("  validation loss      %s after epoch %d, the lowest of all epochs\n", text_number(best->val_loss).s,
              best->epoch + 1);
    if (t->task == TASK_LABELS && isfinite(s->mean_average_precision))
        out_print("  mean AP              %.4f in this epoch\n", s->mean_average_precision);
    if (t->task == TASK_NUMBERS && isfinite(s->mae))
        out_print("  MAE                  %s in this epoch; R2 %.4f\n", text_number(s->mae).s, s->r2);
}

void train_report(const struct train *t) {
    const struct lade_metrics *last = &t->history[t->done - 1], *best = best_epoch(t);
    out_print("\n");
    report_scores(t);
    bool has_accuracy = t->task == TASK_CLASS && t->validation_flow; /* the accuracy of the best epoch */
    if (has_accuracy && best == last)
        out_print("  validation accuracy  %.1f%%, the best of all epochs\n", 100 * last->val_accuracy);
    else if (has_accuracy)
        out_print("  validation accuracy  %.1f%%; best %.1f%% after epoch %d\n", 100 * last->val_accuracy,
                  100 * best->val_accuracy, best->epoch + 1);
    struct lade_metrics sum = run_totals(t);
    if (sum.seconds > 0) {
        out_print("  rate                 %s images/s\n", text_rate(sum.images_per_s).s);
        out_print("  bound by             %s; %.0f%% of the time was spent waiting for images\n",
                  loader_bound(sum.wait_seconds, sum.seconds) ? "the loader" : "computation",
                  100 * sum.wait_seconds / sum.seconds);
    }
    out_print("  time                 %s\n", text_seconds(t->seconds).s);
    out_print("  peak memory          %s\n", text_bytes(t->peak_rss).s);
    char kept[48];
    snprintf(kept, sizeof kept, "net of epoch %d", train_kept_epoch(t)->epoch + 1);
    const char *names[] = {kept, "last net", "log", "curves", "confusion matrix", "mistakes"};
    const char *paths[] = {t->out, t->last_path, t->log_path, t->plot, t->confusion, t->mistakes};
    for (int i = 0; i < 6; i++)
        if (paths[i]) {
            char *shown = text_escape(paths[i]);
            out_print("  %-19s  %s\n", names[i], shown);
            free(shown);
        }
}
