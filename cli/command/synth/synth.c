/*
 * lade synth - draws a sample data set. The data set has one folder for each shape, and numbered images in each folder.
 * If the command fails or is interrupted, it removes all files that it has made, because a user could mistake an
 * incomplete data set for a complete data set.
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lade/image.h>

#include "command/command.h"
#include "command/synth/sample_image.h"
#include "command/synth/shapes.h"
#include "option/formats.h"
#include "option/opt.h"
#include "report/json.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

enum { JPEG_QUALITY = 92 };

struct synth {
    const char *directory;
    int64_t classes, per_class;
    int size[2]; /* height, width */
    const char *formats_text;
    enum lade_format formats[8]; /* formats of the images; images use the formats in turn */
    int format_count;
    uint64_t seed;
    bool json;
    bool made_directory;
};

static const struct opt options[] = {
    {"class-count", OPT_INT, OPT_AT(struct synth, classes), .value = "N", .low = 1, .high = SHAPE_COUNT,
     .help = "number of classes, 1 to 16; each class has its own shape", .preset = "10"},
    {"per-class", OPT_INT, OPT_AT(struct synth, per_class), .value = "N", .low = 1, .high = 10000000,
     .help = "images in each class", .preset = "200"},
    {"size", OPT_SIZE, OPT_AT(struct synth, size), .low = 8, .high = 8192, .help = "height and width in pixels",
     .preset = "64x64"},
    {"formats", OPT_TEXT, OPT_AT(struct synth, formats_text), .value = "LIST", .words = format_words,
     .help = "file formats, separated by commas; images use the formats in turn", .preset = "jpeg,png"},
    {"seed", OPT_SEED, OPT_AT(struct synth, seed), .value = "S",
     .help = "seed of the random numbers; the same seed gives the same images", .preset = "0"},
    {"json", OPT_FLAG, OPT_AT(struct synth, json), .help = "print one JSON object instead of text"},
    {0}};

/* Adds the format that has the name or suffix @name. Returns false if lade cannot write the format, or if the list is
   full. */
static bool add_format(struct synth *s, const char *name) {
    enum lade_format format;
    if (s->format_count == (int)(sizeof s->formats / sizeof *s->formats) ||
        lade_format_from_name(name, &format, NULL) < 0 || !lade_format_info(format)->writable)
        return false;
    s->formats[s->format_count++] = format;
    return true;
}

/* Reads a list such as "jpeg,png". On error, prints a message and returns false. */
static bool read_formats(struct synth *s) {
    char *list = text_printf("%s", s->formats_text), *rest = list;
    bool good = true;
    while (good && rest) {
        char *comma = strchr(rest, ',');
        if (comma)
            *comma = '\0';
        good = add_format(s, rest);
        rest = comma ? comma + 1 : NULL;
    }
    if (!good) {
        char *given = text_escape(s->formats_text), *known = opt_word_list(format_words, "or");
        out_usage("--formats %s: give %s, or up to 8 formats separated by commas", given, known);
        free(known);
        free(given);
    }
    free(list);
    return good;
}

static bool fail(const char *path, const char *what) {
    char *shown = text_escape(path);
    out_error("%s: %s", shown, what);
    free(shown);
    return false;
}

/* Creates the directory, or checks that an existing directory is empty. */
static bool make_directory(struct synth *s) {
    if (mkdir(s->directory, 0777) == 0) {
        s->made_directory = true;
        return true;
    }
    if (errno != EEXIST)
        return fail(s->directory, strerror(errno));
    DIR *d = opendir(s->directory);
    if (!d)
        return fail(s->directory, strerror(errno));
    bool empty = true;
    for (struct dirent *e; empty && (e = readdir(d));)
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    closedir(d);
    return empty || fail(s->directory, "the directory is not empty; give a new or empty directory");
}

static char *class_path(const struct synth *s, int shape) {
    return text_printf("%s/%s", s->directory, shape_name(shape));
}

static char *image_path(const struct synth *s, int shape, int64_t index) {
    return text_printf("%s/%s/%04lld.%s", s->directory, shape_name(shape), (long long)index,
                       lade_format_info(s->formats[index % s->format_count])->suffixes[0]);
}

