/*
 * Reads one directory. The results are lists of its images, of its sub-directories, of its links to a directory that
 * contains the link, and of the ignored entries. Each list is sorted by name.
 */
#ifndef LADE_SRC_FLOW_SOURCE_DIRECTORY_H
#define LADE_SRC_FLOW_SOURCE_DIRECTORY_H

#include <lade/flow.h>
#include <stdbool.h>

/* The suffixes of all image formats as text for messages: ".jpg, .jpeg, .png, ...". */
struct lade__suffix_list {
    char text[256];
};
struct lade__suffix_list lade__image_suffixes(void);

struct lade__directory {
    const char **images; /* names in byte order, which point into `bytes` */
    const char **directories;
    const char **loops;   /* links to a directory that contains the link */
    const char **ignored; /* lade__directory_entry() describes these entries */
    size_t image_count;
    size_t directory_count;
    size_t loop_count;
    size_t ignored_count;
    char *bytes;
};

/* The rules that lade__directory_read() uses. */
struct lade__directory_rules {
    bool links;     /* links to directories count as directories, except links to a directory that contains the link */
    bool all_files; /* the content of a file without a suffix of an image format decides whether the file is an image */
    bool ignored;   /* make the list of ignored entries; otherwise this list is empty */
    const struct lade_stop_callback *stop; /* is called for each entry; may be NULL */
};

/*
 * lade__directory_read() - reads the directory @path, which is relative to the open directory @root. @root_path is the
 * path of @root, for messages.
 *
 * Returns LADE_OK with @out filled; the caller frees @out with lade__directory_release(). Otherwise @out is empty, and
 * the function returns LADE_ENOENT, LADE_EACCES, LADE_EINVAL (@path is not a directory), LADE_ECANCELED
 * (rules->stop), LADE_EIO or LADE_ENOMEM.
 */
int lade__directory_read(struct lade__directory *out, int root, const char *path,
                         const struct lade__directory_rules *rules, const char *root_path, struct lade_error *err);
void lade__directory_release(struct lade__directory *directory);

/*
 * lade__directory_entry() - returns ignored entry @i of @directory, which was read from @path. The strings are
 *                           borrowed.
 */
struct lade_ignored_entry lade__directory_entry(const struct lade__directory *directory, size_t i, const char *path);

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
