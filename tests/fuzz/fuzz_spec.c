/*
 * Fuzz target: the input is the specification of a net. If lade rejects the specification, the error must have a
 * message. In an accepted specification, each layer must come after its inputs, and the names of parameters must be
 * unique. If the net is small, it can also be described and can predict.
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/train.h>

#include "replay.h"
#include "train/spec/spec.h"

/* A net is used only if it has at most SMALL parameters and each of its layers has at most SMALL values. */
#define SMALL 4096

static const struct lade__shape shapes[] = {{3, {5, 4, 3}}, {1, {6}}, {2, {2, 3}}};

/* Checks the order of the layers. Returns true if the net is small enough to be used. */
static bool check_layers(const struct lade__spec *s) {
    bool small = s->block_floats <= SMALL;
    for (int i = 0; i < s->layer_count; i++) {
        const struct lade__layer *l = &s->layers[i];
        must(l->input_count >= 1, "a layer without an input");
        for (int j = 0; j < l->input_count; j++)
            must(l->inputs[j] >= LADE__SAMPLES && l->inputs[j] < i, "an input after its layer");
        must(l->use_count > 0 || i == s->layer_count - 1, "a layer whose output is not used");
        small = small && lade__shape_count(&l->out) <= SMALL && l->size <= 64;
    }
    return small;
}

static void check_names(const struct lade__spec *s) {
    char a[LADE__PARAMETER_NAME], b[LADE__PARAMETER_NAME];
    for (int i = 0; i < s->parameter_count && i < 64; i++)
        for (int j = 0; j < i; j++)
            must(strcmp(lade__parameter_name(&s->parameters[i], a), lade__parameter_name(&s->parameters[j], b)) != 0,
                 "two parameters have the same name");
}

/* Describes the net and predicts one sample of zeros. */
static void use(const char *text, const struct lade__shape *shape) {
    static FILE *nowhere;
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    must(nowhere != NULL, "no /dev/null");
    int64_t sizes[LADE_MAX_DIMS] = {1};
    memcpy(sizes + 1, shape->size, (size_t)shape->ndim * sizeof *sizes);
    lade_net *net = lade_net_new(text, shape->ndim, shape->size, &(struct lade_net_options){.threads = 1}, NULL);
    struct lade_tensor *x = lade_tensor_new(LADE_UINT8, shape->ndim + 1, sizes);
    float out[SMALL];
    must(net && x, "no memory");
    must(lade_net_describe(net, nowhere) == LADE_OK, "the description fails");
    must(lade_net_predict(net, x, out, NULL) == LADE_OK, "the prediction fails");
    lade_tensor_unref(x);
    lade_net_free(net);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    char *text = malloc(n + 1);
    must(text != NULL, "no memory");
    memcpy(text, bytes, n);
    text[n] = '\0';
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct lade_error err = {0};
        struct lade__spec s;
        if (lade__spec_init(&s, text, &shapes[i], false, &err) < 0) {
            must_be_error(err.code, err.message);
            continue;
        }
        bool small = check_layers(&s);
        check_names(&s);
        lade__spec_release(&s);
        if (small && n < 256)
            use(text, &shapes[i]);
    }
    free(text);
    return 0;
}
