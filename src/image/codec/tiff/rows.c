/*
 * Converts TIFF samples to pixels by the rules of Pillow. Of a 16-bit colour sample, only the high byte is used. Grey
 * samples of up to 16 bits are scaled to 0..255. If the result has 16 bits, 16-bit samples are not scaled.
 *
 * With clip_grey, grey samples of 16 and 32 bits, integers or floats, are clamped to 0..255 and never inverted, as in
 * Pillow. Without clip_grey, signed, 32-bit and float samples are refused, because the file does not contain the values
 * of black and white.
 */
#include "image/codec/tiff/tiff.h"

#include <string.h>

#if LADE_WITH_TIFF

enum { COREL_ALPHA = 999 }; /* the value of ExtraSamples that Corel Draw 10 writes for alpha */

static int unsupported(const struct lade__tiff *t) {
    return lade_error_set(t->err, LADE_EUNSUPPORTED,
                          "TIFF: an image of %u samples of %u bits, sample format %u, photometric %u is not supported: "
                          "convert it to PNG",
                          t->samples, t->bits, t->sample_format, t->photometric);
}

static bool has_alpha(const struct lade__tiff *t, unsigned colors) {
    return t->samples > colors && (t->extra == LADE__TIFF_NO_EXTRA || t->extra == EXTRASAMPLE_ASSOCALPHA ||
                                   t->extra == EXTRASAMPLE_UNASSALPHA || t->extra == COREL_ALPHA);
}

static int start_grey(struct lade__tiff *t) {
    bool small = t->bits == 1 || t->bits == 2 || t->bits == 4 || t->bits == 8;
    bool whole = t->sample_format == SAMPLEFORMAT_UINT || (t->sample_format == SAMPLEFORMAT_INT && !small);
    bool real = t->sample_format == SAMPLEFORMAT_IEEEFP && t->bits == 32;
    if (!real && !(whole && (small || t->bits == 16 || t->bits == 32)))
        return unsupported(t);
    if (!t->job->clip_grey && (real || t->bits == 32 || (t->bits == 16 && t->sample_format == SAMPLEFORMAT_INT)))
        return lade_error_set(t->err, LADE_EUNSUPPORTED,
                              "TIFF: grey values of %u bits (%s) have no fixed black and white: convert the image to 8 "
                              "or 16 bits without sign",
                              t->bits,
                              real                                   ? "float"
                              : t->sample_format == SAMPLEFORMAT_INT ? "signed"
                                                                     : "unsigned");
    for (unsigned v = 0; small && v < 1u << t->bits; v++) {
        uint8_t shade = (uint8_t)(v * 255 / ((1u << t->bits) - 1));
        t->tone[v] = t->photometric == PHOTOMETRIC_MINISWHITE ? (uint8_t)(255 - shade) : shade;
    }
    t->layout = has_alpha(t, 1) && small ? LADE__RGBA : LADE__GREY;
    return LADE_OK;
}

static int start_palette(struct lade__tiff *t) {
    uint16_t *colors[3];
    if ((t->bits != 1 && t->bits != 2 && t->bits != 4 && t->bits != 8) || t->sample_format != SAMPLEFORMAT_UINT)
        return unsupported(t);
    if (!TIFFGetField(t->tiff, TIFFTAG_COLORMAP, &colors[0], &colors[1], &colors[2]))
        return lade_error_set(t->err, LADE_EFORMAT, "TIFF: damaged: the palette is missing");
    if (!colors[0] || !colors[1] || !colors[2]) /* libtiff could not copy the palette */
        return lade_error_set(t->err, LADE_ENOMEM, "TIFF: no memory for the palette");
    lade__palette_init(&t->palette);
    for (unsigned i = 0; i < 1u << t->bits; i++)
        for (int c = 0; c < 3; c++)
            t->palette.rgba[i][c] = (uint8_t)(colors[c][i] >> 8);
    t->layout = has_alpha(t, 1) ? LADE__RGBA : LADE__RGB;
    return LADE_OK;
}

int lade__tiff_rows_start(struct lade__tiff *t, enum lade__pixel_layout *layout) {
    bool colors = (t->bits == 8 || t->bits == 16) && t->sample_format == SAMPLEFORMAT_UINT;
    int rc = LADE_OK;
    if (t->samples < 1 || t->samples > 8 || (t->bits < 8 && t->samples > 1))
        return unsupported(t);
    if (t->photometric == PHOTOMETRIC_MINISWHITE || t->photometric == PHOTOMETRIC_MINISBLACK)
        rc = start_grey(t);
    else if (t->photometric == PHOTOMETRIC_PALETTE)
        rc = start_palette(t);
    else if (t->photometric == PHOTOMETRIC_RGB && colors && t->samples >= 3)
        t->layout = has_alpha(t, 3) ? LADE__RGBA : LADE__RGB;
    else if (t->photometric == PHOTOMETRIC_SEPARATED && colors && t->samples >= 4)
        t->layout = LADE__CMYK_INVERTED;
    else
        rc = unsupported(t);
    *layout = t->layout;
    t->job->sink->bits16 = rc == LADE_OK && t->job->keep16 && t->bits == 16 && t->sample_format == SAMPLEFORMAT_UINT &&
                           t->layout != LADE__CMYK_INVERTED;
    return rc;
}

/* ---- Samples to bytes -------------------------------------------------------------------------------------------- */

