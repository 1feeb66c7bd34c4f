/*
 * Makes samples. A sample depends only on (seed, epoch, sample) and on its file. Making a sample changes only its row
 * and the buffers of the worker. Therefore any worker can make any sample.
 */
#include <string.h>

#include "flow/pipeline/sample_image.h"
#include "image/decoder.h"

void lade__sample_maker_plan(void *maker, struct lade__slot *slot) {
    const struct lade__sample_maker *m = maker;

    slot->rows = lade__sampler_slice(m->sampler, slot->step, &slot->first);
    lade__epoch_order_init(&slot->order, m->sampler, slot->epoch);
}

/* ---- From the image to the row ----------------------------------------------------------------------------------- */

static void *row_of(const struct lade__sample_task *t) {
    return t->slot->x + (size_t)t->row * t->maker->layout.row_bytes;
}

/* Augments the image and writes it to the row. If m->rescale_later is true, the values are not scaled and standardised
   here, but later by finish(). */
static int store_image(const struct lade__sample_task *t, const struct lade_image *image, struct lade_error *err) {
    const struct lade__sample_maker *m = t->maker;
    const struct lade_output unscaled = {.uint8 = m->output.uint8, .data_format = m->output.data_format};
    struct lade_transform transform;
    struct lade_random random;

    lade_random_init(&random, m->options->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_AUGMENT);
    lade_transform_draw(&m->augment, &random, image->height, image->width, &transform);
    return lade_image_to_tensor(t->buffers->decoder, image, &transform, m->rescale_later ? &unscaled : &m->output,
                                row_of(t), err);
}

/* Copies a row of an array of floats. */
static void store_floats(const struct lade__sample_task *t, const float *from) {
    const struct lade_tensor *x = t->maker->samples->x;
    float *to = row_of(t);
    int64_t channels = x->shape[3], pixels = x->shape[1] * x->shape[2];
    bool last = t->maker->output.data_format == LADE_CHANNELS_LAST;

    for (int64_t i = 0; i < pixels; i++)
        for (int64_t c = 0; c < channels; c++)
            to[last ? i * channels + c : c * pixels + i] = from[i * channels + c];
}

static int call_preprocessing(const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade__sample_maker *m = t->maker;
    const struct lade_preprocessing *p = &m->options->preprocessing_function;
    struct lade_flow_sample sample = {
        .x = row_of(t), .dtype = m->layout.dtype, .index = t->sample, .epoch = t->slot->epoch};
    struct lade_error cause = {0};
    char path[256];

    memcpy(sample.shape, m->layout.shape, sizeof sample.shape);
    int status = p->call ? p->call(p->ctx, &sample, &cause) : LADE_OK;
    if (status >= 0)
        return LADE_OK;
    lade__samples_path(m->samples, t->sample, path, sizeof path);
    return lade_error_set_subject(err, status, "preprocessing_function", "%s: preprocessing_function: %s", path,
                                  cause.message);
}

/* Does the steps after augmentation for a row that is not scaled yet. */
static int finish(const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade__sample_maker *m = t->maker;
    int status = call_preprocessing(t, err);

    if (status < 0)
        return status;
    if (m->saved_images && m->saved_images->directory)
        lade__saved_images_copy(m->saved_images, t->slot, t->row);
    if (m->output.uint8)
        return LADE_OK;
    float *values = row_of(t), scale = m->output.rescale != 0 ? m->output.rescale : 1;
    for (size_t i = 0; i < m->layout.row_bytes / sizeof *values; i++)
        values[i] *= scale;
    return lade__decoder_standardize(t->buffers->decoder, &m->output, m->options->target_size[0],
                                     m->options->target_size[1], lade__sample_maker_channels(m), values, err);
}

/* ---- One sample -------------------------------------------------------------------------------------------------- */

static int make_from_array(const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade_tensor *x = t->maker->samples->x;
    int h = (int)x->shape[1], w = (int)x->shape[2], channels = (int)x->shape[3];
    size_t at = (size_t)lade__samples_row(t->maker->samples, t->sample) * (size_t)h * (size_t)w * (size_t)channels;
    double start = lade__sys_clock();
    int status = LADE_OK;

    if (x->dtype == LADE_FLOAT32) {
        store_floats(t, (const float *)lade_tensor_data(x) + at);
    } else {
        struct lade_image image = {(uint8_t *)lade_tensor_data(x) + at, w, h, channels, (size_t)w * (size_t)channels};
        status = store_image(t, &image, err);
    }
    if (status == LADE_OK && (t->maker->rescale_later || x->dtype == LADE_FLOAT32))
        status = finish(t, err);
    t->counters->transform += lade__sys_clock() - start;
    t->counters->images += status == LADE_OK;
    return status;
}

