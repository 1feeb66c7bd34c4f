/*
 * Draws text. A text is divided into runs of characters that have the same font, because Cairo draws each call with one
 * font. Characters are drawn from left to right, one glyph for each character. Scripts whose letters are joined or
 * reordered, for example Arabic and Devanagari, would need a library for text layout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/draw.h"
#include "report/font.h"
#include "terminal/text.h"

/* A text of one size and weight. */
struct style {
    double size;
    bool bold;
};

/*
 * Returns the single character that is equal to @a followed by @b, or 0 if there is no such character. In file names
 * from macOS, a Korean syllable consists of two or three letters, and a Japanese letter may be followed by its voicing
 * mark. Most fonts draw such parts side by side. The rules are a part of normalization form C of Unicode.
 */
static uint32_t composed(uint32_t a, uint32_t b) {
    if (a >= 0x1100 && a < 0x1113 && b >= 0x1161 && b < 0x1176) /* an initial consonant and a vowel */
        return 0xac00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28;
    if (a >= 0xac00 && a < 0xd7a4 && (a - 0xac00) % 28 == 0 && b > 0x11a7 && b < 0x11c3) /* ... and a final consonant */
        return a + (b - 0x11a7);
    uint32_t kana = a >= 0x30a0 ? a - 0x60 : a; /* katakana have the same order as hiragana */
    bool two = (kana >= 0x304b && kana <= 0x3061 && kana % 2) || kana == 0x3064 || kana == 0x3066 || kana == 0x3068;
    bool three = kana >= 0x306f && kana <= 0x307b && (kana - 0x306f) % 3 == 0;
    if (b == 0x3099 && a == 0x30a6)
        return 0x30f4;
    if (b == 0x3099 && (two || three))
        return a + 1;
    return b == 0x309a && three ? a + 2 : 0;
}

/* Reads the character at @s, with the characters that are composed with it. Returns the number of bytes. */
static size_t read_composed(const char *s, uint32_t *c) {
    size_t length = text_character(s, c);
    for (uint32_t next = 0, one; s[length]; *c = one) {
        size_t more = text_character(s + length, &next);
        one = composed(*c, next);
        if (!one)
            break;
        length += more;
    }
    return length;
}

/* Returns @text as UTF-8 in which each character has a font. Other characters and bytes are escaped. The caller must
   free() the string. */
static char *drawable(const char *text, bool bold) {
    char *utf8 = text_escape(text), *result = text_alloc(strlen(utf8) * 5 + 1, 1), *to = result;
    uint32_t c = 0;
    for (const char *s = utf8; *s;) {
        s += read_composed(s, &c);
        if (font_of(c, bold)) {
            text_encode(c, to);
            to += strlen(to);
        } else {
            to += sprintf(to, c < 0x10000 ? "\\u%04X" : "\\U%08X", (unsigned)c);
        }
    }
    free(utf8);
    return result;
}

/* Returns the number of bytes at the beginning of @s that have the same font, and stores the font in *@face. */
static size_t run_length(const char *s, bool bold, cairo_font_face_t **face) {
    uint32_t c = 0;
    size_t length = text_character(s, &c);
    *face = font_of(c, bold);
    while (s[length]) {
        size_t next = text_character(s + length, &c);
        if (font_of(c, bold) != *face)
            break;
        length += next;
    }
    return length;
}

/* Returns the width of the text @s, which drawable() must have returned. If @show is true, also draws the text at the
   current point. */
static double do_runs(cairo_t *cr, struct style style, const char *s, bool show) {
    double width = 0;
    cairo_set_font_size(cr, style.size);
    while (*s) {
        cairo_font_face_t *face;
        cairo_text_extents_t extents;
        size_t length = run_length(s, style.bold, &face);
        char *run = text_printf("%.*s", (int)length, s);
        cairo_set_font_face(cr, face);
        cairo_text_extents(cr, run, &extents);
        width += extents.x_advance;
        if (show)
            cairo_show_text(cr, run); /* also moves the current point to the end of the run */
        free(run);
        s += length;
    }
    return width;
}

static void show_at(cairo_t *cr, struct style style, double x, double y, double align, const char *s) {
    cairo_move_to(cr, x - (align > 0 ? align * do_runs(cr, style, s, false) : 0), y);
    do_runs(cr, style, s, true);
}

static void draw(cairo_t *cr, struct style style, double x, double y, double align, const char *text) {
    char *s = drawable(text, style.bold);
    show_at(cr, style, x, y, align, s);
    free(s);
}

void draw_text(cairo_t *cr, double x, double y, double size, double align, const char *text) {
    draw(cr, (struct style){size, false}, x, y, align, text);
}

void draw_bold(cairo_t *cr, double x, double y, double size, double align, const char *text) {
    draw(cr, (struct style){size, true}, x, y, align, text);
}

double draw_width(cairo_t *cr, double size, const char *text) {
    char *s = drawable(text, false);
    double width = do_runs(cr, (struct style){size, false}, s, false);
    free(s);
    return width;
}

/* ---- Text that does not fit -------------------------------------------------------------------------------------- */

static bool inside_character(const char *s) {
    return ((unsigned char)*s & 0xc0) == 0x80;
}

/* Returns a text with at most @kept bytes of @s. An ellipsis replaces the other bytes. If @path is true, these bytes
   are the beginning of @s; otherwise, they are the middle. A character is never cut. The caller must free() the
   text. */
