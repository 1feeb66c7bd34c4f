/*
 * Listing, and reading the header of each file: the lister packs files into parcels, threads open them, and what they
 * found is counted in the order of the listing. A parcel is used again and again, so memory does not grow with the
 * files.
 */
#include <stdlib.h>
#include <string.h>

#include <lade/iter.h>

#include "command/scan/image_header.h"
#include "command/scan/scan.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/text.h"

enum { FILES = 256 };

struct probed {
    char *path; /* with the directory in front; its room stays */
    size_t room;
    struct lade_image_info info;
    int64_t bytes;
    int status;
    char *cause; /* of a bad one; to be freed */
};

struct parcel {
    struct parcel *next; /* of those that nobody uses */
    int count;
    struct probed files[FILES];
};

/* By value through the threads. */
struct parcel_item {
    struct parcel *parcel;
};

struct listing {
    struct scan *scan;
    struct parcel *unused;
    struct parcel *all[4096]; /* that were ever made; two for each thread and two more are in use at most */
    int made;
};

/* ---- The lister, on the main thread ------------------------------------------------------------------------------ */

static struct parcel *take_parcel(struct listing *l) {
    struct parcel *p = l->unused;
    if (p)
        l->unused = p->next;
    else
        l->all[l->made++] = p = text_alloc(1, sizeof *p);
    p->count = 0;
    return p;
}

static void count_class(struct scan *s, const struct lade_scan_file *file) {
    while (s->class_count <= (size_t)file->class_index) {
        s->classes = scan_one_more(s->classes, s->class_count, sizeof *s->classes);
        s->classes[s->class_count++] = (struct class_count){text_printf("%s", file->class_name), 0};
    }
    s->classes[file->class_index].images++;
}

static void pack(struct parcel *p, const char *directory, const struct lade_scan_file *file) {
    struct probed *f = &p->files[p->count++];
    size_t need = strlen(directory) + strlen(file->directory) + strlen(file->name) + 3;
    if (need > f->room) {
        free(f->path);
        f->path = text_alloc(need + 32, 1);
        f->room = need + 32;
    }
    snprintf(f->path, f->room, "%s/%s/%s", directory, file->directory, file->name);
}

lade_generator_static(struct parcel_item, parcels, struct listing *, l) {
    struct lade_error err = {0};
    struct parcel *p = NULL;
    lade_for_each (file, lade_scan_files(l->scan->directory, &l->scan->files), &err) {
        p = p ? p : take_parcel(l);
        count_class(l->scan, &file);
        pack(p, l->scan->directory, &file);
        if (p->count < FILES)
            continue;
        lade_yield(((struct parcel_item){p}));
        p = NULL;
    }
    if (err.code)
        lade_fail_with(&err);
    if (p)
        lade_yield(((struct parcel_item){p}));
}

/* ---- The threads ------------------------------------------------------------------------------------------------- */

static void probe_parcel(const struct parcel_item *item, struct parcel_item *out) {
    for (int i = 0; i < item->parcel->count; i++) {
        struct probed *f = &item->parcel->files[i];
        struct lade_error err = {0};
        f->bytes = 0;
        f->status = probe_file(f->path, &f->info, &f->bytes, &err);
        f->cause = f->status < 0 ? text_printf("%s", err.message) : NULL;
    }
    *out = *item;
}

/* ---- The counts -------------------------------------------------------------------------------------------------- */

static void count_parcel(struct scan *s, const struct parcel *p) {
    size_t below = strlen(s->directory) + 1;
    for (int i = 0; i < p->count; i++) {
        const struct probed *f = &p->files[i];
        s->images++;
        s->bytes += f->bytes;
        s->formats[f->status < 0 ? LADE_FORMAT_UNKNOWN : f->info.format]++;
        if (f->status == LADE_OK)
            size_count_add(&s->sizes, f->info.height, f->info.width);
        else if (!s->check)
            scan_add_bad(s, f->path + below, f->cause);
    }
}

static void empty_parcel(struct parcel *p) {
    for (int i = 0; i < p->count; i++) {
        free(p->files[i].cause);
        p->files[i].cause = NULL;
    }
    p->count = 0;
}

static void free_parcel(struct parcel *p) {
    empty_parcel(p);
    for (int i = 0; i < FILES; i++)
        free(p->files[i].path);
    free(p);
}

bool scan_headers(struct scan *s) {
    struct listing l = {.scan = s};
    struct lade_error err = {0};
    progress_start("scan", 0, "files");
    lade_for_each (item, lade_parallel_map_to(struct parcel_item, probe_parcel, parcels(&l), (int)s->workers), &err) {
        count_parcel(s, item.parcel);
        empty_parcel(item.parcel);
        item.parcel->next = l.unused;
        l.unused = item.parcel;
        progress_show(s->images, NULL);
        if (stop_asked())
            break;
    }
    progress_end();
    for (int i = 0; i < l.made; i++)
        free_parcel(l.all[i]);
    if (err.code)
        out_error("%s", err.message);
    return !err.code && !stop_asked();
}
