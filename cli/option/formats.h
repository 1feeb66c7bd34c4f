/*
 * formats.h - declares the names of the image formats that lade can write. The names are values of options.
 */
#ifndef LADE_CLI_OPTION_FORMATS_H
#define LADE_CLI_OPTION_FORMATS_H

#include <lade/image.h>

#include "option/opt.h"

/* The names of the writable formats. The array is empty until format_words_init() is called. */
extern struct lade_word format_words[LADE_FORMAT_COUNT];

void format_words_init(void);

#endif
