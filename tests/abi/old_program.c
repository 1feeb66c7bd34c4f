/*
 * Tests that a program still works if it was built with older headers. This program is compiled with tests/abi/headers
 * and linked with the current shared libraries. It uses generators, a flow and training. The compiled program contains
 * the macros of the old headers, and its structs have the old sizes. The program adds bytes after each struct that a
 * function fills, and checks that the function does not change these bytes.
 */
#include <lade/flow.h>
#include <lade/lade.h>
#include <lade/short_iter.h>
#include <lade/train.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(condition)                                                                     \
    do {                                                                                     \
        if (!(condition)) {                                                                  \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #condition, err.message); \
            exit(1);                                                                         \
        }                                                                                    \
    } while (0)

static struct lade_error err;

/* A struct that a function fills, and bytes after the struct. */
#define GUARDED(type)          \
    struct {                   \
        struct type value;     \
        unsigned char end[64]; \
    }
#define END_IS_UNCHANGED(guarded) (memcmp((guarded).end, (unsigned char[64]){0}, 64) == 0)

/* ---- Generators -------------------------------------------------------------------------------------------------- */

generator(long, fib)
{
    for (long a = 0, b = 1;; b += a, a = b - a)
        yield(a);
}

generator(long, twice, int, n)
{
    yield_from(take(fib(), n));
    yield_from(take(fib(), n));
}

static int closed;
static void set_closed(const int *value) {
    closed += *value;
}

generator(int, guarded)
{
    lade_cleanup(set_closed) int one = 1;
    for (int i = 0;; i++)
        yield(i + (one - 1));
}

static void generators(void) {
    CHECK(sum(take(fib(), 10)) == 88);
    gen_auto(long) g = twice(5);
    long total = 0;
    for (long *item; (item = next(g));)
        total += *item;
    CHECK(total == 14);
    for_each (i, guarded())
        if (i == 3)
            break;
    CHECK(closed == 1);
    list_auto(long) l = list(take(fib(), 7));
    CHECK(len(l) == 7 && l[6] == 8);
    for_each (line, lade_lines("/nonexistent"), &err)
        (void)line;
    CHECK(err.code == LADE_ENOENT && strcmp(err.subject, "/nonexistent") == 0);
    err = (struct lade_error){0};
}

/* ---- Images ------------------------------------------------------------------------------------------------------ */

static char folder[] = "/tmp/lade-abi-XXXXXX";

static void write_images(void) {
    static const char *const classes[] = {"dark", "light"};
    CHECK(mkdtemp(folder));
    for (int c = 0; c < 2; c++) {
        char path[100];
        snprintf(path, sizeof path, "%s/%s", folder, classes[c]);
        CHECK(mkdir(path, 0777) == 0);
        for (int i = 0; i < 8; i++) {
            uint8_t pixels[8 * 8 * 3];
            struct lade_image image = {pixels, 8, 8, 3, 24};
            memset(pixels, c * 200 + i, sizeof pixels);
            snprintf(path, sizeof path, "%s/%s/%d.png", folder, classes[c], i);
            CHECK(lade_image_write(path, &image, LADE_FORMAT_UNKNOWN, 0, &err) == LADE_OK);
        }
    }
}

static void remove_images(void) {
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK(system(command) == 0);
}

/* ---- A flow ------------------------------------------------------------------------------------------------------ */

static lade_flow *new_flow(void) {
    lade_flow *flow = lade_flow_from_directory(folder,
                                               &(struct lade_flow_options){.target_size = {8, 8},
                                                                           .batch_size = 4,
                                                                           .seed = 1,
                                                                           .rescale = 1 / 255.f,
                                                                           .horizontal_flip = true,
                                                                           .rotation_range = 10,
                                                                           .workers = 2,
                                                                           .on_error = LADE_ERROR_SKIP,
                                                                           .limits = {.max_pixels = 1000}},
                                               &err);
    CHECK(flow);
    return flow;
}

static void read_flow(void) {
    lade_flow *flow = new_flow();
    GUARDED(lade_flow_counters) counters = {0};
    GUARDED(lade_digest) digest = {0};
    int64_t rows = 0;
    CHECK(lade_flow_steps(flow) == 4);
    CHECK(lade_flow_options_get(flow)->batch_size == 4);
    for_each (b, take(lade_flow_batches(flow), lade_flow_steps(flow)), &err) {
        CHECK(b->x->shape[1] == 8 && b->y->shape[1] == 2 && b->sample_weight == NULL);
        CHECK(lade_digest_add(&digest.value, b) == LADE_OK);
        rows += b->n;
    }
    CHECK(err.code == 0 && rows == 16 && (digest.value.low || digest.value.high));
    lade_flow_counters(flow, &counters.value);
    CHECK(counters.value.batches == 4 && counters.value.workers == 2);
    CHECK(END_IS_UNCHANGED(counters) && END_IS_UNCHANGED(digest));
    char *state = NULL;
    CHECK(lade_flow_state(flow, &state, &err) == LADE_OK);
    CHECK(lade_flow_resume(flow, state, &err) == LADE_OK);
    lade_free(state);
    lade_flow_free(flow);
}

static void read_broken_flow(void) {
    char path[100];
    GUARDED(lade_invalid_file) invalid = {0};
    snprintf(path, sizeof path, "%s/dark/9.png", folder);
    FILE *f = fopen(path, "w");
    CHECK(f && fputs("not an image", f) >= 0 && fclose(f) == 0);
    lade_flow *flow = new_flow();
    for_each (b, take(lade_flow_batches(flow), lade_flow_steps(flow)), &err)
        (void)b;
    CHECK(err.code == 0 && lade_flow_invalid_count(flow) == 1);
    CHECK(lade_flow_invalid_file(flow, 0, &invalid.value) == LADE_OK);
    CHECK(invalid.value.code < 0 && invalid.value.cause && END_IS_UNCHANGED(invalid));
    lade_flow_free(flow);
    CHECK(unlink(path) == 0);
}

/* ---- Training ---------------------------------------------------------------------------------------------------- */

static void train(void) {
    static const char *const names[] = {"dark", "light"};
    lade_flow *flow = new_flow();
    lade_net *net = lade_net_new("dense 8, relu, dense 2", 3, (int64_t[]){8, 8, 3},
                                 &(struct lade_net_options){.seed = 3, .threads = 1, .class_names = names}, &err);
    CHECK(net);
    struct lade_fit_options options = {.optimizer = {LADE_ADAM, .lr = .01f},
                                       .schedule = {LADE_COSINE, .warmup = 2},
                                       .epochs = 20,
                                       .accumulate = 2,
                                       .yield_every = 1};
    int items = 0, epochs = 0;
    for_each (m, lade_fit(net, lade_flow_source(flow), &options), &err) {
        items++;
        epochs += m->epoch_end;
        CHECK(m->loss == m->loss);
    }
    CHECK(err.code == 0 && epochs == 20 && items == 80);
    GUARDED(lade_score) score = {0};
    CHECK(lade_net_evaluate(net, lade_flow_source(flow), 4, &score.value, &err) == LADE_OK);
    CHECK(score.value.samples == 16 && score.value.accuracy > .9 && END_IS_UNCHANGED(score));
    CHECK(lade_net_info(net)->outputs == 2 && strcmp(lade_net_info(net)->class_names[1], "light") == 0);
    lade_net_free(net);
    lade_flow_free(flow);
}

int main(void) {
    generators();
    write_images();
    read_flow();
    read_broken_flow();
    train();
    remove_images();
    return 0;
}