static uint8_t clamp(int64_t v) {
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static uint8_t clamp_real(float v) {
    return (uint8_t)(v >= 255 ? 255 : v > 0 ? v : 0); /* NaN becomes 0 */
}

/* Converts a sample of 16 or 32 bits. libtiff delivers samples in the byte order of the machine. */
static uint8_t wide(const struct lade__tiff *t, const uint8_t *in) {
    uint16_t half;
    int32_t word;
    float real;
    if (t->bits == 16) {
        memcpy(&half, in, sizeof half);
        if (t->layout != LADE__GREY)
            return (uint8_t)(half >> 8);
        if (!t->job->clip_grey)
            return t->photometric == PHOTOMETRIC_MINISWHITE ? (uint8_t)(255 - lade__grey16(half)) : lade__grey16(half);
        return clamp(t->sample_format == SAMPLEFORMAT_INT ? (int16_t)half : half);
    }
    memcpy(&word, in, sizeof word);
    memcpy(&real, in, sizeof real);
    return t->sample_format == SAMPLEFORMAT_IEEEFP ? clamp_real(real) : clamp(word);
}

/* Converts @count samples to bytes. @step is the distance from one byte in @out to the next. */
static void to_bytes(const struct lade__tiff *t, const uint8_t *in, size_t count, uint8_t *out, size_t step) {
    if (t->bits < 8) /* in this case, each pixel has one sample */
        lade__unpack_row(in, t->bits, out, count);
    else
        for (size_t i = 0; i < count; i++, out += step)
            *out = t->bits == 8 ? in[i] : wide(t, in + i * (t->bits / 8));
}

/* ---- Bytes to pixels --------------------------------------------------------------------------------------------- */

/* Divides the colours of each pixel by its alpha. Transparent pixels become black. */
static void undo_alpha(uint8_t *pixels, int width) {
    for (int x = 0; x < width; x++)
        if (pixels[4 * (size_t)x + 3] == 0)
            memset(pixels + 4 * (size_t)x, 0, 4);
    lade__unpremultiply_row(pixels, width);
}

static void grey_or_palette(const struct lade__tiff *t, const uint8_t *samples, uint8_t *out, int width) {
    size_t channels = (size_t)lade__layout_channels(t->layout);
    bool palette = t->photometric == PHOTOMETRIC_PALETTE, wide_grey = t->bits > 8;
    for (int x = 0; x < width; x++, samples += t->samples, out += channels) {
        if (palette)
            memcpy(out, t->palette.rgba[samples[0]], channels);
        else
            memset(out, wide_grey ? samples[0] : t->tone[samples[0]], channels);
        if (channels == 4)
            out[3] = samples[1];
    }
}

static void colors(const struct lade__tiff *t, const uint8_t *samples, uint8_t *out, int width) {
    size_t channels = (size_t)lade__layout_channels(t->layout);
    uint8_t flip = t->layout == LADE__CMYK_INVERTED ? 255 : 0;
    if (channels == t->samples && !flip) {
        memcpy(out, samples, channels * (size_t)width);
        return;
    }
    for (int x = 0; x < width; x++, samples += t->samples, out += channels)
        for (size_t c = 0; c < channels; c++)
            out[c] = samples[c] ^ flip;
}

/* ---- Pixels of 16 bits ------------------------------------------------------------------------------------------- */

static void undo_alpha16(uint16_t *pixels, int width) {
    for (int x = 0; x < width; x++)
        if (pixels[4 * (size_t)x + 3] == 0)
            memset(pixels + 4 * (size_t)x, 0, 4 * sizeof *pixels);
    lade__unpremultiply_row16(pixels, width);
}

/* Copies the samples of a row, which are in the byte order of the machine. */
static void row16(const struct lade__tiff *t, const uint8_t *row, size_t plane_bytes, uint16_t *out) {
    size_t channels = (size_t)lade__layout_channels(t->layout), step = t->planes == 1 ? t->samples : 1;
    int width = t->job->info.width;
    uint16_t flip = t->photometric == PHOTOMETRIC_MINISWHITE ? 65535 : 0;
    for (size_t c = 0; c < channels; c++) {
        const uint8_t *in = row + (t->planes == 1 ? c * sizeof *out : c * plane_bytes);
        for (size_t x = 0; x < (size_t)width; x++) {
            uint16_t sample;
            memcpy(&sample, in + x * step * sizeof sample, sizeof sample);
            out[x * channels + c] = sample ^ flip;
        }
    }
    if (t->layout == LADE__RGBA && t->extra == EXTRASAMPLE_ASSOCALPHA)
        undo_alpha16(out, width);
}

void lade__tiff_row(struct lade__tiff *t, const uint8_t *row, size_t plane_bytes, uint8_t *out) {
    int width = t->job->info.width;
    uint8_t *room = t->kept->samples.data;
    const uint8_t *samples = room;
    if (t->job->sink->bits16) {
        row16(t, row, plane_bytes, (uint16_t *)(void *)out);
        return;
    }
    if (t->planes == 1 && t->bits == 8)
        samples = row;
    else if (t->planes == 1)
        to_bytes(t, row, (size_t)width * t->samples, room, 1);
    else
        for (size_t plane = 0; plane < t->planes; plane++)
            to_bytes(t, row + plane * plane_bytes, (size_t)width, room + plane, t->planes);
    if (t->photometric == PHOTOMETRIC_RGB || t->photometric == PHOTOMETRIC_SEPARATED)
        colors(t, samples, out, width);
    else
        grey_or_palette(t, samples, out, width);
    if (t->layout == LADE__RGBA && t->extra == EXTRASAMPLE_ASSOCALPHA)
        undo_alpha(out, width);
}

#endif
