/*
 * Finds the images in a directory and its sub-directories. lade_scan_files() walks each class folder in this way.
 */
#ifndef LADE_SRC_FLOW_SOURCE_WALK_H
#define LADE_SRC_FLOW_SOURCE_WALK_H

#include <lade/flow.h>

/* The data that all walks of one scan share. */
struct lade__walk {
    int root;              /* file descriptor of the directory to which all paths are relative */
    const char *directory; /* the path of root, for messages */
    bool follow_links;
    size_t found;                            /* number of images found */
    const struct lade_scan_options *options; /* has the function on_problem; or NULL */
    size_t problems;                         /* number of calls of on_problem */
};

/*
 * lade__walk_directory() - yields the images in @start and its sub-directories, in the order of lade_scan_files(). The
 * class_name of each image is @start, or "." if @start is "". "" means the root itself. A directory without images is
 * not an error.
 */
lade_generator_decl(struct lade_scan_file, lade__walk_directory, struct lade__walk *, walk, const char *, start, int,
                    class_index);

#endif
