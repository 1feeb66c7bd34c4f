/*
 * lade/flow.h - makes an endless stream of shuffled, augmented and labelled batches from a data set of images. A flow
 * needs tens of megabytes of memory and delivers batches as fast as the machine can decode images.
 *
 *     struct lade_error err = {0};
 *     lade_flow *flow = lade_flow_from_directory("data/train", &(struct lade_flow_options){
 *         .target_size = {224, 224}, .batch_size = 32, .seed = 1, .rescale = 1 / 255.f, .horizontal_flip = true,
 *         .on_error = LADE_ERROR_SKIP }, &err);
 *     lade_for_each (b, lade_take(lade_flow_batches(flow), lade_flow_steps(flow)), &err)      // one epoch
 *         train_step(b->x, b->y);
 *     lade_flow_free(flow);
 *
 * The tensor x has the shape (n, H, W, C), and the tensor y has the shape (n, classes). Both are valid until the next
 * batch. lade_take() is declared in lade/iter.h. Without lade_take(), the loop is endless.
 *
 * A flow uses generators. The generator lade_scan_files() yields the files, and delegates to a generator for each class
 * folder. The flow collects and orders the files, and threads decode them. The generator lade_flow_batches() yields the
 * batches.
 *
 * The same seed gives the same bytes: batch k of epoch e depends only on the seed, the options, and the names and
 * contents of the files. The following do not change the batch:
 *
 * - the number of workers, which are the threads that decode files,
 * - the number of ranks, which are the processes that share the batches,
 * - the load of the machine,
 * - the position at which the flow was resumed.
 *
 * fork(): a flow can be used in a child process. The threads of the flow do not exist in the child, so the first call
 * that needs threads starts new threads. The child continues with the next batch of the parent. Batches to which the
 * child has references stay valid. If a generator of batches was used by the thread that called fork(), the child can
 * resume this generator. If the generator was used by another thread of the parent, the child cannot resume the
 * generator. In the child, lade_flow_free() does not wait for threads of the parent. The function frees all memory of
 * the flow except the memory that a worker of the parent used for its current sample.
 *
 * pthread_cancel(): the functions of this header defer the cancellation of the calling thread until they return.
 */
#ifndef LADE_FLOW_H
#define LADE_FLOW_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/batch.h>
#include <lade/flow/cancel.h>
#include <lade/flow/info.h>
#include <lade/flow/make.h>
#include <lade/flow/options.h>
#include <lade/flow/plan.h>
#include <lade/flow/scan.h>
#include <lade/gen.h>
#include <lade/image.h>
#include <lade/reader.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Statistics -------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_fit() - computes the statistics that featurewise_center, featurewise_std_normalization and zca_whitening
 * need, in one pass over all samples with all workers. The statistics are the mean and the standard deviation of each
 * channel and, with zca_whitening, the matrix. The statistics are computed from the samples of the option `subset`,
 * after resizing, rescaling, samplewise_center and samplewise_std_normalization, but without augmentation. Each rank
 * uses all samples.
 *
 * The flow then uses these statistics, and lade_flow_stats() returns them. Invalid files are handled as set by on_error
 * and reported with epoch 0. The result does not depend on the number of workers.
 *
 * Returns LADE_OK, or an error:
 *
 *   LADE_ESTATE   the flow has already delivered batches, which were made without the statistics
 *   LADE_EINVAL   the dtype is not float32; or no image is valid; or zca_whitening is set and an image has more than
 *                 LADE_ZCA_MAX_VALUES values
 *   LADE_ECANCELED  the flow was canceled (lade_flow_cancel); the flow has no statistics
 *   LADE_ENOMEM, LADE_ELIMIT, or the error of an invalid file
 *
 * While this function runs, the only other function that may use @flow is lade_flow_cancel(). Cost: one epoch. Python:
 * ImageDataGenerator.fit(). Unlike lade, Keras needs the whole data set in memory, and computes the statistics of
 * samples without samplewise_center and samplewise_std_normalization.
 */
LADE_API int lade_flow_fit(lade_flow *flow, struct lade_error *err);

/*
 * lade_flow_stats() - returns the result of lade_flow_fit(). If lade_flow_fit() has computed no statistics, returns the
 * option `stats`, which may be NULL. The statistics belong to the flow, and are valid until the next call
 * of lade_flow_fit(). Must not run at the same time as lade_flow_fit().
 */
LADE_API const struct lade_stats *lade_flow_stats(const lade_flow *flow);

