/* Tests that the orientation is found in XMP text and in text chunks, as Pillow finds it. */
#include "support/check_main.h"
#include "support/exif_maker.h"
#include "support/image_samples.h"
#include "support/png_maker.h"

#include "image/codec/metadata.h"

enum { WIDTH = 37, HEIGHT = 21 };

/* Pillow 13 finds the same orientations. */
START_TEST(xmp_is_searched_as_in_pillow) {
    static const struct {
        const char *xmp;
        int orientation;
    } cases[] = {
        {"<x tiff:Orientation=\"6\"/>", 6},
        {"<tiff:Orientation>3</tiff:Orientation>", 3},
        {"tiff:Orientation=\"8", 8},
        {"tiff:Orientation>2", 2},
        {"tiff:Orientation tiff:Orientation=\"5\"", 5},
        {"tiff:Orientation=\"7\" tiff:Orientation=\"5\"", 7},
        {"tiff:Orientation='6'", 1},
        {"tiff:Orientation=\"0\"", 1},
        {"tiff:Orientation=\"9\" tiff:Orientation=\"3\"", 1},
        {"tiff:Orientation=\"", 1},
        {"tiff:Orientation=", 1},
        {"tiff:Orientation>", 1},
        {"tiff:Orientation", 1},
        {"tiff:Orientatio", 1},
        {"tttttttttttttttttttttttttttiff:Orientation>4", 4},
        {"exif:Orientation=\"6\"", 1},
        {"", 1},
    };
    uint8_t exif[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = strlen(cases[i].xmp);
        uint8_t *copy = malloc(n ? n : 1);
        memcpy(copy, cases[i].xmp, n);
        struct lade__metadata metadata = {.xmp = {copy, n}};
        ck_assert_msg(lade__metadata_orientation(&metadata) == cases[i].orientation, "%s", cases[i].xmp);
        metadata.exif = (struct lade__part){exif, make_exif(exif, 4, true)}; /* Exif data has priority */
        ck_assert_int_eq(lade__metadata_orientation(&metadata), 4);
        make_exif(exif, 9, true); /* even if the orientation in the Exif data is invalid */
        ck_assert_int_eq(lade__metadata_orientation(&metadata), 1);
        metadata.exif.n = 10; /* Exif data without an orientation has no effect */
        ck_assert_int_eq(lade__metadata_orientation(&metadata), cases[i].orientation);
        free(copy);
    }
}
END_TEST

enum { EXIF_TEXT, EXIF_COMPRESSED, EXIF_APP1, XMP_TEXT, XMP_COMPRESSED, TEXT_KINDS };

/* Writes a text chunk that contains the orientation. */
static void write_text(struct png_maker *file, int kind, int orientation) {
    struct png_maker chunk = {0}, text = {0};
    bool exif = kind < XMP_TEXT, compressed = kind == EXIF_COMPRESSED || kind == XMP_COMPRESSED;
    uint8_t data[64];
    char line[100];
    if (exif) {
        size_t n = make_exif(data, orientation, true);
        snprintf(line, sizeof line, "\nexif\n%8zu\n", n);
        png_bytes(&text, line, strlen(line));
        for (size_t i = 0; i < n; i++) {
            snprintf(line, sizeof line, i % 8 == 7 ? "%02x\n" : i % 2 ? "%02X" : "%02x", data[i]);
            png_bytes(&text, line, strlen(line));
        }
    } else {
        snprintf(line, sizeof line, "<x:xmpmeta tiff:Orientation=\"%d\"/>", orientation);
        png_bytes(&text, line, strlen(line));
    }
    const char *keyword = kind == EXIF_APP1 ? "Raw profile type APP1"
                          : exif            ? "Raw profile type exif"
                                            : "XML:com.adobe.xmp";
    png_bytes(&chunk, keyword, strlen(keyword) + 1);
    if (!exif)
        png_bytes(&chunk, compressed ? "\1\0en\0\0" : "\0\0en\0\0", 6);
    else if (compressed)
        png_bytes(&chunk, "", 1);
    if (compressed)
        png_zlib(&chunk, text.data, text.size);
    else
        png_bytes(&chunk, text.data, text.size);
    png_chunk(file, !exif ? "iTXt" : compressed ? "zTXt" : "tEXt", chunk.data, chunk.size);
    free(chunk.data);
    free(text.data);
}

static int probe_orientation(const uint8_t *bytes, size_t n) {
    struct lade_image_info info;
    struct lade_error err = {0};
    uint8_t *copy = malloc(n);
    memcpy(copy, bytes, n);
    ck_assert_msg(lade_image_probe(copy, n, &info, &err) == LADE_OK, "%s", err.message);
    free(copy);
    return info.orientation;
}

