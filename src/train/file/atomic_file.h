/*
 * train/file/atomic_file.h - replaces a file in one step: at any time, the path has the old contents or the new ones.
 */
#ifndef LADE_SRC_TRAIN_FILE_ATOMIC_FILE_H
#define LADE_SRC_TRAIN_FILE_ATOMIC_FILE_H

#include <sys/stat.h>

#include <lade/base.h>

struct lade__atomic_file {
    FILE *f;           /* the caller writes here */
    const char *given; /* the path as the caller wrote it */
    char *path;        /* the file that is replaced, after symbolic links */
    mode_t mode;       /* of the old file; 0: there is none */
    char *temporary;   /* PATH.tmp, which is written first; NULL: the path is a device or pipe */
};

/*
 * lade__atomic_open()   - begins. The string @path must exist until the end. Returns LADE_OK, or a status with @err;
 *                         after a failure there is nothing to release. LADE_EBUSY means that another process or thread is writing
 *                         to the same path. LADE_EACCES can also mean that PATH.tmp was not left by a killed run.
 * lade__atomic_commit() - flushes, syncs, renames, and releases @a. The new file has the permissions of the old one.
 *                         Returns LADE_OK; or a status with @err, and PATH.tmp is removed.
 * lade__atomic_abort()  - removes PATH.tmp and releases @a. {0} is allowed.
 * lade__atomic_probe()  - checks whether a file could be written. Changes nothing. Returns LADE_OK, or a status with
 *                         @err, but never LADE_EBUSY.
 *
 * The subject of errors is the path as the caller wrote it.
 */
int lade__atomic_open(struct lade__atomic_file *a, const char *path, struct lade_error *err);
int lade__atomic_commit(struct lade__atomic_file *a, struct lade_error *err);
void lade__atomic_abort(struct lade__atomic_file *a);
int lade__atomic_probe(const char *path, struct lade_error *err);

#endif
