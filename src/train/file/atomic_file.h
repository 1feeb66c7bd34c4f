/*
 * train/file/atomic_file.h - write a file so that, whatever happens, its path holds the old contents or the new ones.
 */
#ifndef LADE_SRC_TRAIN_FILE_ATOMIC_FILE_H
#define LADE_SRC_TRAIN_FILE_ATOMIC_FILE_H

#include <sys/stat.h>

#include <lade/base.h>

struct lade__atomic_file {
    FILE *f;      /* write here */
    char *path;   /* what is replaced: links resolved */
    mode_t mode;  /* of what is there; 0: nothing */
    char *beside; /* where it is written first, PATH.tmp; NULL: the path is a device or pipe, written to as it is */
};

/*
 * lade__atomic_open()   - begin. LADE_OK, or a status with @err naming the path, and nothing to release: LADE_EBUSY
 *                         (another process, or this one, is writing to the path already), LADE_EACCES (also: PATH.tmp
 *                         is there and is not what a killed run leaves).
 * lade__atomic_commit() - flush, sync, rename, release. The permissions are those of the file before. LADE_OK; or a
 *                         status with @err, and PATH.tmp is gone.
 * lade__atomic_abort()  - give up and release; PATH.tmp is gone. {0} is fine.
 * lade__atomic_probe()  - could it be written? Changes nothing. LADE_OK, or a status with @err; never LADE_EBUSY.
 */
int lade__atomic_open(struct lade__atomic_file *a, const char *path, struct lade_error *err);
int lade__atomic_commit(struct lade__atomic_file *a, struct lade_error *err);
void lade__atomic_abort(struct lade__atomic_file *a);
int lade__atomic_probe(const char *path, struct lade_error *err);

#endif
