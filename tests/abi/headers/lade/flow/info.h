#ifndef LADE_FLOW_INFO_H
#define LADE_FLOW_INFO_H
#include <lade/base.h>
#include <lade/batch.h>
#include <lade/flow/make.h>
#ifdef __cplusplus
extern "C" {
#endif
LADE_API const struct lade_flow_options *lade_flow_options_get(const lade_flow *flow);
LADE_API int64_t lade_flow_samples(const lade_flow *flow);
LADE_API int64_t lade_flow_steps(const lade_flow *flow);
LADE_API int lade_flow_classes(const lade_flow *flow);
LADE_API const char *const *lade_flow_class_names(const lade_flow *flow);
LADE_API int lade_flow_class_index(const lade_flow *flow, const char *name);
LADE_API int64_t lade_flow_class_count(const lade_flow *flow, int c);
LADE_API int lade_flow_class_of(const lade_flow *flow, int64_t i);
LADE_API void lade_flow_sample_shape(const lade_flow *flow, int64_t shape[3]);
LADE_API int64_t lade_flow_filename(const lade_flow *flow, int64_t i, char *buffer, size_t size);
struct lade_invalid_file {
    int64_t sample;
    int64_t epoch;
    int64_t step;
    int code;
    const char *cause;
    unsigned char reserved[32];
};
LADE_API int64_t lade_flow_invalid_count(lade_flow *flow);
LADE_API int lade_flow_invalid_file(lade_flow *flow, int64_t i, struct lade_invalid_file *out);
struct lade_flow_counters {
    int64_t images;
    int64_t batches;
    int64_t bytes_read;
    double read;
    double decode;
    double transform;
    double wait_full;
    double wait_empty;
    int workers;
    int ring;
    unsigned char reserved[64];
};
LADE_API void lade_flow_counters(lade_flow *flow, struct lade_flow_counters *out);
struct lade_digest {
    uint64_t low, high;
};
LADE_API int lade_digest_add(struct lade_digest *d, const struct lade_batch *b);
LADE_API void lade_digest_merge(struct lade_digest *d, const struct lade_digest *from);
LADE_API void lade_digest_text(const struct lade_digest *d, char text[33]);
#ifdef __cplusplus
}
#endif
#endif
