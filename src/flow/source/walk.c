/*
 * Defines the generators that find files. lade__scan_files() delegates to class_files() for each class folder, and
 * class_files() delegates to lade__walk_directory().
 *
 * The walk is not recursive. The code keeps a sorted list of directories that are not read yet, and always reads the
 * first directory of the list. In byte order, a directory comes after all directories that contain it. Therefore
 * directories are read in byte order, and only one directory is open at a time.
 */
#define _GNU_SOURCE /* declares O_DIRECTORY and O_CLOEXEC with every -std */
#include "flow/source/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/option.h"
#include "base/sys.h"
#include "flow/source/directory.h"

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

/* Reports the error of an entry and clears @err. If options.on_problem is NULL, or the error is LADE_ENOMEM or
   LADE_ECANCELED, keeps @err and returns false. */
static bool report(struct lade__walk *walk, const char *path, int class_index, struct lade_error *err) {
    const struct lade_scan_options *options = &walk->options;

    if (!options->on_problem || err->code == LADE_ENOMEM || err->code == LADE_ECANCELED)
        return false;
    walk->problems++;
    struct lade_scan_problem problem = {path, err->message, err->code, class_index, {0}};
    options->on_problem(options->problem_ctx, &problem);
    *err = (struct lade_error){0};
    return true;
}

/* Reports the loops in the directory @path. */
static void report_loops(struct lade__walk *walk, const char *path, int class_index,
                         const struct lade__directory *directory) {
    for (size_t i = 0; i < directory->loop_count; i++) {
        struct lade_error err = {0};
        char link[4096];
        snprintf(link, sizeof link, "%s%s%s", path, *path ? "/" : "", directory->loops[i]);
        lade_error_set(&err, LADE_EINVAL,
                       "%s/%s is not followed, because it is a link to a directory that contains the link",
                       walk->directory, link);
        report(walk, link, class_index, &err);
    }
}

/* ---- Ignored entries --------------------------------------------------------------------------------------------- */

static struct lade__directory_rules rules_of(const struct lade_scan_options *options) {
    return (struct lade__directory_rules){.links = options->follow_links,
                                          .all_files = options->all_files,
                                          .ignored = options->ignored.call != NULL,
                                          .stop = options->stop};
}

/* Reports the ignored entries of the directory @path. */
static void report_ignored(const struct lade__walk *walk, const struct lade__directory *directory, const char *path,
                           int class_index) {
    const struct lade_ignored_callback *ignored = &walk->options.ignored;

    for (size_t i = 0; i < directory->ignored_count; i++) {
        struct lade_ignored_entry entry = lade__directory_entry(directory, i, path);
        entry.class_index = class_index;
        if (class_index < 0 && entry.reason == LADE_IGNORED_SUFFIX)
            entry.reason = LADE_IGNORED_NO_CLASS;
        ignored->call(ignored->ctx, &entry);
    }
}

/* Reports the ignored entries beside the class folders. A file beside the class folders has no class, even if the file
   has the suffix of an image format. */
static void report_top(const struct lade__walk *walk, const struct lade__directory *top) {
    const struct lade_ignored_callback *ignored = &walk->options.ignored;

    report_ignored(walk, top, "", -1);
    for (size_t i = 0; ignored->call && i < top->image_count; i++)
        ignored->call(ignored->ctx, &(struct lade_ignored_entry){LADE_IGNORED_NO_CLASS, -1, "", top->images[i]});
}

/* ---- One directory, one class ------------------------------------------------------------------------------------ */

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
            if (!report(walk, path, class_index, &err))
                lade_fail_with(&err);
            continue;
        }
        report_loops(walk, path, class_index, &directory);
        report_ignored(walk, &directory, path, class_index);
        walk->found += directory.image_count;
        for (size_t i = 0; i < directory.image_count; i++)
            lade_yield(((struct lade_scan_file){*start ? start : ".", path, directory.images[i], class_index}));
        for (size_t i = directory.directory_count; i-- > 0;)
            if (pending_push(&pending, join_path(path, directory.directories[i])) < 0)
                lade_fail_status(LADE_ENOMEM, "%s/%s: no memory to read this directory", walk->directory, path);
    }
}

static bool is_folder_name(const char *name) {
    return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* Returns true if the class @name has no folder, and the options allow this. */
static bool is_missing(const struct lade__walk *walk, const char *name) {
    struct stat s;
    return walk->options.allow_missing_classes &&
           (!is_folder_name(name) || (fstatat(walk->root, name, &s, 0) < 0 && errno == ENOENT));
}

lade_generator_static(struct lade_scan_file, class_files, struct lade__walk *, walk, const char *, class_name, int,
                      class_index, const struct lade__class_callback *, callback) {
    size_t before = walk->found, problems = walk->problems;
    struct lade_error err = {0};

    if (callback)
        callback->call(callback->ctx, class_name);
    if (!is_missing(walk, class_name))
        lade_yield_from(lade__walk_directory(walk, class_name, class_index));
    if (walk->found == before && walk->problems == problems) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", walk->directory, class_name);
        lade_error_set_subject(
            &err, LADE_ENOENT, path,
            "%s contains no images (%s): add images, remove the folder, or list the wanted folders in "
            "`classes`",
            path, lade__image_suffixes().text);
        if (!report(walk, class_name, class_index, &err) && walk->options.refuse_empty_classes)
            lade_fail_with(&err);
    }
}

