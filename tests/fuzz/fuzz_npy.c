/*
 * Fuzz target: any bytes as a .npy file. What is refused has words; of what is mapped every element can be read.
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/tensor.h>

#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    char path[64];
    struct lade_error err = {0};
    int fd = memory_file(bytes, n, path);
    struct lade_tensor *t = lade_tensor_map_npy(path, &err);
    close(fd);
    if (!t) {
        must(err.code < 0 && err.message[0], "a failure without words");
        return 0;
    }
    const unsigned char *data = lade_tensor_data(t);
    unsigned sum = 0;
    must(lade_tensor_bytes(t) < n, "more elements than the file has bytes");
    for (size_t i = 0; i < lade_tensor_bytes(t); i++)
        sum += data[i];
    must(sum < UINT32_MAX, "never");
    lade_tensor_unref(t);
    return 0;
}
