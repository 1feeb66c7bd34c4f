/* Fuzz target: the input is a .npy file. If lade rejects the file, the error must have a message. If lade accepts the
   file, each byte of the tensor must be readable. */
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
        must_be_error(err.code, err.message);
        return 0;
    }
    must(lade_tensor_bytes(t) < n, "the tensor has more elements than the file has bytes");
    read_bytes(lade_tensor_data(t), lade_tensor_bytes(t));
    lade_tensor_unref(t);
    return 0;
}
