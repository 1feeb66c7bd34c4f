/*
 * Prints and draws the results of a net that predicts several labels or numbers.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "evaluation/sample_sheet.h"
#include "evaluation/value_evaluation.h"
#include "report/labels.h"
#include "report/stream_report.h"
#include "report/table.h"
#include "terminal/output.h"
#include "terminal/text.h"

enum {
    MOST_LABELS = 40,  /* if there are more labels, the table has the worst labels only, as in confusion.c */
    WORST_LABELS = 20, /* number of labels in such a table */
};

/* ---- Text and JSON ----------------------------------------------------------------------------------------------- */

/* Adds a cell with a percentage, or "-" for NaN. */
static void add_percent(struct table *table, double value) {
    if (isfinite(value))
        table_add(table, "%.1f%%", 100 * value);
    else
        table_add(table, "-");
}

/* A label and its average precision. */
struct ranked_label {
    int64_t label;
    double precision;
};

/* The lowest average precision comes first, and NaN comes last. Labels with equal precisions are sorted by their
   indices. */
static int compare_ranked(const void *a, const void *b) {
    const struct ranked_label *x = a, *y = b;
    int order = isnan(x->precision) - isnan(y->precision);
    if (order == 0)
        order = (x->precision > y->precision) - (x->precision < y->precision);
    return order ? order : (x->label > y->label) - (x->label < y->label);
}

/* Returns all labels with their average precisions. If there are more than MOST_LABELS, the first WORST_LABELS of the
   result are the labels with the lowest average precisions. The caller must free() the array. */
static struct ranked_label *rank_labels(const struct value_evaluation *e) {
    struct ranked_label *labels = text_alloc((size_t)e->columns, sizeof *labels);
    for (int64_t j = 0; j < e->columns; j++) {
        struct score_column c = value_column(e, j);
        labels[j] = (struct ranked_label){j, score_average_precision(&c)};
    }
    if (e->columns > MOST_LABELS)
        qsort(labels, (size_t)e->columns, sizeof *labels, compare_ranked);
    return labels;
}

static void print_labels(const struct value_evaluation *e) {
    struct table table = {.columns = 6};
    struct ranked_label *labels = rank_labels(e);
    int64_t shown = e->columns > MOST_LABELS ? WORST_LABELS : e->columns;
    const char *heads[] = {"label", "images", "average precision", "precision", "recall", "F1"};
    for (int i = 0; i < table.columns; i++)
        table_add(&table, "%s", heads[i]);
    for (int64_t i = 0; i < shown; i++) {
        struct score_column c = value_column(e, labels[i].label);
        struct score_label label = score_label(&c);
        char *name = text_escape(e->names[labels[i].label]);
        table_add(&table, "%s", name);
        table_add(&table, "%s", text_count(label.images).s);
        add_percent(&table, labels[i].precision);
        add_percent(&table, label.precision);
        add_percent(&table, label.recall);
        add_percent(&table, label.f1);
        free(name);
    }
    free(labels);
    if (shown < e->columns)
        out_print("the %lld of %s with the lowest average precision:\n", (long long)shown,
                  text_counted(e->columns, "label").s);
    table_print(&table, 2);
    out_print("\n");
}

static void print_outputs(const struct value_evaluation *e) {
    struct table table = {.columns = 3};
    table_add(&table, "output");
    table_add(&table, "MAE");
    table_add(&table, "R2");
    for (int64_t j = 0; j < e->columns; j++) {
        struct score_column c = value_column(e, j);
        char *name = text_escape(e->names[j]);
        table_add(&table, "%s", name);
        table_add(&table, "%s", text_number(score_mean_error(&c)).s);
        table_add(&table, "%.4f", score_r2(&c));
        free(name);
    }
    table_print(&table, 2);
    out_print("\n");
}

void value_print(const struct value_evaluation *e) {
    struct value_metrics m = value_metrics(e);
    struct text images = text_counted(e->count, "image");
    if (e->task == TASK_LABELS) {
        print_labels(e);
        out_print("  mean AP      %.4f\n", m.mean_average_precision);
        out_print("  accuracy     %.1f%% of all labels of %s; all labels correct: %.1f%%\n", 100 * m.accuracy, images.s,
                  100 * m.exact);
    } else {
        if (e->columns > 1)
            print_outputs(e);
        out_print("  MAE          %s, for %s\n", text_number(m.mae).s, images.s);
        out_print("  R2           %.4f\n", m.r2);
    }
    out_print("  loss         %s\n", text_number(m.loss).s);
}

