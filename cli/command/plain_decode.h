/*
 * plain_decode.h - what a stream is held against: libjpeg-turbo alone, decoding the same files on the same cores.
 */
#ifndef LADE_CLI_COMMAND_PLAIN_DECODE_H
#define LADE_CLI_COMMAND_PLAIN_DECODE_H

#include <stdbool.h>

#include <lade/flow.h>

/* JPEG files of a stream, in memory. */
struct raw_files {
    struct raw_file {
        char *path; /* below the directory's descriptor */
        unsigned char *bytes;
        size_t size;
    } * files;
    int64_t count;
    int64_t others; /* files looked at that are no JPEG */
    int directory;
};

/*
 * raw_load() - read the files of @flow below @directory, or as many of them, evenly spread, as take little memory.
 * False after a message: a file cannot be read, or none is a JPEG. To be released either way.
 */
bool raw_load(struct raw_files *files, const lade_flow *flow, const char *directory);
void raw_release(struct raw_files *files);

/*
 * raw_decode() - decode every file @passes times to RGB, with the exact DCT and the exact upsampling, on @threads
 * threads; each time after reading it once more if @read. False after a message: no thread, or a file that libjpeg
 * refuses.
 */
bool raw_decode(const struct raw_files *files, int64_t passes, int threads, bool read);

#endif
