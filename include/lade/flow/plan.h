/*
 * lade/flow/plan.h - lets a program choose the samples and the random changes of batches. lade/flow.h includes this
 * header.
 */
#ifndef LADE_FLOW_PLAN_H
#define LADE_FLOW_PLAN_H

#include <lade/flow/make.h>
#include <lade/image.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The largest number of waiting plans. A plan waits from lade_flow_submit() until its batch is delivered. */
#define LADE_MAX_PLANS 64

/*
 * The plan of one batch. It contains the samples of the batch and the random changes of each sample. All arrays have
 * one element for each row of the batch. If an array is NULL, its default is used. The comments of the arrays contain
 * the defaults. If a plan has only `n` and `samples`, each sample has the same random changes as in epoch 0 of the
 * flow.
 */
struct lade_plan {
    /* The number of rows, 0 or more. The largest number is the number of rows of a full batch of this rank, which is at
       most min(batch_size, samples) / world, rounded up. */
    int64_t n;
    /* The samples, 0 .. lade_flow_samples(flow) - 1. A sample may occur several times. May be NULL only if n is 0 */
    const int64_t *samples;
    /* The changes of the images. They are used instead of changes that are drawn with the options rotation_range,
       width_shift_range and so on. The unit of tx and ty is a pixel of the resized image (target_size). A struct of
       zeros means no change. NULL: lade_transform_draw() draws the changes with the options. Python: the result of
       get_random_transform(), which is a dict with the same keys */
    const struct lade_transform *transforms;
    /* For each image, the part of the image that becomes the sample, in pixels of the upright image. The array is
       allowed only if the option `crop` is LADE_CROP_RANDOM. NULL: lade_crop_draw() draws the parts with the options */
    const struct lade_box *crops;
    /* Each random number depends on (seed, epoch, draw), which are arguments of lade_random_init(). Random numbers are
       used to draw changes and parts, and to choose a replacement for an invalid file (LADE_ERROR_REPLACE). */
    const uint64_t *seeds; /* NULL: the option `seed` */
    const uint64_t *draws; /* NULL: the number of the sample, as in an epoch of the flow */
    int64_t epoch;         /* 0 .. 2^32 - 1; lade_batch.epoch and lade_flow_sample.epoch get this value */
    int64_t step;          /* 0 or more; lade_batch.step gets this value */
    /* The position of the first row in the epoch, 0 .. 2^53, for lade_digest_add() and the names of saved images */
    int64_t position;

    unsigned char reserved[64]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_flow_submit() - adds @plan to the end of the queue of waiting plans. lade_flow_next() and lade_flow_batches()
 * deliver the batches of the plans in the order in which the plans were submitted. The workers make the batches in
 * advance, so a program should submit several plans before it reads the first batch.
 *
 *     for (int64_t k = 0; k < steps; k++) {
 *         struct lade_batch *batch;
 *         if (k + 4 < steps)
 *             lade_flow_submit(flow, &plans[k + 4], &err);      // the first four plans were submitted before the loop
 *         lade_flow_next(flow, &batch, &err);                   // the batch of plans[k]
 *         ...
 *     }
 *
 * @plan  (copied, including its arrays)
 *
 * A plan determines only the samples, their random changes and the numbers in the batch. The labels, the other options
 * and the rules for invalid files are the same as in an epoch. The batch does not depend on the number of workers.
 *
 * A batch of a plan does not change the position of the flow in its epoch. If no plan waits, lade_flow_next() delivers
 * the next batch of the epoch. lade_flow_submit() discards batches of the epoch that were decoded ahead, and the
 * workers decode these batches again later. So a program that alternates between plans and epochs does some work twice.
 *
 * The result of lade_flow_state() does not contain plans. lade_flow_resume() and lade_flow_uncancel() discard the
 * waiting plans. A child process after fork() has no waiting plans. If the batch of a plan fails, lade_flow_next()
 * returns the error, and the plan is removed from the queue. The next call delivers the batch of the next plan.
 *
 * Returns LADE_OK. On error, the plan is not added, and the function returns:
 *
 *   LADE_EINVAL   a field of @plan is not valid. The subject is the name of the field, for example "samples", or the
 *                 name of a field of a transform, for example "theta". If a transform reads pixels too far outside the
 *                 image, the subject is "transform". The message contains the row
 *   LADE_EBUSY    LADE_MAX_PLANS plans wait: call lade_flow_next() first
 *   LADE_ESTATE   an option needs statistics, but the flow has none (see lade_flow_fit)
 *   LADE_ENOMEM   out of memory
 *   and the errors of starting the workers
 *
 * lade_flow_submit() does not open the images, so it cannot find a crop that is not inside its image. For such a crop,
 * lade_flow_next() returns LADE_EINVAL with the name of the sample as the subject, for every value of on_error.
 *
 * Any thread may call the function, even while another thread is in lade_flow_next() or a generator of
 * lade_flow_batches() is active. Cost: a copy of the arrays. Python: a Sequence's __getitem__, with the random numbers
 * of NumPy.
 */
LADE_API int lade_flow_submit(lade_flow *flow, const struct lade_plan *plan, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
