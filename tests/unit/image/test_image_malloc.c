/*
 * Tests that a failed malloc() of a codec library is reported as LADE_ENOMEM, and does not end the process. This program
 * replaces malloc(), calloc() and realloc() of the C library, because most codec libraries do not use the allocator of
 * lade. docs/limits.md lists the libraries that do not survive a failed malloc().
 */
#include "support/bombs_png.h"
#include "support/fork_child.h"
#include "support/invalid_images.h"

#include <lade/gen.h> /* LADE__SANITIZED */

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
        CHILD_ASSERT(!failed || rc == LADE_OK || rc == LADE_ENOMEM || rc == LADE_EFORMAT);
        lade_decoder_free(own);
    }
    return 0;
}

static void check_file(const uint8_t *bytes, size_t n) {
    for (int mode = LADE_COLOR_RGB; mode <= LADE_COLOR_RGBA; mode++)
        for (int all = 0; all < 2; all++) {
            for_good = all;
            in_child(fail_each, &(struct attempt){bytes, n, (enum lade_color_mode)mode});
        }
}

START_TEST(a_failed_malloc_is_an_error) {
    for (int i = 0; i < file_count; i++)
        if (readable(&files[i]))
            check_file(files[i].bytes, files[i].n);
}
END_TEST

/* libspng stores these chunks in arrays that grow with each chunk. */
START_TEST(a_failed_malloc_in_a_comment_is_an_error) {
    struct png_maker texts = png_with_chunks("tEXt", PNG_BYTES("name\0text"), 0, 5);
    struct png_maker packed = png_with_chunks("zTXt", PNG_BYTES("name\0\0"), 1000, 5);
    struct png_maker palettes = png_with_chunks("sPLT", PNG_BYTES("name\0\10rgba\0\1"), 0, 5);
    struct png_maker profile = png_with_chunks("iCCP", PNG_BYTES("name\0\0"), 1000, 1);
    struct png_maker all[] = {texts, packed, palettes, profile};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        check_file(all[i].data, all[i].size);
        free(all[i].data);
    }
}
END_TEST

#endif

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "malloc");
    tcase_add_checked_fixture(tcase, invalid_images_setup, invalid_images_teardown);
#if defined __GLIBC__ && !defined LADE__SANITIZED
    tcase_add_test(tcase, a_failed_malloc_is_an_error);
    tcase_add_test(tcase, a_failed_malloc_in_a_comment_is_an_error);
#endif
}
