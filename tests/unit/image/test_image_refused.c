/* Tests that lade refuses files of kinds that it does not read, and that the error names the kind. The tests use the
   first bytes of files of other formats, and valid files of tests/golden with one changed value. */
#include "support/invalid_images.h"

#include "image/codec/bytes.h"

/* Includes the sources of some codecs. They are compiled without their libraries, as in a build that leaves these
   codecs out. */
#undef LADE_WITH_AVIF
#undef LADE_WITH_GIF
#undef LADE_WITH_TIFF
#undef LADE_WITH_WEBP
#define LADE_WITH_AVIF 0
#define LADE_WITH_GIF  0
#define LADE_WITH_TIFF 0
#define LADE_WITH_WEBP 0

#define lade__codec_avif left_out_avif
#include "image/codec/avif/decode.c"
#define lade__codec_gif left_out_gif
#include "image/codec/gif/decode.c"
#define lade__codec_webp left_out_webp
#include "image/codec/webp/decode.c"
#define lade__codec_tiff left_out_tiff
#include "image/codec/tiff/decode.c"

#define BYTES(s) (s), sizeof(s) - 1

/* ---- Other formats ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *bytes;
    size_t n;
    const char *name, *advice;
} others[] = {
    {BYTES("\0\0\0\x18"
           "ftypheic\0\0\0\0mif1heic"),
     "HEIC", "heif-convert"},
    {BYTES("\0\0\0\x18"
           "ftyphevc\0\0\0\0mif1hevc"),
     "HEIC", "heif-convert"},
    {BYTES("\0\0\0\x18"
           "ftypmif1\0\0\0\0mif1heic"),
     "HEIF", "heif-convert"},
    {BYTES("\xff\x0a\xfa\x1f\x01"), "JPEG XL", "djxl"},
    {BYTES("\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14"
           "ftypjxl "),
     "JPEG XL", "djxl"},
    {BYTES("\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14"
           "ftypjp2 "),
     "JPEG 2000", "opj_decompress"},
    {BYTES("\xff\x4f\xff\x51\0\x2f\0\0"), "JPEG 2000", "opj_decompress"},
    {BYTES("8BPS\0\1\0\0\0\0\0\0\0\3"), "PSD", "convert"},
    {BYTES("\0\0\2\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\x20"), "TGA", "convert"},
    {BYTES("\0\0\x0a\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x20\x08"), "TGA", "convert"},
    {BYTES("\0\0\3\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x08\x20"), "TGA", "convert"},
    {BYTES("\0\1\1\0\0\0\1\x18\0\0\0\0\x10\0\x10\0\x08\x20"), "TGA", "convert"},
    {BYTES("\x05\0\2\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\x20hello\0\0\0\0\0\0\0\0TRUEVISION-XFILE."), "TGA", "convert"},
    {BYTES("\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0"), "ICO", "icotool"},
    {BYTES("qoif\0\0\0\x10\0\0\0\x10\3\0"), "QOI", "convert"},
    {BYTES("\x76\x2f\x31\x01\2\0\0\0"), "EXR", "convert"},
    {BYTES("................................................................"
           "................................................................DICM\2\0\0\0UL"),
     "DICOM", "dcmj2pnm"},
    {BYTES("II*\0\x10\0\0\0CR\2\0\0\0\0\0"), "camera raw", "develop"},
    {BYTES("\0\0\0\x18"
           "ftypcrx \0\0\0\1crx isom"),
     "Canon camera raw", "develop"},
    {BYTES("II\x1a\0\0\0HEAPCCDR"), "Canon camera raw", "develop"},
    {BYTES("FUJIFILMCCD-RAW 0201"), "Fujifilm camera raw", "develop"},
    {BYTES("IIU\0\x18\0\0\0"), "Panasonic camera raw", "develop"},
    {BYTES("IIRO\x08\0\0\0"), "Olympus camera raw", "develop"},
    {BYTES("\0MRM\0\0\0\0"), "Minolta camera raw", "develop"},
    {BYTES("FOVb\0\0\0\0"), "Sigma camera raw", "develop"},
    /* a TIFF with the version tag of DNG, and a TIFF with a preview and a sub-directory, in both byte orders */
    {BYTES("II*\0\x08\0\0\0\1\0\x12\xc6\1\0\4\0\0\0\1\4\0\0\0\0\0\0"), "camera raw", "develop"},
    {BYTES("MM\0*\0\0\0\x08\0\2\0\xfe\0\4\0\0\0\1\0\0\0\1\1\x4a\0\4\0\0\0\1\0\0\0\x40\0\0\0\0"), "camera raw",
     "develop"},
    {BYTES("II*\0\x08\0\0\0\2\0\xfe\0\4\0\1\0\0\0\1\0\0\0\x4a\1\x0d\0\1\0\0\0\x40\0\0\0\0\0\0\0"), "camera raw",
     "develop"},
};

