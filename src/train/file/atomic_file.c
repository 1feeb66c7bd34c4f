/*
 * train/file/atomic_file.c - a checkpoint is worth hours: it is written beside the old one, brought to the disk, and
 * only then takes its name. A path that is no regular file (/dev/full, a pipe) cannot be replaced, and is written to.
 *
 * PATH.tmp is one name, so that runs that are killed leave one file behind and not a litter of them. Who writes it
 * holds a lock on it from its making to its renaming; one that nobody holds was left by a run that was killed, and
 * makes room. Nothing is ever written to a file that was there before.
 */
#include "train/file/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/sys.h"

#define LINKS_MOST 40 /* in a row, as the kernel has it */
#define TRIES      20

static void release(struct lade__atomic_file *a) {
    if (a->f)
        fclose(a->f);
    lade_free(a->path);
    lade_free(a->beside);
    *a = (struct lade__atomic_file){0};
}

/* ---- Paths ------------------------------------------------------------------------------------------------------- */

/* The path of a link becomes that of what it points at. false: it is no link. */
static bool follow(char at[PATH_MAX]) {
    char target[PATH_MAX];
    ssize_t length = readlink(at, target, sizeof target);
    const char *slash = strrchr(at, '/');
    size_t folder = slash && length > 0 && target[0] != '/' ? (size_t)(slash + 1 - at) : 0;
    if (length <= 0 || folder + (size_t)length >= PATH_MAX)
        return false;
    memcpy(at + folder, target, (size_t)length);
    at[folder + (size_t)length] = '\0';
    return true;
}

/* Follows links, so that a link goes on to point at the file, or comes to where there is none yet. */
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

/* Fills in where to write: all of @a but the file. */
static int find_place(struct lade__atomic_file *a, const char *path, struct lade_error *err) {
    struct stat st = {0};
    *a = (struct lade__atomic_file){.path = resolve(path)};
    if (a->path) {
        bool there = stat(a->path, &st) == 0;
        a->mode = st.st_mode;
        if (there && !S_ISREG(st.st_mode))
            return LADE_OK;
        size_t size = strlen(a->path) + sizeof ".tmp";
        a->beside = lade_alloc(size);
        if (a->beside) {
            snprintf(a->beside, size, "%s.tmp", a->path);
            return LADE_OK;
        }
    }
    release(a);
    return lade_error_set(err, LADE_ENOMEM, "cannot write %s: no memory", path);
}

/* What @f says of the folder that @path is in. */
static int ask_folder(char *path, int (*f)(const char *folder)) {
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
    return lade_error_set(err, LADE_EBUSY,
                          "cannot write %s: another process is writing it (%s); give each run a path of its own",
                          a->path, a->beside);
}

/* In a folder that others may write to PATH.tmp may be somebody's trap: it must be such as a killed run leaves it. */
static int check_left_over(const struct lade__atomic_file *a, const struct stat *st, struct lade_error *err) {
    if (S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink <= 1)
        return LADE_OK;
    return lade_error_set(err, LADE_EACCES,
                          "cannot write %s: %s is in the way: it is no regular file, somebody else's, or has another "
                          "name besides; remove it",
                          a->path, a->beside);
}

