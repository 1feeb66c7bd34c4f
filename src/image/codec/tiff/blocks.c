/*
 * Reads the samples of a TIFF in bands. A band is a few rows of a strip, a whole strip, or a row of tiles. A strip may
 * contain the whole image, so its rows are read one at a time if the compression allows this.
 */
#include "image/codec/tiff/tiff.h"

#include <string.h>

#if LADE_WITH_TIFF

enum { BAND_ROWS = 16 };

/* ---- Strips and tiles -------------------------------------------------------------------------------------------- */

/* Limits the number of blocks, because each block takes some microseconds, even if it is empty. The limit grows with
   max_pixels. */
static int check_block_count(struct lade__tiff *t) {
    enum { ALWAYS_ALLOWED = 1 << 18, PIXELS = 512 };
    uint64_t down = ((uint64_t)t->job->info.height - 1) / t->block_height + 1;
    uint64_t count = down * t->across * (t->planar == PLANARCONFIG_SEPARATE ? t->samples : 1u);
    uint64_t most = t->job->max_pixels / PIXELS;
    most = most < ALWAYS_ALLOWED ? ALWAYS_ALLOWED : most;
    if (count <= most)
        return LADE_OK;
    return lade_error_set_subject(t->err, LADE_ELIMIT, "max_pixels",
                                  "TIFF: %llu strips or tiles exceed the limit of %llu (max_pixels / %d): raise the "
                                  "limit if you trust the file",
                                  (unsigned long long)count, (unsigned long long)most, PIXELS);
}

/* Computes the size of a block, which is a strip or a tile. */
static int choose_blocks(struct lade__tiff *t) {
    uint32_t width = (uint32_t)t->job->info.width, height = (uint32_t)t->job->info.height;
    t->tiled = TIFFIsTiled(t->tiff);
    t->block_width = width;
    if (t->tiled) {
        TIFFGetField(t->tiff, TIFFTAG_TILEWIDTH, &t->block_width);
        TIFFGetField(t->tiff, TIFFTAG_TILELENGTH, &t->block_height);
    } else {
        TIFFGetFieldDefaulted(t->tiff, TIFFTAG_ROWSPERSTRIP, &t->block_height);
        t->block_height = t->block_height < height ? t->block_height : height;
    }
    if (t->block_width == 0 || t->block_height == 0)
        return lade_error_set(t->err, LADE_EFORMAT, "TIFF: damaged: the size of a strip or tile is %u x %u pixels",
                              t->block_width, t->block_height);
    t->across = (width - 1) / t->block_width + 1;
    uint64_t pixels = (uint64_t)t->across * t->block_width, most = t->job->max_pixels;
    most = most < LADE__TIFF_SMALL_BAND ? LADE__TIFF_SMALL_BAND : most;
    if (pixels > most / t->block_height)
        return lade_error_set_subject(t->err, LADE_ELIMIT, "max_pixels",
                                      "TIFF: a row of tiles of %u x %u pixels exceeds the limit of %llu (max_pixels): "
                                      "raise the limit if you trust the file",
                                      t->block_width, t->block_height, (unsigned long long)most);
    return check_block_count(t);
}

static int choose_rows(struct lade__tiff *t) {
    uint64_t width = (uint64_t)t->job->info.width;
    t->planes = t->planar == PLANARCONFIG_SEPARATE ? t->samples : 1;
    uint64_t row_bits = width * t->bits * (t->planes == 1 ? t->samples : 1u);
    t->row_bytes = (size_t)(row_bits + 7) / 8;
    tmsize_t expected = t->tiled ? TIFFTileRowSize(t->tiff) : TIFFScanlineSize(t->tiff);
    t->block_row_bytes = expected > 0 ? (size_t)expected : 0;
    bool shared = t->tiled && t->across > 1 && (uint64_t)t->block_width * t->bits % 8 != 0;
    if (t->block_row_bytes == 0 || shared || (!t->tiled && t->block_row_bytes != t->row_bytes) ||
        (t->tiled && t->block_row_bytes * t->across < t->row_bytes))
        return t->message[0] ? lade__tiff_failed(t)
                             : lade_error_set(t->err, LADE_EFORMAT,
                                              "TIFF: damaged: the strips or tiles have rows of a wrong size");
    return LADE_OK;
}

