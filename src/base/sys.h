/*
 * base/sys.h - the operating system, all of it that lade asks for but for generator stacks and directory walks: one
 * prototype each, with what it promises. Another system is another sys_*.c.
 *
 * LADE_API here exports to lade's other libraries (lade-data, lade-train) only: names with two underscores are nobody
 * else's business and may change in any release.
 */
#ifndef LADE_SRC_BASE_SYS_H
#define LADE_SRC_BASE_SYS_H

#include <lade/base.h>
#include <stdbool.h>

/*
 * lade__sys_threads() - how many processors this process may run on, at least 1; what "all cores" means.
 * lade__sys_page_size() - bytes of a page of memory, a power of two.
 * lade__sys_clock() - seconds since some fixed point, never going back; for differences.
 * lade__sys_large_pages() - @size bytes at @p will all be used: back them by large pages where the system has some to
 * give. Advice for memory of some megabytes that was just allocated; it changes nothing but speed.
 * lade__sys_name_thread() - a name for the calling thread in debuggers and top; cut at 15 bytes. Never fails visibly.
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
 * Room for one file at a time, used again and again by its thread. Starts as {0}; give back by lade__bytes_release().
 */
struct lade__bytes {
    unsigned char *data;
    size_t size;     /* bytes of the file read last */
    size_t capacity; /* bytes of room; only grows */
};

LADE_API void lade__bytes_release(struct lade__bytes *b);

/*
 * lade__sys_read_file() - read a whole regular file into @into, whose old contents are lost also on failure.
 *
 * @limit  the most bytes that are read, and allocated; 0 for no limit
 *
 * Returns LADE_OK, or with @err naming @path, cause and remedy
 *         LADE_ENOENT        no such file
 *         LADE_EACCES        no permission to read it
 *         LADE_EUNSUPPORTED  a directory, FIFO, socket or device; it is not waited for
 *         LADE_ELIMIT        more than @limit bytes (nothing is read), or too many open files
 *         LADE_EIO           reading failed, or the file changed its size meanwhile
 *         LADE_ENOMEM
 *
 * Any thread, each its own @into. Cost: open, fstat, read, close.
 */
LADE_API int lade__sys_read_file(const char *path, size_t limit, struct lade__bytes *into, struct lade_error *err);

/*
 * lade__sys_read_fd() - the same for a file that is open already, at its beginning; the caller closes it, and puts its
 * name before the words of @err. For those who open relative to a directory.
 */
LADE_API int lade__sys_read_fd(int fd, size_t limit, struct lade__bytes *into, struct lade_error *err);

/*
 * lade__sys_map_file() - map a whole regular file into memory, for reading. LADE_OK with @map filled, which the caller
 * gives back by lade__sys_unmap(); or the errors of lade__sys_read_file() with @err. Any thread. Whoever cuts the file
 * short meanwhile ends the process by SIGBUS.
 */
struct lade__mapping {
    void *data; /* NULL for an empty file */
    size_t size;
};

LADE_API int lade__sys_map_file(const char *path, struct lade__mapping *map, struct lade_error *err);
LADE_API void lade__sys_unmap(struct lade__mapping *map);

/*
 * lade__sys_read_ahead() - have the system read an open file into its cache, without waiting for it. False: the
 * beginning of the file is there already, or the system does not tell. Any thread.
 */
LADE_API bool lade__sys_read_ahead(int fd);

/*
 * lade__sys_discard() - close @f (NULL: closed already) and remove the file that could not be finished. What is no
 * regular file - /dev/full, a FIFO, a link - is left alone. Keeps errno.
 */
LADE_API void lade__sys_discard(FILE *f, const char *path);

#endif