START_TEST(the_error_names_the_format_and_what_to_do) {
    struct lade_image out;
    struct lade_error err;
    ck_assert_int_eq(attempt((const uint8_t *)others[_i].bytes, others[_i].n, LADE_COLOR_RGB, &out, &err),
                     LADE_EUNSUPPORTED);
    ck_assert_msg(strstr(err.message, others[_i].name) && strstr(err.message, others[_i].advice), "%s", err.message);
}
END_TEST

/* These headers differ in one field from a TGA header. */
START_TEST(other_bytes_are_not_named_tga) {
    static const struct {
        const char *bytes;
        size_t n;
    } cases[] = {
        {BYTES("\0\0\2\0\0\0\0\0\0\0\0\0\0\0\x10\0\x18\x20")},     /* the width is 0 */
        {BYTES("\0\0\2\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x07\x20")},   /* 7 bits */
        {BYTES("\0\2\2\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\x20")},   /* a palette of kind 2 */
        {BYTES("\0\0\1\1\0\0\1\x18\0\0\0\0\x10\0\x10\0\x08\x20")}, /* indices without a palette */
        {BYTES("\0\0\2\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18")},       /* too short */
    };
    struct lade_image out;
    struct lade_error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(attempt((const uint8_t *)cases[i].bytes, cases[i].n, LADE_COLOR_RGB, &out, &err),
                         LADE_EUNSUPPORTED);
        ck_assert_msg(!strstr(err.message, "TGA"), "%zu: %s", i, err.message);
    }
}
END_TEST

/* ---- Kinds of TIFF and GIF --------------------------------------------------------------------------------------- */

static struct file *find_file(const char *name) {
    for (int i = 0; i < file_count; i++)
        if (!strcmp(files[i].name, name))
            return &files[i];
    ck_abort_msg("%s is missing", name);
}

/* Replaces the value of a 16-bit tag in a little-endian TIFF, if the value is stored in the entry itself. */
static void set_tag(struct file *file, unsigned tag, uint16_t value) {
    size_t at = lade__le32(file->bytes + 4);
    unsigned count = lade__le16(file->bytes + at);
    for (at += 2; count > 0; count--, at += 12)
        if (lade__le16(file->bytes + at) == tag) {
            memcpy(file->bytes + at + 8, &value, sizeof value);
            return;
        }
    ck_abort_msg("there is no tag %u", tag);
}

enum { BITS = 258, COMPRESSION = 259, PHOTOMETRIC = 262 };

