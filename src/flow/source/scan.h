/*
 * Stores the files that a scan found. Each file needs 8 bytes and the bytes of its name with the final NUL.
 */
#ifndef LADE_SRC_FLOW_SOURCE_SCAN_H
#define LADE_SRC_FLOW_SOURCE_SCAN_H

#include <lade/flow.h>

struct lade__file {
    uint32_t directory; /* index in lade_scan.directories */
    uint32_t name;      /* in the arena, the name begins this number of bytes after the start of the directory's path */
};

/* A directory with images. The arena contains the path of the directory, followed by the names of its files. */
struct lade__scan_directory {
    uint64_t path; /* byte offset in the arena */
    int class_index;
};

struct lade__class {
    char *name;
    int64_t first, count;     /* the files of the class are lade_scan.files[first .. first+count-1] */
    struct lade_digest names; /* XXH3-128 of the name of the class and the paths of all its files */
};

struct lade_scan {
    char *root;  /* the path of the directory that was scanned */
    char *arena; /* the paths of the directories and the names of the files, each with a final NUL */
    size_t arena_used, arena_capacity;
    struct lade__file *files;
    int64_t count, capacity;
    struct lade__scan_directory *directories;
    uint32_t directory_count, directory_capacity;
    struct lade__class *classes;
    int class_count, class_capacity;
};

/*
 * lade__scan_new()    - creates an empty scan of the directory @root. Returns NULL if out of memory.
 * lade__scan_append() - appends a file without a class. If @directory is "", @name is the path of the file; otherwise
 *                       @name is the name of a file in @directory. Returns LADE_OK or LADE_ENOMEM.
 */
lade_scan *lade__scan_new(const char *root);
int lade__scan_append(lade_scan *s, const char *directory, const char *name);

#endif
