/*
 * image/codec/avif/library.h - declares the functions of libavif, which are loaded when the first AVIF is decoded.
 */
#ifndef LADE_SRC_IMAGE_CODEC_AVIF_LIBRARY_H
#define LADE_SRC_IMAGE_CODEC_AVIF_LIBRARY_H

#if LADE_WITH_AVIF
#include <avif/avif.h>

/* Lists the functions of libavif that lade uses, without the prefix "avif". */
#define LADE__LIBAVIF_FUNCTIONS(FUNCTION) \
    FUNCTION(DecoderCreate)               \
    FUNCTION(DecoderDestroy)              \
    FUNCTION(DecoderSetSource)            \
    FUNCTION(DecoderSetIOMemory)          \
    FUNCTION(DecoderParse)                \
    FUNCTION(DecoderNextImage)            \
    FUNCTION(RGBImageSetDefaults)         \
    FUNCTION(ImageYUVToRGB)               \
    FUNCTION(ResultToString)

#define LADE__LIBAVIF_POINTER(name) __typeof__(avif##name) *name;
struct lade__libavif {
    LADE__LIBAVIF_FUNCTIONS(LADE__LIBAVIF_POINTER)
};

/*
 * lade__libavif() - returns the functions of libavif, or NULL if the library cannot be loaded. The first call loads the
 * library. Any thread may call this function.
 */
const struct lade__libavif *lade__libavif(void);

#endif
#endif