/*
 * lade_stats_save() - writes statistics to a JSON file. Returns LADE_OK, LADE_ENOMEM or the write error (LADE_EACCES,
 *                     LADE_EIO, ...).
 * lade_stats_load() - reads statistics from a JSON file. On error, returns NULL and fills @err: LADE_EFORMAT if the
 *                     file does not contain statistics, or the read error (LADE_ENOENT, ...).
 * lade_stats_copy() - returns a copy of @stats, which stays valid after the flow is freed. The caller frees the copy
 *                     with lade_stats_free(). Returns NULL if there is no memory.
 * lade_stats_free() - frees the result of lade_stats_load() or lade_stats_copy(). NULL is allowed.
 * lade_stats_named() - returns statistics in static memory: for "imagenet", the means and standard deviations that
 *                     torchvision uses for ImageNet. These statistics are for RGB images and rescale = 1/255. For other
 *                     names, fills @err and returns NULL.
 *
 * Any thread may call these functions.
 */
LADE_API int lade_stats_save(const struct lade_stats *stats, const char *path, struct lade_error *err);
LADE_API struct lade_stats *lade_stats_load(const char *path, struct lade_error *err);
LADE_API struct lade_stats *lade_stats_copy(const struct lade_stats *stats);
LADE_API void lade_stats_free(struct lade_stats *stats);
LADE_API const struct lade_stats *lade_stats_named(const char *name, struct lade_error *err);

/* ---- Batches ----------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_batches() - returns an endless generator of batches. After the last batch of an epoch, the generator yields
 * the first batch of the next epoch. lade_take(..., lade_flow_steps(flow)) ends the generator after one epoch.
 *
 * A batch is valid until the generator is resumed or closed; lade_batch_ref() keeps the batch valid longer. The memory
 * of a flow for its batches is called the ring. The ring consists of slots, and a batch with references occupies a
 * slot. If all slots are occupied, the ring grows once, to twice its size. If all slots of the larger ring are
 * occupied, the generator ends with LADE_EBUSY, because waiting would never end. With the option held = LADE_HELD_GROW,
 * the ring grows further instead.
 *
 * The flow stores the position, which is the batch to deliver next. After the generator is closed, a new generator
 * continues at this position, and uses batches that the workers have already decoded. Only one generator may be active
 * at a time. If the generator ends with an error, the position is the batch that failed. The errors are:
 *
 *   LADE_ESTATE   another generator is active, or an option needs statistics, but the flow has none (see lade_flow_fit)
 *   LADE_EBUSY    all batches of the ring have references
 *   LADE_ELIMIT   there are more invalid files than max_bad or max_bad_rate allow
 *   LADE_ECANCELED  the flow was canceled (lade_flow_cancel)
 *   LADE_ENOMEM   out of memory
 *   the error of an invalid file, with its path as the subject
 *   the error of an image that cannot be saved (save_to_dir)
 *
 * @flow  must not be freed before the first batch is returned. After the first batch, the flow may be freed before or
 *        after the generator (see lade_flow_free)   (borrowed)
 *
 * Python: iter(flow), next(flow).
 */
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_batch *) lade_flow_batches(lade_flow *flow);

/*
 * lade_flow_next() - stores the next batch in *out, with a reference that the caller releases with lade_batch_unref().
 * The batches are the same as with lade_flow_batches().
 *
 * Returns LADE_OK, or an error of lade_flow_batches() with @err filled. Returns LADE_ESTATE if another thread is in
 * this function, or if a generator of lade_flow_batches() is active.
 */
LADE_API int lade_flow_next(lade_flow *flow, struct lade_batch **out, struct lade_error *err);

/*
 * lade_flow_next_until() - does the same as lade_flow_next(), but waits no longer than until @deadline.
 *
 * @deadline  a time of CLOCK_MONOTONIC; a time in the past means that the function does not wait; NULL means no limit
 *
 * Returns a status of lade_flow_next(), LADE_EINVAL (@deadline is not a valid time; the subject is "deadline") or
 * LADE_ETIMEDOUT. After LADE_ETIMEDOUT, no batch is lost: the workers continue, and the next call returns the batch.
 * The deadline limits the wait for workers, but not the time for starting them (at the first call) or for saving images
 * (save_to_dir).
 */
LADE_API int lade_flow_next_until(lade_flow *flow, const struct timespec *deadline, struct lade_batch **out,
                                  struct lade_error *err);

