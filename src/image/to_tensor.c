/*
 * Writes the pixels of an image to a slot of the batch, which is the memory of one sample. First, the pixels are
 * warped, flipped and changed in colour. Then the pixels are written with the element type and the order of axes of the
 * batch.
 *
 * tensor_rows.c processes the image row by row. If a change depends on the whole image, the whole image is computed
 * before the first row is stored.
 */
#include "image/decoder.h"
#include "image/tensor_rows.h"
#include "image/augment/erasing.h"
#include "image/augment/jitter.h"
#include "image/augment/keras.h"
#include "image/augment/tones.h"
#include "image/color/standardize.h"
#include "image/view.h"
#include "image/geometry/affine.h"

/* Slots of at least this size are written with stores that bypass the cache. In the cache, a large slot would displace
   the data of the decoder, and would itself be displaced before its batch is complete. A small slot is still in the
   cache when the batch is used. */
enum { NON_TEMPORAL_BYTES = 1 << 17 };

/* ---- The whole image --------------------------------------------------------------------------------------------- */

static int check(const lade_decoder *decoder, const struct lade__tensor_run *run, struct lade_error *err) {
    if (!decoder || !run->slot || !lade__image_ok(run->in))
        return lade_error_set(err, LADE_EINVAL,
                              "lade_image_to_tensor: decoder and slot must not be NULL, and the image must have "
                              "pixels");
    return lade__output_check(run->output, run->transform, run->in, err);
}

static int no_memory(const struct lade__tensor_run *run, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "no memory to transform an image of %d x %d pixels", run->in->width,
                          run->in->height);
}

/* Sets the tables and the temporary rows of @run. The tables and rows are in one block of the decoder's memory. */
static int allocate(lade_decoder *decoder, struct lade__tensor_run *run, struct lade_error *err) {
    size_t width = (size_t)run->in->width;
    run->samples = width * (size_t)run->in->channels;
    char *memory = lade__buffer_need(&decoder->rows, 1, width * sizeof(int) + run->samples * (4 * sizeof(float) + 3));
    if (!memory)
        return no_memory(run, err);
    run->mirrored = (int *)(void *)memory;
    float *add = (float *)(void *)(run->mirrored + width);
    run->colors = (struct lade__colors){run->transform, run->in->channels, run->samples, add, add + run->samples};
    run->floats = run->colors.factor + run->samples;
    run->bytes = (uint8_t *)(run->floats + 2 * run->samples);
    run->split = run->bytes + 2 * run->samples;
    for (int x = 0; x < run->in->width; x++)
        run->mirrored[x] = run->in->width - 1 - x;
    return LADE_OK;
}

/* Returns true if the transform needs an affine map. A transform that only flips the image needs no map. */
static bool moves(const struct lade_transform *t) {
    return t->theta != 0 || t->tx != 0 || t->ty != 0 || t->shear != 0 || (t->zx != 0 && t->zx != 1) ||
           (t->zy != 0 && t->zy != 1);
}

static int plan_warp(struct lade__tensor_run *run, struct lade_error *err) {
    const struct lade_transform *t = run->transform;
    run->warps = moves(t);
    if (!run->warps)
        return LADE_OK;
    run->warp = (struct lade__warp){
        .in = run->in, .fill_mode = t->fill_mode, .linear = t->interpolation_order != LADE_OFF, .bits16 = run->bits16};
    int rc = lade__affine_set(&run->warp.map, t, run->in->height, run->in->width, err);
    if (rc < 0)
        return rc;
    run->warp.reach = (int)lade__affine_reach(&run->warp.map, run->in->height, run->in->width);
    run->kernel = lade__warp_best(&run->warp);
    return LADE_OK;
}

/* Computes the whole image before the first row is stored. */
static int compute_whole(lade_decoder *decoder, struct lade__tensor_run *run, struct lade_error *err) {
    size_t height = (size_t)run->in->height, width = (size_t)run->in->width;
    float *image = lade__buffer_need(&decoder->image, height, run->samples * sizeof *image);
    if (!image)
        return no_memory(run, err);
    if (run->transform->quirks == LADE_QUIRKS_KERAS3)
        lade__keras_transform(run->in, run->transform, image);
    else
        for (size_t y = 0; y < height; y++)
            lade__tensor_compute_row(run, (int)y, 1, image + y * run->samples);
    if (lade__jitter_changes(run->transform))
        lade__jitter_apply(run->transform, height * width, run->in->channels, image);
    if (lade__tones_change(run->transform))
        lade__tones_apply(run->transform, run->in->height, run->in->width, run->in->channels, image, run->floats);
    run->whole = image;
    return LADE_OK;
}

/* Returns true if the whole image must be computed before the first row is stored. */
static bool needs_whole(const struct lade_transform *t) {
    return t->quirks == LADE_QUIRKS_KERAS3 || lade__jitter_changes(t) || lade__tones_change(t);
}

/* Returns true if the slot is written with stores that bypass the cache. The steps of standardize() read the slot
   again, so with such a step the slot is written to the cache. */
static bool is_non_temporal(const struct lade__tensor_run *run) {
    const struct lade_output *o = run->output;
    bool again = o->samplewise_center || o->samplewise_std_normalization || o->featurewise_center ||
                 o->featurewise_std_normalization || o->zca_whitening;
    return run->kernels->fence && !again &&
           lade_output_bytes(o, run->in->height, run->in->width, run->in->channels) >= NON_TEMPORAL_BYTES;
}

static int plan(lade_decoder *decoder, struct lade__tensor_run *run, struct lade_error *err) {
    int rc = allocate(decoder, run, err);
    if (rc < 0)
        return rc;
    run->non_temporal = is_non_temporal(run);
    bool keras = run->transform->quirks == LADE_QUIRKS_KERAS3;
    if (!keras) {
        run->changes_colors = lade__colors_prepare(&run->colors);
        rc = plan_warp(run, err);
    }
    return rc == LADE_OK && needs_whole(run->transform) ? compute_whole(decoder, run, err) : rc;
}

int lade_image_to_tensor(lade_decoder *decoder, const struct lade_image *in, const struct lade_transform *transform,
                         const struct lade_output *output, void *slot, struct lade_error *err) {
    return lade__image_to_tensor(decoder, in, false, transform, output, slot, err);
}

int lade__image_to_tensor(lade_decoder *decoder, const struct lade_image *in, bool bits16,
                          const struct lade_transform *transform, const struct lade_output *output, void *slot,
                          struct lade_error *err) {
    static const struct lade_transform no_transform;
    static const struct lade_output no_output;
    struct lade__tensor_run run = {.in = in,
                                   .bits16 = bits16,
                                   .transform = transform ? transform : &no_transform,
                                   .output = output ? output : &no_output,
                                   .kernels = lade__kernels_best(),
                                   .slot = slot};
    run.scale = run.output->rescale != 0 ? run.output->rescale : 1;
    int rc = check(decoder, &run, err);
    if (rc == LADE_OK)
        rc = plan(decoder, &run, err);
    if (rc < 0)
        return rc;
    lade__tensor_store_rows(&run);
    if (run.non_temporal)
        run.kernels->fence();
    if (run.transform->erasing.width)
        lade__erasing_apply(&run.transform->erasing, in, run.output, slot);
    return lade__decoder_standardize(decoder, run.output, in->height, in->width, in->channels, slot, err);
}

int lade__decoder_standardize(lade_decoder *decoder, const struct lade_output *output, int height, int width,
                              int channels, float *slot, struct lade_error *err) {
    return lade__standardize(output, height, width, channels, slot, &decoder->image, err);
}
