/*
 * sheet.h - a contact sheet: pictures in a grid, each with its class below.
 */
#ifndef LADE_CLI_REPORT_SHEET_H
#define LADE_CLI_REPORT_SHEET_H

#include <stdbool.h>
#include <stdint.h>

/* One entry. Pixels are (height, width, channels) uint8, the size and channels of the sheet. */
struct sheet_picture {
    const uint8_t *before; /* without augmentation, shown above; NULL: not shown */
    const uint8_t *after;
    const char *label;
    int class_index;       /* gives the colour of the dot; -1: none */
    const char *predicted; /* a second line: the class that a net takes it for; NULL: there is none */
    int predicted_index;
    const char *predicted_note; /* at the end of that line, "97%" */
};

struct sheet {
    const char *title, *subtitle;
    int height, width, channels;
    const struct sheet_picture *pictures;
    int count;
};

/* Draws it to @path, PNG or SVG by its suffix; false after a message. */
bool sheet_write(const struct sheet *sheet, const char *path);

#endif
