/*
 * Fuzz target: the input is a checkpoint from which a training run is resumed. If lade rejects the file, the error must
 * have a message, and the net must not change. If lade accepts the file, the run must continue to its end, or fail with
 * LADE_ENUMERIC.
 *
 * An input "@FROM\nTO" stands for a valid checkpoint in which the text TO replaces the first occurrence of FROM. Such
 * checkpoints pass the checks of the file format, so they also test the checks of the training state.
 */
#define _GNU_SOURCE /* memfd_create, memmem */
#include <lade/train.h>

#include "replay.h"

enum { ROWS = 2, STEPS = 4, WEIGHTS = 3 };

/* ---- A source with a state --------------------------------------------------------------------------------------- */

static void release(struct lade_batch *b, void *ctx) {
    (void)ctx;
    lade_tensor_unref(b->x);
    lade_tensor_unref(b->y);
    free(b);
}

static int next(void *ctx, struct lade_batch **out, struct lade_error *err) {
    int64_t *at = ctx;
    struct lade_batch *b = calloc(1, sizeof *b);
    (void)err;
    must(b != NULL, "no memory");
    *b = (struct lade_batch){.x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){ROWS, 2}),
                             .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){ROWS, 1}),
                             .n = ROWS,
                             .epoch = *at / STEPS,
                             .step = *at % STEPS,
                             .refs = 1,
                             .release = release};
    must(b->x && b->y, "no memory");
    float *x = lade_tensor_data(b->x), *y = lade_tensor_data(b->y);
    for (int i = 0; i < ROWS; i++) {
        x[2 * i] = (float)(*at % STEPS) / STEPS;
        x[2 * i + 1] = y[i] = (float)i;
    }
    ++*at;
    *out = b;
    return LADE_OK;
}

static int state_get(void *ctx, char **out, struct lade_error *err) {
    char text[32];
    (void)err;
    snprintf(text, sizeof text, "%lld", (long long)*(int64_t *)ctx);
    *out = lade_strdup(text);
    must(*out != NULL, "no memory");
    return LADE_OK;
}

static int state_set(void *ctx, const char *state, struct lade_error *err) {
    char *end;
    long long at = strtoll(state, &end, 10);
    if (end == state || *end || at < 0 || at > 1000)
        return lade_error_set(err, LADE_EFORMAT, "this is not a state of this source");
    *(int64_t *)ctx = at;
    return LADE_OK;
}

static struct lade_source source_at(int64_t *at) {
    return (struct lade_source){.next = next,
                                .state_get = state_get,
                                .state_set = state_set,
                                .ctx = at,
                                .steps = STEPS,
                                .samples = STEPS * ROWS,
                                .classes = 1,
                                .sample_ndim = 1,
                                .sample_shape = {2}};
}

/* ---- A run ------------------------------------------------------------------------------------------------------- */

static const struct lade_fit_options fit = {.epochs = 3,
                                            .yield_every = 1,
                                            .optimizer = {LADE_ADAM},
                                            .schedule = {LADE_PLATEAU},
                                            .accumulate = 3,
                                            .allow_different = true};

static lade_net *make_net(void) {
    lade_net *net = lade_net_new("dense 1", 1, (int64_t[]){2}, &(struct lade_net_options){.threads = 1}, NULL);
    must(net != NULL, "no net");
    return net;
}

/* Computes the logits of three samples. Equal logits mean equal nets, because the three parameters of the net can be
   computed from the three logits. A run that fails with LADE_ENUMERIC may leave a net that cannot predict. */
static void predict(lade_net *net, float logits[WEIGHTS]) {
    struct lade_tensor *x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){WEIGHTS, 2});
    must(x != NULL, "no memory");
    memcpy(lade_tensor_data(x), (float[2 * WEIGHTS]){0, 0, 1, 0, 0, 1}, sizeof(float[2 * WEIGHTS]));
    memset(logits, 0, sizeof(float[WEIGHTS]));
    int status = lade_net_predict(net, x, logits, NULL);
    must(status == LADE_OK || status == LADE_ENUMERIC, "the prediction fails");
    lade_tensor_unref(x);
}

/* Makes the checkpoint of a run that was stopped in its second epoch, with gradients that are not applied yet. Returns
   the size of the checkpoint in bytes. */
static size_t make_good(uint8_t **good) {
    char folder[] = "/tmp/lade-fuzz-XXXXXX", path[64];
    must(mkdtemp(folder) != NULL, "no folder");
    snprintf(path, sizeof path, "%s/good", folder);
    struct lade_fit_options options = fit;
    options.checkpoint = path;
    int64_t at = 0;
    int steps = 0;
    lade_net *net = make_net();
    lade_for_each (m, lade_fit(net, source_at(&at), &options)) {
        (void)m;
        if (++steps == STEPS + 2)
            break;
    }
    lade_net_free(net);
    FILE *f = fopen(path, "rb");
    *good = malloc(1 << 16);
    must(f && *good, "no checkpoint");
    size_t size = fread(*good, 1, 1 << 16, f);
    must(size < 1 << 16, "the checkpoint is larger than the buffer");
    fclose(f);
    unlink(path);
    rmdir(folder);
    return size;
}

/* Returns the bytes of the checkpoint for which the input stands. The caller must free() the bytes. */
static uint8_t *make_file(const uint8_t *bytes, size_t n, size_t *size) {
    static uint8_t *good;
    static size_t good_size;
    if (!good)
        good_size = make_good(&good);
    const uint8_t *end = n > 0 && bytes[0] == '@' ? memchr(bytes, '\n', n) : NULL, *from = bytes + 1, *to;
    size_t from_size = end ? (size_t)(end - from) : 0;
    const uint8_t *found = from_size ? memmem(good + 8, good_size - 8, from, from_size) : NULL;
    uint8_t *file = malloc(good_size + n + 1);
    must(file != NULL, "no memory");
    if (!found) {
        memcpy(file, bytes, *size = n);
        return file;
    }
    to = end + 1;
    size_t before = (size_t)(found - good), to_size = n - (size_t)(to - bytes);
    memcpy(file, good, before);
    memcpy(file + before, to, to_size);
    memcpy(file + before + to_size, found + from_size, good_size - before - from_size);
    *size = good_size - from_size + to_size;
    uint64_t length = 0;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | good[i];
    length += to_size - from_size; /* modulo 2^64 */
    for (int i = 0; i < 8; i++)
        file[i] = (uint8_t)(length >> (8 * i));
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    char path[64];
    size_t size;
    uint8_t *file = make_file(bytes, n, &size);
    int fd = memory_file(file, size, path);
    free(file);
    struct lade_fit_options options = fit;
    options.resume = path;
    struct lade_error err = {0};
    float before[WEIGHTS], after[WEIGHTS];
    int64_t at = 0;
    int steps = 0;
    lade_net *net = make_net();
    predict(net, before);
    lade_for_each (m, lade_fit(net, source_at(&at), &options), &err) {
        must(m->epoch < 3 && m->step <= STEPS && m->samples >= 0, "an impossible position");
        steps++;
    }
    close(fd);
    predict(net, after);
    must(steps <= 3 * STEPS, "too many steps");
    if (err.code != LADE_OK)
        must_be_error(err.code, err.message);
    must(err.code == LADE_OK || err.code == LADE_ENUMERIC || memcmp(before, after, sizeof before) == 0,
         "a rejected file changed the net");
    lade_net_free(net);
    return 0;
}
