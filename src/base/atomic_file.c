/*
 * base/atomic_file.c - replaces a file in one step. The new file is written to the directory of the old file,
 * synced to the disk and then renamed, because a checkpoint may be the result of hours of training. A path that is not
 * a regular file (/dev/full, a pipe) cannot be replaced, so the program writes to that path directly.
 *
 * The temporary file is always called PATH.tmp, so that killed processes leave at most one file. The process that
 * writes PATH.tmp holds a lock on this file until the rename. If PATH.tmp exists and has no lock, a killed process has
 * left PATH.tmp, so the file is removed. The program never writes into an existing regular file; the rename puts the
 * new file in the place of the old file.
 */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/sys.h"

#define LINKS_MOST 40 /* Linux follows at most 40 symbolic links in a path */
#define TRIES      20

static void release(struct lade__atomic_file *a) {
    if (a->f)
        fclose(a->f);
    lade_free(a->path);
    lade_free(a->temporary);
    *a = (struct lade__atomic_file){0};
}

/* ---- Paths ------------------------------------------------------------------------------------------------------- */

/* Replaces the path of a symbolic link by the link's target. Returns false if the path is not a link. */
static bool follow(char at[PATH_MAX]) {
    char target[PATH_MAX];
    ssize_t length = readlink(at, target, sizeof target);
    const char *slash = strrchr(at, '/');
    size_t directory = slash && length > 0 && target[0] != '/' ? (size_t)(slash + 1 - at) : 0;
    if (length <= 0 || directory + (size_t)length >= PATH_MAX)
        return false;
    memcpy(at + directory, target, (size_t)length);
    at[directory + (size_t)length] = '\0';
    return true;
}

/* Follows all symbolic links and returns the path of the final target, so that the target is replaced and not the link.
   The target need not exist. */
static char *resolve(const char *path) {
    char at[PATH_MAX], *real = NULL;
    if (strlen(path) >= sizeof at)
        return lade_strdup(path);
    strcpy(at, path);
    for (int i = 0; i < LINKS_MOST; i++) {
        real = realpath(at, NULL);
        if (real || errno != ENOENT || !follow(at))
            break;
    }
    char *copy = lade_strdup(real ? real : at);
    free(real);
    return copy;
}

/* Sets all fields of @a except the open file. */
static int find_place(struct lade__atomic_file *a, const char *path, struct lade_error *err) {
    struct stat st = {0};
    *a = (struct lade__atomic_file){.given = path, .path = resolve(path)};
    if (a->path) {
        bool exists = stat(a->path, &st) == 0;
        a->mode = st.st_mode;
        if (exists && !S_ISREG(st.st_mode))
            return LADE_OK;
        size_t size = strlen(a->path) + sizeof ".tmp";
        a->temporary = lade_alloc(size);
        if (a->temporary) {
            snprintf(a->temporary, size, "%s.tmp", a->path);
            return LADE_OK;
        }
    }
    release(a);
    return lade_error_set_subject(err, LADE_ENOMEM, path, "cannot write %s: no memory", path);
}

/* Calls @f with the directory of @path. Returns the result of @f. */
static int with_directory(char *path, int (*f)(const char *directory)) {
    char *slash = strrchr(path, '/');
    char kept = 0;
    if (slash) {
        kept = slash[1];
        slash[1] = '\0';
    }
    int result = f(slash ? path : ".");
    if (slash)
        slash[1] = kept;
    return result;
}

/* ---- PATH.tmp ---------------------------------------------------------------------------------------------------- */

static int busy(const struct lade__atomic_file *a, struct lade_error *err) {
    return lade_error_set_subject(
        err, LADE_EBUSY, a->given,
        "cannot write %s: another process is writing it (%s); give each run a path of its own", a->path, a->temporary);
}

/* Returns LADE_OK if PATH.tmp is a regular file of this user with only one hard link, as a killed process leaves it.
   Otherwise PATH.tmp must not be removed: in a shared directory, another user may have created it as an attack. */
static int check_left_over(const struct lade__atomic_file *a, const struct stat *st, struct lade_error *err) {
    if (S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink <= 1)
        return LADE_OK;
    return lade_error_set_subject(
        err, LADE_EACCES, a->given,
        "cannot write %s: the temporary file %s exists, but it is not a regular file, belongs to another "
        "user or has several hard links; remove that file",
        a->path, a->temporary);
}

/* Locks the open file @fd. Returns false if another process holds the lock. On a file system without locks, always
   returns true. */
