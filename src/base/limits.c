/*
 * The kernel returns the same errors, ENOMEM and EAGAIN, for many different limits. This file compares each limit with
 * the amount that the process uses, so that the message names the limit that the user must raise. The files of /proc
 * are read with read(), because fopen() allocates memory and may fail.
 */
#define _GNU_SOURCE /* RLIMIT_NPROC, RLIMIT_MEMLOCK */
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sys.h"

struct limit {
    int code;
    const char *text;
};

/* Reads the beginning of a file into a string. The string is empty if the file cannot be read. */
static const char *read_text(const char *path, char *text, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);
    text[length > 0 ? length : 0] = '\0';
    lade__close_fd(&fd);
    return text;
}

static long long read_number(const char *path) {
    char text[32];
    read_text(path, text, sizeof text);
    return *text ? strtoll(text, NULL, 10) : -1;
}

/* Returns field @index of /proc/self/statm in bytes, or 0 if this file does not exist. */
static size_t statm(int index) {
    char text[256], *at = text;
    read_text("/proc/self/statm", text, sizeof text);
    for (; index > 0; index--)
        strtoull(at, &at, 10);
    return (size_t)strtoull(at, NULL, 10) * lade__sys_page_size();
}

bool lade__overcommit_is_off(void) {
    return read_number("/proc/sys/vm/overcommit_memory") == 2;
}

static bool exceeds(int resource, size_t used, size_t bytes) {
    struct rlimit limit;
    return !getrlimit((__typeof__(RLIMIT_AS))resource, &limit) && limit.rlim_cur != RLIM_INFINITY &&
           used + bytes > limit.rlim_cur;
}

static bool too_many_mappings(void) {
    const long long most = read_number("/proc/sys/vm/max_map_count");
    int fd = most > 0 ? open("/proc/self/maps", O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return false;
    char text[4096];
    long long lines = 0;
    for (ssize_t length; (length = read(fd, text, sizeof text)) > 0;)
        for (ssize_t i = 0; i < length; i++)
            lines += text[i] == '\n';
    lade__close_fd(&fd);
    return lines + 3 >= most; /* splitting a mapping adds two mappings */
}

static const struct limit address_space = {
    LADE_ENOMEM, "the limit of address space is reached (RLIMIT_AS); raise it with `ulimit -v`"};
static const struct limit data = {LADE_ENOMEM,
                                  "the limit of writable memory is reached (RLIMIT_DATA); raise it with `ulimit -d`"};
static const struct limit locked = {
    LADE_ENOMEM, "the limit of locked memory is reached (RLIMIT_MEMLOCK), because the process called "
                 "mlockall(MCL_FUTURE); raise it with `ulimit -l`"};
static const struct limit mappings = {LADE_ELIMIT,
                                      "the process has too many memory mappings; raise vm.max_map_count with sysctl"};
static const struct limit committed = {LADE_ENOMEM,
                                       "the kernel commits no more memory, because vm.overcommit_memory is 2; raise "
                                       "vm.overcommit_ratio with sysctl, or add swap space"};
static const struct limit memory = {LADE_ENOMEM, "the system has no memory left"};
static const struct limit threads = {
    LADE_ELIMIT, "the limit of threads is reached; raise it with `ulimit -u` (RLIMIT_NPROC), or raise the limit of the "
                 "container (pids.max) or of the system (kernel.threads-max)"};

static const struct limit *limit_of_memory(size_t bytes, int error) {
    if (error == EAGAIN)
        return &locked;
    if (exceeds(RLIMIT_AS, statm(0), bytes))
        return &address_space;
    if (exceeds(RLIMIT_DATA, statm(5), bytes))
        return &data;
    if (too_many_mappings())
        return &mappings;
    return lade__overcommit_is_off() ? &committed : &memory;
}

/* pthread_create() returns EAGAIN both for a limit of threads and for a failure of mmap(). */
static const struct limit *limit_of_threads(size_t bytes) {
    if (exceeds(RLIMIT_AS, statm(0), bytes))
        return &address_space;
    return exceeds(RLIMIT_DATA, statm(5), bytes) ? &data : &threads;
}

static int report(struct lade_error *err, const struct limit *limit, const char *fmt, va_list args) {
    struct lade_error text = {0};
    lade__error_format(&text, limit->code, NULL, fmt, args);
    return lade_error_set(err, limit->code, "%s: %s", text.message, limit->text);
}

int lade__limit_of_memory(struct lade_error *err, size_t bytes, int error, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    int status = report(err, limit_of_memory(bytes, error), fmt, args);
    va_end(args);
    return status;
}

int lade__limit_of_threads(struct lade_error *err, size_t bytes, int error, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    int status = report(err, error == ENOMEM ? &memory : limit_of_threads(bytes), fmt, args);
    va_end(args);
    return status;
}
