/*
 * lade/flow/scan.h - finds the image files of a directory and their classes. lade/flow.h includes this header.
 */
#ifndef LADE_FLOW_SCAN_H
#define LADE_FLOW_SCAN_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/gen.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A problem that lade_scan_files() has found in a directory. The scan continues without the entry that causes the
 * problem. The strings are valid during the call of on_problem.
 */
struct lade_scan_problem {
    const char *path;  /* the folder or link, relative to the scanned directory, for example "cat/siamese" */
    const char *cause; /* the message, for example "photos/cat/siamese cannot be read: ..." */
    int status;        /* LADE_ENOENT: a class folder without images; LADE_EINVAL: a link to a directory that contains
                          the link; LADE_EACCES, LADE_EIO and others: a folder that cannot be read */
    int class_index; /* the index of the class to which the entry belongs; -1 if the entry is no class folder and is not
                          in a class folder */
    unsigned char reserved[40]; /* zero; see lade/base/attributes.h */
};

/*
 * The reason why a scan ignores an entry of a directory. Every entry of the scanned directories is one of the
 * following: an image, a directory that the scan reads, an entry with a struct lade_scan_problem, or an ignored entry
 * with exactly one of these reasons.
 */
enum lade_ignored {
    LADE_IGNORED_SUFFIX = 0,  /* a file without a suffix of an image format (lade/image.h) */
    LADE_IGNORED_CONTENT,     /* a file without such a suffix whose content is not an image; only with all_files */
    LADE_IGNORED_EMPTY,       /* a file of 0 bytes without such a suffix; only with all_files */
    LADE_IGNORED_UNREADABLE,  /* a file without such a suffix that cannot be read; only with all_files */
    LADE_IGNORED_DOT,         /* the name begins with a dot; the scan does not read a directory with such a name */
    LADE_IGNORED_NOT_REGULAR, /* not a regular file: a pipe, a socket or a device */
    LADE_IGNORED_LINK,        /* a link to a directory, which the scan does not follow without follow_links */
    LADE_IGNORED_NO_CLASS,    /* a file that is not in a class folder */
    LADE_IGNORED_COUNT
};

/*
 * lade_ignored_name() - returns "suffix", "content", "empty", "unreadable", "dot", "not_regular", "link" or "no_class"
 * as a static string, or "unknown" if the value is not in the enum. Any thread.
 */
LADE_API const char *lade_ignored_name(enum lade_ignored reason);

/*
 * An entry that a scan ignores. The strings are valid during the call of the function.
 */
struct lade_ignored_entry {
    enum lade_ignored reason;
    int class_index; /* the index of the class; -1: the entry is not in a class folder */
    const char
        *directory;   /* the directory of the entry, relative to the scanned directory; "": that directory itself */
    const char *name; /* the name of the entry */
};

/*
 * A function of the caller that is called for each ignored entry, in the thread that runs the scan. The function is
 * called for the ignored entries of a directory in byte order, before the images of this directory are yielded.
 */
struct lade_ignored_callback {
    void (*call)(void *ctx, const struct lade_ignored_entry *entry); /* NULL: no function */
    void *ctx;
};

/*
 * A function of the caller that can end a scan. The function is called on the thread that runs the scan, once for each
 * entry of a directory, so the function must be fast.
 */
struct lade_stop_callback {
    bool (*call)(void *ctx); /* returns true to end the scan with LADE_ECANCELED */
    void *ctx;
};

/*
 * The options that select the files of a directory. struct lade_flow_options has fields with the same names.
 */
struct lade_scan_options {
    /* The names of the class folders to use, in the order of the class indices. The last element is NULL. If `classes`
       is NULL, all class folders are used, in byte order. */
    const char *const *classes;
    /* true: inside the class folders, symbolic links to directories are followed, as followlinks of Python's os.walk
       does. A link to a directory that contains the link is never followed, even if the link is a class folder. */
    bool follow_links;
    /* true: if the directory contains images but no folders, the directory itself is the only class. Its name is
       ".". */
    bool flat;
    /* true: the content of a file without a suffix of an image format decides whether the file is an image. The scan
       then reads the first bytes of each such file. */
    bool all_files;
    bool refuse_empty_classes; /* true: a class folder without images is the error LADE_ENOENT */
    /* If on_problem is not NULL, the generator calls on_problem(problem_ctx, &problem) for each problem and continues.
       If on_problem is NULL, an error ends the generator, and a link to a directory that contains the link is skipped
       without a message. */
    void (*on_problem)(void *ctx, const struct lade_scan_problem *problem);
    void *problem_ctx;
    struct lade_ignored_callback ignored;  /* gets each ignored entry */
    const struct lade_stop_callback *stop; /* NULL: the scan cannot be ended   (borrowed until the scan ends) */
    bool allow_missing_classes;            /* true: a class of `classes` that has no folder is a class without images */
    unsigned char reserved[7];             /* zero; see lade/base/attributes.h */
};

