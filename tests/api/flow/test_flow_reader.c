/*
 * Tests of flows that read their samples through a struct lade_reader. The reader of this test reads the samples of the
 * class folders, of the CSV file, or of the arrays of flow_settings.h. For all options, the batches must be the same as
 * without the reader.
 */
#define _GNU_SOURCE /* nftw */
#include "support/flow_settings.h"

struct entry {
    char name[32], class[16];
    float a, b, weight;
};

/* The samples of one source, which the reader below reads. */
struct store {
    enum source source;
    bool classes; /* true: the samples have classes */
    struct entry entries[40];
    int64_t count;
    int opened, closed;
    int busy[64]; /* busy[i] is 1 while worker i reads a sample; atomic */
};

static void add_entry(struct store *s, const char *name, const char *class, int a, int b, float weight) {
    struct entry *e = &s->entries[s->count++];

    *e = (struct entry){.a = (float)a, .b = (float)b, .weight = weight};
    snprintf(e->name, sizeof e->name, "%s", name);
    snprintf(e->class, sizeof e->class, "%s", class);
}

static void fill_store(struct store *s, enum source source, enum lade_class_mode mode) {
    *s = (struct store){.source = source};
    bool labels = mode != LADE_CLASS_NONE && mode != LADE_CLASS_INPUT && mode != LADE_CLASS_RAW;
    s->classes = source == FOLDERS || (source == ARRAY && mode != LADE_CLASS_RAW) || labels;
    if (source == FOLDERS) {
        lade_scan *scan = lade_scan_directory(tree_root, NULL, NULL);
        for (int64_t i = 0; i < lade_scan_count(scan); i++) {
            char path[32];
            lade_scan_path(scan, i, path, sizeof path);
            add_entry(s, path, lade_scan_class_name(scan, lade_scan_class_of(scan, i)), 0, 0, 1);
        }
        lade_scan_free(scan);
    } else if (source == LIST) {
        FILE *f = fopen(tree_path("list.csv"), "r");
        char line[128], name[32], class[16];
        int a, b, weight;
        while (fgets(line, sizeof line, f))
            if (sscanf(line, "%31[^,],%15[^,],%d,%d,%d", name, class, &a, &b, &weight) == 5)
                add_entry(s, name, class, a, b, (float)weight);
        fclose(f);
    } else {
        for (int i = 0; i < 29; i++) {
            char class[16];
            snprintf(class, sizeof class, "%d", i * i % 3);
            add_entry(s, "", class, 0, i * i % 3, (float)i);
        }
    }
}

/* ---- The reader -------------------------------------------------------------------------------------------------- */

static int open_store(void *ctx, int workers, struct lade_error *err) {
    (void)err;
    ((struct store *)ctx)->opened++;
    ck_assert(workers >= 1 && workers <= 64);
    return LADE_OK;
}

static int label_of(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    const struct store *s = ctx;
    const struct entry *e = &s->entries[i];

    (void)err;
    label->class_name = s->classes ? e->class : NULL;
    label->weight = e->weight;
    if (label->values) {
        label->values[0] = e->b;
        if (s->source == LIST)
            label->values[1] = e->a;
    }
    return LADE_OK;
}

static void enter(struct store *s, int worker) {
    ck_assert_msg(s->opened == 1 && !s->closed, "the reader is not open");
    ck_assert_msg(__atomic_exchange_n(&s->busy[worker], 1, __ATOMIC_ACQUIRE) == 0,
                  "two calls for one worker at the same time");
}

static void leave(struct store *s, int worker) {
    __atomic_store_n(&s->busy[worker], 0, __ATOMIC_RELEASE);
}

/* Reads a file in steps of 100 bytes, like a reader that does not know the size in advance. */
static int64_t read_steps(const char *path, lade_reader_buffer *buffer, struct lade_error *err) {
    lade_cleanup(lade_fclose) FILE *f = fopen(path, "rb");
    int64_t size = 0, n = 100;

    if (!f)
        return lade_error_set(err, LADE_ENOENT, "no such file");
    while (n == 100) {
        char *bytes = lade_reader_reserve(buffer, size + 100, err);
        if (!bytes)
            return err->code;
        n = (int64_t)fread(bytes + size, 1, 100, f);
        size += n;
    }
    return lade_reader_reserve(buffer, size, err) ? size : err->code;
}

static int64_t read_sample(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
    struct store *s = ctx;
    char path[400];
    int64_t n;

    enter(s, worker);
    if (s->source == ARRAY) {
        n = lade_reader_lend(buffer, (uint8_t *)lade_tensor_data(x) + i * 90, 90, err) == LADE_OK ? 90 : err->code;
    } else {
        snprintf(path, sizeof path, "%s/%s", tree_root, s->entries[i].name);
        n = read_steps(path, buffer, err);
    }
    leave(s, worker);
    return n;
}

static bool hint(void *ctx, int worker, int64_t i) {
    struct store *s = ctx;

    enter(s, worker);
    ck_assert(i >= 0 && i < s->count);
    leave(s, worker);
    return true;
}

static int64_t name_of(void *ctx, int64_t i, char *buffer, size_t size) {
    return snprintf(buffer, size, "%s", ((struct store *)ctx)->entries[i].name);
}

static void close_store(void *ctx) {
    ((struct store *)ctx)->closed++;
}

