/*
 * Files and folders named one by one as samples without labels: what is to be looked at, not learnt from.
 */
#define _GNU_SOURCE /* O_DIRECTORY, O_CLOEXEC under any -std */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/sys.h"
#include "flow/source/directory.h"
#include "flow/option/options.h"
#include "flow/flow_impl.h"
#include "flow/source/walk.h"

struct listing {
    struct lade__samples *samples;
    XXH3_state_t *hash; /* of all paths, for saved states */
    bool follow_links;
};

static int no_memory(const struct listing *l, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "%s: no memory for a list of %lld files", l->samples->source,
                          (long long)l->samples->rows);
}

static int add(struct listing *l, const char *folder, const char *name, struct lade_error *err) {
    if (lade__scan_append(l->samples->files, folder, name) < 0)
        return no_memory(l, err);
    XXH3_128bits_update(l->hash, folder, strlen(folder) + 1);
    XXH3_128bits_update(l->hash, name, strlen(name) + 1);
    l->samples->rows++;
    return LADE_OK;
}

/* @path and what the walk calls a folder below it, "." or "./a/b", as one path. */
static char *join(const char *path, const char *below) {
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

static int add_folder(struct listing *l, const char *path, struct lade_error *err) {
    lade_cleanup(lade__close_fd) int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    lade_cleanup(lade_freep) char *folder = NULL, *below = NULL;
    struct lade__walk walk = {root, path, l->follow_links, 0};
    struct lade_error failed = {0};

    if (root < 0)
        return lade__folder_fail(err, errno, path, ".");
    lade_for_each (f, lade__walk_folder(&walk, ".", -1), &failed) {
        if (!below || strcmp(below, f.directory) != 0) {
            lade_free(below);
            lade_free(folder);
            below = lade_strdup(f.directory);
            folder = join(path, f.directory);
            if (!below || !folder)
                return no_memory(l, err);
        }
        if (add(l, folder, f.name, err) < 0)
            return LADE_ENOMEM;
    }
    if (failed.code)
        return lade_error_set(err, failed.code, "%s", failed.message);
    if (!walk.found)
        return lade_error_set(err, LADE_ENOENT, "%s holds no images (%s)", path, lade__image_suffixes().text);
    return LADE_OK;
}

/* Only what is a folder is looked at: whatever else cannot be read is an invalid file, found when its turn comes. */
static int add_path(struct listing *l, const char *path, struct lade_error *err) {
    struct stat s;

    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode))
        return add_folder(l, path, err);
    return add(l, "", path, err);
}

static int list_paths(struct lade__samples *s, const char *const *paths, bool follow_links, struct lade_error *err) {
    struct listing l = {s, NULL, follow_links};
    int status = paths[0] ? LADE_OK : lade_error_set(err, LADE_EINVAL, "paths: the list is empty");

    if (status < 0)
        return status;
    s->source = lade_strdup(paths[0]);
    s->files = lade__scan_new("");
    s->groups = lade_calloc(1, sizeof *s->groups);
    l.hash = XXH3_createState();
    if (!s->source || !s->files || !s->groups || !l.hash)
        status = lade_error_set(err, LADE_ENOMEM, "%s: no memory for a stream", paths[0]);
    else if ((s->root = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        status = lade_error_from_errno(err, errno, ".", "the working directory cannot be opened");
    else
        XXH3_128bits_reset(l.hash);
    for (size_t i = 0; status == LADE_OK && paths[i]; i++)
        status = add_path(&l, paths[i], err);
    if (status == LADE_OK) {
        XXH128_hash_t h = XXH3_128bits_digest(l.hash);
        s->groups[0] = (struct lade__group){.name = "", .rows = s->rows, .hash_low = h.low64, .hash = h.high64};
    }
    XXH3_freeState(l.hash);
    return status;
}

lade_flow *lade_flow_from_paths(const char *const *paths, const struct lade_flow_options *options,
                                struct lade_error *err) {
    struct lade_flow_options resolved;
    struct lade__samples samples = {.root = -1};
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__options_resolve(&resolved, options, err) < 0)
        return NULL;
    if (list_paths(&samples, paths, resolved.follow_links, err) == LADE_OK)
        return lade__flow_new(&samples, &resolved, err);
    lade__samples_release(&samples);
    return NULL;
}
