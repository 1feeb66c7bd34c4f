/*
 * output_file.h - a file that is there whole or not at all: written beside its place and renamed when complete. A place
 * that is no regular file (/dev/stdout, a pipe) is written directly and never removed.
 */
#ifndef LADE_CLI_TERMINAL_OUTPUT_FILE_H
#define LADE_CLI_TERMINAL_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct output_file {
    const char *path; /* where it goes   (borrowed) */
    char *temporary;  /* where it is written; NULL: @path itself */
    FILE *file;
    int cause; /* errno of the first write that failed; 0: none */
};

/* Each returns true, or false after a message that names the file, with nothing left behind. */
bool output_file_open(struct output_file *out, const char *path);
bool output_file_write(struct output_file *out, const void *bytes,
                       size_t size);             /* says nothing: output_file_close() will */
bool output_file_close(struct output_file *out); /* complete: flush, sync, put in place */

/* Give up: remove what was written. */
void output_file_abort(struct output_file *out);

/* Could a file be made at @path? To know before a long run, not after it. False after a message. */
bool output_file_check(const char *option, const char *path);

#endif
