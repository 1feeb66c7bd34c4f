/*
 * sheet.h - draws a contact sheet, which is a grid of images. The class of each image is below the image.
 */
#ifndef LADE_CLI_REPORT_SHEET_H
#define LADE_CLI_REPORT_SHEET_H

#include <stdbool.h>
#include <stdint.h>

/* One image of the sheet. Each of `before`, `predicted` and `file` must be NULL for all images of a sheet or for no
   image, because the layout is chosen by the first image. Pixels are (height, width, channels) uint8, with the height,
   width and channels of struct sheet. */
struct sheet_image {
    const uint8_t *before; /* the image without augmentation, which is drawn above `after`; or NULL */
    const uint8_t *after;
    const char *label;          /* the name of the class, or any other text, for example a file name */
    int class_index;            /* selects the colour of the dot; -1 for no dot */
    const char *predicted;      /* the name of the predicted class, which is drawn in a second line; or NULL */
    int predicted_index;        /* selects the colour of the dot in the second line; -1 for no dot */
    const char *predicted_note; /* text at the end of the second line, for example "97%"; or NULL */
    const char *file;           /* the path of the image, which is drawn in the last line; or NULL */
};

struct sheet {
    const char *title, *subtitle;
    int height, width, channels;
    const struct sheet_image *images;
    int count;
    bool wrap_labels; /* true: a long label has up to three lines. false: a long label is shortened */
};

/* Draws the sheet to the file @path. The suffix of @path selects PNG or SVG. On error, prints a message and returns
   false. This function is in the module "draw", so other parts of the command must call it with module_call(). */
bool sheet_draw(const struct sheet *sheet, const char *path);

#endif
