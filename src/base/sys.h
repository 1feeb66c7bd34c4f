/*
 * base/sys.h - the interface to the operating system, except for the stacks of generators and for reading directories.
 *              To port lade to another system, write another sys_*.c.
 *
 * These functions are not public. LADE_API exports them, because the libraries lade-data and lade-train call them.
 * Names with two underscores are private and may change in any release.
 */
#ifndef LADE_SRC_BASE_SYS_H
#define LADE_SRC_BASE_SYS_H

#include <lade/base.h>
#include <stdbool.h>

/*
 * lade__sys_threads()     - returns the number of processors that this process may use, at least 1.
 * lade__sys_page_size()   - returns the size of a page of memory in bytes, a power of two.
 * lade__sys_clock()       - returns the seconds since a fixed point in time. The value never decreases, so it can
 *                           measure durations.
 * lade__sys_large_pages() - asks the system to use large pages for the @size bytes at @p. Call this function
 *                           for new memory of some megabytes if all its bytes will be used. The call only affects the
 *                           speed.
 * lade__sys_name_thread() - sets the name of the calling thread, which debuggers and top show. The name is cut after 15
 *                           bytes.
 *
 * Any thread.
 */
LADE_API int lade__sys_threads(void);
LADE_API size_t lade__sys_page_size(void);
LADE_API double lade__sys_clock(void);
LADE_API void lade__sys_large_pages(void *p, size_t size);
LADE_API void lade__sys_name_thread(const char *name);

/*
 * lade__sys_free_memory()    - returns the number of bytes that this process can still use without swapping, or
 *                              UINT64_MAX if this number is unknown. Cost: some small files of /proc and /sys are read.
 * lade__sys_free_memory_in() - does the same, but reads the folders proc and sys in the folder @root. Only tests
 *                              use this function.
 *
 * Any thread.
 */
LADE_API uint64_t lade__sys_free_memory(void);
LADE_API uint64_t lade__sys_free_memory_in(const char *root);

/*
 * lade__close_fd() - closes the file descriptor *@fd if it is not negative, and sets *@fd to -1. Does not change errno.
 *                    The function can be used as lade_cleanup(lade__close_fd).
 */
LADE_API void lade__close_fd(int *fd);

/*
 * A buffer for the contents of one file. Initialise it with {0} and free it with lade__bytes_release().
 */
struct lade__bytes {
    unsigned char *data;
    size_t size;     /* size of the file that was read last */
    size_t capacity; /* size of the buffer; it only grows */
};

LADE_API void lade__bytes_release(struct lade__bytes *b);

/*
 * lade__sys_read_file() - reads a complete regular file into @into. The old contents of @into are lost even if the
 *                         function fails.
 *
 * @limit  the largest size of the file in bytes; 0 means no limit
 *
 * Returns LADE_OK, or fills @err, whose subject is @path, and returns one of these statuses:
 *
 *     LADE_ENOENT        the file does not exist
 *     LADE_EACCES        the process has no permission to read the file
 *     LADE_EUNSUPPORTED  the file is a directory, FIFO, socket or device (the function never waits for a FIFO)
 *     LADE_ELIMIT        the file has more than @limit bytes (nothing is read), or too many files are open
 *     LADE_EIO           reading failed, or the size of the file changed while it was read
 *     LADE_ENOMEM        there is no memory for the contents
 *
 * Any thread, if each thread uses its own @into. Cost: open, fstat, read, close.
 */
LADE_API int lade__sys_read_file(const char *path, size_t limit, struct lade__bytes *into, struct lade_error *err);

/*
 * lade__sys_read_fd() - does the same as lade__sys_read_file() for an open file whose position is 0. The caller closes
 *                       the file. The subject of @err is empty, because the function does not have the path. This
 *                       function is used for files that are opened relative to a directory.
 */
LADE_API int lade__sys_read_fd(int fd, size_t limit, struct lade__bytes *into, struct lade_error *err);

/*
 * lade__sys_map_file()    - maps a complete regular file into memory for reading. Fills @map and returns LADE_OK; the
 *                           caller frees @map with lade__sys_unmap(). The errors are the same as for
 *                           lade__sys_read_file(). If the file becomes shorter while it is mapped, access to the
 *                           missing part raises SIGBUS.
 * lade__sys_read_mapped() - copies @size bytes at @offset of the file to @to. Uses pread(), and so never raises SIGBUS.
 *                           Returns LADE_OK, or LADE_EIO with a message and no subject if reading fails or the file has
 *                           become shorter.
 *
 * Any thread.
 */
struct lade__mapping {
    void *data; /* NULL for an empty file */
    size_t size;
    int fd; /* the open file; not used for an empty file */
};

LADE_API int lade__sys_map_file(const char *path, struct lade__mapping *map, struct lade_error *err);
LADE_API int lade__sys_read_mapped(const struct lade__mapping *map, size_t offset, size_t size, void *to,
                                   struct lade_error *err);
LADE_API void lade__sys_unmap(struct lade__mapping *map);

/*
 * lade__sys_read_ahead() - asks the kernel to read an open file into the page cache, and returns true without waiting.
 *                          Does nothing and returns false if the beginning of the file is in the cache already, or if
 *                          the system has no function to test this. Any thread.
 */
LADE_API bool lade__sys_read_ahead(int fd);

#endif
