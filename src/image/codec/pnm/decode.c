/*
 * Decodes PNM, kinds P1 to P6, without a library. Values are scaled to 0..255. With clip_grey, a grey image whose
 * header has a maximum above 255 is decoded as in Pillow: values are scaled to 0..65535, and a scaled value above 255
 * then becomes 255, which is white. If the result has 16 bits, values are scaled to 0..65535.
 */
#include "image/codec/codec.h"

#include <math.h>
#include <string.h>

enum { MAX_DIGITS = 10 };

struct pnm {
    int kind; /* 1 to 6 */
    int width, height, channels;
    unsigned most;     /* the maximum in the header */
    bool clip_grey;    /* see struct lade_decode_options */
    bool bits16;       /* rows have samples of 16 bits */
    size_t at;         /* offset of the next byte */
    uint8_t tone[256]; /* for each value of a byte: the scaled value */
};

static bool is_space(uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_pnm(const uint8_t *bytes, size_t n) {
    return n >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' && is_space(bytes[2]);
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/* Returns the next byte that is not in a comment, or -1 at the end of the file. A comment includes the end of its
   line. */
static int next_byte(const uint8_t *bytes, size_t n, size_t *at) {
    while (*at < n) {
        uint8_t c = bytes[(*at)++];
        if (c != '#')
            return c;
        while (*at < n && bytes[*at] != '\n' && bytes[*at] != '\r')
            ++*at;
        *at += *at < n;
    }
    return -1;
}

/* Returns the offset of the first byte, from offset @at on, that is not white space and not in a comment. Returns @n if
   there is no such byte. */
static size_t skip_space(const uint8_t *bytes, size_t n, size_t at) {
    int c;
    for (size_t next = at; (c = next_byte(bytes, n, &next)) >= 0 && is_space((uint8_t)c);)
        at = next;
    return c < 0 ? n : at;
}

/* Reads a number and the byte after it. */
static int next_number(const uint8_t *bytes, size_t n, size_t *at, uint64_t *value, struct lade_error *err) {
    int digits = 0, c;
    *value = 0;
    while ((c = next_byte(bytes, n, at)) >= 0 && !(is_space((uint8_t)c) && digits)) {
        if (is_space((uint8_t)c))
            continue;
        if (c < '0' || c > '9')
            return lade_error_set(err, LADE_EFORMAT, "PNM: damaged: byte %zu is not a digit", *at - 1);
        if (++digits > MAX_DIGITS)
            return lade_error_set(err, LADE_EFORMAT, "PNM: damaged: a number has more than %d digits (at byte %zu)",
                                  MAX_DIGITS, *at - 1);
        *value = *value * 10 + (uint64_t)(c - '0');
    }
    if (digits == 0)
        return lade_error_set(err, LADE_EFORMAT,
                              "PNM: truncated: the file ends at byte %zu, where a number is expected", n);
    return LADE_OK;
}

static int read_header(struct pnm *pnm, const uint8_t *bytes, size_t n, struct lade_error *err) {
    uint64_t words[3] = {0, 0, 1};
    *pnm = (struct pnm){.kind = bytes[1] - '0', .at = 3};
    int count = pnm->kind == 1 || pnm->kind == 4 ? 2 : 3;
    for (int i = 0; i < count; i++) {
        int rc = next_number(bytes, n, &pnm->at, &words[i], err);
        if (rc < 0)
            return rc;
    }
    if (words[0] - 1 >= INT32_MAX || words[1] - 1 >= INT32_MAX)
        return lade_error_set(err, LADE_EFORMAT,
                              "PNM: the size in the header is %llu x %llu pixels, which is not allowed",
                              (unsigned long long)words[0], (unsigned long long)words[1]);
    if (words[2] - 1 >= 65535)
        return lade_error_set(err, LADE_EFORMAT, "PNM: damaged: the largest value is %llu, but it must be 1 to 65535",
                              (unsigned long long)words[2]);
    pnm->width = (int)words[0];
    pnm->height = (int)words[1];
    pnm->most = (unsigned)words[2];
    pnm->channels = pnm->kind % 3 ? 1 : 3;
    return LADE_OK;
}

static int read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    struct pnm pnm;
    int rc = read_header(&pnm, bytes, n, err);
    if (rc < 0)
        return rc;
    info->width = pnm.width;
    info->height = pnm.height;
    info->channels = pnm.channels;
    info->bits = pnm.most == 1 ? 1 : pnm.most < 256 ? 8 : 16;
    return LADE_OK;
}

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

/* Scales a value to 0..255. Pillow scales grey values of more than 8 bits to 0..65535 and then clips them. */
static uint8_t scaled(const struct pnm *pnm, unsigned value) {
    double full = pnm->clip_grey && pnm->channels == 1 && pnm->most > 255 ? 65535 : 255;
    double v = rint((double)value / pnm->most * full);
    return (uint8_t)(v < 255 ? v : 255);
}

/* Scales @value and stores it as sample @i of @row. A binary file may have values above the maximum. */
static void store(const struct pnm *pnm, uint8_t *row, size_t i, unsigned value) {
    double wide = pnm->bits16 ? rint((double)value / pnm->most * 65535) : 0;
    if (pnm->bits16)
        ((uint16_t *)(void *)row)[i] = wide < 65535 ? (uint16_t)wide : 65535;
    else
        row[i] = pnm->most < 256 ? pnm->tone[value] : scaled(pnm, value);
}

static int truncated(const struct pnm *pnm, const struct lade__decode_job *job, struct lade_error *err) {
    return lade_error_set(err, LADE_EFORMAT, "PNM: truncated: the file ends at byte %zu, after %d of %d rows", job->n,
                          job->sink->y, pnm->height);
}

static int plain_bits(struct pnm *pnm, const struct lade__decode_job *job, uint8_t *row, struct lade_error *err) {
    for (int x = 0; x < pnm->width;) {
        int c = next_byte(job->bytes, job->n, &pnm->at);
        if (c < 0)
            return truncated(pnm, job, err);
        if (is_space((uint8_t)c))
            continue;
        if (c != '0' && c != '1')
            return lade_error_set(err, LADE_EFORMAT, "PNM: damaged: byte %zu is neither 0 nor 1", pnm->at - 1);
        row[x++] = c == '0' ? 255 : 0;
    }
    return LADE_OK;
}

static int plain_numbers(struct pnm *pnm, const struct lade__decode_job *job, uint8_t *row, struct lade_error *err) {
    size_t samples = (size_t)pnm->width * (size_t)pnm->channels;
    for (size_t i = 0; i < samples; i++) {
        uint64_t value;
        int rc = next_number(job->bytes, job->n, &pnm->at, &value, err);
        if (rc < 0)
            return rc;
        if (value > pnm->most)
            return lade_error_set(err, LADE_EFORMAT,
                                  "PNM: damaged: the value %llu is above the maximum %u (before byte %zu)",
                                  (unsigned long long)value, pnm->most, pnm->at);
        store(pnm, row, i, (unsigned)value);
    }
    return LADE_OK;
}

static int binary(struct pnm *pnm, const struct lade__decode_job *job, uint8_t *row, struct lade_error *err) {
    size_t samples = (size_t)pnm->width * (size_t)pnm->channels;
    size_t size = pnm->kind == 4 ? (samples + 7) / 8 : pnm->most < 256 ? samples : 2 * samples;
    const uint8_t *in = job->bytes + pnm->at;
    if (job->n - pnm->at < size)
        return truncated(pnm, job, err);
    pnm->at += size;
    for (size_t i = 0; i < samples; i++) {
        if (pnm->kind == 4)
            row[i] = in[i / 8] >> (7 - i % 8) & 1 ? 0 : 255;
        else if (pnm->most < 256)
            row[i] = pnm->tone[in[i]];
        else
            store(pnm, row, i, (unsigned)in[2 * i] << 8 | in[2 * i + 1]);
    }
    return LADE_OK;
}

static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    (void)handle;
    struct pnm pnm;
    struct lade__sink *sink = job->sink;
    int rc = read_header(&pnm, job->bytes, job->n, err);
    pnm.clip_grey = job->clip_grey;
    sink->bits16 = pnm.bits16 = rc == LADE_OK && job->keep16 && pnm.most > 255;
    if (rc == LADE_OK)
        rc = lade__sink_start(sink, pnm.width, pnm.height, pnm.channels == 1 ? LADE__GREY : LADE__RGB, err);
    if (rc < 0)
        return rc;
    for (unsigned v = 0; v < 256; v++)
        pnm.tone[v] = scaled(&pnm, v);
    while (!lade__sink_complete(sink)) {
        size_t stride;
        int count;
        uint8_t *rows = lade__sink_rows(sink, &stride, &count);
        for (int i = 0; i < count; i++) {
            uint8_t *row = rows + (size_t)i * stride;
            rc = pnm.kind == 1  ? plain_bits(&pnm, job, row, err)
                 : pnm.kind < 4 ? plain_numbers(&pnm, job, row, err)
                                : binary(&pnm, job, row, err);
            if (rc < 0)
                return rc;
        }
        lade__sink_take(sink, rows, stride, count);
    }
    job->end = pnm.kind < 4 ? skip_space(job->bytes, job->n, pnm.at) : pnm.at;
    return LADE_OK;
}

const struct lade__codec lade__codec_pnm = {
    .format = LADE_FORMAT_PNM,
    .about = {.name = "pnm",
              .title = "PNM",
              .suffixes = (const char *const[]){"ppm", "pgm", "pbm", "pnm", NULL},
              .readable = true,
              .writable = true},
    .concatenated = true,
    .sniff = is_pnm,
    .read_info = read_info,
    .decode = decode,
    .encode = lade__encode_pnm,
};
