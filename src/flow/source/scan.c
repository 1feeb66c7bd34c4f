/*
 * Stores the files that a scan found. Ten million files must fit in a few hundred megabytes. Therefore each file needs
 * only 8 bytes and its name without the directory, and the path of each directory is stored once. Tables grow by a
 * quarter of their size, not to twice their size, so that little memory is unused.
 */
#include "flow/source/scan.h"

#include <string.h>
#include <xxhash.h>

#include "flow/source/walk.h"

/* ---- Growing tables ---------------------------------------------------------------------------------------------- */

/* Returns @table with memory for at least @need elements of @size bytes and updates *capacity, or returns NULL. */
static void *grow(void *table, uint64_t need, uint64_t *capacity, size_t size) {
    uint64_t more = *capacity + *capacity / 4 + 64;
    void *p;

    if (more < need)
        more = need;
    p = lade_realloc(table, more, size);
    if (p)
        *capacity = more;
    return p;
}

static int reserve_bytes(lade_scan *s, size_t n) {
    uint64_t capacity = s->arena_capacity;
    char *p = s->arena;

    if (s->arena_capacity - s->arena_used >= n)
        return LADE_OK;
    p = grow(p, s->arena_used + n, &capacity, 1);
    if (!p)
        return LADE_ENOMEM;
    s->arena = p;
    s->arena_capacity = capacity;
    return LADE_OK;
}

static int add_class(lade_scan *s, const char *name) {
    if (s->class_count == s->class_capacity) {
        uint64_t capacity = (uint64_t)s->class_capacity;
        struct lade__class *p = grow(s->classes, 0, &capacity, sizeof *p);
        if (!p)
            return LADE_ENOMEM;
        s->classes = p;
        s->class_capacity = (int)capacity;
    }
    struct lade__class *c = &s->classes[s->class_count];
    *c = (struct lade__class){.name = lade_strdup(name), .first = s->count};
    if (!c->name)
        return LADE_ENOMEM;
    s->class_count++;
    return LADE_OK;
}

static int add_directory(lade_scan *s, const char *path, int class_index) {
    size_t n = strlen(path) + 1;

    if (s->directory_count == s->directory_capacity) {
        uint64_t capacity = s->directory_capacity;
        struct lade__scan_directory *p = grow(s->directories, 0, &capacity, sizeof *p);
        if (!p)
            return LADE_ENOMEM;
        s->directories = p;
        s->directory_capacity = (uint32_t)capacity;
    }
    if (reserve_bytes(s, n) < 0)
        return LADE_ENOMEM;
    s->directories[s->directory_count++] = (struct lade__scan_directory){s->arena_used, class_index};
    memcpy(s->arena + s->arena_used, path, n);
    s->arena_used += n;
    return LADE_OK;
}

static int add_file(lade_scan *s, const char *name) {
    size_t n = strlen(name) + 1;

    if (s->count == s->capacity) {
        uint64_t capacity = (uint64_t)s->capacity;
        struct lade__file *p = grow(s->files, 0, &capacity, sizeof *p);
        if (!p)
            return LADE_ENOMEM;
        s->files = p;
        s->capacity = (int64_t)capacity;
    }
    if (reserve_bytes(s, n) < 0)
        return LADE_ENOMEM;
    uint64_t offset = s->arena_used - s->directories[s->directory_count - 1].path;
    if (offset > UINT32_MAX)
        return LADE_ELIMIT;
    s->files[s->count++] = (struct lade__file){s->directory_count - 1, (uint32_t)offset};
    memcpy(s->arena + s->arena_used, name, n);
    s->arena_used += n;
    return LADE_OK;
}

/* ---- Collecting -------------------------------------------------------------------------------------------------- */

static void finish_class(lade_scan *s, const XXH3_state_t *state) {
    if (!s->class_count)
        return;
    struct lade__class *c = &s->classes[s->class_count - 1];
    XXH128_hash_t h = XXH3_128bits_digest(state);
    c->names = (struct lade_digest){h.low64, h.high64};
    c->count = s->count - c->first;
}

/* The state of a scan while the generator lists the files. */
struct collection {
    lade_scan *scan;
    XXH3_state_t *hash; /* the hash of the current class */
    int status;         /* LADE_ENOMEM if there was no memory for a class */
};

static void begin_class(void *ctx, const char *name) {
    struct collection *c = ctx;
    finish_class(c->scan, c->hash);
    XXH3_128bits_reset(c->hash);
    if (c->status == LADE_OK)
        c->status = add_class(c->scan, name);
}

