/*
 * Reads and sorts the entries of a directory. readdir() returns the type of an entry together with its name, so a scan
 * of a million files does not need one system call for each file. stat() is called only for links, and on file systems
 * that do not report types.
 *
 * All names are stored in one block. A byte with the kind of the entry precedes each name. The tables of pointers are
 * made at the end, because the block can move while it grows.
 */
#define _GNU_SOURCE /* declares DT_*, O_CLOEXEC and similar names with every -std */
#include "flow/source/directory.h"

#include <lade/image.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"

enum kind { OTHER = 'o', IMAGE = 'i', DIRECTORY = 'd', LOOP = 'l' };

struct block {
    char *bytes;
    size_t used, size;
    size_t images, directories, loops;
};

struct lade__suffix_list lade__image_suffixes(void) {
    struct lade__suffix_list list = {""};
    size_t used = 0;
    for (int f = LADE_FORMAT_UNKNOWN + 1; f < LADE_FORMAT_COUNT; f++)
        for (const char *const *s = lade_format_info((enum lade_format)f)->suffixes; *s; s++)
            used += (size_t)snprintf(list.text + used, sizeof list.text - used, "%s.%s", used ? ", " : "", *s);
    return list;
}

int lade__directory_fail(struct lade_error *err, int errno_value, const char *root_path, const char *path) {
    char full[1024];

    if (strcmp(path, ".") == 0)
        snprintf(full, sizeof full, "%s", root_path);
    else
        snprintf(full, sizeof full, "%s/%s", root_path, path);
    if (errno_value == ENOENT)
        return lade_error_set_subject(err, LADE_ENOENT, full,
                                      "%s does not exist: give a directory with one folder for each class", full);
    if (errno_value == ENOTDIR)
        return lade_error_set_subject(err, LADE_EINVAL, full,
                                      "%s is not a directory: give a directory with one folder for each class", full);
    if (errno_value == EMFILE || errno_value == ENFILE)
        return lade_error_from_errno(err, errno_value, full,
                                     "%s cannot be opened: close files or raise the limit (ulimit -n)", full);
    if (errno_value == EACCES)
        return lade_error_set_subject(
            err, LADE_EACCES, full,
            "%s cannot be read: permission denied; give this user the right to read and enter "
            "the directory",
            full);
    return lade_error_from_errno(err, errno_value, full, "%s cannot be read as a directory", full);
}

static bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Returns true if @target is one of the directories that contain @root. */
static bool contains_root(int root, const struct stat *target) {
    char up[3 * 256] = "..";
    struct stat s, last = {0};

    while (strlen(up) + sizeof "/.." <= sizeof up && fstatat(root, up, &s, 0) == 0) {
        if (same_file(&s, target))
            return true;
        if (same_file(&s, &last))
            return false; /* ".." of the top directory is the top directory */
        last = s;
        strcat(up, "/..");
    }
    return false;
}

/*
 * Returns true if a link leads to one of the directories that contain the link. If such a link were followed, all files
 * would be found again, or the scan would not end. @path is the directory of the link, and @target is the directory to
 * which the link leads. The function compares @target with each prefix of @path, and with the directories above @root.
 * No other check is needed, because every loop of links contains such a link.
 */
static bool leads_back(int root, const char *path, const struct stat *target) {
    struct stat s;
    char prefix[4096];
    size_t n = strlen(path);

    if (n >= sizeof prefix)
        return true; /* the path is too long to be opened */
    memcpy(prefix, path, n + 1);
    for (;;) {
        if (fstatat(root, prefix, &s, 0) == 0 && same_file(&s, target))
            return true;
        char *slash = strrchr(prefix, '/');
        if (slash)
            *slash = 0;
        else if (strcmp(prefix, ".") != 0)
            strcpy(prefix, ".");
        else
            return contains_root(root, target);
    }
}

