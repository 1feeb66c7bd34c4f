/*
 * Decodes JPEG files with libjpeg-turbo only. A shared counter gives each thread its next file. Each thread has a
 * buffer for a file and a buffer for pixels, and enlarges a buffer if the next image does not fit.
 */
#define _GNU_SOURCE /* for O_DIRECTORY and O_CLOEXEC with any -std */
#include "command/jpeg_baseline.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>

#include "report/stream_report.h"
#include "terminal/output.h"
#include "terminal/text.h"

enum { MOST_BYTES = 128 << 20, MOST_FILES = 100000 };

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/* Reads a file into *@buffer. If the file has more than *@capacity bytes, enlarges the buffer. Returns the size of the
   file. On error, sets errno and returns -1. */
static ssize_t read_file(int directory, const char *path, unsigned char **buffer, size_t *capacity) {
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    ssize_t n = -1;
    if (fd >= 0 && fstat(fd, &status) == 0) {
        size_t size = (size_t)status.st_size;
        if (*capacity < size + 1) {
            free(*buffer);
            *buffer = text_alloc(size + 1, 1);
            *capacity = size + 1;
        }
        n = read(fd, *buffer, size + 1);
    }
    int saved_errno = errno;
    if (fd >= 0)
        close(fd);
    errno = saved_errno;
    return n;
}

static bool load(struct jpeg_files *files, char *path, const char *directory) {
    struct jpeg_file file = {.path = path};
    size_t capacity = 0;
    ssize_t n = read_file(files->directory, path, &file.bytes, &capacity);
    if (n < 0) {
        char *name = text_escape(path);
        out_error("%s/%s: %s", directory, name, strerror(errno));
        free(name);
    }
    if (n >= 3 && memcmp(file.bytes, "\xff\xd8\xff", 3) == 0) {
        file.size = (size_t)n;
        files->files[files->count++] = file;
        return true;
    }
    files->others += n >= 0;
    free(file.bytes);
    free(path);
    return n >= 0;
}

bool jpeg_files_load(struct jpeg_files *files, const lade_flow *flow, const char *directory) {
    int64_t samples = lade_flow_samples(flow), most = samples < MOST_FILES ? samples : MOST_FILES;
    *files = (struct jpeg_files){.directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    files->files = text_alloc((size_t)most, sizeof *files->files);
    int64_t bytes = 0, step = 1;
    while (step * most < samples)
        step++;
    /* The first 16 files give an estimate of the size of all files. */
    for (int64_t i = 0; i < samples && files->count < most; i += step) {
        if (!load(files, stream_path(flow, i), directory))
            return false;
        bytes += files->count ? (int64_t)files->files[files->count - 1].size : 0;
        if (files->count == 16 && bytes / 16 * (samples / step) > MOST_BYTES)
            step = samples / (MOST_BYTES / (bytes / 16)) + 1;
        if (bytes > 2 * (int64_t)MOST_BYTES)
            break;
    }
    if (files->count == 0)
        out_error("%s: there is no JPEG file to compare with; lade bench needs JPEG files", directory);
    return files->count > 0;
}

void jpeg_files_release(struct jpeg_files *files) {
    for (int64_t i = 0; i < files->count; i++) {
        free(files->files[i].path);
        free(files->files[i].bytes);
    }
    free(files->files);
    if (files->directory >= 0)
        close(files->directory);
}

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

struct work {
    const struct jpeg_files *files;
    int64_t images; /* number of images to decode */
    int64_t next;   /* index of the next image   (atomic) */
    bool read;
    bool failed; /* (atomic) */
};

struct errors {
    struct jpeg_error_mgr base;
    jmp_buf escape;
};

static void on_error(j_common_ptr dec) {
    longjmp(((struct errors *)dec->err)->escape, 1);
}

static void on_message(j_common_ptr dec, int level) {
    (void)dec;
    (void)level;
}

static void decode_rows(struct jpeg_decompress_struct *dec, unsigned char **pixels, size_t *capacity) {
    size_t stride = (size_t)dec->output_width * (size_t)dec->output_components;
    if (*capacity < stride * dec->output_height + 64) {
        free(*pixels);
        *capacity = stride * dec->output_height + 64;
        *pixels = text_alloc(*capacity, 1);
    }
    /*
     * The first row is not aligned to 32 bytes, because libjpeg-turbo writes aligned rows directly to memory, past the
     * cache. For small images, such writes would halve the speed of the baseline.
     */
    unsigned char *first = *pixels + (-(uintptr_t)*pixels & 31) + 16;
    while (dec->output_scanline < dec->output_height) {
        JSAMPROW row = first + stride * dec->output_scanline;
        jpeg_read_scanlines(dec, &row, 1);
    }
}

static bool decode(const unsigned char *bytes, size_t size, unsigned char **pixels, size_t *capacity) {
    struct jpeg_decompress_struct dec;
    struct errors errors;
    volatile bool good = false;
    dec.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = on_error;
    errors.base.emit_message = on_message;
    if (setjmp(errors.escape) == 0) {
        jpeg_create_decompress(&dec);
        jpeg_mem_src(&dec, bytes, size);
        jpeg_read_header(&dec, TRUE);
        dec.out_color_space = dec.num_components == 4 ? JCS_CMYK : JCS_RGB;
        jpeg_start_decompress(&dec);
        decode_rows(&dec, pixels, capacity);
        jpeg_finish_decompress(&dec);
        good = true;
    }
    jpeg_destroy_decompress(&dec);
    return good;
}

static void *run(void *arg) {
    struct work *work = arg;
    unsigned char *pixels = NULL, *bytes = NULL;
    size_t pixels_capacity = 0, bytes_capacity = 0;
    for (;;) {
        int64_t i = __atomic_fetch_add(&work->next, 1, __ATOMIC_RELAXED);
        if (i >= work->images || __atomic_load_n(&work->failed, __ATOMIC_RELAXED))
            break;
        const struct jpeg_file *file = &work->files->files[i % work->files->count];
        ssize_t n = work->read ? read_file(work->files->directory, file->path, &bytes, &bytes_capacity) : 0;
        if (n < 0 ||
            !decode(work->read ? bytes : file->bytes, work->read ? (size_t)n : file->size, &pixels, &pixels_capacity)) {
            char *name = text_escape(file->path);
            if (!__atomic_exchange_n(&work->failed, true, __ATOMIC_RELAXED))
                out_error("%s: cannot be decoded; lade scan --check prints the cause", name);
            free(name);
        }
    }
    free(pixels);
    free(bytes);
    return NULL;
}

bool jpeg_files_decode(const struct jpeg_files *files, int64_t passes, int threads, bool read) {
    struct work work = {.files = files, .images = files->count * passes, .read = read};
    pthread_t *ids = text_alloc((size_t)threads, sizeof *ids);
    int started = 0;
    while (started < threads && pthread_create(&ids[started], NULL, run, &work) == 0)
        started++;
    if (started < threads) {
        work.failed = true;
        out_error("only %d threads can be started; give fewer --workers", started);
    }
    for (int i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
    free(ids);
    return !work.failed;
}
