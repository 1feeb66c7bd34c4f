/*
 * Defines the callbacks that libjpeg calls.
 *
 * A defect of a file is an error if Pillow treats it as an error. A truncated file is an error: the source callback
 * suspends decoding at the end of the bytes. For damaged data in the middle of a file, libjpeg emits a warning and
 * continues; lade stores the first warning for lade_decoder_warning().
 */
#include "image/codec/jpeg/libjpeg.h"

#include <inttypes.h>

#include <jerror.h>

/* A normal progressive file has about 10 scans. For each scan, libjpeg visits all coefficients, so a small file with
   many scans could take minutes. An image of max_pixels pixels may have MAX_SCANS_OF_LARGEST scans. An image with half
   the number of pixels may have twice the number of scans, and so on. No image may have more than MAX_SCANS scans. */
enum { MAX_SCANS = 500, MAX_SCANS_OF_LARGEST = 10 };

_Noreturn void lade__jpeg_fail(struct lade__jpeg *j, int status) {
    j->status = status;
    longjmp(j->escape, 1);
}

/* Returns the number of bytes that libjpeg has read. */
static size_t offset(const struct lade__jpeg *j) {
    return j->job->n - j->source.bytes_in_buffer;
}

static int status_of(int code) {
    switch (code) {
    case JERR_OUT_OF_MEMORY:
        return LADE_ENOMEM;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return LADE_EUNSUPPORTED;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        return LADE_ELIMIT;
    default:
        return LADE_EFORMAT;
    }
}

static void on_error(j_common_ptr dec) {
    struct lade__jpeg *j = (struct lade__jpeg *)dec;
    char text[JMSG_LENGTH_MAX];
    j->errors.format_message(dec, text);
    lade__jpeg_fail(j, lade_error_set(j->err, status_of(j->errors.msg_code), "JPEG: %s (at byte %zu of %zu)", text,
                                      offset(j), j->job->n));
}

/* Keeps the first warning. Levels of 0 and above are trace messages, which lade does not use. */
static void on_message(j_common_ptr dec, int level) {
    struct lade__jpeg *j = (struct lade__jpeg *)dec;
    if (level >= 0)
        return;
    j->errors.num_warnings++;
    if (j->job->warning[0])
        return;
    char text[JMSG_LENGTH_MAX];
    j->errors.format_message(dec, text);
    snprintf(j->job->warning, sizeof j->job->warning, "%.80s (at byte %zu)", text, offset(j));
}

/* Replaces the function of libjpeg that prints messages, because lade never prints. */
static void on_output(j_common_ptr dec) {
    (void)dec;
}

void lade__jpeg_check_scans(struct lade__jpeg *j, size_t scans) {
    uint64_t pixels = (uint64_t)j->dec.image_width * j->dec.image_height;
    if (scans > MAX_SCANS)
        lade__jpeg_fail(j, lade_error_set(j->err, LADE_ELIMIT,
                                          "JPEG: %zu scans exceed the limit of %d: convert the image to PNG", scans,
                                          MAX_SCANS));
    if (scans > MAX_SCANS_OF_LARGEST && scans * pixels / MAX_SCANS_OF_LARGEST > j->job->max_pixels)
        lade__jpeg_fail(j, lade_error_set_subject(j->err, LADE_ELIMIT, "max_pixels",
                                                  "JPEG: %zu scans of %u x %u pixels exceed the limit of %" PRIu64
                                                  " (%d * max_pixels): raise the limit if you trust the file",
                                                  scans, j->dec.image_width, j->dec.image_height,
                                                  MAX_SCANS_OF_LARGEST * j->job->max_pixels, MAX_SCANS_OF_LARGEST));
}

static void on_progress(j_common_ptr dec) {
    struct lade__jpeg *j = (struct lade__jpeg *)dec;
    lade__jpeg_check_scans(j, (size_t)j->dec.input_scan_number);
}

static void source_nothing(j_decompress_ptr dec) {
    (void)dec;
}

/* Returns FALSE, because there are no more bytes. libjpeg then suspends decoding. */
static boolean source_fill(j_decompress_ptr dec) {
    ((struct lade__jpeg *)dec)->ended = true;
    return FALSE;
}

static void source_skip(j_decompress_ptr dec, long count) {
    struct lade__jpeg *j = (struct lade__jpeg *)dec;
    size_t left = j->source.bytes_in_buffer;
    size_t step = count < 0 ? 0 : (size_t)count < left ? (size_t)count : left;
    j->source.next_input_byte += step;
    j->source.bytes_in_buffer -= step;
}

void lade__jpeg_create(struct lade__jpeg *j) {
    j->errors.error_exit = on_error;
    j->errors.emit_message = on_message;
    j->errors.output_message = on_output;
    jpeg_create_decompress(&j->dec);
    j->progress.progress_monitor = on_progress;
    j->dec.progress = &j->progress;
    j->source.next_input_byte = j->job->bytes;
    j->source.bytes_in_buffer = j->job->n;
    j->source.init_source = source_nothing;
    j->source.fill_input_buffer = source_fill;
    j->source.skip_input_data = source_skip;
    j->source.resync_to_restart = jpeg_resync_to_restart;
    j->source.term_source = source_nothing;
    j->dec.src = &j->source;
}
