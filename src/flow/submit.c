/*
 * Submits the plans of a program. A plan is checked before the workers start, so a wrong plan has no effect.
 */
#include "flow/flow_impl.h"

int lade_flow_submit(lade_flow *flow, const struct lade_plan *plan, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    const struct lade__sample_settings *settings = &flow->maker.settings;
    const struct lade_flow_options *o = &flow->options;
    const struct lade_reader *reader = &flow->samples.reader;
    const struct lade__flow_plan_limits limits = {.samples = flow->samples.count,
                                                  .rows = settings->layout.rows,
                                                  .height = o->target_size[0],
                                                  .width = o->target_size[1],
                                                  .random_crop = o->crop == LADE_CROP_RANDOM,
                                                  .fixed = reader->shape[2] && reader->dtype == LADE_FLOAT32};
    struct lade_error own = {0};

    err = err ? err : &own;
    struct lade__flow_plan *copy = lade__flow_plan_new(plan, &limits, err);
    if (!copy)
        return err->code;
    struct lade__workers *workers = lade__flow_start(flow, err);
    int status = workers ? lade__workers_submit(workers, copy, err) : err->code;
    if (status < 0)
        lade__flow_plan_free(copy);
    return status;
}
