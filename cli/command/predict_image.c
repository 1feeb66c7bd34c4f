/*
 * Prints the predictions of one image. The net predicts one class, several labels or numbers.
 */
#include "command/predict_image.h"

#include <stdlib.h>

#include "command/predict_csv.h"
#include "option/opt.h"
#include "report/json.h"
#include "terminal/output.h"
#include "terminal/text.h"

/* If the net has no class names, the class indices are the names. */
void predict_name_outputs(struct predict *p) {
    enum { WIDEST = 24 }; /* width of the column; longer names are printed without alignment */
    p->task = net_task(p->net);
    p->classes = p->task == TASK_NUMBERS ? 0 : net_class_count(p->net);
    p->top = p->top < p->classes ? p->top : p->classes;
    p->order = text_alloc((size_t)p->top + 1, sizeof *p->order);
    p->names = net_class_names(p->net);
    if (!p->names) {
        p->names = text_alloc((size_t)p->classes + 1, sizeof *p->names);
        for (int i = 0; i < p->classes; i++)
            p->names[i] = text_printf("%d", i);
    }
    for (int i = 0; i < p->classes; i++) {
        char *shown = text_escape(p->names[i]);
        int width = text_columns(shown);
        p->name_width = width > p->name_width ? width : p->name_width;
        free(shown);
    }
    p->name_width = p->name_width < WIDEST ? p->name_width : WIDEST;
}

/* ---- Text and JSON ----------------------------------------------------------------------------------------------- */

/* Stores the most probable classes in p->order, the most probable first. If two probabilities are equal, the
   class with the lower index comes first. */
static void find_top(struct predict *p, const float *probabilities) {
    int64_t outputs = lade_net_info(p->net)->outputs;
    int kept = 0;
    for (int c = 0; c < p->classes; c++) {
        double probability = net_probability(probabilities, outputs, c);
        int at = kept < p->top ? kept++ : p->top;
        for (; at > 0 && net_probability(probabilities, outputs, p->order[at - 1]) < probability; at--)
            if (at < p->top)
                p->order[at] = p->order[at - 1];
        if (at < p->top)
            p->order[at] = c;
    }
}

static json_t *put_class(json_t *entry, const struct predict *p, int k, const float *probabilities) {
    int64_t outputs = lade_net_info(p->net)->outputs;
    json_put_text(entry, "class", p->names[p->order[k]]);
    json_put_real(entry, "probability", net_probability(probabilities, outputs, p->order[k]));
    return entry;
}

/* Adds the array "top" to @entry. */
static void put_top(json_t *entry, const struct predict *p, const float *probabilities) {
    json_t *top = json_new_array();
    for (int k = 0; k < p->top; k++)
        json_append(top, put_class(json_new_object(), p, k, probabilities));
    json_put(entry, "top", top);
}

/* Adds the labels whose probability is at least 0.5, and the probability of each label. */
static void put_labels(json_t *entry, const struct predict *p, const float *outputs) {
    json_t *classes = json_new_array(), *probabilities = json_new_object();
    for (int j = 0; j < p->classes; j++) {
        if (outputs[j] >= 0.5f)
            json_append(classes, json_of_text(p->names[j]));
        json_put_real(probabilities, p->names[j], (double)outputs[j]);
    }
    json_put(entry, "classes", classes);
    json_put(entry, "probabilities", probabilities);
}

static void put_numbers(json_t *entry, const struct predict *p, const float *outputs) {
    json_t *values = json_new_array();
    for (int64_t j = 0; j < lade_net_info(p->net)->outputs; j++)
        json_append(values, json_of_real((double)outputs[j]));
    json_put(entry, "values", values);
}

static void print_json(const struct predict *p, const char *path, const float *outputs) {
    json_t *entry = json_new_object();
    json_put_path(entry, path);
    if (p->task == TASK_CLASS)
        put_class(entry, p, 0, outputs);
    else if (p->task == TASK_LABELS)
        put_labels(entry, p, outputs);
    else
        put_numbers(entry, p, outputs);
    if (p->top > 1)
        put_top(entry, p, outputs);
    json_print_item(entry);
}

static void print_path(const char *path) {
    char *shown = text_escape(path);
    out_print("%s\n", shown);
    free(shown);
}

