/*
 * image/resize.h - a resize that is fed rows: each source row is resized across as soon as it comes, and an output row
 * is made when the last row of its window is there. So an image is never held whole, only a window of narrow rows.
 */
#ifndef LADE_SRC_IMAGE_RESIZE_H
#define LADE_SRC_IMAGE_RESIZE_H

#include "image/kernels.h"

/*
 * The part of the source that is resized to the whole of the output.
 */
struct lade__box {
    int x, y, width, height;
};

struct lade__resizer {
    struct lade__axis x, y;
    const struct lade__kernels *kernels;
    struct lade_image out;
    bool premultiply;         /* RGBA: colours are weighed by their alpha */
    int next_in;              /* rows fed so far */
    int next_out;             /* rows made so far */
    size_t row_bytes;         /* of a row of the window */
    int window;               /* rows of it */
    struct lade__buffer ring; /* source row r, resized across, is row r % window */
    struct lade__buffer wide; /* source rows, premultiplied */
    struct lade__buffer rows; /* pointers to the window's rows in order */
};

/*
 * lade__resizer_start() - get ready for the @in_height rows of a source of @in_width pixels, to be resized to @out.
 *
 * @out  where to; its memory is used until the last row is fed. Channels 1, 3, 4.
 *
 * Returns LADE_OK, LADE_ENOMEM, LADE_ELIMIT; the resizer stays usable.
 */
int lade__resizer_start(struct lade__resizer *r, enum lade_interpolation interpolation, int in_width, int in_height,
                        const struct lade__box *box, const struct lade_image *out, struct lade_error *err);

/*
 * lade__resizer_feed() - the next @count source rows, @stride bytes apart. After the last one every row of the output
 * is there.
 */
void lade__resizer_feed(struct lade__resizer *r, const uint8_t *rows, size_t stride, int count);

/*
 * lade__resizer_needs() - does any of the next @count source rows matter? If not, feeding them costs nothing, and they
 * need not be made.
 */
bool lade__resizer_needs(const struct lade__resizer *r, int count);

void lade__resizer_release(struct lade__resizer *r);

#endif
