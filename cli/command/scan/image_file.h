/*
 * image_file.h - reads the header of an image file, or checks the whole file.
 */
#ifndef LADE_CLI_COMMAND_SCAN_IMAGE_FILE_H
#define LADE_CLI_COMMAND_SCAN_IMAGE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include <lade/image.h>

/* Each file of a scan is in exactly one of these states. */
enum file_state {
    FILE_OK,         /* the header is valid; with --check, the whole file is valid */
    FILE_DAMAGED,    /* only with --check: the image can be decoded, but the file has a defect */
    FILE_INVALID,    /* the image cannot be decoded */
    FILE_UNREADABLE, /* the bytes of the file cannot be read */
    FILE_STATES
};

struct image_file {
    bool has_info; /* the header is valid, so `info` is set */
    struct lade_image_info info;
    int64_t bytes;           /* size of the file */
    struct lade_error error; /* the cause, if the state is not FILE_OK; the message does not contain the path */
};

/*
 * image_file_header() - reads the file @path only until the header is complete. Returns FILE_OK, FILE_INVALID or
 *                       FILE_UNREADABLE, and fills *@file.
 * image_file_check()  - reads the whole file, and decodes everything in it with lade_image_check(). Returns the state,
 *                       and fills *@file.
 *
 * Any thread may call these functions. They end the program if memory runs out.
 */
enum file_state image_file_header(const char *path, struct image_file *file);
enum file_state image_file_check(const char *path, struct image_file *file);

/* Frees the decoders and buffers that image_file_check() keeps. No thread may call image_file_check() at the same
   time. */
void image_file_release(void);

#endif
