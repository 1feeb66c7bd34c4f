/*
 * Writes output files. If the disk is full, sometimes only fsync() or close() fails. Therefore the file is renamed
 * after both calls.
 */
#define _POSIX_C_SOURCE 200809L
#include "terminal/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/text.h"

static bool print_write_error(const char *path, int errno_value) {
    char *shown = text_escape(path);
    out_error("%s: cannot write: %s", shown, strerror(errno_value));
    free(shown);
    return false;
}

/* Returns true if @path exists and is not a regular file. */
static bool is_special(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

bool output_file_open(struct output_file *out, const char *path) {
    *out = (struct output_file){.path = path};
    if (is_special(path)) {
        out->file = fopen(path, "wb");
        return out->file ? true : print_write_error(path, errno);
    }
    out->temporary = text_printf("%s.tmp-%ld", path, (long)getpid());
    int fd = open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    out->file = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (!out->file) {
        int cause = errno;
        if (fd >= 0) {
            close(fd);
            unlink(out->temporary);
        }
        free(out->temporary);
        return print_write_error(path, cause);
    }
    interrupt_unlink(out->temporary);
    return true;
}

bool output_file_write(struct output_file *out, const void *bytes, size_t size) {
    errno = 0;
    if (fwrite(bytes, 1, size, out->file) != size && !out->cause)
        out->cause = errno ? errno : EIO;
    return out->cause == 0;
}

bool output_file_close(struct output_file *out) {
    int cause = out->cause;
    errno = 0;
    if ((fflush(out->file) || ferror(out->file)) && !cause)
        cause = errno ? errno : EIO;
    if (!cause && out->temporary && fsync(fileno(out->file)))
        cause = errno;
    if (fclose(out->file) && !cause)
        cause = errno;
    out->file = NULL;
    if (!cause && out->temporary && rename(out->temporary, out->path))
        cause = errno;
    if (!cause && out->temporary) {
        interrupt_unlink(NULL);
        free(out->temporary);
        out->temporary = NULL;
    }
    if (!cause)
        return true;
    output_file_abort(out);
    return print_write_error(out->path, cause);
}

void output_file_abort(struct output_file *out) {
    if (out->file)
        fclose(out->file);
    out->file = NULL;
    if (out->temporary) {
        unlink(out->temporary);
        interrupt_unlink(NULL);
        free(out->temporary);
        out->temporary = NULL;
    }
}

bool output_file_check(const char *option, const char *path) {
    struct stat status;
    int cause = 0;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            cause = EISDIR;
        else if (access(path, W_OK))
            cause = errno;
    } else {
        char *copy = text_printf("%s", path);
        if (access(dirname(copy), W_OK | X_OK))
            cause = errno;
        free(copy);
    }
    if (!cause)
        return true;
    char *shown = text_escape(path);
    out_error("%s %s: cannot write: %s", option, shown, strerror(cause));
    free(shown);
    return false;
}
