/* Tests that every kind of JPEG is decoded, that every defect is reported, and that no data of one image is used for
   the next image. */
#include "support/decoder_case.h"
#include "support/image_samples.h"
#include "support/jpeg_maker.h"

START_TEST(a_decode_returns_the_encoded_image) {
    static const int sizes[][2] = {{1, 1}, {7, 5}, {16, 16}, {17, 33}, {200, 3}, {3, 200}, {129, 65}};
    int width = sizes[_i][0], height = sizes[_i][1];
    struct lade_error err;
    for (int channels = 1; channels <= 3; channels += 2)
        for (int progressive = 0; progressive < 2; progressive++) {
            struct lade_image flat = sample_image(width, height, channels, 1), out;
            memset(flat.pixels, 100, flat.stride * (size_t)height);
            struct lade__encoded bytes;
            ck_assert_int_eq(lade__jpeg_encode(&flat, 90, progressive, &bytes, NULL), LADE_OK);
            ck_assert_int_eq(decode(decoder, bytes.data, bytes.size, &out, &err), LADE_OK);
            ck_assert_ptr_null(lade_decoder_warning(decoder));
            ck_assert_int_eq(out.width, width);
            ck_assert_int_eq(out.height, height);
            ck_assert_int_eq(out.channels, 3);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < 3 * width; x++)
                    ck_assert_int_eq(out.pixels[(size_t)y * out.stride + (size_t)x], 100);
            lade_free(bytes.data);
            free(flat.pixels);
        }
}
END_TEST

/* Writes an image of one colour in inverted CMYK, as Adobe programs do. */
static struct lade__encoded flat_cmyk(J_COLOR_SPACE stored, bool adobe, const uint8_t ink[4]) {
    struct jpeg_compress_struct enc;
    struct jpeg_error_mgr errors;
    unsigned char *data = NULL;
    unsigned long size = 0;
    enc.err = jpeg_std_error(&errors);
    jpeg_create_compress(&enc);
    jpeg_mem_dest(&enc, &data, &size);
    enc.image_width = enc.image_height = 16;
    enc.input_components = 4;
    enc.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&enc);
    jpeg_set_colorspace(&enc, stored);
    jpeg_set_quality(&enc, 100, TRUE);
    enc.write_Adobe_marker = adobe;
    jpeg_start_compress(&enc, TRUE);
    uint8_t row[64];
    for (int i = 0; i < 64; i++)
        row[i] = ink[i % 4];
    JSAMPROW rows = row;
    while (enc.next_scanline < 16)
        jpeg_write_scanlines(&enc, &rows, 1);
    jpeg_finish_compress(&enc);
    jpeg_destroy_compress(&enc);
    struct lade__encoded bytes = {lade_alloc(size), size};
    memcpy(bytes.data, data, size);
    free(data);
    return bytes;
}

START_TEST(cmyk_is_inverted) {
    static const struct {
        uint8_t ink[4], rgb[3];
    } cases[] = {
        {{255, 255, 255, 255}, {255, 255, 255}}, /* no ink */
        {{0, 0, 0, 0}, {0, 0, 0}},               /* all ink */
        {{0, 255, 255, 255}, {0, 255, 255}},     /* cyan */
        {{255, 255, 255, 128}, {128, 128, 128}}, /* half black */
        {{128, 255, 255, 128}, {64, 128, 128}},
    };
    J_COLOR_SPACE stored = _i & 1 ? JCS_YCCK : JCS_CMYK;
    struct lade__encoded bytes = flat_cmyk(stored, stored == JCS_YCCK || _i & 2, cases[_i / 4].ink);
    struct lade_error err;
    struct lade_image out;
    struct lade_image_info info;
    ck_assert_int_eq(lade_image_probe(bytes.data, bytes.size, &info, &err), LADE_OK);
    ck_assert_int_eq(info.channels, 4);
    ck_assert_int_eq(decode(decoder, bytes.data, bytes.size, &out, &err), LADE_OK);
    for (int c = 0; c < 3; c++)
        ck_assert_int_le(abs(out.pixels[c] - cases[_i / 4].rgb[c]), 2);
    lade_free(bytes.data);
}
END_TEST

/* Changes one byte of a valid file and decodes the file. */
static int decode_changed(const struct lade__encoded *bytes, size_t at, uint8_t value, struct lade_error *err) {
    uint8_t *copy = malloc(bytes->size);
    memcpy(copy, bytes->data, bytes->size);
    copy[at] = value;
    struct lade_image out;
    int rc = decode(decoder, copy, bytes->size, &out, err);
    free(copy);
    return rc;
}

static size_t find_marker(const struct lade__encoded *bytes, uint8_t marker) {
    for (size_t i = 0; i + 1 < bytes->size; i++)
        if (bytes->data[i] == 0xff && bytes->data[i + 1] == marker)
            return i;
    ck_abort_msg("no marker %02x", marker);
}

/* A file with restart markers, in progressive mode or with arithmetic coding stores the same coefficients as a plain
   file, so the pixels are the same. */
