/*
 * lade eval - test a net that was saved: how often it is right, and what it takes for what.
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command.h"
#include "json.h"
#include "opt.h"
#include "out.h"
#include "progress.h"
#include "stop.h"
#include "stream.h"
#include "table.h"
#include "term.h"
#include "text.h"

struct eval {
    const char *net_path, *directory;
    int threads;
    bool json;
    struct lade_flow_options stream;

    lade_net *net;
    lade_flow *flow;
    int classes;
    int64_t *confusion; /* (classes, classes): rows are what it is, columns what the net says */
    int64_t images, right;
    double loss, seconds; /* loss: a sum */
};

static const struct opt options[] = {{"threads", OPT_INT, OPT_AT(struct eval, threads), .value = "N", .low = 0,
                                      .high = 1024, .help = "threads that compute; 0: one per core", .preset = "0"},
                                     {"json", OPT_FLAG, OPT_AT(struct eval, json),
                                      .help = "print one JSON object: accuracy, loss, images, classes, confusion, ..."},
                                     {0}};

/* Images as the net was made for them; returns how the program ends. */
static int fit_stream(struct eval *e) {
    const struct lade_net_info *info = lade_net_info(e->net);
    bool last = e->stream.data_format == LADE_CHANNELS_LAST;
    int64_t channels = info->sample_ndim == 3 ? info->sample_shape[last ? 2 : 0] : 0;
    if (channels != 1 && channels != 3 && channels != 4)
        return out_usage("%s: the net is not for images with channels %s", e->net_path,
                         last ? "last; try --data-format channels_first" : "first");
    int height = (int)info->sample_shape[last ? 0 : 1], width = (int)info->sample_shape[last ? 1 : 2];
    const int *given = e->stream.target_size;
    if (given[0] && (given[0] != height || given[1] != width))
        return out_usage("--target-size %dx%d: the net is for images of %dx%d", given[0], given[1], height, width);
    e->stream.target_size[0] = height;
    e->stream.target_size[1] = width;
    e->stream.color_mode = channels == 1 ? LADE_GRAYSCALE : channels == 3 ? LADE_RGB : LADE_RGBA;
    e->stream.class_mode = LADE_SPARSE;
    e->stream.order = LADE_SORTED;
    stream_rescale_for_net(&e->stream);
    return EXIT_OK;
}

