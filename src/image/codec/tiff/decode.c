/*
 * Decodes the first page of a TIFF by libtiff, from memory. directory.c checks the kind of the image, blocks.c reads
 * the samples, and rows.c converts samples to pixels as Pillow does.
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

/* Decides if libtiff must convert the samples. This conversion is necessary for images of luma and chroma, but not for
   JPEG data in a single plane, because libtiff can decode such data directly to RGB. */
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

static int decode_all(struct lade__tiff *t) {
    int rc = lade__tiff_read_directory(t);
    if (rc < 0 || (rc = choose_converter(t)) < 0)
        return rc;
    enum lade__pixel_layout layout = LADE__RGB;
    if (!t->by_libtiff && (rc = lade__tiff_rows_start(t, &layout)) < 0)
        return rc;
    if ((rc = lade__tiff_blocks_start(t)) < 0)
        return rc;
    rc = lade__sink_start(t->job->sink, t->job->info.width, t->job->info.height, layout, t->err);
    if (rc < 0)
        return rc;
    return lade__tiff_read_pixels(t);
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
    lade__buffer_release(&kept->directory);
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
