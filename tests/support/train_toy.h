/*
 * Defines a source of batches for a classification problem that a net learns in a second. An endless generator draws
 * points in the plane. Each point is near one of a few spiral arms, and the label of a point is the number of its arm.
 */
#ifndef LADE_TESTS_TRAIN_TOY_H
#define LADE_TESTS_TRAIN_TOY_H

#include <lade/train.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <string.h>

#include "support/check_main.h"

struct toy_point {
    float x[2];
    int arm;
};

lade_generator_static(struct toy_point, toy_spiral, int, arms, uint64_t, seed) {
    struct lade_random r;
    lade_random_init(&r, seed, 0, 0, LADE_RANDOM_USER);
    for (unsigned i = 0;; i++) {
        if (i % 4096 == 0) /* begins a new random stream, because a random stream is finite */
            lade_random_init(&r, seed, i / 4096, 0, LADE_RANDOM_USER);
        int arm = (int)lade_random_below(&r, (uint64_t)arms);
        double t = lade_random_uniform(&r, 0.15, 1), angle = 4 * t + 6.2831853 * arm / arms;
        struct toy_point p = {{(float)(t * cos(angle) + 0.02 * lade_random_normal(&r)),
                               (float)(t * sin(angle) + 0.02 * lade_random_normal(&r))},
                              arm};
        lade_yield(p);
    }
}

struct toy {
    int arms;      /* number of arms. With 2 arms, labels have the shape (n, 1); with more arms, (n, arms) */
    bool sparse;   /* labels have the shape (n, 1) for any number of arms */
    int64_t batch; /* number of rows of a batch */
    int64_t steps; /* number of batches of an epoch; the last batch has one row fewer, except if `whole` is true */
    uint64_t seed;
    bool whole;           /* true: the last batch of an epoch has as many rows as the other batches */
    int64_t empty;        /* in each epoch, the batch of this step has no rows; 0: all batches have rows */
    int64_t broken;       /* number of the call of toy_next() that fails, counted from 1; 0: no call fails */
    float scale;          /* all values of x are multiplied by this factor; 0 means 1 */
    const float *weights; /* row i of each batch has the weight weights[i]; NULL: no weights */
    int64_t nan_call;     /* number of the call whose batch contains a NaN in the third sample; 0: no NaN */

    lade_gen(struct toy_point) points;
    int64_t calls, step, epoch;
    int live; /* number of batches that are not released */
};

static void toy_release(struct lade_batch *b, void *ctx) {
    struct toy *toy = (struct toy *)ctx;
    toy->live--;
    lade_tensor_unref(b->x);
    lade_tensor_unref(b->y);
    lade_tensor_unref(b->sample_weight);
    free((void *)b->indices);
    free(b);
}

static int toy_next(void *ctx, struct lade_batch **out, struct lade_error *err) {
    struct toy *toy = (struct toy *)ctx;
    if (++toy->calls == toy->broken)
        return lade_error_set(err, LADE_EIO, "toy: the disk is gone");
    if (!toy->points)
        toy->points = toy_spiral(toy->arms, toy->seed);
    int64_t n = toy->empty && toy->step == toy->empty        ? 0
                : toy->step == toy->steps - 1 && !toy->whole ? toy->batch - 1
                                                             : toy->batch;
    int64_t columns = toy->sparse || toy->arms == 2 ? 1 : toy->arms;
    struct lade_batch *b = (struct lade_batch *)calloc(1, sizeof *b);
    int64_t *indices = (int64_t *)calloc((size_t)n + 1, sizeof *indices);
    *b = (struct lade_batch){.x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){n, 2}),
                             .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){n, columns}),
                             .indices = indices,
                             .n = n,
                             .epoch = toy->epoch,
                             .step = toy->step,
                             .refs = 1,
                             .release = toy_release,
                             .release_ctx = toy};
    float *x = (float *)lade_tensor_data(b->x), *y = (float *)lade_tensor_data(b->y);
    for (int64_t i = 0; i < n; i++) {
        struct toy_point *p = lade_next(toy->points);
        indices[i] = toy->step * toy->batch + i;
        x[2 * i] = p->x[0] * (toy->scale != 0 ? toy->scale : 1);
        x[2 * i + 1] = p->x[1] * (toy->scale != 0 ? toy->scale : 1);
        if (columns == 1)
            y[i] = (float)p->arm;
        else
            y[i * columns + p->arm] = 1;
    }
    if (toy->weights) {
        b->sample_weight = lade_tensor_new(LADE_FLOAT32, 1, &n);
        memcpy(lade_tensor_data(b->sample_weight), toy->weights, (size_t)n * sizeof *toy->weights);
    }
    if (toy->calls == toy->nan_call)
        x[5] = NAN;
    if (++toy->step == toy->steps) {
        toy->step = 0;
        toy->epoch++;
    }
    toy->live++;
    *out = b;
    return LADE_OK;
}

static inline void toy_close(void *ctx) {
    struct toy *toy = (struct toy *)ctx;
    ck_assert_int_eq(toy->live, 0); /* all batches must be released */
    lade_gen_free(toy->points);
    toy->points = NULL;
}

/* The state contains the number of calls of toy_next(). toy_state_set() calls toy_next() until the source has the same
   number of calls. */
static inline int toy_state_get(void *ctx, char **out, struct lade_error *err) {
    char text[32];
    snprintf(text, sizeof text, "{\"calls\":%lld}", (long long)((struct toy *)ctx)->calls);
    *out = lade_strdup(text);
    return *out ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "toy: no memory");
}

static inline int toy_state_set(void *ctx, const char *state, struct lade_error *err) {
    struct toy *toy = (struct toy *)ctx;
    long long calls;
    if (sscanf(state, "{\"calls\":%lld}", &calls) != 1)
        return lade_error_set(err, LADE_EFORMAT, "toy: this is not a state of the toy source");
    while (toy->calls < calls) {
        struct lade_batch *b;
        int status = toy_next(toy, &b, err);
        if (status < 0)
            return status;
        lade_batch_unref(b);
    }
    return LADE_OK;
}

static inline int64_t toy_sample_name(void *ctx, int64_t index, char *buffer, size_t size) {
    (void)ctx;
    return snprintf(buffer, size, "point %lld", (long long)index);
}

static inline struct lade_source toy_source(struct toy *toy) {
    return (struct lade_source){.next = toy_next,
                                .state_get = toy_state_get,
                                .state_set = toy_state_set,
                                .close = toy_close,
                                .ctx = toy,
                                .steps = toy->steps,
                                .samples = toy->steps * toy->batch - 1,
                                .classes = toy->arms == 2 ? 1 : toy->arms,
                                .sample_ndim = 1,
                                .sample_shape = {2}};
}

/* Makes a net that computes with @threads threads. */
static inline lade_net *toy_net_on(const char *spec, uint64_t seed, int threads) {
    struct lade_error err = {0};
    struct lade_net_options options = {.seed = seed, .threads = threads};
    lade_net *net = lade_net_new(spec, 1, (int64_t[]){2}, &options, &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    return net;
}

/* Makes a net with one thread, because several tests run at the same time. */
static inline lade_net *toy_net(const char *spec, uint64_t seed) {
    return toy_net_on(spec, seed, 1);
}

/* Makes a folder for checkpoints, in memory if possible, because hundreds of checkpoints are written and synced. */
static inline void toy_make_folder(char *folder, size_t size) {
    snprintf(folder, size, "%s/lade-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

#endif
