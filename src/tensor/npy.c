/*
 * .npy, format 1.0 (NumPy Enhancement Proposal 1): magic, version, header length, a Python dict padded with blanks so
 * that the elements start on a multiple of 64, the elements.
 */
#include "base/sys.h"
#include <lade/tensor.h>

#include <errno.h>
#include <string.h>

enum { MAGIC_SIZE = 6, PREFIX_SIZE = MAGIC_SIZE + 2 + 2, ALIGNMENT = 64, HEADER_MAX = 320 };

/* Length of the header written to `header`: the prefix, the dict, blanks, a line feed. */
static size_t make_header(const struct lade_tensor *t, char header[HEADER_MAX]) {
    const char *name = lade_dtype_name(t->dtype); /* NumPy's: the first letter is the kind */
    size_t size = lade_dtype_size(t->dtype);
    char order = size == 1 ? '|' : __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';

    char *p = header, *end = header + HEADER_MAX;
    memcpy(p, "\x93NUMPY\x01\x00", MAGIC_SIZE + 2);
    p += PREFIX_SIZE;
    p +=
        snprintf(p, (size_t)(end - p), "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': (", order, name[0], size);
    for (int i = 0; i < t->dl.ndim; i++)
        p += snprintf(p, (size_t)(end - p), "%jd%s", (intmax_t)t->shape[i],
                      i + 1 < t->dl.ndim ? ", "
                      : t->dl.ndim == 1  ? "," /* Python's tuple of one */
                                         : "");
    p += snprintf(p, (size_t)(end - p), "), }");
    while ((p - header + 1) % ALIGNMENT != 0)
        *p++ = ' ';
    *p++ = '\n';
    size_t length = (size_t)(p - header) - PREFIX_SIZE;
    header[MAGIC_SIZE + 2] = (char)(length & 0xff);
    header[MAGIC_SIZE + 3] = (char)(length >> 8);
    return (size_t)(p - header);
}

int lade_tensor_write_npy(const struct lade_tensor *t, const char *path, struct lade_error *err) {
    char header[HEADER_MAX];
    size_t header_size = make_header(t, header), bytes = lade_tensor_bytes(t);
    FILE *f = fopen(path, "wb");
    if (!f)
        return lade_error_from_errno(err, errno, "%s: cannot create", path);
    if (fwrite(header, 1, header_size, f) == header_size && fwrite(t->dl.data, 1, bytes, f) == bytes &&
        fflush(f) == 0) {
        if (fclose(f) == 0)
            return LADE_OK;
        f = NULL;
    }
    lade__sys_discard(f, path);
    return lade_error_from_errno(err, errno, "%s: cannot write %zu bytes", path, header_size + bytes);
}
