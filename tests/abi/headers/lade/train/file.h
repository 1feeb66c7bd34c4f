#ifndef LADE_TRAIN_FILE_H
#define LADE_TRAIN_FILE_H
#include <lade/base.h>
#include <lade/train/net.h>
#ifdef __cplusplus
extern "C" {
#endif
LADE_API int lade_net_save(const lade_net *net, const char *path, struct lade_error *err);
LADE_API LADE_MUST_CHECK lade_net *lade_net_load(const char *path, int threads, struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
