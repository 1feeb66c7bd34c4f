/* Trains a net on a directory of images. The loop body does what callbacks do in other libraries. */
#include <lade/flow.h>
#include <lade/short.h>
#include <lade/train.h>

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    struct lade_flow_options images = {.target_size = {32, 32}, .batch_size = 64, .seed = 1, .rescale = 1 / 255.f,
                                       .validation_split = 0.2, .subset = LADE_SUBSET_TRAINING,
                                       .horizontal_flip = true};
    lade_flow *train = lade_flow_from_directory(argc > 1 ? argv[1] : "shapes", &images, &err);
    images.subset = LADE_SUBSET_VALIDATION, images.horizontal_flip = false, images.order = LADE_ORDER_SORTED;
    lade_flow *test = train ? lade_flow_from_directory(argc > 1 ? argv[1] : "shapes", &images, &err) : NULL;

    char spec[32];
    snprintf(spec, sizeof spec, "cnn %d", train ? lade_flow_classes(train) : 0);
    lade_net *net = test ? lade_net_new(spec, 3, (int64_t[]){32, 32, 3}, NULL, &err) : NULL;
    if (net) {
        struct lade_fit_options fit = {.optimizer = {LADE_ADAM}, .schedule = {LADE_COSINE, .warmup = 20}, .epochs = 30,
                                       .validation = lade_flow_source(test), .checkpoint = "shapes.safetensors"};
        double best = 1e9;
        int since = 0;
        for_each (m, lade_fit(net, lade_flow_source(train), &fit), &err) {
            printf("epoch %d: loss %.3f, accuracy %.3f; validation loss %.3f, accuracy %.3f\n", m->epoch, m->loss,
                   m->accuracy, m->val_loss, m->val_accuracy);
            since = m->val_loss < best ? 0 : since + 1;
            best = m->val_loss < best ? m->val_loss : best;
            if (since == 3)
                break; /* early stopping: the loop frees the generator of lade_fit(), and the checkpoint is valid */
        }
    }
    lade_net_free(net);
    lade_flow_free(test);
    lade_flow_free(train);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    return err.code != 0;
}
