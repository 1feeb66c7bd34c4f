/*
 * Measures decoding and resizing on one thread, and compares the speed with libjpeg-turbo alone on the same files. The
 * difference is the time that lade spends in addition to libjpeg-turbo.
 *
 *     bench_decode FILE.jpg ...
 *
 * The files are read before the measurement. "raw" means libjpeg-turbo alone, which writes RGB to one buffer, with the
 * slow DCT and fancy upsampling. Each figure is the best of several rounds. In each round, all measurements run one
 * after the other, so that other programs on the machine disturb all measurements equally.
 */
#include <lade/image.h>

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jpeglib.h>

enum { ROUNDS = 5, SIDE = 224 };

struct file {
    unsigned char *bytes;
    size_t n;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* excludes the time of other programs */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct file read_file(const char *path) {
    struct file file = {NULL, 0};
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    file.n = (size_t)ftell(f);
    file.bytes = malloc(file.n);
    rewind(f);
    if (!file.bytes || fread(file.bytes, 1, file.n, f) != file.n) {
        perror(path);
        exit(1);
    }
    fclose(f);
    return file;
}

static double raw(const struct file *files, int count) {
    static unsigned char *buffer;
    static size_t capacity;
    double start = now();
    for (int i = 0; i < count; i++) {
        struct jpeg_decompress_struct dec;
        struct jpeg_error_mgr errors;
        dec.err = jpeg_std_error(&errors);
        jpeg_create_decompress(&dec);
        jpeg_mem_src(&dec, files[i].bytes, files[i].n);
        jpeg_read_header(&dec, TRUE);
        if (dec.num_components != 4)
            dec.out_color_space = JCS_RGB;
        jpeg_start_decompress(&dec);
        size_t stride = (size_t)dec.output_width * (size_t)dec.output_components;
        if (stride * dec.output_height > capacity) {
            capacity = stride * dec.output_height;
            buffer = realloc(buffer, capacity);
        }
        while (dec.output_scanline < dec.output_height) {
            JSAMPROW row = buffer + stride * dec.output_scanline;
            jpeg_read_scanlines(&dec, &row, 1);
        }
        jpeg_finish_decompress(&dec);
        jpeg_destroy_decompress(&dec);
    }
    return now() - start;
}

static double ours(lade_decoder *decoder, const struct file *files, int count,
                   const struct lade_decode_options *options, float *slot) {
    double start = now();
    struct lade_output output = {.rescale = 1 / 255.f};
    for (int i = 0; i < count; i++) {
        struct lade_error err = {0};
        struct lade_image image;
        if (lade_image_decode_resized(decoder, files[i].bytes, files[i].n, options, &image, &err) < 0 ||
            (slot && lade_image_to_tensor(decoder, &image, NULL, &output, slot, &err) < 0)) {
            fprintf(stderr, "file %d: %s\n", i, err.message);
            exit(1);
        }
    }
    return now() - start;
}

int main(int argc, char **argv) {
    static float slot[SIDE * SIDE * 3];
    static const struct {
        const char *name;
        struct lade_decode_options options;
        bool to_slot;
    } works[] = {
        {"decode", {0}, false},
        {"decode, nearest 224x224", {.target_size = {SIDE, SIDE}}, false},
        {"decode, bilinear 224x224",
         {.target_size = {SIDE, SIDE}, .interpolation = LADE_INTERPOLATION_BILINEAR},
         false},
        {"decode, bilinear 224x224, float slot",
         {.target_size = {SIDE, SIDE}, .interpolation = LADE_INTERPOLATION_BILINEAR},
         true},
        {"decode, lanczos 224x224", {.target_size = {SIDE, SIDE}, .interpolation = LADE_INTERPOLATION_LANCZOS}, false},
        {"fast decode, bilinear 224x224",
         {.target_size = {SIDE, SIDE}, .interpolation = LADE_INTERPOLATION_BILINEAR, .decode = LADE_DECODE_FAST},
         false},
    };
    enum { WORKS = sizeof works / sizeof *works };
    int count = argc - 1;
    if (count < 1) {
        fprintf(stderr, "usage: %s FILE.jpg ...\n", argv[0]);
        return 2;
    }
    struct file *files = malloc(sizeof *files * (size_t)count);
    for (int i = 0; i < count; i++)
        files[i] = read_file(argv[i + 1]);

    lade_decoder *decoder = lade_decoder_new();
    double best_raw = 1e9, best[WORKS];
    for (int k = 0; k < WORKS; k++)
        best[k] = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double seconds = raw(files, count);
        best_raw = seconds < best_raw ? seconds : best_raw;
        for (int k = 0; k < WORKS; k++) {
            seconds = ours(decoder, files, count, &works[k].options, works[k].to_slot ? slot : NULL);
            best[k] = seconds < best[k] ? seconds : best[k];
        }
    }
    printf("%-40s %8.1f images/s\n", "raw libjpeg-turbo", count / best_raw);
    for (int k = 0; k < WORKS; k++)
        printf("%-40s %8.1f images/s  %.3f of raw\n", works[k].name, count / best[k], best_raw / best[k]);
    for (int i = 0; i < count; i++)
        free(files[i].bytes);
    free(files);
    lade_decoder_free(decoder);
    return 0;
}
