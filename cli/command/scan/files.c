/*
 * Lists the files and reads their headers or, with --check, their whole content. A generator on the main thread lists
 * the files in blocks. Other threads read the files of a block. The main thread then counts the results in the order of
 * the blocks. Blocks are reused, so that memory does not grow with the number of files. Each file is read only once, so
 * that it has only one result.
 */
#include <stdlib.h>
#include <string.h>

#include <lade/iter.h>

#include "command/scan/image_file.h"
#include "command/scan/scan.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/text.h"

enum {
    HEADERS = 256, /* number of files in a block of headers */
    CHECKS = 8     /* number of files in a block of checks, which take more time */
};

struct file_result {
    char *path;      /* path with the directory; the memory is reused */
    size_t capacity; /* size of the memory of `path`, in bytes */
    enum file_state state;
    bool has_info;
    struct lade_image_info info;
    int64_t bytes;
    char *cause; /* allocated message if the state is not FILE_OK; or NULL */
};

struct file_block {
    struct file_block *next; /* the next block in the list of unused blocks */
    bool check;
    int count;
    struct file_result files[HEADERS];
};

/* An item of the generators below. The struct is passed by value. */
struct file_block_item {
    struct file_block *block;
};

struct listing {
    struct scan *scan;
    struct file_block *unused;
    struct file_block *all[4096]; /* all blocks; at most 2 * threads + 2 blocks exist */
    int count;
};

/* ---- The list of files, on the main thread ----------------------------------------------------------------------- */

static struct file_block *take_block(struct listing *l) {
    struct file_block *p = l->unused;
    if (p)
        l->unused = p->next;
    else
        l->all[l->count++] = p = text_alloc(1, sizeof *p);
    p->check = l->scan->check;
    p->count = 0;
    return p;
}

/* Adds the class with the index @class_index, if it is new. @path is the name of the class, or a path in its folder. */
static void add_class(struct scan *s, int class_index, const char *path) {
    if (s->class_count != (size_t)class_index)
        return;
    s->classes = scan_grow(s->classes, s->class_count, sizeof *s->classes);
    s->classes[s->class_count++] = (struct class_count){text_printf("%.*s", (int)strcspn(path, "/"), path), 0};
}

static void add_problem(void *ctx, const struct lade_scan_problem *problem) {
    struct scan *s = ctx;
    add_class(s, problem->class_index, problem->path);
    scan_add(&s->problems, problem->path, problem->cause);
    s->unread_folders += problem->status != LADE_ENOENT && problem->status != LADE_EINVAL;
}

static void count_ignored(void *ctx, const struct lade_ignored_entry *entry) {
    ignored_add(ctx, entry);
}

static void add_file(struct file_block *p, const char *directory, const struct lade_scan_file *file) {
    struct file_result *f = &p->files[p->count++];
    const char *join = *file->directory ? "/" : "";
    size_t need = strlen(directory) + strlen(file->directory) + strlen(file->name) + 3;
    if (need > f->capacity) {
        free(f->path);
        f->path = text_alloc(need + 32, 1);
        f->capacity = need + 32;
    }
    snprintf(f->path, f->capacity, "%s/%s%s%s", directory, file->directory, join, file->name);
}

lade_generator_static(struct file_block_item, file_blocks, struct listing *, l) {
    struct lade_error err = {0};
    struct file_block *p = NULL;
    struct scan *s = l->scan;
    struct lade_scan_options options = s->files;
    options.on_problem = add_problem;
    options.problem_ctx = s;
    options.ignored = (struct lade_ignored_callback){count_ignored, &s->ignored};
    lade_for_each (file, lade_scan_files(s->directory, &options), &err) {
        p = p ? p : take_block(l);
        add_class(s, file.class_index, file.class_name);
        s->classes[file.class_index].images++;
        add_file(p, s->directory, &file);
        if (p->count < (s->check ? CHECKS : HEADERS))
            continue;
        lade_yield(((struct file_block_item){p}));
        p = NULL;
    }
    if (err.code)
        lade_fail_with(&err);
    if (p)
        lade_yield(((struct file_block_item){p}));
}

/* ---- The threads ------------------------------------------------------------------------------------------------- */

static void read_block(const struct file_block_item *item, struct file_block_item *out) {
    for (int i = 0; i < item->block->count; i++) {
        struct file_result *f = &item->block->files[i];
        struct image_file file;
        f->state = item->block->check ? image_file_check(f->path, &file) : image_file_header(f->path, &file);
        f->has_info = file.has_info;
        f->info = file.info;
        f->bytes = file.bytes;
        f->cause = f->state == FILE_OK ? NULL : text_printf("%s: %s", f->path, file.error.message);
    }
    *out = *item;
}

/* ---- The counts -------------------------------------------------------------------------------------------------- */

static void count_block(struct scan *s, const struct file_block *p) {
    size_t below = strlen(s->directory) + 1;
    for (int i = 0; i < p->count; i++) {
        const struct file_result *f = &p->files[i];
        s->images++;
        s->bytes += f->bytes;
        s->formats[f->has_info ? f->info.format : LADE_FORMAT_UNKNOWN]++;
        s->counts[f->state]++;
        s->grey16 += f->has_info && f->info.channels <= 2 && f->info.bits == 16;
        if (f->has_info)
            size_count_add(&s->sizes, f->info.height, f->info.width);
        if (f->state != FILE_OK)
            scan_add(&s->lists[f->state], f->path + below, f->cause);
    }
}

static void empty_block(struct file_block *p) {
    for (int i = 0; i < p->count; i++) {
        free(p->files[i].cause);
        p->files[i].cause = NULL;
    }
    p->count = 0;
}

static void free_block(struct file_block *p) {
    empty_block(p);
    for (int i = 0; i < HEADERS; i++)
        free(p->files[i].path);
    free(p);
}

/* Returns the number of files, for the progress line of a check. Returns 0 if the files cannot be listed. */
static int64_t count_files(const struct scan *s) {
    struct scan unused = {0};
    struct lade_scan_options options = s->files;
    struct lade_error err = {0};
    int64_t count = 0;
    options.on_problem = add_problem;
    options.problem_ctx = &unused;
    lade_for_each (file, lade_scan_files(s->directory, &options), &err)
        count++;
    scan_release(&unused);
    return err.code ? 0 : count;
}

bool scan_files(struct scan *s) {
    struct listing l = {.scan = s};
    struct lade_error err = {0};
    progress_start(s->check ? "check" : "scan", s->check ? count_files(s) : 0, "files");
    lade_for_each (item, lade_parallel_map_to(struct file_block_item, read_block, file_blocks(&l), (int)s->workers),
                   &err) {
        count_block(s, item.block);
        empty_block(item.block);
        item.block->next = l.unused;
        l.unused = item.block;
        progress_show(s->images, NULL);
        if (interrupted())
            break;
    }
    progress_end();
    for (int i = 0; i < l.count; i++)
        free_block(l.all[i]);
    image_file_release();
    if (err.code)
        out_error("%s", err.message);
    return !err.code && !interrupted();
}
