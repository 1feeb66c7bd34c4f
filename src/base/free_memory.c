/*
 * Finds the number of bytes that this process can still use without swapping. The result is the smallest of these
 * numbers:
 *
 * - MemAvailable in /proc/meminfo,
 * - for each control group (version 1 or 2) that contains the process: the limit of the group minus the memory that
 *   the group uses. Cached pages of files count as free if these pages were not used recently, because the kernel
 *   drops such pages when it needs memory.
 *
 * A file that does not exist or cannot be read is ignored. The buffers are on the heap, because the stack of the caller
 * may be small. @root is the folder that contains proc and sys: "" for the root of the file system, or another folder
 * in tests.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/sys.h"

enum { PATH = 1024 };

struct buffers {
    char line[PATH]; /* a line of a file */
    char path[PATH + 64];
    char top[PATH];        /* the folder of the root group */
    char folder[2 * PATH]; /* the folder of a group */
};

/* Returns the number after the word @key in a file. If @key is "", returns the first number. Returns UINT64_MAX if
   the file has no such number. */
static uint64_t read_number(const char *path, const char *key) {
    lade_cleanup(lade_fclose) FILE *f = fopen(path, "re");
    char line[128];
    size_t n = strlen(key);
    uint64_t number = UINT64_MAX;

    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, key, n) == 0 && sscanf(line + n, "%" SCNu64, &number) == 1)
            return number;
    return UINT64_MAX;
}

static uint64_t number_in(struct buffers *b, const char *name, const char *key) {
    int n = snprintf(b->path, sizeof b->path, "%s/%s", b->folder, name);
    return n > 0 && (size_t)n < sizeof b->path ? read_number(b->path, key) : UINT64_MAX;
}

/* Names that differ between the versions of control groups. `limit` and `used` are files in the folder of a group.
   `inactive` is the name of a value in the group's file memory.stat. */
struct names {
    const char *limit, *used, *inactive;
};

static uint64_t free_in_group(struct buffers *b, const struct names *names) {
    uint64_t limit = number_in(b, names->limit, ""), used = number_in(b, names->used, "");
    uint64_t inactive = number_in(b, "memory.stat", names->inactive);

    if (limit == UINT64_MAX || used == UINT64_MAX)
        return UINT64_MAX;
    used -= inactive < used ? inactive : 0;
    return limit > used ? limit - used : 0;
}

/* Returns the smallest number of free bytes in @group and its parents. b->top is the folder of the root group. */
static uint64_t free_in_groups(struct buffers *b, const char *group, const struct names *names) {
    uint64_t least = UINT64_MAX;

    snprintf(b->folder, sizeof b->folder, "%s%s", b->top, group);
    for (size_t shortest = strlen(b->top);;) {
        uint64_t bytes = free_in_group(b, names);
        least = bytes < least ? bytes : least;
        char *slash = strrchr(b->folder + shortest, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

/* Returns the smallest number of free bytes in one group and its parents. b->line is the line of /proc/self/cgroup
   that names the group. The form of this line is NUMBER:CONTROLLERS:GROUP. */
static uint64_t free_in_line(struct buffers *b, const char *root) {
    static const struct names version_1 = {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "},
                              version_2 = {"memory.max", "memory.current", "inactive_file "};
    char *controllers = strchr(b->line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;

    if (!group)
        return UINT64_MAX;
    *group++ = '\0';
    group[strcspn(group, "\n")] = '\0';
    bool is_version_1 = strstr(controllers, "memory") != NULL;
    if (!is_version_1 && strcmp(controllers, ":") != 0)
        return UINT64_MAX;
    snprintf(b->top, sizeof b->top, "%s/sys/fs/cgroup%s", root, is_version_1 ? "/memory" : "");
    return free_in_groups(b, group, is_version_1 ? &version_1 : &version_2);
}

uint64_t lade__sys_free_memory_in(const char *root) {
    lade_cleanup(lade_freep) struct buffers *b = lade_alloc(sizeof *b);

    if (!b)
        return UINT64_MAX;
    snprintf(b->path, sizeof b->path, "%s/proc/meminfo", root);
    uint64_t least = read_number(b->path, "MemAvailable:");
    least = least < UINT64_MAX / 1024 ? least * 1024 : UINT64_MAX;
    snprintf(b->path, sizeof b->path, "%s/proc/self/cgroup", root);
    lade_cleanup(lade_fclose) FILE *f = fopen(b->path, "re");
    while (f && fgets(b->line, sizeof b->line, f)) {
        uint64_t bytes = free_in_line(b, root);
        least = bytes < least ? bytes : least;
    }
    return least;
}

uint64_t lade__sys_free_memory(void) {
    return lade__sys_free_memory_in("");
}
