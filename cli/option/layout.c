/*
 * Recognises the parts of a data set, and prints warnings about classes. A stream of such classes is valid, so the run
 * continues.
 */
#define _POSIX_C_SOURCE 200809L
#include "option/layout.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "terminal/output.h"
#include "terminal/text.h"

static const struct part {
    const char *name;
    enum { TRAINING, VALIDATION, OTHER } use;
} parts[] = {
    {"train", TRAINING}, {"training", TRAINING}, {"val", VALIDATION}, {"valid", VALIDATION}, {"validation", VALIDATION},
    {"dev", VALIDATION}, {"test", OTHER},        {"testing", OTHER},  {"eval", OTHER},       {"evaluation", OTHER}};

static const struct part *find_part(const char *name) {
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(name, parts[i].name) == 0)
            return &parts[i];
    return NULL;
}

bool layout_has_parts(const char *const *names, int count) {
    int found = 0;
    for (int c = 0; c < count; c++)
        found += find_part(names[c]) != NULL;
    return count >= 2 && found == count;
}

bool layout_is_training(const char *name) {
    const struct part *part = find_part(name);
    return part && part->use == TRAINING;
}

bool layout_is_validation(const char *name) {
    const struct part *part = find_part(name);
    return part && part->use == VALIDATION;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **layout_folders(const char *path, int *count) {
    DIR *directory = opendir(path);
    char **names = NULL;
    *count = 0;
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        struct stat status;
        if (entry->d_name[0] == '.' || fstatat(dirfd(directory), entry->d_name, &status, 0) != 0 ||
            !S_ISDIR(status.st_mode))
            continue;
        names = realloc(names, ((size_t)*count + 2) * sizeof *names);
        if (!names)
            out_die("out of memory");
        names[(*count)++] = text_printf("%s", entry->d_name);
        names[*count] = NULL;
    }
    if (directory)
        closedir(directory);
    if (names)
        qsort(names, (size_t)*count, sizeof *names, by_name);
    return names;
}

void layout_folders_free(char **folders) {
    for (size_t i = 0; folders && folders[i]; i++)
        free(folders[i]);
    free(folders);
}

/* Returns the first names of a list as "a, b, c, ...". The caller must free() the text. */
static char *join(const char *const *names, int count) {
    enum { SHOWN = 5 };
    char *list = text_printf("%s", "");
    for (int i = 0; i < count && i < SHOWN; i++) {
        char *name = text_escape(names[i]), *longer = text_printf("%s%s%s", list, i ? ", " : "", name);
        free(name);
        free(list);
        list = longer;
    }
    if (count <= SHOWN)
        return list;
    char *longer = text_printf("%s, ...", list);
    free(list);
    return longer;
}

static bool contains(const char *const *names, int count, const char *name) {
    int i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i < count;
}

/* Returns the names of @a that are not in @b, and stores their number in *@count. The caller must free() the array. */
static const char **names_without(const char *const *a, int a_count, const char *const *b, int b_count, int *count) {
    const char **left = text_alloc((size_t)a_count + 1, sizeof *left);
    *count = 0;
    for (int i = 0; i < a_count; i++)
        if (!contains(b, b_count, a[i]))
            left[(*count)++] = a[i];
    return left;
}

void layout_warn_other_classes(const lade_flow *flow, const lade_flow *all, const char *path) {
    int others;
    const char **names = names_without(lade_flow_class_names(all), lade_flow_classes(all), lade_flow_class_names(flow),
                                       lade_flow_classes(flow), &others);
    if (others) {
        char *shown = text_escape(path), *list = join(names, others);
        out_error("warning: %s has %s that the net does not have: %s; images left out: %s", shown,
                  text_counted(others, "class").s, list,
                  text_count(lade_flow_samples(all) - lade_flow_samples(flow)).s);
        free(list);
        free(shown);
    }
    free(names);
}

void layout_print_parts(const char *path, const char *const *names, int count) {
    char *list = join(names, count), *shown = text_escape(path), *first = text_escape(names[0]);
    out_error("warning: %d classes: %s? These folders look like parts of a data set, not like classes. Give one part, "
              "for example %s/%s",
              count, list, shown, first);
    free(first);
    free(shown);
    free(list);
}

void layout_warn_empty(const lade_flow *flow, const char *path) {
    static const char *const parts_of[] = {[LADE_SUBSET_ALL] = "",
                                           [LADE_SUBSET_TRAINING] = "the training part of ",
                                           [LADE_SUBSET_VALIDATION] = "the validation part of "};
    const char *const *names = lade_flow_class_names(flow);
    int count = lade_flow_classes(flow), empty = 0;
    const char **without = text_alloc((size_t)count + 1, sizeof *without);
    for (int c = 0; c < count; c++)
        if (lade_flow_class_count(flow, c) == 0)
            without[empty++] = names[c];
    if (empty) {
        char *shown = text_escape(path), *list = join(without, empty);
        out_error("warning: %s%s has no images of %s: %s", parts_of[lade_flow_options_get(flow)->subset], shown,
                  text_counted(empty, "class").s, list);
        free(list);
        free(shown);
    }
    free(without);
}
