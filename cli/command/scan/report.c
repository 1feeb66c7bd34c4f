/*
 * Prints the results of a scan as text or as JSON.
 */
#include "command/scan/scan.h"

#include <stdlib.h>

#include "report/json.h"
#include "report/table.h"
#include "terminal/output.h"
#include "terminal/text.h"

static json_t *sizes_json(const struct scan *s) {
    enum { SHOWN = 100 };
    json_t *array = json_new_array();
    for (size_t i = 0; i < s->sizes.used && i < SHOWN; i++) {
        json_t *entry = json_new_object();
        json_put_int(entry, "height", s->sizes.entries[i].height);
        json_put_int(entry, "width", s->sizes.entries[i].width);
        json_put_int(entry, "images", s->sizes.entries[i].count);
        json_append(array, entry);
    }
    return array;
}

static json_t *numbers_json(const double *values, int count) {
    json_t *array = json_new_array();
    for (int i = 0; i < count; i++)
        json_append(array, json_of_real(values[i]));
    return array;
}

void scan_report_json(const struct scan *s) {
    json_t *object = json_new_object(), *classes = json_new_object(), *formats = json_new_object();
    json_t *bad = json_new_array();
    for (size_t i = 0; i < s->class_count; i++)
        json_put_int(classes, s->classes[i].name, s->classes[i].images);
    for (int f = 0; f < LADE_FORMAT_COUNT; f++)
        if (s->formats[f])
            json_put_int(formats, lade_format_name((enum lade_format)f), s->formats[f]);
    for (size_t i = 0; i < s->invalid_listed; i++) {
        json_t *entry = json_new_object();
        json_put_text(entry, "path", s->invalid[i].path);
        json_put_text(entry, "cause", s->invalid[i].cause);
        json_append(bad, entry);
    }
    json_put_int(object, "images", s->images);
    json_put_int(object, "bytes", s->bytes);
    json_put(object, "classes", classes);
    json_put(object, "formats", formats);
    json_put(object, "sizes", sizes_json(s));
    json_put(object, "bad", bad);
    json_put_int(object, "bad_count", s->invalid_count);
    json_put(object, "checked", s->check ? json_true() : json_false());
    if (s->stats_found) {
        json_put(object, "mean", numbers_json(s->stats_found->mean, s->stats_found->channels));
        json_put(object, "std", numbers_json(s->stats_found->std, s->stats_found->channels));
    }
    json_put_real(object, "seconds", s->seconds);
    json_print(object);
}

static void report_sizes(const struct scan *s) {
    if (!s->sizes.used)
        return;
    const struct size_entry *e = s->sizes.entries, *smallest = e, *largest = e;
    for (size_t i = 1; i < s->sizes.used; i++) {
        int64_t pixels = (int64_t)e[i].height * e[i].width;
        if (pixels < (int64_t)smallest->height * smallest->width)
            smallest = &e[i];
        if (pixels > (int64_t)largest->height * largest->width)
            largest = &e[i];
    }
    if (s->sizes.used == 1)
        out_print("  sizes    all %dx%d (height x width)\n", e->height, e->width);
    else
        out_print("  sizes    %s, from %dx%d to %dx%d (height x width); most often %dx%d (%s)\n",
                  text_count((int64_t)s->sizes.used).s, smallest->height, smallest->width, largest->height,
                  largest->width, e->height, e->width, text_counted(e->count, "image").s);
}

static void report_stats(const struct scan *s) {
    const double *rows[] = {s->stats_found->mean, s->stats_found->std};
    for (int i = 0; i < 2; i++) {
        out_print("  %s    ", i ? "std " : "mean");
        for (int c = 0; c < s->stats_found->channels; c++)
            out_print(" %s", text_number(rows[i][c]).s);
        out_print("%s\n", i                               ? ""
                          : s->stats_found->channels == 1 ? " (grey)"
                          : s->stats_found->channels == 3 ? " (red, green, blue)"
                                                          : " (red, green, blue, alpha)");
    }
}

void scan_report(const struct scan *s) {
    char *name = text_escape(s->directory);
    out_print("%s: %s in %s, %s\n\n", name, text_counted(s->images, "image").s,
              text_counted((int64_t)s->class_count, "class").s, text_bytes(s->bytes).s);
    free(name);
    struct table table = {.columns = 2};
    table_add(&table, "class");
    table_add(&table, "images");
    for (size_t i = 0; i < s->class_count; i++) {
        char *class_name = text_escape(s->classes[i].name);
        table_add(&table, "%s", class_name);
        table_add(&table, "%s", text_count(s->classes[i].images).s);
        free(class_name);
    }
    table_print(&table, 2);
    out_print("\n  formats  ");
    const char *join = "";
    for (int f = 0; f < LADE_FORMAT_COUNT; f++)
        if (s->formats[f]) {
            out_print("%s%s %s", join, lade_format_name((enum lade_format)f), text_count(s->formats[f]).s);
            join = ", ";
        }
    out_print("\n");
    report_sizes(s);
    if (s->invalid_count)
        out_print("  invalid  %s\n", text_count(s->invalid_count).s);
    else
        out_print("  invalid  none%s\n", s->check ? "" : " with an invalid header (--check decodes every image)");
    if (s->stats_found)
        report_stats(s);
    out_print("  time     %s\n", text_seconds(s->seconds).s);
    if (s->invalid_listed)
        out_print("\ninvalid files:\n");
    for (size_t i = 0; i < s->invalid_listed; i++)
        out_print("  %s\n", s->invalid[i].cause);
}
