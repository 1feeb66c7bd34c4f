/*
 * Reads image files. Most headers are in the first 4 KiB. A JPEG file may have megabytes of metadata before the image
 * size. Therefore more bytes are read until the header is complete or the file ends.
 *
 * A check needs a decoder and memory for the whole file. A struct checker contains both, and is reused for later files.
 * The list `unused` contains the checkers that no thread uses at the moment, so there is at most one checker for each
 * thread.
 */
#define _POSIX_C_SOURCE 200809L
#include "command/scan/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal/output.h"
#include "terminal/text.h"

/* ---- Decoders and buffers ---------------------------------------------------------------------------------------- */

struct checker {
    lade_decoder *decoder;
    char *bytes;
    size_t capacity;
    struct checker *next;
};

static struct checker *unused;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct checker *take_checker(void) {
    pthread_mutex_lock(&lock);
    struct checker *c = unused;
    if (c)
        unused = c->next;
    pthread_mutex_unlock(&lock);
    if (c)
        return c;
    c = text_alloc(1, sizeof *c);
    c->decoder = lade_decoder_new();
    if (!c->decoder)
        out_die("no memory for a decoder");
    return c;
}

static void give_checker(struct checker *c) {
    pthread_mutex_lock(&lock);
    c->next = unused;
    unused = c;
    pthread_mutex_unlock(&lock);
}

void image_file_release(void) {
    while (unused) {
        struct checker *c = unused;
        unused = c->next;
        lade_decoder_free(c->decoder);
        free(c->bytes);
        free(c);
    }
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Opens the file, stores its size and returns the descriptor. If the file cannot be opened or is not a regular file,
   sets file->error and returns -1. Without O_NONBLOCK, open() would wait if a FIFO has replaced the file. */
static int open_file(const char *path, struct image_file *file) {
    struct stat status;
    *file = (struct image_file){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) != 0) {
        lade_error_from_errno(&file->error, errno, NULL, "cannot be opened");
    } else if (!S_ISREG(status.st_mode)) {
        lade_error_set(&file->error, LADE_EUNSUPPORTED, "not a regular file");
    } else {
        file->bytes = status.st_size;
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static enum file_state unreadable(struct image_file *file) {
    lade_error_from_errno(&file->error, errno, NULL, "cannot be read");
    return FILE_UNREADABLE;
}

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

/* Returns the state for the status @code of a decoder. */
static enum file_state state_of(int code) {
    return code >= 0 ? FILE_OK : code == LADE_ENOMEM ? FILE_UNREADABLE : FILE_INVALID;
}

static enum file_state read_header(int fd, struct image_file *file) {
    char first[4096];
    for (size_t capacity = sizeof first;; capacity *= 32) {
        char *head = capacity == sizeof first ? first : text_alloc(capacity, 1);
        ssize_t length = read_head(fd, head, capacity);
        int code = length < 0 ? LADE_EIO : lade_image_probe(head, (size_t)length, &file->info, &file->error);
        if (head != first)
            free(head);
        if (length < 0)
            return unreadable(file);
        if (code == LADE_EFORMAT && (size_t)length == capacity && capacity < LADE_MAX_FILE_BYTES)
            continue;
        file->has_info = code == LADE_OK;
        return state_of(code);
    }
}

enum file_state image_file_header(const char *path, struct image_file *file) {
    int fd = open_file(path, file);
    if (fd < 0)
        return FILE_UNREADABLE;
    enum file_state state = read_header(fd, file);
    close(fd);
    return state;
}

/* ---- Checking ---------------------------------------------------------------------------------------------------- */

/* Reads the whole file, but at most LADE_MAX_FILE_BYTES + 1 bytes, because lade_image_check() rejects larger files.
   Returns the number of bytes. On error, sets errno and returns -1. */
static ssize_t read_all(int fd, int64_t expected, struct checker *c) {
    size_t most = (size_t)LADE_MAX_FILE_BYTES + 1, done = 0;
    for (;;) {
        if (done == c->capacity || c->capacity < (size_t)expected) {
            size_t capacity = c->capacity ? 2 * c->capacity : 1 << 16;
            capacity = capacity < (size_t)expected + 1 ? (size_t)expected + 1 : capacity;
            char *larger = realloc(c->bytes, capacity);
            if (!larger) {
                errno = ENOMEM;
                return -1;
            }
            c->bytes = larger;
            c->capacity = capacity;
        }
        size_t size = (c->capacity < most ? c->capacity : most) - done;
        ssize_t n = size ? read(fd, c->bytes + done, size) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -1 : (ssize_t)done;
        done += (size_t)n;
    }
}

static enum file_state check_bytes(struct checker *c, size_t n, struct image_file *file) {
    file->has_info = lade_image_probe(c->bytes, n, &file->info, NULL) == LADE_OK;
    int code = lade_image_check(c->decoder, c->bytes, n, NULL, &file->error);
    const char *defect = lade_decoder_warning(c->decoder);
    if (code < 0 || !defect)
        return state_of(code);
    lade_error_set(&file->error, LADE_EFORMAT, "%s", defect);
    return FILE_DAMAGED;
}

enum file_state image_file_check(const char *path, struct image_file *file) {
    int fd = open_file(path, file);
    if (fd < 0)
        return FILE_UNREADABLE;
    struct checker *c = take_checker();
    int64_t expected = file->bytes < (int64_t)LADE_MAX_FILE_BYTES ? file->bytes : (int64_t)LADE_MAX_FILE_BYTES;
    ssize_t n = read_all(fd, expected, c);
    enum file_state state = n < 0 ? unreadable(file) : check_bytes(c, (size_t)n, file);
    close(fd);
    give_checker(c);
    return state;
}
