/*
 * Tests nets that predict several labels or numbers. In a list, either one column contains all labels of an image, with
 * a separator between them, or each label has its own column of 0 and 1.
 */
#include "command/eval_values.h"

#include <inttypes.h>
#include <string.h>
#include <stdlib.h>

#include "evaluation/net.h"
#include "evaluation/value_evaluation.h"
#include "report/json.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

/* Chooses the class mode. The mode is categorical if the labels have a separator, if a single column contains the
   classes, or if the source has class folders. Otherwise each label needs its own column, and the mode is raw. */
static void choose_mode(const struct eval_values *e, char **names) {
    struct source *s = e->source;
    bool list = text_has_suffix(s->path, ".csv"), separated = s->label_separator != NULL;
    bool numbers = net_task(e->net) == TASK_NUMBERS, column = s->y_col && !s->y_col[1];
    if (!numbers && list && !separated && !s->y_col)
        s->y_col = (const char *const *)names;
    bool classes = separated || column || (!list && !s->labels);
    e->stream->class_mode = !numbers && classes ? LADE_CLASS_CATEGORICAL : LADE_CLASS_RAW;
    if (e->stream->class_mode == LADE_CLASS_CATEGORICAL && names && !e->stream->classes)
        e->stream->classes = (const char *const *)names;
}

/* Checks that the stream has the outputs of the net, in the same order. Returns EXIT_OK, or prints a message and returns
   EXIT_USAGE. */
static int check_outputs(const struct eval_values *e, lade_flow *flow, char **names) {
    int64_t outputs = lade_net_info(e->net)->outputs, found = lade_flow_source(flow).classes;
    bool raw = e->stream->class_mode == LADE_CLASS_RAW;
    const char *const *data = raw ? e->source->y_col : lade_flow_class_names(flow);
    if (found != outputs)
        return out_usage("%s predicts %" PRId64 " %s, but %s has %" PRId64 "; give as many names with --y-col",
                         e->net_path, outputs, net_task(e->net) == TASK_NUMBERS ? "numbers" : "labels", e->source->path,
                         found);
    for (int64_t j = 0; j < outputs && names && data; j++)
        if (strcmp(names[j], data[j]) != 0)
            return out_usage("label %" PRId64 " is %s in %s but %s in %s; give the labels in the order of the net", j,
                             names[j], e->net_path, data[j], e->source->path);
    return EXIT_OK;
}

static void report_json(const struct value_evaluation *v, int64_t peak_rss) {
    json_t *object = json_new_object();
    value_put_metrics(object, v);
    json_put_int(object, "images", v->count);
    json_put_int(object, "skipped", lade_flow_invalid_count(v->flow));
    stream_put_invalid(object, v->flow, NULL);
    json_put_real(object, "seconds", v->seconds);
    json_put_real(object, "images_per_s", (double)v->count / v->seconds);
    json_put_int(object, "peak_rss_bytes", peak_rss);
    value_print_images(v);
    json_print_end(object);
}

static void report(const struct eval_values *e, const struct value_evaluation *v, int64_t peak_rss) {
    value_print(v);
    out_print("  rate         %s images/s\n", text_rate((double)v->count / v->seconds).s);
    out_print("  peak memory  %s\n", text_bytes(peak_rss).s);
    if (e->mistakes) {
        char *shown = text_escape(e->mistakes);
        out_print("  mistakes     %s\n", shown);
        free(shown);
    }
}

static bool draw(const struct eval_values *e, const struct value_evaluation *v) {
    if (!e->mistakes)
        return true;
    char *net = text_base_name(e->net_path), *name = text_base_name(e->source->path);
    char *title = text_printf("Mistakes: %s on %s", net, name);
    bool drawn = value_draw(v, e->mistakes, title);
    free(title);
    free(name);
    free(net);
    return drawn;
}

static int evaluate(const struct eval_values *e, lade_flow *flow, char **names) {
    const char *const *columns = names ? (const char *const *)names : e->source->y_col;
    struct value_evaluation v = {
        .net = e->net, .source = e->source, .stream = e->stream, .flow = flow, .names = columns, .progress = "eval"};
    int code = check_outputs(e, flow, names);
    if (code == EXIT_OK)
        code = value_evaluation_run(&v);
    int64_t peak_rss = stream_peak_rss();
    if (code == EXIT_OK && !e->json)
        stream_print_invalid(flow);
    if (code == EXIT_OK && !draw(e, &v))
        code = EXIT_FAILED;
    if (code == EXIT_OK && e->json)
        report_json(&v, peak_rss);
    else if (code == EXIT_OK)
        report(e, &v, peak_rss);
    value_evaluation_release(&v);
    return code;
}

int eval_values(struct eval_values *e) {
    int code;
    if (e->confusion)
        return out_usage("--confusion: %s does not predict one class for each image; leave out the option",
                         e->net_path);
    char **names = net_class_names(e->net);
    bool all = !e->stream->classes; /* the command line does not select classes */
    choose_mode(e, names);
    e->stream->allow_missing_classes = all; /* source_open() prints a warning */
    lade_flow *flow = source_open(e->source, e->stream, &code);
    if (flow && all && e->stream->classes)
        source_warn_other_classes(e->source, e->stream, flow);
    if (flow)
        code = evaluate(e, flow, names);
    source_close(flow);
    net_names_free(names);
    return code;
}
