/*
 * Applies changes to an image:
 *
 *     transform photo.jpg changed.png theta=30 sharpness=2 equalize=1
 *
 * lade_transform_draw() fills a struct lade_transform with random changes. This program fills the struct with the
 * numbers of the command line.
 */
#include <lade/image.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The fields that the command line can set. A size of 8 bytes is a double, 4 bytes a float, and 1 byte a flag or a small
   number. */
#define FIELD(name) {#name, offsetof(struct lade_transform, name), sizeof(((struct lade_transform *)0)->name)}
static const struct field {
    const char *name;
    size_t at, size;
} fields[] = {FIELD(theta),           FIELD(tx),
              FIELD(ty),              FIELD(shear),
              FIELD(zx),              FIELD(zy),
              FIELD(brightness),      FIELD(contrast),
              FIELD(saturation),      FIELD(hue),
              FIELD(sharpness),       FIELD(solarize),
              FIELD(posterize),       FIELD(autocontrast),
              FIELD(equalize),        FIELD(flip_horizontal),
              FIELD(flip_vertical)};

/* Sets a field from a text such as "theta=30". Returns false if there is no such field, or the number is wrong. */
static bool set_field(struct lade_transform *t, const char *text) {
    size_t length = strcspn(text, "=");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct field *f = &fields[i];
        if (strlen(f->name) != length || strncmp(f->name, text, length) != 0 || !text[length])
            continue;
        char *end, *at = (char *)t + f->at;
        double value = strtod(text + length + 1, &end);
        if (f->size == sizeof(double))
            memcpy(at, &value, sizeof value);
        else if (f->size == sizeof(float))
            memcpy(at, &(float){(float)value}, sizeof(float));
        else
            *(unsigned char *)at = value > 0 && value < 256 ? (unsigned char)value : 0;
        return end != text + length + 1 && !*end;
    }
    return false;
}

static int fail(const char *message) {
    fprintf(stderr, "transform: %s\n", message);
    return 1;
}

/* Reads a file of at most 64 MiB. Returns the number of bytes, which is 0 after an error. The caller must free(*bytes). */
static size_t read_file(const char *path, void **bytes) {
    enum { MOST = 64 << 20 };
    FILE *f = fopen(path, "rb");
    *bytes = f ? malloc(MOST) : NULL;
    size_t n = *bytes ? fread(*bytes, 1, MOST, f) : 0;
    if (f)
        fclose(f);
    return n;
}

/* Applies the changes to @image and writes the result to the file @path. */
static int write_changed(lade_decoder *decoder, struct lade_image *image, const struct lade_transform *changes,
                         const char *path, struct lade_error *err) {
    const struct lade_output output = {.uint8 = true};
    unsigned char *pixels = malloc(lade_output_bytes(&output, image->height, image->width, image->channels));
    if (!pixels)
        return lade_error_set(err, LADE_ENOMEM, "out of memory");
    int status = lade_image_to_tensor(decoder, image, changes, &output, pixels, err);
    image->pixels = pixels;
    image->stride = (size_t)image->width * (size_t)image->channels;
    if (status == LADE_OK)
        status = lade_image_write(path, image, LADE_FORMAT_UNKNOWN, 0, err);
    free(pixels);
    return status;
}

int main(int argc, char **argv) {
    struct lade_transform changes = {0};
    struct lade_image image;
    struct lade_error err = {0};
    void *bytes;
    if (argc < 3)
        return fail("give an image, the new file, and changes such as theta=30");
    for (int i = 3; i < argc; i++)
        if (!set_field(&changes, argv[i]))
            return fail(argv[i]);
    size_t n = read_file(argv[1], &bytes);
    lade_decoder *decoder = n ? lade_decoder_new() : NULL;
    if (!decoder)
        lade_error_set(&err, LADE_EIO, "%s cannot be read", argv[1]);
    else if (lade_image_decode(decoder, bytes, n, LADE_COLOR_RGB, NULL, &image, &err) == LADE_OK)
        write_changed(decoder, &image, &changes, argv[2], &err);
    lade_decoder_free(decoder);
    free(bytes);
    return err.code == LADE_OK ? 0 : fail(err.message);
}
