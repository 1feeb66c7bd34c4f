/*
 * Levels are counted by the same rule as a parser's: brackets, but for those in strings, where a backslash takes the
 * meaning of what follows it.
 */
#include "base/text.h"

bool lade__nests_too_deeply(const char *text, size_t size) {
    int level = 0;
    bool string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (string && c == '\\')
            i++;
        else if (c == '"')
            string = !string;
        else if (string)
            continue;
        else if ((c == '[' || c == '{') && ++level > LADE__NESTING_LIMIT)
            return true;
        else if (c == ']' || c == '}')
            level--;
    }
    return false;
}
