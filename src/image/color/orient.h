/*
 * image/color/orient.h - turns an image upright. The orientations of Exif are: 1 upright; 2 mirrored left to right;
 * 3 turned by 180 degrees; 4 mirrored top to bottom. Orientations 5, 6, 7 and 8 are the orientations 1, 2, 3 and 4,
 * after which rows and columns are exchanged.
 */
#ifndef LADE_SRC_IMAGE_COLOR_ORIENT_H
#define LADE_SRC_IMAGE_COLOR_ORIENT_H

#include <lade/image.h>

/*
 * lade__orient_swaps() - returns true if turning the image upright exchanges its width and height.
 */
static inline bool lade__orient_swaps(int orientation) {
    return orientation >= 5;
}

/*
 * lade__orient_rows() - copies rows @y to @y + @count - 1 of a stored image of @width x @height pixels to their
 * positions in the upright image @to. @stride is the distance between two stored rows in bytes.
 */
void lade__orient_rows(int orientation, const uint8_t *rows, size_t stride, int y, int count, int width, int height,
                       const struct lade_image *to);

#endif
