/*
 * Counts a confusion matrix, and prints it as text and JSON. confusion_draw.c draws the matrix.
 */
#include "evaluation/confusion.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

double confusion_f1(const struct confusion *c, int i) {
    return fraction(2 * at(c, i, i), confusion_true_count(c, i) + confusion_predicted_count(c, i));
}

int confusion_pairs(const struct confusion *c, struct confusion_pair *pairs, int most) {
    int kept = 0;
    for (int i = 0; i < c->classes; i++)
        for (int j = 0; j < c->classes; j++) {
            struct confusion_pair pair = {i, j, at(c, i, j)};
            if (i == j || pair.count == 0 || most == 0 || (kept == most && pairs[most - 1].count >= pair.count))
                continue;
            int k = kept < most ? kept++ : most - 1;
            for (; k > 0 && pairs[k - 1].count < pair.count; k--)
                pairs[k] = pairs[k - 1];
            pairs[k] = pair;
        }
    return kept;
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

enum { CLASSES_PRINTED = 40, WORST_PRINTED = 20, PAIRS_PRINTED = 10 };

static struct table class_table(void) {
    static const char *const head[] = {"class", "images", "recall", "precision", "F1", "most confused with"};
    struct table table = {.columns = 6};
    for (int i = 0; i < table.columns; i++)
        table_add(&table, "%s", head[i]);
    return table;
}

/* Escapes the name of a class, and shortens the name to at most @columns columns of the terminal. The caller must
   free() the string. */
static char *short_name(const char *name, int columns) {
    char *escaped = text_escape(name), *result = text_shorten(escaped, columns);
    free(escaped);
    return result;
}

static void add_class(struct table *table, const struct confusion *c, int i, int columns) {
    int wrong = most_confused(c, i);
    char *name = short_name(c->names[i], columns), *other = short_name(wrong < 0 ? "-" : c->names[wrong], columns);
    table_add(table, "%s", name);
    table_add(table, "%s", text_count(confusion_true_count(c, i)).s);
    add_percent(table, confusion_recall(c, i));
    add_percent(table, confusion_precision(c, i));
    add_percent(table, confusion_f1(c, i));
    table_add(table, wrong < 0 ? "%s" : "%s (%s)", other, text_count(wrong < 0 ? 0 : at(c, i, wrong)).s);
    free(other);
    free(name);
}

static void print_classes(const struct confusion *c, int columns) {
    struct table table = class_table();
    for (int i = 0; i < c->classes; i++)
        add_class(&table, c, i, columns);
    table_print(&table, 2);
}

/* Prints the classes with the lowest F1 scores. Classes that have neither images nor predictions are
   left out. */
static void print_worst_classes(const struct confusion *c, int columns) {
    struct table table = class_table();
    double *f1 = text_alloc((size_t)c->classes, sizeof *f1);
    for (int i = 0; i < c->classes; i++)
        f1[i] = confusion_f1(c, i);
    int printed = 0;
    for (; printed < WORST_PRINTED; printed++) {
        int worst = -1;
        for (int i = 0; i < c->classes; i++)
            if (isfinite(f1[i]) && (worst < 0 || f1[i] < f1[worst]))
                worst = i;
        if (worst < 0)
            break;
        add_class(&table, c, worst, columns);
        f1[worst] = NAN;
    }
    free(f1);
    out_print("  %d of %s, those with the lowest F1; --json prints all classes\n\n", printed,
              text_counted(c->classes, "class").s);
    table_print(&table, 2);
}

static void print_pairs(const struct confusion *c, int columns) {
    struct confusion_pair pairs[PAIRS_PRINTED];
    struct table table = {.columns = 3};
    int count = confusion_pairs(c, pairs, PAIRS_PRINTED);
    if (count == 0)
        return;
    table_add(&table, "%s", "class");
    table_add(&table, "%s", "predicted as");
    table_add(&table, "%s", "images");
    for (int i = 0; i < count; i++) {
        char *name = short_name(c->names[pairs[i].truth], columns);
        char *other = short_name(c->names[pairs[i].predicted], columns);
        table_add(&table, "%s", name);
        table_add(&table, "%s", other);
        table_add(&table, "%s", text_count(pairs[i].count).s);
        free(other);
        free(name);
    }
    out_print("\n");
    table_print(&table, 2);
}

/*
 * Returns the matrix as a table. The headings of the columns are the numbers of the classes if @numbered, and the names
 * of the classes otherwise. Zeros are printed as dots, so that the counts above 0 are easy to see.
 */
static struct table matrix_table(const struct confusion *c, bool numbered, int columns) {
    struct table table = {.columns = c->classes + 1};
    table_add(&table, "true \\ predicted");
    for (int i = -1; i < c->classes; i++) {
        char *name = i < 0 ? NULL : short_name(c->names[i], columns);
        if (name && numbered)
            table_add(&table, "%*d %s", snprintf(NULL, 0, "%d", c->classes), i + 1, name);
        else if (name)
            table_add(&table, "%s", name);
        free(name);
        for (int j = 0; j < c->classes; j++) {
            name = i < 0 && !numbered ? short_name(c->names[j], columns) : NULL;
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
    enum { NUMBERS = 52 }; /* width of a line of the table without the two class names */
    int half = (columns - NUMBERS) / 2, name = !isatty(STDOUT_FILENO) ? INT_MAX : half < 8 ? 8 : half;
    if (c->classes > CLASSES_PRINTED) {
        print_worst_classes(c, name);
        print_pairs(c, name);
        return;
    }
    print_classes(c, name);
    if (c->classes >= columns / 3)
        return;
    for (int numbered = 0; numbered < 2; numbered++) {
        struct table table = matrix_table(c, numbered, name);
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
        json_put_real(entry, "f1", confusion_f1(c, i));
        json_append(classes, entry);
    }
    json_put(object, "classes", names);
    json_put(object, "confusion", rows);
    json_put(object, "per_class", classes);
}
