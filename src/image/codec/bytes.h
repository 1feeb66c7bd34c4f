/*
 * image/codec/bytes.h - reads and writes integers of a fixed byte order.
 */
#ifndef LADE_SRC_IMAGE_CODEC_BYTES_H
#define LADE_SRC_IMAGE_CODEC_BYTES_H

#include <stdint.h>

static inline uint16_t lade__le16(const uint8_t *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t lade__le32(const uint8_t *p) {
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint16_t lade__be16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t lade__be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t lade__be64(const uint8_t *p) {
    return (uint64_t)lade__be32(p) << 32 | lade__be32(p + 4);
}

static inline void lade__put_le16(uint8_t *p, uint16_t v) {
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void lade__put_le32(uint8_t *p, uint32_t v) {
    lade__put_le16(p, (uint16_t)v);
    lade__put_le16(p + 2, (uint16_t)(v >> 16));
}

#endif
