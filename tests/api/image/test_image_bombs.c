/*
 * Tests the limits on memory and time with a table of bombs, which are small files that were made to need much memory
 * or time. Each bomb is decoded at its full size and resized with several filters. Each decode runs in a child process,
 * whose memory and CPU time are measured. So the memory of the codec libraries is measured too.
 *
 * If the environment variable LADE_BOMBS is set, the images are as large as the limits allow, and the test prints the
 * measured numbers.
 */
#include "support/bombs_bmp_gif.h"
#include "support/bombs_jpeg.h"
#include "support/bombs_tiff.h"
#include "support/bombs_webp.h"
#include "support/fork_child.h"

#include <lade/gen.h> /* LADE__SANITIZED */
#include <lade/image.h>

#include <sys/mman.h>
#include <sys/resource.h>

enum { MAX_SIDE = 65535 };

#ifdef LADE__SANITIZED
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* By default, the images with the most pixels are 10 times smaller, because decoding all largest images takes a
   minute. */
static bool is_full(void) {
    return getenv("LADE_BOMBS") != NULL;
}

/* Returns the side of the largest square that max_pixels allows. */
static uint16_t large(void) {
    return is_full() ? 13377 : SANITIZED ? 1024 : 4096;
}

/* Returns the height of the largest image whose width is MAX_SIDE. */
static uint16_t low(void) {
    return is_full() ? 2730 : SANITIZED ? 16 : 256;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

#define BOMBS(BOMB)                                                                                                   \
    /* name, status, subject of the error, bytes for each pixel of the decoded image, file */                         \
    BOMB(pnm_too_wide, LADE_ELIMIT, "max_side", 0, text_bomb("P6 178956970 1 255 "))                                  \
    BOMB(pnm_empty, LADE_EFORMAT, "", 0, text_bomb("P6 65535 2730 255 "))                                             \
    BOMB(pnm_comments, LADE_OK, "", 0, plain_pnm("P3 1000 1000 255 ", "#\n#\n#\n#\n", 3000000))                       \
    BOMB(png_too_wide, LADE_ELIMIT, "max_side", 0, empty_png(178956970, 1, 8, 2, 0))                                  \
    BOMB(png_too_tall, LADE_ELIMIT, "max_side", 0, empty_png(1, 178956970, 8, 2, 0))                                  \
    BOMB(png_too_many_pixels, LADE_ELIMIT, "max_pixels", 0, empty_png(13378, 13378, 8, 2, 0))                         \
    BOMB(png_empty, LADE_EFORMAT, "", 0, empty_png(large(), large(), 8, 2, 0))                                        \
    BOMB(png_interlaced_empty, LADE_EFORMAT, "", 8, empty_png(large(), large(), 16, 6, 1))                            \
    BOMB(png_tall, LADE_OK, "", 0, black_png(1, MAX_SIDE, 16, 6, 0))                                                  \
    BOMB(png_wide, LADE_OK, "", 0, black_png(MAX_SIDE, 1, 16, 6, 0))                                                  \
    BOMB(png_interlaced_tall, LADE_OK, "", 8, black_png(1, MAX_SIDE, 16, 6, 1))                                       \
    BOMB(png_black, LADE_OK, "", 0, black_png(large(), large(), 1, 0, 0))                                             \
    BOMB(png_interlaced_black, LADE_OK, "", 8, black_png(2048, 2048, 16, 6, 1))                                       \
    BOMB(png_ztxt, LADE_ELIMIT, "", 0, png_with_chunks("zTXt", PNG_BYTES("bomb\0\0"), 8 << 20, 50))                   \
    BOMB(png_iccp, LADE_ELIMIT, "", 0, png_with_chunks("iCCP", PNG_BYTES("bomb\0\0"), 256 << 20, 1))                  \
    BOMB(png_texts, LADE_ELIMIT, "", 0, png_with_chunks("tEXt", PNG_BYTES("bomb\0bomb"), 0, 200000))                  \
    BOMB(png_unknown_chunks, LADE_OK, "", 0, png_with_chunks("boMb", NULL, 0, 0, 500000))                             \
    BOMB(png_empty_data, LADE_OK, "", 0, png_with_chunks("IDAT", NULL, 0, 0, 500000))                                 \
    BOMB(bmp_too_wide, LADE_ELIMIT, "max_side", 1, run_length_bmp(178956970, 1, "\xff\0", 2, 1))                      \
    BOMB(bmp_run_lengths, LADE_OK, "", 1, run_length_bmp(MAX_SIDE, low(), "\xff\0", 2, 1))                            \
    BOMB(bmp_long_runs, LADE_OK, "", 1, run_length_bmp(MAX_SIDE, low(), "\xff\0", 2, 1 << 18))                        \
    BOMB(bmp_deltas, LADE_OK, "", 1, run_length_bmp(MAX_SIDE, low(), "\0\2\xff\0", 4, 1 << 18))                       \
    BOMB(bmp_many_colors, LADE_EFORMAT, "", 0, bmp_header(MAX_SIDE, low(), 8, 0, 0xffffffff, 54))                     \
    BOMB(bmp_far_pixels, LADE_EFORMAT, "", 0, bmp_header(MAX_SIDE, low(), 24, 0, 0, 0xffffffff))                      \
    BOMB(gif_canvas, LADE_OK, "", 0, gif_canvas(MAX_SIDE, low(), NULL, 0, 1))                                         \
    BOMB(gif_frames, LADE_OK, "", 0, gif_canvas(8, 8, NULL, 0, 500000))                                               \
    BOMB(gif_extensions, LADE_OK, "", 0, gif_extensions(PNG_BYTES("!\xfe\1a\0"), 1000000))                            \
    BOMB(gif_black, LADE_OK, "", 0, black_gif(MAX_SIDE, low(), false))                                                \
    BOMB(gif_interlaced, LADE_OK, "", 1, black_gif(MAX_SIDE, low(), true))                                            \
    BOMB(jpeg_empty, LADE_OK, "", 0, one_scan_jpeg(JPEG_BASELINE, large(), large(), 4, false))                        \
    BOMB(jpeg_black, LADE_OK, "", 0, one_scan_jpeg(JPEG_BASELINE, large(), large(), 4, true))                         \
    BOMB(jpeg_wide, LADE_OK, "", 0, one_scan_jpeg(JPEG_BASELINE, 65500, low(), 1, true))                              \
    BOMB(jpeg_arithmetic, LADE_OK, "", 0, one_scan_jpeg(JPEG_ARITHMETIC, large(), large(), 1, false))                 \
    BOMB(jpeg_scans, LADE_ELIMIT, "max_pixels", 2, many_scans_jpeg(13377, 13377, 1, 480))                             \
    BOMB(jpeg_few_scans, LADE_OK, "", 2, many_scans_jpeg(large(), large(), 1, 10))                                    \
    BOMB(jpeg_scans_of_four, LADE_OK, "", 8, many_scans_jpeg(1024, 1024, 4, 500))                                     \
    BOMB(jpeg_comments, LADE_OK, "", 0, jpeg_with_comments(2000000))                                                  \
    BOMB(jpeg_tables, LADE_OK, "", 0, jpeg_with_tables(100000))                                                       \
    BOMB(jpeg_restarts, LADE_OK, "", 0, jpeg_with_restarts(8192, 8192))                                               \
    BOMB(tiff_too_tall, LADE_ELIMIT, "max_side", 0, black_tiff((struct tiff_bomb){1, 5000000, 0, 1, 8, 1, 1, 0}))     \
    BOMB(tiff_strips, LADE_OK, "", 0, black_tiff((struct tiff_bomb){low(), 65535, 0, 1, 8, 1, TIFF_DEFLATE, 0}))      \
    BOMB(tiff_one_strip, LADE_OK, "", 0, black_tiff((struct tiff_bomb){1024, 1024, 0, 1024, 32, 8, TIFF_DEFLATE, 0})) \
    BOMB(tiff_one_tile, LADE_OK, "", 64,                                                                              \
         black_tiff((struct tiff_bomb){1024, 1024, 1024, 1024, 32, 8, TIFF_DEFLATE, 0}))                              \
    BOMB(tiff_planes, LADE_OK, "", 16, black_tiff((struct tiff_bomb){2048, 2048, 0, 2048, 16, 8, TIFF_DEFLATE, 1}))   \
    BOMB(tiff_most_strips, LADE_OK, "", 0, black_tiff((struct tiff_bomb){64, 65535, 0, 1, 16, 4, TIFF_DEFLATE, 1}))   \
    BOMB(tiff_jpeg_strips, LADE_OK, "", 0, black_tiff((struct tiff_bomb){64, 65535, 0, 1, 8, 1, TIFF_JPEG, 0}))       \
    BOMB(tiff_tiles, LADE_ELIMIT, "max_pixels", 0,                                                                    \
         black_tiff((struct tiff_bomb){1000, 1000, 1, 1, 8, 1, TIFF_DEFLATE, 0}))                                     \
    BOMB(tiff_large_tile, LADE_ELIMIT, "max_pixels", 0,                                                               \
         black_tiff((struct tiff_bomb){4, 4, 65520, 65520, 1, 1, 8, 0}))                                              \
    BOMB(tiff_loop, LADE_OK, "", 0, tiff_with_tags(1, 4, true))                                                       \
    BOMB(tiff_tags, LADE_OK, "", 0, tiff_with_tags(4000, 4, false))                                                   \
    BOMB(tiff_shared_tags, LADE_ELIMIT, "", 0, tiff_with_tags(4000, 1 << 20, false))                                  \
    BOMB(webp_too_wide, LADE_ELIMIT, "max_side", 0, webp_canvas(1 << 24, 10, 1))                                      \
    BOMB(webp_canvas, LADE_OK, "", 4, webp_canvas(large(), large(), 1))                                               \
    BOMB(webp_frames, LADE_OK, "", 4, webp_canvas(8, 8, 200000))                                                      \
    BOMB(webp_lossless, LADE_OK, "", 12, lossless_webp(large(), large(), 1))                                          \
    BOMB(webp_codes, LADE_OK, "", 400, lossless_webp(1024, 1024, 65536))                                              \
    BOMB(webp_profile, LADE_OK, "", 4, webp_with_chunks(0x20, "ICCP", 64 << 20, 1))                                   \
    BOMB(webp_exif, LADE_OK, "", 4, webp_with_chunks(0x08, "EXIF", 64 << 20, 1))

#define MAKE(name, status, subject, pixel_bytes, file) \
    static struct png_maker make_##name(void) {        \
        return file;                                   \
    }
