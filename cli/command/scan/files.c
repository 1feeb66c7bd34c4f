/*
 * Lists the files and reads their headers. A generator on the main thread lists the files in blocks. Other threads read
 * the headers of a block. The main thread then counts the results in the order of the blocks. Blocks are reused, so
 * that memory does not grow with the number of files.
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

enum { FILES = 256 };

struct file_header {
    char *path;      /* path with the directory; the memory is reused */
    size_t capacity; /* size of the memory of `path`, in bytes */
    struct lade_image_info info;
    int64_t bytes;
    int status;
    char *cause; /* allocated error message if the file is invalid; or NULL */
};

struct file_block {
    struct file_block *next; /* the next block in the list of unused blocks */
    int count;
    struct file_header files[FILES];
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
    p->count = 0;
    return p;
}

static void count_class(struct scan *s, const struct lade_scan_file *file) {
    while (s->class_count <= (size_t)file->class_index) {
        s->classes = scan_grow(s->classes, s->class_count, sizeof *s->classes);
        s->classes[s->class_count++] = (struct class_count){text_printf("%s", file->class_name), 0};
    }
    s->classes[file->class_index].images++;
}

static void add_file(struct file_block *p, const char *directory, const struct lade_scan_file *file) {
    struct file_header *f = &p->files[p->count++];
    size_t need = strlen(directory) + strlen(file->directory) + strlen(file->name) + 3;
    if (need > f->capacity) {
        free(f->path);
        f->path = text_alloc(need + 32, 1);
        f->capacity = need + 32;
    }
    snprintf(f->path, f->capacity, "%s/%s/%s", directory, file->directory, file->name);
}

lade_generator_static(struct file_block_item, file_blocks, struct listing *, l) {
    struct lade_error err = {0};
    struct file_block *p = NULL;
    lade_for_each (file, lade_scan_files(l->scan->directory, &l->scan->files), &err) {
        p = p ? p : take_block(l);
        count_class(l->scan, &file);
        add_file(p, l->scan->directory, &file);
        if (p->count < FILES)
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
        struct file_header *f = &item->block->files[i];
        struct lade_error err = {0};
        f->bytes = 0;
        f->status = image_header_read(f->path, &f->info, &f->bytes, &err);
        f->cause = f->status < 0 ? text_printf("%s", err.message) : NULL;
    }
    *out = *item;
}

/* ---- The counts -------------------------------------------------------------------------------------------------- */

static void count_block(struct scan *s, const struct file_block *p) {
    size_t below = strlen(s->directory) + 1;
    for (int i = 0; i < p->count; i++) {
        const struct file_header *f = &p->files[i];
        s->images++;
        s->bytes += f->bytes;
        s->formats[f->status < 0 ? LADE_FORMAT_UNKNOWN : f->info.format]++;
        if (f->status == LADE_OK)
            size_count_add(&s->sizes, f->info.height, f->info.width);
        else if (!s->check)
            scan_add_invalid(s, f->path + below, f->cause);
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
    for (int i = 0; i < FILES; i++)
        free(p->files[i].path);
    free(p);
}

bool scan_headers(struct scan *s) {
    struct listing l = {.scan = s};
    struct lade_error err = {0};
    progress_start("scan", 0, "files");
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
    if (err.code)
        out_error("%s", err.message);
    return !err.code && !interrupted();
}
