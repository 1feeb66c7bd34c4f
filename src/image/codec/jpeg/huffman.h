/*
 * image/codec/jpeg/huffman.h - reads the entropy-coded bits of a JPEG (ITU T.81, annex F) in place. Codes of
 * coefficients that are not needed are skipped, several codes at a time. The functions read no byte beyond the end of
 * the data, even if the data is invalid.
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_HUFFMAN_H
#define LADE_SRC_IMAGE_CODEC_JPEG_HUFFMAN_H

#include "image/codec/bytes.h"

#include <stdbool.h>

enum {
    LADE__LOOKUP_BITS = 12, /* length of the longest code in the table; codes of 13 to 16 bits are found by a search */
    LADE__LOOKUPS = 1 << LADE__LOOKUP_BITS,
    LADE__BLOCK = 64, /* number of coefficients in a block */

    /* Each element of lade__huffman.skip contains a number of coefficients. LADE__BLOCK_END is added to this number if
       the last code is an end-of-block code. The number is LADE__BLOCK_SINGLE if the table cannot skip any code. */
    LADE__BLOCK_END = 256,
    LADE__BLOCK_SINGLE = 512
};

/*
 * The tables of a DHT segment. The tables are kept after an image. The next image usually has the same tables, because
 * most files use the tables of the standard.
 */
struct lade__huffman {
    uint8_t bits[17]; /* number of codes of each length; bits[0] is not used */
    uint8_t values[256];
    bool good;  /* `code`, `end` and `value` were computed from `bits` and `values` */
    bool skips; /* `skip` was computed from `bits` and `values` */

    /* Each array has an element for every value of the next LADE__LOOKUP_BITS bits.
       code: length << 8 | value of the first code; 0 if the code is longer than LADE__LOOKUP_BITS bits or invalid.
       skip: number of coefficients << 6 | total number of bits, for all complete AC codes in the next bits. */
    uint16_t code[LADE__LOOKUPS];
    uint16_t skip[LADE__LOOKUPS];

    uint32_t end[17];  /* for each length: the last code plus 1, shifted left to 16 bits */
    int32_t value[17]; /* for each length: the value of a code is values[value[length] + code] */
};

/*
 * lade__huffman_make()  - makes the table for the codes of a DHT segment. Returns false if the codes are invalid.
 * lade__huffman_skips() - makes table->skip, which is used for AC coefficients.
 * lade__huffman_long()  - finds a code of more than LADE__LOOKUP_BITS bits. Returns length << 8 | value, or 0 if
 *                         the code is invalid.
 */
bool lade__huffman_make(struct lade__huffman *table, const uint8_t bits[17], const uint8_t values[256]);
void lade__huffman_skips(struct lade__huffman *table);
unsigned lade__huffman_long(const struct lade__huffman *table, uint64_t next);

/*
 * A bit reader. At a marker, and at the end of the bytes, the reader adds zero bits and counts them.
 *
 * A hot loop copies the struct to a local variable, so that the fields stay in registers, and passes a second copy to
 * functions that are not inline. Fields of the same size are not next to each other. Otherwise compilers would load two
 * such fields with one instruction, and this load would wait until the earlier stores to both fields are complete.
 */
struct lade__bits {
    uint64_t next;      /* the next bits, beginning with the highest one */
    int count;          /* number of valid bits in `next` */
    const uint8_t *at;  /* the first byte that is not in `next` */
    int made_up;        /* number of zero bits that the reader added at the end of the valid bits */
    const uint8_t *end; /* end of the bytes */
};

/*
 * lade__bits_fill()    - fills `next`. This function is needed near a byte of 0xff and near the end of the bytes.
 * lade__bits_good()    - returns true if none of the added zero bits was consumed.
 * lade__bits_odd()     - marks the data as invalid: all later calls of lade__bits_good() return false.
 * lade__bits_marker()  - returns true if the marker @code follows, after at most 7 bits of padding.
 * lade__bits_restart() - moves past the marker that lade__bits_marker() found.
 */
void lade__bits_fill(struct lade__bits *bits);
bool lade__bits_good(const struct lade__bits *bits);
void lade__bits_odd(struct lade__bits *bits);
bool lade__bits_marker(const struct lade__bits *bits, unsigned code);
void lade__bits_restart(struct lade__bits *bits);

/* Fills `next` until it holds at least 56 valid bits. After the first `count` bits, `next` may also hold later bits of
   the data. The next call of this function ORs the same bits into the same positions, so these bits do not change. */
static inline void lade__bits_more(struct lade__bits *bits) {
    if (bits->end - bits->at >= 8) {
        uint64_t word = lade__be64(bits->at);
        if (!((~word - 0x0101010101010101u) & word & 0x8080808080808080u)) { /* no byte is 0xff */
            bits->next |= word >> bits->count;
            bits->at += (63 - bits->count) >> 3;
            bits->count |= 56;
            return;
        }
    }
    struct lade__bits rare = *bits;
    lade__bits_fill(&rare);
    *bits = rare;
}

static inline void lade__bits_drop(struct lade__bits *bits, unsigned n) {
    bits->next <<= n & 63;
    bits->count -= (int)(n & 63);
}

/* Returns length << 8 | value of the next code, or 0 if the code is invalid. Does not consume the code. */
static inline unsigned lade__huffman_peek(const struct lade__huffman *table, uint64_t next) {
    unsigned code = table->code[next >> (64 - LADE__LOOKUP_BITS)];
    return code ? code : lade__huffman_long(table, next);
}

/* Consumes @length bits and then an integer of @size bits (at most 15). Returns the integer, which is negative if its
   first bit is 0 (T.81, F.2.2.1). */
static inline int lade__bits_number(struct lade__bits *bits, unsigned length, unsigned size) {
    uint64_t next = bits->next << (length & 63);
    int number = (int)(next >> 1 >> (63 - size));
    int negative = (int)(~next >> 63);
    lade__bits_drop(bits, length + size);
    return number - (((1 << size) - 1) & -negative);
}

#endif