START_TEST(other_kinds_of_jpeg_have_the_same_pixels) {
    struct lade__encoded plain = make_jpeg(&jpeg_kinds[1], 61, 45), bytes = make_jpeg(&jpeg_kinds[_i], 61, 45);
    struct lade_image out;
    struct lade_error err;
    ck_assert_int_eq(decode(decoder, plain.data, plain.size, &out, &err), LADE_OK);
    struct lade_image whole = copy_image(&out);
    ck_assert_msg(decode(decoder, bytes.data, bytes.size, &out, &err) == LADE_OK, "%s: %s", jpeg_kinds[_i].name,
                  err.message);
    ck_assert_ptr_null(lade_decoder_warning(decoder));
    ck_assert_msg(same_image(&out, &whole), "%s", jpeg_kinds[_i].name);
    free(whole.pixels);
    lade_free(plain.data);
    lade_free(bytes.data);
}
END_TEST

/* A JPEG may hold RGB instead of luma and chroma. An Adobe marker, or the names R, G and B of the components, indicate
   RGB. */
START_TEST(rgb_is_distinguished_from_ycbcr) {
    static const int kinds[] = {4, 5};
    struct lade__encoded bytes = make_jpeg(&jpeg_kinds[kinds[_i]], 40, 30);
    struct lade_image out, source = sample_image(40, 30, 3, 5);
    struct lade_error err;
    long apart = 0;
    ck_assert_int_eq(decode(decoder, bytes.data, bytes.size, &out, &err), LADE_OK);
    for (int y = 0; y < 30; y++)
        for (int x = 0; x < 120; x++)
            apart += labs(out.pixels[(size_t)y * out.stride + (size_t)x] -
                          (long)source.pixels[(size_t)y * source.stride + (size_t)x]);
    ck_assert_int_le(apart, 40 * 30 * 3 * 16); /* noise of 64, at quality 85 */
    free(source.pixels);
    lade_free(bytes.data);
}
END_TEST

START_TEST(unsupported_kinds_are_errors) {
    struct lade__encoded bytes = sample_jpeg(20, 20, 3, false);
    struct lade_error err;
    size_t frame = find_marker(&bytes, 0xc0);
    ck_assert_int_eq(decode_changed(&bytes, frame + 4, 12, &err), LADE_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(err.message, "12 bits"));
    ck_assert_int_eq(decode_changed(&bytes, frame + 1, 0xc3, &err), LADE_EUNSUPPORTED); /* lossless */
    ck_assert_ptr_nonnull(strstr(err.message, "lossless"));
    ck_assert_int_eq(decode_changed(&bytes, frame + 6, 0, &err), LADE_EFORMAT); /* height 0 */
    lade_free(bytes.data);
}
END_TEST

START_TEST(every_truncation_is_an_error_with_an_offset) {
    struct lade__encoded bytes = sample_jpeg(60, 50, 3, _i);
    struct lade_error err;
    struct lade_image out;
    for (size_t n = 0; n < bytes.size; n += check_under_valgrind() ? 5 : 1) {
        uint8_t *copy = malloc(n ? n : 1); /* of the exact size, so that a sanitizer finds a read past the end */
        memcpy(copy, bytes.data, n);
        int rc = decode(decoder, copy, n, &out, &err);
        ck_assert_msg(rc == LADE_EFORMAT || (n < 3 && rc == LADE_EUNSUPPORTED), "%zu bytes: %d %s", n, rc, err.message);
        if (n >= 3) {
            char offset[32];
            snprintf(offset, sizeof offset, "%zu", n);
            ck_assert_msg(strstr(err.message, offset) != NULL, "%zu bytes: %s", n, err.message);
        }
        free(copy);
    }
    ck_assert_int_eq(decode(decoder, bytes.data, bytes.size, &out, &err), LADE_OK); /* the decoder can still be used */
    lade_free(bytes.data);
}
END_TEST

START_TEST(flipped_bits_are_errors_or_warnings) {
    struct lade__encoded bytes = sample_jpeg(40, 30, _i & 1 ? 3 : 1, _i & 2);
    struct lade_error err;
    struct lade_image out;
    uint8_t *copy = malloc(bytes.size);
    int refused = 0, warned = 0;
    for (size_t bit = 0; bit < bytes.size * 8; bit += check_under_valgrind() ? 31 : 3) {
        memcpy(copy, bytes.data, bytes.size);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (decode(decoder, copy, bytes.size, &out, &err) < 0)
            refused++;
        else if (lade_decoder_warning(decoder))
            warned++;
    }
    ck_assert_int_gt(refused, 0);
    ck_assert_int_gt(warned, 0);
    free(copy);
    lade_free(bytes.data);
}
END_TEST

START_TEST(damaged_data_is_decoded_with_a_warning) {
    struct lade__encoded bytes = sample_jpeg(200, 200, 3, false);
    struct lade_error err;
    struct lade_image out;
    size_t scan = find_marker(&bytes, 0xda);
    memset(bytes.data + scan + 400, 0x7f, 100);
    ck_assert_int_eq(decode(decoder, bytes.data, bytes.size, &out, &err), LADE_OK);
    ck_assert_ptr_nonnull(lade_decoder_warning(decoder));
    ck_assert_ptr_nonnull(strstr(lade_decoder_warning(decoder), "at byte"));
    lade_free(bytes.data);

    bytes = sample_jpeg(20, 20, 3, false);
    ck_assert_int_eq(decode(decoder, bytes.data, bytes.size, &out, &err), LADE_OK);
    ck_assert_ptr_null(lade_decoder_warning(decoder)); /* the next image has no warning */
    lade_free(bytes.data);
}
END_TEST

