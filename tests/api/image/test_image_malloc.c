/*
 * Tests that a failed malloc() in a codec library is reported as LADE_ENOMEM and does not end the process. This program
 * replaces malloc(), calloc() and realloc() of the C library, because most codec libraries do not use the allocator of
 * lade. docs/limits.md lists the libraries that do not survive a failed malloc().
 */
#include "support/bombs_bmp_gif.h"
#include "support/bombs_jpeg.h"
#include "support/bombs_tiff.h"
#include "support/bombs_webp.h"
#include "support/fork_child.h"

#include <lade/gen.h> /* LADE__SANITIZED */
#include <lade/image.h>

#if defined __GLIBC__ && !defined LADE__SANITIZED

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static long left = -1; /* number of allocations until one fails; -1 means that none fails */
static bool for_good;  /* all later allocations fail too */
static bool failed;    /* an allocation has failed */

static bool fails(void) {
    if (left < 0 || (left > 0 && left--))
        return false;
    left = for_good ? 0 : -1;
    failed = true;
    return true;
}

void *malloc(size_t size) {
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size) {
    return fails() ? NULL : __libc_realloc(p, size);
}

struct attempt {
    const uint8_t *bytes;
    size_t n;
    enum lade_color_mode mode;
};

/* Decodes the file again and again. The first allocation fails in the first decode, the second allocation in the second
   decode, and so on, until a decode has no failed allocation. */
static int fail_each(void *ctx) {
    struct attempt *a = ctx;
    struct lade_decode_options options = {.color_mode = a->mode, .target_size = {8, 8}};
    failed = true;
    for (long k = 0; failed; k++) {
        struct lade_image out;
        struct lade_error err = {0};
        lade_decoder *own = lade_decoder_new();
        failed = false;
        left = k;
        int rc = lade_image_decode_resized(own, a->bytes, a->n, &options, &out, &err);
        left = -1;
        CHILD_ASSERT(!failed || rc == LADE_OK || rc == LADE_ENOMEM || rc == LADE_EFORMAT || rc == LADE_EUNSUPPORTED);
        lade_decoder_free(own);
    }
    return 0;
}

/* Checks all files, and frees them. */
static void check_files(const struct png_maker *files, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (int mode = LADE_COLOR_RGB; mode <= LADE_COLOR_RGBA; mode++)
            for (int all = 0; all < 2; all++) {
                for_good = all;
                in_child(fail_each, &(struct attempt){files[i].data, files[i].size, (enum lade_color_mode)mode});
            }
        free(files[i].data);
    }
}

START_TEST(a_failed_malloc_is_an_error) {
    const struct png_maker files[] = {
        text_bomb("P6 2 1 255 abcdef"),
        run_length_bmp(8, 8, "\xff\0", 2, 1),
        black_gif(8, 8, false),
        black_gif(8, 8, true),
        one_scan_jpeg(JPEG_BASELINE, 16, 16, 3, true),
        one_scan_jpeg(JPEG_ARITHMETIC, 16, 16, 1, true),
        many_scans_jpeg(16, 16, 3, 6),
        black_png(8, 8, 8, 6, 0),
        black_png(8, 8, 16, 0, 1),
        black_tiff((struct tiff_bomb){8, 8, 0, 8, 8, 3, TIFF_PLAIN, 0}),
        black_tiff((struct tiff_bomb){8, 64, 0, 64, 16, 4, TIFF_DEFLATE, 0}),
        black_tiff((struct tiff_bomb){8, 8, 0, 2, 8, 3, TIFF_DEFLATE, 1}),
        black_tiff((struct tiff_bomb){40, 40, 16, 16, 8, 1, TIFF_DEFLATE, 0}),
        black_tiff((struct tiff_bomb){16, 16, 0, 8, 8, 3, TIFF_JPEG, 0}),
        tiff_with_tags(5, 8, false),
        lossless_webp(8, 8, 1),
        webp_canvas(8, 8, 2),
    };
    check_files(files, sizeof files / sizeof *files);
}
END_TEST

/* libspng stores these chunks in arrays that grow with each chunk. */
START_TEST(a_failed_malloc_in_a_comment_is_an_error) {
    const struct png_maker files[] = {
        png_with_chunks("tEXt", PNG_BYTES("name\0text"), 0, 5),
        png_with_chunks("zTXt", PNG_BYTES("name\0\0"), 1000, 5),
        png_with_chunks("sPLT", PNG_BYTES("name\0\10rgba\0\1"), 0, 5),
        png_with_chunks("iCCP", PNG_BYTES("name\0\0"), 1000, 1),
    };
    check_files(files, sizeof files / sizeof *files);
}
END_TEST

#else

START_TEST(a_failed_malloc_is_an_error) {
    CHECK_SKIP("the test replaces malloc() of glibc, which the sanitizers also do");
}
END_TEST

#endif

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "malloc");
    tcase_add_test(tcase, a_failed_malloc_is_an_error);
#if defined __GLIBC__ && !defined LADE__SANITIZED
    tcase_add_test(tcase, a_failed_malloc_in_a_comment_is_an_error);
#endif
}
