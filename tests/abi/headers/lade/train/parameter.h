#ifndef LADE_TRAIN_PARAMETER_H
#define LADE_TRAIN_PARAMETER_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/tensor.h>
#include <lade/train/net.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_parameter_info {
    const char *name;
    int ndim;
    int64_t shape[LADE_MAX_DIMS];
    int64_t count;
    bool is_buffer;
};
LADE_API const struct lade_parameter_info *lade_net_parameter_info(const lade_net *net, int i);
LADE_API int lade_net_get_parameter(const lade_net *net, const char *name, struct lade_tensor *out,
                                    struct lade_error *err);
LADE_API int lade_net_set_parameter(lade_net *net, const char *name, const struct lade_tensor *values,
                                    struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
