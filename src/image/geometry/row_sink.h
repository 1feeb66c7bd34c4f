/*
 * image/geometry/row_sink.h - receives the rows of an image from a codec, converts them to the colour mode of the
 * result, turns them upright and resizes them. A codec passes a few rows at a time, so the whole decoded image is
 * rarely in memory.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_ROW_SINK_H
#define LADE_SRC_IMAGE_GEOMETRY_ROW_SINK_H

#include "image/color/color.h"
#include "image/color/orient.h"
#include "image/geometry/crop.h"
#include "image/geometry/resize.h"

struct lade__sink {
    /* the caller sets these fields before each image */
    enum lade_color_mode color_mode;
    enum lade_interpolation interpolation;
    struct lade__crop crop;
    int orientation; /* Exif orientation of the rows, 1 to 8; the result is upright */

    /* The codec sets this field before lade__sink_start(). If the field is true, the samples of the rows and of the
       result are uint16_t. Strides are still in bytes. */
    bool bits16;

    /* lade__sink_start() sets these fields for the current image */
    struct lade_image whole; /* the result; its pixels are in `result` */
    struct lade_image image; /* the part of the result that is not padding */
    enum lade__pixel_layout layout;
    int width, height;    /* size of the decoded image, before it is turned and resized */
    int y;                /* number of rows that were passed or skipped so far */
    struct lade_box part; /* the rows and columns of the decoded image that the result needs */
    struct lade_box from; /* the part of the upright image that the resizer reads */
    bool resizing;
    bool converting;
    bool turning;
    struct lade_image upright; /* if `turning` is set: the whole image, which is resized after its last row */

    struct lade__resizer resizer;
    struct lade__buffer result;
    struct lade__buffer strip;     /* the rows that a codec is writing */
    struct lade__buffer converted; /* the same rows after the conversion of colours */
    struct lade__buffer turned;    /* the pixels of `upright` */
};

/*
 * lade__sink_start() - starts an image of this size and layout. The codec must then pass or skip its rows, beginning at
 * the top. The codec need not decode pixels outside of sink->part.
 *
 * Returns LADE_OK, LADE_ENOMEM or LADE_ELIMIT.
 */
int lade__sink_start(struct lade__sink *sink, int width, int height, enum lade__pixel_layout layout,
                     struct lade_error *err);

/*
 * lade__sink_rows() - returns memory for the next rows. A codec may decode into this memory and then call
 * lade__sink_take().
 *
 * @stride  is set to the distance between two rows in bytes
 * @count   is set to the number of rows
 *
 * The memory is valid until the next lade__sink_take(). If rows are neither converted, turned nor resized, this memory
 * is a part of the result.
 */
uint8_t *lade__sink_rows(struct lade__sink *sink, size_t *stride, int *count);

/*
 * lade__sink_take() - processes the next @count rows, which begin at @rows and are @stride bytes apart. The rows may be
 * in the memory of lade__sink_rows(), or in other memory. @count must not be larger than the count of
 * lade__sink_rows().
 */
void lade__sink_take(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count);

/*
 * lade__sink_skip() - skips the next @count rows, which are outside of sink->part.
 */
void lade__sink_skip(struct lade__sink *sink, int count);

/*
 * lade__sink_complete() - returns true if all rows were passed or skipped.
 */
bool lade__sink_complete(const struct lade__sink *sink);

void lade__sink_release(struct lade__sink *sink);

#endif
