/*
 * Makes samples. The result depends only on the options, the epoch, the index of the sample and its bytes. The function
 * that makes a sample changes only the row of the sample and the buffers of the worker. Therefore any worker can make
 * any sample.
 */
#include "flow/pipeline/sample_maker.h"

#include <string.h>

#include "image/decoder.h"

/* ---- The workers ------------------------------------------------------------------------------------------------- */

void lade__sample_maker_release(struct lade__sample_maker *m) {
    for (int i = 0; m->buffers && i < m->settings.options->workers; i++) {
        if (__atomic_load_n(&m->buffers[i].busy, __ATOMIC_RELAXED))
            continue; /* in a child process: the worker did not finish, so the decoder may be inconsistent */
        lade_decoder_free(m->buffers[i].decoder);
        lade__bytes_release(&m->buffers[i].bytes.own);
    }
    lade_free(m->buffers);
    m->buffers = NULL;
}

int lade__sample_maker_start(struct lade__sample_maker *m, struct lade_error *err) {
    int workers = m->settings.options->workers, status = lade__samples_open(m->settings.samples, workers, err);

    if (status < 0)
        return status;
    m->buffers = lade_calloc((size_t)workers, sizeof *m->buffers);
    for (int i = 0; m->buffers && i < workers; i++)
        if (!(m->buffers[i].decoder = lade_decoder_new()))
            lade__sample_maker_release(m);
    if (m->buffers)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ENOMEM, "workers", "no memory for %d workers", workers);
}

void lade__sample_maker_prepare(void *maker, struct lade__slot *slot) {
    const struct lade__sample_maker *m = maker;

    if (slot->plan) {
        slot->rows = slot->plan->given.n;
        slot->first = slot->plan->given.position;
        return;
    }
    slot->rows = lade__sampler_slice(m->settings.sampler, slot->step, &slot->first);
    lade__epoch_order_init(&slot->order, m->settings.sampler, slot->epoch);
}

/* ---- From the image to the row ----------------------------------------------------------------------------------- */

static void *row_of(const struct lade__sample_task *t) {
    return t->slot->x + (size_t)t->row * t->settings->layout.row_bytes;
}

/* Augments the image and writes it to the row. If rescale_later is true, finish() scales and standardises the values
   later; otherwise this function does so. */
static int store_image(const struct lade__sample_task *t, const struct lade_image *image, struct lade_error *err) {
    const struct lade__sample_settings *s = t->settings;
    const struct lade_output unscaled = {.uint8 = s->output.uint8, .data_format = s->output.data_format};
    const struct lade_transform *transform = t->transform;
    struct lade_transform drawn;
    struct lade_random random;

    if (!transform) {
        lade_random_init(&random, t->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_AUGMENT);
        lade_transform_draw(&s->augment, &random, image->height, image->width, &drawn);
        transform = &drawn;
    }
    return lade_image_to_tensor(t->buffers->decoder, image, transform, s->rescale_later ? &unscaled : &s->output,
                                row_of(t), err);
}

/* Copies an image of floats to the row, in the order of axes that data_format selects. */
static void store_floats(const struct lade__sample_task *t, const float *from) {
    const int64_t *shape = t->settings->samples->reader.shape;
    float *to = row_of(t);
    int64_t channels = shape[2], pixels = shape[0] * shape[1];
    bool last = t->settings->output.data_format == LADE_CHANNELS_LAST;

    for (int64_t i = 0; i < pixels; i++)
        for (int64_t c = 0; c < channels; c++)
            to[last ? i * channels + c : c * pixels + i] = from[i * channels + c];
}

static int call_preprocessing(const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade__sample_settings *s = t->settings;
    const struct lade_preprocessing *p = &s->options->preprocessing_function;
    struct lade_flow_sample sample = {
        .x = row_of(t), .dtype = s->layout.dtype, .index = t->sample, .epoch = t->slot->epoch};
    struct lade_error cause = {0};
    char name[256];

    memcpy(sample.shape, s->layout.shape, sizeof sample.shape);
    int status = p->call ? p->call(p->ctx, &sample, &cause) : LADE_OK;
    if (status >= 0)
        return LADE_OK;
    lade__reader_name(&s->samples->reader, lade__sample_index(t, t->sample), name, sizeof name);
    return lade_error_set_subject(err, status, "preprocessing_function", "%s: preprocessing_function: %s", name,
                                  cause.message);
}

/* Does the steps after augmentation for a row that is not scaled yet. */
static int finish(const struct lade__sample_maker *m, const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade__sample_settings *s = t->settings;
    int status = call_preprocessing(t, err);

    if (status < 0)
        return status;
    if (m->saved_images && m->saved_images->directory)
        lade__saved_images_copy(m->saved_images, t->slot, t->row);
    if (s->output.uint8)
        return LADE_OK;
    float *values = row_of(t), scale = s->output.rescale != 0 ? s->output.rescale : 1;
    for (size_t i = 0; i < s->layout.row_bytes / sizeof *values; i++)
        values[i] *= scale;
    return lade__decoder_standardize(t->buffers->decoder, &s->output, s->options->target_size[0],
                                     s->options->target_size[1], lade__sample_settings_channels(s), values, err);
}

/* ---- One sample -------------------------------------------------------------------------------------------------- */

/* Stores the sample of a reader whose samples are pixels. */
static int store_pixels(const struct lade__sample_maker *m, const struct lade__sample_task *t, struct lade_error *err) {
    const struct lade_reader *reader = &t->settings->samples->reader;
    const void *pixels = t->buffers->bytes.data;
    int h = (int)reader->shape[0], w = (int)reader->shape[1], channels = (int)reader->shape[2];
    bool floats = reader->dtype == LADE_FLOAT32;
    int status = LADE_OK;

    if (floats) {
        store_floats(t, pixels);
    } else {
        struct lade_image image = {(uint8_t *)pixels, w, h, channels, (size_t)w * (size_t)channels};
        status = store_image(t, &image, err);
    }
    return status == LADE_OK && (t->settings->rescale_later || floats) ? finish(m, t, err) : status;
}

