/*
 * train/net/quote.c - a specification or the name of a tensor may come from a file that nobody has looked at: what is shown
 * of it must neither fill the message nor steer the terminal.
 */
#include "train/net/quote.h"

#include <string.h>

const char *lade__quote(const char *text, size_t length, char quoted[LADE__QUOTED]) {
    size_t most = LADE__QUOTED - sizeof "...", kept = length < most ? length : most;
    for (size_t i = 0; i < kept; i++)
        quoted[i] = (unsigned char)text[i] < ' ' || text[i] == 127 ? '?' : text[i];
    strcpy(quoted + kept, length > kept ? "..." : "");
    return quoted;
}
