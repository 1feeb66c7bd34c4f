/*
 * jpeg_baseline.h - measures the baseline of lade bench, in which libjpeg-turbo alone decodes the same files on the
 * same cores.
 */
#ifndef LADE_CLI_COMMAND_JPEG_BASELINE_H
#define LADE_CLI_COMMAND_JPEG_BASELINE_H

#include <stdbool.h>

#include <lade/flow.h>

/* The JPEG files of a stream, in memory. */
struct jpeg_files {
    struct jpeg_file {
        char *path; /* relative to the directory */
        unsigned char *bytes;
        size_t size;
    } * files;
    int64_t count;
    int64_t others; /* number of files that were read and are not JPEG */
    int directory;  /* descriptor of the directory */
};

/*
 * jpeg_files_load() - reads the files of @flow below @directory. If there are too many files, or if all files together
 * are too large, reads only some files, which are evenly spread over the stream. If a file cannot be read or no file
 * is a JPEG, prints a message and returns false. The caller must call jpeg_files_release() in both cases.
 */
bool jpeg_files_load(struct jpeg_files *files, const lade_flow *flow, const char *directory);
void jpeg_files_release(struct jpeg_files *files);

/*
 * jpeg_files_decode() - decodes each file @passes times to RGB on @threads threads, with the default DCT and the
 * default upsampling of libjpeg. If @read is true, reads each file again before it is decoded. If a thread cannot be
 * started or libjpeg cannot decode a file, prints a message and returns false.
 */
bool jpeg_files_decode(const struct jpeg_files *files, int64_t passes, int threads, bool read);

#endif