/*
 * lade_flow_batch() - makes the batch with the number @step of @epoch, and stores the batch in *out, with a reference
 * that the caller releases with lade_batch_unref(). The position of the flow does not change. Python: a Sequence's
 * __getitem__.
 *
 * Returns LADE_OK, LADE_EINVAL (@step is not 0 .. steps-1, or @epoch is not 0 .. 2^32-1), LADE_ENOMEM, LADE_ELIMIT,
 * LADE_ECANCELED, or the error of an invalid file. Any thread may call the function at any time, even while a generator
 * is active or another thread is in the same function.
 */
LADE_API int lade_flow_batch(lade_flow *flow, int64_t epoch, int64_t step, struct lade_batch **out,
                             struct lade_error *err);

/*
 * lade_flow_source() - returns the flow as a source of batches for a net (lade/batch.h). If an option needs statistics,
 * call lade_flow_fit() first. The source borrows @flow, so the function `close` of the source does nothing.
 */
LADE_API struct lade_source lade_flow_source(lade_flow *flow);

/*
 * lade_flow_preprocessing() - returns the preprocessing of this flow as JSON, borrowed from the flow. The JSON
 * contains the options target_size, color_mode, interpolation, keep_aspect_ratio, pad_to_aspect_ratio, pad_value, crop,
 * crop_resize, decode, exif_orientation, dtype, data_format and rescale, and the options of standardisation
 * (samplewise_center and so on). If these options need statistics, the JSON contains the statistics, except for the ZCA
 * matrix, which is lade_source.preprocessing_values. The JSON contains no random changes: a random crop is replaced by
 * a centre crop. A net that is trained from lade_flow_source() stores this text and the matrix (struct lade_net_info).
 *
 * lade_flow_options_set_preprocessing() - sets these options in @options to the values in the JSON text @preprocessing,
 * so that images for inference are prepared as in training. Other options do not change. Returns LADE_OK. If the text
 * is not valid, returns LADE_EFORMAT with @err filled and does not change @options.
 *
 *     struct lade_flow_options o = {.order = LADE_ORDER_SORTED, .class_mode = LADE_CLASS_NONE};
 *     struct lade_stats *stats = NULL;
 *     const struct lade_net_info *info = lade_net_info(net);
 *     if (lade_flow_options_set_preprocessing(&o, info->preprocessing, &err) == LADE_OK &&
 *         lade_stats_from_preprocessing(info->preprocessing, info->preprocessing_values, &stats, &err) == LADE_OK) {
 *         o.stats = stats;
 *         flow = lade_flow_from_paths(paths, &o, &err);
 *         lade_stats_free(stats);
 *     }
 *
 * lade_stats_from_preprocessing() - stores the statistics of such a text in *out, which the caller frees with
 * lade_stats_free(). Stores NULL if the text contains no statistics. @values is the ZCA matrix, or NULL. Returns
 * LADE_OK, LADE_ENOMEM, or LADE_EFORMAT with @err. LADE_EFORMAT means that the text is invalid, or that the
 * text needs a ZCA matrix and @values is NULL or another matrix.
 *
 * Any thread may call these functions.
 */
LADE_API const char *lade_flow_preprocessing(const lade_flow *flow);
LADE_API int lade_flow_options_set_preprocessing(struct lade_flow_options *options, const char *preprocessing,
                                                 struct lade_error *err);
LADE_API int lade_stats_from_preprocessing(const char *preprocessing, const struct lade_tensor *values,
                                           struct lade_stats **out, struct lade_error *err);

/* ---- Position ---------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_state() - stores the position (epoch, sample) as JSON in *out, which the caller frees with lade_free(). The
 * state also contains the data that must be the same when the flow is resumed: the options that affect the batches, the
 * seed, and a 128-bit hash (XXH3) of the file names of each class. After batch k has been returned, the position is
 * batch k + 1. After the last batch of epoch e, the position is batch 0 of epoch e + 1.
 *
 * Returns LADE_OK or LADE_ENOMEM. Must not run at the same time as lade_flow_next().
 */
LADE_API int lade_flow_state(lade_flow *flow, char **out, struct lade_error *err);

/*
 * lade_flow_resume() - continues from a saved state. The number of workers or ranks may be different. The next batches
 * are the same, byte for byte, as without an interruption. Batches that the workers have decoded in advance are
 * discarded.
 *
 * Returns LADE_OK, or an error, after which the flow is unchanged:
 *
 *   LADE_EFORMAT    @state does not come from lade_flow_state()
 *   LADE_EMISMATCH  an option or the files of a class are different; the subject is the name of the option or class
 *   LADE_ESTATE     a generator of lade_flow_batches() is active
 *   LADE_ENOMEM     out of memory
 */
LADE_API int lade_flow_resume(lade_flow *flow, const char *state, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