/* false: somebody else has it. A file system without locks gives it to everybody. */
static bool lock(int fd) {
    return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* Is PATH.tmp this very file? */
static bool is_beside(const struct lade__atomic_file *a, int fd) {
    struct stat mine, there;
    return fstat(fd, &mine) == 0 && lstat(a->beside, &there) == 0 && mine.st_dev == there.st_dev &&
           mine.st_ino == there.st_ino;
}

/* Removes a PATH.tmp that nobody writes. LADE_OK: it is gone, or another. */
static int make_room(const struct lade__atomic_file *a, struct lade_error *err) {
    struct stat st;
    lade_cleanup(lade__close_fd) int fd = open(a->beside, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int e = errno, status = LADE_OK;
    bool known = fd < 0 ? lstat(a->beside, &st) == 0 : fstat(fd, &st) == 0;
    if (known)
        status = check_left_over(a, &st, err);
    if (status == LADE_OK && fd < 0 && e != ENOENT)
        status = lade_error_from_errno(err, e, a->path, "cannot write %s", a->beside);
    if (status == LADE_OK && fd >= 0 && !lock(fd))
        status = busy(a, err);
    if (status == LADE_OK && fd >= 0 && is_beside(a, fd) && unlink(a->beside) != 0)
        status = lade_error_from_errno(err, errno, a->path, "cannot remove %s", a->beside);
    return status;
}

/* Makes PATH.tmp and locks it. Until it is whole, nobody may read more of it than of the file that it replaces. */
static int open_beside(const struct lade__atomic_file *a, int *out, struct lade_error *err) {
    for (int i = 0; i < TRIES; i++) {
        int fd = open(a->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, a->mode ? 0600 : 0666), status;
        if (fd >= 0 && !lock(fd)) { /* somebody takes it for a left-over, and will write another */
            close(fd);
            return busy(a, err);
        }
        if (fd >= 0 && is_beside(a, fd)) {
            *out = fd;
            return LADE_OK;
        }
        if (fd >= 0)
            close(fd);
        else if (errno != EEXIST)
            return lade_error_from_errno(err, errno, a->path, "cannot write %s", a->beside);
        else if ((status = make_room(a, err)) < 0)
            return status;
    }
    return busy(a, err);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

int lade__atomic_open(struct lade__atomic_file *a, const char *path, struct lade_error *err) {
    int fd = -1, status = find_place(a, path, err);
    if (status < 0)
        return status;
    if (a->beside) {
        status = open_beside(a, &fd, err);
    } else {
        fd = open(a->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (fd < 0)
            status = lade_error_from_errno(err, errno, a->path, "cannot write %s", a->path);
    }
    if (status == LADE_OK && !(a->f = fdopen(fd, "wb"))) {
        status = lade_error_from_errno(err, errno, a->path, "cannot write %s", a->path);
        if (a->beside)
            unlink(a->beside);
        close(fd);
    }
    if (status < 0)
        release(a);
    return status;
}

/*
 * The rename itself is on the disk when its folder is. Some file systems cannot sync a folder (EINVAL), and one that
 * may be written to need not be readable (EACCES): then the rename, which has been done, gets there when it does.
 */
static int sync_folder(const char *folder) {
    lade_cleanup(lade__close_fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? 0 : -1;
    return fsync(fd) < 0 && errno != EINVAL ? -1 : 0;
}

/* To the disk, with the permissions of the file before. false: errno says why not. */
static bool complete(struct lade__atomic_file *a) {
    if (ferror(a->f) || fflush(a->f) != 0)
        return false;
    return !a->beside || (fsync(fileno(a->f)) == 0 && (!a->mode || fchmod(fileno(a->f), a->mode & 0777) == 0));
}

/* PATH.tmp becomes PATH, and is somebody else's from then on. false: errno says why not. */
static bool take_place(struct lade__atomic_file *a) {
    if (rename(a->beside, a->path) != 0)
        return false;
    lade_free(a->beside);
    a->beside = NULL;
    return ask_folder(a->path, sync_folder) == 0;
}

int lade__atomic_commit(struct lade__atomic_file *a, struct lade_error *err) {
    bool good = complete(a);
    if (good && a->beside && !is_beside(a, fileno(a->f))) { /* where there are no locks */
        int status = busy(a, err);
        release(a);
        return status;
    }
    good = good && (!a->beside || take_place(a));
    int e = errno;
    bool old = a->beside && access(a->path, F_OK) == 0;
    int status = good ? LADE_OK
                      : lade_error_from_errno(err, e, a->path, "cannot write %s%s", a->path,
                                              old ? " (what was there before is untouched)" : "");
    lade__atomic_abort(a);
    return status;
}

void lade__atomic_abort(struct lade__atomic_file *a) {
    if (a->beside)
        unlink(a->beside); /* while it is locked */
    release(a);
}

/* ---- Asking ------------------------------------------------------------------------------------------------------ */

static int may_write(const char *folder) {
    return access(folder, W_OK | X_OK);
}

static int probe(struct lade__atomic_file *a, struct lade_error *err) {
    struct stat st;
    int result;
    if (!a->beside) {
        errno = EISDIR;
        result = S_ISDIR(a->mode) ? -1 : access(a->path, W_OK);
    } else if (lstat(a->beside, &st) == 0) {
        int status = check_left_over(a, &st, err);
        if (status < 0)
            return status;
        result = ask_folder(a->path, may_write);
    } else {
        result = errno == ENOENT ? ask_folder(a->path, may_write) : -1;
    }
    return result == 0 ? LADE_OK : lade_error_from_errno(err, errno, a->path, "cannot write %s", a->path);
}

int lade__atomic_probe(const char *path, struct lade_error *err) {
    struct lade__atomic_file a;
    int status = find_place(&a, path, err);
    if (status == LADE_OK)
        status = probe(&a, err);
    release(&a);
    return status;
}
