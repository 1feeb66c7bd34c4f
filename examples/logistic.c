/* Trains a logistic regression with stochastic, mini-batch and full-batch gradient descent. A generator yields the
   points. */
#include <stdlib.h>

#include <lade/short.h>
#include <lade/train.h>

enum { POINTS = 512, EPOCHS = 8 };

struct point {
    float x[2], label;
};

/* Yields points of two overlapping classes. The points of each epoch are the same. */
generator_static(struct point, clouds, uint64_t, seed) {
    for (uint64_t i = 0;; i = (i + 1) % POINTS) {
        struct lade_random r;
        lade_random_init(&r, seed, 0, i, LADE_RANDOM_USER);
        float side = i % 2 ? 1 : -1;
        struct point p = {{side + (float)lade_random_normal(&r), side / 2 + (float)lade_random_normal(&r)}, (float)(i % 2)};
        yield(p);
    }
}

/* The context of a source of batches. Each batch has `rows` items of the generator `all`. */
struct points {
    gen(struct point) all;
    int64_t rows;
};

static void release_batch(struct lade_batch *b, void *ctx) {
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
    *b = (struct lade_batch){.x = x, .y = y, .n = s->rows, .refs = 1, .release = release_batch};
    for (int64_t i = 0; i < s->rows; i++) {
        const struct point *p = next(s->all);
        ((float *)lade_tensor_data(x))[2 * i] = p->x[0];
        ((float *)lade_tensor_data(x))[2 * i + 1] = p->x[1];
        ((float *)lade_tensor_data(y))[i] = p->label;
    }
    *out = b;
    return LADE_OK;
}

/* The loss over all points at several times during the training. */
struct curve {
    const char *name, *color;
    int count;
    double epochs[EPOCHS * POINTS / 32 + 1], losses[EPOCHS * POINTS / 32 + 1];
};

static struct lade_source source_of(struct points *points) {
    return (struct lade_source){.next = next_batch, .ctx = points, .steps = POINTS / points->rows, .samples = POINTS,
                                .classes = 1, .sample_ndim = 1, .sample_shape = {2}};
}

static int measure_loss(lade_net *net, struct lade_source test, double epochs, struct curve *curve, struct lade_error *err) {
    struct lade_score score;
    int status = lade_net_evaluate(net, test, 0, &score, err);
    if (status < 0)
        return status;
    curve->epochs[curve->count] = epochs;
    curve->losses[curve->count++] = score.loss;
    return LADE_OK;
}

/* Trains a net with one variant of gradient descent. Measures the loss after each 32 points, or after each epoch if the
   whole epoch is one batch. */
static int train_variant(int64_t rows, int64_t accumulate, struct curve *curve, struct lade_error *err) {
    gen_auto(struct point) all = clouds(1), again = clouds(1);
    struct lade_source source = source_of(&(struct points){all, rows}), test = source_of(&(struct points){again, 32});
    struct lade_fit_options fit = {.optimizer = {LADE_SGD, .lr = .1f}, .epochs = EPOCHS, .accumulate = accumulate};
    fit.yield_every = accumulate == LADE_FULL_BATCH ? 0 : 32 / rows;
    lade_net *net = lade_net_new("dense 1", 1, (int64_t[]){2}, &(struct lade_net_options){.threads = 1}, err);
    if (net && measure_loss(net, test, 0, curve, err) == LADE_OK)
        for_each (m, lade_fit(net, source, &fit), err)
            if (measure_loss(net, test, m->epoch + (double)m->step / (double)m->steps, curve, err) < 0)
                break;
    lade_net_free(net);
    return err->code;
}

static double last_of_epoch(const struct curve *c, int epoch) {
    int i = 0;
    while (c->epochs[i] < epoch + 1)
        i++;
    return c->losses[i];
}

/* Draws the curves as an SVG file, which a browser can show. */
static int draw(const char *path, const struct curve *curves, int count) {
    enum { WIDTH = 640, HEIGHT = 360, LEFT = 60, RIGHT = 20, TOP = 30, BOTTOM = 50 };
    const double lowest = 0.3, highest = 0.65, wide = WIDTH - LEFT - RIGHT, high = HEIGHT - TOP - BOTTOM;
    FILE *f = fopen(path, "w");
    if (!f)
        return -1;
    fprintf(f, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">\n"
               "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", WIDTH, HEIGHT);
    for (double loss = lowest; loss < highest + .01; loss += .05) {
        double y = TOP + high * (highest - loss) / (highest - lowest);
        fprintf(f, "<path d=\"M%d %.1fh%.0f\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>\n", LEFT, y,
                wide, LEFT - 8, y + 4, loss);
    }
    for (int e = 0; e <= EPOCHS; e++)
        fprintf(f, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>\n", LEFT + wide * e / EPOCHS, HEIGHT - BOTTOM + 20, e);
    fprintf(f, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">epochs</text><text x=\"%d\" y=\"18\">loss over all points</text>\n",
            LEFT + wide / 2, HEIGHT - 10, LEFT);
    for (int i = 0; i < count; i++) {
        const struct curve *c = &curves[i];
        fprintf(f, "<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"%s\" points=\"", c->color);
        for (int j = 0; j < c->count; j++)
            fprintf(f, "%.1f,%.1f ", LEFT + wide * c->epochs[j] / EPOCHS,
                    TOP + high * (highest - c->losses[j]) / (highest - lowest));
        fprintf(f, "\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s</text>\n", WIDTH - RIGHT - 8, TOP + 24 + 18 * i,
                c->color, c->name);
    }
    fprintf(f, "</svg>\n");
    return fclose(f);
}

int main(int argc, char **argv) {
    lade_explain_overflow();
    static struct curve curves[] = {{"stochastic", "#c0392b"}, {"mini-batch", "#2471a3"}, {"full-batch", "#1e8449"}};
    struct lade_error err = {0};
    if (train_variant(1, 1, &curves[0], &err) < 0 || train_variant(32, 1, &curves[1], &err) < 0 ||
        train_variant(32, LADE_FULL_BATCH, &curves[2], &err) < 0) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    printf("epoch  stochastic  mini-batch  full-batch\n");
    for (int i = 0; i < EPOCHS; i++)
        printf("%5d  %10.4f  %10.4f  %10.4f\n", i, last_of_epoch(&curves[0], i), last_of_epoch(&curves[1], i),
               last_of_epoch(&curves[2], i));
    if (argc > 1 && draw(argv[1], curves, 3) != 0) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
