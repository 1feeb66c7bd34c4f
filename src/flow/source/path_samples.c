/*
 * Makes samples without labels from a list of files and directories, for inference.
 */
#define _GNU_SOURCE /* declares O_DIRECTORY and O_CLOEXEC with every -std */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/sys.h"
#include "flow/source/directory.h"
#include "flow/source/file_reader.h"
#include "flow/source/samples.h"
#include "flow/source/walk.h"

struct file_list {
    struct lade__samples *samples;
    lade_scan *files;   /* belongs to the reader of the samples */
    XXH3_state_t *hash; /* hash of all paths, for saved states */
    const struct lade_scan_options *options;
};

static int no_memory(const struct file_list *l, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "%s: no memory for a list of %lld files", l->samples->source,
                          (long long)l->samples->rows);
}

static int add_file(struct file_list *l, const char *directory, const char *name, struct lade_error *err) {
    if (lade__scan_append(l->files, directory, name) < 0)
        return no_memory(l, err);
    XXH3_128bits_update(l->hash, directory, strlen(directory) + 1);
    XXH3_128bits_update(l->hash, name, strlen(name) + 1);
    l->samples->rows++;
    return LADE_OK;
}

/* Returns @path joined with @below, which is "." or a path such as "./a/b" relative to @path. */
static char *join_path(const char *path, const char *below) {
    size_t n = strlen(path), m = strlen(below + 1);
    while (n > 1 && path[n - 1] == '/')
        n--;
    char *joined = lade_alloc(n + m + 1);
    if (joined) {
        memcpy(joined, path, n);
        memcpy(joined + n, below + 1, m + 1);
    }
    return joined;
}

static int add_directory(struct file_list *l, const char *path, struct lade_error *err) {
    lade_cleanup(lade__close_fd) int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    lade_cleanup(lade_freep) char *directory = NULL, *below = NULL;
    struct lade__walk walk = {.root = root, .directory = path, .options = *l->options};
    struct lade_error failed = {0};

    if (root < 0)
        return lade__directory_fail(err, errno, path, ".");
    lade_for_each (f, lade__walk_directory(&walk, ".", -1), &failed) {
        if (!below || strcmp(below, f.directory) != 0) {
            lade_free(below);
            lade_free(directory);
            below = lade_strdup(f.directory);
            directory = join_path(path, f.directory);
            if (!below || !directory)
                return no_memory(l, err);
        }
        if (add_file(l, directory, f.name, err) < 0)
            return LADE_ENOMEM;
    }
    if (failed.code)
        return lade_error_set_subject(err, failed.code, failed.subject, "%s", failed.message);
    if (!walk.found)
        return lade_error_set_subject(err, LADE_ENOENT, path, "%s contains no images (%s)", path,
                                      lade__image_suffixes().text);
    return LADE_OK;
}

/* Adds a path. A path that is not a directory is added without a check. If the file cannot be read later, it is
   reported as an invalid file. */
static int add_path(struct file_list *l, const char *path, struct lade_error *err) {
    struct stat s;

    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode))
        return add_directory(l, path, err);
    return add_file(l, "", path, err);
}

static int add_paths(struct file_list *l, const char *const *paths, struct lade_error *err) {
    struct lade__samples *s = l->samples;

    XXH3_128bits_reset(l->hash);
    for (size_t i = 0; paths[i]; i++) {
        int status = add_path(l, paths[i], err);
        if (status < 0)
            return status;
    }
    XXH128_hash_t h = XXH3_128bits_digest(l->hash);
    s->reader.samples = s->groups[0].rows = s->rows;
    s->groups[0].names = (struct lade_digest){h.low64, h.high64};
    return LADE_OK;
}

int lade__samples_from_paths(struct lade__samples *s, const char *const *paths, const struct lade_scan_options *options,
                             struct lade_error *err) {
    struct file_list list = {.samples = s, .options = options};
    int status;

    *s = (struct lade__samples){0};
    if (!paths[0])
        return lade_error_set_subject(err, LADE_EINVAL, "paths", "paths: the list is empty");
    s->source = lade_strdup(paths[0]);
    list.files = lade__scan_new("");
    list.hash = XXH3_createState();
    status = list.files ? lade__file_reader_open(&s->reader, list.files, err) : LADE_ENOMEM;
    if (!list.files || !s->source || !list.hash || lade__samples_make_classes(s, 0) < 0)
        status = lade_error_set_subject(err, LADE_ENOMEM, paths[0], "%s: no memory for a flow", paths[0]);
    if (status == LADE_OK)
        status = add_paths(&list, paths, err);
    XXH3_freeState(list.hash);
    return status;
}
