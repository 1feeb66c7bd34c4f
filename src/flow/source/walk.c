/*
 * The generators at the bottom of the stream: lade_scan_files() delegates to one class_files() per class folder, and
 * that to the walk of a folder.
 *
 * A folder is walked without recursion: a list of folders still to read, always the first in byte order next. A
 * folder comes after all that are above it, so this gives every path in byte order, however the tree is shaped, with
 * one folder open at a time.
 */
#define _GNU_SOURCE /* O_DIRECTORY, O_CLOEXEC under any -std */
#include "flow/source/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"
#include "flow/source/directory.h"

/* ---- Folders still to read --------------------------------------------------------------------------------------- */

struct pending {
    char **paths; /* in falling byte order: the next one is the last */
    size_t count, room;
};

static void pending_release(struct pending *p) {
    while (p->count)
        lade_free(p->paths[--p->count]);
    lade_free(p->paths);
}

static char *pending_pop(struct pending *p) {
    return p->paths[--p->count];
}

static char *join(const char *folder, const char *name) {
    size_t n = strlen(folder), m = strlen(name);
    char *path = lade_alloc(n + m + 2);

    if (path) {
        memcpy(path, folder, n);
        path[n] = '/';
        memcpy(path + n + 1, name, m + 1);
    }
    return path;
}

/* Takes @path over, also when it fails; NULL counts as no memory. */
static int pending_push(struct pending *p, char *path) {
    size_t low = 0, high = p->count;

    if (path && p->count == p->room) {
        size_t room = p->room ? p->room * 2 : 16;
        char **paths = lade_realloc(p->paths, room, sizeof *paths);
        if (!paths) {
            lade_free(path);
            return LADE_ENOMEM;
        }
        p->paths = paths;
        p->room = room;
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

/* ---- One folder, one class --------------------------------------------------------------------------------------- */

lade_generator(struct lade_scan_file, lade__walk_folder, struct lade__walk *, walk, const char *, folder_path, int,
               class_index)
{
    lade_cleanup(pending_release) struct pending pending = {0};
    struct lade_error err = {0};

    if (pending_push(&pending, lade_strdup(folder_path)) < 0)
        lade_fail_status(LADE_ENOMEM, "%s/%s: no memory to walk it", walk->directory, folder_path);
    while (pending.count) {
        lade_cleanup(lade_freep) char *path = pending_pop(&pending);
        lade_cleanup(lade__folder_release) struct lade__folder folder = {0};
        if (lade__folder_read(&folder, walk->root, path, walk->follow_links, walk->directory, &err) < 0)
            lade_fail_with(&err);
        walk->found += folder.image_count;
        for (size_t i = 0; i < folder.image_count; i++)
            lade_yield(((struct lade_scan_file){folder_path, path, folder.images[i], class_index}));
        for (size_t i = folder.folder_count; i-- > 0;)
            if (pending_push(&pending, join(path, folder.folders[i])) < 0)
                lade_fail_status(LADE_ENOMEM, "%s/%s: no memory to walk it", walk->directory, path);
    }
}

lade_generator_static(struct lade_scan_file, class_files, struct lade__walk *, walk, const char *, class_name, int,
                      class_index) {
    size_t before = walk->found;

    lade_yield_from(lade__walk_folder(walk, class_name, class_index));
    if (walk->found == before)
        lade_fail_status(
            LADE_ENOENT,
            "%s/%s holds no images (%s): add some, remove the folder, or list the folders that are wanted in "
            "`classes`",
            walk->directory, class_name, lade__image_suffixes().text);
}

/* ---- All classes ------------------------------------------------------------------------------------------------- */

static int check_class(const struct lade__walk *walk, const char *const *classes, size_t i, struct lade_error *err) {
    const char *name = classes[i];
    struct stat s;

    if (!*name || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return lade_error_set(err, LADE_EINVAL, "classes: \"%s\" is not the name of a folder directly in %s", name,
                              walk->directory);
    for (size_t j = 0; j < i; j++)
        if (strcmp(classes[j], name) == 0)
            return lade_error_set(err, LADE_EINVAL, "classes: \"%s\" is listed twice", name);
    if (fstatat(walk->root, name, &s, 0) < 0) {
        if (errno != ENOENT)
            return lade__folder_fail(err, errno, walk->directory, name);
    } else if (S_ISDIR(s.st_mode)) {
        return LADE_OK;
    }
    return lade_error_set(err, LADE_ENOENT, "classes: there is no folder \"%s\" in %s", name, walk->directory);
}

static int check_classes(const struct lade__walk *walk, const char *const *classes, struct lade_error *err) {
    int status = classes[0] ? LADE_OK : lade_error_set(err, LADE_EINVAL, "classes: the list is empty");

    for (size_t i = 0; status == LADE_OK && classes[i]; i++)
        status = check_class(walk, classes, i, err);
    return status;
}

static int check_top(const struct lade__folder *top, const char *directory, struct lade_error *err) {
    if (top->folder_count)
        return LADE_OK;
    if (top->image_count)
        return lade_error_set(err, LADE_ENOENT,
                              "%s holds images but no folders: put the images of each class into a folder of its own, "
                              "named for the class",
                              directory);
    return lade_error_set(err, LADE_ENOENT,
                          "%s holds no class folders: give a directory with one folder of images per "
                          "class",
                          directory);
}

lade_generator(struct lade_scan_file, lade_scan_files, const char *, directory, const struct lade_scan_options *,
               options)
{
    lade_cleanup(lade__close_fd) int root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    lade_cleanup(lade__folder_release) struct lade__folder top = {0};
    const char *const *classes = options ? options->classes : NULL;
    struct lade__walk walk = {root, directory, options && options->follow_links, 0};
    struct lade_error err = {0};

    if (root < 0) {
        lade__folder_fail(&err, errno, directory, ".");
        lade_fail_with(&err);
    }
    if (classes) {
        if (check_classes(&walk, classes, &err) < 0)
            lade_fail_with(&err);
        for (int i = 0; classes[i]; i++)
            lade_yield_from(class_files(&walk, classes[i], i));
        return;
    }
    if (lade__folder_read(&top, root, ".", true, directory, &err) < 0 || check_top(&top, directory, &err) < 0)
        lade_fail_with(&err);
    for (size_t i = 0; i < top.folder_count; i++)
        lade_yield_from(class_files(&walk, top.folders[i], (int)i));
}
