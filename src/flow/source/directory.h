/*
 * Reads one directory. The results are lists of its images, of its sub-directories and of its links that lead back. Each
 * list is sorted by name.
 */
#ifndef LADE_SRC_FLOW_SOURCE_DIRECTORY_H
#define LADE_SRC_FLOW_SOURCE_DIRECTORY_H

#include <lade/base.h>
#include <stdbool.h>

/* The suffixes of all image formats as text for messages: ".jpg, .jpeg, .png, ...". */
struct lade__suffix_list {
    char text[256];
};
struct lade__suffix_list lade__image_suffixes(void);

struct lade__directory {
    const char **images; /* names in byte order, which point into `bytes` */
    const char **directories;
    const char **loops; /* links to a directory that contains the link */
    size_t image_count;
    size_t directory_count;
    size_t loop_count;
    char *bytes;
};

/*
 * lade__directory_read() - reads the directory @path, which is relative to the open directory @root. If @links is true,
 * links to directories count as directories, except links to a directory that contains the link, which are loops.
 * @root_path is the path of @root, for messages.
 *
 * Returns LADE_OK with @out filled; the caller frees @out with lade__directory_release(). Otherwise @out is empty, and
 * the function returns LADE_ENOENT, LADE_EACCES, LADE_EINVAL (@path is not a directory), LADE_EIO or LADE_ENOMEM.
 */
int lade__directory_read(struct lade__directory *out, int root, const char *path, bool links, const char *root_path,
                         struct lade_error *err);
void lade__directory_release(struct lade__directory *directory);

/*
 * lade__directory_is_loop() - returns true if @name in the directory @root is a link to a directory that contains the
 *                             link.
 */
bool lade__directory_is_loop(int root, const char *name);

/*
 * lade__directory_fail() - fills @err with the error @errno_value of the directory @path, which is relative to
 * @root_path. The full path is the subject. Returns the status.
 */
int lade__directory_fail(struct lade_error *err, int errno_value, const char *root_path, const char *path);

#endif
