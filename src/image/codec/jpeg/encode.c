/*
 * Encodes JPEG by libjpeg-turbo, into a buffer that grows. libjpeg's own memory destination is not used, because it
 * does not free its buffer after an error.
 */
#include "image/codec/jpeg/encode.h"

#include <setjmp.h>

#include <jpeglib.h>

enum { FIRST_BYTES = 1 << 16, DEFAULT_QUALITY = 75 };

struct encoder {
    struct jpeg_compress_struct enc; /* must be first: libjpeg's callbacks cast its address to struct encoder */
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr to;
    jmp_buf escape;
    struct lade_error *err;
    struct lade__encoded bytes;
    int status;
};

static void on_error(j_common_ptr enc) {
    struct encoder *e = (struct encoder *)enc;
    char text[JMSG_LENGTH_MAX];
    e->errors.format_message(enc, text);
    e->status = lade_error_set(e->err, e->status < 0 ? e->status : LADE_EINVAL, "JPEG: %s", text);
    longjmp(e->escape, 1);
}

static void on_output(j_common_ptr enc) {
    (void)enc;
}

static void grow(struct encoder *e, size_t used) {
    size_t size = e->bytes.size ? 2 * e->bytes.size : FIRST_BYTES;
    uint8_t *more = lade_realloc(e->bytes.data, size, 1);
    if (!more) {
        e->status = lade_error_set(e->err, LADE_ENOMEM, "JPEG: no memory for %zu bytes", size);
        longjmp(e->escape, 1);
    }
    e->bytes = (struct lade__encoded){more, size};
    e->to.next_output_byte = more + used;
    e->to.free_in_buffer = size - used;
}

static void to_init(j_compress_ptr enc) {
    grow((struct encoder *)enc, 0);
}

static boolean to_full(j_compress_ptr enc) {
    struct encoder *e = (struct encoder *)enc;
    grow(e, e->bytes.size);
    return TRUE;
}

static void to_end(j_compress_ptr enc) {
    struct encoder *e = (struct encoder *)enc;
    e->bytes.size -= e->to.free_in_buffer;
}

static void feed(struct encoder *e, const struct lade_image *image, int quality, bool progressive) {
    struct jpeg_compress_struct *enc = &e->enc;
    jpeg_create_compress(enc);
    e->to = (struct jpeg_destination_mgr){
        .init_destination = to_init, .empty_output_buffer = to_full, .term_destination = to_end};
    enc->dest = &e->to;
    enc->image_width = (JDIMENSION)image->width;
    enc->image_height = (JDIMENSION)image->height;
    enc->input_components = image->channels;
    enc->in_color_space = image->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(enc);
    jpeg_set_quality(enc, quality, TRUE);
    if (progressive)
        jpeg_simple_progression(enc);
    jpeg_start_compress(enc, TRUE);
    while (enc->next_scanline < enc->image_height) {
        JSAMPROW row = image->pixels + (size_t)enc->next_scanline * image->stride;
        jpeg_write_scanlines(enc, &row, 1);
    }
    jpeg_finish_compress(enc);
}

static int run(struct encoder *e, const struct lade_image *image, int quality, bool progressive) {
    if (setjmp(e->escape) == 0)
        feed(e, image, quality, progressive);
    jpeg_destroy_compress(&e->enc);
    return e->status;
}

int lade__jpeg_encode(const struct lade_image *image, int quality, bool progressive, struct lade__encoded *out,
                      struct lade_error *err) {
    if (image->channels == 4)
        return lade_error_set(err, LADE_EINVAL,
                              "JPEG has no alpha channel: write RGBA as PNG, or convert the image to RGB");
    int used = quality ? quality : DEFAULT_QUALITY;
    if (used < 1 || used > 100)
        return lade_error_set_subject(err, LADE_EINVAL, "quality", "JPEG: quality %d is not in 1..100", quality);
    struct encoder *e = lade_calloc(1, sizeof *e);
    if (!e)
        return lade_error_set(err, LADE_ENOMEM, "JPEG: no memory for an encoder");
    e->err = err;
    e->enc.err = jpeg_std_error(&e->errors);
    e->errors.error_exit = on_error;
    e->errors.output_message = on_output;
    int status = run(e, image, used, progressive);
    if (status == LADE_OK)
        *out = e->bytes;
    else
        lade_free(e->bytes.data);
    lade_free(e);
    return status;
}

int lade__encode_jpeg(const struct lade_image *image, int quality, struct lade__encoded *out, struct lade_error *err) {
    return lade__jpeg_encode(image, quality, false, out, err);
}
