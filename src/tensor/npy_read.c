/*
 * Maps .npy files as tensors. The file is mapped and not copied into memory, so an array may be larger than memory, and
 * the system reads only the pages that are used. The file is not trusted: each field of its header is checked, and the
 * size of the file is compared with the size that the header describes.
 *
 * The header is a Python dict on one line: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
 */
#include "base/sys.h"
#include "tensor/mapped.h"

#include <stdbool.h>
#include <string.h>

enum { MAGIC_SIZE = 6, HEADER_LIMIT = 65536 };

/* The rest of the text of the dict, which has not been parsed yet, and the values that have been read. */
struct header {
    const char *at, *end;
    enum lade_dtype dtype;
    bool dtype_known, fortran, fortran_known;
    int ndim; /* -1: not read yet */
    int64_t shape[LADE_MAX_DIMS];
};

/* ---- Words of the dict ------------------------------------------------------------------------------------------- */

static void skip_blanks(struct header *h) {
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\n' || *h->at == '\t'))
        h->at++;
}

/* If the text continues with @word, skips @word and returns true. */
static bool take(struct header *h, const char *word) {
    size_t n = strlen(word);

    skip_blanks(h);
    if ((size_t)(h->end - h->at) < n || memcmp(h->at, word, n) != 0)
        return false;
    h->at += n;
    return true;
}

/* Reads a quoted string of less than 32 bytes. Strings in a valid header are short. */
static bool take_string(struct header *h, char out[32]) {
    size_t n = 0;

    skip_blanks(h);
    if (h->at == h->end || (*h->at != '\'' && *h->at != '"'))
        return false;
    char quote = *h->at++;
    for (; h->at < h->end && *h->at != quote; h->at++) {
        if (n == 31 || *h->at == '\\' || (unsigned char)*h->at < ' ')
            return false;
        out[n++] = *h->at;
    }
    out[n] = 0;
    return h->at++ < h->end;
}

static bool take_size(struct header *h, int64_t *size) {
    bool any = false;

    skip_blanks(h);
    for (*size = 0; h->at < h->end && *h->at >= '0' && *h->at <= '9'; h->at++, any = true)
        if (__builtin_mul_overflow(*size, 10, size) || __builtin_add_overflow(*size, *h->at - '0', size))
            return false;
    return any;
}

/* ---- Fields of the dict ------------------------------------------------------------------------------------------ */

static int malformed(struct lade_error *err, const char *what) {
    return lade_error_set(err, LADE_EFORMAT, "the header of a .npy file is malformed: %s", what);
}

static int read_descr(struct header *h, struct lade_error *err) {
    char text[32], order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';

    if (h->dtype_known || !take_string(h, text))
        return malformed(err, "descr is not a simple type");
    for (int d = 0; d < LADE_DTYPE_COUNT; d++) {
        const char *name = lade_dtype_name((enum lade_dtype)d); /* begins with NumPy's letter for the type */
        size_t size = lade_dtype_size((enum lade_dtype)d);
        char words[8];
        snprintf(words, sizeof words, "%c%zu", name[0], size);
        if (strcmp(text + (text[0] != 0), words) != 0)
            continue;
        if (text[0] != order && !(size == 1 && strchr("|<>=", text[0])) && text[0] != '=')
            return lade_error_set(err, LADE_EUNSUPPORTED,
                                  "its elements are %s, but this machine has another byte order; save the array again "
                                  "with a.astype('%s')",
                                  text, name);
        h->dtype = (enum lade_dtype)d;
        h->dtype_known = true;
        return LADE_OK;
    }
    return lade_error_set(err, LADE_EUNSUPPORTED,
                          "its elements are \"%s\"; only float32, float64 and integers of 8 to 64 bits are supported",
                          text);
}

static int read_shape(struct header *h, struct lade_error *err) {
    if (h->ndim >= 0 || !take(h, "("))
        return malformed(err, "shape is not a tuple");
    for (h->ndim = 0; !take(h, ")"); h->ndim++) {
        if (h->ndim == LADE_MAX_DIMS)
            return lade_error_set(err, LADE_EUNSUPPORTED, "it has more than %d dimensions", LADE_MAX_DIMS);
        if (!take_size(h, &h->shape[h->ndim]))
            return malformed(err, "shape contains a value that is not a size");
        if (take(h, ","))
            continue;
        if (h->ndim == 0 || !take(h, ")"))
            return malformed(err, "shape is not a tuple");
        h->ndim++;
        break;
    }
    return LADE_OK;
}

static int read_field(struct header *h, struct lade_error *err) {
    char key[32];

    if (!take_string(h, key) || !take(h, ":"))
        return malformed(err, "it is not a dict");
    if (strcmp(key, "descr") == 0)
        return read_descr(h, err);
    if (strcmp(key, "shape") == 0)
        return read_shape(h, err);
    if (strcmp(key, "fortran_order") != 0 || h->fortran_known)
        return malformed(err, "a key is unknown or occurs twice");
    h->fortran = take(h, "True");
    h->fortran_known = h->fortran || take(h, "False");
    return h->fortran_known ? LADE_OK : malformed(err, "fortran_order is neither True nor False");
}

