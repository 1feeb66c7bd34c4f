/*
 * Decodes the first page of a TIFF by libtiff, from memory. The page is read in bands. A band is one strip, or one row
 * of tiles. directory.c checks the kind of the image, and rows.c converts samples to pixels as Pillow does.
 */
#include "image/codec/tiff/tiff.h"
#include "image/codec/ifd.h"

#include <string.h>

static bool is_tiff(const uint8_t *bytes, size_t n) {
    return n >= 4 &&
           (!memcmp(bytes, "II*\0", 4) || !memcmp(bytes, "MM\0*", 4) || !memcmp(bytes, "II+\0", 4) ||
            !memcmp(bytes, "MM\0+", 4)) &&
           !lade__is_camera_raw(bytes, n);
}

#if LADE_WITH_TIFF
/* ---- The size of the parts ---------------------------------------------------------------------------------------- */

/* Decides if libtiff must convert the samples. This is necessary for images of luma and chroma, but not for JPEG data
   in a single plane, because libtiff can decode such data directly to RGB. */
static int choose_converter(struct lade__tiff *t) {
    t->by_libtiff = t->photometric == PHOTOMETRIC_YCBCR;
    if (t->by_libtiff && t->compression == COMPRESSION_JPEG && t->planar == PLANARCONFIG_CONTIG) {
        if (!TIFFSetField(t->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB))
            return lade__tiff_failed(t);
        t->photometric = PHOTOMETRIC_RGB;
        t->by_libtiff = false;
    }
    return LADE_OK;
}

/* Computes the size of a block, which is a strip or a tile. A band is a row of blocks. */
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
        return lade_error_set(t->err, LADE_ELIMIT, "TIFF: tiles of %u x %u pixels exceed the limit (max_pixels)",
                              t->block_width, t->block_height);
    return LADE_OK;
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

/* ---- Pixels ------------------------------------------------------------------------------------------------------ */

static int no_memory(const struct lade__tiff *t) {
    return lade_error_set(t->err, LADE_ENOMEM, "TIFF: no memory for %u rows of %d pixels", t->block_height,
                          t->job->info.width);
}

/* Reads one plane of the band that begins at row @y. */
static int read_plane(struct lade__tiff *t, uint32_t y, uint32_t rows, uint16_t plane, uint8_t *to) {
    if (!t->tiled) {
        tmsize_t size = (tmsize_t)(rows * t->row_bytes);
        return TIFFReadEncodedStrip(t->tiff, TIFFComputeStrip(t->tiff, y, plane), to, size) == size
                   ? LADE_OK
                   : lade__tiff_failed(t);
    }
    tmsize_t size = (tmsize_t)(t->block_height * t->block_row_bytes);
    for (uint32_t i = 0; i < t->across; i++) {
        size_t at = i * t->block_row_bytes;
        size_t n = at < t->row_bytes ? t->row_bytes - at : 0;
        n = n < t->block_row_bytes ? n : t->block_row_bytes;
        uint32_t tile = TIFFComputeTile(t->tiff, i * t->block_width, y, 0, plane);
        if (TIFFReadEncodedTile(t->tiff, tile, t->kept->block.data, size) != size)
            return lade__tiff_failed(t);
        for (uint32_t row = 0; row < rows; row++)
            memcpy(to + row * t->row_bytes + at, (uint8_t *)t->kept->block.data + row * t->block_row_bytes, n);
    }
    return LADE_OK;
}

/* Passes the rows of the current band to the sink. */
static void feed_band(struct lade__tiff *t, uint32_t rows, size_t plane_bytes) {
    struct lade__sink *sink = t->job->sink;
    for (uint32_t done = 0; done < rows;) {
        size_t stride;
        int count;
        uint8_t *out = lade__sink_rows(sink, &stride, &count);
        count = (uint32_t)count < rows - done ? count : (int)(rows - done);
        for (int i = 0; i < count; i++)
            lade__tiff_row(t, (const uint8_t *)t->kept->band.data + (done + (uint32_t)i) * t->row_bytes, plane_bytes,
                           out + (size_t)i * stride);
        lade__sink_take(sink, out, stride, count);
        done += (uint32_t)count;
    }
}

static int read_bands(struct lade__tiff *t) {
    size_t plane_bytes = t->block_height * t->row_bytes;
    if (!lade__buffer_need(&t->kept->band, plane_bytes, t->planes) ||
        !lade__buffer_need(&t->kept->samples, (size_t)t->job->info.width, t->samples) ||
        (t->tiled && !lade__buffer_need(&t->kept->block, t->block_height, t->block_row_bytes)))
        return no_memory(t);
    uint32_t height = (uint32_t)t->job->info.height;
    for (uint32_t y = 0; y < height;) {
        uint32_t rows = height - y < t->block_height ? height - y : t->block_height;
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
    if (!raster)
        return no_memory(t);
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

static int decode_all(struct lade__tiff *t) {
    int rc = lade__tiff_read_directory(t);
    if (rc < 0 || (rc = choose_converter(t)) < 0)
        return rc;
    enum lade__pixel_layout layout = LADE__RGB;
    if (!t->by_libtiff && (rc = lade__tiff_rows_start(t, &layout)) < 0)
        return rc;
    if ((rc = choose_blocks(t)) < 0 || (!t->by_libtiff && (rc = choose_rows(t)) < 0))
        return rc;
    rc = lade__sink_start(t->job->sink, t->job->info.width, t->job->info.height, layout, t->err);
    if (rc < 0)
        return rc;
    return t->by_libtiff ? read_by_libtiff(t) : read_bands(t);
}

static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct lade__tiff t = {.kept = handle, .job = job, .err = err};
    int rc = lade__tiff_check_kind(job, err);
    if (rc < 0 || (rc = lade__tiff_open(&t)) < 0)
        return rc;
    rc = decode_all(&t);
    if (rc == LADE_OK && job->check_all)
        rc = lade__tiff_check_pages(&t);
    TIFFClose(t.tiff);
    return rc;
}

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct lade__tiff_kept));
}

static void handle_close(void *handle) {
    struct lade__tiff_kept *kept = handle;
    lade__buffer_release(&kept->band);
    lade__buffer_release(&kept->block);
    lade__buffer_release(&kept->samples);
    lade_free(kept);
}
#endif

const struct lade__codec lade__codec_tiff = {
    .format = LADE_FORMAT_TIFF,
    .about = {.name = "tiff",
              .title = "TIFF",
              .suffixes = (const char *const[]){"tif", "tiff", NULL},
              .readable = LADE_WITH_TIFF},
    .build_option = "LADE_TIFF",
    .library = "libtiff",
    .upright = true,
    .sniff = is_tiff,
#if LADE_WITH_TIFF
    .read_info = lade__tiff_read_info,
    .open = handle_open,
    .close = handle_close,
    .decode = decode,
#endif
};