static char *shortened(const char *s, size_t kept, bool path) {
    const char *ellipsis = font_of(0x2026, false) ? "\u2026" : "...";
    size_t length = strlen(s), first = path ? 0 : kept - kept / 2, last = length - (kept - first);
    if (kept == length)
        return text_printf("%s", s);
    while (inside_character(s + last))
        last++;
    while (first > 0 && inside_character(s + first))
        first--;
    return text_printf("%.*s%s%s", (int)first, s, ellipsis, s + last);
}

static bool fits(cairo_t *cr, struct style style, const char *s, size_t kept, bool path, double width) {
    char *cut = shortened(s, kept, path);
    bool good = do_runs(cr, style, cut, false) <= width;
    free(cut);
    return good;
}

/* Draws the text @s, which drawable() must have returned. If @s is wider than @width, an ellipsis replaces a part of
   @s. */
static void show_within(cairo_t *cr, struct style style, double x, double y, double align, double width, const char *s,
                        bool path) {
    size_t good = 0, bad = strlen(s); /* @good bytes fit, and @bad bytes do not fit */
    if (fits(cr, style, s, bad, path, width))
        good = bad;
    while (bad - good > 1) {
        size_t middle = good + (bad - good) / 2;
        if (fits(cr, style, s, middle, path, width))
            good = middle;
        else
            bad = middle;
    }
    char *cut = shortened(s, good, path);
    show_at(cr, style, x, y, align, cut);
    free(cut);
}

static void draw_within(cairo_t *cr, double x, double y, double size, double align, double width, const char *text,
                        bool path) {
    char *s = drawable(text, false);
    show_within(cr, (struct style){size, false}, x, y, align, width, s, path);
    free(s);
}

void draw_text_within(cairo_t *cr, double x, double y, double size, double align, double width, const char *text) {
    draw_within(cr, x, y, size, align, width, text, false);
}

void draw_path_within(cairo_t *cr, double x, double y, double size, double align, double width, const char *text) {
    draw_within(cr, x, y, size, align, width, text, true);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

static double width_of(cairo_t *cr, struct style style, const char *s, size_t length) {
    char *part = text_printf("%.*s", (int)length, s);
    double width = do_runs(cr, style, part, false);
    free(part);
    return width;
}

/* Returns the number of bytes of @s that fit into a line. A line ends after a word. If the first word is too long, the
   line ends inside of the word. */
static size_t line_length(cairo_t *cr, struct style style, const char *s, double width) {
    size_t length = 0, next = 0;
    while (s[next]) {
        size_t end = next + strcspn(s + next, " ");
        bool separator = end - next == strlen(DRAW_DOT) && strncmp(s + next, DRAW_DOT, end - next) == 0;
        if (width_of(cr, style, s, end) > width)
            break;
        length = separator ? length : end; /* a separator is not drawn at the end of a line */
        next = end + strspn(s + end, " ");
    }
    if (length > 0)
        return length;
    size_t word = strcspn(s, " ");
    do
        length++;
    while (inside_character(s + length));
    while (length < word) {
        size_t more = length + 1;
        while (inside_character(s + more))
            more++;
        if (width_of(cr, style, s, more) > width)
            break;
        length = more;
    }
    return length;
}

/* Skips the spaces and separators at the beginning of a line. */
static const char *line_start(const char *s) {
    for (;;) {
        if (*s == ' ')
            s++;
        else if (strncmp(s, DRAW_DOT, strlen(DRAW_DOT)) == 0)
            s += strlen(DRAW_DOT);
        else
            return s;
    }
}

/* Draws at most @most lines of text, or all lines if @most is 0. If the text needs more lines, the last line contains
   the rest of the text, and an ellipsis replaces the middle of this line. The first baseline is at @y. Returns the
   baseline of the last line. */
static double draw_lines(cairo_t *cr, struct style style, double x, double y, double width, int most,
                         const char *text) {
    char *all = drawable(text, style.bold);
    const char *s = line_start(all);
    for (int i = 1; *s; i++) {
        size_t length = i == most ? strlen(s) : line_length(cr, style, s, width);
        char *line = text_printf("%.*s", (int)length, s);
        show_within(cr, style, x, y, 0, width, line, false);
        free(line);
        s = line_start(s + length);
        if (*s)
            y += DRAW_LEADING * style.size;
    }
    free(all);
    return y;
}

double draw_wrapped(cairo_t *cr, double x, double y, double size, double width, int most, const char *text) {
    struct page scratch = {0};
    if (!cr)
        scratch = page_new(1, 1, PAGE_PNG);
    y = draw_lines(cr ? cr : scratch.cr, (struct style){size, false}, x, y, width, most, text);
    if (!cr)
        page_free(&scratch);
    return y;
}

double draw_head(cairo_t *cr, double x, double width, const char *title, const char *subtitle) {
    enum { FIRST = 38, BELOW = 19 };
    struct page scratch = {0};
    if (!cr) {
        scratch = page_new(1, 1, PAGE_PNG);
        cr = scratch.cr;
    }
    draw_ink(cr, DRAW_INK);
    double y = draw_lines(cr, (struct style){17, true}, x, FIRST, width, 0, title);
    draw_ink(cr, DRAW_MUTED);
    y = draw_lines(cr, (struct style){10.5, false}, x, y + BELOW, width, 0, subtitle);
    if (scratch.cr)
        page_free(&scratch);
    return y;
}