bool lade__directory_is_loop(int root, const char *name) {
    struct stat link, target;
    return fstatat(root, name, &link, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(link.st_mode) &&
           fstatat(root, name, &target, 0) == 0 && leads_back(root, ".", &target);
}

/* Returns the kind of an entry, or -1 with errno set. */
static int classify(int fd, int root, const char *path, const struct dirent *e, bool links) {
    int by_name = lade_format_from_path(e->d_name) ? IMAGE : OTHER;
    int type = e->d_type;
    struct stat s;

    if (type == DT_UNKNOWN) {
        if (fstatat(fd, e->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0)
            return errno == ENOENT ? OTHER : -1; /* ENOENT: the file was deleted after readdir() */
        type = IFTODT(s.st_mode);
    }
    if (type == DT_REG)
        return by_name;
    if (type == DT_DIR)
        return DIRECTORY;
    if (type != DT_LNK)
        return OTHER;
    if (fstatat(fd, e->d_name, &s, 0) < 0) {
        if (errno == ENOENT || errno == ELOOP || errno == ENOTDIR)
            return by_name; /* a broken link is listed, so the error is reported when a worker reads the file */
        return -1;
    }
    if (S_ISREG(s.st_mode))
        return by_name;
    if (!S_ISDIR(s.st_mode) || !links)
        return OTHER;
    return leads_back(root, path, &s) ? LOOP : DIRECTORY;
}

static int add_entry(struct block *b, int kind, const char *name) {
    size_t n = strlen(name) + 2;

    if (b->size - b->used < n) {
        size_t size = b->size ? b->size * 2 : 4096;
        char *bytes = lade_realloc(b->bytes, size, 1);
        if (!bytes)
            return LADE_ENOMEM;
        b->bytes = bytes;
        b->size = size;
    }
    b->bytes[b->used] = (char)kind;
    memcpy(b->bytes + b->used + 1, name, n - 1);
    b->used += n;
    *(kind == IMAGE ? &b->images : kind == LOOP ? &b->loops : &b->directories) += 1;
    return LADE_OK;
}

static int read_entries(DIR *dir, int root, const char *path, bool links, struct block *b, const char *root_path,
                        struct lade_error *err) {
    for (;;) {
        errno = 0;
        const struct dirent *e = readdir(dir);
        if (!e)
            return errno ? lade__directory_fail(err, errno, root_path, path) : LADE_OK;
        if (e->d_name[0] == '.')
            continue;
        int kind = classify(dirfd(dir), root, path, e, links);
        if (kind < 0)
            return lade_error_from_errno(err, errno, path, "%s/%s/%s: the type of this entry cannot be read", root_path,
                                         path, e->d_name);
        if (kind != OTHER && add_entry(b, kind, e->d_name) < 0)
            return lade_error_set(err, LADE_ENOMEM, "%s/%s: no memory for the names of its files", root_path, path);
    }
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Makes the sorted tables of images, directories and loops in one allocation. */
static int make_tables(struct block *b, struct lade__directory *out) {
    const char **table = lade_calloc(b->images + b->directories + b->loops + 1, sizeof *table);
    size_t images = 0, directories = b->images, loops = b->images + b->directories;

    if (!table)
        return LADE_ENOMEM;
    for (size_t at = 0; at < b->used; at += strlen(b->bytes + at) + 1) {
        size_t *next = b->bytes[at] == IMAGE ? &images : b->bytes[at] == LOOP ? &loops : &directories;
        table[(*next)++] = b->bytes + at + 1;
    }
    *out = (struct lade__directory){.images = table,
                                    .directories = table + b->images,
                                    .loops = table + b->images + b->directories,
                                    .image_count = b->images,
                                    .directory_count = b->directories,
                                    .loop_count = b->loops,
                                    .bytes = b->bytes};
    qsort(out->images, out->image_count, sizeof *table, by_bytes);
    qsort(out->directories, out->directory_count, sizeof *table, by_bytes);
    qsort(out->loops, out->loop_count, sizeof *table, by_bytes);
    return LADE_OK;
}

int lade__directory_read(struct lade__directory *out, int root, const char *path, bool links, const char *root_path,
                         struct lade_error *err) {
    struct block b = {0};
    int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    int status;

    *out = (struct lade__directory){0};
    if (!dir) {
        status = lade__directory_fail(err, errno, root_path, path);
        lade__close_fd(&fd);
        return status;
    }
    status = read_entries(dir, root, path, links, &b, root_path, err);
    closedir(dir);
    if (status == LADE_OK && make_tables(&b, out) < 0)
        status = lade_error_set(err, LADE_ENOMEM, "%s/%s: no memory to sort the names of its files", root_path, path);
    if (status < 0)
        lade_free(b.bytes);
    return status;
}

void lade__directory_release(struct lade__directory *directory) {
    lade_free(directory->images);
    lade_free(directory->bytes);
    *directory = (struct lade__directory){0};
}
