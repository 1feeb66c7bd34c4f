/*
 * A library that LD_PRELOAD loads into the command. A read of a file whose path contains "slow" takes two minutes. This
 * simulates a file on a server that does not answer. When such a read begins, the library creates a file with the
 * name "reading".
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64 /* with this macro, the pread() below defines pread64, which lade calls */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static void wait_if_slow(int fd) {
    char link[40], path[400];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n < 0 ? 0 : n] = '\0';
    if (!strstr(path, "slow"))
        return;
    close(open("reading", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    for (int i = 0; i < 120; i++)
        sleep(1);
}

__attribute__((visibility("default"))) ssize_t read(int fd, void *to, size_t size) {
    wait_if_slow(fd);
    ssize_t (*next)(int, void *, size_t);
    *(void **)&next = dlsym(RTLD_NEXT, "read");
    return next(fd, to, size);
}

__attribute__((visibility("default"))) ssize_t pread(int fd, void *to, size_t size, off_t offset) {
    if (getenv("SLOW_PREAD")) /* lade scan reads headers with pread() */
        wait_if_slow(fd);
    ssize_t (*next)(int, void *, size_t, off_t);
    *(void **)&next = dlsym(RTLD_NEXT, "pread64");
    return next(fd, to, size, offset);
}
