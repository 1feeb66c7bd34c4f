/*
 * lade eval - tests a saved net on labelled images, and prints accuracy, loss and the confusion matrix. For nets that
 * predict several labels or numbers, eval_values.c does this.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/command.h"
#include "command/eval_values.h"
#include "evaluation/evaluation.h"
#include "evaluation/net.h"
#include "option/opt.h"
#include "option/source.h"
#include "option/stream.h"
#include "report/page.h"
#include "report/json.h"
#include "report/stream_report.h"
#include "terminal/output.h"
#include "terminal/output_file.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

struct eval {
    const char *net_path, *matrix, *mistakes;
    struct source source;
    int threads;
    bool json;
    struct lade_flow_options stream;

    struct evaluation evaluation;
    char **names; /* names of the net's classes; or NULL */
    int *truths;
    int64_t peak_rss; /* largest memory use before the plots are drawn */
};

static const struct opt options[] = {
    {"confusion", OPT_TEXT, OPT_AT(struct eval, matrix), .value = "FILE",
     .help = "draw the confusion matrix; FILE ends in .png or .svg"},
    {"mistakes", OPT_TEXT, OPT_AT(struct eval, mistakes), .value = "FILE",
     .help =
         "draw the misclassified images with the highest confidence (for several labels or numbers, the images with "
         "the highest loss); FILE ends in .png or .svg"},
    {"threads", OPT_INT, OPT_AT(struct eval, threads), .value = "N", .low = 0, .high = 1024,
     .help = "number of threads that compute; 0 means one for each core", .preset = "0"},
    {"json", OPT_FLAG, OPT_AT(struct eval, json), .help = "print one JSON object instead of text"},
    {0}};

/* Finds the net's class for each class of the images. If a class of the images is not a class of the net, prints a
   message, stores the exit code in *@code and returns false. */
static bool match_classes(struct eval *e, int *code) {
    const char *const *names = lade_flow_class_names(e->evaluation.flow);
    int count = lade_flow_classes(e->evaluation.flow);
    e->truths = text_alloc((size_t)count + 1, sizeof *e->truths);
    for (int i = 0; i < count; i++) {
        while (e->truths[i] < e->evaluation.classes && strcmp(e->names[e->truths[i]], names[i]) != 0)
            e->truths[i]++;
        if (e->truths[i] == e->evaluation.classes) {
            char *shown = text_escape(names[i]);
            *code = out_usage("class %s is not a class of %s, which has %d classes from %s to %s", shown, e->net_path,
                              e->evaluation.classes, e->names[0], e->names[e->evaluation.classes - 1]);
            free(shown);
            return false;
        }
    }
    e->evaluation.names = (const char *const *)e->names;
    e->evaluation.truths = e->truths;
    return true;
}

/* Checks that the images and the net have the same number of classes. This function is for nets without class
   names. */
static bool count_classes(struct eval *e, int *code) {
    int classes = lade_flow_classes(e->evaluation.flow);
    if (classes != e->evaluation.classes)
        *code = out_usage("%s has %d classes, but %s has %d; select the classes with --classes", e->net_path,
                          e->evaluation.classes, e->source.path, classes);
    e->evaluation.names = lade_flow_class_names(e->evaluation.flow);
    return classes == e->evaluation.classes;
}

static bool open_flow(struct eval *e, int *code) {
    bool all = !e->stream.classes; /* the command line does not select classes */
    e->names = net_class_names(e->evaluation.net);
    e->evaluation.classes = net_class_count(e->evaluation.net);
    if (e->names && all) {
        e->stream.classes = (const char *const *)e->names;
        e->stream.allow_missing_classes = true; /* source_open() prints a warning */
    }
    e->evaluation.flow = source_open(&e->source, &e->stream, code);
    if (!e->evaluation.flow)
        return false;
    if (e->names && all)
        source_warn_other_classes(&e->source, &e->stream, e->evaluation.flow);
    e->stream.classes = lade_flow_class_names(e->evaluation.flow);
    return e->names ? match_classes(e, code) : count_classes(e, code);
}

static void report_json(struct eval *e) {
    const struct confusion *c = &e->evaluation.confusion;
    json_t *object = json_new_object();
    evaluation_put_metrics(object, &e->evaluation);
    json_put_int(object, "images", c->images);
    confusion_put(object, c);
    json_put_int(object, "skipped", lade_flow_invalid_count(e->evaluation.flow));
    stream_put_invalid(object, e->evaluation.flow, NULL);
    json_put_real(object, "seconds", e->evaluation.seconds);
    json_put_real(object, "images_per_s", (double)c->images / e->evaluation.seconds);
    json_put_int(object, "peak_rss_bytes", e->peak_rss);
    evaluation_print_mistakes(&e->evaluation);
    json_print_end(object);
}