/* ---- All classes ------------------------------------------------------------------------------------------------- */

static int check_class(const struct lade__walk *walk, const char *const *classes, size_t i, struct lade_error *err) {
    const char *name = classes[i];
    struct stat s;

    if (!is_folder_name(name) && !walk->options.allow_missing_classes)
        return lade_error_set_subject(err, LADE_EINVAL, "classes", "classes: \"%s\" is not the name of a folder in %s",
                                      name, walk->directory);
    for (size_t j = 0; j < i; j++)
        if (strcmp(classes[j], name) == 0)
            return lade_error_set_subject(err, LADE_EINVAL, "classes", "classes: \"%s\" is listed twice", name);
    if (is_missing(walk, name))
        return LADE_OK;
    if (fstatat(walk->root, name, &s, 0) < 0) {
        if (errno != ENOENT)
            return lade__directory_fail(err, errno, walk->directory, name);
    } else if (S_ISDIR(s.st_mode)) {
        if (!lade__directory_is_loop(walk->root, name))
            return LADE_OK;
        return lade_error_set_subject(err, LADE_EINVAL, "classes",
                                      "classes: \"%s\" in %s is a link to a directory that contains the link", name,
                                      walk->directory);
    }
    return lade_error_set_subject(err, LADE_ENOENT, "classes", "classes: there is no folder \"%s\" in %s", name,
                                  walk->directory);
}

static int check_classes(const struct lade__walk *walk, const char *const *classes, struct lade_error *err) {
    if (!classes[0])
        return lade_error_set_subject(err, LADE_EINVAL, "classes", "classes: the list is empty");
    for (size_t i = 0; classes[i]; i++) {
        int status = check_class(walk, classes, i, err);
        if (status < 0)
            return status;
    }
    return LADE_OK;
}

static int check_top(const struct lade__directory *top, const char *directory, struct lade_error *err) {
    if (top->directory_count)
        return LADE_OK;
    if (top->image_count)
        return lade_error_set_subject(err, LADE_ENOENT, directory,
                                      "%s contains images but no folders: put the images of each class into a folder "
                                      "with the name of the class, or use class_mode none",
                                      directory);
    return lade_error_set_subject(err, LADE_ENOENT, directory,
                                  "%s contains no class folders: give a directory with one folder of images for each "
                                  "class",
                                  directory);
}

/* Reads the directory of the class folders. If this directory itself is the only class, sets *flat to true. */
static int read_top(struct lade__walk *walk, struct lade__directory *top, bool *flat, struct lade_error *err) {
    struct lade__directory_rules rules = {
        .links = true, .ignored = walk->options.ignored.call != NULL, .stop = walk->options.stop};
    int status = lade__directory_read(top, walk->root, ".", &rules, walk->directory, err);

    if (status < 0)
        return status;
    *flat = walk->options.flat && !top->directory_count && (top->image_count || walk->options.all_files);
    if (*flat)
        return LADE_OK;
    status = check_top(top, walk->directory, err);
    if (status < 0)
        return status;
    report_loops(walk, "", -1, top);
    report_top(walk, top);
    return LADE_OK;
}

lade_generator(struct lade_scan_file, lade__scan_files, const char *, directory, const struct lade_scan_options *,
               options, const struct lade__class_callback *, callback)
{
    lade_cleanup(lade__close_fd) int root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    lade_cleanup(lade__directory_release) struct lade__directory top = {0};
    const struct lade_scan_options defaults = {0};
    struct lade__walk walk = {.root = root, .directory = directory, .options = options ? *options : defaults};
    const char *const *classes = walk.options.classes;
    bool flat = false;
    struct lade_error err = {0};

    if (root < 0) {
        lade__directory_fail(&err, errno, directory, ".");
        lade_fail_with(&err);
    }
    if (options && LADE__RESERVED_CHECK(options, "lade_scan_options", &err) < 0)
        lade_fail_with(&err);
    if ((classes ? check_classes(&walk, classes, &err) : read_top(&walk, &top, &flat, &err)) < 0)
        lade_fail_with(&err);
    for (int i = 0; classes && classes[i]; i++)
        lade_yield_from(class_files(&walk, classes[i], i, callback));
    for (size_t i = 0; i < top.directory_count; i++)
        lade_yield_from(class_files(&walk, top.directories[i], (int)i, callback));
    if (flat && callback)
        callback->call(callback->ctx, ".");
    if (flat)
        lade_yield_from(lade__walk_directory(&walk, "", 0));
    if (!walk.found && !walk.problems) {
        lade_error_set_subject(&err, LADE_ENOENT, directory, "%s: no class folder contains images (%s)", directory,
                               lade__image_suffixes().text);
        lade_fail_with(&err);
    }
}

lade_generator(struct lade_scan_file, lade_scan_files, const char *, directory, const struct lade_scan_options *,
               options)
{
    const struct lade__class_callback *none = NULL;
    lade_yield_from(lade__scan_files(directory, options, none));
}