/* Decides if rows are read one at a time. Otherwise, libtiff decodes whole blocks. Whole blocks are necessary for
   tiles, for separate planes, and for PackBits, because some encoders of PackBits ignore the ends of rows. */
static void choose_band(struct lade__tiff *t) {
    static const uint16_t row_by_row[] = {COMPRESSION_NONE,    COMPRESSION_LZW,  COMPRESSION_ADOBE_DEFLATE,
                                          COMPRESSION_DEFLATE, COMPRESSION_ZSTD, COMPRESSION_JPEG};
    t->band_rows = t->block_height;
    for (size_t i = 0; !t->tiled && t->planes == 1 && i < sizeof row_by_row / sizeof *row_by_row; i++)
        if (t->compression == row_by_row[i] && t->band_rows > BAND_ROWS)
            t->band_rows = BAND_ROWS;
}

int lade__tiff_blocks_start(struct lade__tiff *t) {
    int rc = choose_blocks(t);
    if (rc < 0 || t->by_libtiff)
        return rc;
    rc = choose_rows(t);
    if (rc == LADE_OK)
        choose_band(t);
    return rc;
}

/* ---- Pixels ------------------------------------------------------------------------------------------------------ */

static int no_memory(const struct lade__tiff *t, uint32_t rows) {
    return lade_error_set(t->err, LADE_ENOMEM, "TIFF: no memory for %u rows of %d pixels", rows, t->job->info.width);
}

/* Reads rows of a strip one at a time. */
static int read_strip_rows(struct lade__tiff *t, uint32_t y, uint32_t rows, uint8_t *to) {
    for (uint32_t i = 0; i < rows; i++)
        if (TIFFReadScanline(t->tiff, to + i * t->row_bytes, y + i, 0) != 1)
            return lade__tiff_failed(t);
    return LADE_OK;
}

/* Clears the memory into which libtiff decodes a whole block. libtiff accepts deflate data that are longer than the
   block, but libdeflate then does not write the last bytes of the block. Without this step, these pixels would be the
   previous content of the memory. */
static void clear(const struct lade__tiff *t, void *memory, tmsize_t size) {
    if (t->compression != COMPRESSION_NONE)
        memset(memory, 0, (size_t)size);
}

/* Reads one plane of the band that begins at row @y. */
static int read_plane(struct lade__tiff *t, uint32_t y, uint32_t rows, uint16_t plane, uint8_t *to) {
    if (t->band_rows < t->block_height)
        return read_strip_rows(t, y, rows, to);
    if (!t->tiled) {
        tmsize_t size = (tmsize_t)(rows * t->row_bytes);
        clear(t, to, size);
        return TIFFReadEncodedStrip(t->tiff, TIFFComputeStrip(t->tiff, y, plane), to, size) == size
                   ? LADE_OK
                   : lade__tiff_failed(t);
    }
    tmsize_t size = (tmsize_t)(t->block_height * t->block_row_bytes);
    for (uint32_t i = 0; i < t->across; i++) {
        size_t at = i * t->block_row_bytes;
        size_t n = at < t->row_bytes ? t->row_bytes - at : 0;
        n = n < t->block_row_bytes ? n : t->block_row_bytes;
        clear(t, t->kept->block.data, size);
        uint32_t tile = TIFFComputeTile(t->tiff, i * t->block_width, y, 0, plane);
        if (TIFFReadEncodedTile(t->tiff, tile, t->kept->block.data, size) != size)
            return lade__tiff_failed(t);
        for (uint32_t row = 0; row < rows; row++)
            memcpy(to + row * t->row_bytes + at, (uint8_t *)t->kept->block.data + row * t->block_row_bytes, n);
    }
    return LADE_OK;
}

