/*
 * Saves samples as images. When Keras saves a sample, it scales the values of each image so that they fill the range
 * 0..255, so a dark image looks as bright as other images. This code saves the values of the sample without such
 * scaling.
 */
#include "flow/pipeline/saved_images.h"

#include <stdio.h>
#include <string.h>

int lade__saved_images_init(struct lade__saved_images *s, const struct lade_flow_options *o, int64_t samples,
                            struct lade_error *err) {
    if (!o->save_to_dir)
        return LADE_OK;
    const struct lade_format_info *format = lade_format_info(o->save_format ? o->save_format : LADE_FORMAT_PNG);
    if (o->color_mode == LADE_COLOR_RGBA && !format->writes_alpha)
        return lade_error_set_subject(err, LADE_EINVAL, "save_format",
                                      "save_format is %s, which has no alpha channel, but color_mode is rgba: use png",
                                      format->name);
    s->directory = lade_strdup(o->save_to_dir);
    s->prefix = lade_strdup(o->save_prefix ? o->save_prefix : "");
    s->format = o->save_format ? o->save_format : LADE_FORMAT_PNG;
    s->samples = samples;
    s->data_format = o->data_format;
    return s->directory && s->prefix ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory for save_to_dir");
}

void lade__saved_images_release(struct lade__saved_images *s) {
    lade_free(s->directory);
    lade_free(s->prefix);
    *s = (struct lade__saved_images){0};
}

/* Sets *h, *w and *c to the height, the width and the number of channels of a row of x. */
static void get_sizes(const struct lade__saved_images *s, const struct lade__batch_layout *l, int64_t *h, int64_t *w,
                      int64_t *c) {
    bool first = s->data_format == LADE_CHANNELS_FIRST;

    *h = l->shape[first ? 1 : 0];
    *w = l->shape[first ? 2 : 1];
    *c = l->shape[first ? 0 : 2];
}

static uint8_t to_pixel(float v) {
    return v > 0 ? v < 255 ? (uint8_t)(v + .5f) : 255 : 0; /* NaN becomes 0 */
}

/* Returns element @i of a row as a byte. */
static uint8_t element(const void *x, enum lade_dtype dtype, int64_t i) {
    if (dtype == LADE_UINT8)
        return ((const uint8_t *)x)[i];
    return dtype == LADE_UINT16 ? (uint8_t)((((const uint16_t *)x)[i] + 128) / 257) : to_pixel(((const float *)x)[i]);
}

void lade__saved_images_copy(const struct lade__saved_images *s, const struct lade__slot *slot, int64_t row) {
    const struct lade__batch_layout *l = &slot->ring->layout;
    const unsigned char *x = slot->x + (size_t)row * l->row_bytes;
    uint8_t *to = slot->saved + (size_t)row * l->saved_bytes;
    int64_t h, w, channels;

    get_sizes(s, l, &h, &w, &channels);
    for (int64_t i = 0; i < h * w; i++)
        for (int64_t c = 0; c < channels; c++) {
            int64_t at = s->data_format == LADE_CHANNELS_FIRST ? c * h * w + i : i * channels + c;
            to[i * channels + c] = element(x, l->dtype, at);
        }
}

int lade__saved_images_write(const struct lade__saved_images *s, const struct lade__slot *slot, int64_t rows,
                             struct lade_error *err) {
    const char *suffix = lade_format_info(s->format)->suffixes[0];
    const struct lade__batch_layout *l = &slot->ring->layout;
    int64_t h, w, channels;
    char path[4096];

    get_sizes(s, l, &h, &w, &channels);
    for (int64_t i = 0; i < rows; i++) {
        const struct lade_image image = {slot->saved + (size_t)i * l->saved_bytes, (int)w, (int)h, (int)channels,
                                         (size_t)(w * channels)};
        int n =
            snprintf(path, sizeof path, "%s/%s%s%lld_%07lld_%lld.%s", s->directory, s->prefix, *s->prefix ? "_" : "",
                     (long long)slot->epoch, (long long)(slot->positions[i] - slot->epoch * s->samples),
                     (long long)slot->indices[i], suffix);
        if (n >= (int)sizeof path)
            return lade_error_set_subject(err, LADE_EINVAL, "save_to_dir", "save_to_dir: the path %.80s... is too long",
                                          path);
        int status = lade_image_write(path, &image, s->format, 0, err);
        if (status < 0)
            return status;
    }
    return LADE_OK;
}
