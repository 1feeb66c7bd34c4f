/*
 * Chooses options that the command line does not set. The target size depends on the images. The other defaults in this
 * file are for the net "resnet" only. Its batchnorm layers and AdamW allow a high learning rate. All other nets use the
 * defaults of the library. docs/decisions.md has the measurements.
 */
#define _DEFAULT_SOURCE /* for _SC_PHYS_PAGES */
#include "command/train/defaults.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/train/image_sizes.h"
#include "option/stream.h"
#include "terminal/output.h"
#include "terminal/text.h"

enum {
    SIZE = 64,               /* target size if no header can be read */
    LARGE_IMAGE = 96,        /* images of this size or larger are cropped like photographs */
    BATCH = 64,              /* images in a batch */
    SMALLEST_BATCH = 16,     /* fewer images make the statistics of batchnorm inexact */
    MANY_IMAGES = 10000,     /* a data set of this size or larger uses a tenth of its images for validation */
    UPDATES = 32,            /* if an epoch would have fewer updates, the batches are made smaller */
    PIXEL_BYTES = 1024,      /* resnet needs at most this memory for each pixel of a small image, during training */
    LARGE_PIXEL_BYTES = 256, /* the same for a large image, because the first layers then have fewer values per pixel */
    WARMUP_PART = 5          /* the learning rate rises in the first epoch, but at most during a fifth of the run */
};

/* Sets a field unless the command line sets it. */
#define SET_DEFAULT(field, value) \
    do {                          \
        if (!opt_given(&(field))) \
            (field) = (value);    \
    } while (0)

/* Returns true if the command line has an option of augmentation. */
static bool is_augmented(const struct lade_flow_options *options) {
    char *text = augmentation_text(options);
    bool given = *text || opt_given(&options->crop);
    free(text);
    return given;
}

/* Small images are shifted at random by at most an eighth of the side. Large images are usually photographs, so a
   random part of the photograph is used instead. Images are also mirrored, except grey images, because many of these
   show digits or letters. */
static void set_augmentation(struct lade_flow_options *options, bool has_colours) {
    int height = options->target_size[0], width = options->target_size[1], side = height < width ? height : width;
    options->horizontal_flip = has_colours;
    if (side >= LARGE_IMAGE) {
        options->crop = LADE_CROP_RANDOM;
        if (!opt_given(&options->crop_scale)) {
            options->crop_scale[0] = 0.35;
            options->crop_scale[1] = 1;
        }
    } else {
        options->crop_padding = side / 8;
    }
}

/* Returns the batch size for @samples images. A batch uses at most a quarter of the total memory of the machine. The
   result does not depend on the free memory, so the same command always makes batches of the same size. */
static int choose_batch(const struct lade_flow_options *options, int64_t samples) {
    int height = options->target_size[0], width = options->target_size[1];
    bool large = height >= LARGE_IMAGE || width >= LARGE_IMAGE;
    double bytes = (double)height * width * (large ? LARGE_PIXEL_BYTES : PIXEL_BYTES);
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / 4;
    int batch = BATCH;
    while (batch > SMALLEST_BATCH && samples / batch < UPDATES)
        batch /= 2;
    while (batch > 1 && batch * bytes > memory)
        batch /= 2;
    return batch;
}

/* Sets the optimizer and the schedule. The learning rate 0.005 is suitable for AdamW with batchnorm. */
static void set_training(struct training_options *training) {
    struct lade_optimizer *optimizer = &training->optimizer;
    SET_DEFAULT(optimizer->kind, LADE_ADAMW);
    if (optimizer->kind == LADE_ADAMW) {
        SET_DEFAULT(optimizer->lr, 0.005f);
        SET_DEFAULT(optimizer->weight_decay, 0.05f);
    }
    SET_DEFAULT(training->schedule.kind, LADE_COSINE);
    if (training->loss == LADE_LOSS_AUTO || training->loss == LADE_SOFTMAX_CROSS_ENTROPY)
        SET_DEFAULT(training->label_smoothing, 0.1f);
}

int64_t train_warmup(const struct train *t) {
    const struct lade_schedule *schedule = &t->training.schedule;
    if (!t->is_resnet || opt_given(&schedule->warmup) || opt_given(&schedule->kind))
        return schedule->warmup;
    int64_t steps = t->steps ? t->steps : lade_flow_steps(t->flow), accumulate = t->training.accumulate;
    int64_t updates = t->training.full_batch ? 1 : accumulate > 1 ? (steps + accumulate - 1) / accumulate : steps;
    int64_t part = updates * t->epochs / WARMUP_PART;
    return updates < part ? updates : part;
}

/* Returns the number of images that a split divides: the images of the largest class, or all images if an image does not
   have exactly one class. */
static int64_t most_images(const struct train *t, const lade_flow *flow) {
    int64_t most = 0;
    if (t->task != TASK_CLASS)
        return lade_flow_samples(flow);
    for (int c = 0; c < lade_flow_classes(flow); c++)
        most = lade_flow_class_count(flow, c) > most ? lade_flow_class_count(flow, c) : most;
    return most;
}

/* Chooses the part for validation. If no class is large enough for this part, one image of each class is used, or no
   image if the classes have one image each. */
static void choose_split(struct train *t, const lade_flow *flow) {
    if (!flow || t->validation || opt_given(&t->validation_split))
        return;
    if (t->is_resnet && lade_flow_samples(flow) >= MANY_IMAGES)
        t->validation_split = 0.1f;
    int64_t most = most_images(t, flow);
    if ((double)most * (double)t->validation_split >= 1)
        return;
    t->validation_split = most > 1 ? (float)((99 + most) / most) / 100 : 0; /* 1 / most, rounded up */
    if (most <= 1)
        out_error("warning: %s has one image in each class, so no images are left for validation", t->source.path);
}

void train_set_defaults(struct train *t) {
    struct lade_flow_options *stream = &t->stream;
    t->is_resnet = strcmp(t->net_text, "resnet") == 0;
    bool sized = opt_given(&stream->target_size) || train_net_is_file(t->net_text);
    lade_flow *flow = source_peek(&t->source, stream);
    choose_split(t, flow);
    if (flow && (!sized || t->is_resnet))
        t->sizes = image_sizes_read(&t->source, flow);
    if (!sized)
        stream->target_size[0] = stream->target_size[1] = t->sizes.target ? t->sizes.target : SIZE;
    if (t->is_resnet) {
        set_training(&t->training);
        SET_DEFAULT(stream->interpolation, LADE_INTERPOLATION_BILINEAR);
        SET_DEFAULT(stream->split, LADE_SPLIT_SEEDED);
        /* A change of the image can also change its numbers, for example the position of an object. */
        if (!is_augmented(stream) && !t->no_augmentation && t->task != TASK_NUMBERS)
            set_augmentation(stream, t->sizes.has_colours);
        if (!opt_given(&stream->batch_size) && flow)
            stream->batch_size = choose_batch(stream, lade_flow_samples(flow));
    }
    lade_flow_free(flow);
}
