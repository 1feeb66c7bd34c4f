/*
 * image/names.h - declares the tables of names for the enums of image files and resizing.
 */
#ifndef LADE_SRC_IMAGE_NAMES_H
#define LADE_SRC_IMAGE_NAMES_H

#include <lade/image.h>

extern const struct lade_word lade__color_mode_words[], lade__interpolation_words[], lade__data_format_words[],
    lade__decode_words[];

#endif
