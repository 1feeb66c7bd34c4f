/*
 * Counts a confusion matrix, and prints it as text and JSON. confusion_draw.c draws the matrix.
 */
#include "evaluation/confusion.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/table.h"
#include "terminal/output.h"
#include "terminal/text.h"

struct confusion confusion_new(int classes, const char *const *names) {
    size_t n = (size_t)classes;
    return (struct confusion){.classes = classes, .names = names, .counts = text_alloc(n * n, sizeof(int64_t))};
}

void confusion_release(struct confusion *c) {
    free(c->counts);
    *c = (struct confusion){0};
}

void confusion_add(struct confusion *c, int truth, int predicted) {
    c->counts[(int64_t)truth * c->classes + predicted]++;
    c->images++;
    c->correct += truth == predicted;
}

static int64_t at(const struct confusion *c, int truth, int predicted) {
    return c->counts[(int64_t)truth * c->classes + predicted];
}

int64_t confusion_true_count(const struct confusion *c, int i) {
    int64_t sum = 0;
    for (int j = 0; j < c->classes; j++)
        sum += at(c, i, j);
    return sum;
}

int64_t confusion_predicted_count(const struct confusion *c, int i) {
    int64_t sum = 0;
    for (int j = 0; j < c->classes; j++)
        sum += at(c, j, i);
    return sum;
}

static double fraction(int64_t part, int64_t whole) {
    return whole ? (double)part / (double)whole : NAN;
}

double confusion_accuracy(const struct confusion *c) {
    return fraction(c->correct, c->images);
}

double confusion_recall(const struct confusion *c, int i) {
    return fraction(at(c, i, i), confusion_true_count(c, i));
}

double confusion_precision(const struct confusion *c, int i) {
    return fraction(at(c, i, i), confusion_predicted_count(c, i));
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static void add_percent(struct table *table, double value) {
    if (isfinite(value))
        table_add(table, "%.1f%%", 100 * value);
    else
        table_add(table, "-");
}

/* Returns the wrong class that was predicted most often for images of class @i, or -1 if all predictions are
   correct. */
static int most_confused(const struct confusion *c, int i) {
    int wrong = -1;
    for (int j = 0; j < c->classes; j++)
        if (j != i && at(c, i, j) > 0 && (wrong < 0 || at(c, i, j) > at(c, i, wrong)))
            wrong = j;
    return wrong;
}

static void print_classes(const struct confusion *c) {
    static const char *const head[] = {"class", "images", "recall", "precision", "most confused with"};
    struct table table = {.columns = 5};
    for (int i = 0; i < 5; i++)
        table_add(&table, "%s", head[i]);
    for (int i = 0; i < c->classes; i++) {
        int wrong = most_confused(c, i);
        char *name = text_escape(c->names[i]), *other = text_escape(wrong < 0 ? "-" : c->names[wrong]);
        table_add(&table, "%s", name);
        table_add(&table, "%s", text_count(confusion_true_count(c, i)).s);
        add_percent(&table, confusion_recall(c, i));
        add_percent(&table, confusion_precision(c, i));
        table_add(&table, wrong < 0 ? "%s" : "%s (%s)", other, text_count(wrong < 0 ? 0 : at(c, i, wrong)).s);
        free(other);
        free(name);
    }
    table_print(&table, 2);
}

/*
 * Returns the matrix as a table. The headings of the columns are the numbers of the classes if @numbered, and the names
 * of the classes otherwise. Zeros are printed as dots, so that the counts above 0 are easy to see.
 */
static struct table matrix_table(const struct confusion *c, bool numbered) {
    struct table table = {.columns = c->classes + 1};
    table_add(&table, "true \\ predicted");
    for (int i = -1; i < c->classes; i++) {
        char *name = i < 0 ? NULL : text_escape(c->names[i]);
        if (name && numbered)
            table_add(&table, "%*d %s", snprintf(NULL, 0, "%d", c->classes), i + 1, name);
        else if (name)
            table_add(&table, "%s", name);
        free(name);
        for (int j = 0; j < c->classes; j++) {
            name = i < 0 && !numbered ? text_escape(c->names[j]) : NULL;
            if (name)
                table_add(&table, "%s", name);
            else if (i < 0)
                table_add(&table, "%d", j + 1);
            else
                table_add(&table, at(c, i, j) ? "%" PRId64 : ".", at(c, i, j));
            free(name);
        }
    }
    return table;
}

void confusion_print(const struct confusion *c, int columns) {
    print_classes(c);
    if (c->classes >= columns / 3)
        return;
    for (int numbered = 0; numbered < 2; numbered++) {
        struct table table = matrix_table(c, numbered);
        if (table_width(&table) + 2 <= columns) {
            out_print("\n");
            table_print(&table, 2);
            return;
        }
        table_release(&table);
    }
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

void confusion_put(json_t *object, const struct confusion *c) {
    json_t *names = json_new_array(), *rows = json_new_array(), *classes = json_new_array();
    for (int i = 0; i < c->classes; i++) {
        json_t *row = json_new_array(), *entry = json_new_object();
        for (int j = 0; j < c->classes; j++)
            json_append(row, json_integer(at(c, i, j)));
        json_append(rows, row);
        json_append(names, json_of_text(c->names[i]));
        json_put_text(entry, "class", c->names[i]);
        json_put_int(entry, "images", confusion_true_count(c, i));
        json_put_real(entry, "recall", confusion_recall(c, i));
        json_put_real(entry, "precision", confusion_precision(c, i));
        json_append(classes, entry);
    }
    json_put(object, "classes", names);
    json_put(object, "confusion", rows);
    json_put(object, "per_class", classes);
}
