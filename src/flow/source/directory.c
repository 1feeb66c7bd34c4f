/*
 * Reading one folder. The file system tells the type of an entry along with its name, so that a scan of a million files
 * makes no call per file; only links, and entries of file systems that keep the type to themselves, are looked at.
 *
 * Names go into one block, each behind a byte that says what it is; the sorted tables of pointers are made at the end,
 * when the block moves no more.
 */
#define _GNU_SOURCE /* DT_*, O_CLOEXEC and the like, under any -std */
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

enum kind { OTHER = 'o', IMAGE = 'i', FOLDER = 'f' };

struct block {
    char *bytes;
    size_t used, size;
    size_t images, folders;
};

struct lade__suffix_list lade__image_suffixes(void) {
    struct lade__suffix_list list = {""};
    size_t used = 0;
    for (int f = LADE_FORMAT_UNKNOWN + 1; f < LADE_FORMAT_COUNT; f++)
        for (const char *const *s = lade_format_info((enum lade_format)f)->suffixes; *s; s++)
            used += (size_t)snprintf(list.text + used, sizeof list.text - used, "%s.%s", used ? ", " : "", *s);
    return list;
}

int lade__folder_fail(struct lade_error *err, int errno_value, const char *directory, const char *path) {
    const char *slash = strcmp(path, ".") == 0 ? "" : "/", *name = *slash ? path : "";

    if (errno_value == ENOENT)
        return lade_error_set(err, LADE_ENOENT, "%s%s%s does not exist: give a directory that holds a folder per class",
                              directory, slash, name);
    if (errno_value == ENOTDIR)
        return lade_error_set(err, LADE_EINVAL, "%s%s%s is not a directory: give one that holds a folder per class",
                              directory, slash, name);
    if (errno_value == EMFILE || errno_value == ENFILE)
        return lade_error_from_errno(err, errno_value, directory,
                                     "%s%s%s cannot be opened: close files or raise the limit (ulimit -n)", directory,
                                     slash, name);
    if (errno_value == EACCES)
        return lade_error_set(err, LADE_EACCES,
                              "%s%s%s cannot be read: permission denied; give this user the right to "
                              "read and enter it",
                              directory, slash, name);
    return lade_error_from_errno(err, errno_value, directory, "%s%s%s cannot be read as a directory", directory, slash,
                                 name);
}

/*
 * A link to a folder above it would be walked round and round. @parent is the open folder of the link; comparing with
 * each prefix of its path is enough, for a loop can only close at a link.
 */
static bool leads_back(int root, const char *path, const struct stat *target) {
    struct stat s;
    char prefix[4096];
    size_t n = strlen(path);

    if (n >= sizeof prefix)
        return true; /* no such path can be opened, so nothing below it either */
    memcpy(prefix, path, n + 1);
    for (;;) {
        if (fstatat(root, prefix, &s, 0) == 0 && s.st_dev == target->st_dev && s.st_ino == target->st_ino)
            return true;
        char *slash = strrchr(prefix, '/');
        if (slash)
            *slash = 0;
        else if (strcmp(prefix, ".") != 0)
            strcpy(prefix, ".");
        else
            return false;
    }
}

/* What an entry is: a kind, or -1 with errno set. */
static int classify(int fd, int root, const char *path, const struct dirent *e, bool links) {
    int by_name = lade_format_from_path(e->d_name) ? IMAGE : OTHER;
    int type = e->d_type;
    struct stat s;

    if (type == DT_UNKNOWN) {
        if (fstatat(fd, e->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0)
            return errno == ENOENT ? OTHER : -1; /* gone since it was listed */
        type = IFTODT(s.st_mode);
    }
    if (type == DT_REG)
        return by_name;
    if (type == DT_DIR)
        return FOLDER;
    if (type != DT_LNK)
        return OTHER;
    if (fstatat(fd, e->d_name, &s, 0) < 0) {
        if (errno == ENOENT || errno == ELOOP || errno == ENOTDIR)
            return by_name; /* it leads nowhere: listed, so that reading it tells of it */
        return -1;
    }
    if (S_ISREG(s.st_mode))
        return by_name;
    return S_ISDIR(s.st_mode) && links && !leads_back(root, path, &s) ? FOLDER : OTHER;
}

static int add(struct block *b, int kind, const char *name) {
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
    *(kind == IMAGE ? &b->images : &b->folders) += 1;
    return LADE_OK;
}

static int read_entries(DIR *dir, int root, const char *path, bool links, struct block *b, const char *directory,
                        struct lade_error *err) {
    for (;;) {
        errno = 0;
        const struct dirent *e = readdir(dir);
        if (!e)
            return errno ? lade__folder_fail(err, errno, directory, path) : LADE_OK;
        if (e->d_name[0] == '.')
            continue;
        int kind = classify(dirfd(dir), root, path, e, links);
        if (kind < 0)
            return lade_error_from_errno(err, errno, directory, "%s/%s/%s cannot be looked at", directory, path,
                                         e->d_name);
        if (kind != OTHER && add(b, kind, e->d_name) < 0)
            return lade_error_set(err, LADE_ENOMEM, "%s/%s: no memory for the names of its files", directory, path);
    }
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Turns the block into the two sorted tables, one allocation for both. */
static int tables(struct block *b, struct lade__folder *out) {
    const char **table = lade_calloc(b->images + b->folders + 1, sizeof *table);
    size_t images = 0, folders = b->images;

    if (!table)
        return LADE_ENOMEM;
    for (size_t at = 0; at < b->used; at += strlen(b->bytes + at) + 1)
        table[b->bytes[at] == IMAGE ? images++ : folders++] = b->bytes + at + 1;
    *out = (struct lade__folder){table, table + b->images, b->images, b->folders, b->bytes};
    qsort(out->images, out->image_count, sizeof *table, by_bytes);
    qsort(out->folders, out->folder_count, sizeof *table, by_bytes);
    return LADE_OK;
}

int lade__folder_read(struct lade__folder *out, int root, const char *path, bool links, const char *directory,
                      struct lade_error *err) {
    struct block b = {0};
    int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    int status;

    *out = (struct lade__folder){0};
    if (!dir) {
        status = lade__folder_fail(err, errno, directory, path);
        lade__close_fd(&fd);
        return status;
    }
    status = read_entries(dir, root, path, links, &b, directory, err);
    closedir(dir);
    if (status == LADE_OK && tables(&b, out) < 0)
        status = lade_error_set(err, LADE_ENOMEM, "%s/%s: no memory to sort the names of its files", directory, path);
    if (status < 0)
        lade_free(b.bytes);
    return status;
}

void lade__folder_release(struct lade__folder *folder) {
    lade_free(folder->images);
    lade_free(folder->bytes);
    *folder = (struct lade__folder){0};
}
