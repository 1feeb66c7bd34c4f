/*
 * Implements base/sys.h for POSIX systems, with some extensions of Linux.
 */
#define _GNU_SOURCE
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

int lade__sys_threads(void) {
#ifdef __linux__
    cpu_set_t set; /* unlike sysconf(), sched_getaffinity() takes taskset and cpusets into account */
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
#endif
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 && n < 1 << 20 ? (int)n : 1;
}

size_t lade__sys_page_size(void) {
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (size_t)size : 4096;
}

double lade__sys_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail for this clock */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void lade__sys_large_pages(void *p, size_t size) {
#ifdef MADV_HUGEPAGE
    uintptr_t page = lade__sys_page_size(), begin = ((uintptr_t)p + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)p + size) / page * page;
    int kept = errno; /* an error is ignored, because not all kernels support large pages */
    if (end > begin)
        madvise((void *)begin, end - begin, MADV_HUGEPAGE);
    errno = kept;
#else
    (void)p;
    (void)size;
#endif
}

void lade__sys_name_thread(const char *name) {
#ifdef __linux__
    char cut[16];
    snprintf(cut, sizeof cut, "%s", name);
    pthread_setname_np(pthread_self(), cut);
#else
    (void)name;
#endif
}

void lade__close_fd(int *fd) {
    int kept = errno;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = kept;
}

/* ---- Whole files ------------------------------------------------------------------------------------------------- */

void lade__bytes_release(struct lade__bytes *b) {
    lade_free(b->data);
    *b = (struct lade__bytes){0};
}

static int grow(struct lade__bytes *b, size_t size) {
    if (size <= b->capacity)
        return LADE_OK;
    lade_free(b->data); /* the old contents are not needed, so they are not copied */
    b->data = lade_alloc(size);
    b->capacity = b->data ? size : 0;
    return b->data ? LADE_OK : LADE_ENOMEM;
}

static const char *kind_of(mode_t mode) {
    if (S_ISDIR(mode))
        return "a directory";
    if (S_ISFIFO(mode))
        return "a FIFO";
    if (S_ISSOCK(mode))
        return "a socket";
    return "a device";
}

static int check_regular(const struct stat *st, size_t limit, struct lade_error *err) {
    if (!S_ISREG(st->st_mode))
        return lade_error_set(err, LADE_EUNSUPPORTED, "is %s, not a regular file; exclude it", kind_of(st->st_mode));
    if ((uintmax_t)st->st_size > (limit ? limit : SIZE_MAX - 1))
        return lade_error_set(err, LADE_ELIMIT, "has %jd bytes, the limit is %zu; raise the limit or exclude the file",
                              (intmax_t)st->st_size, limit ? limit : SIZE_MAX - 1);
    return LADE_OK;
}

/* Reads a file of `size` bytes. Each read() asks for one byte more than the file should have. If read() does not return
   this byte, the file ends there, and no other read() is needed to find the end. Returns the number of bytes that were
   read. On error, sets errno and returns -1. */
static ssize_t read_fully(int fd, unsigned char *to, size_t size) {
    size_t done = 0;
    ssize_t n;
    do {
        n = read(fd, to + done, size + 1 - done);
        if (n < 0 && errno != EINTR)
            return -1;
        done += n > 0 ? (size_t)n : 0;
    } while (n != 0 && done < size);
    return (ssize_t)done;
}

int lade__sys_read_fd(int fd, size_t limit, struct lade__bytes *into, struct lade_error *err) {
    struct stat st;
    into->size = 0;
    if (fstat(fd, &st) != 0)
        return lade_error_from_errno(err, errno, NULL, "cannot read its attributes");
    int rc = check_regular(&st, limit, err);
    if (rc < 0)
        return rc;
    size_t size = (size_t)st.st_size;
    if (grow(into, size + 1) < 0)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %zu bytes", size);
    ssize_t n = read_fully(fd, into->data, size);
    if (n < 0)
        return lade_error_from_errno(err, errno, NULL, "cannot read");
    if ((size_t)n != size)
        return lade_error_set(err, LADE_EIO, "%s while it was being read (it had %zu bytes); read it again",
                              (size_t)n < size ? "shrank" : "grew", size);
    into->size = size;
    return LADE_OK;
}

int lade__sys_read_file(const char *path, size_t limit, struct lade__bytes *into, struct lade_error *err) {
    into->size = 0;
    /* With O_NONBLOCK, open() does not wait for the writer of a FIFO. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return lade_error_from_errno(err, errno, path, "%s: cannot open", path);
    struct lade_error cause = {0};
    int rc = lade__sys_read_fd(fd, limit, into, &cause);
    close(fd);
    return rc < 0 ? lade_error_set_subject(err, rc, path, "%s: %s", path, cause.message) : LADE_OK;
}

/* ---- Mapped files ------------------------------------------------------------------------------------------------ */

static int map_fd(int fd, struct lade__mapping *map, struct lade_error *err) {
    struct stat st;
    *map = (struct lade__mapping){0};
    if (fstat(fd, &st) != 0)
        return lade_error_from_errno(err, errno, NULL, "cannot read its attributes");
    int rc = check_regular(&st, 0, err);
    if (rc < 0 || st.st_size == 0)
        return rc;
    void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return lade_error_from_errno(err, errno, NULL, "cannot map it into memory");
    *map = (struct lade__mapping){data, (size_t)st.st_size, fd};
    return LADE_OK;
}

int lade__sys_map_file(const char *path, struct lade__mapping *map, struct lade_error *err) {
    struct lade_error cause = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return lade_error_from_errno(err, errno, path, "%s: cannot open", path);
    int rc = map_fd(fd, map, &cause);
    if (!map->size)
        close(fd);
    return rc < 0 ? lade_error_set_subject(err, rc, path, "%s: %s", path, cause.message) : LADE_OK;
}

int lade__sys_read_mapped(const struct lade__mapping *map, size_t offset, size_t size, void *to,
                          struct lade_error *err) {
    for (size_t done = 0; done < size;) {
        ssize_t n = pread(map->fd, (char *)to + done, size - done, (off_t)(offset + done));
        if (n < 0 && errno != EINTR)
            return lade_error_from_errno(err, errno, NULL, "cannot read the mapped file");
        if (n == 0)
            return lade_error_set(err, LADE_EIO, "the mapped file shrank to less than %zu bytes (it had %zu bytes)",
                                  offset + size, map->size);
        done += n > 0 ? (size_t)n : 0;
    }
    return LADE_OK;
}

void lade__sys_unmap(struct lade__mapping *map) {
    if (map->size) {
        munmap(map->data, map->size);
        close(map->fd);
    }
    *map = (struct lade__mapping){0};
}

bool lade__sys_read_ahead(int fd) {
#ifdef RWF_NOWAIT
    char first;
    struct iovec one = {&first, 1};
    if (preadv2(fd, &one, 1, 0, RWF_NOWAIT) >= 0 || errno != EAGAIN)
        return false;
    return posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED) == 0;
#else
    (void)fd;
    return false;
#endif
}
