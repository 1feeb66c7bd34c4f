/*
 * image_file.h - reads the header of an image file.
 */
#ifndef LADE_CLI_COMMAND_SCAN_IMAGE_FILE_H
#define LADE_CLI_COMMAND_SCAN_IMAGE_FILE_H

#include <stdint.h>

#include <lade/image.h>

/*
 * image_header_read() - reads only as much of the file @path as its header needs, and stores the size of the file in
 * *@bytes.
 *
 * Returns LADE_OK. On error, fills @err with a message that contains the path, and returns a negative status.
 */
int image_header_read(const char *path, struct lade_image_info *info, int64_t *bytes, struct lade_error *err);

#endif
