/*
 * image/codec/jpeg/huffman.h - the entropy-coded bits of a JPEG (ITU T.81, annex F), read where they lie, for whoever
 * wants little of them: codes of coefficients are passed over several at a time. No byte outside is read whatever they
 * say.
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_HUFFMAN_H
#define LADE_SRC_IMAGE_CODEC_JPEG_HUFFMAN_H

#include "image/codec/bytes.h"

#include <stdbool.h>

enum {
    LADE__LOOKUP_BITS = 12, /* which codes are looked up by; the longer ones, of up to 16 bits, are searched for */
    LADE__LOOKUPS = 1 << LADE__LOOKUP_BITS,
    LADE__BLOCK = 64,      /* coefficients in a block */
    LADE__BLOCK_END = 256, /* in lade__huffman.skip: an end-of-block code is among them */
    LADE__BLOCK_ASK = 512  /* a code that is longer, or none */
};

/*
 * A table of a DHT segment. One that is the same as the last is not made anew: most files have those of the standard.
 */
struct lade__huffman {
    uint8_t bits[17]; /* how many codes there are of each length; bits[0] is not used */
    uint8_t values[256];
    bool good, skips;             /* are these made? */
    uint16_t code[LADE__LOOKUPS]; /* by the next bits: length << 8 | value; 0: longer */
    uint16_t skip[LADE__LOOKUPS]; /* as many codes of AC coefficients as begin there: coefficients << 6 | bits */
    uint32_t end[17];             /* behind the last code of each length, as the first of 16 bits */
    int32_t value[17];            /* the value of a code of this length is values[value + code] */
};

/*
 * lade__huffman_make()  - for the codes of a DHT segment; false: there can be no such codes.
 * lade__huffman_skips() - ->skip too, for AC coefficients.
 * lade__huffman_long()  - the code that is longer than what is looked up: length << 8 | value; 0: there is none.
 */
bool lade__huffman_make(struct lade__huffman *table, const uint8_t bits[17], const uint8_t values[256]);
void lade__huffman_skips(struct lade__huffman *table);
unsigned lade__huffman_long(const struct lade__huffman *table, uint64_t next);

/*
 * The next bits, from the highest one on. Behind the last byte, or before a marker, they are 0; how many were made up
 * is counted.
 *
 * A hot loop has them in a local variable, in registers, and gives a copy to what is not inline. No two fields of a
 * size are neighbours: compilers would load both in one go, and the CPU would wait for the two stores before it.
 */
struct lade__bits {
    uint64_t next;
    int count;          /* of those in `next` */
    const uint8_t *at;  /* the byte behind them */
    int made_up;        /* of these bits, the last so many were in no byte */
    const uint8_t *end; /* of the bytes */
};

/*
 * lade__bits_fill()    - any byte may be 0xff, or missing.
 * lade__bits_good()    - were all bits so far in a byte?
 * lade__bits_odd()     - from now on they were not.
 * lade__bits_marker()  - is the marker @code next, but for less than a byte of padding?
 * lade__bits_restart() - go on behind it.
 */
void lade__bits_fill(struct lade__bits *bits);
bool lade__bits_good(const struct lade__bits *bits);
void lade__bits_odd(struct lade__bits *bits);
bool lade__bits_marker(const struct lade__bits *bits, unsigned code);
void lade__bits_restart(struct lade__bits *bits);

/* At least 56 bits in `next`. Those beyond `count` are right already, and are put there once more the next time. */
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

/* The next code, left there: length << 8 | value; 0: there is none. */
static inline unsigned lade__huffman_see(const struct lade__huffman *table, uint64_t next) {
    unsigned code = table->code[next >> (64 - LADE__LOOKUP_BITS)];
    return code ? code : lade__huffman_long(table, next);
}

/* The number of @size <= 15 bits behind the next @length bits, all of them taken. A first bit of 0 means that it is
   negative (F.2.2.1). */
static inline int lade__bits_number(struct lade__bits *bits, unsigned length, unsigned size) {
    uint64_t next = bits->next << (length & 63);
    int number = (int)(next >> 1 >> (63 - size));
    int negative = (int)(~next >> 63);
    lade__bits_drop(bits, length + size);
    return number - (((1 << size) - 1) & -negative);
}

#endif
