/*
 * train/fit/fit.c - lade_fit(), the generator face of a run.
 */
#include "train/fit/run.h"

lade_generator_static(struct lade_metrics *, fit, lade_net *, net, struct lade_source, source, struct lade_fit_options,
                      options) {
    struct lade_error err = {0};
    lade_cleanup(lade__run_end) struct lade__run run = {0};
    int status = lade__run_begin(&run, net, &source, &options, &err);
    if (status == LADE_OK)
        while ((status = lade__run_resume(&run, &err)) > 0)
            lade_yield(run.report);
    if (status < 0)
        lade_fail_with(&err);
}

lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options) {
    return fit(net, source, options ? *options : (struct lade_fit_options){0});
}
