/*
 * One folder's entries, sorted: what the walk (walk.c) reads of the file system.
 */
#ifndef LADE_FLOW_SOURCE_DIRECTORY_H
#define LADE_FLOW_SOURCE_DIRECTORY_H

#include <lade/base.h>
#include <stdbool.h>

/* The suffixes of all image formats, for messages: ".jpg, .jpeg, .png, ...". */
struct lade__suffix_list {
    char text[256];
};
struct lade__suffix_list lade__image_suffixes(void);

struct lade__folder {
    const char **images; /* names, in byte order   (into `bytes`) */
    const char **folders;
    size_t image_count;
    size_t folder_count;
    char *bytes;
};

/*
 * lade__folder_read() - the images and folders in the folder @path, relative to the open directory @root. @links: links
 * to folders count as folders (those that lead back to a folder above them do not). @directory is the path of @root,
 * for messages.
 *
 * Returns LADE_OK with @out filled, which the caller gives back by lade__folder_release(); or LADE_ENOENT, LADE_EACCES,
 * LADE_EINVAL (not a folder), LADE_EIO, LADE_ENOMEM, and @out is empty.
 */
int lade__folder_read(struct lade__folder *out, int root, const char *path, bool links, const char *directory,
                      struct lade_error *err);
void lade__folder_release(struct lade__folder *folder);

/*
 * lade__folder_fail() - fill an error about the folder @path below @directory from errno.
 */
int lade__folder_fail(struct lade_error *err, int errno_value, const char *directory, const char *path);

#endif
