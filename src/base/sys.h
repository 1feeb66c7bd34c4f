/*
 * base/sys.h - the functions of the operating system that lade uses, except stacks of generators and reading
 * directories. A port to another system is another sys_*.c.
 *
 * LADE_API exports these functions to lade-data and lade-train only. Names with two underscores are private and may
 * change in any release.
 */
#ifndef LADE_SRC_BASE_SYS_H
#define LADE_SRC_BASE_SYS_H

#include <lade/base.h>
#include <stdbool.h>

/*
 * lade__sys_threads()     - returns the number of processors that this process may use, at least 1.
 * lade__sys_page_size()   - returns the size of a page of memory in bytes, a power of two.
 * lade__sys_clock()       - returns the seconds since a fixed time. It never goes back; use it for differences.
 * lade__sys_large_pages() - asks the system to use large pages for the @size bytes at @p. Call it for some megabytes
 *                           that were just allocated and that will all be used. It only affects the speed.
 * lade__sys_name_thread() - sets the name of the calling thread, for debuggers and top. It is cut at 15 bytes.
 *
 * Any thread.
 */
LADE_API int lade__sys_threads(void);
LADE_API size_t lade__sys_page_size(void);
LADE_API double lade__sys_clock(void);
LADE_API void lade__sys_large_pages(void *p, size_t size);
LADE_API void lade__sys_name_thread(const char *name);

/*
 * lade__close_fd() - closes a file descriptor, unless it is -1, and sets it to -1. Keeps errno. For use as
 * lade_cleanup(lade__close_fd).
 */
LADE_API void lade__close_fd(int *fd);

/*
 * A buffer for one file at a time. Initialise it with {0} and free it with lade__bytes_release().
 */
struct lade__bytes {
    unsigned char *data;
    size_t size;     /* size of the file that was read last */
    size_t capacity; /* size of the buffer; it only grows */
};

LADE_API void lade__bytes_release(struct lade__bytes *b);

/*
 * lade__sys_read_file() - reads a complete regular file into @into. The old contents are lost even if it fails.
 *
 * @limit  the largest size that is read; 0 means no limit
 *
 * Returns LADE_OK, or a status with @path as the subject of @err
 *         LADE_ENOENT        the file does not exist
 *         LADE_EACCES        no permission to read it
 *         LADE_EUNSUPPORTED  a directory, FIFO, socket or device; the function does not wait for a FIFO
 *         LADE_ELIMIT        more than @limit bytes (nothing is read), or too many open files
 *         LADE_EIO           reading failed, or the size of the file changed meanwhile
 *         LADE_ENOMEM
 *
 * Any thread, if each uses its own @into. Cost: open, fstat, read, close.
 */
LADE_API int lade__sys_read_file(const char *path, size_t limit, struct lade__bytes *into, struct lade_error *err);

/*
 * lade__sys_read_fd() - does the same for an open file whose position is 0. The caller closes it. @err has no subject,
 * and the caller adds the name of the file. It is used for files that are opened relative to a directory.
 */
LADE_API int lade__sys_read_fd(int fd, size_t limit, struct lade__bytes *into, struct lade_error *err);

/*
 * lade__sys_map_file() - maps a complete regular file into memory for reading. Returns LADE_OK and fills @map, which
 * the caller frees with lade__sys_unmap(); or returns the errors of lade__sys_read_file(). If the file becomes shorter
 * meanwhile, access to the mapping raises SIGBUS. Any thread.
 */
struct lade__mapping {
    void *data; /* NULL for an empty file */
    size_t size;
};

LADE_API int lade__sys_map_file(const char *path, struct lade__mapping *map, struct lade_error *err);
LADE_API void lade__sys_unmap(struct lade__mapping *map);

/*
 * lade__sys_read_ahead() - starts reading an open file into the page cache and does not wait. Returns false if the
 * beginning of the file is in the cache already, or if the system cannot tell. Any thread.
 */
LADE_API bool lade__sys_read_ahead(int fd);

/*
 * lade__sys_discard() - closes @f, unless it is NULL, and removes the incomplete file. Only a regular file is removed,
 * not /dev/full, a FIFO or a link. Keeps errno.
 */
LADE_API void lade__sys_discard(FILE *f, const char *path);

#endif