/* Decodes the sample of a reader whose samples are image files, and stores it. @start is the time of the call. *fatal
   is set to true if the crop of a plan is not inside the image. */
static int store_file(const struct lade__sample_maker *m, const struct lade__sample_task *t, double start,
                      struct lade_error *err, bool *fatal) {
    struct lade_image image;
    int status = lade__sample_decode(t, &image, err);
    double decoded = lade__sys_clock() - start;

    t->counters->decode += decoded;
    t->counters->transform -= decoded;
    *fatal = *fatal || (status == LADE_EINVAL && t->crop);
    if (status == LADE_OK)
        status = store_image(t, &image, err);
    return status == LADE_OK && t->settings->rescale_later ? finish(m, t, err) : status;
}

static int make(const struct lade__sample_maker *m, const struct lade__sample_task *t, struct lade_error *err,
                bool *fatal) {
    bool pixels = t->settings->samples->reader.shape[2];
    double start = lade__sys_clock();
    int status = lade__sample_read(t, err, fatal);
    double read = lade__sys_clock();

    t->counters->read += read - start;
    if (status == LADE_OK) {
        status = pixels ? store_pixels(m, t, err) : store_file(m, t, read, err, fatal);
        t->counters->transform += lade__sys_clock() - read;
    }
    t->counters->images += status == LADE_OK;
    *fatal = *fatal || status == LADE_ENOMEM;
    return status;
}

/* ---- The row ----------------------------------------------------------------------------------------------------- */

/*
 * Makes another sample for the row of an invalid file. The first 16 candidates have the same class as the file. The
 * next 16 candidates may have any class. If the file has no class, only the second 16 candidates are tried. The
 * candidates depend only on (seed, epoch, draw). The crop of a plan is not used, because the crop may not fit into a
 * candidate.
 */
static int replace(const struct lade__sample_maker *m, struct lade__sample_task *t, struct lade__failure *failure) {
    enum { TRIES = 16 };
    const struct lade__samples *s = m->settings.samples;
    int class = lade__samples_class(s, failure->sample), status = LADE_EFORMAT;
    struct lade_random random;
    struct lade_error err;

    t->crop = NULL;
    lade_random_init(&random, t->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_REPLACE);
    for (int i = class < 0 ? TRIES : 0; i < 2 * TRIES && status < 0 && !failure->fatal; i++) {
        bool same_class = i < TRIES;
        int64_t count = same_class ? s->groups[class].count : s->count;
        int64_t k = (int64_t)lade_random_below(&random, (uint64_t)count);
        t->sample = same_class ? lade__samples_member(s, class, k) : k;
        status = make(m, t, &err, &failure->fatal);
    }
    failure->replaced = status == LADE_OK;
    if (failure->fatal)
        failure->error = err;
    return status;
}

static void store_label(const struct lade__sample_task *t) {
    const struct lade__samples *samples = t->settings->samples;
    const struct lade__slot *slot = t->slot;
    int64_t columns = t->settings->layout.columns;

    slot->indices[t->row] = t->sample;
    lade__samples_label(samples, t->sample, t->settings->options->class_mode, columns, slot->y + t->row * columns);
    if (slot->weights)
        slot->weights[t->row] = samples->weights[lade__samples_row(samples, t->sample)];
}

/* Sets the sample and the random changes of a row of an epoch. */
static void choose_from_epoch(struct lade__sample_task *t) {
    const struct lade__sample_settings *s = t->settings;
    int64_t repeat;

    t->sample = lade__epoch_order_at(&t->slot->order, t->slot->first + t->row, &repeat);
    t->seed = s->options->seed;
    t->draw = (uint64_t)(t->sample + repeat * s->sampler->samples);
}

/* Sets the sample and the random changes of a row of a plan. */
static void choose_from_plan(struct lade__sample_task *t) {
    const struct lade_plan *p = &t->slot->plan->given;

    t->sample = p->samples[t->row];
    t->seed = p->seeds ? p->seeds[t->row] : t->settings->options->seed;
    t->draw = p->draws ? p->draws[t->row] : (uint64_t)t->sample;
    t->transform = p->transforms ? &p->transforms[t->row] : NULL;
    t->crop = p->crops ? &p->crops[t->row] : NULL;
}

int lade__sample_maker_make(void *maker, int worker, const struct lade__slot *slot, int64_t row,
                            struct lade_flow_counters *counters, struct lade__failure *failure) {
    struct lade__sample_maker *m = maker;
    struct lade__sample_task t = {.settings = &m->settings,
                                  .buffers = &m->buffers[worker],
                                  .hints = &m->hints,
                                  .worker = worker,
                                  .slot = slot,
                                  .row = row,
                                  .counters = counters};

    __atomic_store_n(&t.buffers->busy, true, __ATOMIC_RELAXED);
    if (slot->plan)
        choose_from_plan(&t);
    else
        choose_from_epoch(&t);
    slot->positions[row] = slot->epoch * m->settings.sampler->samples + slot->first + row;
    failure->sample = t.sample;
    int status = make(m, &t, &failure->error, &failure->fatal);
    if (status < 0 && m->settings.options->on_error == LADE_ERROR_REPLACE && !failure->fatal)
        replace(m, &t, failure);
    store_label(&t);
    __atomic_store_n(&t.buffers->busy, false, __ATOMIC_RELEASE);
    return status;
}
