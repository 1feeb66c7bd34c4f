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
LADE_API int lade_flow_fit(lade_flow *flow, struct lade_error *err);
LADE_API const struct lade_stats *lade_flow_stats(const lade_flow *flow);
LADE_API int lade_stats_save(const struct lade_stats *stats, const char *path, struct lade_error *err);
LADE_API struct lade_stats *lade_stats_load(const char *path, struct lade_error *err);
LADE_API void lade_stats_free(struct lade_stats *stats);
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_batch *) lade_flow_batches(lade_flow *flow);
LADE_API int lade_flow_next(lade_flow *flow, struct lade_batch **out, struct lade_error *err);
LADE_API int lade_flow_next_until(lade_flow *flow, const struct timespec *deadline, struct lade_batch **out,
                                  struct lade_error *err);
LADE_API int lade_flow_batch(lade_flow *flow, int64_t epoch, int64_t step, struct lade_batch **out,
                             struct lade_error *err);
LADE_API struct lade_source lade_flow_source(lade_flow *flow);
LADE_API const char *lade_flow_preprocessing(const lade_flow *flow);
LADE_API int lade_flow_options_set_preprocessing(struct lade_flow_options *options, const char *preprocessing,
                                                 struct lade_error *err);
LADE_API int lade_flow_state(lade_flow *flow, char **out, struct lade_error *err);
LADE_API int lade_flow_resume(lade_flow *flow, const char *state, struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
