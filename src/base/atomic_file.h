/*
 * base/atomic_file.h - replaces a file in one step. At any time, the path has either the old contents or the new
 * contents.
 *
 * These functions are not public. LADE_API exports them, because the library lade-train calls them.
 */
#ifndef LADE_SRC_BASE_ATOMIC_FILE_H
#define LADE_SRC_BASE_ATOMIC_FILE_H

#include <sys/stat.h>

#include <lade/base.h>

struct lade__atomic_file {
    FILE *f;           /* the caller writes the contents to this file */
    const char *given; /* the path as the caller wrote it */
    char *path;        /* the path of the file that is replaced; no symbolic link */
    mode_t mode;       /* mode of the old file; 0: there is no old file */
    char *temporary;   /* PATH.tmp, which is written first; NULL: the path is a device or pipe */
};

/*
 * lade__atomic_open()   - opens a->f. The string @path must remain valid until lade__atomic_commit() or
 *                         lade__atomic_abort(). Returns LADE_OK, or a status with @err; on error there is nothing to
 *                         release. LADE_EBUSY means that another process or thread is writing to the same path.
 *                         LADE_EACCES can also mean that another user owns PATH.tmp, or that PATH.tmp is not a regular
 *                         file or has several hard links.
 * lade__atomic_commit() - flushes and syncs the file, renames it to PATH, and releases @a. The new file has the
 *                         permissions of the old file. Returns LADE_OK. On error, removes PATH.tmp and returns a status
 *                         with @err.
 * lade__atomic_abort()  - removes PATH.tmp and releases @a. *@a may be {0}.
 * lade__atomic_probe()  - checks whether lade__atomic_open() can create the file. Changes nothing. Returns LADE_OK, or
 *                         a status with @err, but never LADE_EBUSY.
 *
 * The subject of errors is the path as the caller wrote it.
 */
LADE_API int lade__atomic_open(struct lade__atomic_file *a, const char *path, struct lade_error *err);
LADE_API int lade__atomic_commit(struct lade__atomic_file *a, struct lade_error *err);
LADE_API void lade__atomic_abort(struct lade__atomic_file *a);
LADE_API int lade__atomic_probe(const char *path, struct lade_error *err);

#endif