/* Prints the most probable classes in columns. */
static void print_top(const struct predict *p, const float *probabilities) {
    int64_t outputs = lade_net_info(p->net)->outputs;
    for (int k = 0; k < p->top; k++) {
        char *name = text_escape(p->names[p->order[k]]);
        int pad = p->name_width - text_columns(name);
        out_print("%s%*s  %5.1f%%  ", name, pad > 0 ? pad : 0, "",
                  100 * net_probability(probabilities, outputs, p->order[k]));
        free(name);
    }
}

/* Prints the labels whose probability is at least 0.5, with their probabilities. */
static void print_labels(const struct predict *p, const float *outputs) {
    bool any = false;
    for (int j = 0; j < p->classes; j++) {
        char *name = text_escape(p->names[j]);
        if (outputs[j] >= 0.5f)
            out_print("%s%s %.0f%%", any ? ", " : "", name, 100 * (double)outputs[j]);
        any = any || outputs[j] >= 0.5f;
        free(name);
    }
    out_print("%s  ", any ? "" : "no class");
}

static void print_numbers(const struct predict *p, const float *outputs) {
    for (int64_t j = 0; j < lade_net_info(p->net)->outputs; j++)
        out_print("%s%.6g", j > 0 ? ", " : "", (double)outputs[j]);
    out_print("  ");
}

static void print_line(const struct predict *p, const char *path, const float *outputs) {
    if (p->task == TASK_NUMBERS)
        print_numbers(p, outputs);
    else if (p->task == TASK_LABELS && !opt_given(&p->top))
        print_labels(p, outputs);
    else
        print_top(p, outputs);
    print_path(path);
}

void predict_print(struct predict *p, const char *path, const float *outputs) {
    find_top(p, outputs);
    (p->json ? print_json : print_line)(p, path, outputs);
}

/* ---- CSV --------------------------------------------------------------------------------------------------------- */

bool predict_open_csv(struct predict *p) {
    int64_t outputs = lade_net_info(p->net)->outputs;
    if (!predict_csv_open(&p->csv, p->csv_path))
        return false;
    if (p->task != TASK_NUMBERS)
        predict_csv_column(&p->csv, "class");
    if (p->task == TASK_CLASS)
        predict_csv_column(&p->csv, "probability");
    for (int k = 2; k <= p->top && p->task == TASK_CLASS; k++) {
        predict_csv_column(&p->csv, "class_%d", k);
        predict_csv_column(&p->csv, "probability_%d", k);
    }
    for (int j = 0; j < p->classes && p->task == TASK_LABELS; j++)
        predict_csv_column(&p->csv, "probability_%s", p->names[j]);
    for (int64_t j = 0; j < outputs && p->task == TASK_NUMBERS; j++)
        if (outputs == 1)
            predict_csv_column(&p->csv, "value");
        else
            predict_csv_column(&p->csv, "value_%d", (int)j + 1);
    predict_csv_end(&p->csv);
    return true;
}

/* Writes the names of the labels whose probability is at least 0.5, separated by "|". */
static void write_labels(struct predict *p, const float *outputs) {
    char *text = text_printf("%s", "");
    for (int j = 0; j < p->classes; j++)
        if (outputs[j] >= 0.5f) {
            char *longer = text_printf("%s%s%s", text, *text ? "|" : "", p->names[j]);
            free(text);
            text = longer;
        }
    predict_csv_column(&p->csv, "%s", text);
    free(text);
}

void predict_write_csv(struct predict *p, const char *path, const float *outputs) {
    int64_t count = lade_net_info(p->net)->outputs;
    predict_csv_path(&p->csv, path);
    for (int k = 0; k < p->top && p->task == TASK_CLASS; k++) {
        predict_csv_column(&p->csv, "%s", p->names[p->order[k]]);
        predict_csv_column(&p->csv, "%.9g", net_probability(outputs, count, p->order[k]));
    }
    if (p->task == TASK_LABELS)
        write_labels(p, outputs);
    for (int64_t j = 0; j < count && p->task != TASK_CLASS; j++)
        predict_csv_column(&p->csv, "%.9g", (double)outputs[j]);
    predict_csv_end(&p->csv);
}
