/*
 * Implements lines, sized_lines and dir as ordinary generator functions. Variables with a cleanup attribute close the
 * file or the directory.
 */
#define _GNU_SOURCE /* DT_DIR and others */
#include <lade/iter.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void close_input(FILE **f) {
    if (*f && *f != stdin)
        fclose(*f);
}

/* Reads the lines of a file. getline() allocates `line` with malloc() and stores the size of this memory in `room`. */
struct reader {
    FILE *f;
    char *line;
    size_t room;
    const char *name; /* the name of the file or stream in messages */
};

static void free_reader(struct reader *r) {
    free(r->line);
}

static FILE *open_input(const char *path, struct lade_error *err) {
    FILE *f = path[0] == '-' && !path[1] ? stdin : fopen(path, "re");
    if (!f)
        lade_error_from_errno(err, errno, path, "cannot open %s", path);
    return f;
}

/* Reads a line without its line feed. Returns false at the end of the file. On error, fills *err and returns false. */
static bool read_line(struct reader *r, struct lade_line *line, struct lade_error *err) {
    ssize_t n = getline(&r->line, &r->room, r->f);
    if (n < 0) {
        if (ferror(r->f) || !feof(r->f))
            lade_error_from_errno(err, errno, r->name, "cannot read %s", r->name);
        return false;
    }
    if (n && r->line[n - 1] == '\n')
        r->line[--n] = '\0';
    *line = (struct lade_line){r->line, (size_t)n};
    return true;
}

/* Does the same as read_line(), but returns the line as a string. A line with a NUL byte is an error, because the
   string would end at this byte. */
static bool read_string(struct reader *r, const char **text, struct lade_error *err) {
    struct lade_line line;
    if (!read_line(r, &line, err))
        return false;
    if (strlen(line.text) != line.length) {
        lade_error_set_subject(err, LADE_EINVAL, r->name,
                               "%s: a line contains a NUL byte; read the file with lade_sized_lines()", r->name);
        return false;
    }
    *text = line.text;
    return true;
}

lade_generator(const char *, lade_lines_of, FILE *, f)
{
    struct lade_error err = {0};
    lade_cleanup(free_reader) struct reader reader = {.f = f, .name = "the stream"};
    for (const char *text; read_string(&reader, &text, &err);)
        lade_yield(text);
    if (err.code)
        lade_fail_with(&err);
}

lade_generator(const char *, lade_lines, const char *, path)
{
    struct lade_error err = {0};
    lade_cleanup(close_input) FILE *f = open_input(path, &err);
    lade_cleanup(free_reader) struct reader reader = {.f = f, .name = path};
    for (const char *text; f && read_string(&reader, &text, &err);)
        lade_yield(text);
    if (err.code)
        lade_fail_with(&err);
}

lade_generator(struct lade_line, lade_sized_lines_of, FILE *, f)
{
    struct lade_error err = {0};
    lade_cleanup(free_reader) struct reader reader = {.f = f, .name = "the stream"};
    for (struct lade_line line; read_line(&reader, &line, &err);)
        lade_yield(line);
    if (err.code)
        lade_fail_with(&err);
}

lade_generator(struct lade_line, lade_sized_lines, const char *, path)
{
    struct lade_error err = {0};
    lade_cleanup(close_input) FILE *f = open_input(path, &err);
    lade_cleanup(free_reader) struct reader reader = {.f = f, .name = path};
    for (struct lade_line line; f && read_line(&reader, &line, &err);)
        lade_yield(line);
    if (err.code)
        lade_fail_with(&err);
}

static void close_dir(DIR **dir) {
    if (*dir)
        closedir(*dir);
}

/* Returns the type of an entry. Calls fstatat() if the file system does not store the type in the directory. */
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