/* A libjpeg object keeps its tables. A file without tables must not be decoded with the tables of the previous
   image. */
START_TEST(tables_are_not_kept_from_image_to_image) {
    struct lade__encoded whole = sample_jpeg(40, 30, 3, false);
    struct lade_error err;
    struct lade_image out;
    size_t dqt = find_marker(&whole, 0xdb), length = (size_t)whole.data[dqt + 2] << 8 | whole.data[dqt + 3];
    struct lade__encoded without = {malloc(whole.size), whole.size - length - 2};
    memcpy(without.data, whole.data, dqt);
    memcpy(without.data + dqt, whole.data + dqt + 2 + length, without.size - dqt);
    ck_assert_int_eq(decode(decoder, without.data, without.size, &out, &err), LADE_EFORMAT);
    ck_assert_int_eq(decode(decoder, whole.data, whole.size, &out, &err), LADE_OK);
    ck_assert_int_eq(decode(decoder, without.data, without.size, &out, &err), LADE_EFORMAT);
    free(without.data);
    lade_free(whole.data);
}
END_TEST

START_TEST(thousands_of_scans_are_an_error) {
    struct lade__encoded bytes = sample_jpeg(64, 64, 1, true);
    struct lade_error err;
    struct lade_image out;
    size_t scan = find_marker(&bytes, 0xda);
    for (size_t i = scan + 2; i + 1 < bytes.size; i++) /* the last scan refines coefficients, so it may be repeated */
        if (bytes.data[i] == 0xff && bytes.data[i + 1] == 0xda)
            scan = i;
    size_t again = bytes.size - 2 - scan;
    uint8_t *bomb = malloc(bytes.size + 1000 * again);
    memcpy(bomb, bytes.data, bytes.size);
    for (int i = 0; i <= 1000; i++)
        memcpy(bomb + scan + (size_t)i * again, bytes.data + scan, i < 1000 ? again : again + 2);
    ck_assert_int_eq(decode(decoder, bomb, bytes.size + 1000 * again, &out, &err), LADE_ELIMIT);
    ck_assert_ptr_nonnull(strstr(err.message, "scans"));
    free(bomb);
    lade_free(bytes.data);
}
END_TEST

/* A comment or application segment whose length is 0 or 1 has only its 2 length bytes, as in libjpeg and Pillow. The
   length of other segments must be at least 2. */
START_TEST(a_segment_without_contents_is_skipped) {
    static const struct {
        uint8_t marker, length;
        int status;
    } cases[] = {{0xfe, 0, LADE_OK}, {0xfe, 1, LADE_OK},      {0xe0, 0, LADE_OK},     {0xe1, 1, LADE_OK},
                 {0xef, 0, LADE_OK}, {0xdb, 0, LADE_EFORMAT}, {0xc4, 1, LADE_EFORMAT}};
    struct lade__encoded bytes = sample_jpeg(31, 17, 3, false);
    struct lade_image out;
    struct lade_error err;
    ck_assert_int_eq(decode(decoder, bytes.data, bytes.size, &out, &err), LADE_OK);
    struct lade_image plain = copy_image(&out);
    uint8_t *longer = malloc(bytes.size + 4);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memcpy(longer, bytes.data, 2);
        memcpy(longer + 2, (uint8_t[]){0xff, cases[i].marker, 0, cases[i].length}, 4);
        memcpy(longer + 6, bytes.data + 2, bytes.size - 2);
        ck_assert_int_eq(decode(decoder, longer, bytes.size + 4, &out, &err), cases[i].status);
        if (cases[i].status == LADE_OK)
            ck_assert(same_image(&out, &plain));
    }
    free(longer);
    free(plain.pixels);
    lade_free(bytes.data);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "jpeg");
    tcase_add_loop_test(tcase, a_decode_returns_the_encoded_image, 0, 7);
    tcase_add_loop_test(tcase, cmyk_is_inverted, 0, 20);
    tcase_add_loop_test(tcase, other_kinds_of_jpeg_have_the_same_pixels, 9, JPEG_KINDS);
    tcase_add_loop_test(tcase, rgb_is_distinguished_from_ycbcr, 0, 2);
    tcase_add_test(tcase, unsupported_kinds_are_errors);
    tcase_add_loop_test(tcase, every_truncation_is_an_error_with_an_offset, 0, 2);
    tcase_add_loop_test(tcase, flipped_bits_are_errors_or_warnings, 0, 4);
    tcase_add_test(tcase, damaged_data_is_decoded_with_a_warning);
    tcase_add_test(tcase, tables_are_not_kept_from_image_to_image);
    tcase_add_test(tcase, thousands_of_scans_are_an_error);
    tcase_add_test(tcase, a_segment_without_contents_is_skipped);
}
