/*
 * jpeg_baseline.h - what a stream is held against: libjpeg-turbo alone, decoding the same files on the same cores.
 */
#ifndef LADE_CLI_COMMAND_PLAIN_DECODE_H
#define LADE_CLI_COMMAND_PLAIN_DECODE_H

#include <stdbool.h>

#include <lade/flow.h>

/* JPEG files of a stream, in memory. */
struct jpeg_files {
    struct jpeg_file {
        char *path; /* below the directory's descriptor */
        unsigned char *bytes;
        size_t size;
    } * files;
    int64_t count;
    int64_t others; /* files looked at that are no JPEG */
    int directory;
};

/*
 * jpeg_files_load() - read the files of @flow below @directory, or as many of them, evenly spread, as take little memory.
 * False after a message: a file cannot be read, or none is a JPEG. To be released either way.
 */
bool jpeg_files_load(struct jpeg_files *files, const lade_flow *flow, const char *directory);
void jpeg_files_release(struct jpeg_files *files);

/*
 * jpeg_files_decode() - decode every file @passes times to RGB, with the exact DCT and the exact upsampling, on @threads
 * threads; each time after reading it once more if @read. False after a message: no thread, or a file that libjpeg
 * refuses.
 */
bool jpeg_files_decode(const struct jpeg_files *files, int64_t passes, int threads, bool read);

#endif
