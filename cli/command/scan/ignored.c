/*
 * Counts ignored entries. A tree may have millions of ignored files, so only the first names of each kind are kept, and
 * the number of different suffixes is limited.
 */
#include "command/scan/ignored.h"

#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "terminal/output.h"
#include "terminal/text.h"

/* ---- Counting ---------------------------------------------------------------------------------------------------- */

/* Returns the suffix of a name in lower case, or "". The caller must free() the suffix. */
static char *suffix_of(const char *name) {
    const char *dot = strrchr(name, '.');
    char *suffix = text_printf("%s", dot && dot > name ? dot + 1 : "");
    for (char *c = suffix; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    return suffix;
}

static struct ignored_count *find_suffix(struct ignored *ignored, const char *name) {
    char *suffix = suffix_of(name);
    size_t i = 0;
    while (i < ignored->suffix_count && ignored->suffixes[i].suffix && strcmp(ignored->suffixes[i].suffix, suffix) != 0)
        i++;
    if (i == ignored->suffix_count) {
        ignored->suffix_count++;
        ignored->suffixes[i].suffix = i < IGNORED_SUFFIXES ? suffix : NULL;
    }
    if (ignored->suffixes[i].suffix != suffix)
        free(suffix);
    return &ignored->suffixes[i].files;
}

static void add(struct ignored_count *count, const struct lade_ignored_entry *entry) {
    if (count->count < IGNORED_NAMES)
        count->first[count->count] = text_printf("%s%s%s", entry->directory, *entry->directory ? "/" : "", entry->name);
    count->count++;
}

void ignored_add(struct ignored *ignored, const struct lade_ignored_entry *entry) {
    add(&ignored->reasons[entry->reason], entry);
    if (entry->reason == LADE_IGNORED_SUFFIX)
        add(find_suffix(ignored, entry->name), entry);
    ignored->count++;
}

static int compare(const void *left, const void *right) {
    const struct ignored_suffix *a = left, *b = right;
    if (a->files.count != b->files.count)
        return a->files.count < b->files.count ? 1 : -1;
    return strcmp(a->suffix ? a->suffix : "", b->suffix ? b->suffix : "");
}

void ignored_sort(struct ignored *ignored) {
    qsort(ignored->suffixes, ignored->suffix_count, sizeof *ignored->suffixes, compare);
}

static void free_count(struct ignored_count *count) {
    for (int i = 0; i < IGNORED_NAMES; i++)
        free(count->first[i]);
}

void ignored_free(struct ignored *ignored) {
    for (int r = 0; r < LADE_IGNORED_COUNT; r++)
        free_count(&ignored->reasons[r]);
    for (size_t i = 0; i < ignored->suffix_count; i++) {
        free(ignored->suffixes[i].suffix);
        free_count(&ignored->suffixes[i].files);
    }
}

/* ---- Printing ---------------------------------------------------------------------------------------------------- */

static const char *const meanings[] = {
    [LADE_IGNORED_SUFFIX] = "without a suffix of an image format",
    [LADE_IGNORED_CONTENT] = "that are not images",
    [LADE_IGNORED_EMPTY] = "of 0 bytes",
    [LADE_IGNORED_UNREADABLE] = "that cannot be read",
    [LADE_IGNORED_DOT] = "whose name begins with a dot",
    [LADE_IGNORED_NOT_REGULAR] = "that are not regular files",
    [LADE_IGNORED_LINK] = "that are links to folders (--follow-links)",
    [LADE_IGNORED_NO_CLASS] = "outside of the class folders",
};
_Static_assert(sizeof meanings / sizeof *meanings == LADE_IGNORED_COUNT, "a reason has no text");

void ignored_print_counts(const struct ignored *ignored) {
    enum { SHOWN = 8 };
    const char *join = "";
    if (!ignored->suffix_count)
        return;
    out_print("  suffixes ");
    for (size_t i = 0; i < ignored->suffix_count && i < SHOWN; i++) {
        const struct ignored_suffix *s = &ignored->suffixes[i];
        char *suffix = text_escape(s->suffix ? s->suffix : "");
        const char *dot = s->suffix && *s->suffix ? "." : s->suffix ? "none" : "others";
        out_print("%s%s%s %s", join, dot, suffix, text_count(s->files.count).s);
        free(suffix);
        join = ", ";
    }
    out_print("%s (ignored)\n", ignored->suffix_count > SHOWN ? ", ..." : "");
}

void ignored_print_names(const struct ignored *ignored) {
    if (ignored->count)
        out_print("\nignored: %s\n", text_counted(ignored->count, "item").s);
    for (int r = 0; r < LADE_IGNORED_COUNT; r++) {
        const struct ignored_count *c = &ignored->reasons[r];
        if (!c->count)
            continue;
        out_print("  %s %s: ", text_count(c->count).s, meanings[r]);
        for (int i = 0; i < IGNORED_NAMES && c->first[i]; i++) {
            char *path = text_escape(c->first[i]);
            out_print("%s%s", i ? ", " : "", path);
            free(path);
        }
        out_print("%s\n", c->count > IGNORED_NAMES ? ", ..." : "");
    }
}

static json_t *count_json(const struct ignored_count *count) {
    json_t *object = json_new_object();
    int names = 0;
    while (names < IGNORED_NAMES && count->first[names])
        names++;
    json_put_int(object, "count", count->count);
    json_put_paths(object, "first", count->first, names);
    return object;
}

json_t *ignored_json(const struct ignored *ignored) {
    json_t *object = json_new_object(), *reasons = json_new_object(), *suffixes = json_new_object();
    for (int r = 0; r < LADE_IGNORED_COUNT; r++)
        if (ignored->reasons[r].count)
            json_put(reasons, lade_ignored_name((enum lade_ignored)r), count_json(&ignored->reasons[r]));
    for (size_t i = 0; i < ignored->suffix_count; i++) {
        const struct ignored_suffix *s = &ignored->suffixes[i];
        json_put(suffixes, s->suffix ? s->suffix : "*", count_json(&s->files));
    }
    json_put_int(object, "count", ignored->count);
    json_put(object, "reasons", reasons);
    json_put(object, "suffixes", suffixes);
    return object;
}
