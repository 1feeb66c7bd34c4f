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
#include "image/codec/codec.h"

/* An ignored entry has the kind IGNORED + enum lade_ignored. An entry that is GONE is in no list. */
enum kind { IMAGE, DIRECTORY, LOOP, GONE, IGNORED };

struct block {
    char *bytes;
    size_t used, size;
    size_t counts[IGNORED + 1]; /* number of entries of each kind; all ignored entries are counted as IGNORED */
};

/* The directory that is read. */
struct place {
    int fd, root;
    const char *path, *root_path;
    const struct lade__directory_rules *rules;
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

/* Returns the kind of a file without a suffix of an image format. Reads the first bytes of the file. A file that begins
   like an image but is damaged is an image, so that the error is reported when a worker reads the file. */
static int kind_of_content(int directory, const char *name) {
    lade_cleanup(lade__close_fd) int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    unsigned char head[4096];
    ssize_t n = -1;
    const struct lade__codec *codec;

    while (fd >= 0 && (n = read(fd, head, sizeof head)) < 0 && errno == EINTR)
        continue;
    if (n < 0)
        return errno == ENOENT ? GONE : IGNORED + LADE_IGNORED_UNREADABLE;
    if (n == 0)
        return IGNORED + LADE_IGNORED_EMPTY;
    return lade__codec_find(head, (size_t)n, &codec, NULL) < 0 ? IGNORED + LADE_IGNORED_CONTENT : IMAGE;
}

static int kind_of_file(const struct place *place, const char *name) {
    if (lade_format_from_path(name))
        return IMAGE;
    return place->rules->all_files ? kind_of_content(place->fd, name) : IGNORED + LADE_IGNORED_SUFFIX;
}

/* Returns the kind of a symbolic link, or -1 with errno set. */
static int kind_of_link(const struct place *place, const char *name) {
    struct stat s;

    if (fstatat(place->fd, name, &s, 0) < 0) {
        if (errno != ENOENT && errno != ELOOP && errno != ENOTDIR)
            return -1;
        /* A broken link is listed, so the error is reported when a worker reads the file. */
        return lade_format_from_path(name) ? IMAGE : IGNORED + LADE_IGNORED_SUFFIX;
    }
    if (S_ISREG(s.st_mode))
        return kind_of_file(place, name);
    if (!S_ISDIR(s.st_mode))
        return IGNORED + LADE_IGNORED_NOT_REGULAR;
    if (!place->rules->links)
        return IGNORED + LADE_IGNORED_LINK;
    return leads_back(place->root, place->path, &s) ? LOOP : DIRECTORY;
}

/* Returns the kind of an entry, or -1 with errno set. */
static int classify(const struct place *place, const struct dirent *e) {
    int type = e->d_type;
    struct stat s;

    if (e->d_name[0] == '.')
        return IGNORED + LADE_IGNORED_DOT;
    if (type == DT_UNKNOWN) {
        if (fstatat(place->fd, e->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0)
            return errno == ENOENT ? GONE : -1; /* ENOENT: the file was deleted after readdir() */
        type = IFTODT(s.st_mode);
    }
    if (type == DT_REG)
        return kind_of_file(place, e->d_name);
    if (type == DT_DIR)
        return DIRECTORY;
    return type == DT_LNK ? kind_of_link(place, e->d_name) : IGNORED + LADE_IGNORED_NOT_REGULAR;
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
    b->counts[kind < IGNORED ? kind : IGNORED]++;
    return LADE_OK;
}

static int read_entries(DIR *dir, const struct place *place, struct block *b, struct lade_error *err) {
    const struct lade_stop_callback *stop = place->rules->stop;

    for (;;) {
        if (stop && stop->call(stop->ctx))
            return lade_error_set_subject(err, LADE_ECANCELED, place->root_path, "the scan of %s was stopped",
                                          place->root_path);
        errno = 0;
        const struct dirent *e = readdir(dir);
        if (!e)
            return errno ? lade__directory_fail(err, errno, place->root_path, place->path) : LADE_OK;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        int kind = classify(place, e);
        if (kind < 0)
            return lade_error_from_errno(err, errno, place->path, "%s/%s/%s: the type of this entry cannot be read",
                                         place->root_path, place->path, e->d_name);
        bool listed = kind < GONE || (kind >= IGNORED && place->rules->ignored);
        if (listed && add_entry(b, kind, e->d_name) < 0)
            return lade_error_set(err, LADE_ENOMEM, "%s/%s: no memory for the names of its files", place->root_path,
                                  place->path);
    }
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Makes the sorted tables of images, directories, loops and ignored entries in one allocation. */
static int make_tables(struct block *b, struct lade__directory *out) {
    const size_t *counts = b->counts;
    const char **table =
        lade_calloc(counts[IMAGE] + counts[DIRECTORY] + counts[LOOP] + counts[IGNORED] + 1, sizeof *table);
    const char **next[IGNORED + 1] = {[IMAGE] = table};

    if (!table)
        return LADE_ENOMEM;
    for (int kind = IMAGE + 1; kind <= IGNORED; kind++)
        next[kind] = next[kind - 1] + counts[kind - 1];
    *out = (struct lade__directory){.images = next[IMAGE],
                                    .directories = next[DIRECTORY],
                                    .loops = next[LOOP],
                                    .ignored = next[IGNORED],
                                    .image_count = counts[IMAGE],
                                    .directory_count = counts[DIRECTORY],
                                    .loop_count = counts[LOOP],
                                    .ignored_count = counts[IGNORED],
                                    .bytes = b->bytes};
    for (size_t at = 0; at < b->used; at += 1 + strlen(b->bytes + at + 1) + 1) {
        int kind = b->bytes[at];
        *next[kind < IGNORED ? kind : IGNORED]++ = b->bytes + at + 1;
    }
    qsort(out->images, out->image_count, sizeof *table, by_bytes);
    qsort(out->directories, out->directory_count, sizeof *table, by_bytes);
    qsort(out->loops, out->loop_count, sizeof *table, by_bytes);
    qsort(out->ignored, out->ignored_count, sizeof *table, by_bytes);
    return LADE_OK;
}

struct lade_ignored_entry lade__directory_entry(const struct lade__directory *directory, size_t i, const char *path) {
    const char *name = directory->ignored[i];
    return (struct lade_ignored_entry){
        .reason = (enum lade_ignored)(name[-1] - IGNORED), .class_index = -1, .directory = path, .name = name};
}

int lade__directory_read(struct lade__directory *out, int root, const char *path,
                         const struct lade__directory_rules *rules, const char *root_path, struct lade_error *err) {
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
    struct place place = {fd, root, path, root_path, rules};
    status = read_entries(dir, &place, &b, err);
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