static json_t *output_json(const struct value_evaluation *e, int64_t j) {
    struct score_column c = value_column(e, j);
    json_t *entry = json_new_object();
    if (e->task == TASK_LABELS) {
        struct score_label label = score_label(&c);
        json_put_text(entry, "class", e->names[j]);
        json_put_int(entry, "images", label.images);
        json_put_real(entry, "average_precision", score_average_precision(&c));
        json_put_real(entry, "precision", label.precision);
        json_put_real(entry, "recall", label.recall);
        json_put_real(entry, "f1", label.f1);
    } else {
        json_put_text(entry, "output", e->names[j]);
        json_put_real(entry, "mae", score_mean_error(&c));
        json_put_real(entry, "r2", score_r2(&c));
    }
    return entry;
}

void value_put_metrics(json_t *object, const struct value_evaluation *e) {
    struct value_metrics m = value_metrics(e);
    json_t *outputs = json_new_array();
    if (e->task == TASK_LABELS) {
        json_put_real(object, "mean_average_precision", m.mean_average_precision);
        json_put_real(object, "accuracy", m.accuracy);
        json_put_real(object, "exact_match", m.exact);
    } else {
        json_put_real(object, "mae", m.mae);
        json_put_real(object, "r2", m.r2);
    }
    json_put_real(object, "loss", m.loss);
    for (int64_t j = 0; j < e->columns; j++)
        json_append(outputs, output_json(e, j));
    json_put(object, e->task == TASK_LABELS ? "per_label" : "per_output", outputs);
}

/* Returns the labels of a row as an array of names, or the numbers of a row as an array. */
static json_t *row_json(const struct value_evaluation *e, const float *row) {
    json_t *array = json_new_array();
    for (int64_t j = 0; j < e->columns; j++)
        if (e->task == TASK_NUMBERS)
            json_append(array, json_of_real((double)row[j]));
        else if (row[j] >= 0.5f)
            json_append(array, json_of_text(e->names[j]));
    return array;
}

/* Returns true if the image with the loss e->losses[i] is listed. For numbers, all images are listed. For labels, only
   images with a wrong label are listed. */
static bool is_listed(const struct value_evaluation *e, int64_t i) {
    if (e->task == TASK_NUMBERS)
        return true;
    int64_t first = e->losses[i].row * e->columns;
    for (int64_t k = first; k < first + e->columns; k++)
        if ((e->truths[k] >= 0.5f) != (e->values[k] >= 0.5f))
            return true;
    return false;
}

void value_print_images(const struct value_evaluation *e) {
    bool numbers = e->task == TASK_NUMBERS;
    json_print_begin(numbers ? "errors" : "mistakes");
    for (int64_t i = 0; i < e->count; i++) {
        int64_t row = e->losses[i].row;
        if (!is_listed(e, i))
            continue;
        json_t *entry = json_new_object();
        char *path = stream_path(e->flow, e->samples[row]);
        json_put_path(entry, path);
        json_put(entry, numbers ? "values" : "classes", row_json(e, e->truths + row * e->columns));
        json_put(entry, "predicted", row_json(e, e->values + row * e->columns));
        json_put_real(entry, "loss", e->losses[i].loss);
        json_print_item(entry);
        free(path);
    }
}

/* ---- Contact sheet ----------------------------------------------------------------------------------------------- */

static char *row_text(const struct value_evaluation *e, const float *row) {
    return e->task == TASK_NUMBERS ? label_numbers_text(row, e->columns) : label_names_text(e->names, row, e->columns);
}

bool value_draw(const struct value_evaluation *e, const char *path, const char *title) {
    struct sheet_image images[SAMPLES_DRAWN];
    char *truths[SAMPLES_DRAWN], *predicted[SAMPLES_DRAWN];
    int64_t samples[SAMPLES_DRAWN];
    int count = 0;
    for (int64_t i = 0; i < e->count && count < SAMPLES_DRAWN; i++) {
        int64_t row = e->losses[i].row;
        if (!is_listed(e, i))
            continue;
        samples[count] = e->samples[row];
        truths[count] = row_text(e, e->truths + row * e->columns);
        predicted[count] = row_text(e, e->values + row * e->columns);
        images[count] = (struct sheet_image){
            .label = truths[count], .class_index = -1, .predicted = predicted[count], .predicted_index = -1};
        count++;
    }
    bool numbers = e->task == TASK_NUMBERS;
    int64_t listed = numbers ? e->count : e->count - e->exact;
    char *some = text_printf("the %d with the highest loss of ", count);
    char *below = text_printf("%s%s  \u00b7  first line: true %s; second line: prediction", count < listed ? some : "",
                              text_counted(listed, numbers ? "image" : "mistake").s, numbers ? "values" : "labels");
    struct sheet sheet = {
        .title = title, .subtitle = count ? below : "no mistake", .count = count, .wrap_labels = true};
    bool drawn = sample_sheet_draw(e->source, e->stream, &sheet, images, samples, path);
    for (int i = 0; i < count; i++) {
        free(truths[i]);
        free(predicted[i]);
    }
    free(below);
    free(some);
    return drawn;
}
