/*
 * What a scan found, packed: 8 bytes and the name with its final 0 for each file.
 */
#ifndef LADE_FLOW_SOURCE_SCAN_H
#define LADE_FLOW_SOURCE_SCAN_H

#include <lade/flow.h>

struct lade__file {
    uint32_t folder;
    uint32_t name; /* from the path of the folder, in the arena */
};

/* A folder with images: its path stands in the arena, the names of its files behind it. */
struct lade__place {
    uint64_t path; /* from the start of the arena */
    int class_index;
};

struct lade__class {
    char *name;
    int64_t first, count;    /* its files in the table */
    uint64_t hash_low, hash; /* XXH3-128 of its name and the paths of all its files */
};

struct lade_scan {
    char *directory;
    char *arena;
    size_t arena_used, arena_room;
    struct lade__file *files;
    int64_t count, room;
    struct lade__place *places;
    uint32_t place_count, place_room;
    struct lade__class *classes;
    int class_count, class_room;
};

/*
 * lade__scan_new()    - a listing without files, of @directory; NULL: no memory.
 * lade__scan_append() - one file more, of no class, for lists that are no directories: by its whole path where @folder
 *                       is "", else as a name in that folder. LADE_OK or LADE_ENOMEM.
 * lade__scan_name()   - the path of a file that was appended   (borrowed until the next one is)
 */
lade_scan *lade__scan_new(const char *directory);
int lade__scan_append(lade_scan *s, const char *folder, const char *name);
const char *lade__scan_name(const lade_scan *s, int64_t i);

#endif
