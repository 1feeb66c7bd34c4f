/*
 * Checks the pages of a TIFF after the first page. A page is decompressed strip by strip, or tile by tile. Its samples
 * are not converted to pixels, because the conversion cannot fail.
 */
#include "image/codec/tiff/tiff.h"

#if LADE_WITH_TIFF

static int too_large(struct lade__tiff *t) {
    return lade_error_set(t->err, LADE_ELIMIT, "the page exceeds the limit max_pixels");
}

/* Decompresses all strips or tiles of the current page. Sets *@more to false if no more pages may be checked. */
static int check_page(struct lade__tiff *t, bool *more) {
    enum { BLOCK_COST = 256 }; /* an empty strip or tile takes as much time as this number of pixels */
    uint32_t width = 0, height = 0;
    TIFFGetField(t->tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(t->tiff, TIFFTAG_IMAGELENGTH, &height);
    bool tiled = TIFFIsTiled(t->tiff);
    uint32_t blocks = tiled ? TIFFNumberOfTiles(t->tiff) : TIFFNumberOfStrips(t->tiff);
    tmsize_t size = tiled ? TIFFTileSize(t->tiff) : TIFFStripSize(t->tiff);
    uint64_t pixels = (uint64_t)width * height;
    *more = lade__job_later(t->job, pixels + (uint64_t)blocks * BLOCK_COST);
    if (!*more)
        return LADE_OK;
    if (pixels > t->job->max_pixels || (uint64_t)size / 16 > t->job->max_pixels + LADE__TIFF_SMALL_BAND)
        return too_large(t);
    int rc = lade__tiff_check_compression(t);
    if (rc < 0)
        return rc;
    if (size <= 0 || !blocks)
        return lade_error_set(t->err, LADE_EFORMAT, "%s", t->message[0] ? t->message : "the page has no pixels");
    uint8_t *block = lade__buffer_need(&t->kept->block, 1, (size_t)size);
    if (!block)
        return lade_error_set(t->err, LADE_ENOMEM, "TIFF: no memory for a strip or tile of %td bytes", size);
    for (uint32_t i = 0; i < blocks; i++)
        if ((tiled ? TIFFReadEncodedTile(t->tiff, i, block, size) : TIFFReadEncodedStrip(t->tiff, i, block, size)) < 0)
            return lade_error_set(t->err, LADE_EFORMAT, "%s", t->message[0] ? t->message : "damaged data");
    return LADE_OK;
}

int lade__tiff_check_pages(struct lade__tiff *t) {
    struct lade_error *err = t->err;
    bool more = true;
    int page = 2;
    for (t->message[0] = '\0'; more && TIFFReadDirectory(t->tiff); page++) {
        struct lade_error cause = {0};
        t->err = &cause;
        int rc = check_page(t, &more);
        t->err = err;
        if (rc == LADE_ENOMEM)
            return lade_error_set(err, rc, "%s", cause.message);
        if (rc < 0)
            lade__job_warn(t->job, "page %d: %s", page, cause.message);
        t->message[0] = '\0';
    }
    if (t->message[0])
        lade__job_warn(t->job, "page %d: %s", page, t->message);
    return LADE_OK;
}

#endif