/* Converts the rows of the current band in the memory of the sink. The sink gets the rows when its memory is full, because
   the resize is faster if it gets several rows at once, and a band may have only one row. */
static void feed_band(struct lade__tiff *t, uint32_t rows, size_t plane_bytes) {
    struct lade__sink *sink = t->job->sink;
    for (uint32_t row = 0; row < rows; row++) {
        size_t stride;
        int count;
        uint8_t *out = lade__sink_rows(sink, &stride, &count);
        lade__tiff_row(t, (const uint8_t *)t->kept->band.data + row * t->row_bytes, plane_bytes,
                       out + (size_t)t->waiting * stride);
        if (++t->waiting < count)
            continue;
        lade__sink_take(sink, out, stride, count);
        t->waiting = 0;
    }
}

static int read_bands(struct lade__tiff *t) {
    size_t plane_bytes = t->band_rows * t->row_bytes;
    if (!lade__buffer_need(&t->kept->band, plane_bytes, t->planes) ||
        !lade__buffer_need(&t->kept->samples, (size_t)t->job->info.width, t->samples) ||
        (t->tiled && !lade__buffer_need(&t->kept->block, t->block_height, t->block_row_bytes)))
        return no_memory(t, t->band_rows);
    uint32_t height = (uint32_t)t->job->info.height;
    for (uint32_t y = 0; y < height;) {
        uint32_t rows = height - y < t->band_rows ? height - y : t->band_rows;
        for (uint16_t plane = 0; plane < t->planes; plane++) {
            int rc = read_plane(t, y, rows, plane, (uint8_t *)t->kept->band.data + plane * plane_bytes);
            if (rc < 0)
                return rc;
        }
        feed_band(t, rows, plane_bytes);
        y += rows;
    }
    return LADE_OK;
}

/* Reads an image that libtiff converts to RGB, as in Pillow. Each call of libtiff reads the rows of one band. */
static int read_by_libtiff(struct lade__tiff *t) {
    struct lade__sink *sink = t->job->sink;
    TIFFRGBAImage image;
    char message[1024] = "";
    size_t width = (size_t)t->job->info.width;
    uint32_t *raster = lade__buffer_need(&t->kept->band, t->block_height, width * sizeof *raster);
    uint16_t extra = 0, *kinds = NULL;
    TIFFGetFieldDefaulted(t->tiff, TIFFTAG_EXTRASAMPLES, &extra, &kinds);
    if (!raster || (extra > 0 && !kinds)) /* libtiff had no memory to copy the tag, but would read the copy */
        return no_memory(t, t->block_height);
    if (!TIFFRGBAImageBegin(&image, t->tiff, 1, message)) {
        snprintf(t->message, sizeof t->message, "%.100s", message);
        return lade__tiff_failed(t);
    }
    image.req_orientation = image.orientation; /* do not turn the rows */
    int rc = LADE_OK;
    while (rc == LADE_OK && !lade__sink_complete(sink)) {
        uint32_t left = (uint32_t)(sink->height - sink->y), rows = left < t->block_height ? left : t->block_height;
        image.row_offset = sink->y;
        if (!TIFFRGBAImageGet(&image, raster, (uint32_t)width, rows))
            rc = lade__tiff_failed(t);
        for (uint32_t i = 0; rc == LADE_OK && i < rows; i++) {
            size_t stride;
            int count;
            uint8_t *out = lade__sink_rows(sink, &stride, &count);
            for (size_t x = 0; x < width; x++) {
                uint32_t pixel = raster[i * width + x];
                out[3 * x] = (uint8_t)TIFFGetR(pixel);
                out[3 * x + 1] = (uint8_t)TIFFGetG(pixel);
                out[3 * x + 2] = (uint8_t)TIFFGetB(pixel);
            }
            lade__sink_take(sink, out, stride, 1);
        }
    }
    TIFFRGBAImageEnd(&image);
    return rc;
}

int lade__tiff_read_pixels(struct lade__tiff *t) {
    return t->by_libtiff ? read_by_libtiff(t) : read_bands(t);
}

#endif
