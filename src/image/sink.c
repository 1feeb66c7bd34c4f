/*
 * Rows from a codec to the result. Codecs work in strips of a few rows, which is what fits the cache; nothing wider
 * than a strip is kept of an image that is resized - unless it has to be turned, which needs the last row for the
 * first.
 */
#include "image/sink.h"

#include <string.h>

enum { STRIP_ROWS = 16 }; /* the tallest iMCU of a JPEG */

/* libjpeg-turbo writes rows that are aligned to 32 bytes past the cache, which is where the resize would like to find
   them: no row of a strip is. */
enum { UNALIGNED = 16, ALIGNMENT = 32 };

static size_t strip_stride(const struct lade__sink *sink) {
    size_t row = (size_t)sink->width * (size_t)lade__layout_channels(sink->layout);
    return (row + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Keras's keep_aspect_ratio: the largest centred part with the target's shape, in whole pixels. */
static struct lade__box centred_box(const struct lade__sink *sink, int whole_width, int whole_height) {
    struct lade__box box = {0, 0, whole_width, whole_height};
    if (!sink->keep_aspect_ratio)
        return box;
    int64_t height = (int64_t)whole_width * sink->target_height / sink->target_width;
    int64_t width = (int64_t)whole_height * sink->target_width / sink->target_height;
    box.height = height < whole_height ? (int)height : whole_height;
    box.width = width < whole_width ? (int)width : whole_width;
    box.height = box.height < 1 ? 1 : box.height;
    box.width = box.width < 1 ? 1 : box.width;
    box.x = (whole_width - box.width) / 2;
    box.y = (whole_height - box.height) / 2;
    return box;
}

static int no_memory(const struct lade__sink *sink, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "no memory for an image of %d x %d pixels", sink->width, sink->height);
}

/* A view of @width x @height pixels in memory of @buffer; false: there is none. */
static bool make_image(const struct lade__sink *sink, struct lade__buffer *buffer, int width, int height,
                       struct lade_image *image) {
    image->width = width;
    image->height = height;
    image->channels = lade_color_mode_channels(sink->color_mode);
    image->stride = (size_t)width * (size_t)image->channels;
    image->pixels = lade__buffer_need(buffer, (size_t)height, image->stride);
    return image->pixels != NULL;
}

int lade__sink_start(struct lade__sink *sink, int width, int height, enum lade__layout layout, struct lade_error *err) {
    sink->width = width;
    sink->height = height;
    sink->layout = layout;
    sink->y = 0;
    sink->converting = !lade__layout_is(layout, sink->color_mode);
    sink->turning = sink->orientation != 1;
    bool swaps = lade__orient_swaps(sink->orientation);
    int upright_width = swaps ? height : width, upright_height = swaps ? width : height;
    sink->resizing =
        sink->target_width && (sink->target_width != upright_width || sink->target_height != upright_height);

    struct lade_image *image = &sink->image;
    if (!make_image(sink, &sink->result, sink->resizing ? sink->target_width : upright_width,
                    sink->resizing ? sink->target_height : upright_height, image))
        return no_memory(sink, err);
    sink->upright = *image;

    if ((sink->converting || sink->resizing || sink->turning) &&
        !lade__buffer_need(&sink->strip, STRIP_ROWS + 1, strip_stride(sink)))
        return no_memory(sink, err);
    if (!sink->resizing && !sink->turning)
        return LADE_OK;
    size_t converted = (size_t)width * (size_t)image->channels;
    if (sink->converting && !lade__buffer_need(&sink->converted, STRIP_ROWS, converted))
        return no_memory(sink, err);
    if (!sink->resizing)
        return LADE_OK;
    if (sink->turning && !make_image(sink, &sink->turned, upright_width, upright_height, &sink->upright))
        return no_memory(sink, err);
    struct lade__box box = centred_box(sink, upright_width, upright_height);
    return lade__resizer_start(&sink->resizer, sink->interpolation, upright_width, upright_height, &box, image, err);
}

uint8_t *lade__sink_rows(struct lade__sink *sink, size_t *stride, int *count) {
    int left = sink->height - sink->y;
    *count = left < STRIP_ROWS ? left : STRIP_ROWS;
    if (!sink->converting && !sink->resizing && !sink->turning) {
        *stride = sink->image.stride;
        return sink->image.pixels + (size_t)sink->y * *stride;
    }
    *stride = strip_stride(sink);
    return (uint8_t *)sink->strip.data + UNALIGNED;
}

/* Rows to the colour mode, @out_stride bytes apart. */
static void convert(const struct lade__sink *sink, const uint8_t *rows, size_t stride, int count, uint8_t *out,
                    size_t out_stride) {
    for (int i = 0; i < count; i++)
        lade__convert_row(sink->layout, sink->color_mode, rows + (size_t)i * stride, out + (size_t)i * out_stride,
                          sink->width);
}

/* The rows in the colour mode, in memory of their own where they are not so already. */
static const uint8_t *converted(struct lade__sink *sink, const uint8_t *rows, size_t *stride, int count) {
    if (!sink->converting)
        return rows;
    size_t to = (size_t)sink->width * (size_t)sink->image.channels;
    convert(sink, rows, *stride, count, sink->converted.data, to);
    *stride = to;
    return sink->converted.data;
}

/* With the last row the upright image is there, and is resized. */
static void turn(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count) {
    const struct lade_image *upright = &sink->upright;
    rows = converted(sink, rows, &stride, count);
    lade__orient_rows(sink->orientation, rows, stride, sink->y, count, sink->width, sink->height, upright);
    if (sink->resizing && sink->y + count == sink->height)
        lade__resizer_feed(&sink->resizer, upright->pixels, upright->stride, upright->height);
}

void lade__sink_take(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count) {
    struct lade_image *image = &sink->image;
    uint8_t *to = image->pixels + (size_t)sink->y * image->stride;
    if (sink->turning) {
        turn(sink, rows, stride, count);
    } else if (sink->resizing) {
        if (lade__resizer_needs(&sink->resizer, count))
            rows = converted(sink, rows, &stride, count);
        lade__resizer_feed(&sink->resizer, rows, stride, count);
    } else if (sink->converting) {
        convert(sink, rows, stride, count, to, image->stride);
    } else if (rows != to) {
        for (int i = 0; i < count; i++)
            memcpy(to + (size_t)i * image->stride, rows + (size_t)i * stride, image->stride);
    }
    sink->y += count;
}

bool lade__sink_whole(const struct lade__sink *sink) {
    return sink->y == sink->height;
}

void lade__sink_release(struct lade__sink *sink) {
    lade__resizer_release(&sink->resizer);
    lade__buffer_release(&sink->result);
    lade__buffer_release(&sink->strip);
    lade__buffer_release(&sink->converted);
    lade__buffer_release(&sink->turned);
}
