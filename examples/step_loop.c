/* Trains a net in a loop that calls each step of the training itself. Before each update, clips the gradient of each
   parameter separately. */
#include <math.h>
#include <stdlib.h>

#include <lade/train.h>

enum { ROWS = 64, STEPS = 500 };

/* Fills a batch with points. The label of a point is 1 inside of a circle. */
static void draw_points(struct lade_batch *batch, uint64_t step) {
    float *x = lade_tensor_data(batch->x), *y = lade_tensor_data(batch->y);
    struct lade_random r;
    lade_random_init(&r, 1, step, 0, LADE_RANDOM_USER);
    for (int i = 0; i < 2 * ROWS; i++)
        x[i] = (float)lade_random_uniform(&r, -1, 1);
    for (int i = 0; i < ROWS; i++)
        y[i] = hypotf(x[2 * i], x[2 * i + 1]) < .7f;
}

/* Multiplies the gradient of each parameter by a factor, so that its norm is at most 1. */
static int clip_each(lade_net *net, lade_trainer *trainer, struct lade_error *err) {
    const struct lade_parameter_info *p;
    int status = LADE_OK;
    for (int i = 0; status == LADE_OK && (p = lade_net_parameter_info(net, i)); i++) {
        if (p->is_buffer) /* for example the running mean of a batchnorm, which has no gradient */
            continue;
        struct lade_tensor *gradient = lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
        if (!gradient)
            return lade_error_set(err, LADE_ENOMEM, "no memory for a gradient");
        float *g = lade_tensor_data(gradient);
        double squares = 0;
        status = lade_trainer_get_gradient(trainer, p->name, gradient, err);
        for (int64_t j = 0; j < p->count; j++)
            squares += (double)g[j] * (double)g[j];
        for (int64_t j = 0; j < p->count; j++)
            g[j] *= (float)fmin(1, 1 / (sqrt(squares) + 1e-6));
        if (status == LADE_OK)
            status = lade_trainer_set_gradient(trainer, p->name, gradient, err);
        lade_tensor_unref(gradient);
    }
    return status;
}

int main(void) {
    struct lade_error err = {0};
    struct lade_batch batch = {.n = ROWS, .x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){ROWS, 2}),
                               .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){ROWS, 1})};
    struct lade_trainer_options options = {.optimizer = {LADE_ADAM, .lr = .02f}};
    lade_net *net = batch.x && batch.y ? lade_net_new("dense 32, relu, dense 1", 1, (int64_t[]){2}, NULL, &err) : NULL;
    lade_trainer *trainer = net ? lade_trainer_new(net, &options, &err) : NULL;
    int status = trainer ? LADE_OK : LADE_ENOMEM;
    for (int step = 1; status == LADE_OK && step <= STEPS; step++) {
        draw_points(&batch, (uint64_t)step);
        status = lade_trainer_backward(trainer, &batch, &err); /* PyTorch: loss.backward() */
        if (status == LADE_OK)
            status = lade_trainer_complete(trainer, &err);
        if (status == LADE_OK)
            status = clip_each(net, trainer, &err);
        if (status == LADE_OK)
            status = lade_trainer_update(trainer, &err); /* PyTorch: optimizer.step(), optimizer.zero_grad() */
        const struct lade_trainer_metrics *m = lade_trainer_metrics(trainer);
        if (step % 100 == 0)
            printf("step %d: loss %.3f, accuracy %.3f\n", step, m->loss, m->accuracy);
    }
    if (status < 0)
        fprintf(stderr, "%s\n", err.code ? err.message : "no memory");
    lade_trainer_free(trainer);
    lade_net_free(net);
    lade_tensor_unref(batch.x);
    lade_tensor_unref(batch.y);
    return status < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
