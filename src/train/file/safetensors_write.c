/*
 * train/file/safetensors_write.c - writes safetensors files. Spaces are added to the header, so that the tensors begin
 * at a multiple of 8 bytes. The reference implementation of the format does the same.
 */
#include <inttypes.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/json.h"
#include "train/file/safetensors.h"

static json_t *entry(const struct lade__safetensor *t) {
    json_t *shape = json_array();
    for (int i = 0; shape && i < t->shape.ndim; i++)
        if (json_array_append_new(shape, json_integer(t->shape.size[i])) != 0) {
            json_decref(shape);
            shape = NULL;
        }
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", t->dtype, "shape", shape, "data_offsets", (json_int_t)t->begin,
                     (json_int_t)t->end);
}

/* Returns the text of the header. All strings must be UTF-8. The caller must free the text with lade_free(). Returns
   NULL if there is no memory. */
static char *header(const struct lade__meta *meta, int meta_count, const struct lade__safetensor *tensors, int count) {
    json_t *root = json_object(), *metadata = json_object();
    bool good = json_object_set_new(root, "__metadata__", metadata) == 0;
    for (int i = 0; i < meta_count && good; i++)
        good = json_object_set_new(metadata, meta[i].key, json_string(meta[i].value)) == 0;
    for (int i = 0; i < count && good; i++)
        good = json_object_set_new(root, tensors[i].name, entry(&tensors[i])) == 0;
    char *text = good ? lade__json_to_text(root) : NULL;
    json_decref(root);
    return text;
}

static void put_u64(FILE *f, uint64_t v) {
    for (int i = 0; i < 8; i++, v >>= 8)
        putc((int)(v & 255), f);
}

/* Writes float32 numbers in little endian. */
static void put_floats(FILE *f, const float *v, size_t count) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    fwrite(v, sizeof *v, count, f);
#else
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        bits = __builtin_bswap32(bits);
        fwrite(&bits, sizeof bits, 1, f);
    }
#endif
}

int lade__safetensors_write(const char *path, const struct lade__meta *meta, int meta_count,
                            struct lade__safetensor *tensors, const float *const *data, int count,
                            struct lade_error *err) {
    uint64_t offset = 0;
    for (int i = 0; i < count; i++) {
        tensors[i].dtype = "F32";
        tensors[i].begin = offset;
        offset += (uint64_t)lade__shape_count(&tensors[i].shape) * sizeof(float);
        tensors[i].end = offset;
    }
    char *text = header(meta, meta_count, tensors, count);
    if (!text)
        return lade_error_set_subject(err, LADE_ENOMEM, path, "cannot write %s: no memory", path);
    struct lade__atomic_file file;
    size_t length = strlen(text), padding = (8 - length % 8) % 8;
    int status = length + padding <= LADE__SAFETENSORS_HEADER
                     ? lade__atomic_open(&file, path, err)
                     : lade_error_set_subject(err, LADE_ELIMIT, path,
                                              "cannot write %s: its header would have %zu bytes, more than the limit "
                                              "of %" PRIu64 "; the state of a source or the class names are too long",
                                              path, length + padding, LADE__SAFETENSORS_HEADER);
    if (status == LADE_OK) {
        put_u64(file.f, length + padding);
        fwrite(text, 1, length, file.f);
        fprintf(file.f, "%*s", (int)padding, "");
        for (int i = 0; i < count; i++)
            put_floats(file.f, data[i], (size_t)lade__shape_count(&tensors[i].shape));
        status = lade__atomic_commit(&file, err);
    }
    lade_free(text);
    return status;
}
