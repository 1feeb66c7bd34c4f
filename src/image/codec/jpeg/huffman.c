/*
 * Contains the functions of huffman.h that are rarely called. These functions make tables, search long codes, and read
 * bits near a byte of 0xff and near the end of the file.
 */
#include "image/codec/jpeg/huffman.h"

#include <string.h>

/* Computes the codes. Codes of the same length are consecutive numbers. If c is the last code of a length, the first
   code that is one bit longer is 2 * (c + 1) (T.81, annex C). */
static bool make_codes(struct lade__huffman *table) {
    uint32_t code = 0;
    int value = 0;
    memset(table->code, 0, sizeof table->code);
    for (int length = 1; length <= 16; length++, code <<= 1) {
        table->value[length] = value - (int)code;
        for (int i = 0; i < table->bits[length]; i++, code++, value++) {
            if (value == 256 || code + 1 >= 1u << length) /* a code must contain a 0 bit */
                return false;
            if (length > LADE__LOOKUP_BITS)
                continue;
            int rest = LADE__LOOKUP_BITS - length;
            for (uint32_t k = code << rest; k < (code + 1) << rest; k++)
                table->code[k] = (uint16_t)(length << 8 | table->values[value]);
        }
        table->end[length] = code << (16 - length);
    }
    return true;
}

bool lade__huffman_make(struct lade__huffman *table, const uint8_t bits[17], const uint8_t values[256]) {
    if (table->good && !memcmp(table->bits + 1, bits + 1, 16) && !memcmp(table->values, values, sizeof table->values))
        return true;
    memcpy(table->bits, bits, sizeof table->bits);
    memcpy(table->values, values, sizeof table->values);
    table->skips = false;
    table->good = make_codes(table);
    return table->good;
}

/* Returns the element of table->skip for the bits @next. The element covers the codes whose bits are all in @next. The
   integer after the last of these codes may have bits beyond @next. */
static unsigned skip_of(const struct lade__huffman *table, unsigned next) {
    unsigned bits = 0, coefficients = 0;
    while (bits < LADE__LOOKUP_BITS) {
        unsigned code = table->code[next << bits & (LADE__LOOKUPS - 1)], length = code >> 8;
        unsigned run = code >> 4 & 15, size = code & 15;
        if (!code || bits + length > LADE__LOOKUP_BITS || (size == 0 && run != 0 && run != 15))
            break;
        if (size == 0 && run == 0)
            return (coefficients + LADE__BLOCK_END) << 6 | (bits + length);
        if (coefficients + run + 1 >= LADE__BLOCK)
            break;
        coefficients += run + 1;
        bits += length + size;
    }
    return (coefficients ? coefficients : LADE__BLOCK_SINGLE) << 6 | bits;
}

void lade__huffman_skips(struct lade__huffman *table) {
    if (table->skips)
        return;
    for (unsigned i = 0; i < LADE__LOOKUPS; i++)
        table->skip[i] = (uint16_t)skip_of(table, i);
    table->skips = true;
}

unsigned lade__huffman_long(const struct lade__huffman *table, uint64_t next) {
    uint32_t first = (uint32_t)(next >> 48);
    for (int length = LADE__LOOKUP_BITS + 1; length <= 16; length++)
        if (first < table->end[length]) {
            int code = (int)(first >> (16 - length));
            return (unsigned)length << 8 | table->values[table->value[length] + code];
        }
    return 0;
}

void lade__bits_fill(struct lade__bits *bits) {
    bits->next &= ~(~(uint64_t)0 >> bits->count); /* count is always below 64 */
    for (; bits->count < 56; bits->count += 8) {
        unsigned byte = 0;
        int length = 0;
        if (bits->at < bits->end && *bits->at != 0xff)
            length = 1;
        else if (bits->end - bits->at >= 2 && bits->at[1] == 0)
            length = 2; /* 0xff and 0: the 0 means that the 0xff is data, not the start of a marker */
        if (length)
            byte = *bits->at;
        else
            bits->made_up += 8;
        bits->at += length;
        bits->next |= (uint64_t)byte << (56 - bits->count);
    }
}

bool lade__bits_good(const struct lade__bits *bits) {
    return bits->count >= bits->made_up;
}

void lade__bits_odd(struct lade__bits *bits) {
    bits->made_up = 1 << 30; /* more than a row of blocks can consume, and far below INT_MAX */
}

bool lade__bits_marker(const struct lade__bits *bits, unsigned code) {
    int left = bits->count - bits->made_up;
    return left >= 0 && left < 8 && bits->end - bits->at >= 2 && bits->at[0] == 0xff && bits->at[1] == code;
}

void lade__bits_restart(struct lade__bits *bits) {
    *bits = (struct lade__bits){.at = bits->at + 2, .end = bits->end};
}
