/*
 * Finds fonts with fontconfig. DejaVu Sans is the first font, so that plots look the same on most systems. DejaVu Sans
 * has no Chinese, Japanese and Korean characters. fontconfig sorts all fonts by their similarity to DejaVu Sans, and
 * such a character is drawn with the first font that has the character. The order depends on the language of the user,
 * because Chinese and Japanese fonts draw some characters differently.
 *
 * Without fontconfig (LADE_FONTCONFIG=OFF), only the first font is used.
 */
#include "report/font.h"

#if LADE_WITH_FONTCONFIG
#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#endif

#include "terminal/text.h"

#define FIRST_FONT "DejaVu Sans"

/* The first font. */
struct first {
    cairo_font_face_t *face;
    cairo_scaled_font_t *scaled; /* the font at some size, which converts characters to glyphs */
};

static const struct first *first_font(bool bold) {
    static struct first fonts[2];
    struct first *f = &fonts[bold];
    if (f->face)
        return f;
    cairo_matrix_t size, identity;
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_matrix_init_scale(&size, 10, 10);
    cairo_matrix_init_identity(&identity);
    f->face = cairo_toy_font_face_create(FIRST_FONT, CAIRO_FONT_SLANT_NORMAL,
                                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    f->scaled = cairo_scaled_font_create(f->face, &size, &identity, options);
    cairo_font_options_destroy(options);
    return f;
}

static bool first_has(const struct first *f, uint32_t c) {
    if (c < 0x80)
        return true;
    if (cairo_scaled_font_get_type(f->scaled) == CAIRO_FONT_TYPE_USER)
        return false; /* the system has no font, so this is the built-in font of Cairo, which has only ASCII
                         characters */
    char utf8[5];
    cairo_glyph_t one, *glyphs = &one;
    int count = 1;
    text_encode(c, utf8);
    bool found = cairo_scaled_font_text_to_glyphs(f->scaled, 0, 0, utf8, -1, &glyphs, &count, NULL, NULL, NULL) ==
                     CAIRO_STATUS_SUCCESS &&
                 count > 0 && glyphs[0].index != 0; /* glyph 0 is the box for missing characters */
    if (glyphs != &one)
        cairo_glyph_free(glyphs);
    return found;
}

#if LADE_WITH_FONTCONFIG

/* All fonts, the best font first, and the font faces that were used so far. */
struct sorted {
    FcPattern *wanted;
    FcFontSet *set;
    cairo_font_face_t **faces;
};

static const struct sorted *sorted_fonts(bool bold) {
    static struct sorted lists[2];
    struct sorted *l = &lists[bold];
    if (l->wanted)
        return l;
    FcResult result;
    l->wanted = FcPatternBuild(NULL, FC_FAMILY, FcTypeString, FIRST_FONT, FC_WEIGHT, FcTypeInteger,
                               bold ? FC_WEIGHT_BOLD : FC_WEIGHT_NORMAL, (char *)NULL);
    FcConfigSubstitute(NULL, l->wanted, FcMatchPattern);
    FcDefaultSubstitute(l->wanted);
    l->set = FcFontSort(NULL, l->wanted, FcTrue, NULL, &result);
    l->faces = text_alloc(l->set ? (size_t)l->set->nfont : 0, sizeof *l->faces);
    return l;
}

static bool has_character(FcPattern *font, uint32_t c) {
    FcBool scalable = FcFalse;
    FcCharSet *characters;
    return FcPatternGetBool(font, FC_SCALABLE, 0, &scalable) == FcResultMatch && scalable &&
           FcPatternGetCharSet(font, FC_CHARSET, 0, &characters) == FcResultMatch && FcCharSetHasChar(characters, c);
}

static cairo_font_face_t *other_font(uint32_t c, bool bold) {
    const struct sorted *l = sorted_fonts(bold);
    for (int i = 0; l->set && i < l->set->nfont; i++) {
        if (!has_character(l->set->fonts[i], c))
            continue;
        if (!l->faces[i]) {
            FcPattern *font = FcFontRenderPrepare(NULL, l->wanted, l->set->fonts[i]);
            l->faces[i] = cairo_ft_font_face_create_for_pattern(font);
            FcPatternDestroy(font);
        }
        return l->faces[i];
    }
    return NULL;
}

#else

static cairo_font_face_t *other_font(uint32_t c, bool bold) {
    (void)c;
    (void)bold;
    return NULL;
}

#endif

cairo_font_face_t *font_of(uint32_t c, bool bold) {
    const struct first *first = first_font(bold);
    return first_has(first, c) ? first->face : other_font(c, bold);
}
