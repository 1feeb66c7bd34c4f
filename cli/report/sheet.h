/*
 * sheet.h - a contact sheet: images in a grid, each with its class below.
 */
#ifndef LADE_CLI_REPORT_SHEET_H
#define LADE_CLI_REPORT_SHEET_H

#include <stdbool.h>
#include <stdint.h>

/* An entry. Pixels are (height, width, channels) uint8, with the size and the channels of the sheet. */
struct sheet_image {
    const uint8_t *before; /* the image without augmentation, which is drawn above, or NULL */
    const uint8_t *after;
    const char *label;          /* the class, or a file name */
    int class_index;            /* selects the colour of the dot; -1 for no dot */
    const char *predicted;      /* the predicted class, which is drawn in a second line, or NULL */
    int predicted_index;        /* selects the colour of its dot */
    const char *predicted_note; /* text at the end of the second line, "97%" */
};

struct sheet {
    const char *title, *subtitle;
    int height, width, channels;
    const struct sheet_image *images;
    int count;
};

/* Draws the sheet to the file @path, as PNG or SVG according to its suffix. Returns false after a message. */
bool sheet_write(const struct sheet *sheet, const char *path);

#endif
