/* Writes JPEG files with libjpeg. The encoder of lade does not write these kinds of JPEG files. */
#ifndef LADE_TESTS_JPEG_MAKER_H
#define LADE_TESTS_JPEG_MAKER_H

#include "support/image_samples.h"

#include <jpeglib.h>

struct jpeg_kind {
    const char *name;
    int channels;
    J_COLOR_SPACE stored;
    bool progressive, arithmetic, adobe;
    unsigned restart_rows; /* number of rows of MCUs between two restart markers; 0 means no markers */
    int h, v;              /* sampling factors of the first component */
    unsigned restart_mcus; /* number of MCUs between two restart markers; 0 means no markers */
    int quality;           /* 0 means 85 */
    bool optimized;        /* true: Huffman tables computed for the image; false: the default Huffman tables */
    int scans;             /* number of scans of a progressive grey file, 2 to 64; 0 means the default of libjpeg */
};

static const struct jpeg_kind jpeg_kinds[] = {
    {"grey", 1, JCS_GRAYSCALE, .h = 1, .v = 1},
    {"ycc", 3, JCS_YCbCr, .h = 2, .v = 2},
    {"ycc-440", 3, JCS_YCbCr, .h = 1, .v = 2},
    {"ycc-411", 3, JCS_YCbCr, .h = 4, .v = 1},
    {"rgb-adobe", 3, JCS_RGB, .adobe = true, .h = 1, .v = 1},
    {"rgb-by-ids", 3, JCS_RGB, .h = 1, .v = 1},
    {"cmyk", 4, JCS_CMYK, .h = 1, .v = 1},
    {"cmyk-adobe", 4, JCS_CMYK, .adobe = true, .h = 1, .v = 1},
    {"ycck", 4, JCS_YCCK, .adobe = true, .h = 2, .v = 2},
    {"restarts", 3, JCS_YCbCr, .restart_rows = 1, .h = 2, .v = 2},
    {"progressive-restarts", 3, JCS_YCbCr, .progressive = true, .restart_rows = 1, .h = 2, .v = 2},
    {"arithmetic", 3, JCS_YCbCr, .arithmetic = true, .h = 2, .v = 2},
    {"arithmetic-progressive", 3, JCS_YCbCr, .progressive = true, .arithmetic = true, .h = 2, .v = 2},
};
enum { JPEG_KINDS = sizeof jpeg_kinds / sizeof *jpeg_kinds };

/* Makes a list of @count scans for a grey image. Each scan except the last contains one coefficient of each block. The
   last scan contains all remaining coefficients. */
static inline void set_scans(struct jpeg_compress_struct *enc, jpeg_scan_info *scans, int count) {
    for (int i = 0; i < count; i++)
        scans[i] = (jpeg_scan_info){.comps_in_scan = 1, .Ss = i, .Se = i == count - 1 ? DCTSIZE2 - 1 : i};
    enc->scan_info = scans;
    enc->num_scans = count;
}

/* Returns the image as a JPEG file of this kind. The caller must free the bytes with lade_free(). */
static inline struct lade__encoded encode_kind(const struct jpeg_kind *kind, const struct lade_image *image) {
    struct jpeg_compress_struct enc;
    struct jpeg_error_mgr errors;
    jpeg_scan_info scans[DCTSIZE2];
    unsigned char *data = NULL;
    unsigned long size = 0;
    enc.err = jpeg_std_error(&errors);
    jpeg_create_compress(&enc);
    jpeg_mem_dest(&enc, &data, &size);
    enc.image_width = (JDIMENSION)image->width;
    enc.image_height = (JDIMENSION)image->height;
    enc.input_components = kind->channels;
    enc.in_color_space = kind->channels == 1 ? JCS_GRAYSCALE : kind->channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&enc);
    jpeg_set_colorspace(&enc, kind->stored);
    jpeg_set_quality(&enc, kind->quality ? kind->quality : 85, TRUE);
    enc.comp_info[0].h_samp_factor = kind->h;
    enc.comp_info[0].v_samp_factor = kind->v;
    if (kind->progressive)
        jpeg_simple_progression(&enc);
    if (kind->scans)
        set_scans(&enc, scans, kind->scans);
    enc.arith_code = kind->arithmetic;
    enc.write_Adobe_marker = kind->adobe;
    enc.restart_in_rows = (int)kind->restart_rows;
    enc.restart_interval = kind->restart_mcus;
    enc.optimize_coding = kind->optimized;
    jpeg_start_compress(&enc, TRUE);
    while (enc.next_scanline < enc.image_height) {
        JSAMPROW row = image->pixels + enc.next_scanline * image->stride;
        jpeg_write_scanlines(&enc, &row, 1);
    }
    jpeg_finish_compress(&enc);
    jpeg_destroy_compress(&enc);
    struct lade__encoded bytes = {lade_alloc(size), size};
    memcpy(bytes.data, data, size);
    free(data);
    return bytes;
}

/* Returns an image of sample_image() as a JPEG file of this kind. */
static inline struct lade__encoded make_jpeg(const struct jpeg_kind *kind, int width, int height) {
    struct lade_image image = sample_image(width, height, kind->channels, 5);
    struct lade__encoded bytes = encode_kind(kind, &image);
    free(image.pixels);
    return bytes;
}

#endif
