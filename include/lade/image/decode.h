/*
 * lade/image/decode.h - decodes, crops and resizes images. lade/image.h includes this header.
 */
#ifndef LADE_IMAGE_DECODE_H
#define LADE_IMAGE_DECODE_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/image/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Images ------------------------------------------------------------------------------------------------------ */

/*
 * An image. The struct does not own the memory of its pixels.
 *
 * The pixels are uint8 in the order (H, W, C): pixel (y, x) is at pixels + y * stride + x * channels.
 */
struct lade_image {
    uint8_t *pixels;
    int width;
    int height;
    int channels;  /* 1: grey, 3: RGB, 4: RGBA */
    size_t stride; /* bytes from one row to the next, >= width * channels */
};

/*
 * The header of an image file.
 */
struct lade_image_info {
    enum lade_format format;
    int width;       /* before the image is turned upright */
    int height;      /* before the image is turned upright */
    int channels;    /* number of channels in the file. 1: grey or palette; 2: grey and alpha; 3: colour; 4: colour and
                        alpha, or CMYK */
    int bits;        /* number of bits of a sample in the file: 8 in JPEG; 1, 2, 4, 8 or 16 in PNG */
    int orientation; /* Exif orientation, 1 to 8; 1 (upright) if the header has none */
    unsigned char reserved[40]; /* zero; see lade/base/attributes.h */
};

/*
 * Limits that are checked before any memory is allocated. 0 means the default; UINT64_MAX means no limit.
 */
struct lade_image_limits {
    uint64_t max_pixels;        /* width * height; default LADE_MAX_PIXELS */
    uint64_t max_file_bytes;    /* size of the encoded image; default LADE_MAX_FILE_BYTES */
    uint64_t max_side;          /* width, and height; default LADE_MAX_SIDE */
    unsigned char reserved[40]; /* zero; see lade/base/attributes.h */
};

#define LADE_MAX_PIXELS     UINT64_C(178956970) /* half a GiB of RGB; Pillow also rejects larger images */
#define LADE_MAX_FILE_BYTES UINT64_C(536870912) /* half a GiB */
#define LADE_MAX_SIDE       UINT64_C(65535)     /* the largest width of a JPEG */

/*
 * lade_image_probe() - finds the format of an image and reads its header. Allocates no memory, except up
 * to 200 kB for compressed metadata of a PNG.
 *
 * @bytes  the content of the file, or only its first bytes, which must include the whole header   (borrowed)
 *
 * Returns LADE_OK and fills *info. LADE_OK does not mean that the image can be decoded: lade_image_decode() may return
 * LADE_ELIMIT or LADE_EUNSUPPORTED for the same image. Returns LADE_EFORMAT if there are no bytes, or if the header is
 * truncated or damaged. Returns LADE_EUNSUPPORTED if lade does not read the format; the message in @err then describes
 * the bytes. Any thread.
 */
LADE_API int lade_image_probe(const void *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);

/*
 * lade_image_size() - computes the size of the decoded image from the header.
 *
 * @exif_orientation  the value of the field in struct lade_decode_options, which turns the image upright
 *
 * Errors and cost are the same as for lade_image_probe().
 */
LADE_API int lade_image_size(const void *bytes, size_t n, bool exif_orientation, int *height, int *width,
                             struct lade_error *err);

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

/*
 * A decoder contains the buffers and the codec data that one thread needs to decode images. The decoder uses the same
 * buffers for one image after another.
 *
 * The buffers grow to the largest size that was needed. Usually the buffers hold the result and a few rows of the
 * decoded image. Besides the file, the memory of a decoder and its codec libraries is at most the sum of
 *
 *   40 MiB
 *   512 bytes * (width + height)                                     for tables and rows
 *   P bytes * (width + 64) * (height + 64)                           for the decoded image
 *   4 bytes * pixels of the result
 *   4 bytes * target width * (6 * height / target height + 16)       for a resize
 *   4 bytes * width * height                                         for an image that is turned upright
 *
 * where width and height are the size of the image in the file, and P depends on the format:
 *
 *    0  all PNM, PNG, GIF, BMP and JPEG files that are not listed below; TIFF in strips without compression or with
 *       LZW, deflate, Zstandard or JPEG
 *    1  interlaced GIF, run-length encoded BMP
 *    8  interlaced PNG, JPEG with several scans
 *   12  WebP; and also 2,500 bytes for each byte of a lossless WebP file, but not more than 400 MiB
 *   32  other TIFF in strips
 *   64  TIFF in tiles, AVIF
 *
 * If 16 bits are kept (lade_image_decode16(), or a flow with dtype float32 or uint16), all parts except the first (40
 * MiB) may be twice as large. The limits max_pixels and max_side limit the width and the height, and so also limit the
 * memory. docs/limits.md describes all limits.
 */
