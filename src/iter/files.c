/*
 * Implements lines and dir. Both are ordinary generator functions, whose cleanup attributes close the file or the
 * directory.
 */
#define _GNU_SOURCE /* DT_DIR and others */
#include <lade/iter.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

static void free_line(char **line) {
    free(*line); /* getline() allocated it with malloc() */
}

static void close_input(FILE **f) {
    if (*f && *f != stdin)
        fclose(*f);
}

lade_generator(const char *, lade_lines, const char *, path)
{
    const bool is_stdin = path[0] == '-' && !path[1];
    struct lade_error err = {0};
    lade_cleanup(close_input) FILE *f = is_stdin ? stdin : fopen(path, "re");
    if (!f) {
        lade_error_from_errno(&err, errno, path, "cannot open %s", path);
        lade_fail_with(&err);
    }
    lade_cleanup(free_line) char *line = NULL;
    size_t room = 0;
    for (ssize_t n; (n = getline(&line, &room, f)) >= 0;) {
        if (n && line[n - 1] == '\n')
            line[n - 1] = '\0';
        lade_yield(line);
    }
    if (ferror(f) || !feof(f)) {
        lade_error_from_errno(&err, errno, path, "cannot read %s", path);
        lade_fail_with(&err);
    }
}

static void close_dir(DIR **dir) {
    if (*dir)
        closedir(*dir);
}

/* Calls fstatat() if the file system does not store the type of an entry in the directory. */
static unsigned char type_of(DIR *dir, const struct dirent *entry) {
    struct stat st;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type;
    if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
        return DT_UNKNOWN;
    return S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : S_ISLNK(st.st_mode) ? DT_LNK : DT_UNKNOWN;
}

lade_generator(struct lade_dir_entry, lade_dir, const char *, path)
{
    struct lade_error err = {0};
    lade_cleanup(close_dir) DIR *dir = opendir(path);
    if (!dir) {
        lade_error_from_errno(&err, errno, path, "cannot open the directory %s", path);
        lade_fail_with(&err);
    }
    for (const struct dirent *entry; errno = 0, (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])))
            continue;
        unsigned char type = type_of(dir, entry);
        lade_yield((struct lade_dir_entry){name, type == DT_DIR, type == DT_REG, type == DT_LNK});
    }
    if (errno) {
        lade_error_from_errno(&err, errno, path, "cannot read the directory %s", path);
        lade_fail_with(&err);
    }
}
