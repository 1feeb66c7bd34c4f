/*
 * Describes bytes that no codec recognises. For example, the message "it looks like text: <html><head>..." shows that
 * the download server sent an error page.
 */
#include "image/codec/bytes.h"
#include "image/codec/codec.h"
#include "image/codec/ifd.h"
#include "base/text.h"

#include <string.h>

#define CONVERT       " image, which lade does not read: convert it to PNG or JPEG"
#define WITH(program) CONVERT ", for example with " program
#define RAW           " camera raw file, which lade does not read: develop it to PNG or JPEG, for example with darktable-cli"

/* Formats whose files begin with fixed bytes, or have fixed bytes at a fixed offset. */
static const struct {
    size_t at;
    size_t size;
    const char *magic;
    const char *words;
} kinds[] = {
    {0, 3, "P7\n", "a PAM image, which lade does not read: convert it to PNG"},
    {0, 3, "PF\n", "a PFM image, which lade does not read: convert it to PNG"},
    {0, 3, "Pf\n", "a PFM image, which lade does not read: convert it to PNG"},
    {4, 7, "ftyphei", "a HEIC" WITH("heif-convert")},
    {4, 7, "ftyphev", "a HEIC" WITH("heif-convert")},
    {4, 8, "ftypmif1", "a HEIF" WITH("heif-convert")},
    {4, 8, "ftypmsf1", "a HEIF" WITH("heif-convert")},
    {4, 8, "ftypcrx ", "a Canon" RAW},
    {0, 12, "\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000" WITH("opj_decompress")},
    {0, 4, "\xff\x4f\xff\x51", "a JPEG 2000" WITH("opj_decompress")},
    {0, 12, "\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL" WITH("djxl")},
    {0, 2, "\xff\x0a", "a JPEG XL" WITH("djxl")},
    {0, 4, "8BPS", "a Photoshop (PSD)" WITH("ImageMagick")},
    {0, 4, "qoif", "a QOI" WITH("ImageMagick")},
    {0, 4, "\x76\x2f\x31\x01", "an OpenEXR" WITH("ImageMagick")},
    {128, 4, "DICM", "a DICOM" WITH("dcmj2pnm")},
    {0, 4, "\0\0\1\0", "an ICO" WITH("icotool")},
    {0, 15, "FUJIFILMCCD-RAW", "a Fujifilm" RAW},
    {0, 4, "IIU\0", "a Panasonic" RAW},
    {0, 4, "IIRO", "an Olympus" RAW},
    {0, 4, "IIRS", "an Olympus" RAW},
    {0, 4, "MMOR", "an Olympus" RAW},
    {0, 4, "\0MRM", "a Minolta" RAW},
    {0, 4, "FOVb", "a Sigma" RAW},
    {6, 8, "HEAPCCDR", "a Canon" RAW},
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

/* Returns true if the bytes begin with the header of a TGA image. TGA has no fixed bytes at its start, so this function
   checks that the fields of the header fit together. Newer files also end with a signature. */
static bool is_tga(const uint8_t *bytes, size_t n) {
    enum { HEADER = 18, FIRST_COLOR = 3, PALETTE = 1, TRUE_COLOR = 2, GREY = 3, RUN_LENGTHS = 8 };
    static const char signature[] = "TRUEVISION-XFILE.";
    if (n < HEADER)
        return false;
    if (n >= HEADER + sizeof signature && !memcmp(bytes + n - sizeof signature, signature, sizeof signature))
        return true;
    unsigned type = bytes[2] & ~(unsigned)RUN_LENGTHS, bits = bytes[16];
    bool has_size = lade__le16(bytes + 12) > 0 && lade__le16(bytes + 14) > 0, has_palette = bytes[1] == 1;
    bool no_colors = !memcmp(bytes + FIRST_COLOR, "\0\0\0\0\0", 5);
    if (bytes[1] > 1 || (bytes[17] & 0xc0) || !has_size)
        return false;
    switch (type) {
    case PALETTE:
        return has_palette && bits == 8 && !no_colors;
    case TRUE_COLOR:
        return no_colors && (bits == 16 || bits == 24 || bits == 32);
    case GREY:
        return no_colors && (bits == 8 || bits == 16);
    default:
        return false;
    }
}

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
    if (lade__is_camera_raw(bytes, n)) {
        snprintf(words, size, "a%s", RAW);
    } else if (is_tga(bytes, n)) {
        snprintf(words, size, "a TGA%s", WITH("ImageMagick"));
    } else if (is_all(0, bytes, n)) {
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
