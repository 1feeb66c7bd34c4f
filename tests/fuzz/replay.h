/*
 * What the fuzz targets share: words when something that must hold does not, bytes as a file, and a main
 * that replays files.
 */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static inline void must(bool truth, const char *what) {
    if (!truth) {
        fprintf(stderr, "fuzz: %s\n", what);
        abort();
    }
}

/* A file in memory with these bytes: its descriptor, and a path to open it by. */
static inline int memory_file(const uint8_t *bytes, size_t n, char path[64]) {
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, bytes, n) == (ssize_t)n, "no file in memory");
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

#ifndef LADE_FUZZ
int main(int argc, char **argv) {
    enum { ROOM = 1 << 20 };
    static uint8_t room[ROOM];
    must(argc > 1, "usage: give files to replay");
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f) {
            perror(argv[i]);
            return 1;
        }
        size_t n = fread(room, 1, ROOM, f);
        fclose(f);
        uint8_t *bytes = malloc(n ? n : 1); /* of the exact size, so that a sanitizer sees a read past the end */
        must(bytes != NULL, "no memory");
        memcpy(bytes, room, n);
        LLVMFuzzerTestOneInput(bytes, n);
        free(bytes);
    }
    printf("%d files replayed\n", argc - 1);
    return 0;
}
#endif
#endif