static lade_flow *open_reader(struct store *s, const struct lade_flow_options *options, struct lade_error *err) {
    struct lade_flow_options o = *options;
    struct lade_reader r = {.source = "store",
                            .samples = s->count,
                            .label = label_of,
                            .weighted = s->source != FOLDERS,
                            .columns = o.class_mode != LADE_CLASS_RAW ? 0
                                       : s->source == LIST            ? 2
                                                                      : 1,
                            .open = open_store,
                            .read = read_sample,
                            .ahead = hint,
                            .name = s->source == ARRAY ? NULL : name_of,
                            .close = close_store,
                            .ctx = s};

    if (s->source == ARRAY) {
        r.shape[0] = 5, r.shape[1] = 6, r.shape[2] = 3;
        r.dtype = LADE_UINT8;
        for_arrays(&o);
    }
    return lade_flow_from_reader(&r, &o, err);
}

/* ---- Tests ------------------------------------------------------------------------------------------------------- */

static lade_flow *open_store_with(struct store *s, struct setting *setting, int workers, int rank, int world) {
    struct lade_flow_options o = setting->options;
    struct lade_error err = {0};

    o.workers = workers;
    o.rank = rank;
    o.world = world;
    fill_store(s, setting->source, o.class_mode);
    lade_flow *flow = open_reader(s, &o, &err);
    ck_assert_msg(flow != NULL, "setting %llu: %s", (unsigned long long)setting->number, err.message);
    return flow;
}

START_TEST(a_reader_has_the_batches_of_the_other_sources) {
    make_sources(mixed);
    for (uint64_t number = 0; number < 120; number++) {
        struct setting s;
        struct store store;
        draw_setting(&s, number);
        lade_flow *flow = open_store_with(&store, &s, 1 + (int)(number % 3), 0, 1);
        int64_t steps = lade_flow_steps(flow);
        check_digests(&s, "all ranks", digest(flow, 2 * steps, &s), digest_of(&s, 1, 0, 1));
        lade_flow_free(flow);
        ck_assert(store.opened == 1 && store.closed == 1);
        flow = open_store_with(&store, &s, 2, 1, 3);
        check_digests(&s, "rank 1", digest(flow, 2 * steps, &s), digest_of(&s, 1, 1, 3));
        lade_flow_free(flow);
    }
    drop_sources();
}
END_TEST

START_TEST(a_reader_resumes_at_any_batch) {
    struct lade_error err = {0};
    make_sources(mixed);
    for (uint64_t number = 500; number < 520; number++) {
        struct setting s;
        struct store store, other;
        char *state;
        draw_setting(&s, number);
        lade_flow *flow = open_store_with(&store, &s, 2, 0, 1), *resumed = open_store_with(&other, &s, 1, 0, 1);
        int64_t steps = lade_flow_steps(flow);
        digest(flow, (int64_t)number % (2 * steps), &s);
        ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
        ck_assert_msg(lade_flow_resume(resumed, state, &err) == LADE_OK, "%s", err.message);
        check_digests(&s, "resumed", digest(flow, steps, &s), digest(resumed, steps, &s));
        lade_flow_free(flow);
        lade_flow_free(resumed);
        lade_free(state);
    }
    drop_sources();
}
END_TEST

START_TEST(a_state_depends_on_the_names) {
    struct lade_flow_options o = {.target_size = {4, 4}, .workers = 1};
    struct lade_error err = {0};
    struct store a, b;
    char *state, name[32];
    make_sources(mixed);
    fill_store(&a, FOLDERS, o.class_mode);
    fill_store(&b, FOLDERS, o.class_mode);
    strcpy(b.entries[12].name, "c1/renamed.png");
    lade_flow *flow = open_reader(&a, &o, &err), *renamed = open_reader(&b, &o, &err);
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    ck_assert_int_eq(lade_flow_resume(renamed, state, &err), LADE_EMISMATCH);
    check_error(&err, LADE_EMISMATCH, "c1");
    ck_assert_int_eq(lade_flow_filename(renamed, 12, name, sizeof name), 14);
    ck_assert_str_eq(name, "c1/renamed.png");
    lade_free(state);
    lade_flow_free(flow);
    lade_flow_free(renamed);
    drop_sources();
}
END_TEST

START_TEST(fit_and_listed_classes_work_with_a_reader) {
    static const char *const listed[] = {"c2", "c0", NULL};
    struct lade_flow_options o = {.target_size = {6, 5},
                                  .batch_size = 4,
                                  .classes = listed,
                                  .workers = 2,
                                  .seed = 9,
                                  .featurewise_center = true,
                                  .on_error = LADE_ERROR_SKIP,
                                  .rotation_range = 20};
    struct lade_error err = {0};
    struct store store;
    make_sources(mixed);
    fill_store(&store, FOLDERS, o.class_mode);
    lade_flow *flow = open_reader(&store, &o, &err), *folder = lade_flow_from_directory(tree_root, &o, &err);
    ck_assert_int_eq(lade_flow_samples(flow), 20);
    ck_assert_int_eq(lade_flow_samples(folder), 20);
    ck_assert_str_eq(lade_flow_class_names(flow)[0], "c2");
    ck_assert_int_eq(lade_flow_fit(flow, &err), LADE_OK);
    ck_assert_int_eq(lade_flow_fit(folder, &err), LADE_OK);
    for (int c = 0; c < 3; c++) /* the two flows add the samples in different orders */
        ck_assert_double_eq_tol(lade_flow_stats(flow)->mean[c], lade_flow_stats(folder)->mean[c], 1e-9);
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->n, 4);
    lade_batch_unref(b);
    lade_flow_free(folder);
    lade_flow_free(flow);
    ck_assert(store.opened == 1 && store.closed == 1);
    drop_sources();
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "reader");
    tcase_add_test(tcase, a_reader_has_the_batches_of_the_other_sources);
    tcase_add_test(tcase, a_reader_resumes_at_any_batch);
    tcase_add_test(tcase, a_state_depends_on_the_names);
    tcase_add_test(tcase, fit_and_listed_classes_work_with_a_reader);
}
