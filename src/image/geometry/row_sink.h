/*
 * image/geometry/row_sink.h - takes the rows of an image from a codec, converts them to the wanted colours, turns them
 * upright and resizes them. Codecs deliver a few rows at a time, so that the whole decoded image is rarely in memory.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_ROW_SINK_H
#define LADE_SRC_IMAGE_GEOMETRY_ROW_SINK_H

#include "image/color/color.h"
#include "image/color/orient.h"
#include "image/geometry/crop.h"
#include "image/geometry/resize.h"

struct lade__sink {
    /* the request: set before each image */
    enum lade_color_mode color_mode;
    enum lade_interpolation interpolation;
    struct lade__crop crop;
    int orientation; /* Exif orientation of the rows, 1 to 8; the result is upright */

    /* the current image: set by lade__sink_start() */
    struct lade_image image; /* the result; its pixels are in `result` */
    enum lade__pixel_layout layout;
    int width, height;    /* size of the decoded image, as the codec delivers it */
    int y;                /* number of rows taken or skipped so far */
    struct lade_box part; /* the rows and columns of the decoded image that the result needs */
    struct lade_box from; /* the part of the upright image that the resizer reads */
    bool resizing;
    bool converting;
    bool turning;
    struct lade_image upright; /* when turning: holds all rows, until they are resized */

    struct lade__resizer resizer;
    struct lade__buffer result;
    struct lade__buffer strip;     /* the rows that a codec is writing */
    struct lade__buffer converted; /* the same rows after the conversion of colours */
    struct lade__buffer turned;    /* the pixels of `upright` */
};

/*
 * lade__sink_start() - begin an image of this size and layout. Its rows follow from the top.
 *
 * Returns LADE_OK, LADE_ENOMEM or LADE_ELIMIT. Pixels outside of sink->part need not be decoded.
 */
int lade__sink_start(struct lade__sink *sink, int width, int height, enum lade__pixel_layout layout,
                     struct lade_error *err);

/*
 * lade__sink_rows() - memory for the next rows. A codec may decode into it and then call lade__sink_take().
 *
 * @stride  is set to the distance between two rows in bytes
 * @count   is set to the number of rows
 *
 * The memory is valid until the next lade__sink_take(). It is the result itself if the rows need no further work.
 */
uint8_t *lade__sink_rows(struct lade__sink *sink, size_t *stride, int *count);

/*
 * lade__sink_take() - process the next @count rows, which begin at @rows and are @stride bytes apart. They may be in
 * the memory of lade__sink_rows() or anywhere else; then @count must not be larger than the count of lade__sink_rows().
 */
void lade__sink_take(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count);

/*
 * lade__sink_skip() - skip the next @count rows, which are outside of sink->part.
 */
void lade__sink_skip(struct lade__sink *sink, int count);

/*
 * lade__sink_complete() - true when all rows were taken or skipped.
 */
bool lade__sink_complete(const struct lade__sink *sink);

void lade__sink_release(struct lade__sink *sink);

#endif
