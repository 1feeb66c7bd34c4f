/*
 * Finds the images in a directory and its sub-directories. lade_scan_files() walks each class folder in this way;
 * class_folders.c defines lade_scan_files().
 */
#ifndef LADE_SRC_FLOW_SOURCE_WALK_H
#define LADE_SRC_FLOW_SOURCE_WALK_H

#include "flow/source/directory.h"

/* A function that is called when a scan begins to read a class folder. Class 0 comes first, then class 1, and so on. */
struct lade__class_callback {
    void (*call)(void *ctx, const char *name);
    void *ctx;
};

/* The data that all walks of one scan share. */
struct lade__walk {
    int root;              /* file descriptor of the directory to which all paths are relative */
    const char *directory; /* the path of root, for messages */
    struct lade_scan_options options;
    size_t found;    /* number of images found */
    size_t problems; /* number of calls of options.on_problem */
};

/*
 * lade__walk_directory() - yields the images in @start and its sub-directories, in the order of lade_scan_files(). An
 * empty @start means the root itself. The class_name of each image is @start, or "." if @start is empty. A directory
 * without images is not an error. Ignored entries are passed to options.ignored.
 */
lade_generator_decl(struct lade_scan_file, lade__walk_directory, struct lade__walk *, walk, const char *, start, int,
                    class_index);

/*
 * lade__walk_report()         - reports the error @err of the entry @path to options.on_problem, and clears @err.
 *                               If options.on_problem is NULL, or the error is LADE_ENOMEM or LADE_ECANCELED, keeps
 *                               @err and returns false.
 * lade__walk_report_loops()   - reports the links in the directory @path that would cause a loop.
 * lade__walk_report_ignored() - reports the ignored entries of the directory @path.
 */
bool lade__walk_report(struct lade__walk *walk, const char *path, int class_index, struct lade_error *err);
void lade__walk_report_loops(struct lade__walk *walk, const char *path, int class_index,
                             const struct lade__directory *directory);
void lade__walk_report_ignored(const struct lade__walk *walk, const char *path, int class_index,
                               const struct lade__directory *directory);

/*
 * lade__scan_files() - does the same as lade_scan_files(), and calls a function for each class folder, also for a
 * folder without images. @callback may be NULL.
 */
lade_generator_decl(struct lade_scan_file, lade__scan_files, const char *, directory, const struct lade_scan_options *,
                    options, const struct lade__class_callback *, callback);

#endif