static bool lock(int fd) {
    return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* Returns true if PATH.tmp is still the name of the open file @fd. */
static bool is_temporary(const struct lade__atomic_file *a, int fd) {
    struct stat mine, there;
    return fstat(fd, &mine) == 0 && lstat(a->temporary, &there) == 0 && mine.st_dev == there.st_dev &&
           mine.st_ino == there.st_ino;
}

/* Removes a PATH.tmp that has no lock. Also returns LADE_OK if another process has removed or replaced PATH.tmp in the
   meantime. */
static int remove_left_over(const struct lade__atomic_file *a, struct lade_error *err) {
    struct stat st;
    lade_cleanup(lade__close_fd) int fd = open(a->temporary, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int e = errno, status = LADE_OK;
    bool known = fd < 0 ? lstat(a->temporary, &st) == 0 : fstat(fd, &st) == 0;
    if (known)
        status = check_left_over(a, &st, err);
    if (status == LADE_OK && fd < 0 && e != ENOENT)
        status = lade_error_from_errno(err, e, a->given, "cannot write %s", a->temporary);
    if (status == LADE_OK && fd >= 0 && !lock(fd))
        status = busy(a, err);
    if (status == LADE_OK && fd >= 0 && is_temporary(a, fd) && unlink(a->temporary) != 0)
        status = lade_error_from_errno(err, errno, a->given, "cannot remove %s", a->temporary);
    return status;
}

/* Creates PATH.tmp and locks it. If PATH exists, only the owner can read PATH.tmp until the file is complete. */
static int open_temporary(const struct lade__atomic_file *a, int *out, struct lade_error *err) {
    for (int i = 0; i < TRIES; i++) {
        int fd = open(a->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, a->mode ? 0600 : 0666), status;
        /* If the lock fails, another process has locked the new PATH.tmp first. The other process assumes that a killed
           process has left PATH.tmp, and removes the file. */
        if (fd >= 0 && !lock(fd)) {
            close(fd);
            return busy(a, err);
        }
        if (fd >= 0 && is_temporary(a, fd)) {
            *out = fd;
            return LADE_OK;
        }
        if (fd >= 0)
            close(fd);
        else if (errno != EEXIST)
            return lade_error_from_errno(err, errno, a->given, "cannot write %s", a->temporary);
        else if ((status = remove_left_over(a, err)) < 0)
            return status;
    }
    return busy(a, err);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

int lade__atomic_open(struct lade__atomic_file *a, const char *path, struct lade_error *err) {
    int fd = -1, status = find_place(a, path, err);
    if (status < 0)
        return status;
    if (a->temporary) {
        status = open_temporary(a, &fd, err);
    } else {
        fd = open(a->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (fd < 0)
            status = lade_error_from_errno(err, errno, a->given, "cannot write %s", a->path);
    }
    if (status == LADE_OK && !(a->f = fdopen(fd, "wb"))) {
        status = lade_error_from_errno(err, errno, a->given, "cannot write %s", a->path);
        if (a->temporary)
            unlink(a->temporary);
        close(fd);
    }
    if (status < 0)
        release(a);
    return status;
}

/*
 * Syncs the directory, so that the rename is on the disk. Some file systems cannot sync a directory (EINVAL), and a
 * directory may be writable but not readable (EACCES). Both errors count as success, because the rename itself has
 * succeeded.
 */
static int sync_directory(const char *directory) {
    lade_cleanup(lade__close_fd) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? 0 : -1;
    return fsync(fd) < 0 && errno != EINVAL ? -1 : 0;
}

/* Syncs PATH.tmp and gives it the permissions of the old file. On error, sets errno and returns false. */
static bool complete(struct lade__atomic_file *a) {
    if (ferror(a->f) || fflush(a->f) != 0)
        return false;
    return !a->temporary || (fsync(fileno(a->f)) == 0 && (!a->mode || fchmod(fileno(a->f), a->mode & 0777) == 0));
}

/* Renames PATH.tmp to PATH. After the rename, another process may create a new PATH.tmp, which this process must not
   remove, so a->temporary is set to NULL. On error, sets errno and returns false. */
static bool rename_temporary(struct lade__atomic_file *a) {
    if (rename(a->temporary, a->path) != 0)
        return false;
    lade_free(a->temporary);
    a->temporary = NULL;
    return with_directory(a->path, sync_directory) == 0;
}

int lade__atomic_commit(struct lade__atomic_file *a, struct lade_error *err) {
    bool good = complete(a);
    /* On a file system without locks, another process may have removed or replaced PATH.tmp. */
    if (good && a->temporary && !is_temporary(a, fileno(a->f))) {
        int status = busy(a, err);
        release(a);
        return status;
    }
    good = good && (!a->temporary || rename_temporary(a));
    int e = errno;
    bool old = a->temporary && access(a->path, F_OK) == 0;
    int status = good ? LADE_OK
                      : lade_error_from_errno(err, e, a->given, "cannot write %s%s", a->path,
                                              old ? " (the old file is unchanged)" : "");
    lade__atomic_abort(a);
    return status;
}

void lade__atomic_abort(struct lade__atomic_file *a) {
    if (a->temporary)
        unlink(a->temporary); /* must be called before release(), because release() also unlocks the file */
    release(a);
}

/* ---- Probing ----------------------------------------------------------------------------------------------------- */

static int may_write(const char *directory) {
    return access(directory, W_OK | X_OK);
}

static int probe(struct lade__atomic_file *a, struct lade_error *err) {
    struct stat st;
    int result;
    if (!a->temporary) {
        errno = EISDIR;
        result = S_ISDIR(a->mode) ? -1 : access(a->path, W_OK);
    } else if (lstat(a->temporary, &st) == 0) {
        int status = check_left_over(a, &st, err);
        if (status < 0)
            return status;
        result = with_directory(a->path, may_write);
    } else {
        result = errno == ENOENT ? with_directory(a->path, may_write) : -1;
    }
    return result == 0 ? LADE_OK : lade_error_from_errno(err, errno, a->given, "cannot write %s", a->path);
}

int lade__atomic_probe(const char *path, struct lade_error *err) {
    struct lade__atomic_file a;
    int status = find_place(&a, path, err);
    if (status == LADE_OK)
        status = probe(&a, err);
    release(&a);
    return status;
}
