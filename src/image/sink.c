/*
 * Rows from a codec to the result. Codecs work in strips of a few rows, which is what fits the cache; nothing wider
 * than a strip is kept of an image that is resized.
 */
#include "image/sink.h"

#include <string.h>

enum { STRIP_ROWS = 16 }; /* the tallest iMCU of a JPEG */

/* Keras's keep_aspect_ratio: the largest centred part with the target's shape, in whole pixels. */
static struct lade__box centred_box(const struct lade__sink *sink) {
    struct lade__box box = {0, 0, sink->width, sink->height};
    if (!sink->keep_aspect_ratio)
        return box;
    int64_t height = (int64_t)sink->width * sink->target_height / sink->target_width;
    int64_t width = (int64_t)sink->height * sink->target_width / sink->target_height;
    box.height = height < sink->height ? (int)height : sink->height;
    box.width = width < sink->width ? (int)width : sink->width;
    box.height = box.height < 1 ? 1 : box.height;
    box.width = box.width < 1 ? 1 : box.width;
    box.x = (sink->width - box.width) / 2;
    box.y = (sink->height - box.height) / 2;
    return box;
}

static int no_memory(const struct lade__sink *sink, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "no memory for an image of %d x %d pixels", sink->width, sink->height);
}

int lade__sink_start(struct lade__sink *sink, int width, int height, enum lade__layout layout, struct lade_error *err) {
    sink->width = width;
    sink->height = height;
    sink->layout = layout;
    sink->y = 0;
    sink->converting = !lade__layout_is(layout, sink->color_mode);
    sink->resizing = sink->target_width && (sink->target_width != width || sink->target_height != height);

    int channels = lade_color_mode_channels(sink->color_mode);
    struct lade_image *image = &sink->image;
    image->width = sink->resizing ? sink->target_width : width;
    image->height = sink->resizing ? sink->target_height : height;
    image->channels = channels;
    image->stride = (size_t)image->width * (size_t)channels;
    image->pixels = lade__buffer_need(&sink->result, (size_t)image->height, image->stride);
    if (!image->pixels)
        return no_memory(sink, err);

    size_t strip = (size_t)width * (size_t)lade__layout_channels(layout);
    if (sink->converting || sink->resizing)
        if (!lade__buffer_need(&sink->strip, STRIP_ROWS, strip))
            return no_memory(sink, err);
    if (!sink->resizing)
        return LADE_OK;
    if (sink->converting && !lade__buffer_need(&sink->converted, STRIP_ROWS, (size_t)width * (size_t)channels))
        return no_memory(sink, err);
    struct lade__box box = centred_box(sink);
    return lade__resizer_start(&sink->resizer, sink->interpolation, width, height, &box, image, err);
}

uint8_t *lade__sink_rows(struct lade__sink *sink, size_t *stride, int *count) {
    int left = sink->height - sink->y;
    *count = left < STRIP_ROWS ? left : STRIP_ROWS;
    if (!sink->converting && !sink->resizing) {
        *stride = sink->image.stride;
        return sink->image.pixels + (size_t)sink->y * *stride;
    }
    *stride = (size_t)sink->width * (size_t)lade__layout_channels(sink->layout);
    return sink->strip.data;
}

/* Rows to the colour mode, @out_stride bytes apart. */
static void convert(const struct lade__sink *sink, const uint8_t *rows, size_t stride, int count, uint8_t *out,
                    size_t out_stride) {
    for (int i = 0; i < count; i++)
        lade__convert_row(sink->layout, sink->color_mode, rows + (size_t)i * stride, out + (size_t)i * out_stride,
                          sink->width);
}

void lade__sink_take(struct lade__sink *sink, const uint8_t *rows, size_t stride, int count) {
    struct lade_image *image = &sink->image;
    uint8_t *to = image->pixels + (size_t)sink->y * image->stride;
    if (sink->resizing) {
        if (sink->converting && lade__resizer_needs(&sink->resizer, count)) {
            size_t converted = (size_t)sink->width * (size_t)image->channels;
            convert(sink, rows, stride, count, sink->converted.data, converted);
            rows = sink->converted.data;
            stride = converted;
        }
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
}
