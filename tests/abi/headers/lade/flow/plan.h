#ifndef LADE_FLOW_PLAN_H
#define LADE_FLOW_PLAN_H
#include <lade/flow/make.h>
#include <lade/image.h>
#ifdef __cplusplus
extern "C" {
#endif
#define LADE_MAX_PLANS 64
struct lade_plan {
    int64_t n;
    const int64_t *samples;
    const struct lade_transform *transforms;
    const struct lade_box *crops;
    const uint64_t *seeds;
    const uint64_t *draws;
    int64_t epoch;
    int64_t step;
    int64_t position;
    unsigned char reserved[64];
};
LADE_API int lade_flow_submit(lade_flow *flow, const struct lade_plan *plan, struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
