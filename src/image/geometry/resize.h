/*
 * image/geometry/resize.h - resizes an image whose rows are passed one after the other. When a source row is passed, it
 * is resized horizontally. The window of an output row consists of the source rows that the output row needs. The
 * output row is computed as soon as these rows were passed. So memory holds only the rows of a window, in the width of
 * the output, and never the whole source.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_RESIZE_H
#define LADE_SRC_IMAGE_GEOMETRY_RESIZE_H

#include "image/kernel/kernels.h"

/*
 * A resize: the part `from` of the source is resized to width x height. The output is the part of this result that
 * begins at (x, y). A filter may read pixels outside of `from`.
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
    struct lade_box part;     /* the rows and columns of the source that the output needs */
    bool bits16;              /* the samples have 16 bits; the sizes of rows are in bytes */
    bool premultiply;         /* for RGBA: colours are multiplied by alpha before they are mixed */
    int next_in;              /* number of rows of `part` that were passed so far */
    int next_out;             /* number of output rows that were computed */
    size_t row_bytes;         /* size of an output row in bytes */
    int window;               /* number of rows in `ring`; 0 if rows are not mixed */
    struct lade__buffer ring; /* holds the window; row r % window contains source row r, resized horizontally */
    struct lade__buffer wide; /* source rows multiplied by alpha */
    struct lade__buffer rows; /* pointers to the rows of the window in their order */
};

/*
 * lade__resizer_start() - starts to resize a source of @width x @height pixels. Sets r->part, the part of the source
 * whose rows must be passed to lade__resizer_feed().
 *
 * @out     the result, of 1, 3 or 4 channels; its memory must stay valid until the last row is passed
 * @bits16  the pixels of the source and of the result are uint16_t
 *
 * Returns LADE_OK, LADE_ENOMEM or LADE_ELIMIT. The resizer can be used again after an error.
 */
int lade__resizer_start(struct lade__resizer *r, enum lade_interpolation interpolation, int width, int height,
                        const struct lade__resize_plan *plan, const struct lade_image *out, bool bits16,
                        struct lade_error *err);

/*
 * lade__resizer_feed() - processes the next @count rows of r->part, which are @stride bytes apart. After the last row
 * of the part, the output is complete.
 */
void lade__resizer_feed(struct lade__resizer *r, const uint8_t *rows, size_t stride, int count);

/*
 * lade__resizer_needs() - returns true if the output needs one of the next @count rows. If the function returns false,
 * lade__resizer_feed() only counts these rows and does not read their pixels.
 */
bool lade__resizer_needs(const struct lade__resizer *r, int count);

void lade__resizer_release(struct lade__resizer *r);

#endif
