/*
 * Provides a reader for the tests of struct lade_reader. Each sample is the same image. For the sample WRONG, a test
 * can give a function that returns other bytes or an error.
 */
#ifndef TESTS_READER_STORAGE_H
#define TESTS_READER_STORAGE_H

#include "support/flow_tree.h"

enum { SAMPLES = 12, WRONG = 5 }; /* SAMPLES: number of samples; WRONG: index of the sample for storage.wrong */

struct storage {
    /* Reads the sample WRONG. If the pointer is NULL, the sample WRONG is also `image`. */
    int64_t (*wrong)(lade_reader_buffer *buffer, struct lade_error *err);
    uint8_t image[4096]; /* a valid image file */
    int64_t size;
    int open_status;           /* the next call of open_storage() returns this status */
    int opened, closed, hints; /* numbers of calls of open_storage(), close_storage() and hint() */
};

/* ---- The reader -------------------------------------------------------------------------------------------------- */

static inline int64_t read_sample(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer,
                                  struct lade_error *err) {
    const struct storage *s = ctx;

    (void)worker;
    if (s->wrong && i == WRONG)
        return s->wrong(buffer, err);
    return lade_reader_lend(buffer, s->image, s->size, err) == LADE_OK ? s->size : err->code;
}

static inline int open_storage(void *ctx, int workers, struct lade_error *err) {
    struct storage *s = ctx;
    int status = s->open_status;

    (void)workers, (void)err;
    s->open_status = LADE_OK;
    s->opened++;
    return status;
}

static inline int label_of(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    (void)ctx, (void)err;
    label->class_name = i % 2 ? "odd" : "even";
    return LADE_OK;
}

static inline int64_t name_of(void *ctx, int64_t i, char *buffer, size_t size) {
    (void)ctx;
    return snprintf(buffer, size, "sample %lld", (long long)i);
}

static inline bool hint(void *ctx, int worker, int64_t i) {
    (void)worker, (void)i;
    return __atomic_add_fetch(&((struct storage *)ctx)->hints, 1, __ATOMIC_RELAXED) > 0;
}

static inline void close_storage(void *ctx) {
    ((struct storage *)ctx)->closed++;
}

/* Initialises @s with an image of 3 x 3 pixels. */
static inline void fill(struct storage *s) {
    *s = (struct storage){0};
    tree_image_sized("image.png", 7, 3, 3);
    FILE *f = fopen(tree_path("image.png"), "rb");
    s->size = (int64_t)fread(s->image, 1, sizeof s->image, f);
    fclose(f);
}

static inline struct lade_reader reader_of(struct storage *s) {
    return (struct lade_reader){.source = "storage",
                                .root = "disk",
                                .samples = SAMPLES,
                                .label = label_of,
                                .open = open_storage,
                                .read = read_sample,
                                .name = name_of,
                                .close = close_storage,
                                .ctx = s};
}

static const struct lade_flow_options small = {
    .target_size = {3, 3}, .batch_size = 4, .workers = 2, .order = LADE_ORDER_SORTED};

static inline lade_flow *open_flow(const struct lade_reader *r, const struct lade_flow_options *o) {
    struct lade_error err = {0};
    lade_flow *flow = lade_flow_from_reader(r, o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    return flow;
}

#endif