/* Opens the directory with the net's classes in the net's order, unless others were asked for. */
static bool open_flow(struct eval *e, int *code) {
    const struct lade_net_info *info = lade_net_info(e->net);
    size_t count = info->class_names && !e->stream.classes ? (size_t)info->class_names_count : 0;
    char **names = text_alloc(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = text_unescape(info->class_names[i]);
    if (count)
        e->stream.classes = (const char *const *)names;
    e->flow = stream_open(e->directory, &e->stream, code);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    if (!e->flow)
        return false;
    e->classes = lade_flow_classes(e->flow);
    if (e->classes == (info->outputs == 1 ? 2 : info->outputs))
        return true;
    *code = out_usage("%s tells %" PRId64 " classes apart, but %s has %d; choose them by --classes", e->net_path,
                      info->outputs == 1 ? 2 : info->outputs, e->directory, e->classes);
    return false;
}

/* Counts one image: of class @truth, with these probabilities, one for each output. */
static void count_image(struct eval *e, int truth, const float *p, int64_t outputs) {
    int guess = outputs == 1 ? p[0] >= 0.5f : 0;
    for (int64_t j = 1; j < outputs; j++)
        if (p[j] > p[guess])
            guess = (int)j;
    double of_truth = outputs > 1 ? (double)p[truth] : truth ? (double)p[0] : 1 - (double)p[0];
    e->loss -= log(fmax(of_truth, 1e-30));
    e->confusion[truth * e->classes + guess]++;
    e->right += guess == truth;
    e->images++;
}

/* One pass over the images; returns how the program ends. */
static int run(struct eval *e) {
    int64_t outputs = lade_net_info(e->net)->outputs, steps = lade_flow_steps(e->flow);
    float *p = NULL;
    struct lade_error err = {0};
    double start = term_now();
    progress_start("eval", lade_flow_samples(e->flow), "img");
    lade_for_each (b, lade_flow_batches(e->flow), &err) {
        p = realloc(p, sizeof *p * (size_t)((b->n + 1) * outputs));
        if (!p)
            out_die("out of memory");
        if (lade_net_predict(e->net, b->x, p, &err) < 0)
            break;
        for (int64_t i = 0; i < b->n; i++)
            count_image(e, lade_flow_class_of(e->flow, b->indices[i]), p + i * outputs, outputs);
        progress_show(e->images, NULL);
        if (b->step + 1 == steps || stop_asked())
            break;
    }
    e->seconds = term_now() - start;
    progress_end();
    free(p);
    if (stop_asked())
        return EXIT_STOPPED;
    if (err.code)
        stream_complain(&err, e->directory, &e->stream);
    else if (e->images == 0)
        out_error("%s: there is no good image to test on", e->directory);
    return err.code || e->images == 0 ? EXIT_FAILED : EXIT_OK;
}

static void report_json(const struct eval *e) {
    json_t *object = json_new_object(), *names = json_new_array(), *confusion = json_new_array();
    for (int i = 0; i < e->classes; i++) {
        json_t *row = json_new_array();
        for (int j = 0; j < e->classes; j++)
            json_append(row, json_integer(e->confusion[i * e->classes + j]));
        json_append(confusion, row);
        json_append(names, json_of_text(lade_flow_class_names(e->flow)[i]));
    }
    json_put_real(object, "accuracy", (double)e->right / (double)e->images);
    json_put_real(object, "loss", e->loss / (double)e->images);
    json_put_int(object, "images", e->images);
    json_put(object, "classes", names);
    json_put(object, "confusion", confusion);
    json_put_int(object, "skipped", lade_flow_bad_count(e->flow));
    json_put(object, "bad", stream_bad_json(e->flow));
    json_put_real(object, "seconds", e->seconds);
    json_put_real(object, "images_per_s", (double)e->images / e->seconds);
    json_put_int(object, "peak_rss_bytes", stream_peak_rss());
    json_print(object);
}

/* A row per class: how many, how often right, and the class it is most often taken for. */
static void report(const struct eval *e) {
    const char *const *names = lade_flow_class_names(e->flow);
    struct table table = {.columns = 4};
    static const char *const head[] = {"class", "images", "right", "most often taken for"};
    for (int i = 0; i < table.columns; i++)
        table_add(&table, "%s", head[i]);
    for (int i = 0; i < e->classes; i++) {
        const int64_t *row = e->confusion + i * e->classes;
        int64_t images = 0;
        int wrong = -1;
        for (int j = 0; j < e->classes; j++) {
            images += row[j];
            if (j != i && row[j] > 0 && (wrong < 0 || row[j] > row[wrong]))
                wrong = j;
        }
        char *name = text_escape(names[i]), *other = text_escape(wrong < 0 ? "-" : names[wrong]);
        table_add(&table, "%s", name);
        table_add(&table, "%s", text_count(images).s);
        if (images)
            table_add(&table, "%.1f%%", 100. * (double)row[i] / (double)images);
        else
            table_add(&table, "-");
        table_add(&table, wrong < 0 ? "%s" : "%s (%s)", other, text_count(wrong < 0 ? 0 : row[wrong]).s);
        free(other);
        free(name);
    }
    table_print(&table, 2);
    out_print("\n  accuracy     %.1f%% of %s\n", 100. * (double)e->right / (double)e->images,
              text_counted(e->images, "image").s);
    out_print("  loss         %s\n", text_number(e->loss / (double)e->images).s);
    out_print("  rate         %s images/s\n", text_rate((double)e->images / e->seconds).s);
    out_print("  peak memory  %s\n", text_bytes(stream_peak_rss()).s);
}

static int eval(struct eval *e) {
    struct lade_error err = {0};
    e->net = lade_net_load(e->net_path, e->threads, &err);
    if (!e->net) {
        out_error("%s", err.message);
        return EXIT_FAILED;
    }
    int code = fit_stream(e);
    if (code != EXIT_OK || !open_flow(e, &code))
        return code;
    e->confusion = text_alloc((size_t)e->classes * (size_t)e->classes, sizeof *e->confusion);
    code = run(e);
    if (code != EXIT_OK)
        return code;
    if (e->json) {
        report_json(e);
    } else {
        stream_print_bad(e->flow);
        report(e);
    }
    return EXIT_OK;
}

int cmd_eval(int argc, char **argv) {
    struct eval e = {0};
    const struct opt_spec spec = {
        .name = "eval",
        .description =
            "Test a net that lade train saved on a directory that has one folder per class: how often it is "
            "right, and what it takes for what. The size and the colours of the images are those the net was "
            "made for.",
        .arguments = (const struct opt_argument[]){{"NET", "the file that lade train --out wrote", &e.net_path},
                                                   {"DIR", "the directory of images", &e.directory},
                                                   {0}},
        .groups =
            (const struct opt_group[]){
                {"Options", options, &e}, STREAM_GROUPS(&e.stream), {"Subset", stream_subset_options, &e.stream}, {0}},
        .examples = (const char *const[]){
            "on other images", "lade eval net.safetensors cifar/test", "on the images that lade train held out",
            "lade eval net.safetensors shapes --validation-split 0.2 --subset validation", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    code = eval(&e);
    free(e.confusion);
    lade_flow_free(e.flow);
    lade_net_free(e.net);
    return code;
}
