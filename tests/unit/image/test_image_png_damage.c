/* Tests invalid and unusual PNG files. */
#include "support/decoder_case.h"
#include "support/image_samples.h"
#include "support/png_maker.h"

START_TEST(every_truncation_is_an_error) {
    struct lade__encoded bytes = sample_png(30, 20, 3);
    struct lade_error err;
    struct lade_image out;
    size_t needed = bytes.size - 12 - 4 - 4; /* IEND and the checksums of IDAT and of its zlib stream may be missing */
    for (size_t n = 0; n < needed; n++) {
        uint8_t *copy = malloc(n ? n : 1);
        memcpy(copy, bytes.data, n);
        int rc = decode(decoder, copy, n, &out, &err);
        ck_assert_msg(rc == LADE_EFORMAT || (n < 8 && rc == LADE_EUNSUPPORTED), "%zu bytes: %d %s", n, rc, err.message);
        ck_assert_msg(n < 8 || strstr(err.message, "truncated"), "%zu bytes: %s", n, err.message);
        free(copy);
    }
    for (size_t n = needed + 8; n <= bytes.size; n++) {
        ck_assert_int_eq(decode(decoder, bytes.data, n, &out, &err), LADE_OK);
        /* There is no warning if only bytes of the checksum of IEND are missing. */
        ck_assert((n > bytes.size - 5) == (lade_decoder_warning(decoder) == NULL));
    }
    lade_free(bytes.data);
}
END_TEST

START_TEST(every_flipped_bit_is_an_error) {
    struct lade__encoded bytes = sample_png(30, 20, 3);
    struct lade_error err;
    struct lade_image out;
    uint8_t *copy = malloc(bytes.size);
    int silent = 0, tried = 0;
    for (size_t bit = 0; bit < (bytes.size - 20) * 8; bit++, tried++) {
        memcpy(copy, bytes.data, bytes.size);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (decode(decoder, copy, bytes.size, &out, &err) == LADE_OK)
            silent += lade_decoder_warning(decoder) == NULL;
    }
    ck_assert_msg(silent == 0, "%d of %d damaged files were accepted without a warning", silent, tried);
    free(copy);
    lade_free(bytes.data);
}
END_TEST

START_TEST(unusual_files_are_errors_or_defined) {
    struct lade_error err;
    struct lade_image out;
    struct png_maker png;

    /* The palette has no entry 7, so the last pixel is black. */
    png = png_one_row(4, 8, 3, PNG_BYTES("\0\1\2\7"), PNG_BYTES("abcdefghi"), NULL, 0);
    ck_assert_int_eq(decode(decoder, png.data, png.size, &out, &err), LADE_OK);
    ck_assert_int_eq(memcmp(out.pixels, "abcdefghi\0\0", 12), 0);
    free(png.data);

    png = png_one_row(4, 8, 3, PNG_BYTES("\0\1\2\1"), NULL, 0, NULL, 0);
    ck_assert_int_eq(decode(decoder, png.data, png.size, &out, &err), LADE_EFORMAT); /* no palette */
    free(png.data);

    png = png_one_row(4, 8, 0, PNG_BYTES("\0\1"), NULL, 0, NULL, 0);
    ck_assert_int_eq(decode(decoder, png.data, png.size, &out, &err), LADE_EFORMAT); /* 2 of 4 samples */
    free(png.data);

    png = png_one_row(1, 3, 0, PNG_BYTES("\0"), NULL, 0, NULL, 0);
    ck_assert_int_eq(decode(decoder, png.data, png.size, &out, &err), LADE_EFORMAT); /* 3 bits */
    free(png.data);

    png = png_one_row(1, 8, 5, PNG_BYTES("\0"), NULL, 0, NULL, 0);
    ck_assert_int_eq(decode(decoder, png.data, png.size, &out, &err), LADE_EFORMAT); /* colour type 5 */
    ck_assert_ptr_nonnull(strstr(err.message, "colour type 5"));
    free(png.data);

    png_start(&png, 0, 5, 8, 2, 0);
    ck_assert_int_eq(decode(decoder, png.data, png.size, &out, &err), LADE_EFORMAT);
    free(png.data);
}
END_TEST

/* Image data may be in one chunk of any size. The size of comments is limited. */
START_TEST(large_comments_are_an_error) {
    enum { SIDE = 4200 };
    struct lade_error err;
    struct lade_image out;
    struct png_maker png;
    size_t size = (size_t)SIDE * (SIDE + 1);
    uint8_t *bytes = calloc(size, 1);
    png_start(&png, SIDE, SIDE, 8, 0, 0);
    png_idat(&png, bytes, size);
    png_end(&png);
    ck_assert_uint_gt(png.size, 16 << 20);
    int rc = decode(decoder, png.data, png.size, &out, &err);
    ck_assert_msg(rc == LADE_OK, "%s", err.message);
    free(png.data);

    memset(bytes, 'x', size);
    memcpy(bytes, "Comment", 8);
    png_start(&png, 1, 1, 8, 0, 0);
    png_chunk(&png, "tEXt", bytes, size);
    png_idat(&png, (const uint8_t *)"\0\1", 2);
    png_end(&png);
    rc = decode(decoder, png.data, png.size, &out, &err);
    ck_assert_msg(rc == LADE_ELIMIT, "%d %s", rc, err.message);
    free(png.data);
    free(bytes);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "png_damage");
    tcase_add_test(tcase, every_truncation_is_an_error);
    tcase_add_test(tcase, every_flipped_bit_is_an_error);
    tcase_add_test(tcase, unusual_files_are_errors_or_defined);
    tcase_add_test(tcase, large_comments_are_an_error);
}
