/*
 * image_header.h - what an image file says of itself.
 */
#ifndef LADE_CLI_COMMAND_SCAN_IMAGE_HEADER_H
#define LADE_CLI_COMMAND_SCAN_IMAGE_HEADER_H

#include <stdint.h>

#include <lade/image.h>

/*
 * image_header_read() - read as much of @path as its header takes, and the header. *@bytes is the size of the file.
 *
 * Returns LADE_OK, or a status with @err naming the path.
 */
int image_header_read(const char *path, struct lade_image_info *info, int64_t *bytes, struct lade_error *err);

#endif
