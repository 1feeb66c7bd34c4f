/*
 * Describes bytes that no codec recognises. For example, the message "it looks like text: <html><head>..." shows that
 * the download server sent an error page.
 */
#include "image/codec/codec.h"
#include "base/text.h"

#include <string.h>

static const struct {
    size_t at;
    size_t size;
    const char *magic;
    const char *words;
} kinds[] = {
    {0, 3, "P7\n", "a PAM image, which lade does not read: convert it to PNG"},
    {0, 3, "PF\n", "a PFM image, which lade does not read: convert it to PNG"},
    {0, 3, "Pf\n", "a PFM image, which lade does not read: convert it to PNG"},
    {4, 8, "ftypavif", "an AVIF image, which lade does not read: convert it to PNG or JPEG"},
    {4, 7, "ftyphei", "a HEIF image, which lade does not read: convert it to PNG or JPEG"},
    {4, 8, "ftypmif1", "a HEIF image, which lade does not read: convert it to PNG or JPEG"},
    {0, 12, "\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 image, which lade does not read: convert it to PNG or JPEG"},
    {0, 4, "\xffO\xffQ", "a JPEG 2000 codestream, which lade does not read: convert it to PNG or JPEG"},
    {0, 12, "\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL image, which lade does not read: convert it to PNG or JPEG"},
    {0, 4, "8BPS", "a Photoshop file, which lade does not read: convert it to PNG or JPEG"},
    {0, 5, "%PDF-", "a PDF document"},
    {0, 4, "PK\3\4", "a ZIP archive: unpack it first"},
    {0, 3, "\x1f\x8b\x08", "gzip-compressed data: decompress it first"},
    {257, 5, "ustar", "a tar archive: unpack it first"},
    {0, 6, "\x93NUMPY", "a NumPy array"},
    {0, 4,
     "\x7f"
     "ELF",
     "a program"},
};

/* Returns true if the bytes may be text in UTF-8 or ASCII. The only control characters that are allowed are tab, line
   feed, carriage return and form feed. */
static bool is_text(const uint8_t *bytes, size_t n) {
    for (size_t i = 0; i < n; i++)
        if ((bytes[i] < 0x20 && !strchr("\t\n\r\f", bytes[i])) || bytes[i] == 0x7f || bytes[i] == 0 || bytes[i] >= 0xf8)
            return false;
    return true;
}

static bool is_all(uint8_t value, const uint8_t *bytes, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != value)
            return false;
    return true;
}

void lade__looks_like(const uint8_t *bytes, size_t n, char *words, size_t size) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (n >= kinds[i].at + kinds[i].size && !memcmp(bytes + kinds[i].at, kinds[i].magic, kinds[i].size)) {
            snprintf(words, size, "%s", kinds[i].words);
            return;
        }
    size_t looked = n < 512 ? n : 512;
    if (is_all(0, bytes, n)) {
        snprintf(words, size, "only zero bytes (perhaps an incomplete download or copy)");
    } else if (is_text(bytes, looked)) {
        char quoted[LADE__QUOTED];
        snprintf(words, size, "text: \"%s\"", lade__quote((const char *)bytes, looked, quoted));
    } else {
        int used = snprintf(words, size, "unknown data that begins with");
        for (size_t i = 0; i < n && i < 8; i++)
            used += snprintf(words + used, size - (size_t)used, " %02x", bytes[i]);
    }
}
