/*
 * What a training run looks like: while it goes on, and when it is over.
 */
#include "train_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "chart.h"
#include "json.h"
#include "out.h"
#include "progress.h"
#include "stream.h"
#include "text.h"

void train_print_head(const struct train *t) {
    const struct lade_net_info *info = lade_net_info(t->net);
    char *name = text_escape(t->directory), *net = text_escape(info->spec), *shape = stream_shape(t->flow, &t->stream);
    out_print("%s: %s in %s as %s", name, text_counted(lade_flow_samples(t->flow), "image").s,
              text_counted(lade_flow_classes(t->flow), "class").s, shape);
    if (t->held_out)
        out_print("; %s held out", text_count(lade_flow_samples(t->held_out)).s);
    out_print("\n%s: %s\n\n", net, text_counted(info->parameters, "parameter").s);
    out_print("%7s  %8s  %8s", "epoch", "loss", "accuracy");
    if (t->held_out)
        out_print("  %13s  %17s", "held-out loss", "held-out accuracy");
    out_print("  %8s  %8s\n", "images/s", "time");
    out_flush();
    free(shape);
    free(net);
    free(name);
}

void train_print_epoch(const struct train *t, const struct lade_metrics *m) {
    char epoch[32];
    snprintf(epoch, sizeof epoch, "%d/%d", m->epoch + 1, m->epochs);
    progress_hide();
    out_print(m->loss < 1e3 ? "%7s  %8.4f  %7.1f%%" : "%7s  %8.2g  %7.1f%%", epoch, m->loss, 100 * m->accuracy);
    if (t->held_out)
        out_print(m->val_loss < 1e3 ? "  %13.4f  %16.1f%%" : "  %13.2g  %16.1f%%", m->val_loss, 100 * m->val_accuracy);
    out_print("  %8s  %8s\n", text_rate(m->images_per_s).s, text_seconds(m->seconds).s);
}

void train_start_epoch(const struct train *t, int epoch) {
    char what[40];
    int64_t batch = t->stream.batch_size ? t->stream.batch_size : 32;
    snprintf(what, sizeof what, "epoch %d/%lld", epoch + 1, (long long)t->epochs);
    progress_start(what, t->steps ? t->steps * batch : lade_flow_samples(t->flow), "img");
}

void train_show_step(const struct lade_metrics *m) {
    char words[80];
    snprintf(words, sizeof words, "loss %.3f  accuracy %5.1f%%", m->loss, 100 * m->accuracy);
    progress_show(m->samples, words);
}

/* The epoch with the highest held-out accuracy; the last one where nothing is held out. */
static const struct lade_metrics *best_epoch(const struct train *t) {
    const struct lade_metrics *best = &t->history[t->done - 1];
    for (int i = t->done - 1; i >= 0; i--)
        if (t->history[i].val_accuracy >= best->val_accuracy)
            best = &t->history[i];
    return best;
}

void train_report_json(const struct train *t) {
    const struct lade_net_info *info = lade_net_info(t->net);
    json_t *object = json_new_object(), *epochs = json_new_array();
    for (int i = 0; i < t->done; i++) {
        const struct lade_metrics *m = &t->history[i];
        json_t *epoch = json_new_object();
        json_put_real(epoch, "loss", m->loss);
        json_put_real(epoch, "accuracy", m->accuracy);
        json_put_real(epoch, "val_loss", m->val_loss);
        json_put_real(epoch, "val_accuracy", m->val_accuracy);
        json_put_real(epoch, "images_per_s", m->images_per_s);
        json_put_real(epoch, "seconds", m->seconds);
        json_put_real(epoch, "wait_seconds", m->wait_seconds);
        json_append(epochs, epoch);
    }
    json_put(object, "epochs", epochs);
    json_put_real(object, "val_accuracy", t->history[t->done - 1].val_accuracy);
    json_put_int(object, "best_epoch", best_epoch(t)->epoch + 1);
    json_put_text(object, "net", info->spec);
    json_put_int(object, "parameters", info->parameters);
    json_put_int(object, "images", lade_flow_samples(t->flow));
    json_put_int(object, "held_out", t->held_out ? lade_flow_samples(t->held_out) : 0);
    json_put_int(object, "classes", lade_flow_classes(t->flow));
    json_put_int(object, "skipped", lade_flow_bad_count(t->flow));
    json_put_real(object, "seconds", t->seconds);
    json_put_int(object, "peak_rss_bytes", stream_peak_rss());
    if (t->out)
        json_put_text(object, "out", t->out);
    if (t->plot)
        json_put_text(object, "plot", t->plot);
    json_print(object);
}

void train_report(const struct train *t) {
    const struct lade_metrics *last = &t->history[t->done - 1], *best = best_epoch(t);
    out_print("\n");
    if (t->held_out && best == last)
        out_print("  held-out accuracy  %.1f%%, the best of all epochs\n", 100 * last->val_accuracy);
    else if (t->held_out)
        out_print("  held-out accuracy  %.1f%%; best %.1f%% after epoch %d\n", 100 * last->val_accuracy,
                  100 * best->val_accuracy, best->epoch + 1);
    double images = 0, seconds = 0;
    for (int i = 0; i < t->done; i++) {
        images += (double)t->history[i].samples;
        seconds += t->history[i].seconds;
    }
    out_print("  rate               %s images/s\n", text_rate(images / seconds).s);
    out_print("  time               %s\n", text_seconds(t->seconds).s);
    out_print("  peak memory        %s\n", text_bytes(stream_peak_rss()).s);
    const char *names[] = {"net", "curves"}, *paths[] = {t->out, t->plot};
    for (int i = 0; i < 2; i++)
        if (paths[i]) {
            char *shown = text_escape(paths[i]);
            out_print("  %-17s  %s\n", names[i], shown);
            free(shown);
        }
}

bool train_plot(const struct train *t) {
    struct chart_epoch *epochs = text_alloc((size_t)t->done, sizeof *epochs);
    for (int i = 0; i < t->done; i++) {
        const struct lade_metrics *m = &t->history[i];
        epochs[i] = (struct chart_epoch){m->loss, m->accuracy, m->val_loss, m->val_accuracy};
    }
    char *title = text_printf("Training on %s", t->directory), *augmentation = stream_augmentation(&t->stream);
    char *below =
        text_printf("%s  \u00b7  sgd, lr %s, momentum %s  \u00b7  %s  \u00b7  %s, %s", lade_net_info(t->net)->spec,
                    text_number(t->optimizer.lr).s, text_number(t->optimizer.momentum).s, augmentation,
                    text_counted(lade_flow_samples(t->flow), "image").s, text_counted(t->done, "epoch").s);
    bool written = chart_write(t->plot, title, below, epochs, t->done);
    free(below);
    free(augmentation);
    free(title);
    free(epochs);
    return written;
}
