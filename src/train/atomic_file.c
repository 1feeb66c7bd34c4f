/*
 * train/atomic_file.c - a checkpoint is worth hours: it is written beside the old one, brought to the disk, and only
 * then takes its name. A path that is no regular file (/dev/full, a pipe) cannot be replaced, and is written to.
 */
#include "train/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void release(struct lade__atomic_file *a) {
    if (a->f)
        fclose(a->f);
    lade_free(a->path);
    lade_free(a->beside);
    *a = (struct lade__atomic_file){0};
}

/* Follows links, so that a link goes on to point at the file. A path that does not exist yet stands for itself. */
static char *resolve(const char *path) {
    char *real = realpath(path, NULL);
    char *copy = lade_strdup(real ? real : path);
    free(real);
    return copy;
}

static bool is_replaceable(const char *path) {
    struct stat st;
    return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

int lade__atomic_open(struct lade__atomic_file *a, const char *path, struct lade_error *err) {
    *a = (struct lade__atomic_file){.path = resolve(path)};
    if (!a->path)
        return lade_error_set(err, LADE_ENOMEM, "cannot write %s: no memory", path);
    const char *target = a->path;
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    if (is_replaceable(a->path)) {
        size_t size = strlen(a->path) + sizeof ".tmp";
        target = a->beside = lade_alloc(size);
        if (!target) {
            release(a);
            return lade_error_set(err, LADE_ENOMEM, "cannot write %s: no memory", path);
        }
        snprintf(a->beside, size, "%s.tmp", a->path);
        flags |= O_NOFOLLOW; /* in a directory that others may write to, PATH.tmp may be somebody's trap */
    }
    int fd = open(target, flags, 0666);
    a->f = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!a->f) {
        int status = lade_error_from_errno(err, errno, "cannot write %s", target);
        if (fd >= 0)
            close(fd);
        release(a);
        return status;
    }
    return LADE_OK;
}

/* The rename itself is on the disk when its directory is. Some file systems cannot sync a directory: EINVAL. */
static int sync_directory(char *path) {
    char *slash = strrchr(path, '/');
    char kept = 0;
    if (slash) {
        kept = slash[1];
        slash[1] = '\0';
    }
    int fd = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (slash)
        slash[1] = kept;
    if (fd < 0)
        return -1;
    int result = fsync(fd) < 0 && errno != EINVAL ? -1 : 0;
    int e = errno;
    close(fd);
    errno = e;
    return result;
}

int lade__atomic_commit(struct lade__atomic_file *a, struct lade_error *err) {
    bool good = !ferror(a->f) && fflush(a->f) == 0 && (!a->beside || fsync(fileno(a->f)) == 0);
    int e = errno;
    if (fclose(a->f) != 0 && good) {
        good = false;
        e = errno;
    }
    a->f = NULL;
    bool renamed = good && a->beside && rename(a->beside, a->path) == 0;
    if (good && a->beside && (!renamed || sync_directory(a->path) != 0)) {
        good = false;
        e = errno;
    }
    bool old = a->beside && !renamed && access(a->path, F_OK) == 0;
    int status = good ? LADE_OK
                      : lade_error_from_errno(err, e, "cannot write %s%s", a->path,
                                              old ? " (what was there before is untouched)" : "");
    if (good)
        release(a);
    else
        lade__atomic_abort(a);
    return status;
}

void lade__atomic_abort(struct lade__atomic_file *a) {
    if (a->beside)
        unlink(a->beside);
    release(a);
}

int lade__atomic_probe(const char *path, struct lade_error *err) {
    if (!is_replaceable(path))
        return access(path, W_OK) == 0 ? LADE_OK : lade_error_from_errno(err, errno, "cannot write %s", path);
    struct lade__atomic_file a;
    int status = lade__atomic_open(&a, path, err);
    if (status == LADE_OK)
        lade__atomic_abort(&a);
    return status;
}
