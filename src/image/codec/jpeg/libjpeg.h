/*
 * image/codec/jpeg/libjpeg.h - wraps a libjpeg decompressor that reads from memory and reports errors by longjmp().
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_LIBJPEG_H
#define LADE_SRC_IMAGE_CODEC_JPEG_LIBJPEG_H

#include "image/codec/codec.h"
#include "image/codec/jpeg/eighth.h"

#include <setjmp.h>

#include <jpeglib.h>

struct lade__jpeg {
    struct jpeg_decompress_struct dec; /* must be first: libjpeg's callbacks cast its address to struct lade__jpeg */
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_source_mgr source;
    jmp_buf escape;
    struct lade__decode_job *job; /* the current image */
    struct lade_error *err;
    int status; /* LADE_OK, or the error that caused the jump to `escape` */
    bool ended; /* libjpeg has asked for bytes after the end of the file */

    struct lade__eighth eighth; /* must be last: each new image clears only the fields above */
};

/*
 * lade__jpeg_create() - prepares j->dec to read the bytes of j->job. The caller must call setjmp() on j->escape first.
 */
void lade__jpeg_create(struct lade__jpeg *j);

/*
 * lade__jpeg_fail() - stores @status and jumps to j->escape.
 */
_Noreturn void lade__jpeg_fail(struct lade__jpeg *j, int status);

/*
 * lade__jpeg_check_scans() - calls lade__jpeg_fail() if the image has too many scans for its size.
 */
void lade__jpeg_check_scans(struct lade__jpeg *j, size_t scans);

#endif
