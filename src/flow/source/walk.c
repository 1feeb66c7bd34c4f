/*
 * Defines the generator that finds the images in a directory and its sub-directories.
 *
 * The walk is not recursive. The code keeps a sorted list of directories that are not read yet, and always reads the
 * first directory of the list. In byte order, a directory comes after all directories that contain it. Therefore
 * directories are read in byte order, and only one directory is open at a time.
 */
#include "flow/source/walk.h"

#include <stdio.h>
#include <string.h>

/* ---- Directories to read ----------------------------------------------------------------------------------------- */

struct pending {
    char **paths; /* in descending byte order; the last path is read next */
    size_t count, capacity;
};

static void pending_release(struct pending *p) {
    while (p->count)
        lade_free(p->paths[--p->count]);
    lade_free(p->paths);
}

static char *pending_pop(struct pending *p) {
    return p->paths[--p->count];
}

/* Returns @name if @directory is "". */
static char *join_path(const char *directory, const char *name) {
    size_t n = strlen(directory), m = strlen(name);
    char *path = n ? lade_alloc(n + m + 2) : lade_strdup(name);

    if (path && n) {
        memcpy(path, directory, n);
        path[n] = '/';
        memcpy(path + n + 1, name, m + 1);
    }
    return path;
}

/* Adds @path, which then belongs to the list, also after an error. Returns LADE_OK, or LADE_ENOMEM if @path is NULL or
   there is no memory. */
static int pending_push(struct pending *p, char *path) {
    size_t low = 0, high = p->count;

    if (path && p->count == p->capacity) {
        size_t capacity = p->capacity ? p->capacity * 2 : 16;
        char **paths = lade_realloc(p->paths, capacity, sizeof *paths);
        if (!paths) {
            lade_free(path);
            return LADE_ENOMEM;
        }
        p->paths = paths;
        p->capacity = capacity;
    }
    if (!path)
        return LADE_ENOMEM;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(p->paths[middle], path) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(p->paths + low + 1, p->paths + low, (p->count - low) * sizeof *p->paths);
    p->paths[low] = path;
    p->count++;
    return LADE_OK;
}

/* ---- Problems ---------------------------------------------------------------------------------------------------- */

bool lade__walk_report(struct lade__walk *walk, const char *path, int class_index, struct lade_error *err) {
    const struct lade_scan_options *options = &walk->options;

    if (!options->on_problem || err->code == LADE_ENOMEM || err->code == LADE_ECANCELED)
        return false;
    walk->problems++;
    struct lade_scan_problem problem = {path, err->message, err->code, class_index, {0}};
    options->on_problem(options->problem_ctx, &problem);
    *err = (struct lade_error){0};
    return true;
}

void lade__walk_report_loops(struct lade__walk *walk, const char *path, int class_index,
                             const struct lade__directory *directory) {
    for (size_t i = 0; i < directory->loop_count; i++) {
        struct lade_error err = {0};
        char link[4096];
        snprintf(link, sizeof link, "%s%s%s", path, *path ? "/" : "", directory->loops[i]);
        lade_error_set(&err, LADE_EINVAL,
                       "%s/%s is not followed, because it is a link to a directory that contains the link",
                       walk->directory, link);
        lade__walk_report(walk, link, class_index, &err);
    }
}

/* ---- Ignored entries --------------------------------------------------------------------------------------------- */

static struct lade__directory_rules rules_of(const struct lade_scan_options *options) {
    return (struct lade__directory_rules){.links = options->follow_links,
                                          .all_files = options->all_files,
                                          .ignored = options->ignored.call != NULL,
                                          .stop = options->stop};
}

void lade__walk_report_ignored(const struct lade__walk *walk, const char *path, int class_index,
                               const struct lade__directory *directory) {
    const struct lade_ignored_callback *ignored = &walk->options.ignored;

    for (size_t i = 0; i < directory->ignored_count; i++) {
        struct lade_ignored_entry entry = lade__directory_entry(directory, i, path);
        entry.class_index = class_index;
        if (class_index < 0 && entry.reason == LADE_IGNORED_SUFFIX)
            entry.reason = LADE_IGNORED_NO_CLASS;
        ignored->call(ignored->ctx, &entry);
    }
}

/* ---- One directory ---------------------------------------------------------------------------------------------- */

lade_generator(struct lade_scan_file, lade__walk_directory, struct lade__walk *, walk, const char *, start, int,
               class_index)
{
    lade_cleanup(pending_release) struct pending pending = {0};
    struct lade__directory_rules rules = rules_of(&walk->options);
    struct lade_error err = {0};

    if (pending_push(&pending, lade_strdup(start)) < 0)
        lade_fail_status(LADE_ENOMEM, "%s/%s: no memory to read this directory", walk->directory, start);
    while (pending.count) {
        lade_cleanup(lade_freep) char *path = pending_pop(&pending);
        lade_cleanup(lade__directory_release) struct lade__directory directory = {0};
        if (lade__directory_read(&directory, walk->root, *path ? path : ".", &rules, walk->directory, &err) < 0) {
            if (!lade__walk_report(walk, path, class_index, &err))
                lade_fail_with(&err);
            continue;
        }
        lade__walk_report_loops(walk, path, class_index, &directory);
        lade__walk_report_ignored(walk, path, class_index, &directory);
        walk->found += directory.image_count;
        for (size_t i = 0; i < directory.image_count; i++)
            lade_yield(((struct lade_scan_file){*start ? start : ".", path, directory.images[i], class_index}));
        for (size_t i = directory.directory_count; i-- > 0;)
            if (pending_push(&pending, join_path(path, directory.directories[i])) < 0)
                lade_fail_status(LADE_ENOMEM, "%s/%s: no memory to read this directory", walk->directory, path);
    }
}
