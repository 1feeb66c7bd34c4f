/*
 * Returns the properties and the counters of a flow.
 */
#include <string.h>

#include "flow/flow_impl.h"

const struct lade_flow_options *lade_flow_options_get(const lade_flow *flow) {
    return &flow->complete_options;
}

int64_t lade_flow_samples(const lade_flow *flow) {
    return flow->sampler.samples;
}

int64_t lade_flow_steps(const lade_flow *flow) {
    return lade__sampler_steps(&flow->sampler);
}

int lade_flow_classes(const lade_flow *flow) {
    return flow->samples.class_count;
}

const char *const *lade_flow_class_names(const lade_flow *flow) {
    return flow->samples.class_names;
}

int lade_flow_class_index(const lade_flow *flow, const char *name) {
    for (int c = 0; c < flow->samples.class_count; c++)
        if (strcmp(flow->samples.class_names[c], name) == 0)
            return c;
    return -1;
}

int64_t lade_flow_class_count(const lade_flow *flow, int c) {
    return c >= 0 && c < flow->samples.class_count ? flow->samples.groups[c].count : 0;
}

int lade_flow_class_of(const lade_flow *flow, int64_t i) {
    return i >= 0 && i < flow->samples.count ? lade__samples_class(&flow->samples, i) : -1;
}

void lade_flow_sample_shape(const lade_flow *flow, int64_t shape[3]) {
    memcpy(shape, flow->maker.settings.layout.shape, sizeof flow->maker.settings.layout.shape);
}

int64_t lade_flow_filename(const lade_flow *flow, int64_t i, char *buffer, size_t size) {
    if (i < 0 || i >= flow->samples.count)
        return LADE_EINVAL;
    const struct lade__samples *s = &flow->samples;
    return lade__reader_name(&s->reader, lade__samples_index(s, lade__samples_row(s, i)), buffer, size);
}

const char *lade_flow_preprocessing(const lade_flow *flow) {
    return flow->preprocessing;
}

int64_t lade_flow_invalid_count(lade_flow *flow) {
    return lade__error_report_count(&flow->delivery.report);
}

int lade_flow_invalid_file(lade_flow *flow, int64_t i, struct lade_invalid_file *out) {
    return lade__error_report_get(&flow->delivery.report, i, out);
}

void lade_flow_counters(lade_flow *flow, struct lade_flow_counters *out) {
    *out = (struct lade_flow_counters){.batches = __atomic_load_n(&flow->delivery.batches, __ATOMIC_RELAXED)};
    struct lade__workers *workers = lade__flow_workers(flow);
    if (workers)
        lade__workers_counters(workers, out);
}
