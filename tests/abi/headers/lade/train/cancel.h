#ifndef LADE_TRAIN_CANCEL_H
#define LADE_TRAIN_CANCEL_H
#include <lade/base.h>
#include <lade/train/net.h>
#ifdef __cplusplus
extern "C" {
#endif
LADE_API void lade_net_cancel(lade_net *net);
LADE_API void lade_net_uncancel(lade_net *net);
#ifdef __cplusplus
}
#endif
#endif