static int read_dict(struct header *h, struct lade_error *err) {
    if (!take(h, "{"))
        return malformed(err, "it is not a dict");
    while (!take(h, "}")) {
        int status = read_field(h, err);
        if (status < 0)
            return status;
        if (take(h, ","))
            continue;
        if (!take(h, "}"))
            return malformed(err, "it is not a dict");
        break;
    }
    skip_blanks(h);
    if (h->at != h->end)
        return malformed(err, "text follows the dict");
    if (!h->dtype_known || !h->fortran_known || h->ndim < 0)
        return malformed(err, "descr, fortran_order or shape is missing");
    if (h->fortran && h->ndim > 1)
        return lade_error_set(err, LADE_EUNSUPPORTED,
                              "it is in Fortran order; save the array again with numpy.ascontiguousarray(a)");
    return LADE_OK;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* Reads the header into @h, and stores in *start the offset of the elements in the file. Returns LADE_OK. On error,
   fills @err and returns its status. */
static int read_header(const unsigned char *bytes, size_t n, struct header *h, size_t *start, struct lade_error *err) {
    size_t prefix, length;

    if (n < MAGIC_SIZE + 4 || memcmp(bytes, "\x93NUMPY", MAGIC_SIZE) != 0)
        return lade_error_set(err, LADE_EFORMAT, "not a .npy file: its first bytes are wrong");
    if (bytes[6] < 1 || bytes[6] > 3 || bytes[7] != 0)
        return lade_error_set(err, LADE_EUNSUPPORTED,
                              "it has version %d.%d of the .npy format; only 1.0 to 3.0 are supported", bytes[6],
                              bytes[7]);
    prefix = MAGIC_SIZE + 2 + (bytes[6] == 1 ? 2 : 4);
    if (n < prefix)
        return malformed(err, "it is truncated");
    length = bytes[8] | (size_t)bytes[9] << 8;
    if (bytes[6] > 1)
        length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (length > HEADER_LIMIT || n - prefix < length)
        return malformed(err, "it is truncated, or its length is not possible");
    *h = (struct header){.at = (const char *)bytes + prefix, .end = (const char *)bytes + prefix + length, .ndim = -1};
    *start = prefix + length;
    return read_dict(h, err);
}

static int check_size(const struct header *h, size_t have, size_t start, struct lade_error *err) {
    uint64_t bytes = lade_dtype_size(h->dtype);
    bool overflow = false, empty = false;

    for (int i = 0; i < h->ndim; i++) {
        empty |= h->shape[i] == 0;
        overflow |= __builtin_mul_overflow(bytes, h->shape[i] ? (uint64_t)h->shape[i] : 1, &bytes);
    }
    if (empty)
        bytes = 0;
    if ((overflow && !empty) || bytes != have)
        return lade_error_set(
            err, LADE_EFORMAT,
            "it has %zu bytes of elements, but its shape and type need %s%llu; the file is truncated or damaged", have,
            overflow && !empty ? "more than " : "", overflow && !empty ? ~0ULL : (unsigned long long)bytes);
    if (start % lade_dtype_size(h->dtype))
        return malformed(err, "its length makes the offset of the elements unaligned");
    return LADE_OK;
}

static void unmap(void *ctx) {
    lade__sys_unmap(ctx);
    lade_free(ctx);
}

static struct lade_tensor *wrap(struct lade__mapping *map, struct lade_error *err) {
    struct header h;
    size_t start = 0;
    struct lade_tensor *t = NULL;

    if (read_header(map->data, map->size, &h, &start, err) == LADE_OK &&
        check_size(&h, map->size - start, start, err) == LADE_OK) {
        t = lade_tensor_wrap((unsigned char *)map->data + start, h.dtype, h.ndim, h.shape, unmap, map);
        if (t)
            t->read_only = true;
        else
            lade_error_set(err, LADE_ENOMEM, "no memory for a tensor");
    }
    return t;
}

struct lade_tensor *lade_tensor_map_npy(const char *path, struct lade_error *err) {
    struct lade__mapping *map = lade_calloc(1, sizeof *map);
    struct lade_tensor *t = NULL;
    struct lade_error cause = {0};

    if (!map)
        lade_error_set_subject(err, LADE_ENOMEM, path, "%s: no memory to map it", path);
    else if (lade__sys_map_file(path, map, err) == LADE_OK) {
        t = wrap(map, &cause);
        if (t)
            return t;
        lade_error_set_subject(err, cause.code, path, "%s: %s", path, cause.message);
        lade__sys_unmap(map);
    }
    lade_free(map);
    return NULL;
}

/* ---- Reading without the mapping --------------------------------------------------------------------------------- */

bool lade__tensor_is_mapped(const struct lade_tensor *t) {
    return lade__tensor_owner(t)->release == unmap;
}

int lade__tensor_read_mapped(const struct lade_tensor *t, size_t at, size_t size, void *to, struct lade_error *err) {
    const struct lade__mapping *map = lade__tensor_owner(t)->release_ctx;
    size_t start = (size_t)((const char *)t->dl.data - (const char *)map->data);

    return lade__sys_read_mapped(map, start + at, size, to, err);
}

struct lade_tensor *lade__tensor_in_memory(struct lade_tensor *t, struct lade_error *err) {
    if (!lade__tensor_is_mapped(t))
        return lade_tensor_ref(t);
    struct lade_tensor *copy = lade_tensor_new(t->dtype, t->dl.ndim, t->shape);

    if (!copy)
        lade_error_set(err, LADE_ENOMEM, "no memory for an array of %zu bytes", lade_tensor_bytes(t));
    else if (lade__tensor_read_mapped(t, 0, lade_tensor_bytes(t), lade_tensor_data(copy), err) < 0) {
        lade_tensor_unref(copy);
        return NULL;
    }
    return copy;
}
