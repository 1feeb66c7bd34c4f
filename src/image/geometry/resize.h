/*
 * image/geometry/resize.h - a resize that is fed rows: each source row is resized across as soon as it comes, and an
 * output row is made when the last row of its window is there. So an image is never held whole, only a window of narrow
 * rows.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_RESIZE_H
#define LADE_SRC_IMAGE_GEOMETRY_RESIZE_H

#include "image/kernel/kernels.h"

/*
 * How a source becomes an output: its part @from is resized to @width x @height, of which the output is what begins at
 * (@x, @y). A filter may read the source beyond @from.
 */
struct lade__resize_plan {
    struct lade_box from;
    int width, height;
    int x, y;
};

struct lade__resizer {
    struct lade__axis x, y;
    const struct lade__kernels *kernels;
    struct lade_image out;
    struct lade_box part;     /* of the source: the rows and columns that matter */
    bool premultiply;         /* RGBA: colours are weighed by their alpha */
    int next_in;              /* rows of the part fed so far */
    int next_out;             /* rows made so far */
    size_t row_bytes;         /* of a row of the window */
    int window;               /* rows of it */
    struct lade__buffer ring; /* source row r, resized across, is row r % window */
    struct lade__buffer wide; /* source rows, premultiplied */
    struct lade__buffer rows; /* pointers to the window's rows in order */
};

/*
 * lade__resizer_start() - get ready for the rows of r->part, which it sets, of a source of @width x @height pixels.
 *
 * @out  where to; its memory is used until the last row is fed. Channels 1, 3, 4.
 *
 * Returns LADE_OK, LADE_ENOMEM, LADE_ELIMIT; the resizer stays usable.
 */
int lade__resizer_start(struct lade__resizer *r, enum lade_interpolation interpolation, int width, int height,
                        const struct lade__resize_plan *plan, const struct lade_image *out, struct lade_error *err);

/*
 * lade__resizer_feed() - the next @count rows of the part, @stride bytes apart. After the last one every row of the
 * output is there.
 */
void lade__resizer_feed(struct lade__resizer *r, const uint8_t *rows, size_t stride, int count);

/*
 * lade__resizer_needs() - does any of the next @count rows matter? If not, feeding them costs nothing, and they
 * need not be made.
 */
bool lade__resizer_needs(const struct lade__resizer *r, int count);

void lade__resizer_release(struct lade__resizer *r);

#endif