static int add(struct collection *collection, const struct lade_scan_file *f) {
    lade_scan *s = collection->scan;
    XXH3_state_t *state = collection->hash;
    int status = collection->status;

    if (status == LADE_OK &&
        (!s->directory_count || strcmp(s->arena + s->directories[s->directory_count - 1].path, f->directory) != 0)) {
        status = add_directory(s, f->directory, f->class_index);
        XXH3_128bits_update(state, f->directory, strlen(f->directory) + 1);
    }
    if (status == LADE_OK)
        status = add_file(s, f->name);
    XXH3_128bits_update(state, f->name, strlen(f->name) + 1);
    return status;
}

static int no_memory(const lade_scan *s, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "%s: no memory for the names of %lld files", s->root, (long long)s->count);
}

static void free_state(XXH3_state_t **state) {
    XXH3_freeState(*state);
}

static int collect(lade_scan *s, const struct lade_scan_options *options, struct lade_error *err) {
    lade_cleanup(free_state) XXH3_state_t *state = XXH3_createState();
    struct collection collection = {.scan = s, .hash = state};
    struct lade__class_callback callback = {begin_class, &collection};
    struct lade_error failed = {0};

    if (!state)
        return no_memory(s, err);
    lade_for_each (f, lade__scan_files(s->root, options, &callback), &failed) {
        int status = add(&collection, &f);
        if (status == LADE_ELIMIT)
            return lade_error_set_subject(err, status, f.directory,
                                          "%s/%s: the names of the files in this directory need more than 4 GiB",
                                          s->root, f.directory);
        if (status < 0)
            return no_memory(s, err);
    }
    if (failed.code)
        return lade_error_set_subject(err, failed.code, failed.subject, "%s", failed.message);
    if (collection.status < 0)
        return no_memory(s, err);
    finish_class(s, state);
    return LADE_OK;
}

/* Releases unused memory. If a reallocation fails, the table keeps its size. */
static void shrink(lade_scan *s) {
    char *arena = lade_realloc(s->arena, s->arena_used, 1);
    struct lade__file *files = lade_realloc(s->files, (size_t)s->count, sizeof *files);

    s->arena = arena ? arena : s->arena;
    s->files = files ? files : s->files;
}

lade_scan *lade__scan_new(const char *root) {
    lade_scan *s = lade_calloc(1, sizeof *s);

    if (s)
        s->root = lade_strdup(root);
    if (s && s->root)
        return s;
    lade_free(s);
    return NULL;
}

lade_scan *lade_scan_directory(const char *directory, const struct lade_scan_options *options, struct lade_error *err) {
    lade_scan *s = lade__scan_new(directory);

    if (!s) {
        lade_error_set(err, LADE_ENOMEM, "%s: no memory to scan this directory", directory);
    } else if (collect(s, options, err) == LADE_OK) {
        shrink(s);
        return s;
    }
    lade_scan_free(s);
    return NULL;
}

/* ---- Appending paths --------------------------------------------------------------------------------------------- */

int lade__scan_append(lade_scan *s, const char *directory, const char *name) {
    bool same = s->directory_count && strcmp(s->arena + s->directories[s->directory_count - 1].path, directory) == 0;
    int status = same ? add_file(s, name) : LADE_ELIMIT;

    if (status == LADE_ELIMIT) { /* a new directory, or the names of the last directory need more than 4 GiB */
        status = add_directory(s, directory, -1);
        if (status == LADE_OK)
            status = add_file(s, name);
    }
    return status < 0 ? LADE_ENOMEM : LADE_OK;
}

void lade_scan_free(lade_scan *scan) {
    if (!scan)
        return;
    for (int c = 0; c < scan->class_count; c++)
        lade_free(scan->classes[c].name);
    lade_free(scan->classes);
    lade_free(scan->directories);
    lade_free(scan->files);
    lade_free(scan->arena);
    lade_free(scan->root);
    lade_free(scan);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

int64_t lade_scan_count(const lade_scan *scan) {
    return scan->count;
}

int lade_scan_classes(const lade_scan *scan) {
    return scan->class_count;
}

const char *lade_scan_class_name(const lade_scan *scan, int c) {
    return c >= 0 && c < scan->class_count ? scan->classes[c].name : NULL;
}

int64_t lade_scan_class_count(const lade_scan *scan, int c) {
    return c >= 0 && c < scan->class_count ? scan->classes[c].count : 0;
}

int lade_scan_class_of(const lade_scan *scan, int64_t i) {
    return i >= 0 && i < scan->count ? scan->directories[scan->files[i].directory].class_index : -1;
}

int64_t lade_scan_path(const lade_scan *scan, int64_t i, char *buffer, size_t size) {
    if (i < 0 || i >= scan->count)
        return LADE_EINVAL;
    const struct lade__file *f = &scan->files[i];
    const char *directory = scan->arena + scan->directories[f->directory].path;
    return snprintf(buffer, size, "%s%s%s", directory, *directory ? "/" : "", directory + f->name);
}