/* Converts the pixels of Cairo, which are 32-bit numbers 0xRRGGBB, to three bytes per pixel. */
static void to_rgb(cairo_surface_t *surface, uint8_t *rgb, int height, int width) {
    cairo_surface_flush(surface);
    const unsigned char *rows = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(rows + (size_t)y * (size_t)stride);
        for (int x = 0; x < width; x++, rgb += 3) {
            rgb[0] = (uint8_t)(row[x] >> 16);
            rgb[1] = (uint8_t)(row[x] >> 8);
            rgb[2] = (uint8_t)row[x];
        }
    }
}

static bool write_image(const struct synth *s, int shape, int64_t index, cairo_surface_t *surface, uint8_t *rgb) {
    int height = s->size[0], width = s->size[1];
    sample_image_draw(surface, shape, s->seed, index);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        out_die("cannot draw: %s", cairo_status_to_string(cairo_surface_status(surface)));
    to_rgb(surface, rgb, height, width);
    struct lade_image image = {
        .pixels = rgb, .width = width, .height = height, .channels = 3, .stride = (size_t)width * 3};
    struct lade_error err = {0};
    char *path = image_path(s, shape, index);
    int status = lade_image_write(path, &image, s->formats[index % s->format_count], JPEG_QUALITY, &err);
    if (status < 0)
        out_error("%s", err.message);
    free(path);
    return status == LADE_OK;
}

/* Removes the first @count images and all folders that the command has made. */
static void remove_images(const struct synth *s, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        char *path = image_path(s, (int)(i / s->per_class), i % s->per_class);
        unlink(path);
        free(path);
    }
    for (int shape = 0; shape < s->classes; shape++) {
        char *path = class_path(s, shape);
        rmdir(path);
        free(path);
    }
    if (s->made_directory)
        rmdir(s->directory);
}

/* Draws all images. Returns the number of images. If an error or a signal stops the drawing, the number is smaller
   than the total. After an error, prints a message. */
static int64_t draw_all(const struct synth *s) {
    int64_t done = 0, total = s->classes * s->per_class;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, s->size[1], s->size[0]);
    uint8_t *rgb = text_alloc((size_t)s->size[0] * (size_t)s->size[1], 3);
    progress_start("drawing", total, "img");
    for (; done < total && !interrupted(); done++) {
        int shape = (int)(done / s->per_class);
        int64_t index = done % s->per_class;
        if (index == 0) {
            char *path = class_path(s, shape);
            bool made = mkdir(path, 0777) == 0 || fail(path, strerror(errno));
            free(path);
            if (!made)
                break;
        }
        if (!write_image(s, shape, index, surface, rgb))
            break;
        progress_show(done + 1, &(struct progress_text){.more = shape_name(shape)});
    }
    progress_end();
    free(rgb);
    cairo_surface_destroy(surface);
    return done;
}

static void report(const struct synth *s, double seconds) {
    int64_t images = s->classes * s->per_class;
    if (s->json) {
        json_t *object = json_new_object();
        json_put_int(object, "images", images);
        json_put_int(object, "classes", s->classes);
        json_put_real(object, "seconds", seconds);
        json_print(object);
        return;
    }
    char *shown = text_escape(s->directory);
    out_print("%s: %s of %dx%d in %s, drawn in %s\n", shown, text_counted(images, "image").s, s->size[0], s->size[1],
              text_counted(s->classes, "class").s, text_seconds(seconds).s);
    free(shown);
}

int cmd_synth(int argc, char **argv) {
    struct synth s = {.classes = 10, .per_class = 200, .size = {64, 64}, .formats_text = "jpeg,png"};
    const struct opt_spec spec = {
        .name = "synth",
        .description = "Draw a sample data set of simple shapes, with one folder for each shape. The same seed gives "
                       "the same images.",
        .arguments = (const struct opt_argument[]){{"DIR", "new or empty directory for the images", &s.directory}, {0}},
        .groups = (const struct opt_group[]){{"Options", options, &s}, {0}},
        .examples = (const char *const[]){"2,000 images of 10 shapes", "lade synth shapes", "larger images, only PNG",
                                          "lade synth big --size 224x224 --formats png --per-class 50", NULL}};
    int code;
    format_words_init();
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    if (!read_formats(&s))
        return EXIT_USAGE;
    if (!make_directory(&s))
        return EXIT_FAILED;
    double start = terminal_now();
    interrupt_protect(true); /* all images are removed after a signal */
    int64_t done = draw_all(&s);
    if (done < s.classes * s.per_class) {
        remove_images(&s, done);
        return interrupted() ? EXIT_INTERRUPTED : EXIT_FAILED;
    }
    report(&s, terminal_now() - start);
    return EXIT_OK;
}
