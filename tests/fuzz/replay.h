/*
 * Contains the functions that all fuzz targets use, and main().
 *
 * With "clang -DLADE_FUZZ -fsanitize=fuzzer,address", libFuzzer provides main(). The program is called as
 * "fuzz_NAME CORPUS_FOLDER", and makes new inputs from the files in the folder.
 *
 * Without LADE_FUZZ, main() is defined here. The program is called as "fuzz_NAME FILE...", and tests the bytes of each
 * file once.
 */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* If @truth is false, prints @what, which describes the failure, and aborts. */
static inline void must(bool truth, const char *what) {
    if (!truth) {
        fprintf(stderr, "fuzz: %s\n", what);
        abort();
    }
}

/* Makes a file in memory that holds these bytes. Returns the descriptor of the file, and stores in @path a path that
   opens the file. */
static inline int memory_file(const uint8_t *bytes, size_t n, char path[64]) {
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, bytes, n) == (ssize_t)n, "a file in memory cannot be made");
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* Reads each byte, so that a sanitizer reports each byte that must not be read. */
static inline void read_bytes(const void *bytes, size_t n) {
    for (size_t i = 0; i < n; i++)
        (void)((const volatile uint8_t *)bytes)[i];
}

/* Checks that an error has a negative status and a message. */
static inline void must_be_error(int status, const char *message) {
    must(status < 0 && message[0] != '\0', "an error has no status or no message");
}

#ifndef LADE_FUZZ
/* Reads a file into memory of exactly the size of the file, so that a sanitizer finds a read past the end. */
static uint8_t *read_whole(const char *path, size_t *n) {
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (!f || fstat(fileno(f), &st) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    *n = (size_t)st.st_size;
    uint8_t *bytes = malloc(*n ? *n : 1);
    must(bytes != NULL, "no memory for a file");
    must(fread(bytes, 1, *n, f) == *n, "a file cannot be read to its end");
    fclose(f);
    return bytes;
}

int main(int argc, char **argv) {
    must(argc > 1, "usage: PROGRAM FILE...");
    for (int i = 1; i < argc; i++) {
        size_t n;
        uint8_t *bytes = read_whole(argv[i], &n);
        LLVMFuzzerTestOneInput(bytes, n);
        free(bytes);
    }
    printf("%d files replayed\n", argc - 1);
    return 0;
}
#endif
#endif
