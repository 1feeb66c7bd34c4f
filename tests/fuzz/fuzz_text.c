/*
 * Fuzz target: the input is text from outside, such as a file name. The escaped text must be printable, the original
 * bytes must be restorable, and a short buffer must get the beginning of the escaped text.
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/base.h>

#include "replay.h"

/* Restores the bytes of a text that was escaped with `backslash`. Returns the number of bytes. */
static size_t restore(const char *escaped, uint8_t *bytes) {
    size_t n = 0;
    while (*escaped) {
        unsigned byte = (unsigned char)*escaped++;
        if (byte == '\\' && *escaped == '\\')
            escaped++;
        else if (byte == '\\') {
            must(sscanf(escaped, "x%2x", &byte) == 1, "a backslash begins no escape");
            escaped += 3;
        }
        bytes[n++] = (uint8_t)byte;
    }
    return n;
}

static void escape(const char *text, size_t n, bool backslash) {
    size_t length = lade_text_escape(text, n, backslash, NULL, 0);
    must(length >= n && length <= 4 * n, "the length of the escaped text is impossible");
    char *escaped = malloc(length + 1), *again = malloc(length + 1);
    uint8_t *restored = malloc(length + 1);
    must(escaped && again && restored, "no memory");
    must(lade_text_escape(text, n, backslash, escaped, length + 1) == length, "two calls return different lengths");
    must(strlen(escaped) == length, "the escaped text contains a NUL");
    for (size_t i = 0; i < length; i++)
        must((unsigned char)escaped[i] >= ' ' && escaped[i] != 127, "the escaped text contains a control character");
    must(lade_text_escape(escaped, length, false, again, length + 1) == length && strcmp(escaped, again) == 0,
         "the escaped text is not printable");
    if (backslash)
        must(restore(escaped, restored) == n && (n == 0 || memcmp(restored, text, n) == 0), "bytes are not restored");
    for (size_t size = 1; size <= length; size += 1 + size / 3) {
        char *cut = malloc(size);
        must(cut && lade_text_escape(text, n, backslash, cut, size) == length, "a short buffer changes the length");
        must(strlen(cut) < size && strncmp(cut, escaped, strlen(cut)) == 0, "a short buffer gets another text");
        must(lade_text_escape(cut, strlen(cut), false, NULL, 0) == strlen(cut), "a character is cut");
        free(cut);
    }
    free(restored);
    free(again);
    free(escaped);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    escape((const char *)bytes, n, true);
    escape((const char *)bytes, n, false);
    return 0;
}
