/*
 * Declares the state of lade_flow_fit(), for the two files that implement the function.
 */
#ifndef LADE_SRC_FLOW_FIT_IMPL_H
#define LADE_SRC_FLOW_FIT_IMPL_H

#include "flow/flow_impl.h"
#include "flow/statistics/whitening.h"

/* The moments of one channel: the number of values, their mean, and the sum of the squared differences from the
   mean. */
struct lade__moments {
    double count, mean, squares;
};

struct lade__fit {
    lade_flow *flow;
    struct lade__ring *ring;
    struct lade__workers *workers;
    /* Copies of the options, the sampler and the sample maker of the flow. In these copies, the samples are sorted, and
       the steps that use the statistics are turned off. */
    struct lade_flow_options options;
    struct lade__sampler sampler;
    struct lade__sample_maker maker;
    float **samples; /* memory for one sample of each worker; NULL with zca_whitening, which uses the slots */
    struct lade__moments all[4];       /* the moments of each channel over all samples */
    struct lade__whitening *whitening; /* NULL without zca_whitening */
    int64_t images;                    /* number of samples that were added to `all` */
};

/*
 * lade__fit_run() - starts the workers and adds up the moments of all samples. Returns LADE_OK, LADE_EINVAL if there is
 *                   no valid sample, or an error of lade_flow_next() or of lade__delivery_drop_invalid().
 */
int lade__fit_run(struct lade__fit *fit, struct lade_error *err);

#endif
