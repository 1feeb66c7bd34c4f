/*
 * Finds the memory that this process can still use without swapping. It is the smallest of three kinds of numbers:
 * MemAvailable of the kernel, and for each control group (version 1 or 2) of the process and its parents, the limit minus
 * the memory that the group uses. Pages of files that were not used recently count as free, because the kernel drops them
 * when it needs memory.
 *
 * A file that does not exist or cannot be read sets no limit. @root is the folder that contains proc and sys; tests use
 * a folder of their own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/sys.h"

enum { PATH = 1024 };

/* Returns the number after the word @key in a file, or the first number if @key is "". Returns UINT64_MAX if the file has
   no such number. */
static uint64_t read_number(const char *path, const char *key) {
    lade_cleanup(lade_fclose) FILE *f = fopen(path, "re");
    char line[256];
    size_t n = strlen(key);
    uint64_t number = UINT64_MAX;

    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, key, n) == 0 && sscanf(line + n, "%" SCNu64, &number) == 1)
            return number;
    return UINT64_MAX;
}

static uint64_t number_in(const char *folder, const char *name, const char *key) {
    char path[PATH + 64];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return read_number(path, key);
}

/* The names of the files of a control group. */
struct names {
    const char *limit, *used, *inactive;
};

static uint64_t free_in_group(const char *folder, const struct names *names) {
    uint64_t limit = number_in(folder, names->limit, ""), used = number_in(folder, names->used, "");
    uint64_t inactive = number_in(folder, "memory.stat", names->inactive);

    if (limit == UINT64_MAX || used == UINT64_MAX)
        return UINT64_MAX;
    used -= inactive < used ? inactive : 0;
    return limit > used ? limit - used : 0;
}

/* Returns the smallest number of the group @group and its parents. @top is the folder of the first group. */
static uint64_t free_in_groups(const char *top, const char *group, const struct names *names) {
    char folder[PATH];
    uint64_t least = UINT64_MAX;
    int n = snprintf(folder, sizeof folder, "%s%s", top, group);

    if (n < 0 || (size_t)n >= sizeof folder)
        return UINT64_MAX;
    for (size_t shortest = strlen(top);;) {
        uint64_t bytes = free_in_group(folder, names);
        least = bytes < least ? bytes : least;
        char *slash = strrchr(folder + shortest, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

uint64_t lade__sys_free_memory_in(const char *root) {
    static const struct names version_1 = {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "},
                              version_2 = {"memory.max", "memory.current", "inactive_file "};
    char path[PATH], line[PATH], top[PATH];

    snprintf(path, sizeof path, "%s/proc/meminfo", root);
    uint64_t least = read_number(path, "MemAvailable:");
    least = least < UINT64_MAX / 1024 ? least * 1024 : UINT64_MAX;
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    lade_cleanup(lade_fclose) FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) { /* NUMBER:CONTROLLERS:GROUP */
        char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group)
            continue;
        *group++ = '\0';
        group[strcspn(group, "\n")] = '\0';
        bool old = strstr(controllers, "memory") != NULL;
        if (!old && strcmp(controllers, ":") != 0)
            continue;
        snprintf(top, sizeof top, old ? "%s/sys/fs/cgroup/memory" : "%s/sys/fs/cgroup", root);
        uint64_t bytes = free_in_groups(top, group, old ? &version_1 : &version_2);
        least = bytes < least ? bytes : least;
    }
    return least;
}

uint64_t lade__sys_free_memory(void) {
    return lade__sys_free_memory_in("");
}
