/*
 * image/geometry/row_sink.h - where codecs send their rows: converted to the colour mode, then resized or kept as they are. It is
 * what makes every codec a decoder in strips without knowing it.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_ROW_SINK_H
#define LADE_SRC_IMAGE_GEOMETRY_ROW_SINK_H

#include "image/color/color.h"
#include "image/color/orient.h"
#include "image/geometry/resize.h"

struct lade__sink {
    /* what is wanted: set before each image */
    enum lade_color_mode color_mode;
    int target_width, target_height; /* 0: as the image is */
    enum lade_interpolation interpolation;
    bool keep_aspect_ratio;
    struct lade_box crop;          /* of the upright image; width 0: all of it */
    int crop_resize;               /* resize the shorter side to this and take the centre; 0: do not */
    int whole_width, whole_height; /* of the upright image, as its header says; a codec may deliver less */
    int orientation;               /* of the rows that come, 1 to 8; the result is upright */

    /* the image under way, from lade__sink_start() on */
    struct lade_image image; /* the result, in memory of `result` */
    enum lade__layout layout;
    int width, height;    /* of the source */
    int y;                /* rows taken or left out */
    struct lade_box part; /* of the source: the rows and columns that matter */
    struct lade_box from; /* of the upright source: what the resizer gets to see, all of it or the crop */
    bool resizing;
    bool converting;
    bool turning;
    struct lade_image upright; /* an image that has to be turned, where all its rows are kept before a resize */

    struct lade__resizer resizer;
    struct lade__buffer result;
    struct lade__buffer strip;     /* rows on their way in */
    struct lade__buffer converted; /* the same rows in the colour mode, before the resize */
    struct lade__buffer turned;    /* of `upright` */
};

/*
 * lade__sink_start() - an image of this size and layout is about to come, row by row from the top.
 * Returns LADE_OK, LADE_ENOMEM, LADE_ELIMIT.
 *
 * What lies outside of sink->part need not be decoded: lade__sink_skip() leaves out the next @count rows.
 *
 * lade__sink_rows() - room for the next *count rows, *stride bytes apart, where a codec may decode to; where nothing
 * has to be done to them this is the result itself. Good for one lade__sink_take().
 *
 * lade__sink_take() - the next @count rows, @stride bytes apart: those of lade__sink_rows(), or as many others.
 *
 * lade__sink_whole() - have all rows come?
 */
int lade__sink_start(struct lade__sink *sink, int width, int height, enum lade__layout layout, struct lade_error *err);
uint8_t *lade__sink_rows(struct lade__sink *sink, size_t *stride, int *count);
void lade__sink_skip(struct lade__sink *sink, int count);
void lade__sink_take(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count);
bool lade__sink_whole(const struct lade__sink *sink);

void lade__sink_release(struct lade__sink *sink);

#endif
