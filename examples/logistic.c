/* Logistic regression by stochastic, mini-batch and full-batch gradient descent, on points that a generator makes. */
#include <stdlib.h>

#include <lade/short.h>
#include <lade/train.h>

enum { POINTS = 512, EPOCHS = 8 };

struct point {
    float x[2], label;
};

/* Two clouds that overlap: the same points in every epoch. */
generator_static(struct point, clouds, uint64_t, seed) {
    for (uint64_t i = 0;; i = (i + 1) % POINTS) {
        struct lade_random r;
        lade_random_init(&r, seed, 0, i, LADE_RANDOM_USER);
        float side = i % 2 ? 1 : -1;
        struct point p = {{side + (float)lade_random_normal(&r), side / 2 + (float)lade_random_normal(&r)}, (float)(i % 2)};
        yield(p);
    }
}

/* A source of batches: what a generator yields, `rows` at a time. */
struct points {
    gen(struct point) all;
    int64_t rows;
};

static void give_back(struct lade_batch *b, void *ctx) {
    (void)ctx;
    lade_tensor_unref(b->x);
    lade_tensor_unref(b->y);
    free(b);
}

static int next_batch(void *ctx, struct lade_batch **out, struct lade_error *err) {
    struct points *s = ctx;
    struct lade_batch *b = calloc(1, sizeof *b);
    struct lade_tensor *x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){s->rows, 2});
    struct lade_tensor *y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){s->rows, 1});
    if (!b || !x || !y) {
        lade_tensor_unref(x);
        lade_tensor_unref(y);
        free(b);
        return lade_error_set(err, LADE_ENOMEM, "points: no memory for a batch");
    }
    *b = (struct lade_batch){.x = x, .y = y, .n = s->rows, .refs = 1, .release = give_back};
    for (int64_t i = 0; i < s->rows; i++) {
        const struct point *p = next(s->all);
        ((float *)lade_tensor_data(x))[2 * i] = p->x[0];
        ((float *)lade_tensor_data(x))[2 * i + 1] = p->x[1];
        ((float *)lade_tensor_data(y))[i] = p->label;
    }
    *out = b;
    return LADE_OK;
}

/* One variant: the loss after each epoch. */
static int descend(int64_t rows, int64_t accumulate, double losses[EPOCHS], struct lade_error *err) {
    gen_auto(struct point) all = clouds(1);
    struct points points = {all, rows};
    struct lade_source source = {.next = next_batch, .ctx = &points, .steps = POINTS / rows, .samples = POINTS,
                                 .classes = 1, .sample_ndim = 1, .sample_shape = {2}};
    struct lade_fit_options fit = {.optimizer = {LADE_SGD, .lr = .1f}, .epochs = EPOCHS, .accumulate = accumulate};
    lade_net *net = lade_net_new("dense 1", 1, (int64_t[]){2}, &(struct lade_net_options){.threads = 1}, err);
    if (net)
        for_each (m, lade_fit(net, source, &fit), err)
            losses[m->epoch] = m->loss;
    lade_net_free(net);
    return err->code;
}

int main(void) {
    double stochastic[EPOCHS], mini[EPOCHS], full[EPOCHS];
    struct lade_error err = {0};
    if (descend(1, 1, stochastic, &err) < 0 || descend(32, 1, mini, &err) < 0 ||
        descend(32, LADE_FULL_BATCH, full, &err) < 0) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    printf("epoch  stochastic  mini-batch  full-batch\n");
    for (int i = 0; i < EPOCHS; i++)
        printf("%5d  %10.4f  %10.4f  %10.4f\n", i, stochastic[i], mini[i], full[i]);
    return 0;
}
