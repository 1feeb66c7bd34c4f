/*
 * The table of codecs, and the public way to ask it. Content decides: a name says what somebody hoped.
 */
#include "image/codec/codec.h"

#include <string.h>

static const struct lade__codec *const codecs[LADE_FORMAT_COUNT] = {
    [LADE_FORMAT_JPEG] = &lade__codec_jpeg, [LADE_FORMAT_PNG] = &lade__codec_png,
#if LADE_WITH_WEBP
    [LADE_FORMAT_WEBP] = &lade__codec_webp,
#endif
#if LADE_WITH_GIF
    [LADE_FORMAT_GIF] = &lade__codec_gif,
#endif
    [LADE_FORMAT_BMP] = &lade__codec_bmp,
#if LADE_WITH_TIFF
    [LADE_FORMAT_TIFF] = &lade__codec_tiff,
#endif
    [LADE_FORMAT_PNM] = &lade__codec_pnm,
};

const struct lade__codec *lade__codec_of(enum lade_format format) {
    return (unsigned)format < LADE_FORMAT_COUNT ? codecs[format] : NULL;
}

int lade__codec_for(const uint8_t *bytes, size_t n, const struct lade__codec **codec, struct lade_error *err) {
    char names[64] = "";
    for (unsigned i = 0; i < LADE_FORMAT_COUNT; i++) {
        if (!codecs[i])
            continue;
        if (codecs[i]->sniff(bytes, n)) {
            *codec = codecs[i];
            return LADE_OK;
        }
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", lade_format_name((enum lade_format)i));
    }
    if (n == 0)
        return lade_error_set(err, LADE_EFORMAT, "empty: 0 bytes");
    char words[128];
    lade__looks_like(bytes, n, words, sizeof words);
    return lade_error_set(err, LADE_EUNSUPPORTED, "not an image of a format that is read (%s); it looks like %s", names,
                          words);
}

int lade_image_size(const void *bytes, size_t n, bool exif_orientation, int *height, int *width,
                    struct lade_error *err) {
    struct lade_image_info info;
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
        return lade_error_set(err, LADE_EINVAL, "lade_image_probe: no bytes, or nowhere to put the result");
    const struct lade__codec *codec;
    int rc = lade__codec_for(bytes, n, &codec, err);
    struct lade_image_info found = {0};
    if (rc == LADE_OK) {
        found.format = codec->format;
        found.orientation = 1;
        rc = codec->info(bytes, n, &found, err);
    }
    if (rc == LADE_OK)
        *info = found;
    return rc;
}