/*
 * One image file, as lade_scan_files() yields it. The strings are valid until the generator is resumed or closed.
 */
struct lade_scan_file {
    const char *class_name; /* the name of the class folder, for example "cat" */
    const char *directory; /* the directory of the file, relative to the scanned directory, for example "cat/siamese" */
    const char *name;      /* the name of the file, for example "001.jpg" */
    int class_index;       /* the index of the class, from 0 */
    unsigned char reserved[36]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_scan_files() - returns a generator that yields the image files in @directory. The generator delegates to one
 * generator for each class folder (yield from).
 *
 * A class folder is a directory, or a link to a directory, directly in @directory. All images in a class folder and in
 * its sub-directories belong to the class. Files are sorted by class index, then by the path of their directory, then
 * by name, all in byte order. Keras uses the same order: sorted(os.walk), then sorted files. An image is a regular
 * file, or a link to a regular file, with a suffix of an image format (lade/image.h) in upper or lower case. The scan
 * reads the contents of files only for the option all_files. enum lade_ignored lists the entries that are not images.
 * With options->classes, the scan reads only the folders of these classes, and no other entries of @directory.
 *
 * A class folder without images has an index, but no files.
 *
 * @directory  the path   (borrowed until the generator is freed)
 * @options    NULL: the defaults   (borrowed until the generator is freed)
 *
 * The generator can end with one of these errors. The subject of the error is the directory or "classes":
 *
 *   LADE_ENOENT   the directory or (without allow_missing_classes) a folder of `classes` does not exist, there is no
 *                 class folder, no class folder contains images, or, with refuse_empty_classes, a class folder
 *                 contains no images or does not exist
 *   LADE_EACCES   a directory cannot be read
 *   LADE_ECANCELED  options->stop has ended the scan
 *   LADE_EINVAL   @directory is a file, or `classes` is empty or has an invalid name
 *   LADE_EIO, LADE_ENOMEM
 *
 * If options->on_problem is set, class folders without images, and folders that cannot be read, are problems and do not
 * end the generator. The class index of such a class folder is not used by another class.
 *
 * The generator stores the names of the files of one directory at a time. If the file system reports file types
 * (d_type), stat() is not called for each file.
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_scan_file)
    lade_scan_files(const char *directory, const struct lade_scan_options *options);

/*
 * The result of a scan: the classes and the names of all files. Each file needs 8 bytes and the bytes of its name with
 * the final NUL.
 */
typedef struct lade_scan lade_scan;

/*
 * lade_scan_directory() - collects the files of lade_scan_files(). The caller frees the result with lade_scan_free().
 * lade_scan_free()      - frees a scan. NULL is allowed.
 *
 * lade_scan_directory() returns NULL on an error, with @err filled as described at lade_scan_files(). Any thread may
 * call these functions.
 */
LADE_API lade_scan *lade_scan_directory(const char *directory, const struct lade_scan_options *options,
                                        struct lade_error *err);
LADE_API void lade_scan_free(lade_scan *scan);

/*
 * lade_scan_count()       - returns the number of files.
 * lade_scan_classes()     - returns the number of classes.
 * lade_scan_class_name()  - returns the name of class @c, or NULL if there is no such class   (borrowed from the scan).
 * lade_scan_class_count() - returns the number of files of class @c, or 0 if there is no such class.
 * lade_scan_class_of()    - returns the class of file @i, or -1 if there is no such file.
 *
 * Files are numbered from 0 in the order of lade_scan_files(). Any thread may call these functions, also at the same
 * time.
 */
LADE_API int64_t lade_scan_count(const lade_scan *scan);
LADE_API int lade_scan_classes(const lade_scan *scan);
LADE_API const char *lade_scan_class_name(const lade_scan *scan, int c);
LADE_API int64_t lade_scan_class_count(const lade_scan *scan, int c);
LADE_API int lade_scan_class_of(const lade_scan *scan, int64_t i);

/*
 * lade_scan_path() - writes the path of file @i to @buffer. As with snprintf(), the path is cut to @size bytes, which
 * include the final NUL. The path is relative to the scanned directory, for example "cat/siamese/001.jpg". The path may
 * contain bytes that are not UTF-8.
 *
 * Returns the length of the whole path, or LADE_EINVAL if there is no such file. Any thread may call the function.
 */
LADE_API int64_t lade_scan_path(const lade_scan *scan, int64_t i, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif
#endif
