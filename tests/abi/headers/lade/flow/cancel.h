#ifndef LADE_FLOW_CANCEL_H
#define LADE_FLOW_CANCEL_H
#include <lade/base.h>
#include <lade/flow/make.h>
#include <time.h>
#ifdef __cplusplus
extern "C" {
#endif
LADE_API void lade_flow_cancel(lade_flow *flow);
LADE_API void lade_flow_uncancel(lade_flow *flow);
LADE_API int lade_flow_wait_idle(lade_flow *flow, const struct timespec *deadline, struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
