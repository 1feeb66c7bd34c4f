/*
 * Makes the batch for the consumer from a finished slot. The workers only record which rows failed. The functions below
 * then handle the invalid files in the order of the batches, so the result does not depend on the timing of the
 * workers.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_DELIVERY_H
#define LADE_SRC_FLOW_PIPELINE_DELIVERY_H

#include "flow/pipeline/error_report.h"
#include "flow/pipeline/saved_images.h"

struct lade__delivery {
    enum lade_error_policy on_error;
    int64_t max_bad;
    double max_bad_rate;
    struct lade__error_report report;
    struct lade__saved_images saved_images;
    int64_t batches; /* number of batches delivered so far; atomic */
};

/*
 * lade__delivery_init()         - reads @options. Returns LADE_OK, or LADE_EINVAL or LADE_ENOMEM with @err filled. The
 *                                 caller must call lade__delivery_release(), also after an error.
 * lade__delivery_release()      - frees the memory.
 * lade__delivery_drop_invalid() - reports the invalid rows of a finished slot, and removes each invalid row that was
 *                                 not replaced. *rows is set to the number of remaining rows. Returns LADE_OK,
 *                                 LADE_ELIMIT, LADE_ENOMEM or the error of an invalid file.
 * lade__delivery_make_batch()   - calls lade__delivery_drop_invalid(), saves the images, and sets *out to the batch of
 *                                 the slot. Returns LADE_OK, and the caller owns the batch. On an error, puts the slot
 *                                 back into its ring and returns the status.
 */
int lade__delivery_init(struct lade__delivery *d, const struct lade_flow_options *options, int64_t samples,
                        struct lade_error *err);
void lade__delivery_release(struct lade__delivery *d);
int lade__delivery_drop_invalid(struct lade__delivery *d, struct lade__slot *slot, int64_t *rows,
                                struct lade_error *err);
int lade__delivery_make_batch(struct lade__delivery *d, struct lade__slot *slot, struct lade_batch **out,
                              struct lade_error *err);

#endif
