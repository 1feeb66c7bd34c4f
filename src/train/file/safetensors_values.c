/*
 * train/file/safetensors_values.c - reads the elements of tensors as floats. Programs that save memory write weights as
 * F16 or BF16. Each number of these types is also a number of F32, so the conversion is exact.
 */
#include <math.h>
#include <string.h>

#include "train/file/safetensors.h"

static float float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float float_of_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half >> 15) << 31, exponent = half >> 10 & 31, fraction = half & 1023;
    if (exponent == 31) /* infinity or NaN */
        return float_of_bits(sign | UINT32_C(0xff) << 23 | fraction << 13);
    if (exponent > 0)
        return float_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
    return ldexpf(sign ? -(float)fraction : (float)fraction, -24);
}

static uint16_t little_endian_16(const unsigned char *bytes) {
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t little_endian_32(const unsigned char *bytes) {
    return little_endian_16(bytes) | (uint32_t)little_endian_16(bytes + 2) << 16;
}

bool lade__safetensors_can_read(const struct lade__safetensor *t) {
    return strcmp(t->dtype, "F32") == 0 || strcmp(t->dtype, "F16") == 0 || strcmp(t->dtype, "BF16") == 0;
}

int lade__safetensors_read(const struct lade__safetensors *s, const struct lade__safetensor *t, float *out,
                           struct lade_error *err) {
    size_t bytes = (size_t)(t->end - t->begin), count = (size_t)lade__shape_count(&t->shape);
    /* The bytes of the file are stored in the last part of @out. The loop reads each number before it overwrites the
       memory of this number. */
    unsigned char *raw = (unsigned char *)(out + count) - bytes;
    int status = lade__safetensors_read_at(s->fd, raw, bytes, s->data_begin + t->begin, t->name, err);
    if (status < 0)
        return status;
    bool is_half = strcmp(t->dtype, "F16") == 0, is_short = bytes < count * sizeof *out;
    for (size_t i = 0; i < count; i++)
        out[i] = is_half    ? float_of_half(little_endian_16(raw + 2 * i))
                 : is_short ? float_of_bits((uint32_t)little_endian_16(raw + 2 * i) << 16)
                            : float_of_bits(little_endian_32(raw + 4 * i));
    return LADE_OK;
}
