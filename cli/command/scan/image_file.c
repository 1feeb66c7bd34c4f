/*
 * Reads headers. Most headers are in the first 4 KiB. A JPEG file may have megabytes of metadata before the image size.
 * Therefore more bytes are read until the header is complete or the file ends.
 */
#define _POSIX_C_SOURCE 200809L
#include "command/scan/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal/text.h"

/* Reads the first @size bytes of the file, or the whole file if the file is smaller. Returns the number of bytes.
   On error, sets errno and returns -1. */
static ssize_t read_head(int fd, char *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = pread(fd, buffer + done, size - done, (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static int read_open_file(int fd, const char *path, struct lade_image_info *info, int64_t *bytes,
                          struct lade_error *err) {
    struct stat status;
    if (fstat(fd, &status))
        return lade_error_from_errno(err, errno, path, "%s", path);
    *bytes = status.st_size;
    char first[4096];
    for (size_t capacity = sizeof first;; capacity *= 32) {
        char *head = capacity == sizeof first ? first : text_alloc(capacity, 1);
        struct lade_error cause = {0};
        ssize_t length = read_head(fd, head, capacity);
        int code = length < 0 ? lade_error_from_errno(&cause, errno, NULL, "cannot read")
                              : lade_image_probe(head, (size_t)length, info, &cause);
        if (head != first)
            free(head);
        if (code == LADE_EFORMAT && (size_t)length == capacity && capacity < LADE_MAX_FILE_BYTES)
            continue;
        return code < 0 ? lade_error_set(err, code, "%s: %s", path, cause.message) : LADE_OK;
    }
}

int image_header_read(const char *path, struct lade_image_info *info, int64_t *bytes, struct lade_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* O_NONBLOCK, because a pipe may have replaced the file */
    if (fd < 0)
        return lade_error_from_errno(err, errno, path, "%s", path);
    int code = read_open_file(fd, path, info, bytes, err);
    close(fd);
    return code;
}
