/*
 * Processes the rows of an image in strips of a few rows, because a strip fits into the cache. While an image is
 * resized, only the current strip and the resizer's window are in memory. An image that is turned must be in memory as
 * a whole, because the first row of the result may need the last row of the file.
 */
#include "image/geometry/row_sink.h"

#include <string.h>

enum { STRIP_ROWS = 16 }; /* in a usual JPEG, libjpeg decodes at most 16 rows together (an iMCU row) */

/* libjpeg-turbo writes rows that are aligned to 32 bytes with stores that bypass the cache. The next step would then
   have to load the rows from memory, which more than doubles the time for small images. So rows start at addresses that
   are not aligned, if the stride allows this. Each buffer has memory for one more row, so that the rows can be
   moved. */
enum { ALIGNMENT = 32 };

static size_t unaligned(size_t stride) {
    size_t multiple = stride & -stride; /* the largest power of 2 that divides the stride */
    return (multiple < ALIGNMENT ? multiple : ALIGNMENT) / 2;
}

/* Returns the size of @samples samples in bytes. */
static size_t sample_bytes(const struct lade__sink *sink, int samples) {
    return (size_t)samples << sink->bits16;
}

static size_t strip_stride(const struct lade__sink *sink) {
    size_t row = (size_t)sink->width * sample_bytes(sink, lade__layout_channels(sink->layout));
    return (row + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Sets *image to an image of @width x @height pixels in @buffer. Returns false if there is no memory. */
static bool make_image(const struct lade__sink *sink, struct lade__buffer *buffer, int width, int height,
                       struct lade_image *image) {
    image->width = width;
    image->height = height;
    image->channels = lade_color_mode_channels(sink->color_mode);
    image->stride = (size_t)width * sample_bytes(sink, image->channels);
    image->pixels = lade__buffer_need(buffer, (size_t)height + 1, image->stride); /* one more row: see unaligned() */
    return image->pixels != NULL;
}

static int no_memory(const struct lade__sink *sink, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "no memory for an image of %d x %d pixels", sink->width, sink->height);
}

/* Starts the resizer, and allocates the upright image if the rows must be turned first. */
static int start_resize(struct lade__sink *sink, int width, int height, struct lade_error *err) {
    const struct lade_image *image = &sink->image;
    struct lade__resize_plan plan;
    lade__crop_plan(&sink->crop, width, height, image, &sink->from, &plan);
    if (sink->turning && !make_image(sink, &sink->turned, width, height, &sink->upright))
        return no_memory(sink, err);
    int rc = lade__resizer_start(&sink->resizer, sink->interpolation, sink->from.width, sink->from.height, &plan, image,
                                 sink->bits16, err);
    if (rc == LADE_OK && !sink->turning) {
        sink->part = sink->resizer.part;
        sink->part.x += sink->from.x;
        sink->part.y += sink->from.y;
    }
    return rc;
}

/* Sets sink->image to the part of the result that is not padding, and fills the padding. */
static void pad(struct lade__sink *sink) {
    const struct lade_image *whole = &sink->whole;
    struct lade_box fit = lade__crop_fit(&sink->crop, whole->width, whole->height);
    sink->image = *whole;
    if (fit.width == whole->width && fit.height == whole->height)
        return;
    /* with 16 bits, both bytes are the value, so the sample is 257 * value */
    memset(whole->pixels, sink->crop.pad_value, whole->stride * (size_t)whole->height);
    sink->image.width = fit.width;
    sink->image.height = fit.height;
    sink->image.pixels += (size_t)fit.y * whole->stride + sample_bytes(sink, fit.x * whole->channels);
}

int lade__sink_start(struct lade__sink *sink, int width, int height, enum lade__pixel_layout layout,
                     struct lade_error *err) {
    sink->width = width;
    sink->height = height;
    sink->layout = layout;
    sink->y = 0;
    sink->part = (struct lade_box){0, 0, width, height};
    sink->converting = !lade__layout_is(layout, sink->color_mode);
    sink->turning = sink->orientation != 1;
    bool swaps = lade__orient_swaps(sink->orientation), crops = sink->crop.box.width > 0;
    int upright_width = swaps ? height : width, upright_height = swaps ? width : height;
    int out_width = sink->crop.target_width, out_height = sink->crop.target_height;
    if (!out_width) {
        out_width = crops ? sink->crop.box.width : upright_width;
        out_height = crops ? sink->crop.box.height : upright_height;
    }
    struct lade_box fit = lade__crop_fit(&sink->crop, out_width, out_height);
    sink->resizing = crops || sink->crop.shorter_side || fit.width != upright_width || fit.height != upright_height;

    if (!make_image(sink, &sink->result, out_width, out_height, &sink->whole))
        return no_memory(sink, err);
    if (!sink->resizing && !sink->bits16)
        sink->whole.pixels += unaligned(sink->whole.stride);
    pad(sink);
    sink->upright = sink->image;

    if ((sink->converting || sink->resizing || sink->turning) &&
        !lade__buffer_need(&sink->strip, STRIP_ROWS + 1, strip_stride(sink)))
        return no_memory(sink, err);
    size_t converted = (size_t)width * sample_bytes(sink, sink->image.channels);
    if (sink->converting && (sink->resizing || sink->turning) &&
        !lade__buffer_need(&sink->converted, STRIP_ROWS, converted))
        return no_memory(sink, err);
    return sink->resizing ? start_resize(sink, upright_width, upright_height, err) : LADE_OK;
}

uint8_t *lade__sink_rows(struct lade__sink *sink, size_t *stride, int *count) {
    int left = sink->height - sink->y;
    *count = left < STRIP_ROWS ? left : STRIP_ROWS;
    if (!sink->converting && !sink->resizing && !sink->turning) {
        *stride = sink->image.stride;
        return sink->image.pixels + (size_t)sink->y * *stride;
    }
    *stride = strip_stride(sink);
    return (uint8_t *)sink->strip.data + unaligned(*stride);
}

static void convert(const struct lade__sink *sink, const uint8_t *rows, size_t stride, int count, int width,
                    uint8_t *out, size_t out_stride) {
    for (int i = 0; i < count; i++, rows += stride, out += out_stride)
        if (sink->bits16)
            lade__convert_row16(sink->layout, sink->color_mode, (const uint16_t *)(const void *)rows,
                                (uint16_t *)(void *)out, width);
        else
            lade__convert_row(sink->layout, sink->color_mode, rows, out, width);
}

/* Returns the rows in the colour mode of the result. Returns @rows if they already have this mode; otherwise converts
   them to sink->converted. */
static const uint8_t *converted(struct lade__sink *sink, const uint8_t *rows, size_t *stride, int count, int width) {
    if (!sink->converting)
        return rows;
    size_t to = (size_t)width * sample_bytes(sink, sink->image.channels);
    convert(sink, rows, *stride, count, width, sink->converted.data, to);
    *stride = to;
    return sink->converted.data;
}

/* Copies rows to their positions in the upright image. After the last row, resizes the upright image. */
static void turn(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count) {
    const struct lade_image *upright = &sink->upright;
    int pixel = (int)sample_bytes(sink, upright->channels);
    const struct lade_image bytes = {upright->pixels, upright->width, upright->height, pixel, upright->stride};
    rows = converted(sink, rows, &stride, count, sink->width);
    lade__orient_rows(sink->orientation, rows, stride, sink->y, count, sink->width, sink->height, &bytes);
    if (!sink->resizing || sink->y + count < sink->height)
        return;
    const struct lade_box *part = &sink->resizer.part;
    size_t x = (size_t)(sink->from.x + part->x), y = (size_t)(sink->from.y + part->y);
    lade__resizer_feed(&sink->resizer, upright->pixels + y * upright->stride + x * (size_t)pixel, upright->stride,
                       part->height);
}

/* Passes the needed part of the rows to the resizer. */
static void resize(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count) {
    const struct lade_box *part = &sink->part;
    int above = part->y > sink->y ? part->y - sink->y : 0, end = part->y + part->height - sink->y;
    count = (count < end ? count : end) - above;
    if (count <= 0)
        return;
    rows += (size_t)above * stride + sample_bytes(sink, part->x * lade__layout_channels(sink->layout));
    if (lade__resizer_needs(&sink->resizer, count))
        rows = converted(sink, rows, &stride, count, part->width);
    lade__resizer_feed(&sink->resizer, rows, stride, count);
}

void lade__sink_take(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count) {
    struct lade_image *image = &sink->image;
    uint8_t *to = image->pixels + (size_t)sink->y * image->stride;
    if (sink->turning) {
        turn(sink, rows, stride, count);
    } else if (sink->resizing) {
        resize(sink, rows, stride, count);
    } else if (sink->converting) {
        convert(sink, rows, stride, count, sink->width, to, image->stride);
    } else if (rows != to) {
        for (int i = 0; i < count; i++)
            memcpy(to + (size_t)i * image->stride, rows + (size_t)i * stride,
                   sample_bytes(sink, image->width * image->channels));
    }
    sink->y += count;
}

void lade__sink_skip(struct lade__sink *sink, int count) {
    sink->y += count;
}

bool lade__sink_complete(const struct lade__sink *sink) {
    return sink->y == sink->height;
}

void lade__sink_release(struct lade__sink *sink) {
    lade__resizer_release(&sink->resizer);
    lade__buffer_release(&sink->result);
    lade__buffer_release(&sink->strip);
    lade__buffer_release(&sink->converted);
    lade__buffer_release(&sink->turned);
}
