/*
 * Defines the generators that find the images of all classes. lade__scan_files() finds the class folders and delegates
 * to class_files() for each of them, and class_files() delegates to lade__walk_directory().
 */
#define _GNU_SOURCE /* declares O_DIRECTORY and O_CLOEXEC with every -std */
#include "flow/source/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/option.h"
#include "base/sys.h"

/* ---- One class --------------------------------------------------------------------------------------------------- */

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
        if (!lade__walk_report(walk, class_name, class_index, &err) && walk->options.refuse_empty_classes)
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

/* Reports the ignored entries beside the class folders. A file beside the class folders has no class, even if the file
   has the suffix of an image format. */
static void report_top(const struct lade__walk *walk, const struct lade__directory *top) {
    const struct lade_ignored_callback *ignored = &walk->options.ignored;

    lade__walk_report_ignored(walk, "", -1, top);
    for (size_t i = 0; ignored->call && i < top->image_count; i++)
        ignored->call(ignored->ctx, &(struct lade_ignored_entry){LADE_IGNORED_NO_CLASS, -1, "", top->images[i]});
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
    lade__walk_report_loops(walk, "", -1, top);
    report_top(walk, top);
    return LADE_OK;
}

/* Fills @err for a directory in which no class has an image. The message ends with the first names of @classes. */
static void no_images(const char *directory, const char *const *classes, struct lade_error *err) {
    char names[256] = "";
    size_t length = 0;

    for (int i = 0; classes && classes[i] && length < sizeof names; i++)
        length += (size_t)snprintf(names + length, sizeof names - length, "%s\"%s\"", i ? ", " : ". The classes are ",
                                   classes[i]);
    lade_error_set_subject(err, LADE_ENOENT, directory, "%s: no class folder contains images (%s)%s%s", directory,
                           lade__image_suffixes().text, names, length >= sizeof names ? "..." : "");
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
        no_images(directory, classes, &err);
        lade_fail_with(&err);
    }
}

lade_generator(struct lade_scan_file, lade_scan_files, const char *, directory, const struct lade_scan_options *,
               options)
{
    const struct lade__class_callback *none = NULL;
    lade_yield_from(lade__scan_files(directory, options, none));
}