static void report(struct eval *e) {
    const struct confusion *c = &e->evaluation.confusion;
    confusion_print(c, terminal_columns(STDOUT_FILENO));
    out_print("\n");
    evaluation_print_metrics(&e->evaluation);
    out_print("  rate         %s images/s\n", text_rate((double)c->images / e->evaluation.seconds).s);
    out_print("  peak memory  %s\n", text_bytes(e->peak_rss).s);
    const char *names[] = {"matrix", "mistakes"}, *paths[] = {e->matrix, e->mistakes};
    for (int i = 0; i < 2; i++)
        if (paths[i]) {
            char *shown = text_escape(paths[i]);
            out_print("  %-11s  %s\n", names[i], shown);
            free(shown);
        }
}

/* Draws the plots of the options --confusion and --mistakes. On error, prints a message and returns false. */
static bool draw(const struct eval *e) {
    char *net = text_base_name(e->net_path), *name = text_base_name(e->source.path);
    char *title = text_printf("%s on %s", net, name);
    bool drawn = evaluation_draw(&e->evaluation, e->matrix, e->mistakes, title);
    free(title);
    free(name);
    free(net);
    return drawn;
}

static int eval(struct eval *e) {
    e->evaluation =
        (struct evaluation){.net = net_load(e->net_path, e->threads), .source = &e->source, .stream = &e->stream};
    if (!e->evaluation.net)
        return EXIT_FAILED;
    if (opt_given(&e->stream.class_mode))
        return out_usage("--class-mode: the net determines the class mode; leave out the option");
    int code = net_configure_stream(e->evaluation.net, e->net_path, &e->stream);
    if (code == EXIT_OK && net_task(e->evaluation.net) != TASK_CLASS)
        return eval_values(&(struct eval_values){.net = e->evaluation.net,
                                                 .net_path = e->net_path,
                                                 .source = &e->source,
                                                 .stream = &e->stream,
                                                 .confusion = e->matrix,
                                                 .mistakes = e->mistakes,
                                                 .json = e->json});
    e->stream.class_mode = LADE_CLASS_SPARSE;
    if (code != EXIT_OK || !open_flow(e, &code))
        return code;
    code = evaluation_run(&e->evaluation);
    if (code != EXIT_OK)
        return code;
    e->peak_rss = stream_peak_rss();
    if (!e->json)
        stream_print_invalid(e->evaluation.flow);
    if (!draw(e))
        return EXIT_FAILED;
    if (e->json)
        report_json(e);
    else
        report(e);
    return EXIT_OK;
}

/* Checks the options that can be checked before any file is read. */
static int check(const struct eval *e) {
    const char *names[] = {"--confusion", "--mistakes"}, *paths[] = {e->matrix, e->mistakes};
    for (int i = 0; i < 2; i++) {
        int code = paths[i] ? page_check(names[i], paths[i]) : EXIT_OK;
        if (code != EXIT_OK)
            return code;
    }
    return EXIT_OK;
}

int cmd_eval(int argc, char **argv) {
    struct eval e = {0};
    const struct opt_spec spec = {
        .name = "eval",
        .description = "Test a saved net on labelled images, and print its accuracy and its confusion matrix. For "
                       "several labels or "
                       "numbers, print the average precision, or the mean absolute error and R2. "
                       "Images are resized, rescaled and standardised as in training.",
        .arguments = (const struct opt_argument[]){{"NET", "file that lade train --out has written", &e.net_path},
                                                   SOURCE_ARGUMENT(&e.source),
                                                   {0}},
        .groups = (const struct opt_group[]){{"Options", options, &e},
                                             {"Lists and arrays", source_options, &e.source},
                                             STREAM_GROUPS(&e.stream),
                                             STREAM_GROUP("Subset", &e.stream),
                                             {0}},
        .examples =
            (const char *const[]){"test on other images", "lade eval net.safetensors cifar/test",
                                  "test on the validation images of lade train",
                                  "lade eval net.safetensors shapes --validation-split 0.2 --subset validation", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    code = check(&e);
    if (code == EXIT_OK)
        code = eval(&e);
    evaluation_release(&e.evaluation);
    net_names_free(e.names);
    free(e.truths);
    source_close(e.evaluation.flow);
    net_close(e.evaluation.net);
    return code;
}
