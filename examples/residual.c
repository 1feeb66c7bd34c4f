/* Trains a small residual net on a directory of images (He, Zhang, Ren, Sun, "Deep residual learning for image
   recognition", CVPR 2016). */
#include <lade/flow.h>
#include <lade/short.h>
#include <lade/train.h>

/* BLOCK makes a block with an identity branch. WIDEN makes a block that changes the number of channels. */
#define BLOCK(N) "residual(conv " N " 3 same, batchnorm, relu, conv " N " 3 same, batchnorm), relu, "
#define WIDEN(N)                                                                                                       \
    "residual(conv " N " 3 same, batchnorm, relu, conv " N " 3 same, batchnorm | conv " N " 1, batchnorm), relu, "

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    struct lade_flow_options images = {.target_size = {32, 32}, .batch_size = 20, .seed = 1, .rescale = 1 / 255.f};
    lade_flow *flow = lade_flow_from_directory(argc > 1 ? argv[1] : "shapes", &images, &err);

    char spec[1024];
    snprintf(spec, sizeof spec, "conv 16 3 same, batchnorm, relu, maxpool 2, " BLOCK("16") "maxpool 2, " WIDEN("32")
             "globalavgpool, dense %d", flow ? lade_flow_classes(flow) : 0);
    lade_net *net = flow ? lade_net_new(spec, 3, (int64_t[]){32, 32, 3}, NULL, &err) : NULL;
    if (net && lade_net_describe(net, stdout) == LADE_OK)
        for_each (m, lade_fit(net, lade_flow_source(flow),
                              &(struct lade_fit_options){.optimizer = {LADE_ADAM, .lr = .003f}, .epochs = 8}), &err)
            printf("epoch %d: loss %.3f, accuracy %.3f\n", m->epoch, m->loss, m->accuracy);
    lade_net_free(net);
    lade_flow_free(flow);
    if (err.code < 0)
        fprintf(stderr, "%s\n", err.message);
    return err.code < 0;
}
