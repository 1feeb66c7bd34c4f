/*
 * Defines the table of codecs and the functions that search the table. The codec that reads a file is chosen by the
 * content of the file, because files often have the suffix of another format.
 */
#include "image/codec/codec.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define ENTRY(name) &lade__codec_##name,
static const struct lade__codec *const codecs[] = {NULL, LADE__CODECS(ENTRY)};

_Static_assert(sizeof codecs / sizeof *codecs == LADE_FORMAT_COUNT, "enum lade_format and LADE__CODECS differ");

const struct lade__codec *lade__codec_of(enum lade_format format) {
    return (unsigned)format < LADE_FORMAT_COUNT ? codecs[format] : NULL;
}

/* Appends ", word" to a list, or "word" if the list is empty. */
static void append(char *list, size_t size, const char *word) {
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used ? ", " : "", word);
}

void lade__codec_left_out(const struct lade__codec *codec, char *text, size_t size) {
    snprintf(text, size, "%s, which this build cannot read: build lade with -D%s=ON (%s)", codec->about.title,
             codec->build_option, codec->library);
}

int lade__codec_find(const uint8_t *bytes, size_t n, const struct lade__codec **codec, struct lade_error *err) {
    char names[256] = "", text[160] = "";
    if (n == 0)
        return lade_error_set(err, LADE_EFORMAT, "the file is empty (0 bytes)");
    for (unsigned i = 1; i < LADE_FORMAT_COUNT; i++) {
        bool found = codecs[i]->sniff(bytes, n);
        if (found && codecs[i]->about.readable) {
            *codec = codecs[i];
            return LADE_OK;
        }
        if (found)
            lade__codec_left_out(codecs[i], text, sizeof text);
        else if (codecs[i]->about.readable)
            append(names, sizeof names, codecs[i]->about.name);
    }
    if (!text[0])
        lade__looks_like(bytes, n, text, sizeof text);
    return lade_error_set(err, LADE_EUNSUPPORTED, "not an image of a supported format (%s); it looks like %s", names,
                          text);
}

void lade__job_warn(struct lade__decode_job *job, const char *format, ...) {
    va_list args;
    if (job->warning[0])
        return;
    va_start(args, format);
    vsnprintf(job->warning, sizeof job->warning, format, args);
    va_end(args);
}

bool lade__job_later(struct lade__decode_job *job, uint64_t pixels) {
    enum { MOST = 8 }; /* in units of max_pixels */
    if (__builtin_add_overflow(job->later_pixels, pixels, &job->later_pixels))
        job->later_pixels = UINT64_MAX;
    if (job->later_pixels / MOST <= job->max_pixels)
        return true;
    lade__job_warn(job, "the file has too many frames or pages, so not all of them were checked (max_pixels)");
    return false;
}

/* ---- Public queries ---------------------------------------------------------------------------------------------- */

const struct lade_format_info *lade_format_info(enum lade_format format) {
    const struct lade__codec *codec = lade__codec_of(format);
    return codec ? &codec->about : NULL;
}

const char *lade_format_name(enum lade_format format) {
    const struct lade__codec *codec = lade__codec_of(format);
    return codec ? codec->about.name : "unknown";
}

/* Returns the format whose files have the suffix @suffix, or LADE_FORMAT_UNKNOWN. Upper and lower case of ASCII letters
   are equal. */
static enum lade_format by_suffix(const char *suffix) {
    for (unsigned i = 1; i < LADE_FORMAT_COUNT; i++)
        for (const char *const *s = codecs[i]->about.suffixes; *s; s++)
            if (lade__ascii_equal(suffix, *s))
                return codecs[i]->format;
    return LADE_FORMAT_UNKNOWN;
}

enum lade_format lade_format_from_path(const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return dot && dot > name ? by_suffix(dot + 1) : LADE_FORMAT_UNKNOWN;
}

int lade_format_from_name(const char *name, enum lade_format *out, struct lade_error *err) {
    char names[256] = "";
    for (unsigned i = 1; i < LADE_FORMAT_COUNT; i++) {
        if (name && !strcmp(name, codecs[i]->about.name)) {
            *out = codecs[i]->format;
            return LADE_OK;
        }
        append(names, sizeof names, codecs[i]->about.name);
    }
    enum lade_format format = name ? by_suffix(name) : LADE_FORMAT_UNKNOWN;
    if (!format)
        return lade_error_set_subject(err, LADE_EINVAL, "format", "format '%.64s' is unknown; the formats are: %s",
                                      name ? name : "(null)", names);
    *out = format;
    return LADE_OK;
}

int lade_image_size(const void *bytes, size_t n, bool exif_orientation, int *height, int *width,
                    struct lade_error *err) {
    struct lade_image_info info = {0};
    int rc = lade_image_probe(bytes, n, &info, err);
    if (rc < 0)
        return rc;
    bool turns = (exif_orientation || codecs[info.format]->upright) && lade__orient_swaps(info.orientation);
    *height = turns ? info.width : info.height;
    *width = turns ? info.height : info.width;
    return LADE_OK;
}

int lade_image_probe(const void *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    if (!info || (!bytes && n))
        return lade_error_set(err, LADE_EINVAL, "lade_image_probe: bytes and info must not be NULL");
    const struct lade__codec *codec;
    int rc = lade__codec_find(bytes, n, &codec, err);
    struct lade_image_info found = {0};
    if (rc == LADE_OK) {
        found.format = codec->format;
        found.orientation = 1;
        rc = codec->read_info(bytes, n, &found, err);
    }
    if (rc == LADE_OK)
        *info = found;
    return rc;
}