/* The chunk is before or after the image data, or the file is cut off inside the chunk. */
START_TEST(the_texts_of_a_png_have_an_orientation) {
    struct lade__encoded plain = sample_png(WIDTH, HEIGHT, 3);
    size_t end = _i % 2 ? 33 : plain.size - 12;
    for (int orientation = 1; orientation <= 8; orientation++) {
        struct png_maker file = {0};
        png_bytes(&file, plain.data, end);
        write_text(&file, _i / 2, orientation);
        size_t text_end = file.size;
        png_bytes(&file, plain.data + end, plain.size - end);
        ck_assert_int_eq(probe_orientation(file.data, file.size), orientation);
        for (size_t n = end; n < text_end; n++)
            ck_assert_int_eq(probe_orientation(file.data, n), 1);
        for (size_t at = end; at < text_end; at++) { /* no changed byte causes a read outside of the file */
            file.data[at] ^= 0x41;
            probe_orientation(file.data, file.size);
            file.data[at] ^= 0x41;
        }
        free(file.data);
    }
    lade_free(plain.data);
}
END_TEST

START_TEST(the_exif_chunk_of_a_png_has_priority) {
    struct lade__encoded plain = sample_png(WIDTH, HEIGHT, 3);
    struct png_maker file = {0};
    uint8_t exif[64];
    png_bytes(&file, plain.data, 33);
    write_text(&file, XMP_TEXT, 3);
    write_text(&file, EXIF_APP1, 4);
    ck_assert_int_eq(probe_orientation(file.data, file.size), 4);
    write_text(&file, EXIF_COMPRESSED, 5);
    ck_assert_int_eq(probe_orientation(file.data, file.size), 5);
    png_chunk(&file, "eXIf", exif, make_exif(exif, 6, false));
    ck_assert_int_eq(probe_orientation(file.data, file.size), 6);
    free(file.data);
    lade_free(plain.data);
}
END_TEST

/* A text that decompresses to many bytes takes little memory and time: only its first bytes are decompressed. */
START_TEST(a_long_text_is_not_read_to_its_end) {
    struct lade__encoded plain = sample_png(WIDTH, HEIGHT, 3);
    struct png_maker file = {0}, chunk = {0};
    size_t n = 1 << 20;
    uint8_t *text = malloc(n);
    memset(text, ' ', n);
    memcpy(text + n - 20, "tiff:Orientation>6", 18);
    png_bytes(&chunk, "XML:com.adobe.xmp\0\1\0\0", 22);
    png_zlib(&chunk, text, n);
    png_bytes(&file, plain.data, 33);
    png_chunk(&file, "iTXt", chunk.data, chunk.size);
    png_bytes(&file, plain.data + 33, plain.size - 33);
    ck_assert_int_eq(probe_orientation(file.data, file.size), 1);
    free(text);
    free(chunk.data);
    free(file.data);
    lade_free(plain.data);
}
END_TEST

START_TEST(a_jpeg_has_an_orientation_in_xmp) {
    static const char xmp[] = "http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"7\"/>";
    struct lade__encoded plain = sample_jpeg(WIDTH, HEIGHT, 3, false);
    struct png_maker file = {0};
    uint8_t exif[64];
    size_t n = make_exif(exif, 2, true);
    png_bytes(&file, plain.data, 2);
    png_bytes(&file, (uint8_t[]){0xff, 0xe1, 0, (uint8_t)(sizeof xmp + 1)}, 4);
    png_bytes(&file, xmp, sizeof xmp - 1);
    size_t end = file.size;
    png_bytes(&file, plain.data + 2, plain.size - 2);
    ck_assert_int_eq(probe_orientation(file.data, file.size), 7);
    file.size = end;
    png_bytes(&file, (uint8_t[]){0xff, 0xe1, 0, (uint8_t)(n + 2)}, 4);
    png_bytes(&file, exif, n);
    png_bytes(&file, plain.data + 2, plain.size - 2);
    ck_assert_int_eq(probe_orientation(file.data, file.size), 2);
    free(file.data);
    lade_free(plain.data);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "metadata");
    tcase_add_test(tcase, xmp_is_searched_as_in_pillow);
    tcase_add_loop_test(tcase, the_texts_of_a_png_have_an_orientation, 0, 2 * TEXT_KINDS);
    tcase_add_test(tcase, the_exif_chunk_of_a_png_has_priority);
    tcase_add_test(tcase, a_long_text_is_not_read_to_its_end);
    tcase_add_test(tcase, a_jpeg_has_an_orientation_in_xmp);
}
