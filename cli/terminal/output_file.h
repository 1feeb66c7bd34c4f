/*
 * output_file.h - a file that is either written completely or not at all. It is written under a temporary name and
 * renamed when it is complete. A path that is not a regular file (/dev/stdout, a pipe) is written directly and never
 * removed.
 */
#ifndef LADE_CLI_TERMINAL_OUTPUT_FILE_H
#define LADE_CLI_TERMINAL_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct output_file {
    const char *path; /* the final path   (borrowed) */
    char *temporary;  /* the temporary path, or NULL if @path is written directly */
    FILE *file;
    int cause; /* errno of the first write that failed, or 0 */
};

/* Opens a file for writing. Returns false after a message. */
bool output_file_open(struct output_file *out, const char *path);

/* Writes bytes. Returns false without a message if writing failed; output_file_close() prints the message. */
bool output_file_write(struct output_file *out, const void *bytes, size_t size);

/* Completes the file and renames it. Returns false after a message; the temporary file is then removed. */
bool output_file_close(struct output_file *out);

/* Closes and removes the incomplete file. */
void output_file_abort(struct output_file *out);

/*
 * Checks that a file can be created at @path, the value of @option, so that a long run does not fail at its end.
 * Returns false after a message.
 */
bool output_file_check(const char *option, const char *path);

#endif
