/*
 * The walk of one folder, for who wants its images whatever their classes are; lade_scan_files() is made of such walks.
 */
#ifndef LADE_FLOW_SOURCE_WALK_H
#define LADE_FLOW_SOURCE_WALK_H

#include <lade/flow.h>

/* What the walks of a directory share. */
struct lade__walk {
    int root;              /* the open directory that paths are relative to */
    const char *directory; /* its path, for messages */
    bool follow_links;
    size_t found; /* how many images they have found */
};

/*
 * lade__walk_folder() - the images in @folder_path and below, in the order of lade_scan_files(); class_name of each is
 * @folder_path. None at all is no error.
 */
lade_generator_decl(struct lade_scan_file, lade__walk_folder, struct lade__walk *, walk, const char *, folder_path, int,
                    class_index);

#endif