START_TEST(a_kind_of_tiff_is_named) {
    static const struct {
        const char *file;
        unsigned tag;
        uint16_t value;
        const char *name;
    } cases[] = {
        {"rgb.tif", COMPRESSION, 6, "old-style JPEG"}, {"rgb.tif", COMPRESSION, 34712, "JPEG 2000"},
        {"rgb.tif", COMPRESSION, 50002, "JPEG XL"},    {"rgb.tif", COMPRESSION, 60000, "60000"},
        {"rgb.tif", PHOTOMETRIC, 8, "L*a*b*"},         {"rgb.tif", PHOTOMETRIC, 32845, "LogLuv"},
        {"rgb.tif", PHOTOMETRIC, 32803, "camera raw"}, {"black8.tif", BITS, 12, "12 bits"},
        {"grey16.tif", BITS, 24, "24 bits"},
    };
    struct lade_image out;
    struct lade_error err;
    if (!lade_format_info(LADE_FORMAT_TIFF)->readable)
        CHECK_SKIP("built without TIFF");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct file *file = find_file(cases[i].file);
        uint8_t *copy = malloc(file->n);
        memcpy(copy, file->bytes, file->n);
        set_tag(file, cases[i].tag, cases[i].value);
        ck_assert_int_eq(attempt(file->bytes, file->n, LADE_COLOR_RGB, &out, &err), LADE_EUNSUPPORTED);
        ck_assert_msg(strstr(err.message, cases[i].name) != NULL, "%zu: %s", i, err.message);
        memcpy(file->bytes, copy, file->n);
        free(copy);
    }
}
END_TEST

/* If neither the compression nor the colours are supported, the message names the compression. */
START_TEST(the_compression_of_a_tiff_is_named_first) {
    struct lade_image out;
    struct lade_error err;
    if (!lade_format_info(LADE_FORMAT_TIFF)->readable)
        CHECK_SKIP("built without TIFF");
    struct file *file = find_file("black8.tif");
    set_tag(file, COMPRESSION, 6);
    set_tag(file, PHOTOMETRIC, 8);
    set_tag(file, BITS, 12);
    ck_assert_int_eq(attempt(file->bytes, file->n, LADE_COLOR_RGB, &out, &err), LADE_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(err.message, "old-style JPEG"));
}
END_TEST

START_TEST(the_code_size_of_a_gif_is_named) {
    struct lade_image out;
    struct lade_error err;
    if (!lade_format_info(LADE_FORMAT_GIF)->readable)
        CHECK_SKIP("built without GIF");
    struct file *file = find_file("plain.gif");
    size_t at = 13 + 3 * 256 + sizeof "!\xfe\x05hello"; /* the image descriptor, after the palette and the comment */
    ck_assert_int_eq(file->bytes[at], ',');
    ck_assert_int_eq(file->bytes[at + 10], 8);
    file->bytes[at + 10] = 11;
    ck_assert_int_eq(attempt(file->bytes, file->n, LADE_COLOR_RGB, &out, &err), LADE_EFORMAT);
    ck_assert_msg(strstr(err.message, "code size is 11"), "%s", err.message);
}
END_TEST

/* ---- Grey of more than 8 bits ------------------------------------------------------------------------------------ */

static int decode_grey(const uint8_t *bytes, size_t n, bool clip, struct lade_image *out, struct lade_error *err) {
    struct lade_decode_options options = {.color_mode = LADE_COLOR_GRAYSCALE, .clip_grey = clip};
    return lade_image_decode_resized(decoder, bytes, n, &options, out, err);
}

/* The values of the file begin at byte 8. */
START_TEST(grey_of_16_bits_keeps_its_range) {
    struct lade_image out;
    struct lade_error err = {0};
    if (!lade_format_info(LADE_FORMAT_TIFF)->readable)
        CHECK_SKIP("built without TIFF");
    struct file *file = find_file("grey16rows.tif");
    for (int i = 0; i < 3; i++) {
        bool clip = i == 1, inverted = i == 2;
        set_tag(file, PHOTOMETRIC, inverted ? 0 : 1);
        ck_assert_msg(decode_grey(file->bytes, file->n, clip, &out, &err) == LADE_OK, "%s", err.message);
        for (int p = 0; p < 19 * 3; p++) {
            int value = lade__le16(file->bytes + 8 + 2 * p), scaled = (value * 255 + 32767) / 65535;
            int expected = clip ? (value < 255 ? value : 255) : inverted ? 255 - scaled : scaled;
            ck_assert_int_eq(out.pixels[p], expected);
        }
    }
}
END_TEST

