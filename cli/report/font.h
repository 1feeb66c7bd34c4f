/*
 * font.h - finds a font for each character of a text. No font has the characters of all scripts, so a text may need
 * several fonts.
 */
#ifndef LADE_CLI_REPORT_FONT_H
#define LADE_CLI_REPORT_FONT_H

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

/* Returns a font that has a glyph for the character @c, or NULL if no font has the character. The font belongs to this
   file and is valid until the program ends. Must be called from one thread at a time. */
cairo_font_face_t *font_of(uint32_t c, bool bold);

#endif
