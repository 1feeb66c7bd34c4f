/*
 * image/color/orient.h - rows put where they belong in the upright image. Exif's orientations: 1 as it is, 2 mirrored,
 * 3 upside down, 4 both, 5 to 8 the same with rows and columns exchanged.
 */
#ifndef LADE_SRC_IMAGE_COLOR_ORIENT_H
#define LADE_SRC_IMAGE_COLOR_ORIENT_H

#include <lade/image.h>

/*
 * lade__orient_swaps() - does the orientation exchange width and height?
 */
static inline bool lade__orient_swaps(int orientation) {
    return orientation >= 5;
}

/*
 * lade__orient_rows() - rows @y to @y + @count - 1 of a stored image of @width x @height pixels to their places in @to,
 * the upright one; @stride bytes from one to the next.
 */
void lade__orient_rows(int orientation, const uint8_t *rows, size_t stride, int y, int count, int width, int height,
                       const struct lade_image *to);

#endif
