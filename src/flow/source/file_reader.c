/*
 * Reads samples that are files. Files are opened relative to an open directory, so they are found even if the program
 * changes its working directory.
 */
#define _GNU_SOURCE /* declares O_DIRECTORY and O_CLOEXEC with every -std */
#include "flow/source/file_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "flow/source/reader_buffer.h"

struct file_reader {
    lade_scan *scan;
    int root; /* file descriptor of the directory to which the paths are relative; -1: none */
};

static int open_file(const struct file_reader *r, int64_t i) {
    char path[4096];

    errno = ENAMETOOLONG;
    if (lade_scan_path(r->scan, i, path, sizeof path) >= (int64_t)sizeof path)
        return -1;
    /* O_NONBLOCK keeps open() from waiting if the file is a FIFO. */
    return openat(r->root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static int64_t read_file(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
    uint64_t limit = buffer->max_bytes;
    int fd = open_file(ctx, i);

    (void)worker;
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE) /* the file itself may be valid */
            lade_reader_end_flow(buffer);
        return lade_error_from_errno(err, errno, NULL, "cannot be opened");
    }
    int status = lade__sys_read_fd(fd, limit < SIZE_MAX ? (size_t)limit : 0, &buffer->own, err);
    close(fd);
    if (status < 0)
        return status;
    lade_reader_lend(buffer, buffer->own.data, (int64_t)buffer->own.size, err);
    return buffer->size;
}

/* Requests that the kernel reads the file into the page cache. Returns false if the file is already in the page cache,
   or cannot be opened. */
static bool ahead(void *ctx, int worker, int64_t i) {
    int fd = open_file(ctx, i);

    (void)worker;
    if (fd < 0)
        return false;
    bool requested = lade__sys_read_ahead(fd);
    close(fd);
    return requested;
}

static int64_t name(void *ctx, int64_t i, char *buffer, size_t size) {
    return lade_scan_path(((struct file_reader *)ctx)->scan, i, buffer, size);
}

static void close_reader(void *ctx) {
    struct file_reader *r = ctx;

    lade__close_fd(&r->root);
    lade_scan_free(r->scan);
    lade_free(r);
}

int lade__file_reader_open(struct lade_reader *reader, lade_scan *scan, struct lade_error *err) {
    struct file_reader *r = lade_calloc(1, sizeof *r);
    const char *directory = *scan->root ? scan->root : ".";
    int status = LADE_OK;

    *reader = (struct lade_reader){0};
    if (!r) {
        lade_error_set_subject(err, LADE_ENOMEM, directory, "%s: no memory for a flow", directory);
        lade_scan_free(scan);
        return LADE_ENOMEM;
    }
    r->scan = scan;
    r->root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r->root < 0) {
        status = lade_error_from_errno(err, errno, directory, "%s cannot be opened", directory);
        close_reader(r);
        return status;
    }
    *reader = (struct lade_reader){.source = scan->root,
                                   .root = scan->root,
                                   .samples = scan->count,
                                   .read = read_file,
                                   .ahead = ahead,
                                   .name = name,
                                   .close = close_reader,
                                   .ctx = r};
    return LADE_OK;
}
