/*
 * image/codec/jpeg/huffman.h - reads the entropy-coded bits of a JPEG (ITU T.81, annex F) in place, and skips the codes
 * of coefficients that are not needed, several at a time. No read goes outside of the bytes, whatever they contain.
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_HUFFMAN_H
#define LADE_SRC_IMAGE_CODEC_JPEG_HUFFMAN_H

#include "image/codec/bytes.h"

#include <stdbool.h>

enum {
    LADE__LOOKUP_BITS = 12, /* longest code in the table; longer codes, of up to 16 bits, are searched */
    LADE__LOOKUPS = 1 << LADE__LOOKUP_BITS,
    LADE__BLOCK = 64,        /* coefficients in a block */
    LADE__BLOCK_END = 256,   /* in lade__huffman.skip: the last of the codes is an end-of-block code */
    LADE__BLOCK_SINGLE = 512 /* in lade__huffman.skip: the code is longer, or invalid */
};

/*
 * The tables of a DHT segment. They are kept from image to image, because most files have the tables of the standard.
 */
struct lade__huffman {
    uint8_t bits[17]; /* number of codes of each length; bits[0] is not used */
    uint8_t values[256];
    bool good, skips;             /* true if `code`, or `skip`, is valid for bits and values */
    uint16_t code[LADE__LOOKUPS]; /* for each value of the next bits: length << 8 | value; 0 for a longer code */
    uint16_t skip[LADE__LOOKUPS]; /* all AC codes that fit into the next bits: number of coefficients << 6 | bits */
    uint32_t end[17];             /* for each length: the last code plus 1, shifted to 16 bits */
    int32_t value[17];            /* the value of a code of this length is values[value + code] */
};

/*
 * lade__huffman_make()  - makes the table for the codes of a DHT segment. Returns false if they are invalid.
 * lade__huffman_skips() - makes table->skip, for AC coefficients.
 * lade__huffman_long()  - finds a code of more than LADE__LOOKUP_BITS bits. Returns length << 8 | value, or 0 if
 *                         the code is invalid.
 */
bool lade__huffman_make(struct lade__huffman *table, const uint8_t bits[17], const uint8_t values[256]);
void lade__huffman_skips(struct lade__huffman *table);
unsigned lade__huffman_long(const struct lade__huffman *table, uint64_t next);

/*
 * A reader of bits. After the last byte, or before a marker, the reader supplies bits of 0 and counts them.
 *
 * A hot loop keeps a copy in a local variable, so that it stays in registers, and passes a second copy to functions
 * that are not inline. Fields of the same size are not neighbours, because compilers would load two of them at once,
 * and such a load must wait for the two separate stores before it.
 */
struct lade__bits {
    uint64_t next;      /* the next bits, beginning with the highest one */
    int count;          /* number of valid bits in `next` */
    const uint8_t *at;  /* the byte after these bits */
    int made_up;        /* number of valid bits that are supplied zeros; they are the last ones */
    const uint8_t *end; /* end of the bytes */
};

/*
 * lade__bits_fill()    - fills `next` from bytes that may be 0xff or missing.
 * lade__bits_good()    - true if no supplied zeros were consumed.
 * lade__bits_odd()     - makes lade__bits_good() return false from now on.
 * lade__bits_marker()  - true if the marker @code is next, after less than a byte of padding.
 * lade__bits_restart() - continues after that marker.
 */
void lade__bits_fill(struct lade__bits *bits);
bool lade__bits_good(const struct lade__bits *bits);
void lade__bits_odd(struct lade__bits *bits);
bool lade__bits_marker(const struct lade__bits *bits, unsigned code);
void lade__bits_restart(struct lade__bits *bits);

/* Fills `next` to at least 56 bits. Bits after `count` are already correct; the next call stores them once more. */
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

/* Returns the next code without consuming it: length << 8 | value, or 0 if it is invalid. */
static inline unsigned lade__huffman_see(const struct lade__huffman *table, uint64_t next) {
    unsigned code = table->code[next >> (64 - LADE__LOOKUP_BITS)];
    return code ? code : lade__huffman_long(table, next);
}

/* Consumes @length bits, then a number of @size <= 15 bits, and returns the number. It is negative if its first bit is
   0 (F.2.2.1). */
static inline int lade__bits_number(struct lade__bits *bits, unsigned length, unsigned size) {
    uint64_t next = bits->next << (length & 63);
    int number = (int)(next >> 1 >> (63 - size));
    int negative = (int)(~next >> 63);
    lade__bits_drop(bits, length + size);
    return number - (((1 << size) - 1) & -negative);
}

#endif