typedef struct lade_decoder lade_decoder;

/*
 * lade_decoder_new()  - creates a decoder, which the caller owns. Returns NULL if there is no memory.
 * lade_decoder_free() - frees a decoder and all images borrowed from it. NULL is allowed.
 *
 * Only one thread at a time may use a decoder.
 */
LADE_API lade_decoder *lade_decoder_new(void);
LADE_API void lade_decoder_free(lade_decoder *decoder);

/*
 * lade_decoder_warning() - returns a description of the first defect of the last image, if the decoder has accepted
 * this defect. For example, a JPEG with damaged data in its middle is decoded, because Pillow accepts such a file
 * without a message. Defects in rows of a JPEG that the result does not need may not be found; lade_image_check() finds
 * them.
 *
 * Returns NULL if there was no defect. The string belongs to @decoder and is valid until the next call with @decoder.
 */
LADE_API const char *lade_decoder_warning(const lade_decoder *decoder);

/*
 * lade_image_decode() - decodes an image without resizing it.
 *
 * @bytes   the whole file   (borrowed)
 * @limits  NULL means the defaults
 * @out     is set to the image; its pixels belong to @decoder and are valid until the next call with @decoder. On
 *          failure, @out is not changed
 *
 * Returns
 *   LADE_OK;
 *   LADE_EFORMAT       the file is damaged or truncated; @err has the byte offset if it is known;
 *   LADE_EUNSUPPORTED  lade does not read the format, or this variant of the format (for example a JPEG of 12 bits);
 *   LADE_ELIMIT        the image exceeds a limit. The limits are checked before any allocation;
 *   LADE_EINVAL or LADE_ENOMEM.
 * After an error @decoder can decode the next image.
 *
 * Cost: the time that the library of the format needs (for example libjpeg-turbo), and one pass over the pixels if
 * colours are converted.
 */
LADE_API int lade_image_decode(lade_decoder *decoder, const void *bytes, size_t n, enum lade_color_mode color_mode,
                               const struct lade_image_limits *limits, struct lade_image *out, struct lade_error *err);

/*
 * lade_image_check() - decodes everything in an image file, and stores no pixels.
 *
 * @bytes   the whole file   (borrowed)
 * @limits  NULL means the defaults
 *
 * Returns LADE_OK if lade_image_decode() can decode the file, and otherwise the status and the error that
 * lade_image_decode() returns for the file. After LADE_OK, lade_decoder_warning() returns the first defect of the file,
 * or NULL. A file with a defect is damaged, but can be decoded. The function also finds defects that
 * lade_image_decode() cannot find:
 *
 *   - damaged images after the first image. GIF, WebP, AVIF: all frames are decoded. TIFF: all pages are decompressed.
 *     JPEG (MPO), PNM: all images that directly follow each other are decoded. APNG: only the checksums of the frames
 *     are checked;
 *   - bytes after the end of the last image. In TIFF, AVIF and run-length encoded BMP, such bytes are not found,
 *     because the end of the image is unknown;
 *   - a GIF without a trailer.
 *
 * The images after the first may have at most 8 * max_pixels pixels together. If they have more pixels, the remaining
 * images are not checked, and lade_decoder_warning() reports this as a defect. TIFF thumbnails (SubIFD) and Exif
 * thumbnails are not checked.
 *
 * Cost: about the time of lade_image_decode() for each image. JPEG takes less time, because only the Huffman codes are
 * decoded. The function needs as much memory as lade_image_decode_resized() for a result of one pixel. Only one thread
 * at a time may use @decoder.
 */