static int make_from_file(const struct lade__sample_task *t, struct lade_error *err, bool *fatal) {
    struct lade_flow_counters *counters = t->counters;
    struct lade_image image;
    double t0 = lade__sys_clock(), t1, t2;

    int status = lade__sample_read_file(t, err, fatal);
    counters->read += (t1 = lade__sys_clock()) - t0;
    if (status == LADE_OK) {
        counters->bytes_read += (int64_t)t->buffers->file.size;
        status = lade__sample_decode(t, &image, err);
        counters->decode += (t2 = lade__sys_clock()) - t1;
        if (status == LADE_OK) {
            status = store_image(t, &image, err);
            if (status == LADE_OK && t->maker->rescale_later)
                status = finish(t, err);
            counters->transform += lade__sys_clock() - t2;
        }
    }
    counters->images += status == LADE_OK;
    return status;
}

static int make(const struct lade__sample_task *t, struct lade_error *err, bool *fatal) {
    int status = t->maker->samples->x ? make_from_array(t, err) : make_from_file(t, err, fatal);

    *fatal = *fatal || status == LADE_ENOMEM;
    return status;
}

/* ---- The row ----------------------------------------------------------------------------------------------------- */

/*
 * Makes another sample for the row of an invalid file. The first 16 candidates have the same class as the file. The
 * next 16 candidates may have any class. If the file has no class, only the second 16 candidates are tried. The
 * candidates depend on (seed, epoch, sample).
 */
static int replace(struct lade__sample_task *t, struct lade__failure *failure) {
    enum { TRIES = 16 };
    const struct lade__samples *s = t->maker->samples;
    int class = lade__samples_class(s, failure->sample), status = LADE_EFORMAT;
    struct lade_random random;
    struct lade_error err;

    lade_random_init(&random, t->maker->options->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_REPLACE);
    for (int i = class < 0 ? TRIES : 0; i < 2 * TRIES && status < 0 && !failure->fatal; i++) {
        bool same_class = i < TRIES;
        int64_t count = same_class ? s->groups[class].count : s->count;
        int64_t k = (int64_t)lade_random_below(&random, (uint64_t)count);
        t->sample = same_class ? lade__samples_member(s, class, k) : k;
        status = make(t, &err, &failure->fatal);
    }
    failure->replaced = status == LADE_OK;
    if (failure->fatal)
        failure->error = err;
    return status;
}

static void store_label(const struct lade__sample_task *t) {
    const struct lade__sample_maker *m = t->maker;
    const struct lade__slot *slot = t->slot;
    int64_t columns = m->layout.columns;

    slot->indices[t->row] = t->sample;
    lade__samples_label(m->samples, t->sample, m->options->class_mode, columns, slot->y + t->row * columns);
    if (slot->weights)
        slot->weights[t->row] = m->samples->weights[lade__samples_row(m->samples, t->sample)];
}

int lade__sample_maker_make(void *maker, int worker, const struct lade__slot *slot, int64_t row,
                            struct lade_flow_counters *counters, struct lade__failure *failure) {
    struct lade__sample_maker *m = maker;
    int64_t position = slot->first + row, repeat, sample = lade__epoch_order_at(&slot->order, position, &repeat);
    struct lade__sample_task t = {.maker = m,
                                  .buffers = &m->buffers[worker],
                                  .slot = slot,
                                  .row = row,
                                  .sample = sample,
                                  .draw = (uint64_t)(sample + repeat * m->sampler->samples),
                                  .counters = counters};

    slot->positions[row] = slot->epoch * m->sampler->samples + position;
    failure->sample = sample;
    int status = make(&t, &failure->error, &failure->fatal);
    if (status < 0 && m->options->on_error == LADE_ERROR_REPLACE && !failure->fatal)
        replace(&t, failure);
    store_label(&t);
    return status;
}