START_TEST(grey_of_a_pgm_keeps_its_range) {
    static const char *const files_of_16_bits[] = {"P5 4 1 65535\n\0\0\0\x81\x80\0\xff\xff",
                                                   "P2 4 1 65535 0 129 32768 65535 "};
    struct lade_image out;
    struct lade_error err = {0};
    for (int i = 0; i < 2; i++)
        for (int clip = 0; clip < 2; clip++) {
            const uint8_t *bytes = (const uint8_t *)files_of_16_bits[i];
            size_t n = i ? strlen(files_of_16_bits[i]) : 21;
            ck_assert_msg(decode_grey(bytes, n, clip, &out, &err) == LADE_OK, "%s", err.message);
            ck_assert_mem_eq(out.pixels, clip ? "\0\x81\xff\xff" : "\0\1\x80\xff", 4);
        }
}
END_TEST

/* The file does not contain the values of black and white, so the values cannot be scaled. */
START_TEST(other_grey_values_are_refused_by_name) {
    static const char *const cases[][2] = {
        {"real.tif", "32 bits (float)"}, {"signed16.tif", "16 bits (signed)"}, {"signed32.tif", "32 bits (signed)"}};
    struct lade_image out;
    if (!lade_format_info(LADE_FORMAT_TIFF)->readable)
        CHECK_SKIP("built without TIFF");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct file *file = find_file(cases[i][0]);
        struct lade_error err = {0};
        ck_assert_int_eq(decode_grey(file->bytes, file->n, false, &out, &err), LADE_EUNSUPPORTED);
        ck_assert_msg(strstr(err.message, cases[i][1]) != NULL, "%s", err.message);
        ck_assert_int_eq(decode_grey(file->bytes, file->n, true, &out, &err), LADE_OK);
    }
}
END_TEST

/* ---- Formats that a build leaves out ----------------------------------------------------------------------------- */

/* A build without a codec still recognises the files of this codec, and the error message names the build option that
   adds the codec. */
static const struct {
    const struct lade__codec *codec;
    const char *bytes, *option;
} left_out[] = {
    {&left_out_gif, "GIF89a..........", "-DLADE_GIF=ON"},
    {&left_out_webp, "RIFF....WEBPVP8 ", "-DLADE_WEBP=ON"},
    {&left_out_tiff, "II*\0............", "-DLADE_TIFF=ON"},
    {&left_out_tiff, "MM\0*............", "-DLADE_TIFF=ON"},
    {&left_out_tiff, "II+\0............", "-DLADE_TIFF=ON"},
    {&left_out_tiff, "MM\0+............", "-DLADE_TIFF=ON"},
    {&left_out_avif,
     "\0\0\0\x0c"
     "ftypavif....",
     "-DLADE_AVIF=ON"},
};

START_TEST(the_error_names_the_option) {
    const struct lade__codec *codec = left_out[_i].codec;
    char text[128];
    ck_assert(codec->sniff((const uint8_t *)left_out[_i].bytes, 16));
    ck_assert(!codec->about.readable && !codec->decode);
    lade__codec_left_out(codec, text, sizeof text);
    ck_assert_msg(strstr(text, left_out[_i].option) != NULL, "\"%s\"", text);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "refused");
    tcase_add_checked_fixture(tcase, invalid_images_setup, invalid_images_teardown);
    tcase_add_loop_test(tcase, the_error_names_the_format_and_what_to_do, 0, sizeof others / sizeof *others);
    tcase_add_test(tcase, other_bytes_are_not_named_tga);
    tcase_add_test(tcase, a_kind_of_tiff_is_named);
    tcase_add_test(tcase, the_compression_of_a_tiff_is_named_first);
    tcase_add_test(tcase, the_code_size_of_a_gif_is_named);
    tcase_add_test(tcase, grey_of_16_bits_keeps_its_range);
    tcase_add_test(tcase, grey_of_a_pgm_keeps_its_range);
    tcase_add_test(tcase, other_grey_values_are_refused_by_name);
    tcase_add_loop_test(tcase, the_error_names_the_option, 0, sizeof left_out / sizeof *left_out);
}
