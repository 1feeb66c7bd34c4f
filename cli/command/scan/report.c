/*
 * Prints the results of a scan as text or as JSON.
 */
#include "command/scan/scan.h"

#include <stdlib.h>

#include "option/layout.h"
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

/* Appends the files of a list to @array. @kind is the value of the member "kind". If @kind is NULL, this member is left
   out. */
static void append_files(json_t *array, const struct file_list *list, const char *kind) {
    for (size_t i = 0; i < list->count; i++) {
        json_t *entry = json_new_object();
        json_put_path(entry, list->files[i].path);
        json_put_text(entry, "cause", list->files[i].cause);
        if (kind)
            json_put_text(entry, "kind", kind);
        json_append(array, entry);
    }
}

static void put_files(json_t *object, const char *key, const struct file_list *list) {
    json_t *array = json_new_array();
    append_files(array, list, NULL);
    json_put(object, key, array);
}

static void put_stats(json_t *object, const struct scan *s) {
    if (s->has_stats) {
        json_put(object, "mean", numbers_json(s->stats_found.mean, s->stats_found.channels));
        json_put(object, "std", numbers_json(s->stats_found.std, s->stats_found.channels));
        json_put_int(object, "stats_images", s->stats_found.images);
        json_put(object, "stats_complete", s->stats_found.left_out ? json_false() : json_true());
    }
    if (s->stats)
        put_files(object, "stats_left_out", &s->left_out);
}

/* Returns the names of the classes, which the caller must free(). */
static const char **class_names(const struct scan *s) {
    const char **names = text_alloc(s->class_count, sizeof *names);
    for (size_t i = 0; i < s->class_count; i++)
        names[i] = s->classes[i].name;
    return names;
}

static bool has_parts(const struct scan *s) {
    const char **names = class_names(s);
    bool parts = layout_has_parts(names, (int)s->class_count);
    free(names);
    return parts;
}

void scan_report_json(const struct scan *s) {
    json_t *object = json_new_object(), *classes = json_new_object(), *formats = json_new_object();
    json_t *bad = json_new_array();
    for (size_t i = 0; i < s->class_count; i++)
        json_put_int(classes, s->classes[i].name, s->classes[i].images);
    for (int f = 0; f < LADE_FORMAT_COUNT; f++)
        if (s->formats[f])
            json_put_int(formats, lade_format_name((enum lade_format)f), s->formats[f]);
    append_files(bad, &s->lists[FILE_INVALID], "invalid");
    append_files(bad, &s->lists[FILE_UNREADABLE], "unreadable");
    json_put_int(object, "images", s->images);
    json_put_int(object, "bytes", s->bytes);
    json_put(object, "classes", classes);
    json_put(object, "formats", formats);
    json_put(object, "sizes", sizes_json(s));
    json_put_int(object, "grey16", s->grey16);
    json_put_int(object, "ok", s->counts[FILE_OK]);
    json_put(object, "bad", bad);
    json_put_int(object, "bad_count", s->counts[FILE_INVALID] + s->counts[FILE_UNREADABLE]);
    json_put_int(object, "invalid_count", s->counts[FILE_INVALID]);
    json_put_int(object, "unreadable_count", s->counts[FILE_UNREADABLE]);
    put_files(object, "damaged", &s->lists[FILE_DAMAGED]);
    json_put_int(object, "damaged_count", s->counts[FILE_DAMAGED]);
    put_files(object, "problems", &s->problems);
    json_put(object, "ignored", ignored_json(&s->ignored));
    json_put(object, "looks_like_parts", has_parts(s) ? json_true() : json_false());
    json_put(object, "checked", s->check ? json_true() : json_false());
    put_stats(object, s);
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

/* Prints the number of files in each state. The numbers add up to the number of images. */
static void report_counts(const struct scan *s) {
    out_print("  ok       %s%s\n", text_count(s->counts[FILE_OK]).s,
              s->check ? "" : " with a valid header (--check decodes every image)");
    if (s->check)
        out_print("  damaged  %s%s\n", s->counts[FILE_DAMAGED] ? text_count(s->counts[FILE_DAMAGED]).s : "none",
                  s->counts[FILE_DAMAGED] ? ", but readable" : "");
    out_print("  invalid  %s\n", s->counts[FILE_INVALID] ? text_count(s->counts[FILE_INVALID]).s : "none");
    if (s->counts[FILE_UNREADABLE])
        out_print("  unread   %s, because they cannot be read\n", text_count(s->counts[FILE_UNREADABLE]).s);
}

static void report_list(const char *title, const struct file_list *list) {
    if (list->count)
        out_print("\n%s:\n", title);
    for (size_t i = 0; i < list->count; i++)
        out_print("  %s\n", list->files[i].cause);
}

static void report_stats(const struct scan *s) {
    const double *rows[] = {s->stats_found.mean, s->stats_found.std};
    for (int i = 0; i < 2; i++) {
        out_print("  %s    ", i ? "std " : "mean");
        for (int c = 0; c < s->stats_found.channels; c++)
            out_print(" %s", text_number(rows[i][c]).s);
        out_print("%s\n", i                              ? ""
                          : s->stats_found.channels == 1 ? " (grey)"
                          : s->stats_found.channels == 3 ? " (red, green, blue)"
                                                         : " (red, green, blue, alpha)");
    }
    out_print("  used     %s for mean and std; %s left out\n", text_counted(s->stats_found.images, "image").s,
              text_count((int64_t)s->left_out.count).s);
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
    if (s->grey16)
        out_print("  16 bits  %s grey; dtype uint8 divides their values by 257\n", text_count(s->grey16).s);
    report_counts(s);
    ignored_print_counts(&s->ignored);
    if (s->has_stats)
        report_stats(s);
    out_print("  time     %s\n", text_seconds(s->seconds).s);
    report_list("invalid files", &s->lists[FILE_INVALID]);
    report_list("files that cannot be read", &s->lists[FILE_UNREADABLE]);
    report_list("damaged but readable files", &s->lists[FILE_DAMAGED]);
    report_list("left out of the statistics", &s->left_out);
    report_list("folders with problems", &s->problems);
    ignored_print_names(&s->ignored);
    if (has_parts(s)) {
        const char **names = class_names(s);
        out_flush();
        layout_print_parts(s->directory, names, (int)s->class_count);
        free(names);
    }
}