BOMBS(MAKE)

static const struct bomb {
    const char *name;
    int status;
    const char *subject;
    int pixel_bytes; /* allowed memory in bytes for each pixel of the decoded image */
    struct png_maker (*make)(void);
} bombs[] = {
#define ROW(name, status, subject, pixel_bytes, file) {#name, status, subject, pixel_bytes, make_##name},
    BOMBS(ROW)};
enum { BOMB_COUNT = sizeof bombs / sizeof *bombs };

/* ---- Measuring --------------------------------------------------------------------------------------------------- */

static const struct target {
    const char *name;
    int side; /* width and height of the result in pixels; 0 means the size of the image */
    enum lade_interpolation interpolation;
} targets[] = {
    {"full size", 0, LADE_INTERPOLATION_NEAREST},     {"8 lanczos", 8, LADE_INTERPOLATION_LANCZOS},
    {"8 nearest", 8, LADE_INTERPOLATION_NEAREST},     {"224 bilinear", 224, LADE_INTERPOLATION_BILINEAR},
    {"224 lanczos", 224, LADE_INTERPOLATION_LANCZOS},
};

/* The result of a decode, in memory that the child process shares with the test. */
struct measured {
    struct png_maker file;
    const struct target *target;
    int status;
    struct lade_error err;
    size_t bytes;   /* largest increase of the memory */
    double seconds; /* CPU time */
};

