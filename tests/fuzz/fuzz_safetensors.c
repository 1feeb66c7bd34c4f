/*
 * Fuzz target: the input is the file of a net. If lade rejects the file, the error must have a message. If lade loads
 * the net, the net can be described and can predict.
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/train.h>

#include "replay.h"

/* Predicts one sample of zeros. */
static void predict(lade_net *net) {
    const struct lade_net_info *info = lade_net_info(net);
    int64_t shape[LADE_MAX_DIMS] = {1};
    for (int i = 0; i < info->sample_ndim; i++)
        shape[i + 1] = info->sample_shape[i];
    if (info->outputs > 4096)
        return;
    struct lade_tensor *x = lade_tensor_new(LADE_UINT8, info->sample_ndim + 1, shape);
    float *out = malloc((size_t)info->outputs * sizeof *out);
    must(x && out, "no memory");
    must(lade_net_predict(net, x, out, NULL) == LADE_OK, "the prediction fails");
    free(out);
    lade_tensor_unref(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    static FILE *nowhere;
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    must(nowhere != NULL, "no /dev/null");
    char path[64];
    int fd = memory_file(bytes, n, path);
    struct lade_error err = {0};
    lade_net *net = lade_net_load(path, 1, &err);
    close(fd);
    if (!net) {
        must_be_error(err.code, err.message);
        return 0;
    }
    must(lade_net_describe(net, nowhere) == LADE_OK, "the description fails");
    predict(net);
    lade_net_free(net);
    return 0;
}
