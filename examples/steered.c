/* Shows a generator that wraps lade_fit(). If the loss rises, the caller sends a new learning rate to the generator. */
#include <lade/flow.h>
#include <lade/short.h>
#include <lade/train.h>

/* Yields the loss of each epoch. A value that is sent to the generator becomes the learning rate. */
generator_static(double, steered, lade_net *, net, struct lade_source, source) {
    struct lade_fit_options fit = {.optimizer = {LADE_SGD, .lr = .3f, .momentum = .9f}, .epochs = 12};
    for_each (m, lade_fit(net, source, &fit)) { /* an error of lade_fit() becomes an error of this generator */
        double lr = yield(m->loss);
        if (lr > 0)
            m->lr = lr;
    }
}

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    struct lade_flow_options images = {.target_size = {16, 16}, .seed = 1, .rescale = 1 / 255.f};
    lade_flow *flow = lade_flow_from_directory(argc > 1 ? argv[1] : "shapes", &images, &err);
    char spec[32];
    snprintf(spec, sizeof spec, "dense %d", flow ? lade_flow_classes(flow) : 1);
    lade_net *net = flow ? lade_net_new(spec, 3, (int64_t[]){16, 16, 3}, NULL, &err) : NULL;
    if (net) {
        double lr = .3, before = 1e9;
        gen_auto(double) run = steered(net, lade_flow_source(flow));
        for (const double *loss = next(run); loss;) {
            bool worse = *loss > before;
            before = *loss;
            printf("loss %.3f%s\n", *loss, worse ? "; divide the learning rate by 10" : "");
            loss = worse ? gen_send(run, lr /= 10) : next(run);
        }
        if (gen_error(run))
            err = *gen_error(run);
    }
    lade_net_free(net);
    lade_flow_free(flow);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    return err.code ? 1 : 0;
}
