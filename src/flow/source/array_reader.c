/*
 * Reads the rows of an array. The flow uses a row in the memory of the array, without a copy. However, the rows of a
 * mapped file are copied with pread(), because access to the mapped memory would end the process with SIGBUS if the
 * file became shorter.
 */
#include "flow/source/array_reader.h"

#include "tensor/mapped.h"

static int64_t read_row(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
    const struct lade_tensor *x = ctx;
    int64_t bytes = x->shape[1] * x->shape[2] * x->shape[3] * (int64_t)lade_dtype_size(x->dtype);

    (void)worker;
    if (lade__tensor_is_mapped(x)) {
        void *row = lade_reader_reserve(buffer, bytes, err);
        int read = row ? lade__tensor_read_mapped(x, (size_t)(i * bytes), (size_t)bytes, row, err) : err->code;
        return read < 0 ? read : bytes;
    }
    int status = lade_reader_lend(buffer, (const char *)lade_tensor_data(x) + i * bytes, bytes, err);
    return status < 0 ? status : bytes;
}

static void close_reader(void *x) {
    lade_tensor_unref(x);
}

void lade__array_reader(struct lade_reader *reader, struct lade_tensor *x) {
    *reader = (struct lade_reader){.source = "x",
                                   .samples = x->shape[0],
                                   .shape = {x->shape[1], x->shape[2], x->shape[3]},
                                   .dtype = x->dtype,
                                   .read = read_row,
                                   .close = close_reader,
                                   .ctx = lade_tensor_ref(x)};
}