static size_t memory_in_use(void) {
    size_t all = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%zu %zu", &all, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static double seconds_of(struct timeval t) {
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static int decode_one(void *ctx) {
    struct measured *m = ctx;
    struct rusage usage;
    struct lade_image out;
    size_t before = memory_in_use();
    lade_decoder *decoder = lade_decoder_new();
    struct lade_decode_options options = {.target_size = {m->target->side, m->target->side},
                                          .interpolation = m->target->interpolation,
                                          .clip_grey = true}; /* allows samples of 32 bits */
    m->status = lade_image_decode_resized(decoder, m->file.data, m->file.size, &options, &out, &m->err);
    getrusage(RUSAGE_SELF, &usage);
    size_t most = (size_t)usage.ru_maxrss * 1024;
    m->bytes = most > before ? most - before : 0;
    m->seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    lade_decoder_free(decoder);
    return 0;
}

/* ---- The limits -------------------------------------------------------------------------------------------------- */

/* Computes the limit of lade/image/decode.h. */
static double memory_limit(const struct bomb *bomb, const struct measured *m) {
    struct lade_image_info info = {0};
    lade_image_probe(m->file.data, m->file.size, &info, NULL);
    double width = info.width, height = info.height, side = m->target->side, MB = 1 << 20;
    if (m->status == LADE_ELIMIT && *bomb->subject)
        return 2 * MB + 2 * (double)m->file.size;
    double result = 4 * (side > 0 ? side * side : width * height);
    double window = side > 0 ? 4 * side * (6 * height / side + 16) : 0;
    return 40 * MB + 512 * (width + height) + bomb->pixel_bytes * (width + 64) * (height + 64) + result + window;
}

static void check_bomb(const struct bomb *bomb, struct measured *m) {
    in_child(decode_one, m);
    double MB = 1 << 20, limit = memory_limit(bomb, m);
    if (is_full())
        printf("%-22s %-13s %9zu bytes: %7.1f of %7.1f MB, %.2f s, %d %s\n", bomb->name, m->target->name, m->file.size,
               (double)m->bytes / MB, limit / MB, m->seconds, m->status, m->err.message);
    ck_assert_msg(m->status == bomb->status, "%s: %d, not %d: %s", bomb->name, m->status, bomb->status, m->err.message);
    ck_assert_str_eq(m->err.subject, bomb->subject);
    if (SANITIZED) /* the sanitizers need memory and time of their own */
        return;
    ck_assert_msg((double)m->bytes <= limit, "%s, %s: %zu bytes", bomb->name, m->target->name, m->bytes);
    ck_assert_msg(m->seconds < 2, "%s, %s: %.1f s", bomb->name, m->target->name, m->seconds);
}

START_TEST(a_bomb_stays_within_the_limits) {
    if (getenv("LADE_VALGRIND") || getenv("LADE_EMULATED"))
        CHECK_SKIP("the memory and the CPU time cannot be measured");
    const struct bomb *bomb = &bombs[_i];
    char format_name[8] = "";
    enum lade_format format = LADE_FORMAT_UNKNOWN;
    memcpy(format_name, bomb->name, strcspn(bomb->name, "_"));
    ck_assert_int_eq(lade_format_from_name(format_name, &format, NULL), LADE_OK);
    if (!lade_format_info(format)->readable)
        CHECK_SKIP("built without %s", format_name);
    struct measured *m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(m, MAP_FAILED);
    m->file = bomb->make();
    for (size_t w = 0; w < sizeof targets / sizeof *targets; w += is_full() ? 1 : 4) {
        m->target = &targets[w];
        m->err = (struct lade_error){0};
        check_bomb(bomb, m);
    }
    free(m->file.data);
    munmap(m, sizeof *m);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "bombs");
    tcase_add_loop_test(tcase, a_bomb_stays_within_the_limits, 0, BOMB_COUNT);
}
