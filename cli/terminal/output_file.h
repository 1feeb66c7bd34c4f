/*
 * output_file.h - writes a file completely or not at all. The file has a temporary name until it is complete, and is
 * then renamed. A path that is not a regular file (/dev/stdout, a pipe) is written directly and never removed.
 */
#ifndef LADE_CLI_TERMINAL_OUTPUT_FILE_H
#define LADE_CLI_TERMINAL_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct output_file {
    const char *path; /* the final path   (borrowed) */
    char *temporary;  /* the temporary path; NULL means that `path` is written directly */
    FILE *file;
    int cause; /* errno of the first write that failed, or 0 */
};

/* Opens a file for writing. On error, prints a message and returns false. */
bool output_file_open(struct output_file *out, const char *path);

/* Writes bytes. On error, returns false without a message, because output_file_close() prints the message. */
bool output_file_write(struct output_file *out, const void *bytes, size_t size);

/* Completes the file and renames it. On error, removes the temporary file, prints a message and returns false. */
bool output_file_close(struct output_file *out);

/* Closes and removes the incomplete file. */
void output_file_abort(struct output_file *out);

/*
 * Checks that a file can be created at @path, so that a long run does not fail at its end. @path is the value of
 * @option. On error, prints a message and returns false.
 */
bool output_file_check(const char *option, const char *path);

#endif
