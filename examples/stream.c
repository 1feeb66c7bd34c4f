/* Streams one epoch of batches of images from a directory with class folders. */
#include <lade/flow.h>
#include <lade/short_iter.h>

static void train_step(const struct lade_tensor *x, const struct lade_tensor *y) {
    printf("x (%ld, %ld, %ld, %ld) ", (long)x->shape[0], (long)x->shape[1], (long)x->shape[2], (long)x->shape[3]);
    printf("y (%ld, %ld)\n", (long)y->shape[0], (long)y->shape[1]);
}

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    struct lade_flow_options options = {.target_size = {64, 64}, .batch_size = 32, .seed = 1,
                                        .rescale = 1 / 255.f, .horizontal_flip = true};
    lade_flow *flow = lade_flow_from_directory(argc > 1 ? argv[1] : "shapes", &options, &err);
    if (flow)
        for_each (b, take(lade_flow_batches(flow), lade_flow_steps(flow)), &err) /* without take() the loop does not end */
            train_step(b->x, b->y); /* DLPack tensors (n, H, W, C) and (n, classes) */
    lade_flow_free(flow);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    return err.code != 0;
}
