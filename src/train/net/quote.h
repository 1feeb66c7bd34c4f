/*
 * train/net/quote.h - words of unknown origin in a message.
 */
#ifndef LADE_SRC_TRAIN_NET_QUOTE_H
#define LADE_SRC_TRAIN_NET_QUOTE_H

#include <stddef.h>

#define LADE__QUOTED 68

/*
 * lade__quote() - the first 64 bytes of @text, "..." after them if there are more, and '?' for what a terminal would
 * act upon. Returns @quoted.
 */
const char *lade__quote(const char *text, size_t length, char quoted[LADE__QUOTED]);

#endif