LADE_API int lade_image_check(lade_decoder *decoder, const void *bytes, size_t n,
                              const struct lade_image_limits *limits, struct lade_error *err);

/*
 * A part of an image. It has width x height pixels, and begins at column x and row y.
 */
struct lade_box {
    int x, y;
    int width, height;
};

/*
 * The options of decoding and resizing. Zero in all fields means RGB at the size of the image.
 */
struct lade_decode_options {
    enum lade_color_mode color_mode;
    int target_size[2];                    /* {height, width}, as in Keras; {0, 0} means the size of the image */
    enum lade_interpolation interpolation; /* 0 means nearest, as in Keras */

    /* use only the largest centred part of the image that has the aspect ratio of target_size; the part has at least 1
       pixel */
    bool keep_aspect_ratio;
    enum lade_decode decode;

    /* use this part of the upright image as if it were the whole image; width 0 means the whole image */
    struct lade_box crop;

    /* resize the shorter side of the image to this length, then cut out the centre of target_size pixels; 0 means
       off */
    int crop_resize;

    /* first turn the image upright, as PIL.ImageOps.exif_transpose() does; a TIFF is always turned, as in Pillow */
    bool exif_orientation;
    struct lade_image_limits limits;

    /* resize the whole image to the largest size with its own aspect ratio that fits into target_size, put the image
       into the centre, and set all values of the other pixels to pad_value, 0 to 255 (letterbox) */
    bool pad_to_aspect_ratio;
    uint8_t pad_value;

    /* true: grey values of 16 or 32 bits are clipped to 0..255, as in Pillow and Keras. false: grey values of 16 bits
       are divided by 257, and a TIFF with signed, 32-bit or float grey values is refused */
    bool clip_grey;
    unsigned char reserved[61]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_image_decode_resized() - decodes and resizes an image. Each row is resized as soon as it is decoded. So memory
 * is needed only for a few rows and the result, but not for the whole decoded image.
 *
 * @options  NULL means the default
 *
 * The other arguments and the returned values are the same as for lade_image_decode(). The function also returns
 * LADE_EINVAL if the crop is not inside the image.
 *
 * If `decode` is not LADE_DECODE_FAST, the result is the same, byte for byte, as the result of this Python code:
 *   no crop or aspect ratio   Pillow's open().convert().resize()
 *   keep_aspect_ratio         Keras's load_img()
 *   crop                      Pillow's open().convert().crop().resize()
 *   crop_resize               torchvision's Resize(crop_resize), then CenterCrop(target_size)
 *   pad_to_aspect_ratio       Pillow's open().convert().resize(), pasted into an image of one colour
 *
 * Every file is read to the end of the image data. So a damaged file is found for every target size and every crop. If
 * the result needs only some rows of a JPEG, only the Huffman codes of the rows above are decoded. In the rows below,
 * only the next marker is searched, because damaged codes are no error in libjpeg. lade_image_check() decodes all
 * codes.
 */
LADE_API int lade_image_decode_resized(lade_decoder *decoder, const void *bytes, size_t n,
                                       const struct lade_decode_options *options, struct lade_image *out,
                                       struct lade_error *err);

/*
 * lade_image_resize() - resizes an image. The bytes are the same as with Pillow's Image.resize(). The colours of RGBA
 * pixels are multiplied by alpha before the resize, and divided by alpha after it.
 *
 * @decoder  provides buffers; images that were borrowed from the decoder stay valid
 * @in       the source
 * @out      the result. The caller sets all fields. `pixels` is memory of the caller, which must not overlap @in.
 *           `channels` must be the same as in @in
 *
 * Returns LADE_OK, LADE_EINVAL (a size is below 1, or the channels of the images differ or are not 1, 3 or 4) or
 * LADE_ENOMEM. The cost for each output pixel and axis is the width of the filter times max(1, source size / output
 * size).
 */
LADE_API int lade_image_resize(lade_decoder *decoder, const struct lade_image *in, const struct lade_image *out,
                               enum lade_interpolation interpolation, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
